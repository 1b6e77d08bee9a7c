//! What people do with their own account: the client of a session, the address that a link changes to, second factors, and
//! rows that stay after an account is deleted.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, blob, boolean, integer, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
    sea_orm::DbBackend,
};

use crate::{index, of_user};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut sessions = Table::alter();
        sessions.table("sessions").add_column(text_null("client"));
        manager.alter_table(sessions).await?;
        // Only of a token that changes the account's address to this one.
        let mut tokens = Table::alter();
        tokens.table("mail_tokens").add_column(text_null("email"));
        manager.alter_table(tokens).await?;
        let factors = Table::create()
            .table("second_factors")
            .col(big_integer("user_id").primary_key())
            // The secret is derived from this and SECRET_KEY.
            .col(blob("seed"))
            .col(boolean("active"))
            // The time of the last code that was used, in steps of 30 seconds since 1970.
            .col(big_integer("last_step"))
            .foreign_key(&mut of_user("second_factors"))
            .to_owned();
        manager.create_table(factors).await?;
        let codes = Table::create()
            .table("recovery_codes")
            .col(big_integer("user_id"))
            // SHA-256 of the code.
            .col(blob("code_hash"))
            .primary_key(Index::create().col("user_id").col("code_hash"))
            .foreign_key(&mut of_user("recovery_codes"))
            .to_owned();
        manager.create_table(codes).await?;
        require_user(manager, false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["outbox", "audit"] {
            let orphans = Query::delete()
                .from_table(table)
                .and_where(Expr::col("user_id").is_null())
                .to_owned();
            manager.execute(orphans).await?;
        }
        require_user(manager, true).await?;
        for table in ["recovery_codes", "second_factors"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for (table, column) in [("mail_tokens", "email"), ("sessions", "client")] {
            let mut alter = Table::alter();
            alter.table(table).drop_column(column);
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}

/// Whether each row of `outbox` and `audit` must refer to an account.
async fn require_user(manager: &SchemaManager<'_>, required: bool) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let change = if required { "SET" } else { "DROP" };
        for table in ["outbox", "audit"] {
            let alter = format!("ALTER TABLE {table} ALTER COLUMN user_id {change} NOT NULL");
            manager.get_connection().execute_unprepared(&alter).await?;
        }
        return Ok(());
    }
    // SQLite can't change a column: the table is replaced.
    let user_id = || {
        if required {
            big_integer("user_id")
        } else {
            big_integer_null("user_id")
        }
    };
    let outbox = Table::create()
        .table("new_outbox")
        .col(big_pk_auto("id"))
        .col(user_id())
        .col(text("purpose"))
        .col(text("recipient"))
        .col(text("username"))
        .col(text("language"))
        .col(blob("seed"))
        .col(text("request_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone("next_attempt_at"))
        .col(timestamp_with_time_zone_null("claimed_at"))
        .foreign_key(&mut of_user("new_outbox"))
        .to_owned();
    replace(manager, "outbox", outbox).await?;
    manager.create_index(index("outbox", &["user_id"])).await?;
    manager.create_index(index("outbox", &["next_attempt_at"])).await?;
    let audit = Table::create()
        .table("new_audit")
        .col(big_pk_auto("id"))
        .col(user_id())
        .col(text("actor"))
        .col(text("action"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut of_user("new_audit"))
        .to_owned();
    replace(manager, "audit", audit).await?;
    manager.create_index(index("audit", &["user_id", "id"])).await
}

/// Puts `new`, a table `new_…` with the same columns, in the place of a table.
async fn replace(manager: &SchemaManager<'_>, table: &'static str, new: TableCreateStatement) -> Result<(), DbErr> {
    manager.create_table(new).await?;
    let copy = format!("INSERT INTO new_{table} SELECT * FROM {table}");
    manager.get_connection().execute_unprepared(&copy).await?;
    manager.drop_table(Table::drop().table(table).to_owned()).await?;
    let rename = format!("ALTER TABLE new_{table} RENAME TO {table}");
    manager.get_connection().execute_unprepared(&rename).await?;
    Ok(())
}
