//! The commands: each one's flags, then its story of probe, catalog, reckon, render.

pub mod bench;
mod compare;
pub mod estimate;
mod help;
mod interrupt;
mod lessons;
mod llama_plan;
mod local;
mod machine_source;
mod misuse;
mod model_file;
pub mod models;
mod needs;
pub mod probe;
pub mod pull;
pub mod recommend;
pub mod removal;
pub mod report;
pub mod run;
mod typed;
pub mod upgrade;
pub mod validate;
mod whole_file;

pub(crate) use machine_source::MachineFileError;
pub(crate) use needs::NeedsFileError;

use std::ffi::OsString;
use std::io::{self, Write as _};

use clap::{CommandFactory as _, Parser as _};

use crate::both;
use crate::catalog::{Catalog, own_sentences};
use crate::cli::{Cli, Command, GlobalArgs};
use crate::error::{Error, Exit};
use crate::i18n::{self, Locale};
use crate::lang::Lang;
use crate::render::{self, Format, Style, View};
use crate::ui::Printer;

/// Runs the command line `arguments`, program name first, and tells how the process ends.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = bench::translated(arguments);
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            misuse::tell(&error, &arguments);
            return if error.use_stderr() { Exit::Usage } else { Exit::Yes };
        }
    };
    let lang = cli.global.lang.unwrap_or_else(|| i18n::Lang::of_locale(&locale()));
    let sentences = own_sentences(cli.global.catalog.as_deref(), lang.tag());
    let locale = Locale { sentences, ..Locale::new(lang) };
    let printer = Printer::new(cli.global.color, cli.global.quiet, locale);
    let context = Context { printer, global: cli.global };
    let result = match cli.command {
        ref command if !written_by(context.global.format, command) => {
            let only = if matches!(context.global.format, Format::Html | Format::Pdf) {
                both!("this format is for `report` only", "这种格式只用于 `report`")
            } else {
                both!("this format is for `bench` only", "这种格式只用于 `bench`")
            };
            Err(Error::usage(only).hint(Some(both!(
                "take `--format table`, `json`, `csv` or `markdown`",
                "请用 `--format table`、`json`、`csv` 或 `markdown`"
            ))))
        }
        Command::Recommend(args) => recommend::run(&context, &args),
        Command::Upgrade(args) => upgrade::run(&context, &args),
        Command::Estimate(args) => estimate::run(&context, &args),
        Command::Bench(args) => bench::run(&context, &args),
        Command::Validate(args) => validate::run(&context, &args),
        Command::Report(args) => report::run(&context, &args),
        Command::Probe(args) => probe::run(&context, &args),
        Command::Models(args) => models::run(&context, &args),
        Command::Pull(args) => pull::run(&context, &args),
        Command::Run(args) => run::run(&context, &args),
        Command::Completions { shell } => completions(&context, shell),
        Command::Worker { engine } => Ok(crate::engine::worker::serve(engine)),
    };
    result.unwrap_or_else(|error| {
        context.printer.error(&error);
        error.exit()
    })
}

/// Whether a command writes a format.
fn written_by(format: Format, command: &Command) -> bool {
    match format {
        Format::Html | Format::Pdf => matches!(command, Command::Report(_)),
        other => other.is_general() || matches!(command, Command::Bench(_)),
    }
}

/// The locale of messages, where one is set.
fn locale() -> String {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    names.filter_map(|name| std::env::var(name).ok()).find(|locale| !locale.is_empty()).unwrap_or_default()
}

/// What every command has at hand.
#[derive(Debug)]
pub struct Context {
    /// The mouth.
    pub printer: Printer,
    /// Flags that every command takes.
    pub global: GlobalArgs,
}

impl Context {
    /// The catalog, with the user's overlays.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        Catalog::load(self.global.catalog.as_deref())
            .map_err(|error| Error::new(Exit::Input, &error).hint(error.hint()))
    }

    /// The language and currency of what people read.
    #[must_use]
    pub fn locale(&self) -> &Locale {
        self.printer.locale()
    }

    /// The language of what people read.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.printer.lang()
    }

    /// Writes a result in the asked format. A reader that went away is not an error.
    pub fn show(&self, view: &impl View) -> Result<(), Error> {
        let style = Style { width: self.printer.width(), lang: self.lang(), locale: self.locale() };
        let mut out = self.printer.data();
        let written = render::write(view, self.global.format, style, &mut out).and_then(|()| out.flush());
        finish_output(written)
    }

    /// Whether the result is for people.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.global.format == Format::Table
    }
}

fn finish_output(written: io::Result<()>) -> Result<(), Error> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            Err(Error::new(Exit::Output, &error).hint(Some(both!("is the disk full?", "磁盘满了吗？"))))
        }
        Ok(()) => Ok(()),
    }
}

fn completions(context: &Context, shell: clap_complete::Shell) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "r1-advisor", &mut script);
    let mut out = context.printer.data();
    finish_output(out.write_all(&script).and_then(|()| out.flush()))?;
    Ok(Exit::Yes)
}
