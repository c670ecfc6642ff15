use std::path::PathBuf;
use std::time::Duration;

use super::address::shown;
use super::checksum::Sha256;
use crate::both;
use crate::gguf::ReadError;
use crate::lang::{Lang, Text};
use crate::units::Bytes;

/// Why a file on another machine could not be read or fetched.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
pub enum FetchError {
    /// A repository, or less, where a file is needed.
    NoFile {
        /// What was typed.
        target: String,
    },
    /// The server could not be asked.
    Request {
        /// What was asked for.
        url: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// The server said no.
    Status {
        /// What was asked for.
        url: String,
        /// The answer.
        status: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The server sent a page for people, such as one to log in at.
    WebPage {
        /// Where the page is.
        url: String,
    },
    /// The server sent elsewhere too often, to nowhere, or from a protected connection to an open one.
    Redirect {
        /// Where it was.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The server sent another part of the file than it was asked for.
    WrongRange {
        /// What was asked for.
        url: String,
        /// The part that was asked for.
        asked: String,
        /// What the answer says that it is.
        answered: String,
    },
    /// The connection broke, or nothing came any more.
    BrokenOff {
        /// What was asked for.
        url: String,
        /// How much had come.
        at: u64,
        /// Why, where the connection tells.
        source: Option<std::io::Error>,
    },
    /// The server sent more than the part that it said it would.
    TooLong {
        /// What was asked for.
        url: String,
    },
    /// The server tells no length, so nobody could tell that a file is whole.
    NoLength {
        /// What was asked for.
        url: String,
    },
    /// The file is another one than it was when it was first asked for.
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
    WrongChecksum {
        /// The file.
        file: String,
        /// Its hash as published.
        expected: Sha256,
        /// Its hash.
        found: Sha256,
    },
    /// The file on the hub is not the one that the catalog knows.
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
        /// What the server answered.
        status: u16,
        /// A repository of the catalog whose name is near.
        nearest: Option<String>,
    },
    /// The hub's answer about a repository could not be understood.
    Listing {
        /// What was asked for.
        url: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A name that would lead out of the folder that files are put into.
    UnsafeName {
        /// The name.
        name: String,
    },
    /// The network may not be used.
    Offline {
        /// What is needed.
        file: String,
    },
    /// The place that files are put into could not be read or written.
    Disk {
        /// What was to be done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// There is less room than is needed.
    NoSpace {
        /// The folder.
        path: PathBuf,
        /// What is missing of the files.
        needed: Bytes,
        /// What is free there.
        free: Bytes,
    },
    /// Another file has the name that the file would get.
    Occupied {
        /// Where it is.
        path: PathBuf,
    },
    /// Somebody fetches the file that is to go.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The user asked to stop.
    Interrupted,
    /// What came is no header of a GGUF file.
    Header {
        /// What was asked for.
        url: String,
        /// Why.
        source: ReadError,
    },
}

impl FetchError {
    /// What happened, without the causes.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a sentence in two languages for each thing that goes wrong")]
    pub fn told(&self) -> Text {
        match self {
            Self::NoFile { target } => both!("`{target}` names no file", "`{target}` 没有写明文件"),
            Self::Request { url, .. } => {
                let url = shown(url);
                both!("could not ask for `{url}`", "无法请求 `{url}`")
            }
            Self::Status { url, status, .. } => {
                let url = shown(url);
                both!("`{url}` was answered with HTTP status {status}", "`{url}` 返回 HTTP 状态 {status}")
            }
            Self::WebPage { url } => {
                let url = shown(url);
                both!("`{url}` is a web page, not a model file", "`{url}` 是网页，不是模型文件")
            }
            Self::Redirect { url, problem } => {
                let url = shown(url);
                both!("`{url}` was redirected {problem}", "`{url}` 的重定向有误")
            }
            Self::WrongRange { url, asked, answered } => {
                let url = shown(url);
                both!(
                    "`{url}` was asked for bytes {asked} and answered with {answered:?}",
                    "向 `{url}` 请求字节 {asked}，返回的却是 {answered:?}"
                )
            }
            Self::BrokenOff { url, at, .. } => {
                let url = shown(url);
                both!("`{url}` broke off after {at} bytes", "`{url}` 在 {at} 字节后中断")
            }
            Self::TooLong { url } => {
                let url = shown(url);
                both!("`{url}` sent more than was asked for", "`{url}` 发来的数据比请求的多")
            }
            Self::NoLength { url } => {
                let url = shown(url);
                both!("`{url}` is of unknown length", "`{url}` 长度未知")
            }
            Self::Changed { url, what, was, found } => {
                let (url, what_zh) = (shown(url), in_chinese(what));
                both!(
                    "`{url}` was replaced while it was fetched: its {what} was {was} and is {found}",
                    "`{url}` 在下载期间被替换：{what_zh}原为 {was}，现为 {found}"
                )
            }
            Self::WrongChecksum { file, expected, found } => both!(
                "`{file}` arrived with other bytes than it was published with: its SHA-256 is {found}, not {expected}",
                "`{file}` 收到的内容与发布的不同：SHA-256 是 {found}，而不是 {expected}"
            ),
            Self::NotAsPublished { file, what, expected, found } => {
                let what_zh = in_chinese(what);
                both!(
                    "`{file}` is not the file that the catalog knows: its {what} is {found}, not {expected}",
                    "`{file}` 不是目录中记录的文件：{what_zh}是 {found}，而不是 {expected}"
                )
            }
            Self::NoSuchFile { repository, path, .. } => {
                both!("`{repository}` has no file `{path}`", "`{repository}` 中没有文件 `{path}`")
            }
            Self::NoSuchQuant { repository, quant, .. } => {
                both!("`{repository}` has no GGUF of `{quant}`", "`{repository}` 中没有 `{quant}` 的 GGUF")
            }
            Self::NoRepository { repository, status, .. } => both!(
                "`{repository}` was not found (HTTP status {status})",
                "找不到 `{repository}`（HTTP 状态 {status}）"
            ),
            Self::Listing { url, .. } => {
                let url = shown(url);
                both!(
                    "`{url}` was answered with something that is no list of files",
                    "`{url}` 返回的不是文件列表"
                )
            }
            Self::UnsafeName { name } => {
                both!("{name:?} is not a name that a file may have", "{name:?} 不能用作文件名")
            }
            Self::Offline { file } => both!(
                "`{file}` is not on this machine, and `HF_HUB_OFFLINE` is set",
                "`{file}` 不在本机，而且设置了 `HF_HUB_OFFLINE`"
            ),
            Self::Disk { doing, path, .. } => {
                let path = path.display();
                both!("could not {doing} `{path}`", "无法读写 `{path}`")
            }
            Self::NoSpace { path, needed, free } => {
                let path = path.display();
                both!(
                    "{needed} are still to come and {free} are free in `{path}`",
                    "还需 {needed}，而 `{path}` 只剩 {free}"
                )
            }
            Self::Occupied { path } => {
                let path = path.display();
                both!("`{path}` is there and is another file", "`{path}` 已存在，而且是另一个文件")
            }
            Self::InUse { path } => {
                let path = path.display();
                both!("`{path}` is just being fetched", "`{path}` 正在下载")
            }
            Self::Interrupted => both!("interrupted; what has come is kept", "已中断；已下载的部分会保留"),
            Self::Header { url, .. } => {
                let url = shown(url);
                both!("`{url}` cannot be used", "无法使用 `{url}`")
            }
        }
    }

    /// What the user can do now.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a sentence in two languages for each thing that goes wrong")]
    pub fn hint(&self) -> Text {
        match self {
            Self::NoFile { .. } => {
                both!(
                    "write it like `hf.co/OWNER/REPO/FILE.gguf`",
                    "请写成 `hf.co/OWNER/REPO/FILE.gguf` 这样"
                )
            }
            Self::Request { source, .. } => match source.as_ref() {
                ureq::Error::BadUri(_) | ureq::Error::Http(_) => both!(
                    "check the URL, and `HF_ENDPOINT` and `HF_TOKEN` if they are set",
                    "请检查网址，以及设置了的 `HF_ENDPOINT` 和 `HF_TOKEN`"
                ),
                _ if self.is_distrust() => both!(
                    "the server is not trusted: check the system's CA certificates and clock, or name others in \
                     `SSL_CERT_FILE`",
                    "服务器不受信任：请检查系统的 CA 证书和时钟，或用 `SSL_CERT_FILE` 指定其他证书"
                ),
                _ => both!(
                    "check the network and `HTTPS_PROXY`; for a mirror of Hugging Face set `HF_ENDPOINT`",
                    "请检查网络和 `HTTPS_PROXY`；使用 Hugging Face 镜像请设置 `HF_ENDPOINT`"
                ),
            },
            Self::Status { status: 401 | 403, .. } => both!(
                "the repository is private, gated or not there: check its name, accept its terms on its page, and \
                 set `HF_TOKEN`",
                "仓库是私有的、需要申请或不存在：请检查名称，在其页面接受条款，并设置 `HF_TOKEN`"
            ),
            Self::Status { status: 404 | 410, .. } => both!(
                "check the spelling of owner, repository and file; a split model has names that end in \
                 `-00001-of-0000N.gguf`",
                "请检查所有者、仓库和文件的拼写；分片模型的文件名以 `-00001-of-0000N.gguf` 结尾"
            ),
            Self::Status { status: 429, retry_after, .. } => patience(*retry_after),
            Self::Status { .. } | Self::BrokenOff { .. } => both!("try again later", "请稍后再试"),
            Self::WebPage { .. } => both!(
                "name the file's own URL, or `hf.co/OWNER/REPO/FILE.gguf`; a network that asks for a login \
                 answers so, too",
                "请给出文件自身的网址，或 `hf.co/OWNER/REPO/FILE.gguf`；需要登录的网络也会这样应答"
            ),
            Self::Redirect { .. } | Self::WrongRange { .. } | Self::TooLong { .. } | Self::Listing { .. } => {
                both!(
                    "the server or a proxy on the way is at fault: try another, or download the file and name its path",
                    "问题出在服务器或途中的代理：请换一个，或自行下载文件后给出路径"
                )
            }
            Self::NoLength { .. } => both!(
                "download the file with another program, and name its path",
                "请用其他程序下载文件，再给出路径"
            ),
            Self::Changed { .. } => both!(
                "nothing of the old file is kept: run it again to fetch the new one",
                "旧文件没有保留：再次运行即可下载新文件"
            ),
            Self::WrongChecksum { .. } => both!(
                "nothing of it is kept: run it again, and if it happens twice check memory and disk, or use another \
                 `--endpoint`",
                "文件没有保留：请再次运行；若再次出错，请检查内存和磁盘，或换一个 `--endpoint`"
            ),
            Self::NotAsPublished { .. } => both!(
                "its makers replaced it: name it as `hf.co/OWNER/REPO:QUANT` to fetch what is there now",
                "发布者已替换该文件：用 `hf.co/OWNER/REPO:QUANT` 可下载现有的文件"
            ),
            Self::NoSuchFile { nearest: Some(nearest), .. } => {
                both!("the nearest that it has is `{nearest}`", "最接近的是 `{nearest}`")
            }
            Self::NoSuchFile { .. } => no_gguf(),
            Self::NoSuchQuant { known, .. } if known.is_empty() => no_gguf(),
            Self::NoSuchQuant { known, .. } => {
                let (known, known_zh) = (known.join(", "), known.join("、"));
                both!("it has {known}", "其中有 {known_zh}")
            }
            Self::NoRepository { nearest: Some(nearest), .. } => {
                both!("did you mean `{nearest}`?", "是不是想写 `{nearest}`？")
            }
            Self::NoRepository { .. } => both!(
                "check the name; where it is private or gated, accept its terms on its page and set `HF_TOKEN`",
                "请检查名称；若是私有的或需要申请，请在其页面接受条款并设置 `HF_TOKEN`"
            ),
            Self::UnsafeName { .. } => both!(
                "do not trust who published it; a name has no `..` and begins with no `/`",
                "不要信任其发布者；文件名不含 `..`，也不以 `/` 开头"
            ),
            Self::Offline { .. } => {
                both!("unset `HF_HUB_OFFLINE` to fetch it", "取消 `HF_HUB_OFFLINE` 即可下载")
            }
            Self::Disk { source, .. } => match source.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => both!(
                    "free some space and run it again: it goes on from where it was",
                    "请腾出空间后再次运行：会从中断处继续"
                ),
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => both!(
                    "choose a folder that you may write with `--to DIR` or `HF_HUB_CACHE`",
                    "请用 `--to DIR` 或 `HF_HUB_CACHE` 选择可写的目录"
                ),
                _ => both!("check the folder and the disk that it is on", "请检查该目录及其所在磁盘"),
            },
            Self::NoSpace { .. } => both!(
                "free some space, see `r1-advisor models --local`, or choose another disk with `--to DIR` or \
                 `HF_HUB_CACHE`",
                "请腾出空间（见 `r1-advisor models --local`），或用 `--to DIR` 或 `HF_HUB_CACHE` 选择另一磁盘"
            ),
            Self::Occupied { .. } => both!(
                "move it away, or choose another folder with `--to DIR`",
                "请移走它，或用 `--to DIR` 选择另一目录"
            ),
            Self::InUse { .. } => {
                both!("wait for the other download, or stop it", "请等待另一个下载完成，或停止它")
            }
            Self::Interrupted => {
                both!("run the same command again: it goes on from there", "再次运行同一命令：会从中断处继续")
            }
            Self::Header { source, .. } => source.hint(),
        }
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

/// By what a file was seen to be another, in Chinese; names of the field stay.
fn in_chinese(what: &'static str) -> &'static str {
    match what {
        "length" => "长度",
        what => what,
    }
}

fn no_gguf() -> Text {
    both!(
        "it has no GGUF files at all: check the name of the repository",
        "其中没有任何 GGUF 文件：请检查仓库名称"
    )
}

fn patience(retry_after: Option<Duration>) -> Text {
    match retry_after {
        Some(wait) => {
            let wait = crate::units::Seconds::from(wait);
            let (en, zh) = (wait.display(Lang::En), wait.display(Lang::Zh));
            both!(
                "the server asks for patience: try again in {en}, or set `HF_TOKEN`",
                "服务器要求等待：请在 {zh}后重试，或设置 `HF_TOKEN`"
            )
        }
        None => both!(
            "the server asks for patience: try again later, or set `HF_TOKEN`",
            "服务器要求等待：请稍后重试，或设置 `HF_TOKEN`"
        ),
    }
}
