use std::io::Read;

use serde::de::DeserializeOwned;

use crate::error::nearest;

/// A row of a table of measurements.
pub trait TableRow: DeserializeOwned {
    /// The columns that every table of these rows must have; the others may be missing or empty.
    const COLUMNS: &'static [&'static str];

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
pub enum TableError {
    /// A column is missing that every table must have.
    #[error("the table has no column `{column}`")]
    NoColumn {
        /// The column.
        column: &'static str,
        /// All that it must have.
        columns: &'static [&'static str],
        /// The nearest name that it has.
        nearest: Option<String>,
    },
    /// The table has no rows.
    #[error("the table has no rows")]
    Empty,
    /// A line is not as the header says.
    #[error("line {line}: {message}")]
    Line {
        /// Counted from 1, the header included.
        line: u64,
        /// What is wrong.
        message: String,
    },
}

impl TableError {
    /// What the reader of CSV says, with the line, and the column where it is known.
    fn of_csv(error: &csv::Error, headers: Option<&csv::StringRecord>) -> Self {
        let line = error.position().map_or(1, csv::Position::line);
        let message = match (error.kind(), headers) {
            (csv::ErrorKind::Deserialize { err, .. }, Some(headers)) => {
                match err.field().and_then(|field| headers.get(field as usize)) {
                    Some(column) => format!("`{column}`: {}", err.kind()),
                    None => err.to_string(),
                }
            }
            _ => error.to_string(),
        };
        Self::Line { line, message }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoColumn { nearest: Some(nearest), .. } => Some(format!("is `{nearest}` meant?")),
            Self::NoColumn { columns, .. } => {
                let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
                Some(format!("the columns are {}", columns.join(", ")))
            }
            Self::Empty => Some("write a line for each measurement under the header".to_owned()),
            Self::Line { .. } => {
                Some("correct that line; `validate --help` tells what the columns hold".to_owned())
            }
        }
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
    if let Some(column) = R::COLUMNS.iter().find(|column| !headers.iter().any(|header| header == **column)) {
        let nearest = nearest(column, headers.iter()).map(str::to_owned);
        return Err(TableError::NoColumn { column, columns: R::COLUMNS, nearest });
    }
    let mut rows = Vec::new();
    for (at, row) in reader.deserialize().enumerate() {
        let mut row: R = row.map_err(|error| TableError::of_csv(&error, Some(&headers)))?;
        let line = at as u64 + 2;
        if row.figures().into_iter().flatten().any(|figure| !(figure.is_finite() && figure > 0.0)) {
            let message = "a figure must be a number above zero, or left empty".to_owned();
            return Err(TableError::Line { line, message });
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
        assert_eq!(missing.to_string(), "the table has no column `quant`");
        assert_eq!(missing.hint().as_deref(), Some("is `quants` meant?"));
        let header = "hardware,shape,quant,prefill_tokens_per_second,decode_tokens_per_second\n";
        let wrong = error(&format!("{header}x,y,z,fast,1\n"));
        assert_eq!(wrong.to_string(), "line 2: `prefill_tokens_per_second`: invalid float literal");
        assert!(error(&format!("{header}x,y,z,0,1\n")).to_string().contains("above zero"));
        assert!(matches!(error(header), TableError::Empty));
        let served = "model,quant,hardware,engine,concurrency,tpot_ms\nx,y,z,v,1,fast\n";
        let error = read_table::<ServedMeasurement>(served.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "line 2: `tpot_ms`: invalid float literal");
    }
}
