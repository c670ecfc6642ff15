use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{CatalogError, check};
use crate::calibration::{Constant, Constants, Lesson, Spread, Spreads, Table, Values};
use crate::error::nearest;

/// What the speed model was fitted to, and what came out: `catalog/calibration.toml`.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// The constants.
    pub constants: Constants,
    /// How far measurements lie from predictions.
    pub spreads: Spreads,
    /// What was measured on the machine at hand.
    pub lessons: Vec<Lesson>,
}

/// The file as it is written by `examples/calibrate.rs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationFile {
    /// What it was fitted to.
    pub source: String,
    /// The constants that measurements moved away from their priors.
    pub constants: BTreeMap<String, f64>,
    /// How far measurements lie from predictions that were made without them.
    #[serde(default)]
    pub spread: Vec<Spread>,
}

impl Entry for CalibrationFile {
    const KIND: Kind = Kind::Calibration;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        load::one(document)
    }

    fn id(&self) -> &'static str {
        "calibration"
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check_constants::<Constant>(&self.constants)?;
        let mut spreads = self.spread.iter().enumerate();
        spreads.try_for_each(|(at, spread)| check_spread(&format!("spread.{at}"), spread.low, spread.high))
    }
}

/// That each has the name of a constant of the table, and a value that a constant can have.
pub(super) fn check_constants<T: Table>(constants: &BTreeMap<String, f64>) -> Result<(), Violation> {
    for (name, value) in constants {
        check::positive(&format!("constants.{name}"), Some(*value))?;
    }
    let Err(unknown) = Values::<T>::of_names(constants) else { return Ok(()) };
    let known: Vec<String> = Values::<T>::names().collect();
    let near = nearest(&unknown.name, known.iter().map(String::as_str));
    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(check::broken("constants", format!("no constant is called `{}`{meant}", unknown.name)))
}

/// That factors of a spread lie around 1.
pub(super) fn check_spread(path: &str, low: f64, high: f64) -> Result<(), Violation> {
    if low > 0.0 && low <= 1.0 && high >= 1.0 {
        Ok(())
    } else {
        Err(check::broken(format!("{path}.low"), "a spread lies around 1"))
    }
}

impl From<CalibrationFile> for Calibration {
    fn from(file: CalibrationFile) -> Self {
        Self {
            // Names were checked when the file was read.
            constants: Constants::of_names(&file.constants).unwrap_or_default(),
            spreads: Spreads(file.spread),
            lessons: Vec::new(),
        }
    }
}
