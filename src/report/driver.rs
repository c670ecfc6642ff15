use serde::Serialize;

use super::phrase::percent;
use crate::lang::Lang;
use crate::tr;

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
    pub const fn name(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::Load => ("load", "负载"),
            Self::AnswerLength => ("length of answers", "回答长度"),
            Self::PromptLength => ("length of prompts", "提示词长度"),
            Self::Throughput => ("throughput against the prediction", "实际吞吐与预测之比"),
            Self::Tpot => ("promised time between tokens", "TPOT 目标"),
            Self::Ttft => ("promised wait for the first token", "TTFT 目标"),
            Self::MachinePrice => ("price of machines", "设备价格"),
            Self::Years => ("years of use, machines for the last of them", "使用年限（设备按最后一年配置）"),
            Self::ResidualShare => ("residual value", "残值率"),
            Self::PowerPrice => ("price of power", "电价"),
            Self::Pue => ("PUE", "PUE"),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// One of its values: `× 0.5`, `3 years`, `15 %`.
    #[must_use]
    pub fn value(self, value: f64, lang: Lang) -> String {
        match self {
            Self::Years => tr!(lang, "{value} years", "{value} 年"),
            Self::ResidualShare => percent(value, lang),
            Self::Pue => value.to_string(),
            Self::Load
            | Self::AnswerLength
            | Self::PromptLength
            | Self::Throughput
            | Self::Tpot
            | Self::Ttft
            | Self::MachinePrice
            | Self::PowerPrice => format!("× {value}"),
        }
    }
}
