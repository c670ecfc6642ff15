//! `r1-advisor report`: what to buy, rent or call, and what it costs.

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
use super::whole_file::write_whole;
use crate::catalog::{Catalog, CatalogError};
use crate::error::{Error, Exit};
use crate::i18n::{Currency, Locale};
use crate::message::fixed;
use crate::needs::{OrganisationNeedsArgs, ReportCurrency, ReportNeeds};
use crate::render::{self, Format, ReportView, Style};
use crate::report::{Illustrated, illustrated, report};
use crate::ui::{Printer, Progress};
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
    /// The needs.
    #[command(flatten)]
    pub needs: OrganisationNeedsArgs,
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
}

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<Exit, Error> {
    if args.init {
        return super::needs::init(context);
    }
    let given = args.needs.given()?;
    let catalog = catalog(context, given.prices.as_deref())?;
    let today = || jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
    let date = given.date.unwrap_or_else(today);
    let needs = ReportNeeds {
        inventory: inventory::read(context, given.inventory.as_deref(), &catalog)?,
        measured: measured::read(context, &given, &catalog)?,
        ..given.organisation(&catalog)?
    };
    let trained = catalog.model(&needs.model.value)?.architecture.context_trained;
    if needs.prompt_tokens.value + needs.output_tokens.value > f64::from(trained) {
        let (model, prompt, output) =
            (&needs.model.value, needs.prompt_tokens.value, needs.output_tokens.value);
        let (prompt, output) = (fixed(prompt, 0), fixed(output, 0));
        return Err(Error::usage(message!(ReportBeyondTraining { model, trained, prompt, output }))
            .hint(Some(message!(ReportBeyondTrainingHint { trained }))));
    }
    let format = format_of(context.global.format, args.output.as_deref());
    let ReportCurrency { symbol, per_usd, .. } = needs.currency.value.clone();
    let locale = context.locale().paying_in(Currency { symbol, per_usd });
    let view = with_progress(&context.printer, &say!(locale, ReportProgress), || {
        written(format, &needs, &catalog, date, &locale)
    });
    show(context, args, format, &view?)
}

/// Work that says on the terminal what it is when it takes more than a second.
fn with_progress<R>(printer: &Printer, what: &str, work: impl FnOnce() -> R) -> R {
    let (done, end) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if printer.draws_progress()
                && end.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout)
            {
                let _progress = Progress::steps(printer, what);
                let _ = end.recv();
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// The catalog, with prices of one's own over it.
fn catalog(context: &Context, prices: Option<&Path>) -> Result<Catalog, Error> {
    let catalog = context.catalog()?;
    let Some(path) = prices else { return Ok(catalog) };
    catalog.with_prices(path).map_err(|error| {
        let is_read = matches!(error, CatalogError::Read { .. });
        Error::from(error).hint(is_read.then(|| message!(CommandsUnreadableHint)))
    })
}

/// Writes the document to where it was asked for.
fn show(context: &Context, args: &ReportArgs, format: Format, view: &ReportView) -> Result<Exit, Error> {
    if let Some(folder) = &args.launch {
        launch::write(context, folder, view.report())?;
    }
    let exit = if view.report().has_answer() { Exit::Yes } else { Exit::No };
    let style = Style { width: 120, locale: context.locale() };
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
            let mut out = context.printer.own();
            super::finish_output(out.write_all(paper).and_then(|()| out.flush()))?;
        }
        (Some(path), paper) => {
            let written = write_whole(path, |out| match paper {
                Some(paper) => out.write_all(paper),
                None => render::write(view, format, style, out),
            });
            written.map_err(|error| {
                Error::plain(Exit::Output, &error).hint(Some(message!(ReportOutputParent { path })))
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
