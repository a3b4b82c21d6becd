//! Answers a statement in SQL from a collector's database, beside a running collector too: one row a line, as JSON.
//!
//! ```sh
//! cargo run -p chatvitals-collector --example sql -- events.db "SELECT type, count(*) AS events FROM events GROUP BY type"
//! ```

use std::error::Error;
use std::io::Write;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(database), Some(sql), None) = (args.next(), args.next(), args.next()) else {
        return Err("wanted: sql DATABASE \"SELECT …\"".into());
    };
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare(&sql)?;
    let names: Vec<String> = statement.column_names().map(String::from).collect();
    let mut rows = statement.query([])?;
    let mut out = std::io::stdout().lock();
    while let Some(row) = rows.next()? {
        let cells: rusqlite::Result<Map<String, Value>> =
            (0..names.len()).map(|column| Ok((names[column].clone(), json(row.get_ref(column)?)))).collect();
        writeln!(out, "{}", Value::Object(cells?))?;
    }
    Ok(())
}

fn json(cell: ValueRef) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()).into(),
    }
}
