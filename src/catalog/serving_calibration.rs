use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{CatalogError, check};
use crate::calibration::{ServingConstant, ServingConstants, ServingSpread};
use crate::error::nearest;

/// What the model of served engines was fitted to, and what came out: `catalog/serving-calibration.toml`, as
/// `examples/calibrate.rs` writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingCalibrationFile {
    /// What it was fitted to.
    pub source: String,
    /// The constants that measurements moved away from what was believed before.
    pub constants: BTreeMap<String, f64>,
    /// How far measured times between tokens lie from predicted ones.
    pub tpot: ServingSpread,
    /// How far measured throughput lies from predicted.
    pub throughput: ServingSpread,
}

/// What served engines are predicted by.
#[derive(Clone, Debug)]
pub struct ServingCalibration {
    /// The constants.
    pub constants: ServingConstants,
    /// How far measured times between tokens lie from predicted ones.
    pub tpot: ServingSpread,
    /// How far measured throughput lies from predicted.
    pub throughput: ServingSpread,
}

impl Entry for ServingCalibrationFile {
    const KIND: Kind = Kind::ServingCalibration;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        load::one(document)
    }

    fn id(&self) -> &'static str {
        "serving-calibration"
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        for (name, value) in &self.constants {
            check::positive(&format!("constants.{name}"), Some(*value))?;
        }
        if let Err(unknown) = ServingConstants::of_names(&self.constants) {
            let known: Vec<_> = ServingConstant::all().into_iter().map(ServingConstant::name).collect();
            let near = nearest(&unknown.name, known.iter().map(String::as_str));
            let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(check::broken(
                "constants",
                format!("no constant is called `{}`{meant}", unknown.name),
            ));
        }
        for (name, spread) in [("tpot", self.tpot), ("throughput", self.throughput)] {
            if !(spread.low > 0.0 && spread.low <= 1.0 && spread.high >= 1.0) {
                return Err(check::broken(format!("{name}.low"), "a spread lies around 1"));
            }
        }
        Ok(())
    }
}

impl From<ServingCalibrationFile> for ServingCalibration {
    fn from(file: ServingCalibrationFile) -> Self {
        Self {
            // Names were checked when the file was read.
            constants: ServingConstants::of_names(&file.constants).unwrap_or_default(),
            tpot: file.tpot,
            throughput: file.throughput,
        }
    }
}

impl Default for ServingCalibration {
    /// What is believed before any measurement.
    fn default() -> Self {
        let spread = ServingSpread { low: 0.5, high: 2.0, measurements: 0 };
        Self { constants: ServingConstants::default(), tpot: spread, throughput: spread }
    }
}
