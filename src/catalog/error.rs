use std::path::PathBuf;

use super::kind::Kind;
use super::raw::{PROVENANCE, Wrong};
use crate::error::{Exit, Failure, nearest};
use crate::message;
use crate::message::{Message, Value, enumeration};

/// What is wrong with the catalog or with a name that it should know.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum CatalogError {
    /// A name that the catalog does not know.
    Unknown {
        /// What was looked for.
        kind: Named,
        /// As it was typed.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// A name that several accelerators could mean.
    Ambiguous {
        /// As it was typed.
        name: String,
        /// What it could mean.
        candidates: Vec<String>,
    },
    /// A file whose content is wrong.
    Invalid {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        problem: Problem,
    },
    /// A TOML file at a place that the catalog does not look at.
    Misplaced {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder that could not be read.
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// What a name is looked up as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Named {
    Model,
    Quant,
    Gpu,
    Cpu,
    UseCase,
    Task,
    Region,
    Site,
    Currency,
    Other,
}

/// What is wrong at one place of a catalog file.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Not TOML, or not of the right type.
    Toml {
        /// The parser's words.
        message: String,
    },
    /// A key that an entry does not have.
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest key that it could have.
        nearest: Option<String>,
        /// All keys that it could have.
        known: Vec<String>,
    },
    /// A field that must be there.
    Missing {
        /// The field.
        field: String,
    },
    /// A figure without a source.
    NoSource,
    /// A source by a name that the file's `[sources]` does not have.
    UnknownSource {
        /// The name.
        name: String,
        /// The nearest name in `[sources]`.
        nearest: Option<String>,
    },
    /// A new entry that is not whole.
    Incomplete {
        /// Its id, which the catalog does not know.
        id: String,
        /// The field that it lacks.
        field: String,
        /// The nearest name that is known.
        nearest: Option<String>,
    },
    /// An id or alias that something else has already.
    Duplicate {
        /// The id or alias.
        name: String,
        /// The id of the entry that has it.
        owner: String,
        /// Where that entry is.
        place: String,
    },
    /// A value that cannot be.
    Impossible {
        /// What must hold and does not.
        rule: Message,
    },
}

impl Problem {
    /// What is wrong with an entry. Of a new one, its id and the nearest one that is known.
    pub(super) fn of(wrong: Wrong, new: Option<(&str, Option<String>)>) -> Self {
        match wrong {
            Wrong::NoSource => Self::NoSource,
            Wrong::UnknownSource { name, known } => {
                Self::UnknownSource { nearest: near(&name, &known), name }
            }
            Wrong::UnknownKey { key, known } => Self::UnknownKey { nearest: near(&key, &known), key, known },
            Wrong::Toml(message) => Self::of_toml(&message, new),
            Wrong::Figure { figure } => Self::Impossible { rule: message!(CatalogRuleFigure { figure }) },
        }
    }

    /// What serde and the TOML parser say, with what can be taken apart of it: they say it in words only.
    pub(super) fn of_toml(message: &str, new: Option<(&str, Option<String>)>) -> Self {
        let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
        if message.starts_with("unknown field")
            && let Some(key) = quoted.next()
        {
            let known = quoted.flat_map(|key| match key.as_str() {
                "provenance" => PROVENANCE.map(str::to_owned).to_vec(),
                _ => vec![key],
            });
            return Self::of(Wrong::UnknownKey { key, known: known.collect() }, None);
        }
        if message.starts_with("missing field")
            && let Some(field) = quoted.next()
        {
            return match (field.as_str(), new) {
                ("source" | "provenance", _) => Self::NoSource,
                ("id", _) | (_, None) => Self::Missing { field },
                (_, Some((id, nearest))) => Self::Incomplete { id: id.to_owned(), field, nearest },
            };
        }
        Self::Toml { message: message.trim_end().replace('\n', ", ") }
    }

    fn message(&self) -> Message {
        match self {
            Self::Toml { message } => Message::of_toml(message),
            Self::UnknownKey { key, .. } => message!(CatalogUnknownKey { key }),
            Self::Missing { field } => message!(CatalogMissing { field }),
            Self::Incomplete { id, field, .. } => message!(CatalogIncomplete { id, field }),
            Self::NoSource => message!(CatalogNoSource),
            Self::UnknownSource { name, .. } => message!(CatalogUnknownSource { name }),
            Self::Duplicate { name, owner, place } => message!(CatalogDuplicate { name, owner, place }),
            Self::Impossible { rule } => rule.clone(),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::UnknownKey { nearest: Some(name), .. }
            | Self::Incomplete { nearest: Some(name), .. }
            | Self::UnknownSource { nearest: Some(name), .. } => message!(CatalogDidYouMean { name }),
            Self::UnknownKey { known, .. } => message!(CatalogKnownKeys { keys: quoted(known) }),
            Self::Incomplete { .. } => message!(CatalogIncompleteHint),
            Self::NoSource | Self::UnknownSource { .. } => message!(CatalogSourceHint),
            Self::Duplicate { .. } => message!(CatalogDuplicateHint),
            Self::Toml { .. } | Self::Missing { .. } | Self::Impossible { .. } => return None,
        })
    }
}

impl Failure for CatalogError {
    fn message(&self) -> Message {
        match self {
            Self::Unknown { kind, name, .. } => match kind {
                Named::Model => message!(CatalogUnknownModel { name }),
                Named::Quant => message!(CatalogUnknownQuant { name }),
                Named::Gpu => message!(CatalogUnknownGpu { name }),
                Named::Cpu => message!(CatalogUnknownCpu { name }),
                Named::UseCase => message!(CatalogUnknownUseCase { name }),
                Named::Task => message!(CatalogUnknownTask { name }),
                Named::Region => message!(CatalogUnknownRegion { name }),
                Named::Site => message!(CatalogUnknownSite { name }),
                Named::Currency => message!(CatalogUnknownCurrency { name }),
                Named::Other => message!(CatalogUnknownEntry { name }),
            },
            Self::Ambiguous { name, candidates } => {
                message!(CatalogAmbiguous { name, count: candidates.len() })
            }
            Self::Invalid { file, line, column, problem } => {
                message!(CatalogInvalid {
                    place: format!("{file}:{line}:{column}"),
                    problem: problem.message()
                })
            }
            Self::Misplaced { path } => message!(CatalogMisplaced { path }),
            Self::Read { path, source } => message!(CatalogUnreadable { path }).because(source),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Unknown { nearest: Some(name), .. } => message!(CatalogDidYouMean { name }),
            Self::Unknown { kind: Named::Model, .. } => message!(CatalogListModels),
            Self::Unknown { kind: Named::Gpu | Named::Cpu, .. } => message!(CatalogAddHardware),
            Self::Unknown { .. } => return None,
            Self::Ambiguous { candidates, .. } => message!(CatalogSpecify { names: quoted(candidates) }),
            Self::Invalid { problem, .. } => return problem.hint(),
            Self::Misplaced { .. } => {
                let files = Kind::FILES.iter().map(|(_, files, _)| *files).chain(["i18n/*.toml"]);
                message!(CatalogMisplacedHint { files: enumeration(files) })
            }
            Self::Read { .. } => message!(CatalogUnreadableHint),
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Unknown { .. } | Self::Ambiguous { .. } => Exit::Usage,
            Self::Invalid { .. } | Self::Misplaced { .. } | Self::Read { .. } => Exit::Input,
        }
    }
}

fn near(name: &str, known: &[String]) -> Option<String> {
    nearest(name, known.iter().map(String::as_str)).map(str::to_owned)
}

/// `` `a`, `b` ``
fn quoted(names: &[String]) -> Value {
    enumeration(names.iter().map(|name| format!("`{name}`")))
}
