use serde::Serialize;

use super::cost::answers_that_fit;
use super::{Cost, Needs, Quality};
use crate::catalog::{Benchmark, Model};
use crate::estimate::{AnswerTime, PredictedRate};
use crate::units::{Bytes, Seconds, TokenRate, Usd};

/// Whether a model in a quant does what is needed, and by how much.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// It meets every need.
    Fits {
        /// Memory left on the tightest device.
        headroom_bytes: Bytes,
    },
    /// It meets every need, and another is the better choice.
    Beaten {
        /// The other model.
        by_model: String,
        /// Its quant.
        by_quant: String,
    },
    /// It fits, and its electricity costs more than a limit allows.
    TooDear {
        /// The excess, for a month or a million tokens.
        by_usd: Usd,
        /// The limit.
        limit: CostLimit,
    },
    /// It fits, and takes too long for an answer.
    TooLate {
        /// The excess over the limit.
        by_seconds: Seconds,
        /// The limit.
        maximum_seconds: Seconds,
    },
    /// It fits, and takes too long until the first token.
    FirstTokenTooLate {
        /// The excess over the limit.
        by_seconds: Seconds,
        /// The limit.
        maximum_seconds: Seconds,
    },
    /// It fits, and writes fewer answers in a day than are needed.
    TooManyAnswers {
        /// What is needed.
        needed_per_day: f64,
        /// What fits into a day.
        fit_per_day: f64,
    },
    /// It fits, and decodes too slowly.
    TooSlow {
        /// What is missing to the minimum.
        by_tokens_per_second: TokenRate,
        /// Its speed.
        tokens_per_second: TokenRate,
        /// The minimum.
        minimum_tokens_per_second: TokenRate,
        /// Whether it may reach the minimum: the interval of its speed does.
        borderline: bool,
    },
    /// It fits, and its speed is unknown: a GPU's bandwidth or compute is.
    SpeedUnknown,
    /// It fits, and its cost is unknown: the power of a device is.
    CostUnknown,
    /// It does not fit.
    TooLarge {
        /// What is missing.
        shortfall_bytes: Bytes,
        /// All that it takes, with what is left alone on each device.
        takes_bytes: Bytes,
    },
    /// Every layer must be on GPUs, and there is none.
    NoGpu,
    /// Its files take more of the disk than is allowed.
    TooMuchDisk {
        /// The excess over the limit.
        by_bytes: Bytes,
    },
    /// The quant loses more than is allowed.
    LosesTooMuch {
        /// In percent of the score.
        loss_percent: f64,
        /// The limit.
        maximum_percent: f64,
    },
    /// It was trained for a shorter context.
    ContextTooLong {
        /// The context it was trained for.
        trained_tokens: u32,
        /// The context of the needs.
        context_tokens: u32,
    },
    /// Its published score is below the minimum.
    ScoresTooLow {
        /// The benchmark.
        benchmark: Benchmark,
        /// As published, unquantized.
        score: f64,
        /// What is missing to the minimum.
        by_points: f64,
        /// The minimum.
        minimum: f64,
    },
    /// No score of it is published on a benchmark that has a minimum.
    ScoreUnknown {
        /// The benchmark.
        benchmark: Benchmark,
    },
    /// Its licence is not among those allowed.
    LicenceNotAllowed {
        /// Its licence.
        licence: String,
    },
}

/// A limit on cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostLimit {
    /// Of a month.
    Month,
    /// Of a million output tokens.
    MillionTokens,
}

impl Verdict {
    /// Whether every need is met and nothing is better in all.
    #[must_use]
    pub const fn is_yes(&self) -> bool {
        matches!(self, Self::Fits { .. })
    }

    /// Its name in JSON and CSV, such as `too_large`.
    #[must_use]
    pub fn kind(&self) -> String {
        let kind =
            serde_json::to_value(self).ok().and_then(|json| Some(json.get("kind")?.as_str()?.to_owned()));
        kind.unwrap_or_default()
    }

    /// What is missing of memory, where that is what is wrong.
    #[must_use]
    pub const fn shortfall(&self) -> Option<Bytes> {
        match self {
            Self::TooLarge { shortfall_bytes, .. } => Some(*shortfall_bytes),
            _ => None,
        }
    }

    /// How far it is from meeting the needs. What fits and is slow is nearer than what does not fit; what no hardware
    /// can change is the farthest.
    pub(super) fn distance(&self) -> f64 {
        match self {
            Self::Fits { .. } => 0.0,
            Self::Beaten { .. } => 1.0,
            Self::TooDear { by_usd, .. } => 1e1 + by_usd.0.min(1e6),
            Self::FirstTokenTooLate { by_seconds, .. } | Self::TooLate { by_seconds, .. } => {
                1e7 + by_seconds.0.min(1e9)
            }
            Self::TooManyAnswers { needed_per_day, fit_per_day } => {
                1e7 + (needed_per_day / fit_per_day.max(0.1)).min(1e9)
            }
            Self::TooSlow { by_tokens_per_second, .. } => 1e10 + by_tokens_per_second.0,
            Self::SpeedUnknown | Self::CostUnknown => 1e11,
            Self::TooLarge { shortfall_bytes, .. } => 1e12 + shortfall_bytes.as_f64(),
            Self::TooMuchDisk { by_bytes } => 1e14 + by_bytes.as_f64(),
            Self::NoGpu => 1e16,
            Self::LosesTooMuch { loss_percent, .. } => 1e17 * (1.0 + loss_percent),
            Self::ContextTooLong { .. } => 1e21,
            Self::ScoresTooLow { by_points, .. } => 1e22 * (1.0 + by_points),
            Self::ScoreUnknown { .. } => 1e25,
            Self::LicenceNotAllowed { .. } => 1e26,
        }
    }
}

/// How far a limit bends that is only a default: of speed, and of waiting.
const SPEED_BENDS: f64 = 4.0;
const WAITING_BENDS: f64 = 2.0;

/// By what factor a limit may be missed: what the user gave holds to the letter.
fn slack(needs: &Needs, key: &str) -> f64 {
    match key {
        _ if needs.insists_on(key) => 1.0,
        "min_decode" => SPEED_BENDS,
        _ => WAITING_BENDS,
    }
}

/// The needs that a model in a quant meets on no machine.
pub(super) fn inherent_lacks(model: &Model, quality: Option<&Quality<'_>>, needs: &Needs) -> Vec<Verdict> {
    let mut lacks = Vec::new();
    let licence = &model.licence;
    if !needs.licences.is_empty() && !licence.is_covered_by(&needs.licences) {
        lacks.push(Verdict::LicenceNotAllowed { licence: licence.id.clone() });
    }
    for (benchmark, least) in &needs.minimum_scores {
        let benchmark = *benchmark;
        lacks.extend(match model.benchmarks.get(&benchmark).map(|published| published.score) {
            None => Some(Verdict::ScoreUnknown { benchmark }),
            Some(score) if score < *least => {
                Some(Verdict::ScoresTooLow { benchmark, score, by_points: least - score, minimum: *least })
            }
            Some(_) => None,
        });
    }
    let (trained_tokens, context_tokens) =
        (model.architecture.context_trained, needs.run.context_per_sequence());
    if context_tokens > trained_tokens {
        lacks.push(Verdict::ContextTooLong { trained_tokens, context_tokens });
    }
    if let Some(quality) = quality {
        let (loss_percent, maximum_percent) =
            (quality.counted_loss_percent, needs.maximum_quant_loss_percent);
        if loss_percent > maximum_percent {
            lacks.push(Verdict::LosesTooMuch { loss_percent, maximum_percent });
        }
    }
    lacks
}

/// What is known of a model in a quant on a machine.
pub(super) struct Evidence<'e> {
    pub(super) model: &'e Model,
    pub(super) shortfall: Option<Bytes>,
    pub(super) takes: Bytes,
    pub(super) no_gpu: bool,
    pub(super) disk: Bytes,
    pub(super) decode: Option<PredictedRate>,
    pub(super) answer: Option<AnswerTime>,
    pub(super) quality: Option<&'e Quality<'e>>,
    pub(super) cost: Option<&'e Cost<'e>>,
}

impl Evidence<'_> {
    /// Every need that is not met, the farthest from being met first.
    pub(super) fn lacks(&self, needs: &Needs) -> Vec<Verdict> {
        let mut lacks = inherent_lacks(self.model, self.quality, needs);
        self.room(needs, &mut lacks);
        self.time(needs, &mut lacks);
        self.load(needs, &mut lacks);
        self.money(needs, &mut lacks);
        lacks.sort_by(|a, b| b.distance().total_cmp(&a.distance()));
        lacks
    }

    fn room(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        if self.no_gpu {
            lacks.push(Verdict::NoGpu);
        }
        let too_large = |shortfall_bytes| Verdict::TooLarge { shortfall_bytes, takes_bytes: self.takes };
        lacks.extend(self.shortfall.map(too_large));
        if let Some(most) = needs.maximum_disk_bytes.filter(|most| self.disk > *most) {
            lacks.push(Verdict::TooMuchDisk { by_bytes: self.disk - most });
        }
    }

    fn time(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        let Some(decode) = self.decode else {
            lacks.push(Verdict::SpeedUnknown);
            return;
        };
        let (rate, minimum) = (TokenRate(decode.tokens_per_second), needs.minimum_decode_tokens_per_second);
        if rate.0 < minimum.0 / slack(needs, "min_decode") {
            lacks.push(Verdict::TooSlow {
                by_tokens_per_second: TokenRate(minimum.0 - rate.0),
                tokens_per_second: rate,
                minimum_tokens_per_second: minimum,
                borderline: decode.interval.high >= minimum.0,
            });
        }
        let limits = [needs.maximum_ttft_seconds, needs.maximum_answer_seconds];
        let Some(answer) = self.answer else {
            let insists = needs.insists_on("max_ttft") || needs.insists_on("max_answer_time");
            lacks.extend(insists.then_some(Verdict::SpeedUnknown));
            return;
        };
        let late = |most: Option<Seconds>, key: &str, taken: Seconds| {
            most.filter(|most| taken.0 > most.0 * slack(needs, key))
                .map(|most| (Seconds(taken.0 - most.0), most))
        };
        lacks.extend(
            late(limits[0], "max_ttft", answer.ttft.seconds).map(|(by_seconds, maximum_seconds)| {
                Verdict::FirstTokenTooLate { by_seconds, maximum_seconds }
            }),
        );
        lacks.extend(
            late(limits[1], "max_answer_time", answer.whole.seconds)
                .map(|(by_seconds, maximum_seconds)| Verdict::TooLate { by_seconds, maximum_seconds }),
        );
    }

    /// The answers of a day, where the user said how many.
    fn load(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        let Some(answer) = self.answer.filter(|_| needs.given.contains("answers_per_day")) else { return };
        let (needed_per_day, fit_per_day) = (needs.answers_per_day, answers_that_fit(&answer, needs));
        if needed_per_day > fit_per_day {
            lacks.push(Verdict::TooManyAnswers { needed_per_day, fit_per_day });
        }
    }

    fn money(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        let cost = self.cost;
        let by_month = cost.map(|cost| cost.usd_per_month.0);
        let by_token = cost.map(|cost| cost.usd_per_million_tokens.0);
        let limits = [
            (needs.monthly_budget.map(|most| most.0), CostLimit::Month, by_month),
            (needs.maximum_token_price.map(|most| most.0), CostLimit::MillionTokens, by_token),
        ];
        for (most, limit, spent) in limits {
            let Some(most) = most else { continue };
            match spent {
                None => lacks.push(Verdict::CostUnknown),
                Some(spent) if spent > most => {
                    lacks.push(Verdict::TooDear { by_usd: Usd(spent - most), limit });
                }
                Some(_) => {}
            }
        }
        lacks.dedup();
    }
}
