//! Needs files: what `--needs` reads. Its keys are the flags' names with `_` for `-`.

use std::io;
use std::path::{Path, PathBuf};

use super::NeedsArgs;
use crate::error::{Error, Exit, nearest};

/// What is wrong with a needs file.
#[derive(Debug, thiserror::Error)]
pub enum NeedsFileError {
    /// It cannot be read.
    #[error("could not read the needs file `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no TOML, or not of needs.
    #[error("`{path}`, line {line}: {message}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
        /// The key or value that was probably meant.
        nearest: Option<String>,
    },
}

impl NeedsFileError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Malformed { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::Malformed { .. } | Self::Read { .. } => {
                "the keys are the flags that `recommend --help` tells, with `_` for `-`, such as \
                 `min_decode = 8`"
                    .to_owned()
            }
        }
    }
}

/// Reads the needs that a file states.
pub(super) fn load(path: &Path) -> Result<NeedsArgs, Error> {
    read(path).map_err(|error| Error::new(Exit::Input, &error).hint(Some(error.hint())))
}

fn read(path: &Path) -> Result<NeedsArgs, NeedsFileError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| NeedsFileError::Read { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|error| malformed(path, &text, &error))
}

fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> NeedsFileError {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    // serde puts the wrong name first and the known ones after it, each in backticks; it offers no other way.
    let mut names = error.message().split('`').skip(1).step_by(2);
    let wrong = names.next().unwrap_or_default();
    let unknown = error.message().starts_with("unknown");
    let message = error.message().lines().next().unwrap_or_default();
    NeedsFileError::Malformed {
        path: path.to_owned(),
        line,
        // The list of every known key would bury the one that is wrong.
        message: if unknown { format!("unknown key or value `{wrong}`") } else { message.to_owned() },
        nearest: if unknown { nearest(wrong, names).map(ToOwned::to_owned) } else { None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<NeedsArgs, NeedsFileError> {
        toml::from_str(text).map_err(|error| malformed(Path::new("needs.toml"), text, &error))
    }

    #[test]
    fn a_file_states_what_the_flags_state() {
        let needs = parse(
            "use_case = 'coding'\ncontext = '32k'\nmax_ttft = '3s'\nmax_quant_loss = '3%'\nbudget = '$2,500'\n\
             min = { aime24 = 50 }\nlicence = ['mit']\npriority = 'cost'\nlocal_only = true\nreserve_ram = '8GiB'\n",
        )
        .unwrap();
        assert_eq!(needs.context.map(|context| context.0), Some(32_768));
        assert_eq!(needs.max_ttft.map(|span| span.0.0), Some(3.0));
        assert_eq!(needs.min.len(), 1);
        assert_eq!(needs.licence[0].0, "MIT");
        assert!(needs.local_only);
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_the_nearest_right_name() {
        let error = parse("use_case = 'coding'\ncontxt = 4096\n").unwrap_err();
        assert_eq!(error.to_string(), "`needs.toml`, line 2: unknown key or value `contxt`");
        assert_eq!(error.hint(), "did you mean `context`?");
        let error = parse("\n\npriority = 'speed'\n").unwrap_err();
        assert!(error.to_string().starts_with("`needs.toml`, line 3: unknown"), "{error}");
        let error = parse("max_ttft = 'soon'\n").unwrap_err();
        assert!(error.to_string().contains("`soon` is not a time"), "{error}");
        let error = parse("min = { amie24 = 50 }\n").unwrap_err();
        assert!(error.to_string().contains("did you mean `aime24`?"), "{error}");
    }
}
