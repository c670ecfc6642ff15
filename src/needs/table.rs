//! The table of needs: each one's key, flag, default, limits and help, once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches};
use jiff::civil::Date;
use toml::Value;

use super::file::{Mistake, texts};
use super::typed::{
    AskedCurrency, FlagError, Jobs, LicenceName, Minimum, Money, Percent, Positive, Sequences, Share, Span,
    Tokens, Typed, Years,
};
use super::{Priority, Privacy};
use crate::run_config::KvType;
use crate::units::Bytes;

/// Whose need it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Both of a machine's user and of an organisation.
    Both,
    /// Of who runs a model on one machine.
    Machine,
    /// Of an organisation that serves one.
    Organisation,
}

/// What stands for a need that is not given, as people type it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// This value.
    Default(&'static str),
    /// Nothing, or what follows from other needs; this is an example, in TOML.
    Example(&'static str),
    /// Nothing can: it must be given, for instance as this.
    Required(&'static str),
}

/// A need: its key is the name of its flag with `_` for `-`.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// In files.
    pub key: &'static str,
    /// Whose it is.
    pub who: Who,
    /// What its value is called in help; a switch has none.
    pub value_name: Option<&'static str>,
    /// The one-letter flag.
    pub short: Option<char>,
    /// Where it is not given.
    pub standing: Standing,
    /// The largest number that is not a slip of the keyboard.
    pub most: Option<f64>,
    /// The key that says the same in other words, and so cannot stand beside it.
    pub not_with: Option<&'static str>,
    /// One sentence, in English.
    help: &'static str,
    shaped: fn(Arg) -> Arg,
    pub(super) take: fn(&mut GivenNeeds, &mut ArgMatches),
    pub(super) read: fn(&mut GivenNeeds, &Value) -> Result<(), Mistake>,
}

impl Need {
    /// The need with a key.
    #[must_use]
    pub fn named(key: &str) -> Option<&'static Self> {
        NEEDS.iter().find(|need| need.key == key || need.american() == Some(key))
    }

    /// The American spelling of the key, where it has another.
    fn american(&self) -> Option<&'static str> {
        (self.key == "licence").then_some("license")
    }

    /// The long flag, without its dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// What it is, in one English sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.help.trim()
    }

    /// Whether it concerns one machine, or an organisation.
    #[must_use]
    pub fn concerns(&self, who: Who) -> bool {
        self.who == Who::Both || self.who == who
    }

    /// Its flag.
    pub(super) fn arg(&self) -> Arg {
        let mut arg = Arg::new(self.key).long(self.flag()).short(self.short).help(self.help());
        if let Some(name) = self.value_name {
            arg = arg.value_name(name);
        }
        if let Some(american) = self.american() {
            arg = arg.alias(american);
        }
        if let Some(other) = self.not_with {
            arg = arg.conflicts_with(other);
        }
        arg = (self.shaped)(arg);
        match self.standing {
            Standing::Default(text) if arg.get_action().takes_values() => arg.default_value(text),
            _ => arg,
        }
    }
}

/// The default of a need that has one.
pub(super) fn default<T: Typed>(key: &str) -> Option<T> {
    match Need::named(key)?.standing {
        Standing::Default(text) => T::read(text).ok(),
        Standing::Example(_) | Standing::Required(_) => None,
    }
}

/// How a need is stated: once, as a list, or as a switch.
trait Shape: Default {
    fn is_given(&self) -> bool;
    fn or(self, other: Self) -> Self;
    fn shaped(arg: Arg) -> Arg;
    fn take(matches: &mut ArgMatches, key: &str) -> Self;
    fn read(value: &Value) -> Result<Self, Mistake>;
}

impl<T: Typed> Shape for Option<T> {
    fn is_given(&self) -> bool {
        self.is_some()
    }

    fn or(self, other: Self) -> Self {
        self.or(other)
    }

    fn shaped(arg: Arg) -> Arg {
        arg.value_parser(T::parser())
    }

    fn take(matches: &mut ArgMatches, key: &str) -> Self {
        let is_default = matches.value_source(key) == Some(ValueSource::DefaultValue);
        matches.remove_one(key).filter(|_| !is_default)
    }

    fn read(value: &Value) -> Result<Self, Mistake> {
        match texts(value).as_slice() {
            [text] => Ok(Some(T::read(text)?)),
            _ => Err(Mistake::NotOne),
        }
    }
}

impl<T: Typed> Shape for Vec<T> {
    fn is_given(&self) -> bool {
        !self.is_empty()
    }

    fn or(self, other: Self) -> Self {
        if self.is_empty() { other } else { self }
    }

    fn shaped(arg: Arg) -> Arg {
        arg.action(ArgAction::Append).value_delimiter(',').value_parser(T::parser())
    }

    fn take(matches: &mut ArgMatches, key: &str) -> Self {
        matches.remove_many(key).map(Iterator::collect).unwrap_or_default()
    }

    fn read(value: &Value) -> Result<Self, Mistake> {
        let texts = texts(value);
        Ok(texts.iter().flat_map(|text| text.split(',')).map(T::read).collect::<Result<_, FlagError>>()?)
    }
}

impl Shape for bool {
    fn is_given(&self) -> bool {
        *self
    }

    fn or(self, other: Self) -> Self {
        self || other
    }

    fn shaped(arg: Arg) -> Arg {
        arg.action(ArgAction::SetTrue)
    }

    fn take(matches: &mut ArgMatches, key: &str) -> Self {
        matches.get_flag(key)
    }

    fn read(value: &Value) -> Result<Self, Mistake> {
        value.as_bool().ok_or(Mistake::NotASwitch)
    }
}

macro_rules! needs {
    ($(
        $(#[doc = $help:literal])+
        $key:ident: $type:ty, $who:ident $($name:literal)? $(short $short:literal)?,
            $standing:ident $text:literal $(, most $most:literal)? $(, not_with $other:literal)?;
    )+) => {
        /// What is given of the needs, by flags or a file; whatever is left out is resolved later.
        #[derive(Clone, Debug, Default)]
        pub struct GivenNeeds {
            $($(#[doc = $help])+ pub $key: $type,)+
        }

        impl GivenNeeds {
            /// These needs, and `other`'s where these say nothing.
            #[must_use]
            pub fn or(self, other: Self) -> Self {
                Self { $($key: Shape::or(self.$key, other.$key),)+ }
            }

            /// The keys of what is given.
            #[must_use]
            pub fn keys(&self) -> BTreeSet<&'static str> {
                let mut keys = BTreeSet::new();
                $(keys.extend(self.$key.is_given().then_some(stringify!($key)));)+
                keys
            }
        }

        /// Every need, in the order of help and of files.
        pub static NEEDS: &[Need] = &[$(Need {
            key: stringify!($key),
            who: Who::$who,
            value_name: needs!(@maybe $($name)?),
            short: needs!(@maybe $($short)?),
            standing: Standing::$standing($text),
            most: needs!(@maybe $($most)?),
            not_with: needs!(@maybe $($other)?),
            help: concat!($($help),+),
            shaped: <$type as Shape>::shaped,
            take: |given, matches| given.$key = Shape::take(matches, stringify!($key)),
            read: |given, value| {
                given.$key = Shape::read(value)?;
                Ok(())
            },
        },)+];
    };
    (@maybe) => { None };
    (@maybe $value:literal) => { Some($value) };
}

needs! {
    /// What the model is for: `general`, `mobile`, `voice`, `chat`, `customer-service`, `writing`, `coding`, `documents`,
    /// `research` or `batch`; sets the usual lengths, speeds and waits
    use_case: Option<String>, Both "NAME", Default "general";
    /// Length of a typical prompt, in tokens [default: the use-case's]
    prompt_tokens: Option<Tokens>, Both "N", Example "512";
    /// Length of a typical answer including its thinking, in tokens [default: the use-case's]
    output_tokens: Option<Tokens>, Both "N", Example "3000";
    /// Slowest acceptable decode, in tok/s; in a report for 95 % of requests [default: the use-case's, in a report at
    /// least 20]
    min_decode: Option<Positive>, Both "RATE", Example "20";
    /// Longest acceptable time to first token, such as `3s`; in a report for 95 % of requests [default: the use-case's,
    /// in a report 3s]
    max_ttft: Option<Span>, Both "TIME", Example "\"3s\"";
    /// Where data may go; anything but `open` rules out APIs
    privacy: Option<Privacy>, Both "WHERE", Default "open";
    /// Hardware budget, in US dollars
    budget: Option<Money>, Both "USD", Example "500000";
    /// Electricity price per kWh, in US dollars [default: the catalog's]
    power_price: Option<Money>, Both "USD", Example "0.10";

    /// What to rank by among models that meet every limit
    priority: Option<Priority>, Machine "WHAT", Default "balanced";
    /// Context length of each conversation, in tokens [default: the use-case's]
    context: Option<Tokens>, Machine "N" short 'c', Example "\"8k\"";
    /// Conversations at once, each with the whole context
    sequences: Option<Sequences>, Machine "N", Default "1";
    /// Longest acceptable time for a whole answer, such as `2min`
    max_answer_time: Option<Span>, Machine "TIME", Example "\"5min\"";
    /// Type of the KV cache
    kv_type: Option<KvType>, Machine "TYPE", Default "f16";
    /// RAM to leave for other programs, such as `8GiB`
    reserve_ram: Option<Bytes>, Machine "SIZE", Example "\"4GiB\"";
    /// Memory to leave on each GPU, such as `2GiB`
    reserve_gpu: Option<Bytes>, Machine "SIZE", Example "\"1GiB\"";
    /// Only models that fit entirely on GPUs
    gpu_only: bool, Machine, Default "false";
    /// Largest download, on disk
    max_disk: Option<Bytes>, Machine "SIZE", Example "\"100GB\"";
    /// Lowest acceptable published score in a benchmark, such as `aime24=50` or `gpqa=60`; may be repeated
    min: Vec<Minimum>, Machine "BENCHMARK=SCORE", Example "{ aime24 = 50 }";
    /// Largest acceptable loss of accuracy by the quant, such as `3%`, by the curve of published losses
    max_quant_loss: Option<Percent>, Machine "PERCENT", Default "20%";
    /// Allowed licences: `MIT`, `Llama` [default: any]
    licence: Vec<LicenceName>, Machine "NAME", Example "[\"MIT\"]";
    /// Answers a day, for the cost of electricity
    answers_per_day: Option<Positive>, Machine "N", Default "100";
    /// Monthly electricity budget, in US dollars
    monthly_budget: Option<Money>, Machine "USD", Example "100";
    /// Highest acceptable electricity cost per million output tokens, in US dollars
    max_token_price: Option<Money>, Machine "USD", Example "5";
    /// Same as `--privacy premises`: nothing may leave the machine
    local_only: bool, Machine, Default "false", not_with "privacy";

    /// Named users
    users: Option<Positive>, Organisation "N", Required "1000", most 1e9;
    /// Requests per user and working day
    requests_per_user_day: Option<Positive>, Organisation "N", Required "20", most 1e9;
    /// Model to serve: `1.5b`, `7b`, `8b`, `14b`, `32b`, `70b`, `671b` or `0528`
    model: Option<String>, Organisation "ID", Default "671b";
    /// Share of a day's requests in the busiest hour
    peak_hour_share: Option<Share>, Organisation "SHARE", Default "15%", most 1.0;
    /// How much busier the busiest minutes of that hour are
    burst: Option<Positive>, Organisation "FACTOR", Default "1.3", most 100.0;
    /// Share of prompt tokens served from the prefix cache
    cached_share: Option<Share>, Organisation "SHARE", Default "0%", most 1.0;
    /// Yearly growth of the load
    growth: Option<Share>, Organisation "SHARE", Default "0%", most 100.0;
    /// Working days per year
    working_days: Option<Positive>, Organisation "N", Default "250", most 366.0;
    /// Plan one spare machine (N+1)
    spare: bool, Organisation, Default "false";
    /// Share of time in which the whole load must be served, such as `99.9%`; adds the machines that takes
    availability: Option<Share>, Organisation "SHARE", Example "\"99.9%\"";
    /// Share of a replica's capacity to use at the peak
    headroom: Option<Share>, Organisation "SHARE", Default "80%", most 1.0;
    /// Allowed GPU makers and providers, such as `nvidia,gcp`: a maker limits machines, a provider rentals and APIs; others
    /// are shown, but ruled out [default: any]
    vendors: Vec<String>, Organisation "NAME[,NAME…]", Example "[\"nvidia\", \"gcp\"]";
    /// Where machines and providers must be, as far as their prices say: `cn`, `eu`, `us`, `ca`, `in` or a place as prices
    /// name it; also picks the electricity price [default: anywhere]
    region: Option<String>, Organisation "REGION", Example "\"cn\"";
    /// Currency of amounts for people, with the value of a US dollar and its day, such as `CNY=7.1@2026-11-20`; flags, files
    /// and JSON stay in US dollars [default: USD]
    currency: Option<AskedCurrency>, Organisation "CODE[=RATE@DATE]", Example "\"CNY=7.1@2026-11-20\"";
    /// Folder of machine files that `probe --save` wrote: machines you own, used without capital cost
    inventory: Option<PathBuf>, Organisation "DIR", Example "\"machines\"";
    /// TOML file of prices that override the catalog's: `[[machine]]`, `[[accelerator]]`, `[[rental]]` and `[[api_price]]`
    /// with `id`, the price, `date` and `source`
    prices: Option<PathBuf>, Organisation "FILE", Example "\"offers.toml\"";
    /// Results of `bench --format json`, of a server or a local run, from any machine: matching options rest on them
    /// instead of on predictions, as they do on those in `bench history`
    measured: Vec<PathBuf>, Organisation "FILE[,FILE…]", Example "[\"h100.json\"]";
    /// Ignore `bench history`
    no_history: bool, Organisation, Default "false";
    /// Years to plan for
    years: Option<Years>, Organisation "N", Default "3";
    /// Discount rate: interest, or what the money would earn elsewhere
    discount_rate: Option<Share>, Organisation "SHARE", Default "8%", most 10.0;
    /// Resale value of machines at the end, as a share of their price
    residual_share: Option<Share>, Organisation "SHARE", Default "15%", most 1.0;
    /// Power usage effectiveness: power drawn by the site per watt of the machines
    pue: Option<Positive>, Organisation "FACTOR", Default "1.3", most 10.0;
    /// Staff to run the machines, in full-time jobs
    staff_fte: Option<Jobs>, Organisation "N", Default "0.3", most 1e4;
    /// Yearly cost of one full-time job, in US dollars
    staff_cost: Option<Money>, Organisation "USD", Default "150000";
    /// Day of the report, against which the age of prices is judged [default: today]
    date: Option<Date>, Organisation "DATE", Example "\"2026-11-25\"";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_one_that_its_flag_takes() {
        for need in NEEDS {
            let (Standing::Default(text) | Standing::Required(text)) = need.standing else { continue };
            let value = text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Boolean);
            assert!((need.read)(&mut GivenNeeds::default(), &value).is_ok(), "{}: {text}", need.key);
        }
    }
}
