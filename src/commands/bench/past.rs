//! `bench history`, `bench show` and `bench compare`: what was measured before.

use clap::Subcommand;

use crate::bench::{PastResult, ResultComparison};
use crate::commands::Context;
use crate::commands::typed::{MOST as MOST_NUMBER, whole};
use crate::error::{Error, Exit};
use crate::history::{self, Database, Kept};
use crate::message;
use crate::render::{ComparisonView, PastList, PastListView, ShownResult, ShownResultView};

/// Looking at earlier results.
#[derive(Clone, Debug, Subcommand)]
pub enum PastCommand {
    /// List earlier results on this machine, the latest first
    History {
        /// How many to list
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = whole::<u32>(1..=MOST_NUMBER))]
        most: u32,
    },
    /// Show one result in full
    Show {
        /// Its number in the history
        id: i64,
    },
    /// Compare two results, and test whether they differ by more than chance
    Compare {
        /// Number of the first result
        a: i64,
        /// Number of the second result
        b: i64,
    },
}

/// Runs the command.
pub(super) fn run(context: &Context, command: &PastCommand) -> Result<Exit, Error> {
    let database = match history::place() {
        Some(path) => Database::open_existing(&path)?,
        None => None,
    };
    match command {
        PastCommand::History { most } => {
            let kept = database.map(|database| database.latest(*most)).transpose()?.unwrap_or_default();
            let list = PastList { results: kept.iter().map(PastResult::of).collect() };
            context.show(&PastListView { list: &list })?;
        }
        PastCommand::Show { id } => {
            let kept = result(database.as_ref(), *id)?;
            let shown = ShownResult { summary: PastResult::of(&kept), document: kept.document };
            context.show(&ShownResultView { shown: &shown })?;
        }
        PastCommand::Compare { a, b } => {
            let (a, b) = (result(database.as_ref(), *a)?, result(database.as_ref(), *b)?);
            let comparison = ResultComparison::of(&a, &b);
            if comparison.metrics.is_empty() {
                let nothing = message!(BenchNothingShared { a: a.id, b: b.id });
                let hint = message!(BenchNothingSharedHint);
                return Err(Error::plain(Exit::Input, nothing).hint(Some(hint)));
            }
            context.show(&ComparisonView { comparison: &comparison })?;
        }
    }
    Ok(Exit::Yes)
}

fn result(database: Option<&Database>, id: i64) -> Result<Kept, Error> {
    let kept = database.map(|database| database.result(id)).transpose()?.flatten();
    kept.ok_or_else(|| Error::usage(message!(BenchNoResult { id })).hint(Some(message!(BenchNoResultHint))))
}
