use std::collections::BTreeMap;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::case::{Case, Class, Kind, LeftOut, Unresolved};
use super::summary::{Accuracy, MEASURES, Measures, Prediction, Predictions};
use super::table::TableRow as _;
use crate::message::Message;

/// Predictions held against a table of measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Validation {
    /// The names of what was measured.
    #[serde(skip)]
    pub kind: &'static Kind,
    /// Rows of the table that were asked about.
    pub rows: usize,
    /// Those that could be predicted.
    pub resolved: usize,
    /// Which constants predicted.
    #[serde(skip)]
    pub basis: Basis,
    /// Whether the constants were fitted without the group that they predict.
    #[serde(flatten)]
    pub leaving_out: Named<bool, 1>,
    /// What was left out at once; none where the same constants predict all.
    pub left_out: Option<LeftOut>,
    /// The accuracy over all rows that count.
    #[serde(flatten)]
    pub all: Named<Option<Accuracy>, MEASURES>,
    /// The same by class of row.
    pub classes: Vec<ClassAccuracy>,
    /// Each row.
    pub per_row: Vec<PerRow>,
    /// Rows that could not be predicted, and why.
    pub unresolved: Vec<UnresolvedRow>,
}

/// Which constants predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The same for all rows.
    Calibration {
        /// How many of them measurements moved.
        fitted: usize,
    },
    /// For each group of rows some that were fitted without it.
    LeaveOneOut(LeftOut),
}

/// Values under the keys that their kind of table gives them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named<T, const N: usize> {
    /// The keys.
    pub names: &'static [&'static str],
    /// The values, of which those without a key are not shown.
    pub values: [T; N],
}

impl<T: Serialize, const N: usize> Serialize for Named<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for (name, value) in self.names.iter().zip(&self.values) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// How good predictions are for one class of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassAccuracy {
    /// The key of the classification, such as `backend`.
    pub by: &'static str,
    /// The class.
    pub class: Class,
    /// The accuracy.
    #[serde(flatten)]
    pub of: Named<Option<Accuracy>, MEASURES>,
}

/// A row's predictions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerRow {
    /// The row.
    pub id: String,
    /// The hardware as the row names it.
    pub hardware: String,
    /// What else the row names.
    #[serde(flatten)]
    pub about: About,
    /// What hardware and model were understood as; none where they were not.
    pub resolved: Option<String>,
    /// The predicted and the measured value of each measure.
    #[serde(flatten)]
    pub figures: Named<Option<f64>, { 2 * MEASURES }>,
}

/// What a row names beside its hardware.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum About {
    /// Of llama.cpp on one machine.
    Local {
        /// The model and the quant.
        target: String,
    },
    /// Of a served engine.
    Served {
        /// The model.
        model: String,
        /// The engine.
        engine: String,
        /// Requests in flight, where the row states them.
        concurrency: Option<u32>,
    },
}

/// A row that could not be predicted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnresolvedRow {
    /// The row.
    pub id: String,
    /// The hardware as the row names it.
    pub hardware: String,
    /// Why.
    pub reason: Message,
}

impl PerRow {
    /// The larger of the two errors.
    #[must_use]
    pub fn worst_error(&self) -> f64 {
        let error = |pair: &[Option<f64>]| match pair {
            [Some(predicted), Some(measured)] => (predicted / measured - 1.0).abs(),
            _ => 0.0,
        };
        self.figures.values.chunks(2).map(error).fold(0.0, f64::max)
    }
}

/// What came of `cases` with their predictions, and of the rows that are none.
#[must_use]
pub fn validation<'a, C: Case<'a>>(
    cases: &[C],
    predictions: &[Predictions],
    unresolved: &[(&'a C::Row, Unresolved)],
    basis: Basis,
) -> Validation {
    let kind = C::KIND;
    let with_predictions = || cases.iter().zip(predictions);
    let accuracy = |rows: &[Predictions]| Named {
        names: kind.measures,
        values: std::array::from_fn(|measure| {
            let known: Vec<Prediction> = rows.iter().filter_map(|two| two[measure]).collect();
            Accuracy::of(&known)
        }),
    };
    let counted: Vec<Predictions> =
        with_predictions().filter(|(case, _)| case.counts()).map(|(_, two)| *two).collect();
    let mut by_class: BTreeMap<(usize, String), (&'static str, Class, Vec<Predictions>)> = BTreeMap::new();
    for (case, two) in with_predictions() {
        for (at, (by, class)) in case.classes().into_iter().enumerate() {
            let of_class = by_class.entry((at, class.key.clone()));
            of_class.or_insert_with(|| (by, class, Vec::new())).2.push(*two);
        }
    }
    let row = |row: &C::Row, resolved, predicted: Measures, measured: Measures| PerRow {
        id: row.id().to_owned(),
        hardware: row.hardware().to_owned(),
        about: C::about(row),
        resolved,
        figures: Named {
            names: kind.figures,
            values: std::array::from_fn(|at| if at % 2 == 0 { predicted[at / 2] } else { measured[at / 2] }),
        },
    };
    let resolved_rows = with_predictions().map(|(case, two)| {
        let predicted = two.map(|one| one.map(|one| one.predicted));
        row(case.row(), Some(case.understood()), predicted, case.measured())
    });
    let other_rows = unresolved.iter().map(|(other, _)| row(other, None, [None; MEASURES], C::stated(other)));
    Validation {
        kind,
        rows: cases.len() + unresolved.len(),
        resolved: cases.len(),
        basis,
        leaving_out: Named { names: kind.left_out, values: [matches!(basis, Basis::LeaveOneOut(_))] },
        left_out: match basis {
            Basis::LeaveOneOut(left_out) => Some(left_out),
            Basis::Calibration { .. } => None,
        },
        all: accuracy(&counted),
        classes: by_class
            .into_values()
            .map(|(by, class, rows)| ClassAccuracy { by, class, of: accuracy(&rows) })
            .collect(),
        per_row: resolved_rows.chain(other_rows).collect(),
        unresolved: unresolved
            .iter()
            .map(|(row, reason)| UnresolvedRow {
                id: row.id().to_owned(),
                hardware: row.hardware().to_owned(),
                reason: reason.message(),
            })
            .collect(),
    }
}
