use super::address::shown;
use crate::gguf::ReadError;

/// Why a file on another machine could not be read.
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
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoFile { .. } => "write it like `hf.co/OWNER/REPO/FILE.gguf`",
            Self::Request { source, .. } => match source.as_ref() {
                ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
                    "check the URL, and `HF_ENDPOINT` and `HF_TOKEN` if they are set"
                }
                // How rustls says that it does not like a certificate.
                ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
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
            Self::Status { status: 429, .. } => {
                "the server asks for patience: try again later, or set `HF_TOKEN`"
            }
            Self::Status { .. } | Self::BrokenOff { .. } => "try again later",
            Self::WebPage { .. } => {
                "name the file's own URL, or `hf.co/OWNER/REPO/FILE.gguf`; a network that asks for a login \
                 answers so, too"
            }
            Self::Redirect { .. } | Self::WrongRange { .. } => {
                "the server or a proxy on the way is at fault: try another, or download the file and name its path"
            }
            Self::Header { source, .. } => source.hint(),
        }
    }
}
