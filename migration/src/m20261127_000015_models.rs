//! Models that were uploaded, and what admins have done with them.

use sea_orm_migration::{
    prelude::*,
    schema::{big_pk_auto, blob, text, text_null, timestamp_with_time_zone},
};

use crate::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let models = Table::create()
            .table("models")
            .col(text("version").primary_key())
            .col(blob("weights"))
            // JSON, as are the next.
            .col(text_null("card"))
            .col(text_null("evaluation"))
            // The admin's name at that time.
            .col(text("uploaded_by"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(models).await?;
        let changes = Table::create()
            .table("model_changes")
            .col(big_pk_auto("id"))
            // NULL for the one that is part of the program. Without a foreign key: what was done stays when the model goes.
            .col(text_null("version"))
            .col(text("action"))
            // The admin's name at that time.
            .col(text("actor"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(changes).await?;
        manager.create_index(index("model_changes", &["action", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["model_changes", "models"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
