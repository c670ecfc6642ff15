use serde::Serialize;

use super::binding::{Binding, binding};
use super::flags::{OllamaLack, RaiseLimit};
use super::predicted::{PredictedRate, PredictedTime};
use super::{
    AnswerTime, Fit, LargestContext, Memory, Numa, Offload, PreparedSpeed, Reserve, Site, SpeedBasis,
    Subject, Task, answer_time, flags, largest_context, place_as_told, place_or_raise,
};
use crate::catalog::{AnswerLength, Calibration};
use crate::engine::MemoryPlan;
use crate::machine::{Backend, Machine};
use crate::message;
use crate::message::Message;
use crate::run_config::RunConfig;
use crate::units::{Bytes, Seconds};

/// Everything that is computed for one model on one machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The model's id; of a file whose shape no model of the catalog has, what the file calls itself.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// The path or URL of the file whose header was read, if one was.
    pub file: Option<String>,
    /// What it takes.
    pub memory: Memory,
    /// Whether it fits, and what is left or missing.
    pub fits: FitSummary,
    /// Decode speed of each sequence at `depth`; none where a GPU's bandwidth is unknown.
    pub decode: Option<PredictedRate>,
    /// Decode speed of all sequences together, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode_of_all: Option<PredictedRate>,
    /// Tokens in the cache that the decode speed is for.
    pub depth: u32,
    /// Prefill speed over the task's prompt; none where a GPU's compute is unknown.
    pub prefill: Option<PredictedRate>,
    /// Until the first token.
    pub ttft_seconds: Option<Seconds>,
    /// Until the last token.
    pub time_to_answer_seconds: Option<Seconds>,
    /// The question and the answer that the times are for.
    pub task: Task,
    /// The times of that in full, with their intervals; none where a speed is unknown.
    pub answer: Option<AnswerTime>,
    /// The same question with answers as they are short, typical and long for each kind of task, as far as the context
    /// holds them.
    pub answers: Vec<AnswerOf>,
    /// How it is run.
    pub run: RunConfig,
    /// What binds.
    pub binds: Binding,
    /// What several NUMA nodes mean for it, where the CPU computes.
    pub numa: Option<Numa>,
    /// How far the context can grow.
    pub largest_context: LargestContext,
    /// What must be done first, where a GPU that shares main memory may not take as much by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raise_limit: Option<RaiseLimit>,
    /// The flags that make llama.cpp run it so.
    pub llama_cpp_flags: Vec<String>,
    /// The whole command line of `llama-server`, where the weights are a file that can be named.
    pub llama_server_command: Option<String>,
    /// The Modelfile that makes Ollama run it so, where the quant is published and Ollama can.
    pub ollama_modelfile: Option<String>,
    /// What Ollama lacks for it.
    pub ollama_lacks: Option<OllamaLack>,
    /// How the figures are known.
    pub basis: Basis,
}

/// Whether a model fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FitSummary {
    /// It does.
    Fits {
        /// What the tightest device has left.
        headroom_bytes: Bytes,
    },
    /// It does not.
    TooLarge {
        /// What is missing.
        shortfall_bytes: Bytes,
    },
}

/// How the figures of an estimate are known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Basis {
    /// Of the weights' size.
    pub weights: Message,
    /// Of the KV cache's size.
    pub kv_cache: Message,
    /// Of the compute buffers' size.
    pub compute: Message,
    /// Of the speeds.
    pub speed: Message,
}

impl Estimate {
    /// The same with the memory that llama.cpp itself planned for the CPU.
    #[must_use]
    pub fn planned(mut self, plan: &CpuPlan) -> Self {
        self.memory.plan(plan);
        let planned = message!(EstimatePlanned);
        self.basis = Basis { kv_cache: planned.clone(), compute: planned, ..self.basis };
        self
    }
}

/// What llama.cpp plans for the CPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuPlan {
    /// As it is run: with room for the logits of every token.
    pub reserved: MemoryPlan,
    /// With room for the logits that answers need: what of it is ever written.
    pub needed: MemoryPlan,
}

/// What to compute, beside the model and the machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// How it is run.
    pub run: RunConfig,
    /// A question and an answer.
    pub task: Task,
    /// Tokens in the cache at which to predict the decode speed.
    pub depth: u32,
    /// Tokens in the cache before the prompt of the prefill speed.
    pub prefill_depth: u32,
    /// The backend, if not the GPU's usual one.
    pub backend: Option<Backend>,
    /// How long answers are, by task.
    pub answer_lengths: Vec<AnswerLength>,
    /// What goes to GPUs, if not by the placement that decodes fastest.
    pub offload: Option<Offload>,
}

/// How long an answer is among those to its kind of task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// A short one.
    Short,
    /// A typical one.
    #[default]
    Typical,
    /// A long one.
    Long,
}

impl Length {
    /// Every length, the shortest first.
    pub const ALL: [Self; 3] = [Self::Short, Self::Typical, Self::Long];

    /// Tokens of such an answer to that kind of task, thinking included.
    #[must_use]
    pub const fn tokens(self, task: &AnswerLength) -> u32 {
        match self {
            Self::Short => task.short_tokens,
            Self::Typical => task.typical_tokens,
            Self::Long => task.long_tokens,
        }
    }
}

/// The time to answer a kind of task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerOf {
    /// The task.
    pub task: String,
    /// Whether such answers are short, typical or long.
    pub length: Length,
    /// How long, thinking included.
    pub output_tokens: u32,
    /// Until the last token.
    pub whole: PredictedTime,
}

fn answers(speed: &PreparedSpeed<'_>, request: &Request) -> Vec<AnswerOf> {
    let room = request.run.context_per_sequence();
    let mut answers = Vec::new();
    for task in &request.answer_lengths {
        for length in Length::ALL {
            let output_tokens = length.tokens(task);
            let of = Task { output_tokens, ..request.task };
            if of.prompt_tokens.saturating_add(output_tokens) > room {
                continue;
            }
            if let Some(time) = answer_time(speed, of) {
                answers.push(AnswerOf { task: task.id.clone(), length, output_tokens, whole: time.whole });
            }
        }
    }
    answers
}

/// Computes everything for `subject` on `machine`.
#[must_use]
pub fn estimate(
    subject: &Subject<'_>,
    machine: &Machine,
    request: &Request,
    calibration: &Calibration,
) -> Estimate {
    let site = Site {
        subject,
        machine,
        config: &request.run,
        task: request.task,
        reserve: Reserve::for_machine(machine),
        backend: request.backend,
        calibration,
    };
    let (placement, fits) = match placed(&site, request) {
        Fit::Fits(placement) => {
            let headroom_bytes = placement.headroom();
            (placement, FitSummary::Fits { headroom_bytes })
        }
        Fit::TooLarge { nearest, shortfall } => {
            (nearest, FitSummary::TooLarge { shortfall_bytes: shortfall })
        }
    };
    let speed = site.speed(&placement);
    let speed = speed.prepared();
    let answer = answer_time(&speed, request.task);
    let (decode, prefill) = (
        speed.decode(f64::from(request.depth)),
        speed.prefill(request.task.prompt_tokens, request.prefill_depth),
    );
    let memory = Memory::of(subject, machine, placement.clone(), &request.run);
    let llama_cpp_flags = flags::llama_cpp(subject, machine, &placement, &request.run);
    let (ollama_modelfile, ollama_lacks) = match flags::ollama_modelfile(subject, &placement, &request.run) {
        Some(Ok(modelfile)) => (Some(modelfile), None),
        Some(Err(lack)) => (None, Some(lack)),
        None => (None, None),
    };
    Estimate {
        model: subject.model.id.to_owned(),
        quant: subject.quant.clone(),
        file: subject.file.map(str::to_owned),
        largest_context: largest_context(
            subject,
            &request.run,
            &|run| placed(&Site { config: run, ..site }, request),
            &|placement, run| Site { config: run, ..site }.speed(placement).decode(request.depth),
        ),
        numa: Numa::of(&placement, machine, memory.repack_bytes),
        binds: binding(&speed, request.depth),
        raise_limit: RaiseLimit::of(&placement, machine),
        llama_server_command: flags::llama_server(subject, &llama_cpp_flags, &request.run),
        llama_cpp_flags,
        ollama_modelfile,
        ollama_lacks,
        memory,
        fits,
        decode_of_all: of_all(decode, &request.run),
        decode,
        depth: request.depth,
        prefill,
        ttft_seconds: answer.map(|answer| answer.ttft.seconds),
        time_to_answer_seconds: answer.map(|answer| answer.whole.seconds),
        answers: answers(&speed, request),
        answer,
        task: request.task,
        run: request.run.clone(),
        basis: Basis {
            weights: match subject.file {
                Some(_) => message!(EstimateWeightsOfFile),
                None if subject.is_published_size() => message!(EstimateWeightsPublished),
                None => message!(EstimateWeightsComputed),
            },
            kv_cache: message!(EstimateCacheComputed),
            compute: message!(EstimateFormula),
            speed: speed_basis(decode.or(prefill), calibration, request.run.sequences),
        },
    }
}

/// What all sequences get together, where there are several.
#[must_use]
pub fn of_all(decode: Option<PredictedRate>, run: &RunConfig) -> Option<PredictedRate> {
    decode.filter(|_| run.sequences > 1).map(|decode| decode.of_all(run.sequences))
}

fn placed(site: &Site<'_>, request: &Request) -> Fit {
    match request.offload {
        Some(offload) => place_as_told(site, offload),
        None => place_or_raise(site),
    }
}

/// How the speed is known.
fn speed_basis(rate: Option<PredictedRate>, calibration: &Calibration, sequences: u32) -> Message {
    match rate.map(|rate| rate.basis) {
        Some(SpeedBasis::Measured { date }) => {
            message!(EstimateSpeedMeasured { date: date.to_string(), sequences })
        }
        Some(SpeedBasis::Scaled { date }) => {
            let from = calibration.lessons.iter().rfind(|lesson| lesson.date == date);
            let from = from
                .map_or_else(|| "unknown".to_owned(), |lesson| format!("{}:{}", lesson.model, lesson.quant));
            message!(EstimateSpeedScaled { date: date.to_string(), from, sequences })
        }
        Some(SpeedBasis::Predicted) | None => message!(EstimateSpeedPredicted { sequences }),
    }
}
