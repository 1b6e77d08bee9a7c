//! Every sign-in is a row; the row gone, the sign-in is over.

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
            // What a JWT names as `sid`.
            .col(text("id").primary_key())
            .col(big_integer("user_id"))
            // Of the cookie's token; the token itself is only in the browser.
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
