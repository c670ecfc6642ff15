use serde::Serialize;

use super::predicted::{Interval, PredictedRate, PredictedTime};
use super::speed::Speed;
use crate::units::Seconds;

/// A question and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Tokens of the question, with what stands before it.
    pub prompt_tokens: u32,
    /// Tokens of the answer, thinking included.
    pub output_tokens: u32,
}

impl Task {
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
    /// Speed of writing in the middle of the answer.
    pub decode: PredictedRate,
    /// Until the first token.
    pub ttft: PredictedTime,
    /// Until the last token.
    pub whole: PredictedTime,
}

/// The time of a task: prefill, then each token at the depth that has been reached by then.
/// `None` where a speed is unknown.
#[must_use]
pub fn answer_time(speed: &Speed<'_>, task: Task) -> Option<AnswerTime> {
    let prefill = speed.prefill(task.prompt_tokens)?;
    let decode = speed.decode(task.middle())?;
    let ttft = |rate: f64| f64::from(task.prompt_tokens) / rate;
    let output = |rate: f64| f64::from(task.output_tokens) / rate;
    let time = |seconds: f64, low: f64, high: f64| PredictedTime {
        seconds: Seconds(seconds),
        interval: Interval { low, high },
    };
    // The slowest rate gives the longest time.
    let (fast, slow) = (prefill.interval.high, prefill.interval.low);
    let first = time(ttft(prefill.tokens_per_second), ttft(fast), ttft(slow));
    let whole = time(
        first.seconds.0 + output(decode.tokens_per_second),
        first.interval.low + output(decode.interval.high),
        first.interval.high + output(decode.interval.low),
    );
    Some(AnswerTime { prefill, decode, ttft: first, whole })
}
