use serde::{Serialize, Serializer};

use super::fit::{Observation, Scheme};
use super::report::About;
use super::summary::{MEASURES, Measures, Prediction, Predictions};
use super::table::TableRow;
use crate::calibration::{Table, Values};
use crate::catalog::{Catalog, CatalogError, DescribeError};
use crate::error::Failure as _;
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// A row with everything that its prediction takes. Each kind of row has its measures, such as decode and prefill.
pub trait Case<'a>: Sized {
    /// What a row says.
    type Row: TableRow + 'a;
    /// The constants that predict it.
    type Table: Table;
    /// Those constants, and how far measurements lie from what they predict.
    type Calibration: Default;

    /// The names of what was measured.
    const KIND: &'static Kind;
    /// How its constants are fitted.
    const SCHEME: Scheme;

    /// Looks everything up that a row names.
    fn of(row: &'a Self::Row, catalog: &'a Catalog) -> Result<Self, Unresolved>;

    /// The row.
    fn row(&self) -> &'a Self::Row;

    /// What was measured.
    fn measured(&self) -> Measures;

    /// What is left out at once when the fit is tested.
    fn group(&self, left_out: LeftOut) -> String;

    /// What hardware and model were understood as.
    fn understood(&self) -> String;

    /// Its class by each classification, such as `backend`.
    fn classes(&self) -> Vec<(&'static str, Class)>;

    /// Whether it counts for the accuracy of the whole table.
    fn counts(&self) -> bool {
        true
    }

    /// What a row says beside its hardware.
    fn about(row: &Self::Row) -> About;

    /// The figures of a row that could not be resolved.
    fn stated(row: &Self::Row) -> Measures;

    /// What was measured, with what predicts it by any constants.
    fn observations<'c>(&'c self, blank: &'c Self::Calibration) -> Vec<Observation<'c, Self::Table>>;

    /// What it is predicted to have measured, by any constants; none where nothing was measured.
    fn predicted(&self, constants: &Values<Self::Table>, blank: &Self::Calibration) -> Measures {
        let mut predicted = [None; MEASURES];
        for observation in self.observations(blank) {
            observation.predict_into(constants, &mut predicted);
        }
        predicted
    }

    /// Brings what the fit predicts into line with what is predicted by these constants, where the fit goes a shorter way.
    fn align(&mut self, _: &Values<Self::Table>) {}

    /// The constants of a calibration.
    fn constants(calibration: &Self::Calibration) -> &Values<Self::Table>;

    /// The factors between which a measure lies in four of five cases.
    fn interval(&self, calibration: &Self::Calibration, measure: usize) -> (f64, f64);

    /// Constants, with the spread of measurements around predictions that were made without their group.
    fn calibration(
        cases: &[Self],
        constants: Values<Self::Table>,
        predicted: &[Measures],
    ) -> Self::Calibration;
}

/// The names of what a kind of table measures.
#[derive(Debug, PartialEq)]
pub struct Kind {
    /// Whether it is of engines that serve many requests.
    pub is_served: bool,
    /// The key that says whether predictions were made without the row's own group.
    pub left_out: &'static [&'static str],
    /// The keys of the measures' accuracy.
    pub measures: &'static [&'static str],
    /// The names of the measures in those of gates.
    pub titles: &'static [&'static str],
    /// The keys of the predicted and the measured value of each measure.
    pub figures: &'static [&'static str],
    /// What follows such a key where it names a column: the unit, if the key lacks it.
    pub column_suffix: &'static str,
}

/// What is left out at once when the fit is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// A device; of served engines a deployment: who measured, on what, which model.
    Device,
    /// Everything that one source published.
    Source,
    /// A model on a device by an engine in a precision.
    Group,
}

/// What rows have in common: a name, or words of ours, which programs know by a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// For programs.
    pub key: String,
    /// For people.
    pub words: Message,
}

impl Class {
    /// A name, which is the same for both.
    #[must_use]
    pub fn name(name: impl Into<String>) -> Self {
        let key = name.into();
        Self { words: Message::verbatim(key.clone()), key }
    }

    /// A class in our words.
    #[must_use]
    pub fn new(key: impl Into<String>, words: Message) -> Self {
        Self { key: key.into(), words }
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key)
    }
}

/// Why a row cannot be predicted.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum Unresolved {
    /// The catalog does not know a name, or cannot be read.
    Catalog(#[from] CatalogError),
    /// No such machine can be put together.
    Machine(#[from] DescribeError),
    /// No platform has that name.
    Cpu(String),
    /// llama.cpp has no such backend.
    Backend(String),
    /// No model of that shape is known.
    Model(String),
    /// No accelerator of that name is known.
    Accelerator(String),
    /// Bandwidth or compute of the accelerator is unknown.
    Figures(String),
    /// No such precision is known.
    Precision(String),
    /// The weights exceed the memory by this.
    TooLarge(Bytes),
    /// It was measured under a limit of latency that the row does not state.
    LatencyLimit,
    /// An unbounded run needs its lengths.
    NoLengths,
    /// Other machines prefill than decode.
    Disaggregated,
}

impl Unresolved {
    /// The reason.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Catalog(error) => error.message(),
            Self::Machine(error) => error.message(),
            Self::Cpu(name) => message!(ValidateUnknownCpu { name }),
            Self::Backend(name) => message!(ValidateUnknownBackend { name }),
            Self::Model(name) => message!(ValidateUnknownModel { name }),
            Self::Accelerator(name) => message!(ValidateUnknownAccelerator { name }),
            Self::Figures(name) => message!(ValidateUnknownFigures { name }),
            Self::Precision(name) => message!(ValidateUnknownPrecision { name }),
            Self::TooLarge(short) => message!(ValidateTooLarge { short }),
            Self::LatencyLimit => message!(ValidateLatencyLimit),
            Self::NoLengths => message!(ValidateNoLengths),
            Self::Disaggregated => message!(ValidateDisaggregated),
        }
    }
}

/// A row that cannot be predicted, and why.
pub type UnresolvedRows<'a, R> = Vec<(&'a R, Unresolved)>;

/// The rows that can be predicted, and the others with the reason.
#[must_use]
pub fn cases<'a, C: Case<'a>>(
    rows: &'a [C::Row],
    catalog: &'a Catalog,
) -> (Vec<C>, UnresolvedRows<'a, C::Row>) {
    let (mut cases, mut unresolved) = (Vec::new(), Vec::new());
    for row in rows {
        match C::of(row, catalog) {
            Ok(case) => cases.push(case),
            Err(reason) => unresolved.push((row, reason)),
        }
    }
    (cases, unresolved)
}

/// What `calibration` predicts for a case, where that was measured.
#[must_use]
pub fn predictions<'a, C: Case<'a>>(case: &C, calibration: &C::Calibration) -> Predictions {
    beside(case, case.predicted(C::constants(calibration), calibration), calibration)
}

/// Predictions beside what was measured.
pub(super) fn beside<'a, C: Case<'a>>(
    case: &C,
    predicted: Measures,
    calibration: &C::Calibration,
) -> Predictions {
    let measured = case.measured();
    std::array::from_fn(|measure| {
        let (predicted, measured) = (predicted[measure]?, measured[measure]?);
        let (low, high) = case.interval(calibration, measure);
        Some(Prediction { predicted, low: predicted * low, high: predicted * high, measured })
    })
}
