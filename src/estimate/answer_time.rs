use serde::Serialize;

use super::predicted::{Interval, PredictedRate, PredictedTime};
use super::speed::PreparedSpeed;

/// A question and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Tokens of the question, with what stands before it.
    pub prompt_tokens: u32,
    /// Tokens of the answer, thinking included.
    pub output_tokens: u32,
}

impl Task {
    /// A short question and a typical answer with its thinking, where nothing else is known.
    pub const USUAL: Self = Self { prompt_tokens: 512, output_tokens: 2048 };

    /// The depth in the middle of the answer. Time a token grows linearly with depth, so it stands for the whole.
    #[must_use]
    pub const fn middle(self) -> u32 {
        self.prompt_tokens + self.output_tokens / 2
    }
}

/// How long a question takes until its answer is whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AnswerTime {
    /// Speed of reading the question.
    pub prefill: PredictedRate,
    /// Speed of writing in the middle of the answer, while as many others are written as there are sequences.
    pub decode: PredictedRate,
    /// Until the first token (TTFT).
    pub ttft: PredictedTime,
    /// A token at the start of the answer (TPOT).
    pub tpot_at_start: PredictedTime,
    /// A token at its end, with the question and the answer in the cache.
    pub tpot_at_end: PredictedTime,
    /// Until the last token.
    pub whole: PredictedTime,
}

/// The time of a task: prefill, then each token at the depth that has been reached by then. Where there are several
/// sequences, the others decode, too, at the same depth, and their prefills are left out.
/// `None` where a speed is unknown.
#[must_use]
pub fn answer_time(speed: &PreparedSpeed<'_>, task: Task) -> Option<AnswerTime> {
    let prefill = speed.prefill(task.prompt_tokens, 0)?;
    let decode = speed.decode(f64::from(task.middle()))?;
    let time = |tokens: u32, rate: PredictedRate| rate.time_of(tokens);
    let ttft = time(task.prompt_tokens, prefill);
    let writing = time(task.output_tokens, decode);
    let whole = PredictedTime {
        seconds: ttft.seconds + writing.seconds,
        interval: Interval {
            low: ttft.interval.low + writing.interval.low,
            high: ttft.interval.high + writing.interval.high,
        },
    };
    Some(AnswerTime {
        prefill,
        decode,
        ttft,
        tpot_at_start: time(1, speed.decode(f64::from(task.prompt_tokens))?),
        tpot_at_end: time(1, speed.decode(f64::from(task.prompt_tokens + task.output_tokens))?),
        whole,
    })
}
