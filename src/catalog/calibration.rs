//! What `examples/calibrate.rs` and `examples/calibrate_serving.rs` fitted, as they wrote it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, check};
use crate::calibration::{
    Constant, Constants, Lesson, ServingConstant, ServingConstants, ServingSpread, ServingSpreads, Spread,
    Spreads, Table, Values,
};
use crate::error::nearest;
use crate::message;

/// What the speed model was fitted to, and what came out.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// The constants.
    pub constants: Constants,
    /// How far measurements lie from predictions.
    pub spreads: Spreads,
    /// What was measured on the machine in question.
    pub lessons: Vec<Lesson>,
}

/// `catalog/calibration.toml`.
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
    const NAMED: Named = Named::Other;

    fn id(&self) -> &'static str {
        ""
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        constants::<Constant>(&self.constants)?;
        self.spread.iter().enumerate().try_for_each(|(at, spread)| {
            lies_around_one(&format!("spread.{at}.low"), spread.low, spread.high)
        })
    }
}

impl From<&CalibrationFile> for Calibration {
    fn from(file: &CalibrationFile) -> Self {
        Self {
            // Names were checked when the file was read.
            constants: Constants::of_names(&file.constants).unwrap_or_default(),
            spreads: Spreads(file.spread.clone()),
            lessons: Vec::new(),
        }
    }
}

/// What served engines are predicted by.
#[derive(Clone, Debug)]
pub struct ServingCalibration {
    /// The constants.
    pub constants: ServingConstants,
    /// How far measurements lie from predictions: of the time between tokens, the output and the wait for the first token.
    pub spreads: [ServingSpreads; 3],
    /// The configurations that were measured, as model, device, engine and precision: measured over predicted times.
    pub measured: BTreeMap<String, f64>,
}

impl ServingCalibration {
    /// Measured over predicted times of a configuration; 1 where it was not measured.
    #[must_use]
    pub fn known(&self, configuration: &str) -> f64 {
        self.measured.get(configuration).copied().unwrap_or(1.0)
    }
}

impl Default for ServingCalibration {
    /// The priors.
    fn default() -> Self {
        let spread = ServingSpread { low: 0.5, high: 2.0, measurements: 0 };
        let spreads = ServingSpreads { measured: spread, tuned: spread, deployed: spread };
        Self { constants: ServingConstants::default(), spreads: [spreads; 3], measured: BTreeMap::new() }
    }
}

/// `catalog/serving-calibration.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingCalibrationFile {
    /// What it was fitted to.
    pub source: String,
    /// The constants that measurements moved away from their priors.
    pub constants: BTreeMap<String, f64>,
    /// The configurations that were measured, as model, device, engine and precision: measured over predicted times.
    pub measured: BTreeMap<String, f64>,
    /// How far measured times between tokens lie from predicted ones.
    pub tpot: ServingSpreads,
    /// How far measured throughput lies from predicted.
    pub throughput: ServingSpreads,
    /// How far measured waits for the first token lie from predicted ones.
    pub ttft: ServingSpreads,
}

impl ServingCalibrationFile {
    /// Of a calibration.
    #[must_use]
    pub fn of(calibration: &ServingCalibration, source: String) -> Self {
        let [tpot, throughput, ttft] = calibration.spreads;
        Self {
            source,
            measured: calibration.measured.clone(),
            constants: calibration.constants.moved(),
            tpot,
            throughput,
            ttft,
        }
    }
}

impl Entry for ServingCalibrationFile {
    const KIND: Kind = Kind::ServingCalibration;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &'static str {
        ""
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        constants::<ServingConstant>(&self.constants)?;
        for (name, factor) in &self.measured {
            check::positive(&format!("measured.{name}"), Some(*factor))?;
        }
        for (name, spreads) in [("tpot", self.tpot), ("throughput", self.throughput), ("ttft", self.ttft)] {
            for (of, spread) in spreads.named() {
                lies_around_one(&format!("{name}.{of}.low"), spread.low, spread.high)?;
            }
        }
        Ok(())
    }
}

impl From<&ServingCalibrationFile> for ServingCalibration {
    fn from(file: &ServingCalibrationFile) -> Self {
        Self {
            // Names were checked when the file was read.
            constants: ServingConstants::of_names(&file.constants).unwrap_or_default(),
            spreads: [file.tpot, file.throughput, file.ttft],
            measured: file.measured.clone(),
        }
    }
}

/// That each is a constant of the table, with a value that it can have.
fn constants<T: Table>(values: &BTreeMap<String, f64>) -> Result<(), Violation> {
    for (name, value) in values {
        check::positive(&format!("constants.{name}"), Some(*value))?;
    }
    let Err(unknown) = Values::<T>::of_names(values) else { return Ok(()) };
    let (name, known) = (unknown.name, Values::<T>::names().collect::<Vec<_>>());
    let rule = match nearest(&name, known.iter().map(String::as_str)) {
        Some(near) => message!(CatalogRuleConstantNear { name: &name, near }),
        None => message!(CatalogRuleConstant { name: &name }),
    };
    Err(check::broken("constants", rule))
}

fn lies_around_one(path: &str, low: f64, high: f64) -> Result<(), Violation> {
    check::must(low > 0.0 && low <= 1.0 && high >= 1.0, path, message!(CatalogRuleSpread))
}
