use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CatalogError;
use super::calibrated::{check_constants, check_spread};
use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use crate::calibration::{ServingConstant, ServingConstants, ServingSpread};

/// What the model of served engines was fitted to, and what came out: `catalog/serving-calibration.toml`, as
/// `examples/calibrate_serving.rs` writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingCalibrationFile {
    /// What it was fitted to.
    pub source: String,
    /// The constants that measurements moved away from their priors.
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
        check_constants::<ServingConstant>(&self.constants)?;
        check_spread("tpot", self.tpot.low, self.tpot.high)?;
        check_spread("throughput", self.throughput.low, self.throughput.high)
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
    /// The priors.
    fn default() -> Self {
        let spread = ServingSpread { low: 0.5, high: 2.0, measurements: 0 };
        Self { constants: ServingConstants::default(), tpot: spread, throughput: spread }
    }
}
