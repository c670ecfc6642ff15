use std::path::PathBuf;

use crate::error::nearest;

/// What is wrong with the catalog or with a name that it should know.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A name that the catalog does not know.
    #[error("no {kind} is called `{name}`")]
    Unknown {
        /// What was looked for: `model`, `quant`, `GPU`, `CPU`, `use-case`.
        kind: &'static str,
        /// What was typed.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// A name that several entries could mean.
    #[error("`{name}` could be any of {} {kind}s", .candidates.len())]
    Ambiguous {
        /// What was looked for.
        kind: &'static str,
        /// What was typed.
        name: String,
        /// What it could mean.
        candidates: Vec<String>,
    },
    /// A file whose content is wrong.
    #[error("{file}:{line}:{column}: {problem}")]
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
    #[error("{}: not a file of the catalog", .path.display())]
    Misplaced {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder that could not be read.
    #[error("could not read {}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// What is wrong at one place of a catalog file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Not TOML, or not of the right type.
    #[error("{message}")]
    Toml {
        /// The parser's words.
        message: String,
    },
    /// A key that an entry does not have.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest key that it could have.
        nearest: Option<String>,
        /// All keys that it could have.
        known: Vec<String>,
    },
    /// A figure without a source.
    #[error("no source is given")]
    NoSource,
    /// A source by a name that the file's `[sources]` does not have.
    #[error("no source is called `{name}`")]
    UnknownSource {
        /// The name.
        name: String,
        /// The nearest name in `[sources]`.
        nearest: Option<String>,
    },
    /// An id or alias that something else has already.
    #[error("`{name}` is taken by `{owner}` at {place}")]
    Duplicate {
        /// The id or alias.
        name: String,
        /// The id of the entry that has it.
        owner: String,
        /// Where that entry is.
        place: String,
    },
    /// A value that cannot be.
    #[error("{rule}")]
    Impossible {
        /// What must hold and does not.
        rule: String,
    },
}

impl Problem {
    /// What serde and the TOML parser say, with an unknown key taken apart: they say it in words only.
    pub(super) fn of_toml(message: &str) -> Self {
        let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
        if message.starts_with("unknown field")
            && let Some(key) = quoted.next()
        {
            let known: Vec<String> = quoted.collect();
            let nearest = nearest(&key, known.iter().map(String::as_str)).map(str::to_owned);
            return Self::UnknownKey { key, nearest, known };
        }
        if message == "missing field `source`" {
            return Self::NoSource;
        }
        Self::Toml { message: message.trim_end().replace('\n', ", ") }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { nearest: Some(nearest), .. }
            | Self::UnknownSource { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            Self::UnknownKey { known, .. } => Some(format!("it may have {}", listed(known))),
            Self::NoSource | Self::UnknownSource { .. } => Some(
                "write `source = \"…\"` with a link, a sentence, or a name of the file's `[sources]`"
                    .to_owned(),
            ),
            Self::Duplicate { .. } => Some(
                "give it another name; an entry of a later layer replaces one with the same id".to_owned(),
            ),
            Self::Toml { .. } | Self::Impossible { .. } => None,
        }
    }
}

impl CatalogError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            Self::Unknown { kind: "model", .. } => Some("`r1-advisor models` lists them".to_owned()),
            Self::Unknown { kind: kind @ ("GPU" | "CPU"), .. } => Some(format!(
                "no {kind} of a similar name is known: add it with `--catalog DIR`, or describe the machine in a file for `--machine`"
            )),
            Self::Unknown { .. } => None,
            Self::Ambiguous { candidates, .. } => Some(format!("say which: {}", listed(candidates))),
            Self::Invalid { problem, .. } => problem.hint(),
            Self::Misplaced { .. } => Some(
                "the catalog reads models/*.toml, accelerators/*.toml, quants.toml, cpus.toml, use-cases.toml, tasks.toml, and in prices/: api.toml, rental.toml, machines.toml, power.toml, sites.toml and currencies.toml"
                    .to_owned(),
            ),
            Self::Read { .. } => {
                Some("check `--catalog`, `R1_ADVISOR_CATALOG` and who may read it".to_owned())
            }
        }
    }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
