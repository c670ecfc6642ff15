use std::path::PathBuf;

use serde::Serialize;

use super::{
    Attempt, BenchPlan, End, EnergyPerToken, Predicted, Predictions, RateStatistics, Reason, Repetitions,
    Shortage,
};
use crate::engine::{Crash, EngineBuild, MemoryPlan, ProcessUsage};
use crate::machine::Conditions;
use crate::message::Message;
use crate::run_config::{RunConfig, SplitMode};
use crate::units::{Bytes, Seconds};

/// What came of a bench: a measurement, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measurement {
    /// What was run.
    #[serde(flatten)]
    pub subject: Subject,
    /// The engine's words for it, once it was loaded.
    pub description: Option<String>,
    /// Its weights, once it was loaded.
    pub parameters: Option<u64>,
    /// What they take.
    pub weights_bytes: Option<Bytes>,
    /// Prefill: llama-bench's pp.
    pub prefill: Option<Timed>,
    /// Decode: llama-bench's tg.
    pub decode: Option<Timed>,
    /// The most main memory that the engine's process held, mapped pages of the file included.
    pub peak_memory_bytes: Option<Bytes>,
    /// What it had taken of the machine at the end.
    pub process: Option<ProcessUsage>,
    /// What the engine planned before it loaded anything.
    pub planned_memory: Option<MemoryPlan>,
    /// What was predicted, where the model is known.
    pub predicted: Option<Predicted>,
    /// What is to be made of it.
    pub verdict: Verdict,
    /// How it was run.
    pub settings: Settings,
    /// Which engine ran.
    pub engine: EngineBuild,
    /// The machine.
    pub machine: String,
    /// Its processor.
    pub cpu: String,
    /// Its GPUs that the engine sees.
    pub gpus: Vec<String>,
    /// The day.
    pub date: jiff::civil::Date,
    /// The moment that it began, in UTC.
    pub started_at: jiff::Timestamp,
    /// What else went on in the machine meanwhile.
    pub conditions: Option<Conditions>,
    /// Why it is likely to be slower than predicted, where it is.
    pub likely_reasons: Vec<Reason>,
}

/// What surrounds an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstances {
    /// What is run.
    pub subject: Subject,
    /// What is predicted, where the model is known.
    pub predictions: Option<Predictions>,
    /// Which engine runs.
    pub engine: EngineBuild,
    /// The machine.
    pub machine: String,
    /// Its processor.
    pub cpu: String,
    /// Its GPUs that the engine sees.
    pub gpus: Vec<String>,
    /// The moment that it began.
    pub started_at: jiff::Timestamp,
    /// What else went on in the machine meanwhile.
    pub conditions: Option<Conditions>,
}

impl Measurement {
    /// The same with the peak of the whole, as it follows from slices.
    #[must_use]
    pub fn with_predicted_memory(self, peak_memory_bytes: Option<Bytes>) -> Self {
        Self { peak_memory_bytes, ..self }
    }

    /// What came of an attempt to measure by `plan`.
    #[must_use]
    pub fn of(circumstances: Circumstances, plan: &BenchPlan, attempt: Attempt) -> Self {
        let Circumstances { subject, predictions, engine, machine, cpu, gpus, started_at, conditions } =
            circumstances;
        let run = attempt.run;
        let end = match attempt.end {
            End::Done => None,
            End::TooLarge(shortage) => Some(Verdict::TooLarge(shortage)),
            End::Crashed(crash) => Some(Verdict::Crashed(crash)),
            End::Stalled(limit_seconds) => Some(Verdict::Stalled { limit_seconds }),
            End::Refused(reason) => Some(Verdict::Refused { reason }),
        };
        let (prefill, decode) =
            run.as_ref().map_or((None, None), |run| (run.prefill.clone(), run.decode.clone()));
        let predicted = predictions.map(|known| Predicted::against(known, prefill.as_ref(), decode.as_ref()));
        let process = run.as_ref().and_then(|run| run.process);
        let on_cpu = attempt.planned_memory.as_ref().is_some_and(MemoryPlan::is_main_memory_only);
        let disturbed = prefill.iter().chain(&decode).any(|timed| timed.is_disturbed(on_cpu));
        Self {
            subject,
            parameters: run.as_ref().map(|run| run.facts.parameters),
            weights_bytes: run.as_ref().map(|run| run.facts.weights_bytes),
            description: run.map(|run| run.facts.description),
            prefill,
            decode,
            peak_memory_bytes: process.map(|process| process.peak_bytes),
            process,
            planned_memory: attempt.planned_memory,
            likely_reasons: Reason::likely(predicted.as_ref(), conditions.as_ref(), disturbed),
            verdict: end.unwrap_or_else(|| Verdict::of(predicted.as_ref(), disturbed)),
            predicted,
            settings: Settings {
                threads: plan.threads,
                repetitions: match plan.repetitions {
                    Repetitions::Exactly(count) => Some(count),
                    Repetitions::Within(_) => None,
                },
                gpu_layers: plan.loading.gpu_layers,
                expert_layers_in_ram: plan.loading.expert_layers_in_ram,
                split_mode: plan.loading.split_mode,
                tensor_split: plan.loading.tensor_split.clone(),
                main_gpu: plan.loading.main_gpu,
                mapped: plan.loading.mapped,
                run: plan.config.clone(),
            },
            engine,
            machine,
            cpu,
            gpus,
            date: jiff::tz::Offset::UTC.to_datetime(started_at).date(),
            started_at,
            conditions,
        }
    }
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The model's id, where it is one of the catalog.
    pub model: Option<String>,
    /// The quant, where it is known.
    pub quant: Option<String>,
    /// The file, where it is the user's.
    pub file: Option<PathBuf>,
    /// Whether its weights were random.
    pub synthetic: bool,
    /// The rule whose tensors stood for those of a quant whose makers chose each type, at its published size.
    pub stand_in: Option<String>,
    /// Length of the file.
    pub file_bytes: Bytes,
}

/// A test's result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timed {
    /// Tokens of each run.
    pub tokens: u32,
    /// Tokens in the KV cache before.
    pub depth: u32,
    /// Their speeds.
    pub tokens_per_second: RateStatistics,
    /// What a token took of energy, where the machine counts it.
    pub energy: Option<EnergyPerToken>,
    /// The share of its threads' time that the engine was let run; of little meaning where a GPU computes.
    pub processor_share: Option<f64>,
}

/// How a model was run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// Threads.
    pub threads: u32,
    /// Repetitions, where the user set them; else as many as a minute allows.
    pub repetitions: Option<u32>,
    /// Layers on GPUs; none for the engine's default.
    pub gpu_layers: Option<u32>,
    /// Layers whose routed experts stayed in main memory.
    pub expert_layers_in_ram: u32,
    /// How several GPUs shared the model.
    pub split_mode: SplitMode,
    /// The share of each GPU; empty for the engine's default.
    pub tensor_split: Vec<f32>,
    /// The GPU that held what is not split.
    pub main_gpu: u32,
    /// Whether the file was mapped rather than read.
    pub mapped: bool,
    /// The rest.
    #[serde(flatten)]
    pub run: RunConfig,
}

/// What is to be made of a bench.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// It was measured, and nothing was predicted.
    Measured,
    /// It was measured, and lies where it was predicted.
    Confirmed,
    /// It was measured, and lies elsewhere: the measurement counts.
    Corrected,
    /// It was measured while something else used the machine, and so says little of the prediction.
    Disturbed,
    /// It does not fit, and nothing was written or loaded.
    TooLarge(Shortage),
    /// The engine's process came to an end.
    Crashed(Crash),
    /// The engine's process did not answer in time and was stopped.
    Stalled {
        /// The time that it had.
        limit_seconds: Seconds,
    },
    /// The engine refused these settings of several.
    Refused {
        /// Why.
        reason: Message,
    },
}

impl Verdict {
    /// Whether everything was measured.
    #[must_use]
    pub const fn is_measured(&self) -> bool {
        matches!(self, Self::Measured | Self::Confirmed | Self::Corrected | Self::Disturbed)
    }

    /// Its name in JSON and CSV.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Disturbed => "disturbed",
            Self::TooLarge(_) => "too_large",
            Self::Crashed(_) => "crashed",
            Self::Stalled { .. } => "stalled",
            Self::Refused { .. } => "refused",
        }
    }

    /// What a measurement makes of a prediction.
    #[must_use]
    pub fn of(predicted: Option<&Predicted>, disturbed: bool) -> Self {
        let speeds: Vec<_> = predicted.into_iter().flat_map(Predicted::speeds).collect();
        match speeds.iter().all(|speed| speed.within_interval) {
            _ if disturbed => Self::Disturbed,
            _ if speeds.is_empty() => Self::Measured,
            true => Self::Confirmed,
            false => Self::Corrected,
        }
    }
}

/// The share of its threads' time below which an engine on the CPU was kept waiting by others.
const UNDISTURBED_SHARE: f64 = 0.85;

impl Timed {
    /// Whether something else used the machine: the repetitions differ by more than they do on a quiet one, or
    /// an engine `on_cpu` alone was kept waiting.
    #[must_use]
    pub fn is_disturbed(&self, on_cpu: bool) -> bool {
        let waited = self.processor_share.is_some_and(|share| share < UNDISTURBED_SHARE);
        self.tokens_per_second.is_noisy() || (on_cpu && waited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Seconds;

    fn timed(times: &[f64], processor_share: f64) -> Timed {
        let times: Vec<_> = times.iter().copied().map(Seconds).collect();
        let tokens_per_second = RateStatistics::of(128, &times).unwrap();
        let processor_share = Some(processor_share);
        Timed { tokens: 128, depth: 0, tokens_per_second, energy: None, processor_share }
    }

    #[test]
    fn an_engine_that_was_kept_waiting_says_so_however_even_its_runs_are() {
        assert!(!timed(&[10.0, 10.1], 0.99).is_disturbed(true));
        assert!(timed(&[10.0, 10.1], 0.31).is_disturbed(true));
        assert!(timed(&[10.0, 14.0], 0.99).is_disturbed(true));
        // A GPU leaves the processors idle.
        assert!(!timed(&[10.0, 10.1], 0.31).is_disturbed(false));
    }
}
