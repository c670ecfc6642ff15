use clap::{Args, ValueEnum};

use super::super::run_args::Switch;
use crate::bench::served::{Limit, Load, Prices, RequestRate, Search, SearchStep, Slo, Workload};
use crate::capacity::ServingEngine;
use crate::catalog::Catalog;
use crate::commands::typed::{FlagError, MOST, Span, money, positive, share, whole, within};
use crate::endpoint::{Api, ApiKey};
use crate::error::{Error, Exit, nearest};
use crate::message;
use crate::message::enumeration;
use crate::recommend::Needs;
use crate::units::Seconds;

/// The variable that the tools of `OpenAI`'s API read.
const KEY_VARIABLE: &str = "OPENAI_API_KEY";

/// How long a single load lasts by default.
const ONE_LOAD: Seconds = Seconds(60.0);

/// How long each of several loads lasts by default.
const ONE_OF_SEVERAL: Seconds = Seconds(20.0);

/// The spread of a use-case's lengths. Of answers to one kind of question a long one is some two or three times a typical
/// one (`catalog/tasks.toml`), which is about two deviations.
const USE_CASE_SPREAD: f64 = 0.5;

/// Flags of `bench --endpoint`.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Served engines")]
pub struct ServedArgs {
    /// Measure the OpenAI-compatible server there instead, such as `http://localhost:8000/v1`
    #[arg(long, value_name = "URL", conflicts_with_all = ["synthetic", "prefill_tokens", "decode_tokens", "need"])]
    pub endpoint: Option<String>,
    /// The model's name there [default: the only one that it serves]
    #[arg(long, value_name = "NAME", requires = "endpoint")]
    pub model: Option<String>,
    /// The catalog's model that it is, such as `32b` or `671b:FP8`: `report` then rests on what was measured
    #[arg(long, value_name = "ID[:PRECISION]", requires_all = ["endpoint", "served_on"])]
    pub serves: Option<String>,
    /// The accelerators of one replica, such as `8x H200`
    #[arg(long, value_name = "HARDWARE", requires = "serves")]
    pub served_on: Option<String>,
    /// The engine [default: as is usual for the model there]
    #[arg(long, value_enum, value_name = "ENGINE", requires = "serves")]
    pub served_by: Option<ServingEngine>,
    /// Which kind of request to make
    #[arg(long, value_enum, default_value_t, requires = "endpoint")]
    pub api: Api,
    /// The variable that holds the API key [default: `OPENAI_API_KEY`]
    #[arg(long, value_name = "VARIABLE", requires = "endpoint")]
    pub api_key_env: Option<String>,
    /// Users at once: of a server each asks again once answered; of the bundled engine all are answered side by side
    #[arg(long, value_name = "N[,N…]", value_delimiter = ',', value_parser = whole::<u32>(1..=4096))]
    pub concurrency: Vec<u32>,
    /// Requests in a second instead, arriving at random (Poisson)
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',', value_parser = positive, requires = "endpoint", conflicts_with = "concurrency")]
    pub rate: Vec<f64>,
    /// Find the highest load within the SLO, by doubling and bisection
    #[arg(long, value_enum, value_name = "WHAT", requires = "endpoint", conflicts_with_all = ["concurrency", "rate"])]
    pub sweep: Option<Swept>,
    /// The highest load that a sweep tries
    #[arg(long, value_name = "N", default_value_t = 256.0, value_parser = positive, requires = "sweep")]
    pub sweep_most: f64,
    /// Requests to send of each load, instead of a time
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1..=1_000_000), requires = "endpoint", conflicts_with = "duration")]
    pub requests: Option<u64>,
    /// How long to send requests of each load, as in `90s` [default: 60s, or 20s of each of several]
    #[arg(long, value_name = "TIME", requires = "endpoint")]
    pub duration: Option<Span>,
    /// A use-case of the catalog, such as `chat` or `coding`: of a server its lengths with a spread of 0.5, of the bundled
    /// engine its prompt, thinking and answer in one go
    #[arg(long, value_name = "NAME")]
    pub workload: Option<String>,
    /// A typical prompt, in tokens [default: 512, or the workload's]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=1_048_576), requires = "endpoint")]
    pub prompt_tokens: Option<u32>,
    /// A typical answer with its thinking, in tokens [default: 256, or the workload's]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=1_048_576), requires = "endpoint")]
    pub output_tokens: Option<u32>,
    /// How much the lengths vary: the standard deviation of their logarithm; 0 for none
    #[arg(long, value_name = "S", value_parser = spread, requires = "endpoint")]
    pub spread: Option<f64>,
    /// Tokens that all prompts begin with, so that a server may keep them; each begins with its own otherwise
    #[arg(long, value_name = "N", default_value_t = 0, requires = "endpoint", value_parser = whole::<u32>(0..=MOST))]
    pub shared_prefix: u32,
    /// Let the model end its answers; otherwise it is asked to go on to the full length
    #[arg(long, requires = "endpoint")]
    pub may_stop: bool,
    /// Look at what the answers say, and tell of those that are empty, repeat one token or are no text
    #[arg(long, value_enum, value_name = "WHETHER", default_value = "on", requires = "endpoint")]
    pub coherence: Switch,
    /// What lengths and arrivals are drawn from
    #[arg(long, value_name = "N", default_value_t = 1, requires = "endpoint", value_parser = whole::<u64>(0..=u64::MAX))]
    pub seed: u64,
    /// Requests to warm up with, which are not counted
    #[arg(long, value_name = "N", default_value_t = 1, requires = "endpoint", value_parser = whole::<u32>(0..=MOST))]
    pub warm_up: u32,
    /// How long the server may send no token before a request counts as timed out
    #[arg(long, value_name = "TIME", default_value = "300s", requires = "endpoint")]
    pub timeout: Span,
    /// The longest time to the first token, such as `2s`
    #[arg(long, value_name = "TIME", requires = "endpoint")]
    pub slo_ttft: Option<Span>,
    /// The longest time per token after it, such as `50ms`
    #[arg(long, value_name = "TIME", requires = "endpoint")]
    pub slo_tpot: Option<Span>,
    /// The share of all requests that must keep both
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = share, requires = "endpoint")]
    pub slo_share: f64,
    /// What the API charges, by the name of a price of the catalog, such as `deepseek-r1-671b`
    #[arg(long, value_name = "NAME", requires = "endpoint", conflicts_with_all = ["price_input", "price_output"])]
    pub price: Option<String>,
    /// What it charges for a million tokens of prompt, in US dollars
    #[arg(long, value_name = "USD", value_parser = money, requires_all = ["endpoint", "price_output"])]
    pub price_input: Option<f64>,
    /// What it charges for a million tokens of output
    #[arg(long, value_name = "USD", value_parser = money, requires_all = ["endpoint", "price_input"])]
    pub price_output: Option<f64>,
}

/// What a sweep raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Swept {
    /// Users at once.
    Concurrency,
    /// Requests in a second.
    Rate,
}

/// The loads to put on the server.
pub(super) enum Loads {
    Each(Vec<Load>),
    Search(Search),
}

impl ServedArgs {
    /// The same, with what needs say where these say nothing.
    pub(super) fn for_needs(self, needs: &Needs) -> Self {
        let tpot = Seconds(1.0 / needs.minimum_decode_tokens_per_second.0);
        Self {
            workload: Some(needs.use_case.clone()),
            prompt_tokens: self.prompt_tokens.or(Some(needs.task.prompt_tokens)),
            output_tokens: self.output_tokens.or(Some(needs.task.output_tokens)),
            slo_ttft: self.slo_ttft.or(needs.maximum_ttft_seconds.map(Span)),
            slo_tpot: self.slo_tpot.or(Some(Span(tpot))),
            ..self
        }
    }

    pub(super) fn loads(&self) -> Loads {
        let closed = |concurrency| Load::Closed { concurrency };
        let open = |rate| Load::Open { offered_requests_per_second: RequestRate(rate) };
        match self.sweep {
            Some(Swept::Concurrency) => {
                Loads::Search(Search::new(SearchStep::Concurrency, self.sweep_most.floor()))
            }
            Some(Swept::Rate) => Loads::Search(Search::new(SearchStep::Rate, self.sweep_most)),
            None if self.rate.is_empty() => {
                let users: &[u32] = if self.concurrency.is_empty() { &[1] } else { &self.concurrency };
                Loads::Each(users.iter().copied().map(closed).collect())
            }
            None => Loads::Each(self.rate.iter().copied().map(open).collect()),
        }
    }

    /// When a load has lasted long enough.
    pub(super) fn limit(&self) -> Limit {
        let is_alone = self.sweep.is_none() && self.concurrency.len().max(self.rate.len()) <= 1;
        let usual = if is_alone { ONE_LOAD } else { ONE_OF_SEVERAL };
        match self.requests {
            Some(requests) => Limit::Requests(requests),
            None => Limit::Time(self.duration.map_or(usual, Seconds::from)),
        }
    }

    pub(super) fn workload(&self, catalog: &Catalog) -> Result<Workload, Error> {
        let use_case = self
            .workload
            .as_deref()
            .map(|name| catalog.use_case(name).map_err(|error| Error::from(error).exiting(Exit::Usage)));
        let use_case = use_case.transpose()?;
        let usual = use_case.map_or((512, 256), |it| (it.prompt_tokens, it.output_tokens));
        Ok(Workload {
            use_case: use_case.map(|use_case| use_case.id.clone()),
            prompt_tokens: self.prompt_tokens.unwrap_or(usual.0),
            output_tokens: self.output_tokens.unwrap_or(usual.1),
            spread: self.spread.unwrap_or(if use_case.is_some() { USE_CASE_SPREAD } else { 0.0 }),
            context_tokens: use_case.map(|use_case| use_case.context_tokens),
            shared_prefix_tokens: self.shared_prefix,
            may_stop: self.may_stop,
            seed: self.seed,
        })
    }

    pub(super) fn slo(&self) -> Option<Slo> {
        let (ttft_seconds, tpot_seconds) =
            (self.slo_ttft.map(Seconds::from), self.slo_tpot.map(Seconds::from));
        let is_promised = ttft_seconds.is_some() || tpot_seconds.is_some();
        is_promised.then_some(Slo { ttft_seconds, tpot_seconds, share: self.slo_share })
    }

    pub(super) fn prices(&self, catalog: &Catalog) -> Result<Option<Prices>, Error> {
        if let Some((input, output)) = self.price_input.zip(self.price_output) {
            return Ok(Some(Prices {
                id: None,
                input_usd_per_million_tokens: input,
                output_usd_per_million_tokens: output,
                source: "`--price-input` and `--price-output`".to_owned(),
            }));
        }
        let Some(name) = &self.price else { return Ok(None) };
        let known = catalog.api_prices()?;
        let Some(price) = known.iter().find(|price| price.id == *name) else {
            let ids = || known.iter().map(|price| price.id.as_str());
            let hint = match nearest(name, ids()) {
                Some(name) => message!(ServedDidYouMean { name }),
                None => message!(ServedKnown { names: enumeration(ids().map(|id| format!("`{id}`"))) }),
            };
            return Err(Error::usage(message!(ServedNoPrice { name })).hint(Some(hint)));
        };
        Ok(Some(Prices {
            id: Some(price.id.clone()),
            input_usd_per_million_tokens: price.input.0,
            output_usd_per_million_tokens: price.output.0,
            source: format!("{} ({}), {}", price.provider, price.date, price.provenance.source),
        }))
    }

    /// The key, where there is one. A variable that was named must be there.
    pub(super) fn key(&self) -> Result<Option<ApiKey>, Error> {
        let variable = self.api_key_env.as_deref().unwrap_or(KEY_VARIABLE);
        let key = std::env::var(variable).ok().filter(|key| !key.trim().is_empty());
        match key {
            None if self.api_key_env.is_some() => {
                Err(Error::usage(message!(ServedNoKey { variable })).hint(Some(message!(ServedNoKeyHint))))
            }
            key => Ok(key.as_deref().map(ApiKey::new)),
        }
    }
}

/// The spread of lengths: beyond 2, the longest is a thousand times the shortest.
fn spread(text: &str) -> Result<f64, FlagError> {
    within(text, 2.0)
}
