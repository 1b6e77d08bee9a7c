//! Domains of addresses in ASCII, as they are stored now: mail is sent to that form, and it is unique.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut foreign = Query::select();
        foreign
            .columns(["id", "email"])
            .from("users")
            .and_where(Expr::cust("octet_length(email) > length(email)"));
        for row in manager.get_connection().query_all(&foreign).await? {
            let (id, email): (i64, String) = (row.try_get("", "id")?, row.try_get("", "email")?);
            let Some(ascii) = with_ascii_domain(&email) else {
                continue;
            };
            let key = ascii.to_lowercase();
            let mut taken = Query::select();
            taken
                .column("id")
                .from("users")
                .and_where(Expr::col("email_key").eq(key.as_str()))
                .and_where(Expr::col("id").ne(id));
            if manager.get_connection().query_one(&taken).await?.is_some() {
                // Somebody has registered the other form, too. This account keeps its row, and is found by its name.
                continue;
            }
            let mut update = Query::update();
            update
                .table("users")
                .value("email", ascii)
                .value("email_key", key)
                .and_where(Expr::col("id").eq(id));
            manager.execute(update).await?;
        }
        Ok(())
    }

    /// Both forms are the same address.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

fn with_ascii_domain(email: &str) -> Option<String> {
    let (local_part, domain) = email.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Some(format!("{local_part}@{domain}"))
}
