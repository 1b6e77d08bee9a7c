//! Corrections in a table of their own, with their review by admins and what today's model says.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_pk_auto, float, float_null, small_integer, small_integer_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

use crate::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let corrections = Table::create()
            .table("corrections")
            .col(big_integer("prediction_id").primary_key())
            // That of the prediction. Without a foreign key: a correction would otherwise lock the account's row.
            .col(big_integer("user_id"))
            // What the user says: 0 to 9, or 10 for no digit.
            .col(small_integer("said"))
            .col(timestamp_with_time_zone("created_at"))
            .col(text("state"))
            // What an admin agreed to.
            .col(small_integer_null("label"))
            .col(timestamp_with_time_zone_null("decided_at"))
            // The model that has read the image again, what it read, and how probable that is.
            .col(text_null("model"))
            .col(small_integer_null("reading"))
            .col(float_null("confidence"))
            // How improbable it makes what the user says, and what it read; 0 before.
            .col(float("disagreement"))
            .col(float("doubt"))
            .foreign_key(&mut goes_with("corrections", "predictions", "id"))
            .to_owned();
        manager.create_table(corrections).await?;
        for columns in [
            ["state", "prediction_id"],
            ["state", "disagreement"],
            ["state", "doubt"],
            ["user_id", "state"],
        ] {
            manager.create_index(index("corrections", &columns)).await?;
        }
        let decisions = Table::create()
            .table("correction_decisions")
            .col(big_pk_auto("id"))
            .col(big_integer("prediction_id"))
            // The admin's name at that time.
            .col(text("actor"))
            .col(text("state"))
            .col(small_integer_null("label"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut goes_with("correction_decisions", "corrections", "prediction_id"))
            .to_owned();
        manager.create_table(decisions).await?;
        let by_prediction = index("correction_decisions", &["prediction_id", "id"]);
        manager.create_index(by_prediction).await?;

        let copy = "INSERT INTO corrections (prediction_id, user_id, said, created_at, state, disagreement, doubt) \
                    SELECT id, user_id, correction, COALESCE(corrected_at, created_at), 'waiting', 0, 0 \
                    FROM predictions WHERE correction IS NOT NULL";
        manager.get_connection().execute_unprepared(copy).await?;
        for column in ["correction", "corrected_at"] {
            let mut predictions = Table::alter();
            predictions.table("predictions").drop_column(column);
            manager.alter_table(predictions).await?;
        }
        Ok(())
    }

    /// Keeps what is said to be a digit.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            small_integer_null("correction"),
            timestamp_with_time_zone_null("corrected_at"),
        ] {
            let mut predictions = Table::alter();
            predictions.table("predictions").add_column(column);
            manager.alter_table(predictions).await?;
        }
        let copy = "UPDATE predictions SET \
                    correction = (SELECT said FROM corrections WHERE prediction_id = predictions.id), \
                    corrected_at = (SELECT created_at FROM corrections WHERE prediction_id = predictions.id) \
                    WHERE id IN (SELECT prediction_id FROM corrections WHERE said < 10)";
        manager.get_connection().execute_unprepared(copy).await?;
        for table in ["correction_decisions", "corrections"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// A foreign key of `prediction_id`; rows of what is deleted are deleted too.
fn goes_with(table: &'static str, other: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "prediction_id")
        .to(other, column)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
