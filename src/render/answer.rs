use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Grid, Reader, Style, Table, View};
use crate::chat::{Answer, Ended, Timings};
use crate::engine::{EngineBuild, LoadRequest, Sampling};
use crate::message;
use crate::message::{Message, Value, enumeration};
use crate::run_config::RunConfig;
use crate::units::{Seconds, TokenRate};

/// An answer, drawn.
#[derive(Debug)]
pub struct AnswerView<'a> {
    /// What it is.
    pub report: &'a AnswerReport,
}

/// An answer of `run` to one prompt.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerReport {
    /// The model's id, where it is one of the catalog's.
    pub model: Option<String>,
    /// Its quant, where that is known.
    pub quant: Option<String>,
    /// The file.
    pub file: PathBuf,
    /// What was asked.
    pub prompt: String,
    /// What the model thought.
    pub thinking: String,
    /// What it said.
    pub answer: String,
    /// Why it ended.
    pub ended: Ended,
    /// Tokens of the prompt as the model reads it.
    pub prompt_tokens: u32,
    /// Tokens of the answer, thinking included.
    pub output_tokens: u32,
    /// Those of them that are thinking.
    pub thinking_tokens: u32,
    /// Until the first token.
    pub ttft_seconds: Seconds,
    /// Time of thinking, from the first token on.
    pub thinking_seconds: Seconds,
    /// From the prompt to the end of the answer, loading left out.
    pub total_seconds: Seconds,
    /// Loading the model.
    pub load_seconds: Seconds,
    /// The speed of reading the prompt.
    pub prefill_tokens_per_second: Option<TokenRate>,
    /// The speed of the answer.
    pub decode_tokens_per_second: Option<TokenRate>,
    /// How it was run.
    pub settings: AnswerSettings,
    /// What ran it.
    pub engine: EngineBuild,
}

/// How an answer was made: with these, it can be made again.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerSettings {
    /// How tokens were chosen.
    pub sampling: Sampling,
    /// Memory and batches.
    pub run: RunConfig,
    /// Threads.
    pub threads: u32,
    /// Layers on GPUs; none where llama.cpp chose.
    pub gpu_layers: Option<u32>,
    /// Leading layers whose routed experts stayed in RAM.
    pub expert_layers_in_ram: u32,
}

/// What was run, and how.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    /// The model's id.
    pub model: Option<String>,
    /// Its quant.
    pub quant: Option<String>,
    /// How it was loaded.
    pub load: &'a LoadRequest,
    /// How long that took.
    pub load_seconds: Seconds,
    /// How it was run.
    pub run: &'a RunConfig,
    /// Threads.
    pub threads: u32,
    /// How tokens were chosen.
    pub sampling: Sampling,
    /// What ran it.
    pub engine: EngineBuild,
}

impl AnswerReport {
    /// The report of an answer.
    #[must_use]
    pub fn new(prompt: &str, answer: &Answer, circumstances: &Circumstances<'_>) -> Self {
        let timings = &answer.timings;
        let Circumstances { load, .. } = circumstances;
        Self {
            model: circumstances.model.clone(),
            quant: circumstances.quant.clone(),
            file: load.path.clone(),
            prompt: prompt.to_owned(),
            thinking: answer.thinking.trim().to_owned(),
            answer: answer.answer.trim().to_owned(),
            ended: answer.ended,
            prompt_tokens: timings.prompt_tokens,
            output_tokens: timings.output_tokens,
            thinking_tokens: timings.thinking_tokens,
            ttft_seconds: timings.ttft_seconds,
            thinking_seconds: timings.thinking_seconds,
            total_seconds: timings.total(),
            load_seconds: circumstances.load_seconds,
            prefill_tokens_per_second: timings.prefill_rate(),
            decode_tokens_per_second: timings.decode_rate(),
            settings: AnswerSettings {
                sampling: circumstances.sampling,
                run: circumstances.run.clone(),
                threads: circumstances.threads,
                gpu_layers: load.loading.gpu_layers,
                expert_layers_in_ram: load.loading.expert_layers_in_ram,
            },
            engine: circumstances.engine.clone(),
        }
    }
}

impl View for AnswerView<'_> {
    type Data = AnswerReport;

    fn data(&self) -> &AnswerReport {
        self.report
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<AnswerReport>::new();
        table.left("prompt", message!(RunColumnPrompt), |report| report.prompt.clone());
        table.left("thinking", message!(RunColumnThinking), |report| report.thinking.clone());
        table.left("answer", message!(RunColumnAnswer), |report| report.answer.clone());
        table.right("output_tokens", message!(RunColumnTokens), |report| report.output_tokens);
        table.right("ttft_seconds", message!(RunColumnFirstToken), |report| report.ttft_seconds);
        table.right("total_seconds", message!(RunColumnTotal), |report| report.total_seconds);
        table.right("decode_tokens_per_second", message!(RunColumnDecode), |report| {
            report.decode_tokens_per_second
        });
        table.grid([self.report], reader, style.locale)
    }

    fn draw(&self, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{}", self.report.answer)
    }
}

/// The line under an answer: its speed, and what it took.
#[must_use]
pub fn end_line(timings: &Timings, ended: Ended, context: u32) -> Message {
    let of_context = message!(RunContextUsed { used: timings.context_tokens(), context });
    let tokens = match timings.thinking_tokens {
        0 => message!(RunTokens { tokens: timings.output_tokens }),
        thinking => message!(RunTokensThinking { tokens: timings.output_tokens, thinking }),
    };
    let mut parts: Vec<Value> = timings.decode_rate().into_iter().map(Value::from).collect();
    parts.extend([
        message!(RunFirstToken { time: timings.ttft_seconds }).into(),
        message!(RunInTime { tokens, time: timings.total() }).into(),
        of_context.into(),
    ]);
    parts.extend(match ended {
        Ended::Whole => None,
        Ended::MostTokens => Some(message!(RunCutByMaxTokens).into()),
        Ended::ContextFull => Some(message!(RunCutByContext).into()),
        Ended::Stopped => Some(message!(RunStopped).into()),
    });
    message!(RunEnd { parts: enumeration(parts) })
}

/// Shown in place of thoughts while they are folded.
#[must_use]
pub fn thinking_line(timings: &Timings) -> Message {
    let tokens = message!(RunTokens { tokens: timings.thinking_tokens });
    let time = Value::from(timings.thinking_seconds);
    let rate = timings.decode_rate().map(Value::from);
    message!(RunThinking { parts: enumeration([tokens.into(), time].into_iter().chain(rate)) })
}

/// Shown in place of folded thoughts afterwards.
#[must_use]
pub fn thought_line(timings: &Timings) -> Message {
    let tokens = message!(RunTokens { tokens: timings.thinking_tokens });
    message!(RunThought { time: timings.thinking_seconds, tokens })
}
