//! From the command line to a command: reads the arguments, calls the command that they name, and says how the process
//! ends.

mod help;
mod misuse;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::catalog::own_sentences;
use crate::chat::lay_out;
use crate::cli::{Cli, Command};
use crate::commands::{
    Context, bench, estimate, finish_output, models, probe, pull, recommend, report, run as chat, translated,
    upgrade, validate,
};
use crate::engine::worker;
use crate::error::{Error, Exit};
use crate::i18n::{Lang, Locale};
use crate::message;
use crate::render::Format;
use crate::ui::Printer;

/// Runs the command line `arguments`, program name first, and tells how the process ends.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = translated(arguments);
    let mut command = minding_negatives(Cli::command());
    let parsed =
        command.try_get_matches_from_mut(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed.map_err(|error| error.format(&mut command)) {
        Ok(cli) => cli,
        Err(error) => {
            misuse::tell(&error, &arguments);
            return if error.use_stderr() { Exit::Usage } else { Exit::Yes };
        }
    };
    let lang = cli.global.lang.unwrap_or_else(|| Lang::of_locale(&locale()));
    let sentences = own_sentences(cli.global.catalog.as_deref(), lang.tag());
    let locale = Locale { sentences, ..Locale::new(lang) };
    let printer = Printer::new(cli.global.color, cli.global.quiet, locale);
    let context = Context { printer, global: cli.global };
    called(&context, cli.command).unwrap_or_else(|error| {
        context.printer.error(&error);
        error.exit()
    })
}

fn called(context: &Context, command: Command) -> Result<Exit, Error> {
    refuse_format(context.global.format, &command)?;
    match command {
        Command::Recommend(args) => recommend::run(context, &args),
        Command::Upgrade(args) => upgrade::run(context, &args),
        Command::Estimate(args) => estimate::run(context, &args),
        Command::Bench(args) => bench::run(context, &args),
        Command::Validate(args) => validate::run(context, &args),
        Command::Report(args) => report::run(context, &args),
        Command::Probe(args) => probe::run(context, &args),
        Command::Models(args) => models::run(context, &args),
        Command::Pull(args) => pull::run(context, &args),
        Command::Run(args) => chat::run(context, &args),
        Command::Completions { shell } => completions(context, shell),
        Command::Man { command } => man(context, &command),
        Command::Worker { engine } => Ok(worker::serve(engine)),
        Command::LayOut => Ok(lay_out()),
    }
}

/// The same command line, whose flags say of `-5` that it is none of their values, where clap would look for a flag `-5`.
fn minding_negatives(command: clap::Command) -> clap::Command {
    let takes_value = |arg: &clap::Arg| !arg.is_positional() && arg.get_action().takes_values();
    command
        .mut_args(|arg| if takes_value(&arg) { arg.allow_negative_numbers(true) } else { arg })
        .mut_subcommands(minding_negatives)
}

/// Refuses a format that only another command writes.
fn refuse_format(format: Format, command: &Command) -> Result<(), Error> {
    let (only, is_it) = match format {
        Format::Html | Format::Pdf => ("report", matches!(command, Command::Report(_))),
        other => ("bench", other.is_general() || matches!(command, Command::Bench(_))),
    };
    if is_it {
        return Ok(());
    }
    Err(Error::usage(message!(CommandsFormat { command: only })).hint(Some(message!(CommandsFormatHint))))
}

/// The locale of messages, where one is set.
fn locale() -> String {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    names.filter_map(|name| std::env::var(name).ok()).find(|locale| !locale.is_empty()).unwrap_or_default()
}

fn completions(context: &Context, shell: clap_complete::Shell) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "r1-advisor", &mut script);
    data(context, &script)
}

/// Prints the manual page of the command that `path` names.
fn man(context: &Context, path: &[String]) -> Result<Exit, Error> {
    let mut root = help::command(context.locale().lang);
    root.build();
    let mut command = &root;
    for name in path {
        command = command
            .find_subcommand(name)
            .ok_or_else(|| Error::usage(message!(CommandsUnknownCommand { command: format!("`{name}`") })))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Error::plain(Exit::Output, &error))?;
    data(context, &page)
}

fn data(context: &Context, bytes: &[u8]) -> Result<Exit, Error> {
    let mut out = context.printer.own();
    finish_output(out.write_all(bytes).and_then(|()| out.flush()))?;
    Ok(Exit::Yes)
}
