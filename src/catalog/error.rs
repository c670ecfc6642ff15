use std::path::PathBuf;

use crate::both;
use crate::error::{nearest, told_of_toml};
use crate::lang::Text;

/// What is wrong with the catalog or with a name that it should know.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
pub enum CatalogError {
    /// A name that the catalog does not know.
    Unknown {
        /// What was looked for: `model`, `quant`, `GPU`, `CPU`, `use-case`.
        kind: &'static str,
        /// What was typed.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// A name that several entries could mean.
    Ambiguous {
        /// What was looked for.
        kind: &'static str,
        /// What was typed.
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

/// What is wrong at one place of a catalog file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
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
    /// A figure without a source.
    NoSource,
    /// A source by a name that the file's `[sources]` does not have.
    UnknownSource {
        /// The name.
        name: String,
        /// The nearest name in `[sources]`.
        nearest: Option<String>,
    },
    /// A price of what the catalog does not know.
    NothingToPrice {
        /// The table that it stands in.
        table: &'static str,
        /// What is named.
        name: String,
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

    /// What is wrong.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::Toml { message } => told_of_toml(message),
            Self::UnknownKey { key, .. } => both!("unknown key `{key}`", "未知的键 `{key}`"),
            Self::NoSource => both!("no source is given", "没有注明来源"),
            Self::UnknownSource { name, .. } => {
                both!("no source is called `{name}`", "没有名为 `{name}` 的来源")
            }
            Self::NothingToPrice { table, name, .. } => both!(
                "nothing of the catalog's `{table}` is called `{name}`",
                "资料库的 `{table}` 中没有 `{name}`"
            ),
            Self::Duplicate { name, owner, place } => both!(
                "`{name}` is taken by `{owner}` at {place}",
                "`{name}` 已被 {place} 处的 `{owner}` 占用"
            ),
            Self::Impossible { rule } => rule.as_str().into(),
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            Self::UnknownKey { nearest: Some(nearest), .. }
            | Self::NothingToPrice { nearest: Some(nearest), .. }
            | Self::UnknownSource { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            Self::UnknownKey { known, .. } => {
                let Text { en, zh } = listed(known);
                Some(both!("it may have {en}", "可用的键有 {zh}"))
            }
            Self::NothingToPrice { .. } => Some(both!(
                "what the catalog does not know yet is added to it: `--catalog DIR`",
                "资料库中尚没有的条目用 `--catalog DIR` 添加"
            )),
            Self::NoSource | Self::UnknownSource { .. } => Some(both!(
                "write `source = \"…\"` with a link, a sentence, or a name of the file's `[sources]`",
                "请写上 `source = \"…\"`：一个链接、一句说明，或本文件 `[sources]` 里的名称"
            )),
            Self::Duplicate { .. } => Some(both!(
                "give it another name; an entry of a later layer replaces one with the same id",
                "请换一个名称；后加载的资料中，id 相同的条目会替换先前的条目"
            )),
            Self::Toml { .. } | Self::Impossible { .. } => None,
        }
    }
}

impl CatalogError {
    /// What is wrong.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::Unknown { kind, name, .. } => {
                let zh = in_chinese(kind);
                both!("no {kind} is called `{name}`", "没有名为 `{name}` 的{zh}")
            }
            Self::Ambiguous { kind, name, candidates } => {
                let (count, zh) = (candidates.len(), in_chinese(kind));
                both!("`{name}` could be any of {count} {kind}s", "`{name}` 可以指 {count} 种{zh}")
            }
            Self::Invalid { file, line, column, problem } => {
                let Text { en, zh } = problem.told();
                both!("{file}:{line}:{column}: {en}", "{file}:{line}:{column}：{zh}")
            }
            Self::Misplaced { path } => {
                let path = path.display();
                both!("{path}: not a file of the catalog", "{path}：不是资料库的文件")
            }
            Self::Read { path, .. } => {
                let path = path.display();
                both!("could not read {path}", "无法读取 {path}")
            }
        }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<Text> {
        match self {
            Self::Unknown { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            Self::Unknown { kind: "model", .. } => {
                Some(both!("`r1-advisor models` lists them", "用 `r1-advisor models` 列出全部模型"))
            }
            Self::Unknown { kind: kind @ ("GPU" | "CPU"), .. } => Some(both!(
                "no {kind} of a similar name is known: add it with `--catalog DIR`, or describe the machine in a file for `--machine`",
                "没有名称相近的 {kind}：可用 `--catalog DIR` 补充，或在 `--machine` 的文件里描述这台机器"
            )),
            Self::Unknown { .. } => None,
            Self::Ambiguous { candidates, .. } => {
                let Text { en, zh } = listed(candidates);
                Some(both!("say which: {en}", "请指明是哪一个：{zh}"))
            }
            Self::Invalid { problem, .. } => problem.hint(),
            Self::Misplaced { .. } => Some(both!(
                "the catalog reads models/*.toml, accelerators/*.toml, quants.toml, cpus.toml, hosts.toml, machines.toml, use-cases.toml, tasks.toml, zh.toml, and in prices/: api.toml, rental.toml, machines.toml, power.toml, sites.toml and currencies.toml",
                "资料库读取 models/*.toml、accelerators/*.toml、quants.toml、cpus.toml、hosts.toml、machines.toml、use-cases.toml、tasks.toml、zh.toml，以及 prices/ 下的 api.toml、rental.toml、machines.toml、power.toml、sites.toml 和 currencies.toml"
            )),
            Self::Read { .. } => Some(both!(
                "check `--catalog`, `R1_ADVISOR_CATALOG` and who may read it",
                "请检查 `--catalog`、`R1_ADVISOR_CATALOG` 以及读取权限"
            )),
        }
    }
}

/// What a kind of entry is called in Chinese, as it stands after Chinese words.
fn in_chinese(kind: &str) -> &str {
    match kind {
        "model" => "模型",
        "quant" => "量化格式",
        "use-case" => "使用场景",
        "task" => "任务",
        "GPU" => " GPU",
        "CPU" => " CPU",
        other => other,
    }
}

pub(super) fn did_you_mean(name: &str) -> Text {
    both!("did you mean `{name}`?", "是不是想写 `{name}`？")
}

fn listed(names: &[String]) -> Text {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    Text { en: names.join(", "), zh: names.join("、") }
}
