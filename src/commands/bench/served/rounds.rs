//! The loads that are put on a server, one after another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::super::run_args::Switch;
use super::ServedArgs;
use super::greeting::{Greeting, Refusal, TokenTotals, refused};
use crate::bench::served::{
    Lengths, Limit, Load, LoadResult, Outcome, Progressed, Search, Seen, Slo, Source, SweepResult, Workload,
    run as put_on,
};
use crate::endpoint::{Api, Client, Question};
use crate::engine::ProcessUsage;
use crate::error::Error;
use crate::message;
use crate::ui::Progress;
use crate::units::Seconds;

/// What has been measured of a server, and what it takes to measure more.
pub(super) struct Rounds<'a> {
    client: &'a Client,
    greeting: &'a Greeting,
    workload: &'a Workload,
    api: Api,
    looks: bool,
    limit: Limit,
    slo: Option<Slo>,
    warm_up: u32,
    cancelled: &'a AtomicBool,
    progress: &'a Progress<'a>,
    /// The number of the next request: no prompt comes twice.
    next: u64,
    tally: Arc<Tally>,
    loads: Vec<LoadResult>,
}

/// Every load, and all tokens read and written, those of the warm-up too.
pub(super) struct Ended {
    pub(super) loads: Vec<LoadResult>,
    pub(super) tokens: TokenTotals,
}

/// All tokens that the server reported: an API charges for the warm-up too.
#[derive(Debug, Default)]
struct Tally {
    prompt: AtomicU64,
    output: AtomicU64,
}

impl<'a> Rounds<'a> {
    pub(super) fn new(
        client: &'a Client,
        greeting: &'a Greeting,
        workload: &'a Workload,
        args: &ServedArgs,
        cancelled: &'a AtomicBool,
        progress: &'a Progress<'a>,
    ) -> Self {
        let tally = Arc::new(Tally {
            prompt: AtomicU64::new(greeting.tokens.prompt),
            output: AtomicU64::new(greeting.tokens.output),
        });
        Self {
            client,
            greeting,
            workload,
            api: args.api,
            looks: args.coherence == Switch::On,
            limit: args.limit(),
            slo: args.slo(),
            warm_up: args.warm_up,
            cancelled,
            progress,
            next: 0,
            tally,
            loads: Vec::new(),
        }
    }

    /// Requests behind so many tokens that the server has read already.
    fn source(&self, depth: u32) -> Source {
        let (client, api, tally) = (self.client.clone(), self.api, Arc::clone(&self.tally));
        let Greeting { model, dialect, prompts, .. } = self.greeting.clone();
        let prompts = prompts.at_depth(depth);
        let ask = move |number, lengths: Lengths, over| {
            let question = Question {
                model: model.clone(),
                prompt: prompts.of_tokens(number, lengths.prompt_tokens),
                output_tokens: lengths.output_tokens,
                api,
                dialect,
            };
            let reply = client.ask_until(&question, over)?;
            // Where the server does not count, what was aimed at is the best guess.
            let aimed = u64::from(depth) + u64::from(lengths.prompt_tokens);
            let read = reply.usage.map_or(aimed, |usage| usage.prompt_tokens);
            tally.prompt.fetch_add(read, Ordering::Relaxed);
            tally.output.fetch_add(reply.tokens().output, Ordering::Relaxed);
            Ok(reply)
        };
        let lengths = self.workload.clone();
        Source {
            lengths: Arc::new(move |number| lengths.lengths(number)),
            ask: Arc::new(ask),
            seed: self.workload.seed,
        }
    }

    /// Has the server read what stands before the prompts, once for each who will ask at the same time: a server may have
    /// a cache for each.
    fn fill(&mut self, load: Load, depth: u32) {
        if depth == 0 {
            return;
        }
        self.progress.now(message!(ServedFilling { depth }));
        let users = match load {
            Load::Closed { concurrency } => concurrency,
            Load::Open { .. } => 1,
        };
        let short = |_| Lengths { prompt_tokens: 1, output_tokens: 1 };
        let source = Source { lengths: Arc::new(short), ..self.source(depth) };
        let all = Load::Closed { concurrency: users };
        put_on(all, Limit::Requests(users.into()), self.next, &source, self.cancelled, &|_| {});
        self.next += u64::from(users);
    }

    /// Sends a few requests as they will be, and gives up if one fails: then all would.
    pub(super) fn warm_up(&mut self) -> Result<(), Error> {
        if self.warm_up == 0 {
            return Ok(());
        }
        self.progress.now(message!(ServedWarmingUp));
        let limit = Limit::Requests(self.warm_up.into());
        let one = Load::Closed { concurrency: 1 };
        let round = put_on(one, limit, self.next, &self.source(0), self.cancelled, &|_| {});
        self.next += u64::from(self.warm_up);
        let failure = round.outcomes.into_iter().find_map(|Outcome { result, .. }| result.err());
        match failure {
            Some(failure) => Err(self.refused(&Refusal::Failed(failure))),
            None if self.is_cancelled() => Err(self.refused(&Refusal::Cancelled)),
            None => Ok(()),
        }
    }

    fn refused(&self, refusal: &Refusal) -> Error {
        refused(self.client, &self.greeting.model, refusal, self.cancelled)
    }

    /// Puts these loads on the server in turn, at each depth.
    pub(super) fn each(&mut self, loads: &[Load], depths: &[u32]) {
        for (depth, load) in depths.iter().flat_map(|depth| loads.iter().map(move |load| (*depth, *load))) {
            if !self.is_cancelled() {
                self.measure(load, depth);
            }
        }
    }

    /// Searches the highest load within the SLO.
    pub(super) fn search(&mut self, mut search: Search, depth: u32) -> SweepResult {
        while let Some(load) = search.next() {
            let meets = self.measure(load, depth).meets_slo;
            // Of a load that was broken off, nothing is known.
            if self.is_cancelled() {
                break;
            }
            search.tell(load, meets == Some(true));
        }
        SweepResult { highest_within_slo: search.highest_kept(), lowest_beyond_slo: search.lowest_missed() }
    }

    /// What was measured.
    pub(super) fn ended(self) -> Ended {
        let tokens = TokenTotals {
            prompt: self.tally.prompt.load(Ordering::Relaxed),
            output: self.tally.output.load(Ordering::Relaxed),
        };
        Ended { loads: self.loads, tokens }
    }

    fn measure(&mut self, load: Load, depth_tokens: u32) -> &LoadResult {
        self.fill(load, depth_tokens);
        self.progress.now(load.to_message());
        let before = processor_time();
        let show = |progressed: Progressed| {
            let Progressed { sent, completed, failed, elapsed: time } = progressed;
            let load = load.to_message();
            self.progress.tick(match failed {
                0 => message!(ServedProgress { load, completed, sent, time }),
                failed => message!(ServedProgressFailed { load, completed, sent, failed, time }),
            });
        };
        let source = self.source(depth_tokens);
        let round = put_on(load, self.limit, self.next, &source, self.cancelled, &show);
        let processor = before.zip(processor_time()).map(|(before, after)| Seconds(after.0 - before.0));
        self.next += round.outcomes.len() as u64 + round.unfinished;
        let seen = Seen { depth_tokens, slo: self.slo.as_ref(), processor, looks: self.looks };
        self.loads.push(LoadResult::of(&round, seen));
        &self.loads[self.loads.len() - 1]
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

fn processor_time() -> Option<Seconds> {
    ProcessUsage::of_this_process().processor_seconds
}
