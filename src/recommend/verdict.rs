use serde::Serialize;

use super::{Cost, Needs, Quality};
use crate::catalog::{Benchmark, Model};
use crate::estimate::{AnswerTime, PredictedRate};
use crate::units::{Bytes, Seconds, TokenRate, Usd};

/// Whether a model in a quant does what is needed, and by how much.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// It meets every need, with so much memory left on the tightest device.
    Fits {
        /// What is left.
        headroom_bytes: Bytes,
    },
    /// It meets every need, and another is at least as good in quality, time and memory, and better in one.
    Beaten {
        /// The other model.
        by_model: String,
        /// Its quant.
        by_quant: String,
    },
    /// It fits, and costs more electricity than is allowed.
    TooDear {
        /// By how much, in the unit of the limit.
        by_usd: Usd,
        /// Which limit.
        limit: CostLimit,
    },
    /// It fits, and takes too long for an answer.
    TooLate {
        /// By how much an answer is late.
        by_seconds: Seconds,
    },
    /// It fits, and takes too long until the first token.
    FirstTokenTooLate {
        /// By how much it is late.
        by_seconds: Seconds,
    },
    /// It fits, and decodes too slowly.
    TooSlow {
        /// What is missing to the asked speed.
        by_tokens_per_second: TokenRate,
    },
    /// It fits, and nobody can tell how fast it would be: a GPU's bandwidth or compute is unknown.
    SpeedUnknown,
    /// It fits, and nobody can tell what it costs: the power of what computes is unknown.
    CostUnknown,
    /// It does not fit.
    TooLarge {
        /// What is missing.
        shortfall_bytes: Bytes,
    },
    /// Every layer must be on GPUs, and there is none.
    NoGpu,
    /// Its files take more of the disk than is allowed.
    TooMuchDisk {
        /// By how much.
        by_bytes: Bytes,
    },
    /// The quant loses more than is allowed.
    LosesTooMuch {
        /// What it is counted to lose.
        loss_percent: f64,
    },
    /// What the quant loses was not published, and what it is counted to lose is more than is allowed.
    LossUnknown {
        /// What it is counted to lose.
        counted_percent: f64,
    },
    /// It was not trained for so long a context.
    ContextTooLong {
        /// What it was trained for, in tokens.
        trained_tokens: u32,
    },
    /// It solves less of a benchmark than is asked.
    ScoresTooLow {
        /// The benchmark.
        benchmark: Benchmark,
        /// What was published.
        score: f64,
        /// What is missing, in points.
        by_points: f64,
    },
    /// Nothing was published of it on a benchmark that is asked about.
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
            Self::TooLarge { shortfall_bytes } => Some(*shortfall_bytes),
            _ => None,
        }
    }

    /// How far all of a choice's lacks together leave it from being one.
    pub(super) fn distance_of(lacks: &[Self]) -> f64 {
        lacks.iter().map(Self::distance).sum()
    }

    /// How far a choice is from being one. What fits and is slow is nearer than what does not fit; what no hardware
    /// can change is the farthest.
    pub(super) fn distance(&self) -> f64 {
        match self {
            Self::Fits { .. } => 0.0,
            Self::Beaten { .. } => 1.0,
            Self::TooDear { by_usd, .. } => 1e1 + by_usd.0.min(1e6),
            Self::FirstTokenTooLate { by_seconds } | Self::TooLate { by_seconds } => {
                1e7 + by_seconds.0.min(1e9)
            }
            Self::TooSlow { by_tokens_per_second } => 1e10 + by_tokens_per_second.0,
            Self::SpeedUnknown | Self::CostUnknown => 1e11,
            Self::TooLarge { shortfall_bytes } => 1e12 + shortfall_bytes.as_f64(),
            Self::TooMuchDisk { by_bytes } => 1e14 + by_bytes.as_f64(),
            Self::NoGpu => 1e16,
            Self::LosesTooMuch { loss_percent } => 1e17 * (1.0 + loss_percent),
            Self::LossUnknown { .. } => 1e20,
            Self::ContextTooLong { .. } => 1e21,
            Self::ScoresTooLow { by_points, .. } => 1e22 * (1.0 + by_points),
            Self::ScoreUnknown { .. } => 1e25,
            Self::LicenceNotAllowed { .. } => 1e26,
        }
    }
}

/// What is known of a choice when it is judged.
pub(super) struct Evidence<'a> {
    pub(super) model: &'a Model,
    pub(super) shortfall: Option<Bytes>,
    pub(super) no_gpu: bool,
    pub(super) disk: Bytes,
    pub(super) decode: Option<PredictedRate>,
    pub(super) answer: Option<AnswerTime>,
    pub(super) quality: Option<&'a Quality>,
    pub(super) cost: Option<&'a Cost>,
}

impl Evidence<'_> {
    /// Every need that is not met; the farthest from being met first.
    pub(super) fn lacks(&self, needs: &Needs) -> Vec<Verdict> {
        let mut lacks = Vec::new();
        self.what_it_is(needs, &mut lacks);
        self.room(needs, &mut lacks);
        self.time(needs, &mut lacks);
        self.money(needs, &mut lacks);
        lacks.sort_by(|a, b| b.distance().total_cmp(&a.distance()));
        lacks
    }

    /// What no machine changes.
    fn what_it_is(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        let licence = &self.model.licence;
        if !needs.licences.is_empty() && !licence.is_covered_by(&needs.licences) {
            lacks.push(Verdict::LicenceNotAllowed { licence: licence.id.clone() });
        }
        for (benchmark, least) in &needs.minimum_scores {
            let benchmark = *benchmark;
            lacks.extend(match self.model.benchmarks.get(&benchmark).map(|published| published.score) {
                None => Some(Verdict::ScoreUnknown { benchmark }),
                Some(score) if score < *least => {
                    Some(Verdict::ScoresTooLow { benchmark, score, by_points: least - score })
                }
                Some(_) => None,
            });
        }
        let trained_tokens = self.model.architecture.context_trained;
        if needs.run.context_per_sequence() > trained_tokens {
            lacks.push(Verdict::ContextTooLong { trained_tokens });
        }
        if let Some(quality) = self.quality {
            let loss_percent = quality.counted_loss_percent;
            if loss_percent > needs.maximum_quant_loss_percent {
                lacks.push(match quality.measured_loss_percent {
                    None => Verdict::LossUnknown { counted_percent: loss_percent },
                    Some(_) => Verdict::LosesTooMuch { loss_percent },
                });
            }
        }
    }

    fn room(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        if self.no_gpu {
            lacks.push(Verdict::NoGpu);
        }
        lacks.extend(self.shortfall.map(|shortfall_bytes| Verdict::TooLarge { shortfall_bytes }));
        if let Some(most) = needs.maximum_disk_bytes.filter(|most| self.disk > *most) {
            lacks.push(Verdict::TooMuchDisk { by_bytes: self.disk - most });
        }
    }

    fn time(&self, needs: &Needs, lacks: &mut Vec<Verdict>) {
        let Some(decode) = self.decode else {
            lacks.push(Verdict::SpeedUnknown);
            return;
        };
        let missing = needs.minimum_decode_tokens_per_second.0 - decode.tokens_per_second;
        if missing > 0.0 {
            lacks.push(Verdict::TooSlow { by_tokens_per_second: TokenRate(missing) });
        }
        let limits = [needs.maximum_ttft_seconds, needs.maximum_answer_seconds];
        let Some(answer) = self.answer else {
            lacks.extend(limits.iter().flatten().next().map(|_| Verdict::SpeedUnknown));
            return;
        };
        let late = |most: Option<Seconds>, taken: Seconds| {
            most.filter(|most| taken > *most).map(|most| Seconds(taken.0 - most.0))
        };
        lacks.extend(
            late(limits[0], answer.ttft.seconds).map(|by_seconds| Verdict::FirstTokenTooLate { by_seconds }),
        );
        lacks.extend(late(limits[1], answer.whole.seconds).map(|by_seconds| Verdict::TooLate { by_seconds }));
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
