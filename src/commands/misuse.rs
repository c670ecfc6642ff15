//! What clap finds wrong on a command line, in Chinese: clap itself knows English only.

use std::ffi::OsString;
use std::io::Write as _;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::bench::NumbersError;
use super::help;
use super::typed::{FlagError, UnknownLicence};
use crate::bench::NeedError;
use crate::error::Error;
use crate::i18n::{self, Locale};
use crate::lang::Lang;
use crate::ui::{ColorChoice, Printer};
use crate::units::ParseBytesError;

/// Help, because nothing was asked for.
const HELP_INSTEAD: ErrorKind = ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;

/// Tells what is wrong with `arguments`, or the help that they ask for. A version is told as clap tells it.
pub(super) fn tell(error: &clap::Error, arguments: &[OsString]) {
    let is_chinese = lang(arguments) == Lang::Zh;
    let color = after("--color", arguments).and_then(|color| ColorChoice::from_str(&color, true).ok());
    let printer =
        || Printer::new(color.unwrap_or_default(), false, Locale::new(crate::i18n::Lang::of_locale("zh")));
    if is_chinese && matches!(error.kind(), ErrorKind::DisplayHelp | HELP_INSTEAD) {
        let printer = printer();
        if let Some(page) = help::in_chinese(arguments, printer.width().into()) {
            let to_people = error.use_stderr();
            // A reader that went away is none to tell.
            let _ = if to_people {
                write!(anstream::stderr(), "{page}")
            } else {
                write!(printer.data(), "{page}")
            };
            return;
        }
    }
    let chinese = is_chinese.then(|| in_chinese(error)).flatten();
    let Some(chinese) = chinese else {
        // clap knows by itself whether help goes to stdout or a complaint to stderr.
        let _ = error.print();
        return;
    };
    let printer = printer();
    printer.error(&chinese);
    if let Some(usage) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        printer.say(format!("\n用法：{}", usage.trim().trim_start_matches("Usage:").trim()));
    }
    printer.say("\n详细说明请用 `--help`。");
}

/// The language that is asked for on a command line that cannot be read, or by the environment.
fn lang(arguments: &[OsString]) -> Lang {
    let asked = after("--lang", arguments).or_else(|| std::env::var("R1_ADVISOR_LANG").ok());
    asked
        .and_then(|lang| Lang::from_str(&lang, true).ok())
        .unwrap_or_else(|| Lang::of_locale(&super::locale()))
}

/// What stands behind a flag.
fn after(flag: &str, arguments: &[OsString]) -> Option<String> {
    let texts: Vec<String> = arguments.iter().map(|text| text.to_string_lossy().into_owned()).collect();
    let behind = texts.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].clone());
    let joined = || texts.iter().find_map(|text| text.strip_prefix(flag)?.strip_prefix('='));
    behind.or_else(|| joined().map(str::to_owned))
}

/// A mistake and what was probably meant; `None` for what is no mistake, and for kinds that this program cannot meet.
fn in_chinese(error: &clap::Error) -> Option<Error> {
    let told = |kind| error.get(kind).map(words).filter(|text| !text.is_empty());
    let argument = told(ContextKind::InvalidArg);
    let value = told(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {}", argument?),
        ErrorKind::InvalidSubcommand => format!("没有子命令 {}", told(ContextKind::InvalidSubcommand)?),
        ErrorKind::MissingSubcommand => format!("{} 需要子命令", told(ContextKind::InvalidSubcommand)?),
        ErrorKind::InvalidValue => match value {
            Some(value) => format!("{value} 不是 {} 可取的值", argument?),
            None => format!("{} 缺少值", argument?),
        },
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).and_then(reason);
            let why = why.map_or_else(String::new, |why| format!("：{why}"));
            format!("{} 的值 {} 无效{why}", argument?, value?)
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数 {}", argument?),
        ErrorKind::ArgumentConflict => {
            let prior = told(ContextKind::PriorArg);
            let argument = argument.or_else(|| told(ContextKind::InvalidSubcommand))?;
            match prior {
                Some(prior) if prior == argument => format!("{argument} 只能写一次"),
                Some(prior) => format!("{argument} 不能与 {prior} 同时使用"),
                None => format!("{argument} 不能与其他某个参数同时使用"),
            }
        }
        ErrorKind::TooManyValues => format!("{} 后多出一个值 {}", argument?, value?),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{} 的值的个数不对", argument?)
        }
        ErrorKind::NoEquals => format!("{} 的值要用 `=` 连接", argument?),
        ErrorKind::InvalidUtf8 => "命令行不是有效的 UTF-8".to_owned(),
        _ => return None,
    };
    Some(Error::usage(message).hint(meant(error)))
}

/// What was probably meant, or what there is to choose from.
fn meant(error: &clap::Error) -> Option<String> {
    let told = |kind| error.get(kind).map(words).filter(|text| !text.is_empty());
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near = suggested.into_iter().filter_map(told).collect::<Vec<_>>().join(" ");
    let near = (!near.is_empty()).then(|| format!("是不是想写 {near}？"));
    let choices = told(ContextKind::ValidValue).map(|values| format!("可取的值：{values}"));
    let hint = near.into_iter().chain(choices).collect::<String>();
    (!hint.is_empty()).then_some(hint)
}

/// What clap names, between backticks as everywhere else.
fn words(value: &ContextValue) -> String {
    let quoted = |text: &String| if text.is_empty() { String::new() } else { format!("`{text}`") };
    match value {
        ContextValue::String(text) => quoted(text),
        ContextValue::Strings(texts) => texts.iter().map(quoted).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

/// Why a value cannot be taken; `None` where only English is known, for the value itself says most of it.
pub(super) fn reason(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(flag) = error.downcast_ref::<FlagError>() {
        return Some(flag.told().zh);
    }
    if let Some(licence) = error.downcast_ref::<UnknownLicence>() {
        return Some(licence.told().zh);
    }
    let say = |message| Locale::new(i18n::Lang::of_locale("zh")).say(&message);
    if let Some(numbers) = error.downcast_ref::<NumbersError>() {
        return Some(say(numbers.message()));
    }
    if let Some(need) = error.downcast_ref::<NeedError>() {
        return Some(say(need.message()));
    }
    if let Some(error) = error.downcast_ref::<ParseIntError>() {
        return Some(match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "超出可取的范围".to_owned(),
            _ => "不是整数".to_owned(),
        });
    }
    if error.is::<ParseFloatError>() {
        return Some("不是数".to_owned());
    }
    if error.is::<ParseBytesError>() {
        return Some("不是大小；写法如 `64GiB`、`24GB` 或 `512 MiB`".to_owned());
    }
    if error.is::<jiff::Error>() {
        return Some("不是日期；写法如 `2026-11-25`".to_owned());
    }
    // clap has no type for a number that is out of range: `100 is not in 1..=64`.
    let text = error.to_string();
    let range = text.split_once(" is not in ").map(|(_, range)| range.trim());
    range.map(|range| format!("不在 {range} 之内"))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    fn told(arguments: &str) -> (String, Option<String>) {
        let arguments = ["r1-advisor"].into_iter().chain(arguments.split(' '));
        let error = in_chinese(&Cli::try_parse_from(arguments).unwrap_err()).unwrap();
        {
            let chinese = Locale::new(crate::i18n::Lang::of_locale("zh"));
            (chinese.say(error.message()), error.hint_text().map(|hint| chinese.say(hint)))
        }
    }

    #[test]
    fn mistakes_are_told_in_chinese_with_what_was_probably_meant() {
        for (arguments, message, hint) in [
            ("recomend", "没有子命令 `recomend`", Some("是不是想写 `recommend`？")),
            ("recommend --contxt 8k", "没有参数 `--contxt`", Some("是不是想写 `--context`？")),
            (
                "recommend --context many",
                "`--context <N>` 的值 `many` 无效：不是 token 数；写法如 `8192` 或 `32k`",
                None,
            ),
            (
                "recommend --ram lots",
                "`--ram <SIZE>` 的值 `lots` 无效：不是大小；写法如 `64GiB`、`24GB` 或 `512 MiB`",
                None,
            ),
            (
                "recommend --gpu a100 --gpu-count 99",
                "`--gpu-count <N>` 的值 `99` 无效：不在 1..=64 之内",
                None,
            ),
            ("recommend --gpu a100 --gpu-count x", "`--gpu-count <N>` 的值 `x` 无效：不是整数", None),
            ("bench 7b -p 8-4", "`--prefill-tokens <N>` 的值 `8-4` 无效：`8-4` 永远到不了终点", None),
            ("bench 7b -p 1-8+0", "`--prefill-tokens <N>` 的值 `1-8+0` 无效：`1-8+0` 的步长无法前进", None),
            ("recommend --machine a --gpu b", "`--machine <FILE|NAME>` 不能与 `--gpu <NAME>` 同时使用", None),
            ("estimate", "缺少必需的参数 `<ID:QUANT|FILE>`", None),
            ("estimate 7b --context", "`--context <N>` 缺少值", None),
            ("models --lang zg", "`zg` 不是 `--lang <LANG>` 可取的值", Some("可取的值：`en`、`zh`")),
        ] {
            assert_eq!(told(arguments), (message.to_owned(), hint.map(str::to_owned)), "{arguments}");
        }
    }

    #[test]
    fn a_flag_is_found_on_a_command_line_that_cannot_be_read() {
        let arguments = ["r1-advisor", "--nonsense", "--lang=zh"].map(OsString::from);
        assert_eq!(after("--lang", &arguments).as_deref(), Some("zh"));
        assert_eq!(lang(&arguments), Lang::Zh);
        assert_eq!(lang(&["r1-advisor", "--lang", "en"].map(OsString::from)), Lang::En);
        assert_eq!(after("--color", &arguments), None);
    }
}
