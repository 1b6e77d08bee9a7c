//! The outbox, and the tokens of its mails.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, blob, integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null},
};

use crate::{index, of_user};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tokens = Table::create()
            .table("mail_tokens")
            .col(blob("token_hash").primary_key())
            .col(big_integer("user_id"))
            .col(text("purpose"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut of_user("mail_tokens"))
            .to_owned();
        manager.create_table(tokens).await?;
        manager
            .create_index(index("mail_tokens", &["user_id", "purpose"]))
            .await?;
        manager.create_index(index("mail_tokens", &["expires_at"])).await?;
        let outbox = Table::create()
            .table("outbox")
            .col(big_pk_auto("id"))
            .col(big_integer("user_id"))
            .col(text("purpose"))
            .col(text("recipient"))
            .col(text("username"))
            .col(text("language"))
            // The token is derived from this and SECRET_KEY.
            .col(blob("seed"))
            .col(text("request_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone("next_attempt_at"))
            // Set while a server sends it; other servers, or the same one after a crash, skip it for a while.
            .col(timestamp_with_time_zone_null("claimed_at"))
            .foreign_key(&mut of_user("outbox"))
            .to_owned();
        manager.create_table(outbox).await?;
        manager.create_index(index("outbox", &["user_id"])).await?;
        manager.create_index(index("outbox", &["next_attempt_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["outbox", "mail_tokens"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
