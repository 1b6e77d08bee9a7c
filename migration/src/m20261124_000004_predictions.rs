//! The history of predictions, with the users' corrections.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_pk_auto, blob, float, small_integer, small_integer_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

use crate::{index, of_user};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let predictions = Table::create()
            .table("predictions")
            .col(big_pk_auto("id"))
            .col(big_integer("user_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(small_integer("digit"))
            .col(float("probability"))
            .col(text("model"))
            // The network's input: 28x28 bytes, ink bright.
            .col(blob("picture"))
            .col(small_integer_null("correction"))
            .col(timestamp_with_time_zone_null("corrected_at"))
            .foreign_key(&mut of_user("predictions"))
            .to_owned();
        manager.create_table(predictions).await?;
        manager.create_index(index("predictions", &["user_id", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("predictions").to_owned()).await
    }
}
