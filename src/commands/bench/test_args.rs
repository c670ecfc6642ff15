use std::time::Duration;

use clap::Args;

use super::numbers::{Numbers, all, numbers};
use crate::bench::{BenchPlan, Need, Repetitions};
use crate::commands::typed::whole;
use crate::error::Error;
use crate::message;
use crate::units::Seconds;

/// Time for the repetitions of one test, where their number is not given: two tests and their warm-ups then take
/// about a minute.
const TEST_TIME: Seconds = Seconds(25.0);

/// What is timed, and how often. Lists such as `128,512` and ranges such as `128-1024*2` make several runs.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Tests")]
pub struct TestArgs {
    /// Tokens of the prompt; 0 leaves prefill out [default: 512]
    #[arg(short = 'p', long, alias = "n-prompt", value_name = "N", value_parser = numbers(0..=1_048_576))]
    pub prefill_tokens: Vec<Numbers>,
    /// Tokens to decode one by one; 0 leaves decode out [default: 128]
    #[arg(short = 'n', long, alias = "n-gen", value_name = "N", value_parser = numbers(0..=1_048_576))]
    pub decode_tokens: Vec<Numbers>,
    /// Tokens in the KV cache before either begins [default: 0]
    #[arg(short = 'd', long, alias = "n-depth", value_name = "N", value_parser = numbers(0..=1_048_576))]
    pub depth: Vec<Numbers>,
    /// Repetitions of each test [default: 5, or fewer to stay near a minute]
    #[arg(short = 'r', long, value_name = "N", value_parser = whole::<u32>(1..=1000))]
    pub repetitions: Option<u32>,
    /// Fail unless this is measured, such as `decode>=8` (tok/s) or `ttft<=3` (s, of the measured prompt); also prefill, tpot
    #[arg(long, value_name = "NEED", value_delimiter = ',')]
    pub need: Vec<Need>,
    /// Stop an engine that has not answered for this many seconds: the time for one repetition
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = whole::<u64>(1..=604_800))]
    pub time_limit: u64,
}

impl TestArgs {
    /// Prompts and answers to time: the first of each in one run, the second of each in the next.
    pub(super) fn lengths(&self, other_tests: bool) -> Result<Vec<(u32, u32)>, Error> {
        let (prompts, answers) = (all(&self.prefill_tokens, 512), all(&self.decode_tokens, 128));
        let length = |all: &[u32], index: usize| all.get(index).copied().unwrap_or(0);
        let count = prompts.len().max(answers.len());
        let lengths: Vec<_> = (0..count)
            .map(|index| (length(&prompts, index), length(&answers, index)))
            .filter(|lengths| *lengths != (0, 0))
            .collect();
        if lengths.is_empty() && other_tests {
            return Ok(vec![(0, 0)]);
        }
        if lengths.is_empty() {
            return Err(Error::usage(message!(BenchNothingOfNone)));
        }
        Ok(lengths)
    }

    pub(super) fn depths(&self) -> Vec<u32> {
        all(&self.depth, 0)
    }

    pub(super) fn repetitions(&self) -> Repetitions {
        self.repetitions.map_or(Repetitions::Within(TEST_TIME), Repetitions::Exactly)
    }

    /// Repetitions of a trial of `--tune`, of which there are many.
    pub(super) fn trial_repetitions(&self) -> Repetitions {
        Repetitions::Exactly(self.repetitions.unwrap_or(2))
    }

    /// The lengths of each of several users: the given ones, of lists the first.
    pub(super) fn crowd(&self, plan: &BenchPlan) -> BenchPlan {
        let first =
            |given: &[Numbers], default| all(given, default).first().copied().filter(|tokens| *tokens > 0);
        BenchPlan {
            prefill_tokens: first(&self.prefill_tokens, 512).unwrap_or(128),
            decode_tokens: first(&self.decode_tokens, 128).unwrap_or(32),
            ..plan.clone()
        }
    }

    pub(super) const fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }
}
