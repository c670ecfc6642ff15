//! The commands: each one's flags, then its story of probe, catalog, reckon, render.

pub mod bench;
mod compare;
pub mod estimate;
mod interrupt;
mod lessons;
mod llama_plan;
mod local;
mod machine_source;
mod model_file;
pub mod models;
mod needs;
pub mod probe;
pub mod pull;
pub mod recommend;
pub mod removal;
pub mod report;
pub mod run;
pub mod upgrade;
pub mod validate;
mod whole_file;

pub(crate) use bench::{NumbersError, translated};
pub use machine_source::{MachineArgs, machine_of_toml};

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;

use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::i18n::{self, Locale};
use crate::message;
use crate::needs::typed;
use crate::render::{self, Format, Style, View};
use crate::ui::{ColorChoice, Printer};

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Output format
    #[arg(long, global = true, value_enum, default_value_t)]
    pub format: Format,
    /// Folder whose TOML files add to the catalog or replace entries of it
    #[arg(long, global = true, value_name = "DIR", env = "R1_ADVISOR_CATALOG")]
    pub catalog: Option<PathBuf>,
    /// Language of the output [default: that of the locale, else en]
    #[arg(long, global = true, value_enum, env = "R1_ADVISOR_LANG")]
    pub lang: Option<i18n::Lang>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Print only the result and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
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
        Ok(Catalog::load(self.global.catalog.as_deref())?)
    }

    /// The language and currency of what people read.
    #[must_use]
    pub fn locale(&self) -> &Locale {
        self.printer.locale()
    }

    /// Writes a result in the format that the flags say.
    pub fn show(&self, view: &impl View) -> Result<(), Error> {
        let style = Style { width: self.printer.width(), locale: self.locale() };
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

/// The end of writing a result; a reader that went away is not an error.
pub(crate) fn finish_output(written: io::Result<()>) -> Result<(), Error> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Error::plain(Exit::Output, &error).hint(Some(message!(CommandsOutputHint)))),
        Ok(()) => Ok(()),
    }
}
