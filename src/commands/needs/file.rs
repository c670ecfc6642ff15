//! Needs files: what `--needs` reads. A file is a command line: its keys are the flags of `recommend` and of `report`
//! with `_` for `-`, and its values are read as those flags read them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, Command};
use toml::{Spanned, Value};

use super::NeedsArgs;
use crate::both;
use crate::commands::misuse;
use crate::commands::report::ReportArgs;
use crate::error::{Error, Exit, nearest, told_of_toml};
use crate::lang::Text;
use crate::report::Privacy;

/// A file to fill in, with every key.
pub(super) const TEMPLATE: &str = include_str!("template.toml");

/// Flags that are no needs.
const NOT_NEEDED: [&str; 4] = ["needs", "init", "output", "launch"];

/// What a file states, for whoever reads it.
#[derive(Clone, Debug, Default)]
pub(in crate::commands) struct NeedsFile {
    /// Of a model on one machine.
    pub(in crate::commands) machine: NeedsArgs,
    /// Of an organisation.
    pub(in crate::commands) organisation: ReportArgs,
}

/// What is wrong with a needs file.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
pub(crate) enum NeedsFileError {
    /// It cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no TOML, or not of needs.
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        wrong: Box<Wrong>,
    },
}

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Counted from 1.
    line: usize,
    message: Text,
    hint: Option<Text>,
}

impl NeedsFileError {
    /// What happened, without the cause.
    pub(crate) fn told(&self) -> Text {
        match self {
            Self::Read { path, .. } => {
                let path = path.display();
                both!("could not read the needs file `{path}`", "无法读取需求文件 `{path}`")
            }
            Self::Malformed { path, wrong } => {
                let (path, Wrong { line, message: Text { en, zh }, .. }) = (path.display(), wrong.as_ref());
                both!("`{path}`, line {line}: {en}", "`{path}` 第 {line} 行：{zh}")
            }
        }
    }

    /// What the user can do now.
    fn hint(&self) -> Text {
        let of_file = match self {
            Self::Malformed { wrong, .. } => wrong.hint.clone(),
            Self::Read { .. } => None,
        };
        of_file.unwrap_or_else(|| {
            both!(
                "`r1-advisor recommend --init` and `report --init` print a file with every key",
                "`r1-advisor recommend --init` 和 `report --init` 会打印一份列出所有键的文件"
            )
        })
    }
}

impl NeedsFile {
    /// Reads what a file states.
    pub(in crate::commands) fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| NeedsFileError::Read { path: path.to_owned(), source });
        let read = text.and_then(|text| {
            Self::parse(&text)
                .map_err(|wrong| NeedsFileError::Malformed { path: path.to_owned(), wrong: Box::new(wrong) })
        });
        read.map_err(|error| Error::new(Exit::Input, &error).hint(Some(error.hint())))
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let stated = stated(text)?;
        let (machine, organisation) = (flags_of::<NeedsArgs>(), flags_of::<ReportArgs>());
        let known: Vec<&str> = machine.iter().chain(&organisation).map(|(key, _)| key.as_str()).collect();
        if let Some(unknown) = stated.iter().find(|stated| !known.contains(&stated.key.as_str())) {
            let key = &unknown.key;
            return Err(Wrong {
                line: unknown.line,
                message: both!("unknown key `{key}`", "没有名为 `{key}` 的键"),
                hint: nearest(key, known).map(did_you_mean),
            });
        }
        let mut machine: NeedsArgs = taken(&machine, &stated)?;
        let mut organisation: ReportArgs = taken(&organisation, &stated)?;
        if machine.local_only {
            // Two names for one thing, so that a `--privacy` on the command line goes before either.
            machine = NeedsArgs { local_only: false, privacy: Some(Privacy::Premises), ..machine };
            organisation.privacy = machine.privacy;
        }
        Ok(Self { machine, organisation })
    }
}

/// What a file says of one key.
struct Stated {
    key: String,
    line: usize,
    value: Value,
}

fn stated(text: &str) -> Result<Vec<Stated>, Wrong> {
    let line_at = |at: usize| text.get(..at.min(text.len())).unwrap_or_default().matches('\n').count() + 1;
    let table: BTreeMap<Spanned<String>, Value> = toml::from_str(text).map_err(|error| {
        let message = error.message().lines().next().unwrap_or_default();
        Wrong {
            line: line_at(error.span().map_or(0, |span| span.start)),
            message: told_of_toml(message),
            hint: None,
        }
    })?;
    let stated = |(key, value): (Spanned<String>, Value)| Stated {
        line: line_at(key.span().start),
        key: key.into_inner(),
        value,
    };
    Ok(table.into_iter().map(stated).collect())
}

/// The keys that stand for the flags of a command, and whether each is a switch.
fn flags_of<A: Args>() -> Vec<(String, bool)> {
    let command = A::augment_args(Command::new("needs"));
    let flags = command.get_arguments().filter_map(|flag| {
        let name = flag.get_long().filter(|name| !NOT_NEEDED.contains(name))?;
        Some((name.replace('-', "_"), matches!(flag.get_action(), ArgAction::SetTrue)))
    });
    flags.collect()
}

/// What of a file is for a command, read as its flags are.
fn taken<A: Args>(flags: &[(String, bool)], stated: &[Stated]) -> Result<A, Wrong> {
    let mut words = Vec::new();
    for stated in stated {
        let Some((key, is_switch)) = flags.iter().find(|(key, _)| *key == stated.key) else { continue };
        let flag = format!("--{}", key.replace('_', "-"));
        match (&stated.value, is_switch) {
            (Value::Boolean(false), true) => {}
            (Value::Boolean(true), true) => words.push(flag),
            (_, true) => {
                return Err(Wrong {
                    line: stated.line,
                    message: both!("`{key}` is `true` or `false`", "`{key}` 只能是 `true` 或 `false`"),
                    hint: None,
                });
            }
            (value, false) => words.extend(texts(value).into_iter().map(|text| format!("{flag}={text}"))),
        }
    }
    let matches = A::augment_args(Command::new("needs").no_binary_name(true)).try_get_matches_from(words);
    matches.and_then(|matches| A::from_arg_matches(&matches)).map_err(|error| wrong(&error, stated))
}

/// A value as it is typed behind its flag; of several each.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Table(table) => {
            let named = |(name, value): (&String, &Value)| {
                texts(value).into_iter().map(|value| format!("{name}={value}")).collect::<Vec<_>>()
            };
            table.iter().flat_map(named).collect()
        }
        Value::Float(number) => vec![number.to_string()],
        other => vec![other.to_string()],
    }
}

/// What clap finds wrong with a value, told of the key that stands for the flag.
fn wrong(error: &clap::Error, stated: &[Stated]) -> Wrong {
    let told = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.first().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let key = key_of(&told(ContextKind::InvalidArg));
    let line = stated.iter().find(|stated| stated.key == key).map_or(1, |stated| stated.line);
    let value = told(ContextKind::InvalidValue);
    let source = std::error::Error::source(error);
    let message = match (error.kind(), source) {
        (ErrorKind::ArgumentConflict, _) => match key_of(&told(ContextKind::PriorArg)) {
            prior if prior == key => both!("`{key}` takes one value", "`{key}` 只能有一个值"),
            prior => both!("`{key}` cannot stand beside `{prior}`", "`{key}` 不能与 `{prior}` 同时使用"),
        },
        (_, Some(source)) => {
            let reason = misuse::reason(source).map_or_else(String::new, |reason| format!("：{reason}"));
            both!("`{key}`: {source}", "`{key}` 的值 `{value}` 无效{reason}")
        }
        _ => both!("`{value}` is no value of `{key}`", "`{value}` 不是 `{key}` 可取的值"),
    };
    let choices = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => values.as_slice(),
        _ => &[],
    };
    let near = nearest(&value, choices.iter().map(String::as_str)).map(did_you_mean);
    Wrong { line, message, hint: near.or_else(|| one_of(choices)) }
}

/// The key that stands for a flag as clap names it, such as `--max-ttft <TIME>`.
fn key_of(flag: &str) -> String {
    flag.trim_start_matches('-').split([' ', '=']).next().unwrap_or_default().replace('-', "_")
}

fn did_you_mean(near: &str) -> Text {
    both!("did you mean `{near}`?", "是不是想写 `{near}`？")
}

fn one_of(choices: &[String]) -> Option<Text> {
    let named: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    let (en, zh) = (named.join(", "), named.join("、"));
    (!choices.is_empty()).then(|| both!("there are {en}", "可取的值：{zh}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> [String; 4] {
        let wrong = NeedsFile::parse(text).unwrap_err();
        let error = NeedsFileError::Malformed { path: "needs.toml".into(), wrong: Box::new(wrong) };
        let (message, hint) = (error.told(), error.hint());
        [message.en, hint.en, message.zh, hint.zh]
    }

    #[test]
    fn a_file_states_what_the_flags_state() {
        let file = NeedsFile::parse(
            "use_case = 'coding'\ncontext = '32k'\nmax_ttft = '3s'\nmax_quant_loss = '3%'\nbudget = '$2,500'\n\
             min = { aime24 = 50 }\nlicence = ['mit']\npriority = 'cost'\nlocal_only = true\nreserve_ram = '8GiB'\n\
             users = 300\npeak_hour_share = '20%'\nspare = true\ndate = 2026-11-25\noutput_tokens = 4_000\n",
        )
        .unwrap();
        let needs = file.machine;
        assert_eq!(needs.context.map(|context| context.0), Some(32_768));
        assert_eq!(needs.max_ttft.map(|span| span.0.0), Some(3.0));
        assert_eq!((needs.min.len(), needs.licence[0].0.as_str()), (1, "MIT"));
        let organisation = file.organisation;
        assert_eq!((organisation.users, organisation.peak_hour_share), (Some(300.0), Some(0.2)));
        assert_eq!(organisation.date, Some(jiff::civil::date(2026, 11, 25)));
        // What both need is stated once.
        assert_eq!(organisation.budget, needs.budget);
        assert_eq!(
            (organisation.output_tokens, needs.output_tokens.map(|tokens| tokens.0)),
            (needs.output_tokens, Some(4000))
        );
        assert_eq!((needs.privacy, organisation.privacy), (Some(Privacy::Premises), Some(Privacy::Premises)));
        assert!(organisation.spare);
    }

    #[test]
    fn the_template_is_right_as_it_stands_and_with_every_line_in_force() {
        let plain = NeedsFile::parse(TEMPLATE).unwrap();
        assert_eq!(plain.machine.use_case.as_deref(), Some("general"));
        assert_eq!((plain.organisation.users, plain.organisation.years), (Some(1000.0), None));
        let in_force: Vec<&str> = TEMPLATE
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .collect();
        let all = NeedsFile::parse(&in_force.join("\n")).unwrap();
        assert_eq!(
            (all.organisation.years, all.organisation.spare, all.machine.gpu_only),
            (Some(3), false, false)
        );
        let stated = stated(&in_force.join("\n")).unwrap();
        for (key, _) in flags_of::<NeedsArgs>().into_iter().chain(flags_of::<ReportArgs>()) {
            assert!(stated.iter().any(|stated| stated.key == key), "the template lacks `{key}`");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_the_nearest_right_name_of_either_command() {
        for (text, message, hint, zh, zh_hint) in [
            (
                "use_case = 'coding'\ncontxt = 4096\n",
                "line 2: unknown key `contxt`",
                "did you mean `context`?",
                "第 2 行：没有名为 `contxt` 的键",
                "是不是想写 `context`？",
            ),
            (
                "users = 10\nrequest_per_user_day = 5\n",
                "line 2: unknown key `request_per_user_day`",
                "did you mean `requests_per_user_day`?",
                "第 2 行：没有名为 `request_per_user_day` 的键",
                "是不是想写 `requests_per_user_day`？",
            ),
            (
                "\n\npriority = 'speed'\n",
                "line 3: `speed` is no value of `priority`",
                "there are `balanced`, `quality`, `latency`, `cost`",
                "第 3 行：`speed` 不是 `priority` 可取的值",
                "可取的值：`balanced`、`quality`、`latency`、`cost`",
            ),
            (
                "privacy = 'premisses'\n",
                "line 1: `premisses` is no value of `privacy`",
                "did you mean `premises`?",
                "第 1 行：`premisses` 不是 `privacy` 可取的值",
                "是不是想写 `premises`？",
            ),
        ] {
            let [en, en_hint, of_zh, of_zh_hint] = told(text);
            assert_eq!((en, en_hint.as_str()), (format!("`needs.toml`, {message}"), hint));
            assert_eq!((of_zh, of_zh_hint.as_str()), (format!("`needs.toml` {zh}"), zh_hint));
        }
    }

    #[test]
    fn a_value_is_held_against_the_limits_of_its_flag() {
        for (text, message, zh) in [
            (
                "max_ttft = 'soon'\n",
                "`max_ttft`: `soon` is not a time; write it like `90`, `90s`, `2min` or `1h`",
                "`max_ttft` 的值 `soon` 无效：不是时长；写法如 `90`、`90s`、`2min` 或 `1h`",
            ),
            (
                "min = { amie24 = 50 }\n",
                "`min`: there is no benchmark `amie24`; did you mean `aime24`?",
                "`min` 的值 `amie24=50` 无效：没有基准测试 `amie24`；是不是想写 `aime24`？",
            ),
            (
                "sequences = 1000\n",
                "`sequences`: 1000 is not in 1..=256",
                "`sequences` 的值 `1000` 无效：不在 1..=256 之内",
            ),
            ("spare = 'yes'\n", "`spare` is `true` or `false`", "`spare` 只能是 `true` 或 `false`"),
            (
                "local_only = true\nprivacy = 'open'\n",
                "`local_only` cannot stand beside `privacy`",
                "`local_only` 不能与 `privacy` 同时使用",
            ),
            ("context = [1, 2]\n", "`context` takes one value", "`context` 只能有一个值"),
        ] {
            let [en, _, of_zh, _] = told(text);
            assert_eq!(en, format!("`needs.toml`, line 1: {message}"));
            assert_eq!(of_zh, format!("`needs.toml` 第 1 行：{zh}"));
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        for (text, zh) in [
            ("users = 10\nuse_case = coding\n", "没有值，或字符串没有加引号"),
            ("users = 10\nusers = 20\n", "键重复"),
            ("users = 10\nlicence = ['MIT'", "方括号没有闭合"),
            ("users = 10\nmin = { aime24 = 50", "花括号没有闭合"),
            ("users = 10\nuse_case = 'coding\n", "字符串的引号没有闭合"),
            ("users = 10\nuse_case = \"coding\n", "字符串的引号没有闭合"),
            ("users = 10\nusers\n", "键没有值"),
            ("users = 10\n[table\n", "表名的方括号没有闭合"),
        ] {
            let [en, hint, of_zh, _] = told(text);
            assert!(en.starts_with("`needs.toml`, line 2: "), "{text}: {en}");
            assert_eq!(of_zh, format!("`needs.toml` 第 2 行：不是正确的 TOML：{zh}"), "{text}: {en}");
            assert!(hint.contains("--init"), "{hint}");
        }
    }
}
