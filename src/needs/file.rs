//! Needs files: what `--needs` reads and `--init` prints. A file is a command line: its keys are the flags of
//! `recommend` and of `report` with `_` for `-`, and its values are read as those flags read them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use toml::{Spanned, Value};

use super::table::{GivenNeeds, NEEDS, Need, Standing, Who};
use super::typed::FlagError;
use super::{NeedsError, Privacy};
use crate::message::Message;

/// What is wrong with one key.
#[derive(Clone, Debug, PartialEq)]
pub enum Mistake {
    /// There is no such need.
    Unknown,
    /// It has one value, not several or none.
    NotOne,
    /// It is `true` or `false`.
    NotASwitch,
    /// Another key says the same in other words.
    NotWith(&'static str),
    /// The value is none that its flag takes.
    Value(FlagError),
    /// The file is no TOML, as its parser says.
    Syntax(Message),
}

impl From<FlagError> for Mistake {
    fn from(error: FlagError) -> Self {
        Self::Value(error)
    }
}

/// A mistake and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Counted from 1.
    pub line: usize,
    /// The key; of broken syntax none.
    pub key: String,
    /// What is wrong with it.
    pub mistake: Mistake,
}

impl GivenNeeds {
    /// What the file at `path` states.
    pub fn read(path: &Path) -> Result<Self, NeedsError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| NeedsError::Read { path: path.to_owned(), source })?;
        parse(&text).map_err(|wrong| NeedsError::Malformed { path: path.to_owned(), wrong: Box::new(wrong) })
    }
}

fn parse(text: &str) -> Result<GivenNeeds, Wrong> {
    let mut given = GivenNeeds::default();
    let stated = stated(text)?;
    let known: Vec<Option<&Need>> = stated.iter().map(|stated| Need::named(&stated.key)).collect();
    if let Some(at) = known.iter().position(Option::is_none) {
        return Err(stated[at].wrong(Mistake::Unknown));
    }
    for (stated, need) in stated.iter().zip(known.iter().flatten()) {
        (need.read)(&mut given, &stated.value).map_err(|mistake| stated.wrong(mistake))?;
    }
    let keys = given.keys();
    let clash = |need: &Need| need.not_with.filter(|other| keys.contains(need.key) && keys.contains(other));
    for (stated, need) in stated.iter().zip(known.iter().flatten()) {
        if let Some(other) = clash(need) {
            return Err(stated.wrong(Mistake::NotWith(other)));
        }
    }
    if given.local_only {
        // Two names for one thing, so that a `--privacy` on the command line goes before either.
        given = GivenNeeds { local_only: false, privacy: Some(Privacy::Premises), ..given };
    }
    Ok(given)
}

/// What a file says of one key.
struct Stated {
    key: String,
    line: usize,
    value: Value,
}

impl Stated {
    fn wrong(&self, mistake: Mistake) -> Wrong {
        Wrong { line: self.line, key: self.key.clone(), mistake }
    }
}

fn stated(text: &str) -> Result<Vec<Stated>, Wrong> {
    let line_at = |at: usize| text.get(..at.min(text.len())).unwrap_or_default().matches('\n').count() + 1;
    let table: BTreeMap<Spanned<String>, Value> = toml::from_str(text).map_err(|error| Wrong {
        line: line_at(error.span().map_or(0, |span| span.start)),
        key: String::new(),
        mistake: Mistake::Syntax(Message::of_toml(error.message().lines().next().unwrap_or_default())),
    })?;
    let stated = |(key, value): (Spanned<String>, Value)| Stated {
        line: line_at(key.span().start),
        key: key.into_inner(),
        value,
    };
    Ok(table.into_iter().map(stated).collect())
}

/// A value as it is typed behind its flag; of several each.
pub(super) fn texts(value: &Value) -> Vec<String> {
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

/// The widest comment.
const WIDTH: usize = 100;

/// A file to fill in, with every need.
#[must_use]
pub fn template() -> String {
    let mut file = String::from(
        "\
# What you need of DeepSeek-R1. One file for every command that takes `--needs`; each reads what concerns it:
#   r1-advisor recommend --needs needs.toml    one machine: which size and quant to run on it
#   r1-advisor bench 7b:Q4_K_M --needs …       whether a model meets the limits here, measured
#   r1-advisor report --needs needs.toml       an organisation: what to buy, rent or call
# Keys are the commands' flags with `_` for `-`; flags override them. Keys that are commented out show how a value
# is written: their default, or else an example.
",
    );
    for (who, heading) in [
        (Who::Both, "For every command"),
        (Who::Machine, "For one machine: recommend, upgrade, bench"),
        (Who::Organisation, "For an organisation: report, which needs the first two"),
    ] {
        let _ = write!(file, "\n\n## {heading}\n");
        for need in NEEDS.iter().filter(|need| need.who == who) {
            let (mark, value) = match need.standing {
                Standing::Required(text) => ("", text.to_owned()),
                Standing::Default(text) if need.key == "use_case" => ("", toml_of(text)),
                Standing::Default(text) => ("# ", toml_of(text)),
                Standing::Example(toml) => ("# ", toml.to_owned()),
            };
            let _ = write!(file, "\n{}{mark}{} = {value}\n", comment(need.help()), need.key);
        }
    }
    file
}

fn toml_of(text: &str) -> String {
    let is_bare = text.parse::<f64>().is_ok() || text.parse::<bool>().is_ok();
    if is_bare { text.to_owned() } else { format!("\"{text}\"") }
}

/// A text in lines that begin with `# `.
fn comment(text: &str) -> String {
    let mut lines = vec![String::from("#")];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].len() + word.len() >= WIDTH {
            lines.push(String::from("#"));
        }
        let last = lines.len() - 1;
        let _ = write!(lines[last], " {word}");
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::typed::{Positive, Share, Years};
    use super::*;
    use crate::error::Failure as _;
    use crate::i18n::{Lang, Locale};

    fn said(text: &str) -> [String; 4] {
        let wrong = parse(text).unwrap_err();
        let error = NeedsError::Malformed { path: "needs.toml".into(), wrong: Box::new(wrong) };
        let (en, zh) = (Locale::default(), Locale::new(Lang::of_locale("zh")));
        let (message, hint) = (error.message(), error.hint().unwrap());
        [en.say(&message), en.say(&hint), zh.say(&message), zh.say(&hint)]
    }

    #[test]
    fn a_file_states_what_the_flags_state() {
        let given = parse(
            "use_case = 'coding'\ncontext = '32k'\nmax_ttft = '3s'\nmax_quant_loss = '3%'\nbudget = '$2,500'\n\
             min = { aime24 = 50 }\nlicence = ['mit']\npriority = 'cost'\nlocal_only = true\nreserve_ram = '8GiB'\n\
             users = 300\npeak_hour_share = '20%'\nspare = true\ndate = 2026-11-25\noutput_tokens = 4_000\n",
        )
        .unwrap();
        assert_eq!(given.context.map(|context| context.0), Some(32_768));
        assert_eq!(given.max_ttft.map(|span| span.0.0), Some(3.0));
        assert_eq!((given.min.len(), given.licence[0].0.as_str()), (1, "MIT"));
        assert_eq!(given.users, Some(Positive(300.0)));
        assert_eq!(given.peak_hour_share, Some(Share(0.2)));
        assert_eq!(given.date, Some(jiff::civil::date(2026, 11, 25)));
        assert_eq!(given.output_tokens.map(|tokens| tokens.0), Some(4000));
        assert_eq!((given.privacy, given.local_only, given.spare), (Some(Privacy::Premises), false, true));
    }

    #[test]
    fn the_template_is_right_as_it_stands_and_with_every_line_in_force() {
        let plain = parse(&template()).unwrap();
        assert_eq!(
            plain.keys().into_iter().collect::<Vec<_>>(),
            ["requests_per_user_day", "use_case", "users"]
        );
        let in_force: Vec<String> = template()
            .lines()
            .map(|line| {
                line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line).to_owned()
            })
            .collect();
        let all = parse(&in_force.join("\n").replace("local_only = false\n", "")).unwrap();
        assert_eq!((all.years, all.spare, all.gpu_only), (Some(Years(3)), false, false));
        let stated = stated(&in_force.join("\n")).unwrap();
        assert_eq!(stated.len(), NEEDS.len());
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
                "line 3: `priority` cannot be `speed`",
                "choose from `balanced`, `quality`, `latency` and `cost`",
                "第 3 行：`priority` 不能是 `speed`",
                "可取的值：`balanced`、`quality`、`latency`、`cost`",
            ),
            (
                "privacy = 'premisses'\n",
                "line 1: `privacy` cannot be `premisses`",
                "did you mean `premises`?",
                "第 1 行：`privacy` 不能是 `premisses`",
                "是不是想写 `premises`？",
            ),
        ] {
            let [en, en_hint, of_zh, of_zh_hint] = said(text);
            assert_eq!((en, en_hint.as_str()), (format!("`needs.toml`, {message}"), hint));
            assert_eq!((of_zh, of_zh_hint.as_str()), (format!("`needs.toml` {zh}"), zh_hint));
        }
    }

    #[test]
    fn a_value_is_held_against_the_limits_of_its_flag() {
        for (text, message, zh) in [
            (
                "max_ttft = 'soon'\n",
                "`max_ttft`: `soon` is not a time, write it like `90`, `90s`, `2min` or `1h`",
                "`max_ttft`：`soon` 不是时长，写法如 `90`、`90s`、`2min` 或 `1h`",
            ),
            (
                "min = { amie24 = 50 }\n",
                "`min`: unknown benchmark `amie24`, did you mean `aime24`?",
                "`min`：没有基准测试 `amie24`，是不是想写 `aime24`？",
            ),
            (
                "sequences = 1000\n",
                "`sequences`: 1000 is not between 1 and 256",
                "`sequences`：1000 不在 1 到 256 之间",
            ),
            ("spare = 'yes'\n", "`spare` is `true` or `false`", "`spare` 只能是 `true` 或 `false`"),
            (
                "local_only = true\nprivacy = 'open'\n",
                "`local_only` cannot be used with `privacy`",
                "`local_only` 不能与 `privacy` 同时使用",
            ),
            ("context = [1, 2]\n", "`context` takes one value", "`context` 只能有一个值"),
        ] {
            let [en, _, of_zh, _] = said(text);
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
            let [en, hint, of_zh, _] = said(text);
            assert!(en.starts_with("`needs.toml`, line 2: "), "{text}: {en}");
            assert_eq!(of_zh, format!("`needs.toml` 第 2 行：不是正确的 TOML：{zh}"), "{text}: {en}");
            assert!(hint.contains("--init"), "{hint}");
        }
    }
}
