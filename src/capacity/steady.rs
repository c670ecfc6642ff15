use super::step_time::Prefilled;
use super::{Deployment, Prompts, StepTime};
use crate::units::{Seconds, TokenRate};

/// What a replica does with so many requests in flight, each of the same lengths, by a closed form: near what a
/// simulation says, and a thousand times as fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Time between tokens.
    pub tpot: Seconds,
    /// Wait for the first.
    pub ttft: Seconds,
    /// Answered tokens a second.
    pub output: TokenRate,
    /// Sequences that decode at once.
    pub batch: f64,
}

/// Rounds in which the batch, the waits and the prompts between steps settle.
const ROUNDS: u32 = 12;

/// A batch that moves by less than this share is settled.
const SETTLED: f64 = 1e-3;

impl Deployment {
    /// What it does with `held` requests in flight at all times; `None` where the weights do not fit.
    #[must_use]
    pub fn steady(&self, step: &StepTime, held: f64, prompt: f64, output: f64) -> Option<Steady> {
        let chunk = self.chunk_of(prompt);
        let room = (self.cache_tokens()? / (prompt + output / 2.0)).max(1.0);
        let most = held.min(room).min(f64::from(self.most_sequences()));
        let alone = self.engine.prompts() == Prompts::First;
        let front = step.front[0] + step.front[1] * prompt;
        let mut batch = most;
        let mut found = Steady { tpot: Seconds(0.0), ttft: Seconds(0.0), output: TokenRate(0.0), batch };
        for _ in 0..ROUNDS {
            let cached = batch * (prompt + output / 2.0);
            let decode = step.decode(batch, cached).0;
            // Tokens of prompts that come for each step, and how many a step with prompts takes.
            let come = prompt * batch * step.accepted / output;
            let taken = come.clamp(prompt.min(chunk), chunk.max(prompt.min(chunk)));
            let often = come / taken;
            let work =
                Prefilled { tokens: taken, pairs: taken * prompt / 2.0, prompts: (taken / prompt).max(1.0) };
            let (mean, with) = if alone {
                let with = step.with_prompts(0.0, 0.0, 0.0, work).0;
                (decode + often * with, with)
            } else {
                let with = step.with_prompts(batch, cached, decode, work).0;
                ((1.0 - often).max(0.0) * decode + often * with, with)
            };
            let tpot = mean / step.accepted;
            let chunks = (prompt / chunk).max(1.0);
            let waits = (held / most - 1.0).max(0.0) * output * tpot;
            let ttft = step.reply
                + front * (1.0 + often.min(1.0))
                + with * chunks * (1.0 + 0.5 * often.min(2.0))
                + 0.5 * step.receive * decode
                + 0.5 * decode.min(with)
                + waits;
            found = Steady {
                tpot: Seconds(tpot),
                ttft: Seconds(ttft),
                output: TokenRate(held * output / (ttft + (output - 1.0) * tpot)),
                batch,
            };
            let settled = (held / (1.0 + ttft / (output * tpot))).clamp(0.2_f64.min(most), most);
            if (settled - batch).abs() <= batch * SETTLED {
                break;
            }
            batch = 0.5 * batch + 0.5 * settled;
        }
        Some(found)
    }
}
