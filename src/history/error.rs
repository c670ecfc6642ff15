use std::io;
use std::path::PathBuf;

/// Why the history cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Its folder cannot be made.
    #[error("could not make the folder of `{path}`")]
    Folder {
        /// The database.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database refuses.
    #[error("could not use the history in `{path}`")]
    Database {
        /// The database.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// A later version of this program wrote it.
    #[error("the history in `{path}` has version {found}, and this program knows {known}")]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The latest that is known.
        known: u32,
    },
    /// A result that is none.
    #[error("result {id} of `{path}` cannot be read")]
    Unreadable {
        /// The database.
        path: PathBuf,
        /// The result.
        id: i64,
        /// What was wrong with it.
        source: serde_json::Error,
    },
}

impl HistoryError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Newer { .. } => {
                "update r1-advisor, or let `R1_ADVISOR_HISTORY` name another file (`off` for none)"
            }
            Self::Folder { .. } | Self::Database { .. } => {
                "is the disk full, or the file not yours? `R1_ADVISOR_HISTORY` names another"
            }
            Self::Unreadable { .. } => "the other results are not touched",
        }
    }
}
