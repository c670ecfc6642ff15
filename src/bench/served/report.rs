use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    ApiCost, Finished, Goodput, Load, Outcome, Percentiles, RequestRate, Round, Service, Slo, Workload,
};
use crate::endpoint::{Api, Coherence, Dialect, Failure};
use crate::error::Failure as _;
use crate::message::Message;
use crate::units::{Seconds, TokenRate};

/// What came of measuring a served engine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServedMeasurement {
    /// Where it is.
    pub endpoint: String,
    /// The model's name there.
    pub model: String,
    /// Which kind of request was made.
    pub api: Api,
    /// What it was asked beyond the bare request.
    pub dialect: Dialect,
    /// How long prompts and answers were to be.
    pub workload: Workload,
    /// What answers there, where its user says.
    pub service: Option<Service>,
    /// What was promised.
    pub slo: Option<Slo>,
    /// Each load that was put on it.
    pub loads: Vec<LoadResult>,
    /// What a search for the highest load found.
    pub sweep: Option<SweepResult>,
    /// What the API charges for the run.
    pub cost: Option<ApiCost>,
    /// Whether it was ended early.
    pub interrupted: bool,
    /// What is to be made of it.
    pub verdict: ServedVerdict,
    /// The day.
    pub date: jiff::civil::Date,
}

/// What is to be made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ServedVerdict {
    /// There is no SLO.
    Measured,
    /// Within the SLO: all loads or, in a search, at least one.
    Met,
    /// Beyond the SLO.
    Missed,
    /// No request was answered.
    Failed,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SweepResult {
    /// The highest load within the SLO.
    pub highest_within_slo: Option<Load>,
    /// The lowest load that was not; none where the most that was tried was within it.
    pub lowest_beyond_slo: Option<Load>,
}

/// What users got under one load.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadResult {
    /// The load.
    pub load: Load,
    /// Tokens before each prompt that the server had read already, as `-d` of llama-bench has it.
    pub depth_tokens: u32,
    /// From the first request to the end of the last.
    pub duration_seconds: Seconds,
    /// How many requests.
    pub requests: Requests,
    /// Why some failed, by kind.
    pub failures: Vec<FailureCount>,
    /// Answers that came in one burst, which have no time per token and are within no SLO.
    pub bursts: u64,
    /// Answers that went on beyond the requested length, and were cut there.
    pub cut: u64,
    /// Answers that are empty, repeat one token or are not text; none with `--coherence off`.
    pub incoherent: Option<Incoherent>,
    /// Time to the first token, be it of the thinking.
    pub ttft_seconds: Option<Percentiles>,
    /// Time per token after the first.
    pub tpot_seconds: Option<Percentiles>,
    /// Time to the last token.
    pub end_to_end_seconds: Option<Percentiles>,
    /// Time to the first token behind the thinking.
    pub answer_begins_seconds: Option<Percentiles>,
    /// The longest silence within each answer.
    pub longest_gap_seconds: Option<Percentiles>,
    /// Tokens.
    pub tokens: Tokens,
    /// Output of all users in a second.
    pub output_tokens_per_second: TokenRate,
    /// Whole answers in a second.
    pub requests_per_second: RequestRate,
    /// Those within the SLO.
    pub goodput: Option<Goodput>,
    /// Whether those are enough.
    pub meets_slo: Option<bool>,
    /// Processor time of this client, as a share of one core.
    pub client_core_share: Option<f64>,
}

/// How many requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Sent.
    pub sent: u64,
    /// Answered in full.
    pub completed: u64,
    /// Failed.
    pub failed: u64,
    /// In flight when the user cancelled.
    pub unfinished: u64,
}

/// How many answers do not read like one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Incoherent {
    /// They have tokens and nothing to read.
    pub empty: u64,
    /// They end in the same token over and over.
    pub repeating: u64,
    /// They are no text.
    pub not_text: u64,
}

impl Incoherent {
    fn of(outcomes: &[Outcome]) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            match outcome.result.as_ref().map(|reply| reply.coherence) {
                Ok(Coherence::Empty) | Err(Failure::Empty) => counts.empty += 1,
                Ok(Coherence::Repeats) => counts.repeating += 1,
                Ok(Coherence::NotText) => counts.not_text += 1,
                Ok(Coherence::Text) | Err(_) => {}
            }
        }
        counts
    }

    /// Of any kind.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.empty + self.repeating + self.not_text
    }
}

/// Failures of a kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureCount {
    /// The kind.
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub example: Message,
}

/// Tokens of the answered requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Of the prompts, with the template, where the server counted.
    pub prompt: Option<u64>,
    /// Of those, what came out of a cache of the server's, where it says so.
    pub prompt_cached: Option<u64>,
    /// Of the output, thinking included.
    pub output: u64,
    /// The most that was requested.
    pub output_asked: u64,
    /// Of the output, what was thinking.
    pub reasoning: u64,
    /// Who counted the output.
    pub counted_by: CountedBy,
}

/// Who counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedBy {
    /// The server, by its `usage`.
    Server,
    /// This client, which takes each piece of the stream for a token.
    Pieces,
    /// The server for some answers, this client for the others.
    Both,
}

/// How a round is seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    /// Tokens before each prompt.
    pub depth_tokens: u32,
    /// What was promised.
    pub slo: Option<&'a Slo>,
    /// Processor time of this program.
    pub processor: Option<Seconds>,
    /// Whether to look at what the answers say.
    pub looks: bool,
}

impl LoadResult {
    /// What came of a round.
    #[must_use]
    pub fn of(round: &Round, seen: Seen<'_>) -> Self {
        let Seen { depth_tokens, slo, processor, looks } = seen;
        let answered: Vec<Finished> = round.outcomes.iter().filter_map(Outcome::finished).collect();
        let requests = Requests {
            sent: round.outcomes.len() as u64 + round.unfinished,
            completed: answered.len() as u64,
            failed: (round.outcomes.len() - answered.len()) as u64,
            unfinished: round.unfinished,
        };
        // Of nothing in no time, there is no speed.
        let duration = Seconds(round.duration.0.max(f64::MIN_POSITIVE));
        let per_second = |count: f64| if count > 0.0 { count / duration.0 } else { 0.0 };
        let tokens = Tokens::of(&round.outcomes);
        let goodput = slo.map(|slo| {
            let kept = answered.iter().filter(|finished| slo.is_kept_by(finished)).count();
            // What the user did not wait for has broken no promise yet.
            let of = requests.completed + requests.failed;
            Goodput {
                requests_per_second: RequestRate(per_second(kept as f64)),
                share: if of > 0 { kept as f64 / of as f64 } else { 0.0 },
            }
        });
        let times =
            |time: fn(&Finished) -> Option<Seconds>| Percentiles::of(answered.iter().filter_map(time));
        Self {
            load: round.load,
            depth_tokens,
            duration_seconds: round.duration,
            requests,
            failures: failures(&round.outcomes),
            bursts: answered.iter().filter(|finished| finished.is_burst).count() as u64,
            cut: round.outcomes.iter().filter(|one| one.result.as_ref().is_ok_and(|it| it.is_cut)).count()
                as u64,
            incoherent: looks.then(|| Incoherent::of(&round.outcomes)),
            ttft_seconds: times(|finished| Some(finished.ttft)),
            tpot_seconds: times(|finished| finished.tpot),
            end_to_end_seconds: times(|finished| Some(finished.end_to_end)),
            answer_begins_seconds: times(|finished| finished.answer_begins),
            longest_gap_seconds: times(|finished| Some(finished.longest_gap)),
            tokens,
            output_tokens_per_second: TokenRate(per_second(tokens.output as f64)),
            requests_per_second: RequestRate(per_second(answered.len() as f64)),
            goodput,
            meets_slo: slo.zip(goodput).map(|(slo, goodput)| slo.is_met_by(goodput)),
            client_core_share: processor.map(|time| time.0 / duration.0),
        }
    }
}

impl LoadResult {
    /// Where the server says what it had in its cache: the share of the depth that it read again for each request, where
    /// that is more than a little. TTFT has that in it.
    #[must_use]
    pub fn read_again(&self) -> Option<f64> {
        const LITTLE: f64 = 0.1;
        let cached = self.tokens.prompt_cached? as f64;
        let depth = self.requests.completed as f64 * f64::from(self.depth_tokens);
        (depth > 0.0).then(|| 1.0 - cached / depth).filter(|share| *share > LITTLE)
    }
}

/// Processor time of the client, as a share of a core, above which it may itself be the bottleneck.
const BUSY_CLIENT: f64 = 0.5;

impl LoadResult {
    /// Whether this client may have been what was measured.
    #[must_use]
    pub fn is_bound_by_client(&self) -> bool {
        self.client_core_share.is_some_and(|share| share > BUSY_CLIENT)
    }
}

impl Tokens {
    fn of(outcomes: &[Outcome]) -> Self {
        let answered = outcomes.iter().filter_map(|outcome| Some((outcome, outcome.result.as_ref().ok()?)));
        let mut tokens = Self {
            prompt: None,
            prompt_cached: None,
            output: 0,
            output_asked: 0,
            reasoning: 0,
            counted_by: CountedBy::Pieces,
        };
        let (mut by_server, mut by_pieces) = (0, 0);
        for (outcome, reply) in answered {
            let count = reply.tokens();
            tokens.output += count.output;
            tokens.reasoning += count.reasoning;
            tokens.output_asked += u64::from(outcome.lengths.output_tokens);
            if let Some(usage) = reply.usage {
                *tokens.prompt.get_or_insert(0) += usage.prompt_tokens;
                if let Some(cached) = usage.cached_tokens {
                    *tokens.prompt_cached.get_or_insert(0) += cached;
                }
            }
            if reply.is_counted_by_server() { by_server += 1 } else { by_pieces += 1 }
        }
        tokens.counted_by = match (by_server, by_pieces) {
            (0, _) => CountedBy::Pieces,
            (_, 0) => CountedBy::Server,
            _ => CountedBy::Both,
        };
        tokens
    }
}

fn failures(outcomes: &[Outcome]) -> Vec<FailureCount> {
    let mut kinds: BTreeMap<&'static str, FailureCount> = BTreeMap::new();
    for failure in outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err()) {
        let kind = failure.kind();
        kinds
            .entry(kind)
            .or_insert_with(|| FailureCount { kind, count: 0, example: failure.message() })
            .count += 1;
    }
    let mut failures: Vec<_> = kinds.into_values().collect();
    failures.sort_by_key(|failure| std::cmp::Reverse(failure.count));
    failures
}

impl ServedVerdict {
    /// What is to be made of these loads, of which a search needs one to be within the SLO and else all.
    #[must_use]
    pub fn of(loads: &[LoadResult], sweep: Option<&SweepResult>) -> Self {
        let kept = loads.iter().filter_map(|load| load.meets_slo);
        match sweep {
            _ if loads.iter().all(|load| load.requests.completed == 0) => Self::Failed,
            Some(sweep) if sweep.highest_within_slo.is_some() => Self::Met,
            None if kept.clone().count() == 0 => Self::Measured,
            None if kept.clone().all(|kept| kept) => Self::Met,
            _ => Self::Missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::Lengths;
    use super::super::outcome::tests::answered;
    use super::*;

    fn round() -> Round {
        let due = Instant::now();
        let failed = |failure| Outcome {
            due,
            over: due + Duration::from_secs(1),
            lengths: Lengths { prompt_tokens: 100, output_tokens: 50 },
            result: Err(failure),
        };
        let status = |status| failed(Failure::Status { status, message: "no".into() });
        Round {
            load: Load::Closed { concurrency: 4 },
            outcomes: vec![
                answered(due, 0.5, 0.05, 40),
                answered(due, 1.5, 0.05, 50),
                answered(due, 0.5, 0.20, 10),
                status(500),
                status(503),
                failed(Failure::Empty),
            ],
            unfinished: 2,
            duration: Seconds(10.0),
        }
    }

    #[test]
    fn what_failed_is_in_the_counts_and_in_no_speed() {
        let slo = Slo { ttft_seconds: Some(Seconds(1.0)), tpot_seconds: Some(Seconds(0.1)), share: 0.95 };
        let result = LoadResult::of(
            &round(),
            Seen { slo: Some(&slo), processor: Some(Seconds(0.1)), looks: true, depth_tokens: 0 },
        );
        let requests = Requests { sent: 8, completed: 3, failed: 3, unfinished: 2 };
        assert_eq!(result.requests, requests);
        let kinds: Vec<_> = result.failures.iter().map(|failure| (failure.kind, failure.count)).collect();
        assert_eq!(kinds, [("status", 2), ("empty", 1)]);
        assert_eq!(result.incoherent, Some(Incoherent { empty: 1, ..Incoherent::default() }));
        // 40 + 50 + 10 tokens and 3 answers in 10 seconds.
        assert!((result.output_tokens_per_second.0 - 10.0).abs() < 1e-9);
        assert!((result.requests_per_second.0 - 0.3).abs() < 1e-9);
        // The second was late with its first token, the third with the others; three failed.
        let goodput = result.goodput.unwrap();
        assert!(
            (goodput.requests_per_second.0 - 0.1).abs() < 1e-9 && (goodput.share - 1.0 / 6.0).abs() < 1e-9
        );
        assert_eq!(result.meets_slo, Some(false));
        assert_eq!((result.tokens.output, result.tokens.output_asked), (100, 150));
        assert_eq!(result.tokens.counted_by, CountedBy::Server);
        assert!((result.client_core_share.unwrap() - 0.01).abs() < 1e-9);
    }

    #[test]
    fn a_search_needs_one_load_within_the_slo_and_a_list_needs_all() {
        let slo = Slo { ttft_seconds: None, tpot_seconds: None, share: 0.4 };
        let met = LoadResult::of(&round(), Seen { slo: Some(&slo), ..Seen::default() });
        let missed =
            LoadResult::of(&round(), Seen { slo: Some(&Slo { share: 0.9, ..slo }), ..Seen::default() });
        let loads = [met.clone(), missed.clone()];
        assert_eq!(ServedVerdict::of(&loads, None), ServedVerdict::Missed);
        assert_eq!(ServedVerdict::of(&loads[..1], None), ServedVerdict::Met);
        let sweep = SweepResult { highest_within_slo: Some(met.load), lowest_beyond_slo: None };
        assert_eq!(ServedVerdict::of(&loads, Some(&sweep)), ServedVerdict::Met);
        let without = LoadResult::of(&round(), Seen::default());
        assert_eq!(ServedVerdict::of(&[without], None), ServedVerdict::Measured);
    }
}
