//! Users, the words that the search finds them by, and counters by role and state.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, boolean, text, timestamp_with_time_zone, timestamp_with_time_zone_null},
    sea_orm::DbBackend,
};

use crate::{bytewise, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns that the admin's list can be sorted by, except the last login; the number breaks ties.
const SORTED: [&str; 7] = [
    "username_key",
    "email_key",
    "role",
    "email_confirmed",
    "disabled",
    "created_at",
    "predictions",
];

/// Users who never logged in come first, which is SQLite's default. sea-query has no way to write this for an index.
const BY_LAST_LOGIN: &str = "CREATE INDEX users_last_login_at_id ON users (last_login_at NULLS FIRST, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let users = Table::create()
            .table("users")
            .col(big_pk_auto("id"))
            .col(text("username"))
            // Names and addresses are unique ignoring case.
            .col(bytewise(manager, "username_key").unique_key())
            .col(text("email"))
            .col(bytewise(manager, "email_key").unique_key())
            .col(text("password_hash"))
            .col(text("role"))
            .col(boolean("email_confirmed"))
            .col(boolean("disabled"))
            .col(text("language"))
            .col(big_integer("predictions"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_login_at"))
            .to_owned();
        manager.create_table(users).await?;
        for column in SORTED {
            manager.create_index(index("users", &[column, "id"])).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(BY_LAST_LOGIN).await?;
        } else {
            manager.create_index(index("users", &["last_login_at", "id"])).await?;
        }
        let words = Table::create()
            .table("user_words")
            .col(bytewise(manager, "word"))
            .col(big_integer("user_id"))
            .primary_key(Index::create().col("word").col("user_id"))
            .foreign_key(&mut crate::of_user("user_words"))
            .to_owned();
        manager.create_table(words).await?;
        manager.create_index(index("user_words", &["user_id"])).await?;
        let counts = Table::create()
            .table("user_counts")
            .col(text("role"))
            .col(boolean("email_confirmed"))
            .col(boolean("disabled"))
            .col(big_integer("users"))
            .primary_key(Index::create().col("role").col("email_confirmed").col("disabled"))
            .to_owned();
        manager.create_table(counts).await?;
        let mut kinds = Query::insert()
            .into_table("user_counts")
            .columns(["role", "email_confirmed", "disabled", "users"])
            .to_owned();
        for role in ["admin", "user"] {
            for confirmed in [false, true] {
                for disabled in [false, true] {
                    kinds.values_panic([role.into(), confirmed.into(), disabled.into(), 0_i64.into()]);
                }
            }
        }
        manager.execute(kinds).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["user_counts", "user_words", "users"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
