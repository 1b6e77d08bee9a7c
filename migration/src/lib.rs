//! The steps that bring a database from nothing to what the server needs, one file a step, on SQLite and Postgres.
//!
//! A step that has shipped isn't changed any more: the next one changes what it made.

mod m20261124_000001_users;
mod m20261124_000002_sessions;
mod m20261124_000003_mail;
mod m20261124_000004_predictions;
mod m20261124_000005_audit;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{prelude::*, schema::text, sea_orm::DbBackend};

/// All steps, in order.
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
        ]
    }
}

/// An index named after what it is on.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A text in the order of its bytes, as SQLite keeps every text: lists and searches by beginnings are the same on both.
fn bytewise(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra(r#"COLLATE "C""#);
    }
    column
}

/// A foreign key to `users`: what belongs to a user goes with them.
fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
