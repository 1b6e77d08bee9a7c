//! What admins have done to accounts.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, text, timestamp_with_time_zone},
};

use crate::{index, of_user};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let audit = Table::create()
            .table("audit")
            .col(big_pk_auto("id"))
            .col(big_integer("user_id"))
            // The admin's name at that time; empty for the command line.
            .col(text("actor"))
            .col(text("action"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut of_user("audit"))
            .to_owned();
        manager.create_table(audit).await?;
        manager.create_index(index("audit", &["user_id", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("audit").to_owned()).await
    }
}
