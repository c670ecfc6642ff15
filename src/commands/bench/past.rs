//! `bench history`, `bench show` and `bench compare`: what was measured before.

use clap::Subcommand;

use crate::bench::{PastResult, ResultComparison};
use crate::commands::Context;
use crate::error::{Error, Exit};
use crate::history::{self, Database, HistoryError, Kept};
use crate::render::{ComparisonView, PastList, PastListView, ShownResult, ShownResultView};

/// What was measured before.
#[derive(Clone, Debug, Subcommand)]
pub enum PastCommand {
    /// List what was measured on this machine, the latest first
    History {
        /// How many
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        most: u32,
    },
    /// Tell all of one result
    Show {
        /// Its number in the history
        id: i64,
    },
    /// Hold one result against another, and say whether they differ by more than chance
    Compare {
        /// The first's number
        a: i64,
        /// The second's number
        b: i64,
    },
}

/// Runs the command.
pub(super) fn run(context: &Context, command: &PastCommand) -> Result<Exit, Error> {
    let database = match history::place() {
        Some(path) => Database::open_existing(&path).map_err(|error| history_error(&error))?,
        None => None,
    };
    match command {
        PastCommand::History { most } => {
            let kept = database.map(|database| database.latest(*most)).transpose();
            let kept = kept.map_err(|error| history_error(&error))?.unwrap_or_default();
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
                return Err(Error::plain(
                    Exit::Input,
                    format!("results {} and {} have nothing in common", a.id, b.id),
                )
                .hint(Some(
                    "compare results of the same number of tokens at the same depth, or of the same load",
                )));
            }
            context.show(&ComparisonView { comparison: &comparison })?;
        }
    }
    Ok(Exit::Yes)
}

fn result(database: Option<&Database>, id: i64) -> Result<Kept, Error> {
    let kept = database.map(|database| database.result(id)).transpose();
    kept.map_err(|error| history_error(&error))?.flatten().ok_or_else(|| {
        Error::usage(format!("the history has no result {id}"))
            .hint(Some("`r1-advisor bench history` lists the numbers"))
    })
}

fn history_error(error: &HistoryError) -> Error {
    let exit = match error {
        HistoryError::Folder { .. } | HistoryError::Database { .. } => Exit::Output,
        HistoryError::Newer { .. } | HistoryError::Unreadable { .. } => Exit::Input,
    };
    // The error owns a cause that is no `'static` reference here, so its words are taken.
    let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(": {cause}"));
    Error::plain(exit, format!("{error}{cause}")).hint(Some(error.hint()))
}
