use std::io::{self, Read};
use std::path::PathBuf;

use serde::de::DeserializeOwned;

use crate::error::{Exit, Failure, nearest};
use crate::message;
use crate::message::{Message, enumeration};

/// A row of a table of measurements.
pub trait TableRow: DeserializeOwned {
    /// The columns that every table of these rows must have; the others may be missing or empty.
    const COLUMNS: &'static [&'static str];

    /// The columns that it may have instead, known by its first.
    const OTHER_COLUMNS: &'static [&'static str] = &[];

    /// The row, with what follows from the other columns.
    #[must_use]
    fn completed(self) -> Self {
        self
    }

    /// Its name in the table.
    fn id(&self) -> &str;

    /// Its name, which may be empty as it is read.
    fn id_mut(&mut self) -> &mut String;

    /// The hardware as people write it.
    fn hardware(&self) -> &str;

    /// What was measured, which must be above zero where it is there.
    fn figures(&self) -> Vec<Option<f64>>;
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum TableError {
    /// The file cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A column is missing that every table must have.
    NoColumn {
        /// The column.
        column: &'static str,
        /// All that it must have.
        columns: &'static [&'static str],
        /// The nearest name that it has.
        nearest: Option<String>,
    },
    /// The table has no rows.
    Empty,
    /// A line is not as the header says.
    Line {
        /// Counted from 1, the header included.
        line: u64,
        /// What is wrong.
        problem: Message,
    },
}

impl TableError {
    /// What the reader of CSV says, with the line, and the column where it is known.
    fn of_csv(error: &csv::Error, headers: Option<&csv::StringRecord>) -> Self {
        use csv::DeserializeErrorKind as Wrong;
        let line = error.position().map_or(1, csv::Position::line);
        let problem = match (error.kind(), headers) {
            (csv::ErrorKind::Deserialize { err, .. }, Some(headers)) => {
                let problem = match err.kind() {
                    Wrong::ParseFloat(_) => message!(ValidateNotANumber),
                    Wrong::ParseInt(_) => message!(ValidateNotACount),
                    other => Message::verbatim(other.to_string()),
                };
                match err.field().and_then(|field| headers.get(field as usize)) {
                    Some(column) => message!(ValidateCell { column, problem }),
                    None => problem,
                }
            }
            _ => Message::verbatim(error.to_string()),
        };
        Self::Line { line, problem }
    }
}

impl Failure for TableError {
    fn message(&self) -> Message {
        match self {
            Self::Read { path, source } => {
                message!(ValidateUnreadable { path: path.display() }).because(source)
            }
            Self::NoColumn { column, .. } => message!(ValidateNoColumn { column }),
            Self::Empty => message!(ValidateEmpty),
            Self::Line { line, problem } => message!(ValidateLine { line, problem }),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Read { .. } => message!(ValidateUnreadableHint),
            Self::NoColumn { nearest: Some(nearest), .. } => message!(ValidateNoColumnNear { nearest }),
            Self::NoColumn { columns, .. } => {
                let columns = enumeration(columns.iter().map(|column| format!("`{column}`")));
                message!(ValidateNoColumnHint { columns })
            }
            Self::Empty => message!(ValidateEmptyHint),
            Self::Line { .. } => message!(ValidateLineHint),
        })
    }

    fn exit(&self) -> Exit {
        Exit::Input
    }
}

/// Whether a table is of served engines, by its header line.
#[must_use]
pub fn is_served_table(text: &str) -> bool {
    text.lines().next().is_some_and(|header| header.split(',').any(|column| column.trim() == "tpot_ms"))
}

/// Reads a table with a header line. A row without a name is called by its line.
pub fn read_table<R: TableRow>(table: impl Read) -> Result<Vec<R>, TableError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table);
    let headers = reader.headers().map_err(|error| TableError::of_csv(&error, None))?.clone();
    let has = |column: &&str| headers.iter().any(|header| header == *column);
    let columns = if R::OTHER_COLUMNS.first().is_some_and(has) { R::OTHER_COLUMNS } else { R::COLUMNS };
    if let Some(column) = columns.iter().find(|column| !headers.iter().any(|header| header == **column)) {
        let nearest = nearest(column, headers.iter()).map(str::to_owned);
        return Err(TableError::NoColumn { column, columns, nearest });
    }
    let mut rows = Vec::new();
    for (at, row) in reader.deserialize().enumerate() {
        let row: R = row.map_err(|error| TableError::of_csv(&error, Some(&headers)))?;
        let mut row = row.completed();
        let line = at as u64 + 2;
        if row.figures().into_iter().flatten().any(|figure| !(figure.is_finite() && figure > 0.0)) {
            return Err(TableError::Line { line, problem: message!(ValidateNotPositive) });
        }
        if row.id().is_empty() {
            *row.id_mut() = format!("line {line}");
        }
        rows.push(row);
    }
    if rows.is_empty() { Err(TableError::Empty) } else { Ok(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::{Measurement, ServedMeasurement};

    #[test]
    fn a_table_needs_no_more_than_what_is_predicted_and_what_was_measured() {
        let table = "hardware,shape,quant,prefill_tokens_per_second,decode_tokens_per_second,gpu_count\n\
                     RTX 4090,7b,Q4_K_M,,123.4,1\n";
        let rows: Vec<Measurement> = read_table(table.as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].id.as_str(), rows[0].gpus()), ("line 2", 1));
        assert_eq!(
            (rows[0].decode_tokens_per_second, rows[0].prefill_tokens_per_second),
            (Some(123.4), None)
        );
    }

    #[test]
    fn a_table_of_served_engines_is_known_by_its_columns() {
        let table = "id,model,quant,hardware,engine,concurrency,tpot_ms,isl,osl\n\
                     a,R1-Distill-Llama-8B,FP16,1x A40 48GB,vLLM,50,35.9,100,443\n\
                     b,R1-Distill-Llama-8B,FP16,1x A40 48GB,vLLM,unbounded,,100,443\n";
        assert!(is_served_table(table));
        assert!(!is_served_table("hardware,shape\n"));
        let rows: Vec<ServedMeasurement> = read_table(table.as_bytes()).unwrap();
        assert_eq!((rows[0].in_flight(), rows[0].tpot_ms), (Some(50), Some(35.9)));
        assert_eq!((rows[1].in_flight(), rows[1].tpot_ms), (None, None));
    }

    #[test]
    fn a_missing_column_and_a_wrong_figure_are_shown_where_they_are() {
        let error = |table: &str| read_table::<Measurement>(table.as_bytes()).unwrap_err();
        let missing = error("hardware,shape,quants,prefill_tokens_per_second,decode_tokens_per_second\n");
        assert_eq!(missing.message(), message!(ValidateNoColumn { column: "quant" }));
        assert_eq!(missing.hint(), Some(message!(ValidateNoColumnNear { nearest: "quants" })));
        let header = "hardware,shape,quant,prefill_tokens_per_second,decode_tokens_per_second,threads\n";
        let cell = |column: &str, problem: Message| message!(ValidateCell { column, problem });
        for (row, problem) in [
            ("x,y,z,fast,1,1", cell("prefill_tokens_per_second", message!(ValidateNotANumber))),
            ("x,y,z,1,1,few", cell("threads", message!(ValidateNotACount))),
            ("x,y,z,0,1,1", message!(ValidateNotPositive)),
        ] {
            let line = message!(ValidateLine { line: 2_u64, problem });
            assert_eq!(error(&format!("{header}{row}\n")).message(), line);
        }
        assert!(matches!(error(header), TableError::Empty));
    }
}
