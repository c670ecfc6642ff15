//! What clap finds wrong on a command line, in the reader's language: clap itself knows English only.

use std::ffi::OsString;
use std::io::Write as _;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::help;
use crate::bench::NeedError;
use crate::commands::NumbersError;
use crate::error::Error;
use crate::i18n::{Lang, Locale};
use crate::message::{Message, Value, enumeration};
use crate::needs::typed::FlagError;
use crate::ui::{ColorChoice, Printer};
use crate::units::ParseBytesError;
use crate::{message, say};

/// The help that clap shows for a command line without a command.
const HELP_INSTEAD: ErrorKind = ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;

/// Says what is wrong with `arguments`, or shows the help or version that they ask for.
pub(super) fn tell(error: &clap::Error, arguments: &[OsString]) {
    let color = after("--color", arguments).and_then(|color| ColorChoice::from_str(&color, true).ok());
    let printer = Printer::new(color.unwrap_or_default(), false, Locale::new(lang(arguments)));
    let locale = printer.locale();
    if matches!(error.kind(), ErrorKind::DisplayHelp | HELP_INSTEAD)
        && let Some(page) = help::page(locale.lang, arguments, printer.width().into())
    {
        // A reader that went away is none to tell.
        let _ = if error.use_stderr() {
            write!(anstream::stderr(), "{page}")
        } else {
            write!(printer.own(), "{page}")
        };
        return;
    }
    let Some(misuse) = misuse(error) else {
        // clap knows by itself whether help goes to stdout or a complaint to stderr.
        let _ = error.print();
        return;
    };
    printer.error(&misuse);
    if let Some(usage) = error.get(ContextKind::Usage) {
        let usage = anstream::adapter::strip_str(&usage.to_string()).to_string();
        let usage = usage.trim().trim_start_matches("Usage:").trim();
        printer.say(format!("\n{}", say!(locale, CommandsUsage { usage })));
    }
    printer.say(format!("\n{}", say!(locale, CommandsMoreHelp)));
}

/// The language that the arguments or the environment name, where the command line cannot be parsed.
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
fn misuse(error: &clap::Error) -> Option<Error> {
    let argument = || names(error, ContextKind::InvalidArg);
    let value = || names(error, ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => message!(CommandsUnknownArgument { argument: argument()? }),
        ErrorKind::InvalidSubcommand => {
            message!(CommandsUnknownCommand { command: names(error, ContextKind::InvalidSubcommand)? })
        }
        ErrorKind::MissingSubcommand => {
            message!(CommandsMissingCommand { command: names(error, ContextKind::InvalidSubcommand)? })
        }
        ErrorKind::InvalidValue => match value() {
            Some(value) => message!(CommandsInvalidValue { value, argument: argument()? }),
            None => message!(CommandsMissingValue { argument: argument()? }),
        },
        ErrorKind::ValueValidation => {
            let message = message!(CommandsInvalidValue { value: value()?, argument: argument()? });
            match std::error::Error::source(error) {
                Some(why) => message.because(reason(why, &text(error, ContextKind::InvalidValue))),
                None => message,
            }
        }
        ErrorKind::MissingRequiredArgument => message!(CommandsMissingArgument { argument: argument()? }),
        ErrorKind::ArgumentConflict => {
            let argument = argument().or_else(|| names(error, ContextKind::InvalidSubcommand))?;
            match names(error, ContextKind::PriorArg) {
                Some(prior) if prior == argument => message!(CommandsOnce { argument }),
                Some(prior) => message!(CommandsConflict { argument, prior }),
                None => message!(CommandsConflictWithOthers { argument }),
            }
        }
        ErrorKind::TooManyValues => {
            message!(CommandsTooManyValues { value: value()?, argument: argument()? })
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            message!(CommandsWrongNumberOfValues { argument: argument()? })
        }
        ErrorKind::NoEquals => message!(CommandsNoEquals { argument: argument()? }),
        ErrorKind::InvalidUtf8 => message!(CommandsNotUtf8),
        _ => return None,
    };
    Some(Error::usage(message).hint(meant(error)))
}

/// What was probably meant, or what there is to choose from.
fn meant(error: &clap::Error) -> Option<Message> {
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    match suggested.into_iter().find_map(|kind| names(error, kind)) {
        Some(near) => Some(message!(CommandsDidYouMean { near })),
        None => names(error, ContextKind::ValidValue).map(|known| message!(NeedsChooseFrom { known })),
    }
}

/// What clap names, between backticks; `None` where it names nothing.
fn names(error: &clap::Error, kind: ContextKind) -> Option<Value> {
    let quoted = |text: &String| format!("`{text}`");
    match error.get(kind)? {
        ContextValue::String(text) if text.is_empty() => None,
        ContextValue::String(text) => Some(quoted(text).into()),
        ContextValue::Strings(texts) if texts.is_empty() => None,
        ContextValue::Strings(texts) => Some(enumeration(texts.iter().map(quoted))),
        other => Some(other.to_string().into()),
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> String {
    error.get(kind).map(ToString::to_string).unwrap_or_default()
}

/// Why a value cannot be taken.
fn reason(error: &(dyn std::error::Error + 'static), text: &str) -> Message {
    if let Some(flag) = error.downcast_ref::<FlagError>() {
        return flag.message();
    }
    if let Some(numbers) = error.downcast_ref::<NumbersError>() {
        return numbers.message();
    }
    if let Some(need) = error.downcast_ref::<NeedError>() {
        return need.message();
    }
    if let Some(error) = error.downcast_ref::<ParseIntError>() {
        return match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => message!(CommandsTooLarge { text }),
            _ => message!(NeedsNotWhole { text }),
        };
    }
    if error.is::<ParseFloatError>() {
        return message!(CommandsNotANumber { text });
    }
    if error.is::<ParseBytesError>() {
        return message!(NeedsNotASize { text });
    }
    if error.is::<jiff::Error>() {
        return message!(NeedsNotADay { text });
    }
    Message::verbatim(error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    fn said(arguments: &str) -> [Option<String>; 4] {
        let arguments = ["r1-advisor"].into_iter().chain(arguments.split(' '));
        let error = misuse(&Cli::try_parse_from(arguments).unwrap_err()).unwrap();
        let (english, chinese) = (Locale::default(), Locale::new(Lang::of_locale("zh")));
        let hint = |locale: &Locale| error.hint_text().map(|hint| locale.say(hint));
        let message = |locale: &Locale| Some(locale.say(error.message()));
        [message(&english), hint(&english), message(&chinese), hint(&chinese)]
    }

    #[test]
    fn mistakes_are_told_in_every_language_with_what_was_probably_meant() {
        for (arguments, words) in [
            (
                "recomend",
                [
                    "unknown command `recomend`",
                    "did you mean `recommend`?",
                    "没有子命令 `recomend`",
                    "是不是想写 `recommend`？",
                ],
            ),
            (
                "recommend --contxt 8k",
                [
                    "unknown argument `--contxt`",
                    "did you mean `--context`?",
                    "没有参数 `--contxt`",
                    "是不是想写 `--context`？",
                ],
            ),
            (
                "recommend --context many",
                [
                    "`many` is not a value of `--context <N>`: `many` is not a number of tokens, write it like `8192` or `32k`",
                    "",
                    "`many` 不是 `--context <N>` 可取的值：`many` 不是 token 数，写法如 `8192` 或 `32k`",
                    "",
                ],
            ),
            (
                "recommend --gpu a100 --gpu-count 99",
                [
                    "`99` is not a value of `--gpu-count <N>`: 99 is not between 1 and 64",
                    "",
                    "`99` 不是 `--gpu-count <N>` 可取的值：99 不在 1 到 64 之间",
                    "",
                ],
            ),
            (
                "recommend --gpu a100 --gpu-count x",
                [
                    "`x` is not a value of `--gpu-count <N>`: `x` is not a whole number",
                    "",
                    "`x` 不是 `--gpu-count <N>` 可取的值：`x` 不是整数",
                    "",
                ],
            ),
            (
                "recommend --machine a --gpu b",
                [
                    "`--machine <FILE|NAME>` cannot be used with `--gpu <NAME>`",
                    "",
                    "`--machine <FILE|NAME>` 不能与 `--gpu <NAME>` 同时使用",
                    "",
                ],
            ),
            ("estimate", ["`<ID:QUANT|FILE>` is required", "", "缺少必需的参数 `<ID:QUANT|FILE>`", ""]),
            ("estimate 7b --context", ["`--context <N>` needs a value", "", "`--context <N>` 缺少值", ""]),
            (
                "models --lang zg",
                [
                    "`zg` is not a value of `--lang <LANG>`",
                    "choose from `en`, `zh`",
                    "`zg` 不是 `--lang <LANG>` 可取的值",
                    "可取的值：`en`、`zh`",
                ],
            ),
        ] {
            let words = words.map(|text| (!text.is_empty()).then(|| text.to_owned()));
            assert_eq!(said(arguments), words, "{arguments}");
        }
    }

    #[test]
    fn a_flag_is_found_on_a_command_line_that_cannot_be_read() {
        let arguments = ["r1-advisor", "--nonsense", "--lang=zh"].map(OsString::from);
        assert_eq!(after("--lang", &arguments).as_deref(), Some("zh"));
        assert_eq!(lang(&arguments).short(), "zh");
        assert_eq!(lang(&["r1-advisor", "--lang", "en"].map(OsString::from)), Lang::EN);
        assert_eq!(after("--color", &arguments), None);
    }
}
