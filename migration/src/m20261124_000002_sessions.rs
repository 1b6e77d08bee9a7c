//! Sessions: one row each; deleting the row ends the session.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, text, timestamp_with_time_zone},
};

use crate::{index, of_user};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = Table::create()
            .table("sessions")
            // `sid` in access tokens.
            .col(text("id").primary_key())
            .col(big_integer("user_id"))
            // SHA-256 of the cookie's token; the token itself isn't stored.
            .col(blob("token_hash").unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut of_user("sessions"))
            .to_owned();
        manager.create_table(sessions).await?;
        manager.create_index(index("sessions", &["user_id"])).await?;
        manager.create_index(index("sessions", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sessions").to_owned()).await
    }
}
