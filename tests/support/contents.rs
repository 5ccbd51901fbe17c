//! All that a database holds, so that a test can say that nothing was changed.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// Each table with its rows as one text, in an order of their own.
pub type Contents = BTreeMap<String, String>;

async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<Option<String>>(0).unwrap().unwrap_or_default()).collect()
}

/// The statements that made the tables and indexes, or what comes near: by them two schemas are compared.
pub async fn tables(url: &str) -> Vec<String> {
    let connection = Database::connect(url).await.unwrap();
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS line \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT 'sequence ' || sequence_name FROM information_schema.sequences WHERE sequence_schema = 'public' \
             ORDER BY line"
        }
        _ => "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql",
    };
    let tables = texts(&connection, sql).await;
    connection.close().await.unwrap();
    tables
}

pub async fn contents(url: &str) -> Contents {
    let connection = Database::connect(url).await.unwrap();
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let names = if postgres {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut contents = Contents::new();
    for table in texts(&connection, names).await {
        let row = if postgres { format!("\"{table}\"::text") } else { sqlite_row(&connection, &table).await };
        let rows = texts(&connection, &format!("SELECT {row} AS line FROM \"{table}\" ORDER BY line")).await;
        contents.insert(table, rows.join("\n"));
    }
    connection.close().await.unwrap();
    contents
}

async fn sqlite_row(connection: &DatabaseConnection, table: &str) -> String {
    let columns = texts(connection, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
    columns.iter().map(|column| format!("quote(\"{column}\")")).collect::<Vec<_>>().join(" || ',' || ")
}
