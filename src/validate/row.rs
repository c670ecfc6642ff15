use std::io::Read;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::nearest;

/// One published measurement: a row of a table.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Measurement {
    /// What to call the row.
    pub id: String,
    /// When it was measured: a day, a month, a year or a range of them.
    pub date: String,
    /// The hardware as people write it.
    pub hardware: String,
    /// How many GPUs; 0 for the processors alone. Where it is not told, one, but on the backend `CPU`.
    pub gpu_count: Option<u32>,
    /// `CUDA`, `Vulkan`, `CUDA+CPU` …
    pub backend: String,
    /// Which program measured.
    pub engine: String,
    /// The model, or one of the same shape.
    pub shape: String,
    /// The quant.
    pub quant: String,
    /// Tokens of the prompt.
    pub prompt_tokens: Option<u32>,
    /// Prefill.
    pub prefill_tokens_per_second: Option<f64>,
    /// Tokens decoded.
    pub output_tokens: Option<u32>,
    /// Decode.
    pub decode_tokens_per_second: Option<f64>,
    /// Whether attention ran as one fused kernel: 1, 0, or nothing where it is not told.
    pub flash_attention: Option<u32>,
    /// Threads on the processors.
    pub threads: Option<u32>,
    /// Tokens in the cache at the start.
    pub context_depth: Option<u32>,
    /// What else the source tells.
    pub note: String,
}

impl Measurement {
    /// How many GPUs took part.
    #[must_use]
    pub fn gpus(&self) -> u32 {
        let on_processors = self.backend.eq_ignore_ascii_case("cpu") || self.hardware.contains("CPU only");
        self.gpu_count.unwrap_or(u32::from(!on_processors))
    }

    /// Whether it is known to be from before that day, month or year.
    #[must_use]
    pub fn is_before(&self, date: &str) -> bool {
        !self.date.is_empty() && self.date.as_str() < date
    }
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A column is missing that every table must have.
    #[error("the table has no column `{column}`")]
    NoColumn {
        /// The column.
        column: &'static str,
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
    pub(super) fn of_csv(error: &csv::Error, headers: Option<&csv::StringRecord>) -> Self {
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
            Self::NoColumn { column, .. } if !COLUMNS.contains(column) => {
                Some("`validate --help` lists the columns of a table of served engines".to_owned())
            }
            Self::NoColumn { .. } => {
                Some(format!("the columns are {}", COLUMNS.map(|column| format!("`{column}`")).join(", ")))
            }
            Self::Empty => Some("write a line for each measurement under the header".to_owned()),
            Self::Line { .. } => {
                Some("correct that line; `validate --help` tells what the columns hold".to_owned())
            }
        }
    }
}

/// The columns that every table must have; the others may be missing or empty.
const COLUMNS: [&str; 5] =
    ["hardware", "shape", "quant", "prefill_tokens_per_second", "decode_tokens_per_second"];

/// Reads a table with a header line.
pub fn read_table(table: impl Read) -> Result<Vec<Measurement>, TableError> {
    read_rows(table, &COLUMNS)
}

/// A row of a table of measurements.
pub(super) trait TableRow: DeserializeOwned {
    /// Its name, which may be empty.
    fn id_mut(&mut self) -> &mut String;

    /// What was measured, which must be above zero where it is there.
    fn figures(&self) -> Vec<Option<f64>>;
}

impl TableRow for Measurement {
    fn id_mut(&mut self) -> &mut String {
        &mut self.id
    }

    fn figures(&self) -> Vec<Option<f64>> {
        vec![self.prefill_tokens_per_second, self.decode_tokens_per_second]
    }
}

/// Reads the rows of a table that must have `columns`. A row without a name is called by its line.
pub(super) fn read_rows<R: TableRow>(
    table: impl Read,
    columns: &[&'static str],
) -> Result<Vec<R>, TableError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table);
    let headers = reader.headers().map_err(|error| TableError::of_csv(&error, None))?.clone();
    for column in columns {
        if !headers.iter().any(|header| header == *column) {
            return Err(TableError::NoColumn {
                column,
                nearest: nearest(column, headers.iter()).map(str::to_owned),
            });
        }
    }
    let mut rows = Vec::new();
    for (at, row) in reader.deserialize().enumerate() {
        let mut row: R = row.map_err(|error| TableError::of_csv(&error, Some(&headers)))?;
        let line = at as u64 + 2;
        if row.figures().into_iter().flatten().any(|figure| !(figure.is_finite() && figure > 0.0)) {
            let message = "a figure must be a number above zero, or left empty".to_owned();
            return Err(TableError::Line { line, message });
        }
        if row.id_mut().is_empty() {
            *row.id_mut() = format!("line {line}");
        }
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_needs_no_more_than_what_is_predicted_and_what_was_measured() {
        let table = "hardware,shape,quant,prefill_tokens_per_second,decode_tokens_per_second,gpu_count\n\
                     RTX 4090,7b,Q4_K_M,,123.4,1\n";
        let rows = read_table(table.as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].id.as_str(), rows[0].gpus()), ("line 2", 1));
        assert_eq!(
            (rows[0].decode_tokens_per_second, rows[0].prefill_tokens_per_second),
            (Some(123.4), None)
        );
    }

    #[test]
    fn a_missing_column_and_a_wrong_figure_are_told_where_they_are() {
        let missing = "hardware,shape,quants,prefill_tokens_per_second,decode_tokens_per_second\n";
        let error = read_table(missing.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "the table has no column `quant`");
        assert_eq!(error.hint().as_deref(), Some("is `quants` meant?"));
        let wrong = "hardware,shape,quant,prefill_tokens_per_second,decode_tokens_per_second\nx,y,z,fast,1\n";
        let error = read_table(wrong.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "line 2: `prefill_tokens_per_second`: invalid float literal");
        let nothing = "hardware,shape,quant,prefill_tokens_per_second,decode_tokens_per_second\nx,y,z,0,1\n";
        assert!(read_table(nothing.as_bytes()).unwrap_err().to_string().contains("above zero"));
    }
}
