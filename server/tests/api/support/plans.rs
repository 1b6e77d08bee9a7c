//! How the database would answer a statement.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// Asserts that the statement finds its rows in an index, and neither reads a whole table nor sorts.
pub(crate) async fn assert_found_by_index(db: &DatabaseConnection, statement: Statement, what: &str) {
    let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let (explain, column) = if is_sqlite {
        ("EXPLAIN QUERY PLAN", "detail")
    } else {
        ("EXPLAIN", "QUERY PLAN")
    };
    let explained = Statement {
        sql: format!("{explain} {}", statement.sql),
        ..statement
    };
    let rows = db.query_all_raw(explained).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    let plan = lines.join("\n");
    if is_sqlite {
        // "SCAN" reads an index from its start, "TEMP B-TREE" sorts.
        assert!(lines.iter().all(|line| line.starts_with("SEARCH ")), "{what}:\n{plan}");
    } else {
        assert!(plan.contains("Index"), "{what}:\n{plan}");
        // An incremental sort only sorts rows with the same value, of which a unique index has one each.
        let sorts = lines
            .iter()
            .any(|line| line.contains("Sort  (") && !line.contains("Incremental Sort"));
        assert!(!plan.contains("Seq Scan") && !sorts, "{what}:\n{plan}");
    }
}
