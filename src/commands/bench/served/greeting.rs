//! The first questions to a server: which model, which dialect, and how it counts tokens.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::ServedArgs;
use crate::bench::BenchError;
use crate::bench::served::{Lengths, Limit, Load, Outcome, Prompts, Scale, Source, run as put_on};
use crate::endpoint::{Client, Dialect, Failure, Question, Reply};
use crate::error::{Error, nearest};
use crate::message;
use crate::message::{Value, enumeration, list};

/// Words of the two prompts that show how the server counts.
const SHORT: u32 = 16;
const LONG: u32 = 80;

/// The longest answer to a greeting, in tokens.
const GREETING_TOKENS: u32 = 4;

/// How often to look whether the user has had enough.
const LOOK: Duration = Duration::from_millis(50);

/// What is known of a server when it has answered for the first time.
#[derive(Clone, Debug)]
pub(super) struct Greeting {
    /// The model's name.
    pub(super) model: String,
    /// What the server understands.
    pub(super) dialect: Dialect,
    /// The prompts of this run, by the server's measure.
    pub(super) prompts: Prompts,
    /// Tokens that were read and written for it.
    pub(super) tokens: TokenTotals,
}

/// Tokens read and written, for which an API charges.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TokenTotals {
    pub(super) prompt: u64,
    pub(super) output: u64,
}

impl Greeting {
    pub(super) fn exchanged(
        client: &Client,
        named: Option<&str>,
        args: &ServedArgs,
        cancelled: &AtomicBool,
    ) -> Result<Self, Error> {
        let model = named.map_or_else(|| only_model(client, cancelled), |model| Ok(model.to_owned()))?;
        let run = run_number();
        let plain = Prompts::new(run, Scale::default(), 0);
        let ask = |dialect: Dialect, words: u32| {
            let question = Question {
                model: model.clone(),
                prompt: plain.of_words(u64::MAX - u64::from(words), words as usize),
                output_tokens: GREETING_TOKENS,
                api: args.api,
                dialect,
            };
            answer(client, question, cancelled)
        };
        let (dialect, first) = understood(Dialect::to_try(!args.may_stop), |dialect| ask(dialect, SHORT))
            .map_err(|failure| refused(client, &model, &failure, cancelled))?;
        let second = ask(dialect, LONG).map_err(|failure| refused(client, &model, &failure, cancelled))?;
        let read = |reply: &Reply| reply.usage.map_or(0, |usage| usage.prompt_tokens);
        let scale = Scale::through((SHORT, read(&first)), (LONG, read(&second))).unwrap_or_default();
        let tokens = TokenTotals {
            prompt: read(&first).max(SHORT.into()) + read(&second).max(LONG.into()),
            output: first.tokens().output + second.tokens().output,
        };
        Ok(Self { model, dialect, prompts: Prompts::new(run, scale, args.shared_prefix), tokens })
    }
}

/// The richest way of asking that the server takes.
fn understood(
    dialects: Vec<Dialect>,
    ask: impl Fn(Dialect) -> Result<Reply, Refusal>,
) -> Result<(Dialect, Reply), Refusal> {
    let mut refusal = None;
    for dialect in dialects {
        match ask(dialect) {
            Ok(reply) => return Ok((dialect, reply)),
            Err(Refusal::Failed(failure)) if failure.is_misunderstood() => {
                refusal.get_or_insert(Refusal::Failed(failure));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Err(refusal.unwrap_or(Refusal::Cancelled))
}

/// Why a greeting was not answered.
pub(super) enum Refusal {
    Failed(Failure),
    Cancelled,
}

/// Asks one question, unless the user has had enough before the answer is there.
pub(super) fn answer(client: &Client, question: Question, cancelled: &AtomicBool) -> Result<Reply, Refusal> {
    let client = client.clone();
    let source = Source {
        lengths: Arc::new(|_| Lengths { prompt_tokens: 1, output_tokens: 1 }),
        ask: Arc::new(move |_, _, over| client.ask_until(&question, over)),
        seed: 0,
    };
    let one = Load::Closed { concurrency: 1 };
    let round = put_on(one, Limit::Requests(1), 0, &source, cancelled, &|_| {});
    match round.outcomes.into_iter().next() {
        Some(Outcome { result, .. }) => result.map_err(Refusal::Failed),
        None => Err(Refusal::Cancelled),
    }
}

/// The error of a command whose first question was refused.
pub(super) fn refused(client: &Client, model: &str, refusal: &Refusal, cancelled: &AtomicBool) -> Error {
    let failure = match refusal {
        Refusal::Cancelled => return BenchError::Cancelled.into(),
        Refusal::Failed(failure) => failure,
    };
    let error = Error::from(failure.clone());
    // A name that is not on the list is why, whatever the status.
    let Failure::Status { status: 400 | 404 | 422, .. } = failure else { return error };
    match models(client, cancelled) {
        Err(Refusal::Cancelled) => BenchError::Cancelled.into(),
        Ok(models) if !models.is_empty() && !models.iter().any(|known| known == model) => {
            let hint = match nearest(model, models.iter().map(String::as_str)) {
                Some(name) => message!(ServedDidYouMeanOf { name, models: listed(&models) }),
                None => message!(ServedModels { models: listed(&models) }),
            };
            Error::usage(message!(ServedNoModel { model })).hint(Some(hint))
        }
        _ => error,
    }
}

/// The models that the server lists, unless the user has had enough before the list is there.
fn models(client: &Client, cancelled: &AtomicBool) -> Result<Vec<String>, Refusal> {
    let (sender, list) = mpsc::channel();
    let client = client.clone();
    thread::spawn(move || sender.send(client.models()));
    loop {
        match list.recv_timeout(LOOK) {
            Ok(models) => return models.map_err(Refusal::Failed),
            Err(RecvTimeoutError::Timeout) if !cancelled.load(Ordering::Relaxed) => {}
            Err(_) => return Err(Refusal::Cancelled),
        }
    }
}

fn only_model(client: &Client, cancelled: &AtomicBool) -> Result<String, Error> {
    let models = models(client, cancelled).map_err(|refusal| match refusal {
        Refusal::Cancelled => BenchError::Cancelled.into(),
        Refusal::Failed(failure @ Failure::Unreachable { .. }) => failure.into(),
        Refusal::Failed(failure) => Error::from(failure).hint(Some(message!(ServedNameModel))),
    })?;
    match &models[..] {
        [model] => Ok(model.clone()),
        [] => Err(Error::usage(message!(ServedListsNone)).hint(Some(message!(ServedNameModel)))),
        models => Err(Error::usage(message!(ServedSeveral { count: models.len() }))
            .hint(Some(message!(ServedSeveralHint { models: listed(models) })))),
    }
}

/// A list for a sentence, cut where it gets long.
fn listed(models: &[String]) -> Value {
    const MOST: usize = 8;
    let named = models.iter().take(MOST).map(|model| Value::from(format!("`{model}`")));
    match models.len().checked_sub(MOST) {
        None | Some(0) => enumeration(named),
        Some(count) => list(named.chain([message!(ServedMore { count }).into()])),
    }
}

/// Another number each time: the prompts of an earlier run may still be in a server's cache.
fn run_number() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_nanos() as u64 ^ u64::from(std::process::id()).rotate_left(48)
}
