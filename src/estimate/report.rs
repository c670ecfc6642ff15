use serde::Serialize;

use super::binding::{Binding, binding};
use super::predicted::{PredictedRate, PredictedTime};
use super::process::Process;
use super::{
    AnswerTime, DeviceMemory, Fit, LargestContext, Numa, Offload, Placement, PlacementKind, PreparedSpeed,
    Reserve, Site, SpeedBasis, Subject, Task, answer_time, flags, largest_context, place, place_as_told,
};
use crate::both;
use crate::catalog::{AnswerLength, Calibration};
use crate::engine::MemoryPlan;
use crate::lang::Text;
use crate::machine::{Backend, Machine};
use crate::run_config::RunConfig;
use crate::units::{Bytes, Seconds};

/// Everything that is reckoned of one model on one machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The model's id; of a file whose shape no model of the catalog has, what the file calls itself.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// The path or URL of the file whose header was read, if one was.
    pub file: Option<String>,
    /// What it takes.
    pub memory: EstimatedMemory,
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
    /// The flags that make llama.cpp run it so.
    pub llama_cpp_flags: Vec<String>,
    /// The Modelfile that makes Ollama run it so, where the quant is published.
    pub ollama_modelfile: Option<String>,
    /// How the figures are known.
    pub basis: Basis,
}

/// What a model takes in memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EstimatedMemory {
    /// Weights.
    pub weights_bytes: Bytes,
    /// KV cache.
    pub kv_cache_bytes: Bytes,
    /// Intermediate values.
    pub compute_bytes: Bytes,
    /// The CPU backend's second copy, beside the mapped file whose pages can then be dropped.
    pub repack_bytes: Bytes,
    /// What the engine's process takes for itself where the CPU computes.
    pub program_bytes: Bytes,
    /// What of the compute buffers is reserved in RAM and stays empty: logits that nobody asks for.
    pub untouched_bytes: Bytes,
    /// Weights, KV cache and intermediate values: what must stay.
    pub needed_bytes: Bytes,
    /// All that is held while it runs: the sum of these, less what stays empty.
    pub total_bytes: Bytes,
    /// What kind of placement it is.
    pub placement: PlacementKind,
    /// Layers on GPUs, the output counted as one more.
    pub gpu_layers: u32,
    /// Leading layers whose routed experts stay in RAM.
    pub expert_layers_in_ram: u32,
    /// What each device holds.
    pub devices: Vec<DeviceMemory>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// Of the weights' size.
    pub weights: Text,
    /// Of the KV cache's size.
    pub kv_cache: Text,
    /// Of the compute buffers' size.
    pub compute: Text,
    /// Of the speeds.
    pub speed: Text,
}

impl Estimate {
    /// The same with what llama.cpp itself planned for the CPU, in place of what was computed.
    ///
    /// The weights stay as computed: it counts rearranged ones in place of those of the file, which stays mapped,
    /// and rearranges them for the CPU at hand, which need not be the machine's.
    #[must_use]
    pub fn planned(mut self, plan: &CpuPlan) -> Self {
        let memory = &mut self.memory;
        let compute = |plan: &MemoryPlan| plan.sum(|device| device.compute_bytes);
        memory.kv_cache_bytes = plan.reserved.sum(|device| device.kv_cache_bytes);
        memory.compute_bytes = compute(&plan.reserved);
        memory.untouched_bytes = memory.compute_bytes.saturating_sub(compute(&plan.asked));
        memory.add_up();
        if let [ram] = &mut memory.devices[..] {
            ram.weights_bytes = memory.weights_bytes;
            ram.kv_cache_bytes = memory.kv_cache_bytes;
            ram.compute_bytes = memory.compute_bytes;
        }
        let planned = both!("planned by llama.cpp itself", "由 llama.cpp 自己规划");
        self.basis = Basis { kv_cache: planned.clone(), compute: planned, ..self.basis };
        self
    }
}

impl EstimatedMemory {
    /// What `subject` takes, so placed and run.
    #[must_use]
    pub fn of(subject: &Subject<'_>, machine: &Machine, placement: &Placement, run: &RunConfig) -> Self {
        let sum = |part: fn(&DeviceMemory) -> Bytes| placement.devices.iter().map(part).sum::<Bytes>();
        let process = Process::of(subject, placement, run);
        let mut memory = Self {
            weights_bytes: subject.weights_bytes(),
            kv_cache_bytes: sum(|device| device.kv_cache_bytes),
            compute_bytes: sum(|device| device.compute_bytes),
            repack_bytes: placement.repacked(subject, machine),
            program_bytes: process.program,
            untouched_bytes: process.untouched,
            needed_bytes: Bytes::ZERO,
            total_bytes: Bytes::ZERO,
            placement: placement.kind,
            gpu_layers: placement.gpu_layers,
            expert_layers_in_ram: placement.expert_layers_in_ram,
            devices: placement.devices.clone(),
        };
        memory.add_up();
        memory
    }

    fn add_up(&mut self) {
        self.needed_bytes = self.weights_bytes + self.kv_cache_bytes + self.compute_bytes;
        let reserved = self.needed_bytes + self.repack_bytes + self.program_bytes;
        self.total_bytes = reserved.saturating_sub(self.untouched_bytes);
    }
}

/// What llama.cpp plans for the CPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuPlan {
    /// As it is run: with room for the logits of every token.
    pub reserved: MemoryPlan,
    /// With room for the logits that answering asks for: what is touched of it.
    pub asked: MemoryPlan,
}

/// What to reckon beside the model and the machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// How it is run.
    pub run: RunConfig,
    /// A question and an answer.
    pub task: Task,
    /// Tokens in the cache to tell the decode speed at.
    pub depth: u32,
    /// Tokens in the cache before the prompt whose prefill speed is told.
    pub prefill_depth: u32,
    /// The backend, where it is not the GPU's usual one.
    pub backend: Option<Backend>,
    /// How long answers are, by task.
    pub answer_lengths: Vec<AnswerLength>,
    /// What goes to GPUs, where not the placement that decodes fastest is wanted.
    pub offload: Option<Offload>,
}

/// The time to answer a kind of task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerOf {
    /// The task.
    pub task: String,
    /// Whether such answers are short, typical or long.
    pub length: &'static str,
    /// How long, thinking included.
    pub output_tokens: u32,
    /// Until the last token.
    pub whole: PredictedTime,
}

fn answers(speed: &PreparedSpeed<'_>, request: &Request) -> Vec<AnswerOf> {
    let room = request.run.context_per_sequence();
    let mut answers = Vec::new();
    for task in &request.answer_lengths {
        for (length, output_tokens) in
            [("short", task.short_tokens), ("typical", task.typical_tokens), ("long", task.long_tokens)]
        {
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

/// Reckons everything of `subject` on `machine`.
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
    let memory = EstimatedMemory::of(subject, machine, &placement, &request.run);
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
        llama_cpp_flags: flags::llama_cpp(subject, machine, &placement, &request.run),
        ollama_modelfile: flags::ollama_modelfile(subject, &placement, &request.run),
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
                Some(_) => both!("read from the file's header", "读自文件头"),
                None if subject.is_published_size() => {
                    both!("published size of the files", "公布的文件大小")
                }
                None => both!(
                    "computed to the byte from the tensors and llama.cpp's quantization rules",
                    "按张量形状和 llama.cpp 的量化规则计算，精确到字节"
                ),
            },
            kv_cache: both!(
                "computed to the byte as llama.cpp allocates it",
                "按 llama.cpp 的分配方式计算，精确到字节"
            ),
            compute: both!("formula", "按公式估算"),
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
        None => place(site),
    }
}

/// How the speed is known, in words.
fn speed_basis(rate: Option<PredictedRate>, calibration: &Calibration, sequences: u32) -> Text {
    let basis = speed_basis_of_one(rate, calibration);
    if sequences <= 1 {
        return basis;
    }
    let Text { en, zh } = basis;
    both!(
        "{en}; {sequences} sequences at once share each reading of the weights, by the same model, which no published \
         run of llama.cpp tests",
        "{zh}；{sequences} 个序列同时解码时共用每次权重读取，由同一模型推算，没有公开的 llama.cpp 实测可检验"
    )
}

fn speed_basis_of_one(rate: Option<PredictedRate>, calibration: &Calibration) -> Text {
    match rate.map(|rate| rate.basis) {
        Some(SpeedBasis::Measured { date }) => {
            both!("measured here on {date}", "{date} 在本机实测")
        }
        Some(SpeedBasis::Scaled { date }) => {
            let from = calibration.lessons.iter().rfind(|lesson| lesson.date == date);
            let Text { en, zh } = from.map_or_else(
                || both!("another model", "另一个模型"),
                |lesson| format!("{}:{}", lesson.model, lesson.quant).into(),
            );
            both!(
                "predicted, and scaled from {en}, measured here on {date}",
                "预测值，并按 {date} 在本机实测的 {zh} 校正"
            )
        }
        Some(SpeedBasis::Predicted) | None => both!(
            "predicted from bandwidth and compute by constants fitted to published measurements",
            "根据带宽和算力预测，常数拟合自公开的实测数据"
        ),
    }
}
