use std::fmt;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::both;
use crate::lang::{Lang, Text};
use crate::units::{Bytes, Seconds};

/// Why an engine could not do what it was asked.
///
/// It travels from the child process to its parent, so all but the parent's own troubles are data.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.told())]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineError {
    /// The program has no engine.
    NotBuilt,
    /// The file is no model that it can run, or there is too little memory for it.
    Load {
        /// The file.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// A session with these settings cannot be.
    Open {
        /// Tokens that the KV cache should have room for.
        context: u32,
        /// What the engine said.
        reason: String,
    },
    /// Another machine cannot be computed on.
    Host {
        /// Which, with its port.
        host: String,
        /// Why.
        reason: String,
    },
    /// Other machines were there and did not answer.
    HostsSilent {
        /// Which.
        hosts: String,
        /// The time that they had.
        limit: Seconds,
    },
    /// The memory breakdown is not to be had.
    Breakdown,
    /// A batch failed.
    Compute {
        /// Tokens of the batch.
        tokens: u32,
        /// What `llama_decode` returned.
        status: i32,
        /// What the engine said.
        reason: String,
    },
    /// The computation was given up, as was asked.
    Stopped,
    /// A text could not be made into tokens.
    Tokenize,
    /// A request that is no request, or not one that can be done now.
    Unexpected {
        /// What it heard, or what it said.
        line: String,
    },
    /// The child process came to an end by itself.
    Crashed(Crash),
    /// The child process did not answer in time, and was killed.
    Stalled {
        /// The time that it had.
        limit: Seconds,
    },
    /// The child process could not be started.
    #[serde(skip)]
    Start {
        /// What the system said.
        source: io::Error,
    },
    /// The user asked to stop.
    Cancelled,
}

/// The end of a child process that nobody asked to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// How it ended.
    pub ending: Ending,
    /// What it said last.
    pub last_log_lines: Vec<String>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ending {
    /// By a signal.
    Signal {
        /// Its number.
        number: i32,
    },
    /// By itself.
    Exit {
        /// Its status.
        status: i32,
    },
}

impl Ending {
    /// How the process ended.
    fn told(self) -> Text {
        match self {
            Self::Signal { number: 6 } => both!("aborted (SIGABRT)", "异常中止（SIGABRT）"),
            Self::Signal { number: 9 } => both!("was killed (SIGKILL)", "被强制结束（SIGKILL）"),
            Self::Signal { number: 4 } => {
                both!("met an unknown instruction (SIGILL)", "遇到未知指令（SIGILL）")
            }
            Self::Signal { number: 11 } => both!("crashed (SIGSEGV)", "崩溃（SIGSEGV）"),
            Self::Signal { number } => both!("was ended by signal {number}", "被信号 {number} 结束"),
            Self::Exit { status } => both!("ended with status {status}", "以状态 {status} 结束"),
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told().en)
    }
}

impl Crash {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Text {
        let out_of_memory =
            self.last_log_lines.iter().any(|line| line.to_lowercase().contains("out of memory"));
        // Of ggml-rpc.cpp, where it aborts.
        let words = ["Remote RPC server", "RPC server version", "RPC handshake"];
        let by_rpc = self.last_log_lines.iter().any(|line| words.iter().any(|words| line.contains(words)));
        match self.ending {
            _ if by_rpc => both!(
                "a server of `--rpc` went away, or is of another version than this program's llama.cpp: look at its log",
                "`--rpc` 的某个服务器已断开，或其版本与本程序的 llama.cpp 不同：请查看它的日志"
            ),
            Ending::Signal { number: 9 } => both!(
                "the kernel ends processes when memory runs out: take a smaller quant or a smaller model, or \
                 close other programs",
                "内存用尽时内核会结束进程：请用更小的量化或模型，或关闭其他程序"
            ),
            Ending::Signal { number: 4 } => both!(
                "the program was built for another CPU: build it on this machine, or with `--features portable`",
                "程序是为其他 CPU 编译的：请在本机编译，或使用 `--features portable`"
            ),
            _ if out_of_memory => both!(
                "leave more layers on the CPU with `--gpu-layers`, lower the depth, or take a smaller quant",
                "请用 `--gpu-layers` 把更多层留在 CPU，降低深度，或用更小的量化"
            ),
            _ => both!(
                "the last lines above are llama.cpp's own; a smaller quant, or `--gpu-layers 0`, tells whether memory or \
                 the GPU is the trouble",
                "上面最后几行出自 llama.cpp；用更小的量化或 `--gpu-layers 0` 可判断问题在内存还是 GPU"
            ),
        }
    }
}

impl EngineError {
    /// What happened.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::NotBuilt => {
                both!("this program was built without llama.cpp", "此程序编译时没有包含 llama.cpp")
            }
            Self::Load { path, reason } => {
                let path = path.display();
                both!("llama.cpp could not load `{path}`: {reason}", "llama.cpp 无法加载 `{path}`：{reason}")
            }
            Self::Open { context, reason } => both!(
                "llama.cpp could not open a context of {context} tokens: {reason}",
                "llama.cpp 无法建立 {context} token 的上下文：{reason}"
            ),
            Self::Host { host, reason } => {
                both!("cannot compute on `{host}`: {reason}", "无法使用 `{host}` 计算：{reason}")
            }
            Self::HostsSilent { hosts, limit } => {
                let (en, zh) = (limit.display(Lang::En), limit.display(Lang::Zh));
                both!("no answer from `{hosts}` within {en}", "`{hosts}` 在 {zh}内没有响应")
            }
            Self::Breakdown => {
                both!("llama.cpp could not tell what memory it uses", "llama.cpp 无法给出内存用量")
            }
            Self::Compute { tokens, status, reason } => both!(
                "llama.cpp could not compute a batch of {tokens} tokens (status {status}): {reason}",
                "llama.cpp 无法计算 {tokens} token 的批次（状态 {status}）：{reason}"
            ),
            Self::Stopped => both!("the engine stopped, as it was asked to", "引擎已按要求停止"),
            Self::Tokenize => {
                both!("llama.cpp could not make tokens of the text", "llama.cpp 无法把文本切分成 token")
            }
            Self::Unexpected { line } => {
                both!("the engine's process did not expect `{line}`", "引擎进程收到意外内容 `{line}`")
            }
            Self::Crashed(crash) => {
                let Text { en, zh } = crash.ending.told();
                both!("the engine's process {en}", "引擎进程{zh}")
            }
            Self::Stalled { limit } => {
                let (en, zh) = (limit.display(Lang::En), limit.display(Lang::Zh));
                both!(
                    "the engine did not answer within {en} and was stopped",
                    "引擎在 {zh}内没有响应，已被停止"
                )
            }
            Self::Start { .. } => both!("could not start the engine's process", "无法启动引擎进程"),
            Self::Cancelled => both!("interrupted", "已中断"),
        }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<Text> {
        Some(match self {
            Self::NotBuilt => both!(
                "build without `--no-default-features`, see the README",
                "编译时请去掉 `--no-default-features`，见 README"
            ),
            Self::Load { reason, .. } if reason.contains("unknown model architecture") => both!(
                "this program's llama.cpp knows no such model; `r1-advisor models` lists those that it runs",
                "本程序的 llama.cpp 不认识这种模型；`r1-advisor models` 列出它能运行的模型"
            ),
            Self::Load { reason, .. } if lacks_memory(reason) => both!(
                "close other programs, or take a smaller quant or a smaller model; `r1-advisor estimate` tells what one needs",
                "请关闭其他程序，或换更小的量化或模型；`r1-advisor estimate` 可查看所需内存"
            ),
            Self::Load { path, .. } => match std::fs::metadata(path) {
                Ok(file) => {
                    let size = Bytes(file.len()).decimal();
                    both!(
                        "the file has {size}; compare its size with the one on the hub, and download it again if they differ",
                        "文件大小为 {size}；请与 hub 上的大小比较，不同则重新下载"
                    )
                }
                Err(_) => both!("check the path", "请检查路径"),
            },
            Self::Open { reason, .. } if lacks_memory(reason) => both!(
                "lower the depth, the context or the micro-batch, or close other programs",
                "请降低深度、上下文或 micro-batch，或关闭其他程序"
            ),
            Self::Open { .. } => both!(
                "lower the depth or the micro-batch; a quantized KV cache needs `--flash-attention on`",
                "请降低深度或 micro-batch；量化的 KV 缓存需要 `--flash-attention on`"
            ),
            Self::Host { .. } => both!(
                "start llama.cpp's `rpc-server --host 0.0.0.0` there, and let its port through the firewall",
                "请在该机器上启动 llama.cpp 的 `rpc-server --host 0.0.0.0`，并在防火墙中放行其端口"
            ),
            Self::HostsSilent { .. } => both!(
                "an `rpc-server` computes for one program at a time: wait for the other one, or look whether it is an \
                 `rpc-server` at all",
                "一个 `rpc-server` 同时只为一个程序计算：请等待另一个程序结束，或检查该处是否为 `rpc-server`"
            ),
            Self::Crashed(crash) => crash.hint(),
            Self::Stalled { .. } => both!(
                "give it longer with `--time-limit`, or ask for fewer tokens with `-p` and `-n`; a driver that hangs \
                 shows with `--gpu-layers 0`",
                "请用 `--time-limit` 放宽时限，或用 `-p` 和 `-n` 减少 token；驱动卡死可用 `--gpu-layers 0` 验证"
            ),
            Self::Start { .. } => {
                both!("was the program moved or replaced while it ran?", "程序是否在运行期间被移动或替换？")
            }
            Self::Compute { .. } => both!("lower the depth or the micro-batch", "请降低深度或 micro-batch"),
            Self::Breakdown | Self::Tokenize | Self::Unexpected { .. } => {
                both!("this is a mistake of the program: please report it", "这是程序的错误：请报告")
            }
            Self::Stopped | Self::Cancelled => return None,
        })
    }
}

/// Whether the engine's words are of memory that it did not get: ggml's and llama.cpp's own, the C++ library's, and the
/// system's.
fn lacks_memory(reason: &str) -> bool {
    let words = [
        "insufficient memory",
        "unable to allocate",
        "failed to allocate",
        "bad_alloc",
        "Cannot allocate memory",
    ];
    words.iter().any(|words| reason.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_went_away_is_not_taken_for_a_want_of_memory() {
        let hint = |line: &str| {
            let ending = Ending::Signal { number: 6 };
            Crash { ending, last_log_lines: vec![line.to_owned()] }.hint().told(Lang::En).to_owned()
        };
        // The words of a run whose server was killed, and those of a GPU.
        let gone = "ggml-rpc.cpp:566: Remote RPC server crashed or returned malformed response";
        assert!(hint(gone).starts_with("a server of `--rpc` went away"));
        assert!(hint("RPC0: cudaMalloc failed: out of memory").starts_with("leave more layers on the CPU"));
    }

    #[test]
    fn a_file_that_does_not_load_is_not_always_to_be_fetched_again() {
        let hint = |reason: &str| {
            let error = EngineError::Load { path: "model.gguf".into(), reason: reason.to_owned() };
            error.hint().unwrap().told(Lang::En).to_owned()
        };
        // The words of llama.cpp at a limit of 1.6 GB and of 1 GB of address space, and of an altered header.
        let memory = "insufficient memory (attempted to allocate 596.53 MB); failed to allocate buffer of size 625508352";
        assert!(hint(memory).starts_with("close other programs"));
        assert!(hint("error loading model: mmap failed: Cannot allocate memory").starts_with("close other"));
        assert!(hint("unknown model architecture: 'qwenX'").contains("knows no such model"));
        assert!(hint("tensor data is not within the file bounds").contains("check the path"));
    }
}
