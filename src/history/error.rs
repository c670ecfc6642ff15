use std::io;
use std::path::PathBuf;

use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;

/// Why the history cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum HistoryError {
    /// Its folder cannot be made.
    Folder {
        /// The database.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The database refuses.
    Database {
        /// The database.
        path: PathBuf,
        /// `SQLite`'s error.
        source: rusqlite::Error,
    },
    /// A later version of this program wrote it.
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The latest version that is supported.
        known: u32,
    },
    /// Another program's database.
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// A result whose document is not JSON.
    Unreadable {
        /// The database.
        path: PathBuf,
        /// The number of the result.
        id: i64,
        /// The parser's error.
        source: serde_json::Error,
    },
}

impl Failure for HistoryError {
    fn message(&self) -> Message {
        match self {
            Self::Folder { path, source } => message!(HistoryFolder { path }).because(source),
            Self::Database { path, source } => {
                message!(HistoryDatabase { path }).because(Message::verbatim(source.to_string()))
            }
            Self::Foreign { path } => message!(HistoryForeign { path }),
            Self::Newer { path, found, known } => message!(HistoryNewer { path, found, known }),
            Self::Unreadable { path, id, source } => {
                message!(HistoryUnreadable { path, id }).because(Message::verbatim(source.to_string()))
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Newer { .. } => message!(HistoryNewerHint),
            Self::Folder { .. } | Self::Database { .. } | Self::Foreign { .. } => message!(HistoryPlaceHint),
            Self::Unreadable { .. } => message!(HistoryUnreadableHint),
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Folder { .. } | Self::Database { .. } => Exit::Output,
            Self::Newer { .. } | Self::Foreign { .. } | Self::Unreadable { .. } => Exit::Input,
        }
    }
}
