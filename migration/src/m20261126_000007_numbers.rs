//! The number of a prediction of several digits; NULL for one digit.

use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut predictions = Table::alter();
        predictions.table("predictions").add_column(text_null("number"));
        manager.alter_table(predictions).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut predictions = Table::alter();
        predictions.table("predictions").drop_column("number");
        manager.alter_table(predictions).await
    }
}
