//! The database's migrations, one file each, for SQLite and Postgres.
//!
//! A released migration is never changed; a new one changes what it created. The version before it goes on working on what
//! it leaves (docs/operations.md, "Upgrading").

mod m20261124_000001_users;
mod m20261124_000002_sessions;
mod m20261124_000003_mail;
mod m20261124_000004_predictions;
mod m20261124_000005_audit;
mod m20261126_000006_history_age;
mod m20261126_000007_numbers;
mod m20261127_000010_plain_words;
mod m20261127_000011_ascii_domains;
mod m20261127_000012_own_account;
mod m20261127_000013_api_keys;
mod m20261127_000014_corrections;
mod m20261127_000015_models;
mod m20261127_000016_key_fingerprints;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{prelude::*, schema::text, sea_orm::DbBackend};

/// All migrations, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_users::Migration),
            Box::new(m20261124_000002_sessions::Migration),
            Box::new(m20261124_000003_mail::Migration),
            Box::new(m20261124_000004_predictions::Migration),
            Box::new(m20261124_000005_audit::Migration),
            Box::new(m20261126_000006_history_age::Migration),
            Box::new(m20261126_000007_numbers::Migration),
            Box::new(m20261127_000010_plain_words::Migration),
            Box::new(m20261127_000011_ascii_domains::Migration),
            Box::new(m20261127_000012_own_account::Migration),
            Box::new(m20261127_000013_api_keys::Migration),
            Box::new(m20261127_000014_corrections::Migration),
            Box::new(m20261127_000015_models::Migration),
            Box::new(m20261127_000016_key_fingerprints::Migration),
        ]
    }
}

/// An index named after its table and columns.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A text sorted by its bytes, as SQLite sorts every text. Lists and prefix searches are then the same on both.
fn bytewise(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra(r#"COLLATE "C""#);
    }
    column
}

/// A foreign key to `users`; rows of a deleted user are deleted too.
fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
