//! The words of the user search without accents and other marks: a search for "lopez" finds "López".

use sea_orm_migration::prelude::*;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Accounts per query.
const CHUNK: u64 = 1000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rewrite_words(manager, without_marks).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rewrite_words(manager, str::to_lowercase).await
    }
}

/// As the server writes words since this migration. It has a copy of its own because a released migration never changes.
fn without_marks(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.nfd().filter(|letter| !is_combining_mark(*letter)).collect()
}

/// Replaces the words of the accounts whose name or address isn't ASCII; in others, the two forms are the same.
async fn rewrite_words(manager: &SchemaManager<'_>, form: fn(&str) -> String) -> Result<(), DbErr> {
    let mut last = 0_i64;
    loop {
        let chunk = Query::select()
            .columns(["id", "username", "email"])
            .from("users")
            .and_where(Expr::col("id").gt(last))
            .order_by("id", Order::Asc)
            .limit(CHUNK)
            .to_owned();
        let users = manager.get_connection().query_all(&chunk).await?;
        if users.is_empty() {
            return Ok(());
        }
        for user in users {
            last = user.try_get("", "id")?;
            let username: String = user.try_get("", "username")?;
            let email: String = user.try_get("", "email")?;
            let text = format!("{username} {email}");
            if !text.is_ascii() {
                replace_words(manager, last, &form(&text)).await?;
            }
        }
    }
}

async fn replace_words(manager: &SchemaManager<'_>, user_id: i64, text: &str) -> Result<(), DbErr> {
    let delete = Query::delete()
        .from_table("user_words")
        .and_where(Expr::col("user_id").eq(user_id))
        .to_owned();
    manager.execute(delete).await?;
    let mut words: Vec<_> = text.split(|letter: char| !letter.is_alphanumeric()).collect();
    words.sort_unstable();
    words.dedup();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        let insert = Query::insert()
            .into_table("user_words")
            .columns(["word", "user_id"])
            .values_panic([word.into(), user_id.into()])
            .to_owned();
        manager.execute(insert).await?;
    }
    Ok(())
}
