use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use super::address::shown;
use super::checksum::Sha256;
use crate::gguf::ReadError;
use crate::units::Bytes;

/// Why a file on another machine could not be read or fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A repository, or less, where a file is needed.
    #[error("`{target}` names no file")]
    NoFile {
        /// What was typed.
        target: String,
    },
    /// The server could not be asked.
    #[error("could not ask for `{}`", shown(.url))]
    Request {
        /// What was asked for.
        url: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// The server said no.
    #[error("`{}` was answered with HTTP status {status}", shown(.url))]
    Status {
        /// What was asked for.
        url: String,
        /// The answer.
        status: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The server sent a page for people, such as one to log in at.
    #[error("`{}` is a web page, not a model file", shown(.url))]
    WebPage {
        /// Where the page is.
        url: String,
    },
    /// The server sent elsewhere too often, to nowhere, or from a protected connection to an open one.
    #[error("`{}` was redirected {problem}", shown(.url))]
    Redirect {
        /// Where it was.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The server sent another part of the file than it was asked for.
    #[error("`{}` was asked for bytes {asked} and answered with {answered:?}", shown(.url))]
    WrongRange {
        /// What was asked for.
        url: String,
        /// The part that was asked for.
        asked: String,
        /// What the answer says that it is.
        answered: String,
    },
    /// The connection broke, or nothing came any more.
    #[error("`{}` broke off after {at} bytes", shown(.url))]
    BrokenOff {
        /// What was asked for.
        url: String,
        /// How much had come.
        at: u64,
        /// Why, where the connection tells.
        source: Option<std::io::Error>,
    },
    /// The server sent more than the part that it said it would.
    #[error("`{}` sent more than was asked for", shown(.url))]
    TooLong {
        /// What was asked for.
        url: String,
    },
    /// The server tells no length, so nobody could tell that a file is whole.
    #[error("`{}` is of unknown length", shown(.url))]
    NoLength {
        /// What was asked for.
        url: String,
    },
    /// The file is another one than it was when it was first asked for.
    #[error("`{}` was replaced while it was fetched: its {what} was {was} and is {found}", shown(.url))]
    Changed {
        /// What was asked for.
        url: String,
        /// By what it was noticed.
        what: &'static str,
        /// What it was.
        was: String,
        /// What it is now.
        found: String,
    },
    /// All bytes came, and they are not the right ones.
    #[error(
        "`{file}` arrived with other bytes than it was published with: its SHA-256 is {found}, not {expected}"
    )]
    WrongChecksum {
        /// The file.
        file: String,
        /// Its hash as published.
        expected: Sha256,
        /// Its hash.
        found: Sha256,
    },
    /// The file on the hub is not the one that the catalog knows.
    #[error("`{file}` is not the file that the catalog knows: its {what} is {found}, not {expected}")]
    NotAsPublished {
        /// The file.
        file: String,
        /// By what it was noticed.
        what: &'static str,
        /// What the catalog has.
        expected: String,
        /// What the hub has.
        found: String,
    },
    /// The repository has no such file.
    #[error("`{repository}` has no file `{path}`")]
    NoSuchFile {
        /// The repository.
        repository: String,
        /// The file.
        path: String,
        /// The file that it has whose name is nearest.
        nearest: Option<String>,
    },
    /// The repository has no file of that quant.
    #[error("`{repository}` has no GGUF of `{quant}`")]
    NoSuchQuant {
        /// The repository.
        repository: String,
        /// The quant.
        quant: String,
        /// The quants that it has.
        known: Vec<String>,
    },
    /// There is no such repository, or it is not shown to this user.
    #[error("`{repository}` was not found (HTTP status {status})")]
    NoRepository {
        /// The repository.
        repository: String,
        /// What the server answered.
        status: u16,
        /// A repository of the catalog whose name is near.
        nearest: Option<String>,
    },
    /// The hub's answer about a repository could not be understood.
    #[error("`{}` was answered with something that is no list of files", shown(.url))]
    Listing {
        /// What was asked for.
        url: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A name that would lead out of the folder that files are put into.
    #[error("{name:?} is not a name that a file may have")]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// The network may not be used.
    #[error("`{file}` is not on this machine, and `HF_HUB_OFFLINE` is set")]
    Offline {
        /// What is needed.
        file: String,
    },
    /// The place that files are put into could not be read or written.
    #[error("could not {doing} `{}`", path.display())]
    Disk {
        /// What was to be done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// There is less room than is needed.
    #[error("{needed} are still to come and {free} are free in `{}`", path.display())]
    NoSpace {
        /// The folder.
        path: PathBuf,
        /// What is missing of the files.
        needed: Bytes,
        /// What is free there.
        free: Bytes,
    },
    /// Another file has the name that the file would get.
    #[error("`{}` is there and is another file", path.display())]
    Occupied {
        /// Where it is.
        path: PathBuf,
    },
    /// Somebody fetches the file that is to go.
    #[error("`{}` is just being fetched", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The user asked to stop.
    #[error("interrupted; what has come is kept")]
    Interrupted,
    /// What came is no header of a GGUF file.
    #[error("`{}` cannot be used", shown(.url))]
    Header {
        /// What was asked for.
        url: String,
        /// Why.
        source: ReadError,
    },
}

impl FetchError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::NoFile { .. } => "write it like `hf.co/OWNER/REPO/FILE.gguf`",
            Self::Request { source, .. } => match source.as_ref() {
                ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
                    "check the URL, and `HF_ENDPOINT` and `HF_TOKEN` if they are set"
                }
                _ if self.is_distrust() => {
                    "the server is not trusted: check the system's CA certificates and clock, or name others in \
                     `SSL_CERT_FILE`"
                }
                _ => "check the network and `HTTPS_PROXY`; for a mirror of Hugging Face set `HF_ENDPOINT`",
            },
            Self::Status { status: 401 | 403, .. } => {
                "the repository is private, gated or not there: check its name, accept its terms on its page, and \
                 set `HF_TOKEN`"
            }
            Self::Status { status: 404 | 410, .. } => {
                "check the spelling of owner, repository and file; a split model has names that end in \
                 `-00001-of-0000N.gguf`"
            }
            Self::Status { status: 429, retry_after, .. } => return patience(*retry_after),
            Self::Status { .. } | Self::BrokenOff { .. } => "try again later",
            Self::WebPage { .. } => {
                "name the file's own URL, or `hf.co/OWNER/REPO/FILE.gguf`; a network that asks for a login \
                 answers so, too"
            }
            Self::Redirect { .. } | Self::WrongRange { .. } | Self::TooLong { .. } | Self::Listing { .. } => {
                "the server or a proxy on the way is at fault: try another, or download the file and name its path"
            }
            Self::NoLength { .. } => "download the file with another program, and name its path",
            Self::Changed { .. } => "nothing of the old file is kept: run it again to fetch the new one",
            Self::WrongChecksum { .. } => {
                "nothing of it is kept: run it again, and if it happens twice check memory and disk, or use another \
                 `--endpoint`"
            }
            Self::NotAsPublished { .. } => {
                "its makers replaced it: name it as `hf.co/OWNER/REPO:QUANT` to fetch what is there now"
            }
            Self::NoSuchFile { nearest: Some(nearest), .. } => {
                return Cow::Owned(format!("the nearest that it has is `{nearest}`"));
            }
            Self::NoSuchFile { .. } => "it has no GGUF files at all: check the name of the repository",
            Self::NoSuchQuant { known, .. } if known.is_empty() => {
                "it has no GGUF files at all: check the name of the repository"
            }
            Self::NoSuchQuant { known, .. } => return Cow::Owned(format!("it has {}", known.join(", "))),
            Self::NoRepository { nearest: Some(nearest), .. } => {
                return Cow::Owned(format!("did you mean `{nearest}`?"));
            }
            Self::NoRepository { .. } => {
                "check the name; where it is private or gated, accept its terms on its page and set `HF_TOKEN`"
            }
            Self::UnsafeName { .. } => {
                "do not trust who published it; a name has no `..` and begins with no `/`"
            }
            Self::Offline { .. } => "unset `HF_HUB_OFFLINE` to fetch it",
            Self::Disk { source, .. } => match source.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                    "free some space and run it again: it goes on from where it was"
                }
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                    "choose a folder that you may write with `--to DIR` or `HF_HUB_CACHE`"
                }
                _ => "check the folder and the disk that it is on",
            },
            Self::NoSpace { .. } => {
                "free some space, see `r1-advisor models --local`, or choose another disk with `--to DIR` or \
                 `HF_HUB_CACHE`"
            }
            Self::Occupied { .. } => "move it away, or choose another folder with `--to DIR`",
            Self::InUse { .. } => "wait for the other download, or stop it",
            Self::Interrupted => "run the same command again: it goes on from there",
            Self::Header { source, .. } => return Cow::Owned(source.hint().en),
        })
    }

    /// Whether the server could not prove who it is.
    fn is_distrust(&self) -> bool {
        // How rustls says that it does not like a certificate.
        matches!(self, Self::Request { source, .. } if matches!(
            source.as_ref(), ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData
        ))
    }

    /// Whether it may go well another time without anybody's doing.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Request { source, .. } => match source.as_ref() {
                ureq::Error::Io(_) => !self.is_distrust(),
                // Also an answer that was cut in its head.
                ureq::Error::Timeout(_)
                | ureq::Error::ConnectionFailed
                | ureq::Error::HostNotFound
                | ureq::Error::Protocol(_) => true,
                _ => false,
            },
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=529),
            Self::BrokenOff { .. } => true,
            _ => false,
        }
    }
}

fn patience(retry_after: Option<Duration>) -> Cow<'static, str> {
    match retry_after {
        Some(wait) => Cow::Owned(format!(
            "the server asks for patience: try again in {}, or set `HF_TOKEN`",
            crate::units::Seconds::from(wait)
        )),
        None => Cow::Borrowed("the server asks for patience: try again later, or set `HF_TOKEN`"),
    }
}
