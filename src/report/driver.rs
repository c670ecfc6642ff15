use serde::Serialize;

use crate::message;
use crate::message::{Message, Value, percent};

/// An assumption that is changed to see how far the cost of owning moves with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// The load, as a factor.
    Load,
    /// The length of answers, as a factor.
    AnswerLength,
    /// The length of prompts, as a factor.
    PromptLength,
    /// What a replica carries against the prediction, as a factor.
    Throughput,
    /// The promised time between tokens, as a factor.
    Tpot,
    /// The promised wait for the first token, as a factor.
    Ttft,
    /// The price of machines, as a factor.
    MachinePrice,
    /// Years of use.
    Years,
    /// What machines are worth at the end, as a share of their price.
    ResidualShare,
    /// The price of power, as a factor.
    PowerPrice,
    /// What the place draws for each watt.
    Pue,
}

impl Driver {
    /// Every driver, with what it is tried at: low, usual and high.
    pub(super) const TRIED: [(Self, [f64; 3]); 11] = [
        (Self::Load, [0.5, 1.0, 2.0]),
        (Self::AnswerLength, [0.5, 1.0, 2.0]),
        (Self::PromptLength, [0.5, 1.0, 2.0]),
        (Self::Throughput, [0.7, 1.0, 1.15]),
        (Self::Tpot, [0.6, 1.0, 2.0]),
        (Self::Ttft, [0.5, 1.0, 2.0]),
        (Self::MachinePrice, [0.85, 1.0, 1.3]),
        (Self::Years, [3.0, 4.0, 5.0]),
        (Self::ResidualShare, [0.0, 0.15, 0.3]),
        (Self::PowerPrice, [0.6, 1.0, 2.0]),
        (Self::Pue, [1.2, 1.3, 1.8]),
    ];

    /// What it is called.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Load => message!(ReportDriverLoad),
            Self::AnswerLength => message!(ReportDriverAnswers),
            Self::PromptLength => message!(ReportDriverPrompts),
            Self::Throughput => message!(ReportDriverThroughput),
            Self::Tpot => message!(ReportDriverTpot),
            Self::Ttft => message!(ReportDriverTtft),
            Self::MachinePrice => message!(ReportDriverMachinePrice),
            Self::Years => message!(ReportDriverYears),
            Self::ResidualShare => message!(ReportDriverResidual),
            Self::PowerPrice => message!(ReportDriverPowerPrice),
            Self::Pue => message!(ReportDriverPue),
        }
    }

    /// One of its values: `× 0.5`, `3 years`, `15 %`.
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "years are not negative")]
    pub fn value(self, value: f64) -> Value {
        match self {
            Self::Years => message!(ReportYears { count: value as u32 }).into(),
            Self::ResidualShare => percent(value, 0),
            Self::Pue => value.to_string().into(),
            Self::Load
            | Self::AnswerLength
            | Self::PromptLength
            | Self::Throughput
            | Self::Tpot
            | Self::Ttft
            | Self::MachinePrice
            | Self::PowerPrice => format!("× {value}").into(),
        }
    }
}
