//! Needs files: what `--needs` reads and `--init` prints. A file is a command line: its keys are the flags of
//! `recommend` and of `report` with `_` for `-`, and its values are read as those flags read them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use toml::{Spanned, Value};

use super::table::{GivenNeeds, NEEDS, Need, Standing, Who};
use super::typed::FlagError;
use super::{NeedsError, Privacy};
use crate::input_file;
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
        let text = input_file::read_to_string(path)
            .map_err(|source| NeedsError::Read { path: path.to_owned(), source })?;
        Self::of_toml(path, &text)
    }

    /// What `text` states, which stands in the file at `path`.
    pub fn of_toml(path: &Path, text: &str) -> Result<Self, NeedsError> {
        parse(text).map_err(|wrong| NeedsError::Malformed { path: path.to_owned(), wrong: Box::new(wrong) })
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
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::typed::{Positive, Share, Years};
    use super::*;

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
}
