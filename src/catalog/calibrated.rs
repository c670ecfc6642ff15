use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{CatalogError, check};
use crate::calibration::{Constants, Lesson, Spread, Spreads};
use crate::error::nearest;

/// What the speed model was fitted to, and what came out: `catalog/calibration.toml`.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// The constants.
    pub constants: Constants,
    /// How far measurements lie from predictions.
    pub spreads: Spreads,
    /// What was measured on the machine that is reckoned with.
    pub lessons: Vec<Lesson>,
}

/// The file as it is written by `examples/calibrate.rs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationFile {
    /// What it was fitted to.
    pub source: String,
    /// The constants that measurements moved away from what was believed before.
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
        for (name, value) in &self.constants {
            check::positive(&format!("constants.{name}"), Some(*value))?;
        }
        if let Err(unknown) = Constants::of_names(&self.constants) {
            let known: Vec<_> =
                crate::calibration::Constant::all().iter().map(|constant| constant.name()).collect();
            let near = nearest(&unknown.name, known.iter().map(String::as_str));
            let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(check::broken(
                "constants",
                format!("no constant is called `{}`{meant}", unknown.name),
            ));
        }
        let wrong = |spread: &&Spread| !(spread.low > 0.0 && spread.low <= 1.0 && spread.high >= 1.0);
        match self.spread.iter().position(|spread| wrong(&spread)) {
            Some(at) => Err(check::broken(format!("spread.{at}.low"), "a spread lies around 1")),
            None => Ok(()),
        }
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
