//! Where a file is: on the hub, or at a URL of its own.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::FetchError;
use super::address::{is_url, on_hub, shown};

/// What is not part of a path in a URL (RFC 3986, section 3.3): the slashes between its segments stay.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'+')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What file systems take for a name, and what leaves room for a folder in `PATH_MAX`, in bytes.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 2048;

/// The revision that is meant where none is named.
pub const MAIN: &str = "main";

/// A model on another machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// A repository of the hub, and which of its quants.
    Repository {
        /// `OWNER/REPO`.
        repository: String,
        /// Such as `Q4_K_M`.
        quant: Option<String>,
    },
    /// One file, or one of the files that a model is split into.
    File(Place),
}

/// The place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a repository of the hub.
    Hub {
        /// `OWNER/REPO`.
        repository: String,
        /// A branch, a tag or a commit.
        revision: String,
        /// The path in the repository.
        path: String,
    },
    /// Anywhere else.
    Url(String),
}

impl Remote {
    /// What `target` names: `hf.co/OWNER/REPO:QUANT`, `hf.co/OWNER/REPO/FILE`, the URL of a page of the hub or of its
    /// mirror at `endpoint`, or any other URL.
    pub fn parse(target: &str, endpoint: &str) -> Result<Self, FetchError> {
        let target = target.trim();
        let no_file = || FetchError::NoFile { target: target.to_owned() };
        let without_scheme = target.split_once("://").map_or(target, |(_, rest)| rest);
        let at_endpoint = target.strip_prefix(endpoint).and_then(|rest| rest.strip_prefix('/'));
        let on_hub = at_endpoint.or_else(|| on_hub(without_scheme));
        let path = on_hub.map(|path| {
            let path = path.split(['?', '#']).next().unwrap_or(path).trim_end_matches('/');
            percent_decode_str(path).decode_utf8_lossy()
        });
        // A URL is taken at its word, unless it is one that the hub makes.
        let Some(path) = path.filter(|path| !is_url(target) || is_hub_path(path)) else {
            let url = if is_url(target) { target } else { return Err(no_file()) };
            let place = Place::Url(url.to_owned());
            safe_path(&place.file_name()).map_err(|error| match error {
                FetchError::UnsafeName { .. } => no_file(),
                error => error,
            })?;
            return Ok(Self::File(place));
        };
        let (owner, rest) = path.split_once('/').ok_or_else(no_file)?;
        let Some((name, rest)) = rest.split_once('/') else {
            let (name, quant) =
                rest.split_once(':').map_or((rest, None), |(name, quant)| (name, Some(quant)));
            let quant = quant.map(str::to_owned).filter(|quant| !quant.is_empty());
            return Ok(Self::Repository { repository: repository(owner, name).ok_or_else(no_file)?, quant });
        };
        let (revision, path) = match rest.split_once('/') {
            Some(("blob" | "resolve", rest)) => rest.split_once('/').ok_or_else(no_file)?,
            Some(("tree", _)) => return Err(no_file()),
            _ => (MAIN, rest),
        };
        safe_path(path)?;
        safe_path(revision)?;
        Ok(Self::File(Place::Hub {
            repository: repository(owner, name).ok_or_else(no_file)?,
            revision: revision.to_owned(),
            path: path.to_owned(),
        }))
    }
}

/// Whether a path is that of a repository, or of a file in one.
fn is_hub_path(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [_, name] => !name.to_ascii_lowercase().ends_with(".gguf"),
        [_, _, kind, _, ..] => matches!(*kind, "blob" | "resolve" | "tree"),
        _ => false,
    }
}

/// `OWNER/REPO`, of names as the hub allows them.
fn repository(owner: &str, name: &str) -> Option<String> {
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    (is_name(owner) && is_name(name)).then(|| format!("{owner}/{name}"))
}

impl Place {
    /// Its URL; that of a file of the hub at `endpoint`.
    #[must_use]
    pub fn url(&self, endpoint: &str) -> String {
        match self {
            Self::Hub { repository, revision, path } => {
                format!("{endpoint}/{repository}/resolve/{}/{}", encoded(revision), encoded(path))
            }
            Self::Url(url) => url.clone(),
        }
    }

    /// The file name, without folders.
    #[must_use]
    pub fn file_name(&self) -> String {
        match self {
            Self::Hub { path, .. } => path.rsplit('/').next().unwrap_or(path).to_owned(),
            Self::Url(url) => {
                let url = Url::parse(url).ok();
                let last = url.as_ref().and_then(|url| url.path_segments()?.next_back()).unwrap_or_default();
                percent_decode_str(last).decode_utf8_lossy().into_owned()
            }
        }
    }

    /// The path that it gets in a folder of the user's; never one that leads out of it.
    pub fn relative_path(&self) -> Result<PathBuf, FetchError> {
        match self {
            Self::Hub { path, .. } => safe_path(path),
            Self::Url(_) => safe_path(&self.file_name()),
        }
    }

    /// The same place with another path or name, for the other files of a split model.
    #[must_use]
    pub fn with_name(&self, name: &str) -> Self {
        match self {
            Self::Hub { repository, revision, .. } => Self::Hub {
                repository: repository.clone(),
                revision: revision.clone(),
                path: name.to_owned(),
            },
            Self::Url(_) => Self::Url(name.to_owned()),
        }
    }

    /// What [`with_name`](Self::with_name) would be given for this file.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Hub { path, .. } => path,
            Self::Url(url) => url,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hub { repository, path, .. } => write!(f, "hf.co/{repository}/{path}"),
            Self::Url(url) => f.write_str(&shown(url)),
        }
    }
}

/// A path that stays under the folder that it is put into, wherever it comes from.
pub(super) fn safe_path(path: &str) -> Result<PathBuf, FetchError> {
    let parts: Vec<_> = Path::new(path).components().collect();
    let is_plain = parts.iter().all(|part| matches!(part, Component::Normal(_)));
    // What only some systems take for a separator or a drive is refused on all of them.
    let is_odd = path.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'));
    let is_clean = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if parts.is_empty() || !is_plain || is_odd || !is_clean {
        return Err(FetchError::UnsafeName { name: path.to_owned() });
    }
    let longest = path.split('/').map(str::len).max().unwrap_or(0);
    if longest > LONGEST_NAME || path.len() > LONGEST_PATH {
        let length = if longest > LONGEST_NAME { longest } else { path.len() };
        return Err(FetchError::NameTooLong { name: path.to_owned(), length });
    }
    Ok(parts.iter().collect())
}

/// A path as a URL holds it.
pub(super) fn encoded(path: &str) -> impl fmt::Display {
    utf8_percent_encode(path, ESCAPED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub(revision: &str, path: &str) -> Remote {
        Remote::File(Place::Hub { repository: "o/r".into(), revision: revision.into(), path: path.into() })
    }

    #[test]
    fn a_target_is_a_repository_a_file_of_the_hub_or_a_url() {
        let parse = |target| Remote::parse(target, "https://mirror.example").unwrap();
        let repository = |quant: Option<&str>| Remote::Repository {
            repository: "o/r".into(),
            quant: quant.map(str::to_owned),
        };
        assert_eq!(parse("hf.co/o/r"), repository(None));
        assert_eq!(parse("https://huggingface.co/o/r/"), repository(None));
        assert_eq!(parse("hf.co/o/r:Q4_K_M"), repository(Some("Q4_K_M")));
        assert_eq!(parse("hf.co/o/r/q4/a.gguf"), hub("main", "q4/a.gguf"));
        assert_eq!(parse("https://hf.co/o/r/blob/v1/a.gguf?download=true"), hub("v1", "a.gguf"));
        assert_eq!(parse("https://mirror.example/o/r/resolve/main/a.gguf"), hub("main", "a.gguf"));
        for url in
            ["http://host/x/a.gguf", "https://mirror.example/x/a.gguf", "https://mirror.example/a/b/c.gguf"]
        {
            assert_eq!(parse(url), Remote::File(Place::Url(url.into())));
        }
    }

    #[test]
    fn what_names_nothing_or_leads_astray_is_refused() {
        for target in
            ["hf.co/o", "hf.co/../r", "hf.co/o/r/tree/main", "http://host", "http://host/", "a.gguf"]
        {
            let refused = Remote::parse(target, "https://mirror.example");
            assert!(matches!(refused, Err(FetchError::NoFile { .. })), "{target}");
        }
        for path in ["../a", "a/../../b", "/etc/passwd", "a//b", "./a", "a\\..\\b", "c:a", "a\nb", "", ".."] {
            assert!(matches!(safe_path(path), Err(FetchError::UnsafeName { .. })), "{path}");
        }
        for path in ["x".repeat(256), "x/".repeat(1100) + "a"] {
            assert!(matches!(safe_path(&path), Err(FetchError::NameTooLong { .. })), "{path}");
        }
        assert!(safe_path(&"x".repeat(255)).is_ok());
        assert_eq!(safe_path("q4/a.b-c.gguf").unwrap(), Path::new("q4/a.b-c.gguf"));
        let target = "hf.co/o/r/resolve/main/../../../etc/passwd";
        assert!(matches!(
            Remote::parse(target, "https://mirror.example"),
            Err(FetchError::UnsafeName { .. })
        ));
    }

    #[test]
    fn names_stand_in_urls_as_urls_hold_them() {
        let Remote::File(place) = hub("main", "a b#c/ü.gguf") else { unreachable!() };
        assert_eq!(place.url("https://x"), "https://x/o/r/resolve/main/a%20b%23c/%C3%BC.gguf");
        assert_eq!(Place::Url("http://h/x/a.gguf?sig=1".into()).file_name(), "a.gguf");
        assert_eq!(Place::Url("http://h/x/a%20b.gguf".into()).file_name(), "a b.gguf");
        assert_eq!(Place::Url("http://h/x/模型.gguf".into()).file_name(), "模型.gguf");
        let encoded = "https://hf.co/o/r/resolve/main/a%20b.gguf";
        assert_eq!(Remote::parse(encoded, "https://x").unwrap(), hub("main", "a b.gguf"));
        assert_eq!(Place::Url("http://me:pw@h/a.gguf?sig=1".into()).to_string(), "http://h/a.gguf");
    }
}
