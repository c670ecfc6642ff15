//! `r1-advisor report`: what to buy, rent or call, and what it costs.

mod choices;
mod inventory;
mod launch;
mod measured;
mod print;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use clap::Args;

use super::Context;
use super::needs::{DEFAULT_USE_CASE, NeedsFile, known_use_cases};
use super::typed::{AskedCurrency, Money, Positive, Span, Tokens, day, money, positive, share};
use super::whole_file::write_whole;
use crate::both;
use crate::catalog::{Catalog, CatalogError};
use crate::error::{Error, Exit};
use crate::i18n::{Currency, Locale};
use crate::render::{self, Format, ReportView, Style};
use crate::report::{
    Illustrated, Inventory, Origin, Privacy, ReportCurrency, ReportNeeds, Tagged, illustrated, report,
};
use crate::ui::{Printer, Progress};
use crate::units::Usd;
use crate::{message, say};

/// Flags of `report`; a needs file has the same keys.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  r1-advisor report --users 1000 --requests-per-user-day 20 --prompt-tokens 1000 --output-tokens 2500
  r1-advisor report --users 300 --requests-per-user-day 10 --use-case coding --model 32b
  r1-advisor report --needs needs.toml -o report.html     a page with charts and sliders, to send and to print
  r1-advisor report --needs needs.toml -o report.pdf      the same on paper, by an installed Chromium, Chrome or Edge
  r1-advisor report --needs needs.toml --format markdown -o report.md
  r1-advisor report --needs needs.toml --launch r1/       what starts it and checks it: scripts, manifests, tests
  r1-advisor report --init > needs.toml            every need, with a comment

Buying, renting, calling and smaller models are held against each other at the same load and promise. Prices are those
of the catalog, each with its day; offers of your own go over them with --catalog DIR (`prices/` in it).

Exit code 1 means that nothing keeps the promise within the limits.")]
pub struct ReportArgs {
    /// A TOML file of needs, whose keys are these flags with `_` for `-`; a flag goes before it. `recommend` reads the
    /// same file
    #[arg(long = "needs", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print a needs file to fill in
    #[arg(long)]
    pub init: bool,
    /// Write to a file instead of standard output; without --format its ending says what: .html, .pdf, .md,
    /// .json, .csv
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write what starts and checks the recommended option into a new folder: scripts for the engines, manifests for
    /// Kubernetes, the acceptance test
    #[arg(long, value_name = "DIR")]
    pub launch: Option<PathBuf>,
    /// The day of the report, which prices are old or fresh on [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
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
    /// What it is for: `general`, `mobile`, `voice`, `chat`, `customer-service`, `writing`, `coding`, `documents` or
    /// `research`, which have their usual lengths of prompt and answer [default: general]
    #[arg(long, value_name = "NAME")]
    pub use_case: Option<String>,
    /// Tokens of a prompt [default: as the use-case has it]
    #[arg(long, value_name = "N")]
    pub prompt_tokens: Option<Tokens>,
    /// Tokens of an answer, thinking included [default: as the use-case has it]
    #[arg(long, value_name = "N")]
    pub output_tokens: Option<Tokens>,
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
    /// The longest until the first token (TTFT) for 95 of 100, such as `3s` [default: 3s]
    #[arg(long, value_name = "TIME")]
    pub max_ttft: Option<Span>,
    /// The slowest decode for 95 of 100, in tokens per second: 20 is a time per token (TPOT) of 50 ms [default: 20, or
    /// what the use-case asks for beyond]
    #[arg(long, value_name = "RATE")]
    pub min_decode: Option<Positive>,
    /// One machine more than is needed, for when one fails
    #[arg(long)]
    pub spare: bool,
    /// The share of time in which the whole load is to be served, such as `99.9%`: as many machines more are counted
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub availability: Option<f64>,
    /// What of a replica's capacity may be used when it is busiest [default: 80%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub headroom: Option<f64>,
    /// Where data may go [default: open]
    #[arg(long, value_enum, value_name = "WHERE")]
    pub privacy: Option<Privacy>,
    /// Makers and providers that may be taken, such as `nvidia,gcp`: a maker limits machines, a provider rents and APIs.
    /// Others stay in sight, struck out
    #[arg(long, value_name = "NAME[,NAME…]", value_delimiter = ',')]
    pub vendors: Vec<String>,
    /// Where machines and providers must stand, where their prices say so: `cn`, `eu`, `us`, `ca`, `in` or a place as prices
    /// name it; the catalog's price of power there is the default
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// What people read amounts in, with what a US dollar is worth and of which day, such as `CNY=7.1@2026-11-20`; flags,
    /// files and JSON stay in US dollars
    #[arg(long, value_name = "CODE[=RATE@DATE]")]
    pub currency: Option<AskedCurrency>,
    /// A folder of machine files that `probe --save` wrote: using what is there is then an option, without capital
    #[arg(long, value_name = "DIR")]
    pub inventory: Option<PathBuf>,
    /// A TOML file of prices that go over the catalog's: `[[machine]]`, `[[accelerator]]`, `[[rental]]` and `[[api_price]]`
    /// with `id`, the price, `date` and `source`
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// A result of `bench --format json`, of a server or of this program's engine, from wherever it was measured: the options
    /// that are the same rest on it. Of the results of `bench history` they do so anyway
    #[arg(long, value_name = "FILE[,FILE…]", value_delimiter = ',')]
    pub measured: Vec<PathBuf>,
    /// Leave out what `bench history` has
    #[arg(long)]
    pub no_history: bool,
    /// What may be spent before the first token, in US dollars
    #[arg(long, value_name = "USD")]
    pub budget: Option<Money>,
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
    #[arg(long, value_name = "USD")]
    pub power_price: Option<Money>,
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

/// The longest wait for the first token where nobody says.
const TTFT_SECONDS: f64 = 3.0;

/// The slowest decode where nobody says, in tokens a second: DeepSeek's own service gives its users as many.
const MINIMUM_DECODE: f64 = 20.0;

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<Exit, Error> {
    if args.init {
        return super::needs::init(context);
    }
    let asked = match &args.file {
        Some(path) => args.clone().over(NeedsFile::read(path)?.organisation),
        None => args.clone(),
    };
    let catalog = asked.catalog(context)?;
    let today = || jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
    let date = asked.date.unwrap_or_else(today);
    let needs = ReportNeeds {
        inventory: asked.inventory(context, &catalog)?,
        measured: asked.measured(context, &catalog)?,
        ..asked.needs(&catalog)?
    };
    let format = format_of(context.global.format, args.output.as_deref());
    let ReportCurrency { symbol, per_usd, .. } = needs.currency.value.clone();
    let locale = context.locale().paying_in(Currency { symbol, per_usd });
    let view = with_progress(&context.printer, &say!(locale, ReportProgress), || {
        written(format, &needs, &catalog, date, &locale)
    });
    let view = view.map_err(|error| Error::new(Exit::Input, &error).hint(error.hint()))?;
    show(context, args, format, &view)
}

/// Work that says on stderr what it is when it takes more than a second.
fn with_progress<R>(printer: &Printer, what: &str, work: impl FnOnce() -> R) -> R {
    let (done, end) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if end.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                let _progress = Progress::steps(printer, what);
                let _ = end.recv();
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// Writes the document to where it was asked for.
fn show(context: &Context, args: &ReportArgs, format: Format, view: &ReportView) -> Result<Exit, Error> {
    if let Some(folder) = &args.launch {
        launch::write(context, folder, view.report())?;
    }
    let exit = if view.report().has_answer() { Exit::Yes } else { Exit::No };
    let style = Style { width: 120, lang: context.lang(), locale: context.locale() };
    let paper = match format {
        Format::Pdf => {
            let mut page = Vec::new();
            super::finish_output(render::write(view, Format::Html, style, &mut page))?;
            Some(print::pdf(&page)?)
        }
        _ => None,
    };
    match (&args.output, &paper) {
        (None, None) => context.show(view)?,
        (None, Some(paper)) => {
            let mut out = context.printer.data();
            super::finish_output(out.write_all(paper).and_then(|()| out.flush()))?;
        }
        (Some(path), paper) => {
            let written = write_whole(path, |out| match paper {
                Some(paper) => out.write_all(paper),
                None => render::write(view, format, style, out),
            });
            written.map_err(|error| {
                Error::new(Exit::Output, &error).hint(Some(message!(ReportOutputParent { path })))
            })?;
        }
    }
    Ok(exit)
}

/// A document in a file is what the file's name ends in, else Markdown, unless it is told otherwise.
fn format_of(asked: Format, file: Option<&Path>) -> Format {
    match (asked, file) {
        (Format::Table, Some(path)) => match path.extension().and_then(|ending| ending.to_str()) {
            Some("html" | "htm") => Format::Html,
            Some("pdf") => Format::Pdf,
            Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            _ => Format::Markdown,
        },
        (asked, _) => asked,
    }
}

/// The document; a page has charts and sliders, too.
fn written(
    format: Format,
    needs: &ReportNeeds,
    catalog: &Catalog,
    date: jiff::civil::Date,
    locale: &Locale,
) -> Result<ReportView, CatalogError> {
    if matches!(format, Format::Html | Format::Pdf) {
        let Illustrated { report, figures } = illustrated(needs, catalog, date)?;
        return Ok(ReportView::new(report, Some(figures), locale.clone()));
    }
    Ok(ReportView::new(report(needs, catalog, date)?, None, locale.clone()))
}

impl ReportArgs {
    /// These, and where they say nothing, those of a file.
    fn over(self, file: Self) -> Self {
        Self {
            date: self.date.or(file.date),
            model: self.model.or(file.model),
            users: self.users.or(file.users),
            requests_per_user_day: self.requests_per_user_day.or(file.requests_per_user_day),
            use_case: self.use_case.or(file.use_case),
            prompt_tokens: self.prompt_tokens.or(file.prompt_tokens),
            output_tokens: self.output_tokens.or(file.output_tokens),
            peak_hour_share: self.peak_hour_share.or(file.peak_hour_share),
            burst: self.burst.or(file.burst),
            cached_share: self.cached_share.or(file.cached_share),
            growth: self.growth.or(file.growth),
            working_days: self.working_days.or(file.working_days),
            max_ttft: self.max_ttft.or(file.max_ttft),
            min_decode: self.min_decode.or(file.min_decode),
            spare: self.spare || file.spare,
            availability: self.availability.or(file.availability),
            headroom: self.headroom.or(file.headroom),
            vendors: if self.vendors.is_empty() { file.vendors } else { self.vendors },
            region: self.region.or(file.region),
            currency: self.currency.or(file.currency),
            inventory: self.inventory.or(file.inventory),
            prices: self.prices.or(file.prices),
            measured: if self.measured.is_empty() { file.measured } else { self.measured },
            no_history: self.no_history || file.no_history,
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
        let power = self.power_price(catalog)?;
        let said = |value: Option<f64>, flag: &str| {
            let value = value.ok_or_else(|| {
                Error::usage(both!("`{flag}` is needed", "缺少 `{flag}`")).hint(Some(both!(
                    "`r1-advisor report --help` has an example, `--init` prints a file to fill in",
                    "`r1-advisor report --help` 有示例，`--init` 会打印一份供填写的文件"
                )))
            })?;
            in_range(value, flag, 0.0..1e9).map(|value| Tagged::or(Some(value), value))
        };
        let number = |value: Option<f64>, usual: f64, flag: &str, most: f64| {
            let tagged = Tagged::or(value, usual);
            in_range(tagged.value, flag, 0.0..most).map(|_| tagged)
        };
        let name = self.use_case.as_deref().unwrap_or(DEFAULT_USE_CASE);
        let use_case = catalog.use_case(name).map_err(|error| {
            Error::new(Exit::Usage, &error).hint(Some(known_use_cases(catalog))).hint(error.hint())
        })?;
        // What follows from a use-case that nobody named is a default like any other.
        let preset = if self.use_case.is_some() { Origin::Derived } else { Origin::Default };
        let length = |said: Option<Tokens>, usual: u32| match said {
            Some(Tokens(said)) => Tagged { value: f64::from(said), origin: Origin::Given },
            None => Tagged { value: f64::from(usual), origin: preset },
        };
        let least = use_case.minimum_decode_tokens_per_second;
        let decode = match self.min_decode {
            Some(Positive(rate)) => Tagged { value: rate, origin: Origin::Given },
            None if least > MINIMUM_DECODE => Tagged { value: least, origin: preset },
            None => Tagged { value: MINIMUM_DECODE, origin: Origin::Default },
        };
        let dollars = |said: Option<Money>| said.map(|said| Usd(said.0));
        Ok(ReportNeeds {
            use_case: Tagged::or(self.use_case.as_ref().map(|_| use_case.id.clone()), use_case.id.clone()),
            model: Tagged::or(model, "r1-671b".to_owned()),
            users: said(self.users, "--users")?,
            requests_per_user_day: said(self.requests_per_user_day, "--requests-per-user-day")?,
            prompt_tokens: length(self.prompt_tokens, use_case.prompt_tokens),
            output_tokens: length(self.output_tokens, use_case.output_tokens),
            peak_hour_share: number(self.peak_hour_share, 0.15, "--peak-hour-share", 1.0)?,
            burst: number(self.burst, 1.3, "--burst", 100.0)?,
            cached_share: number(self.cached_share, 0.0, "--cached-share", 1.0)?,
            growth: number(self.growth, 0.0, "--growth", 100.0)?,
            working_days: number(self.working_days, 250.0, "--working-days", 366.0)?,
            ttft_seconds: Tagged::or(self.max_ttft.map(|span| span.0.0), TTFT_SECONDS),
            tpot_seconds: Tagged { value: 1.0 / decode.value, origin: decode.origin },
            spare: Tagged::or(self.spare.then_some(true), false),
            availability: self.availability()?,
            headroom: number(self.headroom, 0.8, "--headroom", 1.0)?,
            vendors: self.vendors(catalog)?,
            region: self.region(catalog)?,
            currency: self.currency(catalog)?,
            inventory: Tagged::or(None, Inventory::default()),
            prices: Tagged::or(self.prices.as_ref().map(|path| Some(path.display().to_string())), None),
            privacy: Tagged::or(self.privacy, Privacy::Open),
            budget: Tagged::or(dollars(self.budget).map(Some), None),
            years: Tagged::or(self.years, 3),
            discount_rate: number(self.discount_rate, 0.08, "--discount-rate", 10.0)?,
            residual_share: number(self.residual_share, 0.15, "--residual-share", 1.0)?,
            usd_per_kwh: match dollars(self.power_price) {
                Some(said) => Tagged::or(Some(said), said),
                None => power,
            },
            pue: number(self.pue, 1.3, "--pue", 10.0)?,
            staff_fte: number(self.staff_fte, 0.3, "--staff-fte", 1e4)?,
            staff_cost: Tagged::or(self.staff_cost.map(Usd), Usd(150_000.0)),
            measured_in: Tagged::or((!self.measured.is_empty()).then(|| paths(&self.measured)), Vec::new()),
            measured: Vec::new(),
        })
    }
}

fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

/// What no organisation has is a slip of the keyboard.
fn in_range(value: f64, flag: &str, range: std::ops::Range<f64>) -> Result<f64, Error> {
    if value.is_finite() && value >= range.start && value <= range.end {
        return Ok(value);
    }
    let key = flag.trim_start_matches('-').replace('-', "_");
    let (least, most) = (range.start, range.end);
    Err(Error::usage(both!(
        "`{value}` cannot be: {key} is from {least} to {most}",
        "`{value}` 不可能：{key} 在 {least} 到 {most} 之间"
    ))
    .hint(Some(both!(
        "correct `{flag}`, or `{key}` in the needs file",
        "请更正 `{flag}`，或需求文件中的 `{key}`"
    ))))
}
