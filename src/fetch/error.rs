use std::path::{Path, PathBuf};
use std::time::Duration;

use super::address::shown;
use super::checksum::Sha256;
use crate::error::{Exit, Failure};
use crate::gguf::ReadError;
use crate::message;
use crate::message::{Message, enumeration, grouped};
use crate::units::{Bytes, Seconds};

/// As much of a name that is too long as an error shows, in characters.
const SHOWN_NAME: usize = 60;

/// Why a file on another machine could not be read or fetched.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum FetchError {
    /// A repository, or less, where a file is needed.
    NoFile {
        /// The target of the command line.
        target: String,
    },
    /// The request failed.
    Request {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// The cause.
        source: Box<ureq::Error>,
    },
    /// An HTTP status other than success.
    Status {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// The HTTP status.
        status: u16,
        /// `Retry-After`.
        retry_after: Option<Duration>,
        /// Whether a store answered that the hub had led to, which knows nothing of gates and names.
        by_store: bool,
    },
    /// The answer was compressed on the way, though that was declined: other bytes and another length.
    Encoded {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// Its `Content-Encoding`.
        encoding: String,
    },
    /// The server sent a page for people, such as one to log in at.
    WebPage {
        /// The URL of the page.
        url: String,
    },
    /// A redirect that is not followed.
    Redirect {
        /// The URL that redirects.
        url: String,
        /// The reason.
        problem: Misdirection,
    },
    /// The server sent another range than requested.
    WrongRange {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// The range requested.
        asked: String,
        /// The `Content-Range` of the answer.
        answered: String,
    },
    /// The connection broke, or nothing came any more.
    BrokenOff {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// Bytes received.
        at: u64,
        /// The cause, where known.
        source: Option<std::io::Error>,
    },
    /// The server sent more than it announced.
    TooLong {
        /// The URL, secrets included; messages leave those out.
        url: String,
    },
    /// The server reports no length, so there is no telling that a file is complete.
    NoLength {
        /// The URL, secrets included; messages leave those out.
        url: String,
    },
    /// An answer that is of another file than the first one: of a portal or a stale cache, or the file changed.
    Changed {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// `length` or `ETag`.
        what: &'static str,
        /// Its value at the first request.
        was: String,
        /// Its value now, where known.
        found: Option<String>,
    },
    /// A fresh look confirmed that another file is there now.
    Replaced {
        /// The file.
        file: String,
    },
    /// All bytes came, with another hash than published.
    WrongChecksum {
        /// The file.
        file: String,
        /// The published hash.
        expected: Sha256,
        /// The hash of what came.
        found: Sha256,
    },
    /// The file on the hub is not the one that the catalog knows.
    NotAsPublished {
        /// The file.
        file: String,
        /// How they differ.
        difference: Difference,
    },
    /// The repository has no such file.
    NoSuchFile {
        /// The repository.
        repository: String,
        /// The file.
        path: String,
        /// The file that it has whose name is nearest.
        nearest: Option<String>,
    },
    /// The repository has no file of that quant.
    NoSuchQuant {
        /// The repository.
        repository: String,
        /// The quant.
        quant: String,
        /// The quants that it has.
        known: Vec<String>,
    },
    /// There is no such repository, or it is not shown to this user.
    NoRepository {
        /// The repository.
        repository: String,
        /// The HTTP status.
        status: u16,
        /// A repository of the catalog whose name is near.
        nearest: Option<String>,
    },
    /// The hub's answer about a repository could not be understood.
    Listing {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// The cause.
        source: serde_json::Error,
    },
    /// The list of files is longer than any repository's.
    ListingTooLong {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// What is read of one.
        most: Bytes,
    },
    /// A name that would lead out of the folder that files are put into.
    UnsafeName {
        /// The name.
        name: String,
    },
    /// A name that file systems do not take.
    NameTooLong {
        /// The name.
        name: String,
        /// Its length in bytes.
        length: usize,
    },
    /// `HF_HUB_OFFLINE` is set.
    Offline {
        /// The file that is missing.
        file: String,
    },
    /// A file operation failed.
    Disk {
        /// The operation.
        doing: Doing,
        /// A file, folder, link or lock.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Not enough disk space.
    NoSpace {
        /// The folder.
        path: PathBuf,
        /// Bytes still to download.
        needed: Bytes,
        /// Free space in the folder.
        free: Bytes,
    },
    /// A different file has the name of the download.
    Occupied {
        /// The path of that file.
        path: PathBuf,
    },
    /// The file to remove lies outside of the folder that it was found by: a link leads there.
    Outside {
        /// The file.
        path: PathBuf,
        /// The folder.
        root: PathBuf,
    },
    /// The file to remove is being downloaded.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The user asked to stop.
    Interrupted,
    /// The file has no valid GGUF header.
    Header {
        /// The URL, secrets included; messages leave those out.
        url: String,
        /// The cause.
        source: ReadError,
    },
}

/// Why a redirect is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdirection {
    /// Each answer leads to another.
    TooOften,
    /// Its `Location` is missing or invalid.
    ToNowhere,
    /// It leads from a protected connection to an open one.
    ToUnprotected,
    /// It leads to something other than HTTP, such as a file of this machine.
    ToOtherProtocol,
    /// It leads to an address of this network segment, where clouds keep their keys (`169.254.0.0/16`, `fe80::/10`).
    ToLinkLocal,
}

/// How a file differs from the one that the catalog knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Difference {
    Length { expected: Bytes, found: Bytes },
    Sha256 { expected: Sha256, found: Sha256 },
}

/// An operation on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Read,
    Write,
    Remove,
    CreateFolder,
    CreateLink,
    Lock,
}

impl Failure for FetchError {
    fn message(&self) -> Message {
        match self {
            Self::NoFile { target } => message!(FetchNoFile { target }),
            Self::Request { url, source } => message!(FetchRequest { url: shown(url) }).because(said(source)),
            Self::Status { url, status, .. } => message!(FetchStatus { url: shown(url), status }),
            Self::Encoded { url, encoding } => {
                let encoding = encoding.escape_debug().to_string();
                message!(FetchEncoded { url: shown(url), encoding })
            }
            Self::WebPage { url } => message!(FetchWebPage { url: shown(url) }),
            Self::Redirect { url, problem } => {
                let url = shown(url);
                match problem {
                    Misdirection::TooOften => message!(FetchRedirectTooOften { url }),
                    Misdirection::ToNowhere => message!(FetchRedirectToNowhere { url }),
                    Misdirection::ToUnprotected => message!(FetchRedirectToUnprotected { url }),
                    Misdirection::ToOtherProtocol => message!(FetchRedirectToOtherProtocol { url }),
                    Misdirection::ToLinkLocal => message!(FetchRedirectToLinkLocal { url }),
                }
            }
            Self::WrongRange { url, asked, answered } => {
                let answered = answered.escape_debug().to_string();
                message!(FetchWrongRange { url: shown(url), asked, answered })
            }
            Self::BrokenOff { url, at, source } => {
                let message = message!(FetchBrokenOff { url: shown(url), at });
                match source {
                    Some(source) => message.because(source),
                    None => message,
                }
            }
            Self::TooLong { url } => message!(FetchTooLong { url: shown(url) }),
            Self::NoLength { url } => message!(FetchNoLength { url: shown(url) }),
            Self::Changed { url, what, was, found: Some(found) } => {
                message!(FetchChanged { url: shown(url), what, was, found })
            }
            Self::Changed { url, what, was, found: None } => {
                message!(FetchChangedUnknown { url: shown(url), what, was })
            }
            Self::Replaced { file } => message!(FetchReplaced { file }),
            Self::WrongChecksum { file, expected, found } => {
                message!(FetchWrongChecksum {
                    file,
                    expected: expected.to_string(),
                    found: found.to_string()
                })
            }
            Self::NotAsPublished { file, difference } => match difference {
                Difference::Length { expected, found } => message!(FetchNotAsPublishedLength {
                    file,
                    expected: grouped(expected.0),
                    found: grouped(found.0)
                }),
                Difference::Sha256 { expected, found } => message!(FetchNotAsPublishedSha256 {
                    file,
                    expected: expected.to_string(),
                    found: found.to_string()
                }),
            },
            Self::NoSuchFile { repository, path, .. } => message!(FetchNoSuchFile { repository, path }),
            Self::NoSuchQuant { repository, quant, .. } => message!(FetchNoSuchQuant { repository, quant }),
            Self::NoRepository { repository, status, .. } => {
                message!(FetchNoRepository { repository, status })
            }
            Self::Listing { url, source } => {
                message!(FetchListing { url: shown(url) }).because(source.to_string())
            }
            Self::ListingTooLong { url, most } => message!(FetchListingTooLong { url: shown(url), most }),
            Self::NameTooLong { name, length } => {
                let name: String = name.chars().take(SHOWN_NAME).collect();
                message!(FetchNameTooLong { name: name.escape_debug().to_string(), length })
            }
            Self::UnsafeName { name } => message!(FetchUnsafeName { name: name.escape_debug().to_string() }),
            Self::Offline { file } => message!(FetchOffline { file }),
            Self::Disk { doing, path, source } => {
                let message = match doing {
                    Doing::Read => message!(FetchRead { path }),
                    Doing::Write => message!(FetchWrite { path }),
                    Doing::Remove => message!(FetchRemove { path }),
                    Doing::CreateFolder => message!(FetchCreateFolder { path }),
                    Doing::CreateLink => message!(FetchCreateLink { path }),
                    Doing::Lock => message!(FetchLock { path }),
                };
                message.because(source)
            }
            Self::NoSpace { path, needed, free } => message!(FetchNoSpace { path, needed, free }),
            Self::Occupied { path } => message!(FetchOccupied { path }),
            Self::Outside { path, root } => message!(FetchOutside { path, root }),
            Self::InUse { path } => message!(FetchInUse { path }),
            Self::Interrupted => message!(FetchInterrupted),
            Self::Header { url, source } => {
                message!(FetchHeader { url: shown(url) }).because(source.message())
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::NoFile { .. } => message!(FetchNoFileHint),
            Self::Request { source, .. } => match source.as_ref() {
                ureq::Error::BadUri(_) | ureq::Error::Http(_) => message!(FetchRequestUrlHint),
                _ if self.is_distrust() => message!(FetchRequestTrustHint),
                _ => message!(FetchRequestHint),
            },
            Self::Status { status: 401 | 403, by_store: true, .. } => message!(FetchStatusStoreHint),
            Self::Status { status: 401 | 403, .. } => message!(FetchStatusForbiddenHint),
            Self::Status { status: 404 | 410, .. } => message!(FetchStatusMissingHint),
            Self::Status { status: 429, retry_after: Some(wait), .. } => {
                message!(FetchStatusWaitHint { wait: Seconds::from(*wait) })
            }
            Self::Status { status: 429, .. } => message!(FetchStatusWaitLaterHint),
            Self::Status { retry_after: Some(wait), .. } => {
                message!(FetchStatusBusyHint { wait: Seconds::from(*wait) })
            }
            Self::Status { .. } | Self::BrokenOff { .. } => message!(FetchLaterHint),
            Self::WebPage { .. } => message!(FetchWebPageHint),
            Self::Redirect { .. }
            | Self::Encoded { .. }
            | Self::WrongRange { .. }
            | Self::TooLong { .. }
            | Self::Changed { .. }
            | Self::Listing { .. }
            | Self::ListingTooLong { .. } => message!(FetchServerHint),
            Self::NoLength { .. } => message!(FetchNoLengthHint),
            Self::Replaced { .. } => message!(FetchReplacedHint),
            Self::WrongChecksum { .. } => message!(FetchWrongChecksumHint),
            Self::NotAsPublished { .. } => message!(FetchNotAsPublishedHint),
            Self::NoSuchFile { nearest: Some(nearest), .. }
            | Self::NoRepository { nearest: Some(nearest), .. } => {
                message!(FetchNearestHint { nearest })
            }
            Self::NoSuchFile { .. } => message!(FetchNoGgufHint),
            Self::NoSuchQuant { known, .. } if known.is_empty() => message!(FetchNoGgufHint),
            Self::NoSuchQuant { known, .. } => message!(FetchNoSuchQuantHint { known: enumeration(known) }),
            Self::NoRepository { .. } => message!(FetchNoRepositoryHint),
            Self::UnsafeName { .. } => message!(FetchUnsafeNameHint),
            Self::NameTooLong { .. } => message!(FetchNameTooLongHint),
            Self::Outside { .. } => message!(FetchOutsideHint),
            Self::Offline { .. } => message!(FetchOfflineHint),
            Self::Disk { source, .. } => match source.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                    message!(FetchDiskFullHint)
                }
                std::io::ErrorKind::FileTooLarge => message!(FetchDiskLimitHint),
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                    message!(FetchDiskDeniedHint)
                }
                _ => message!(FetchDiskHint),
            },
            Self::NoSpace { .. } => message!(FetchNoSpaceHint),
            Self::Occupied { .. } => message!(FetchOccupiedHint),
            Self::InUse { .. } => message!(FetchInUseHint),
            Self::Interrupted => message!(FetchInterruptedHint),
            Self::Header { source, .. } => return source.hint(),
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::NoFile { .. } | Self::NoSuchQuant { .. } => Exit::Usage,
            Self::Header { source, .. } => source.exit(),
            Self::Disk { .. } | Self::NoSpace { .. } | Self::Occupied { .. } => Exit::Output,
            Self::InUse { .. } | Self::Outside { .. } => Exit::No,
            Self::Interrupted => Exit::Interrupted,
            _ => Exit::Download,
        }
    }
}

impl FetchError {
    /// That a file operation failed.
    pub(super) fn disk(doing: Doing, path: &Path, source: std::io::Error) -> Self {
        Self::Disk { doing, path: path.to_owned(), source }
    }

    /// Whether the server's certificate is not trusted.
    fn is_distrust(&self) -> bool {
        // As rustls reports a bad certificate.
        matches!(self, Self::Request { source, .. } if matches!(
            source.as_ref(), ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData
        ))
    }

    /// Whether a later try may succeed.
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
            // A list that was cut on its way, or a page in its place, is not the hub's last word.
            Self::BrokenOff { .. } | Self::Listing { .. } => true,
            _ => false,
        }
    }

    /// Whether it may be the answer of a portal, a proxy, or one node of many, and the next one right.
    #[must_use]
    pub const fn is_doubtful(&self) -> bool {
        matches!(
            self,
            Self::Encoded { .. }
                | Self::WebPage { .. }
                | Self::WrongRange { .. }
                | Self::TooLong { .. }
                | Self::Changed { .. }
        )
    }
}

/// What the connection says, in the system's words where those are known in every language.
fn said(error: &ureq::Error) -> Message {
    match error {
        ureq::Error::Io(error) => error.into(),
        error => Message::verbatim(error.to_string()),
    }
}
