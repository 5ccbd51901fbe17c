//! Rows written as they are, many at a time. What an import makes goes through here; what is searched of it is kept
//! beside (`Tx::keep_searched`).

use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    ModelTrait, Statement,
};

/// So many rows go in one statement at most where they go as arrays.
const ROWS_MAX: usize = 3_000;

/// So many values go in one statement at most where each is bound by itself; SQLite's limit is 32,766.
const VALUES_MAX: usize = 30_000;

/// Writes new rows.
///
/// # Errors
/// When the database fails, or refuses one of them.
pub async fn insert_many<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    if db.get_database_backend() == DbBackend::Postgres {
        for some in rows.chunks(ROWS_MAX) {
            db.execute_raw(from_arrays::<E>(some)).await?;
        }
        return Ok(());
    }
    let at_once = VALUES_MAX / E::Column::iter().count().max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(at_once).map(IntoActiveModel::into_active_model).collect::<Vec<_>>();
        E::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Writes the columns of a row that have changed, and gives it as it is then.
///
/// # Errors
/// When the database fails, or refuses it.
pub async fn update<E>(db: &impl ConnectionTrait, was: &E::Model, row: &E::Model) -> Result<E::Model, DbErr>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let mut change = was.clone().into_active_model();
    for column in E::Column::iter() {
        let value = row.get(column);
        if value != was.get(column) {
            change.set(column, value);
        }
    }
    // Not `E::update`, which would leave what is searched as it was.
    change.update(db).await
}

/// Rows as one array a column: the statement is as short for thousands of rows as for one, prepared once and planned
/// once, where a list of bound values is written by us and read by PostgreSQL anew for every number of rows.
fn from_arrays<E: EntityTrait>(rows: &[E::Model]) -> Statement {
    let (mut columns, mut reads, mut arrays) = (Vec::new(), Vec::new(), Arrays::default());
    for column in E::Column::iter() {
        columns.push(format!("\"{}\"", column.as_str()));
        reads.push(arrays.read(rows.iter().map(|row| row.get(column)).collect()));
    }
    let Arrays { names, values } = arrays;
    let places = (1..=values.len()).map(|place| format!("${place}")).collect::<Vec<_>>();
    let sql = format!(
        "INSERT INTO \"{}\" ({}) SELECT {} FROM UNNEST({}) AS given ({})",
        E::default().table_name(),
        columns.join(", "),
        reads.join(", "),
        places.join(", "),
        names.join(", ")
    );
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// The arrays of a statement, which it goes through side by side.
#[derive(Default)]
struct Arrays {
    names: Vec<String>,
    values: Vec<Value>,
}

impl Arrays {
    /// How one of these values is read in each row. The driver's arrays hold no NULL: where one is missing is told by
    /// an array of its own.
    fn read(&mut self, values: Vec<Value>) -> String {
        let missing = values.iter().map(|value| !value.is_some()).collect::<Vec<_>>();
        if !missing.contains(&true) {
            return self.add(values);
        }
        let given = values.into_iter().map(|value| if value.is_some() { value } else { value.dummy_value() });
        let (given, missing) =
            (self.add(given.collect()), self.add(missing.into_iter().map(Value::from).collect()));
        format!("CASE WHEN {missing} THEN NULL ELSE {given} END")
    }

    /// The values of every row; all of one type.
    fn add(&mut self, values: Vec<Value>) -> String {
        let of = values.first().map_or(ArrayType::String, Value::array_type);
        let name = format!("v{}", self.values.len());
        self.values.push(Value::Array(of, Some(Box::new(values))));
        self.names.push(name.clone());
        name
    }
}
