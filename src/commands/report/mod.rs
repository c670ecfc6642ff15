//! `r1-advisor report`: what to buy, rent or call, and what it costs.

mod file;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::Context;
use super::typed::{money, positive, share};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::render::{self, Format, ReportView, Style};
use crate::report::{Privacy, ReportNeeds, Tagged, report};
use crate::units::Usd;

/// Flags of `report`; a needs file has the same keys.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(after_help = "\
Examples:
  r1-advisor report --users 1000 --requests-per-user-day 20 --prompt-tokens 1000 --output-tokens 2500
  r1-advisor report --needs needs.toml --format markdown -o report.md
  r1-advisor report --init > needs.toml            every need, with a comment

Buying, renting, calling and smaller models are held against each other at the same load and promise. Prices are those
of the catalog, each with its day; offers of your own go over them with --catalog DIR (`prices/` in it).

Exit code 1 means that nothing keeps the promise within the limits.")]
pub struct ReportArgs {
    /// A TOML file of needs, whose keys are these flags; a flag goes before it
    #[arg(long = "needs", value_name = "FILE")]
    #[serde(skip)]
    pub file: Option<PathBuf>,
    /// Print a needs file to fill in
    #[arg(long)]
    #[serde(skip)]
    pub init: bool,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    #[serde(skip)]
    pub output: Option<PathBuf>,
    /// The day of the report, which prices are old or fresh on [default: today]
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
    /// The model to serve [default: 671b]
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// Named users
    #[arg(long, value_name = "N", value_parser = positive)]
    pub users: Option<f64>,
    /// Requests that each makes on a working day
    #[arg(long, value_name = "N", value_parser = positive)]
    pub requests_per_user_day: Option<f64>,
    /// Tokens of a prompt
    #[arg(long, value_name = "N", value_parser = positive)]
    pub prompt_tokens: Option<f64>,
    /// Tokens of an answer, thinking included
    #[arg(long, value_name = "N", value_parser = positive)]
    pub output_tokens: Option<f64>,
    /// The share of a day's requests in the busiest hour [default: 15%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub peak_hour_share: Option<f64>,
    /// How much busier the busiest minutes of that hour are [default: 1.3]
    #[arg(long, value_name = "FACTOR", value_parser = positive)]
    pub burst: Option<f64>,
    /// The share of prompts that was seen before [default: 0]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub cached_share: Option<f64>,
    /// By how much the load grows in a year [default: 0]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub growth: Option<f64>,
    /// Days of a year on which people work [default: 250]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub working_days: Option<f64>,
    /// The longest wait for the first token for 95 of 100, in seconds [default: 3]
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub ttft_seconds: Option<f64>,
    /// The longest time between tokens for 95 of 100, in seconds [default: 0.05]
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub tpot_seconds: Option<f64>,
    /// One machine more than is needed, for when one fails
    #[arg(long)]
    pub spare: bool,
    /// What of a replica's capacity may be used when it is busiest [default: 80%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub headroom: Option<f64>,
    /// Where data may go [default: open]
    #[arg(long, value_enum, value_name = "WHERE")]
    pub privacy: Option<Privacy>,
    /// What may be spent before the first token, in US dollars
    #[arg(long, value_name = "USD", value_parser = positive)]
    pub budget: Option<f64>,
    /// Years that are reckoned with [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10))]
    pub years: Option<u32>,
    /// Interest, or what the money would bring elsewhere [default: 8%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub discount_rate: Option<f64>,
    /// What machines are worth at the end, as a share of their price [default: 15%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub residual_share: Option<f64>,
    /// What a kilowatt-hour costs, in US dollars [default: the catalog's]
    #[arg(long, value_name = "USD", value_parser = positive)]
    pub power_price: Option<f64>,
    /// What the place draws for each watt of the machines [default: 1.3]
    #[arg(long, value_name = "FACTOR", value_parser = positive)]
    pub pue: Option<f64>,
    /// People who run the machines, in full-time jobs [default: 0.3]
    #[arg(long, value_name = "N", value_parser = money)]
    pub staff_fte: Option<f64>,
    /// What such a job costs a year, in US dollars [default: 150000]
    #[arg(long, value_name = "USD", value_parser = money)]
    pub staff_cost: Option<f64>,
}

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<Exit, Error> {
    if args.init {
        let mut out = context.printer.data();
        super::finish_output(out.write_all(file::TEMPLATE.as_bytes()).and_then(|()| out.flush()))?;
        return Ok(Exit::Yes);
    }
    let catalog = context.catalog()?;
    let asked = match &args.file {
        Some(path) => args.clone().over(file::load(path)?),
        None => args.clone(),
    };
    let today = || jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
    let date = asked.date.unwrap_or_else(today);
    let needs = asked.needs(&catalog)?;
    let report = report(needs, &catalog, date).map_err(|error| {
        let hint = error.hint();
        Error::new(Exit::Input, &error).hint(hint)
    })?;
    let exit = if report.has_answer() { Exit::Yes } else { Exit::No };
    let view = ReportView { report };
    match &args.output {
        None => context.show(&view)?,
        Some(path) => {
            let style = Style { width: 120, lang: context.lang() };
            // A document in a file is Markdown unless it is told otherwise.
            let format = match context.global.format {
                Format::Table => Format::Markdown,
                other => other,
            };
            let written = File::create(path).and_then(|file| {
                let mut out = BufWriter::new(file);
                render::write(&view, format, style, &mut out).and_then(|()| out.flush())
            });
            written.map_err(|error| {
                Error::new(Exit::Output, &error).hint(Some(format!(
                    "is the folder of `{}` there, and may you write to it?",
                    path.display()
                )))
            })?;
        }
    }
    Ok(exit)
}

impl ReportArgs {
    /// These, and where they say nothing, those of a file.
    fn over(self, file: Self) -> Self {
        Self {
            date: self.date.or(file.date),
            model: self.model.or(file.model),
            users: self.users.or(file.users),
            requests_per_user_day: self.requests_per_user_day.or(file.requests_per_user_day),
            prompt_tokens: self.prompt_tokens.or(file.prompt_tokens),
            output_tokens: self.output_tokens.or(file.output_tokens),
            peak_hour_share: self.peak_hour_share.or(file.peak_hour_share),
            burst: self.burst.or(file.burst),
            cached_share: self.cached_share.or(file.cached_share),
            growth: self.growth.or(file.growth),
            working_days: self.working_days.or(file.working_days),
            ttft_seconds: self.ttft_seconds.or(file.ttft_seconds),
            tpot_seconds: self.tpot_seconds.or(file.tpot_seconds),
            spare: self.spare || file.spare,
            headroom: self.headroom.or(file.headroom),
            privacy: self.privacy.or(file.privacy),
            budget: self.budget.or(file.budget),
            years: self.years.or(file.years),
            discount_rate: self.discount_rate.or(file.discount_rate),
            residual_share: self.residual_share.or(file.residual_share),
            power_price: self.power_price.or(file.power_price),
            pue: self.pue.or(file.pue),
            staff_fte: self.staff_fte.or(file.staff_fte),
            staff_cost: self.staff_cost.or(file.staff_cost),
            ..self
        }
    }

    fn needs(&self, catalog: &Catalog) -> Result<ReportNeeds, Error> {
        let model = match &self.model {
            Some(name) => {
                let found = catalog.model(name).map_err(|error| {
                    let hint = error.hint();
                    Error::new(Exit::Usage, &error).hint(hint)
                })?;
                Some(found.id.clone())
            }
            None => None,
        };
        let power = catalog.power_price("default").map_err(|error| Error::new(Exit::Input, &error))?;
        let said = |value: Option<f64>, flag: &str| {
            let value = value.ok_or_else(|| {
                Error::usage(format!("`{flag}` is needed")).hint(Some(
                    "`r1-advisor report --help` has an example, `--init` prints a file to fill in",
                ))
            })?;
            in_range(value, flag, 0.0..1e9).map(|value| Tagged::or(Some(value), value))
        };
        let number = |value: Option<f64>, usual: f64, flag: &str, most: f64| {
            let tagged = Tagged::or(value, usual);
            in_range(tagged.value, flag, 0.0..most).map(|_| tagged)
        };
        Ok(ReportNeeds {
            model: Tagged::or(model, "r1-671b".to_owned()),
            users: said(self.users, "--users")?,
            requests_per_user_day: said(self.requests_per_user_day, "--requests-per-user-day")?,
            prompt_tokens: said(self.prompt_tokens, "--prompt-tokens")?,
            output_tokens: said(self.output_tokens, "--output-tokens")?,
            peak_hour_share: number(self.peak_hour_share, 0.15, "--peak-hour-share", 1.0)?,
            burst: number(self.burst, 1.3, "--burst", 100.0)?,
            cached_share: number(self.cached_share, 0.0, "--cached-share", 1.0)?,
            growth: number(self.growth, 0.0, "--growth", 100.0)?,
            working_days: number(self.working_days, 250.0, "--working-days", 366.0)?,
            ttft_seconds: number(self.ttft_seconds, 3.0, "--ttft-seconds", 1e6)?,
            tpot_seconds: number(self.tpot_seconds, 0.05, "--tpot-seconds", 1e6)?,
            spare: Tagged::or(self.spare.then_some(true), false),
            headroom: number(self.headroom, 0.8, "--headroom", 1.0)?,
            privacy: Tagged::or(self.privacy, Privacy::Open),
            budget: Tagged::or(self.budget.map(|amount| Some(Usd(amount))), None),
            years: Tagged::or(self.years, 3),
            discount_rate: number(self.discount_rate, 0.08, "--discount-rate", 10.0)?,
            residual_share: number(self.residual_share, 0.15, "--residual-share", 1.0)?,
            usd_per_kwh: Tagged::or(self.power_price.map(Usd), power.usd_per_kwh),
            pue: number(self.pue, 1.3, "--pue", 10.0)?,
            staff_fte: number(self.staff_fte, 0.3, "--staff-fte", 1e4)?,
            staff_cost: Tagged::or(self.staff_cost.map(Usd), Usd(150_000.0)),
        })
    }
}

/// A file can state what a flag cannot.
fn in_range(value: f64, flag: &str, range: std::ops::Range<f64>) -> Result<f64, Error> {
    if value.is_finite() && value >= range.start && value <= range.end {
        return Ok(value);
    }
    let key = flag.trim_start_matches('-').replace('-', "_");
    Err(Error::usage(format!("`{value}` cannot be: {key} is from {} to {}", range.start, range.end))
        .hint(Some(format!("correct `{flag}`, or `{key}` in the needs file"))))
}
