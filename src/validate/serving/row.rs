use std::io::Read;

use serde::Deserialize;

use crate::validate::TableError;
use crate::validate::row::{TableRow, read_rows};

/// One published measurement of a served engine: a row of a table.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServedMeasurement {
    /// What to call the row.
    pub id: String,
    /// The model as people write it, with the R1 of the same shape in parentheses.
    pub model: String,
    /// Its parameters, in billions.
    pub params_b: Option<f64>,
    /// How its weights are kept.
    pub quant: String,
    /// The hardware as people write it, with its count.
    pub hardware: String,
    /// How many accelerators.
    pub n_accelerators: Option<u32>,
    /// The engine, with its version and how the model lies over the accelerators.
    pub engine: String,
    /// Requests in flight, or `unbounded`.
    pub concurrency: String,
    /// Tokens of a prompt.
    pub isl: Option<f64>,
    /// Tokens of an answer.
    pub osl: Option<f64>,
    /// Prompts and answers.
    pub total_tok_s: Option<f64>,
    /// Answers.
    pub output_tok_s: Option<f64>,
    /// The wait for the first token.
    pub ttft_ms: Option<f64>,
    /// The time between tokens.
    pub tpot_ms: Option<f64>,
    /// What else the source tells.
    pub note: String,
    /// Where it was published.
    pub source_url: String,
}

impl ServedMeasurement {
    /// Requests in flight, where they are stated.
    #[must_use]
    pub fn in_flight(&self) -> Option<u32> {
        self.concurrency.parse().ok().filter(|count| *count > 0)
    }
}

/// The columns that every table must have; the others may be missing or empty.
const COLUMNS: [&str; 6] = ["model", "quant", "hardware", "engine", "concurrency", "tpot_ms"];

/// Whether a table is of served engines, by its header line.
#[must_use]
pub fn is_served_table(text: &str) -> bool {
    text.lines().next().is_some_and(|header| header.split(',').any(|column| column.trim() == "tpot_ms"))
}

/// Reads a table of served engines with a header line.
pub fn read_served_table(table: impl Read) -> Result<Vec<ServedMeasurement>, TableError> {
    read_rows(table, &COLUMNS)
}

impl TableRow for ServedMeasurement {
    fn id_mut(&mut self) -> &mut String {
        &mut self.id
    }

    fn figures(&self) -> Vec<Option<f64>> {
        vec![self.isl, self.osl, self.total_tok_s, self.output_tok_s, self.ttft_ms, self.tpot_ms]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_served_engines_is_known_by_its_columns() {
        let table = "id,model,quant,hardware,engine,concurrency,tpot_ms,isl,osl\n\
                     a,R1-Distill-Llama-8B,FP16,1x A40 48GB,vLLM,50,35.9,100,443\n\
                     b,R1-Distill-Llama-8B,FP16,1x A40 48GB,vLLM,unbounded,,100,443\n";
        assert!(is_served_table(table));
        assert!(!is_served_table("hardware,shape\n"));
        let rows = read_served_table(table.as_bytes()).unwrap();
        assert_eq!((rows[0].in_flight(), rows[0].tpot_ms), (Some(50), Some(35.9)));
        assert_eq!((rows[1].in_flight(), rows[1].tpot_ms), (None, None));
    }

    #[test]
    fn a_wrong_figure_is_told_where_it_is() {
        let table = "model,quant,hardware,engine,concurrency,tpot_ms\nx,y,z,v,1,fast\n";
        let error = read_served_table(table.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "line 2: `tpot_ms`: invalid float literal");
    }
}
