//! API keys: one row each; deleting the row revokes the key.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, blob, text, timestamp_with_time_zone, timestamp_with_time_zone_null},
};

use crate::{index, of_user};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = Table::create()
            .table("api_keys")
            .col(big_pk_auto("id"))
            .col(big_integer("user_id"))
            .col(text("name"))
            // The first characters of the key, by which its owner recognises it.
            .col(text("hint"))
            // SHA-256 of the key; the key itself isn't stored.
            .col(blob("key_hash").unique_key())
            // Words separated by spaces.
            .col(text("scopes"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut of_user("api_keys"))
            .to_owned();
        manager.create_table(keys).await?;
        manager.create_index(index("api_keys", &["user_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("api_keys").to_owned()).await
    }
}
