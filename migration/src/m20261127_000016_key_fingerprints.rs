//! Fingerprints of the keys that the servers of a database use, by which a server with other keys is noticed.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let fingerprints = Table::create()
            .table("key_fingerprints")
            // What the keys are for.
            .col(text("name").primary_key())
            // HMAC-SHA256 with each key that is accepted, in hexadecimal, separated by spaces.
            .col(text("fingerprints"))
            .to_owned();
        manager.create_table(fingerprints).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("key_fingerprints").to_owned())
            .await
    }
}
