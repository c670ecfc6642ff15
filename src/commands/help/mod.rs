//! Help in Chinese: clap writes the pages, from the same flags, with their texts taken from [`texts`]. What is not
//! there stands in English.

mod texts;

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, StyledStr};
use clap::{Arg, Command, CommandFactory as _};

use crate::cli::Cli;
use crate::render::lines;
use texts::{AFTERWORDS, FRAME, TEXTS};

/// How far the text of a flag is indented.
const INDENT: usize = 10;

/// The widest page, as in English.
const WIDEST: usize = 100;

/// The page of help that `arguments` ask for, with its styles; `None` where they ask for none.
pub(super) fn in_chinese(arguments: &[OsString], width: usize) -> Option<String> {
    let width = width.min(WIDEST);
    let error = told(Cli::command().term_width(width), width).try_get_matches_from(arguments).err()?;
    let page = error.render().ansi().to_string();
    Some(FRAME.iter().fold(page, |page, (english, chinese)| page.replace(english, chinese)))
}

/// A command and those below it.
fn told(mut command: Command, width: usize) -> Command {
    if let Some(chinese) = command.get_about().and_then(known) {
        command = command.about(chinese);
    }
    let afterword = AFTERWORDS.iter().find(|(name, _)| *name == command.get_name());
    if let Some((_, chinese)) = afterword {
        command = command.after_help(*chinese);
    }
    command.mut_args(|arg| flag(arg, width)).mut_subcommands(|command| told(command, width))
}

fn flag(mut arg: Arg, width: usize) -> Arg {
    if let Some(chinese) = arg.get_help().and_then(known) {
        // clap breaks lines at spaces only.
        arg = arg.help(lines(chinese, width.saturating_sub(INDENT)).join("\n")).next_line_help(true);
    }
    if let Some(chinese) = arg.get_help_heading().and_then(of) {
        arg = arg.help_heading(chinese);
    }
    let mut values = arg.get_possible_values();
    if values.iter().any(|value| value.get_help().is_some()) {
        for value in &mut values {
            if let Some(chinese) = value.get_help().and_then(known) {
                *value = value.clone().help(chinese);
            }
        }
        // It parses to another type, which nobody looks at: there is only help to be shown.
        arg = arg.value_parser(PossibleValuesParser::new(values));
    }
    arg
}

fn known(english: &StyledStr) -> Option<&'static str> {
    of(&english.to_string())
}

fn of(english: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == english).map(|(_, chinese)| *chinese)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The commands whose help is told in Chinese whole.
    const WHOLE: &[&str] =
        &["r1-advisor", "recommend", "upgrade", "estimate", "report", "models", "list", "show", "remove"];

    fn texts_of(command: &Command, into: &mut BTreeSet<String>) {
        into.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            into.extend(arg.get_help().map(ToString::to_string));
            into.extend(arg.get_help_heading().map(str::to_owned));
            let values = arg.get_possible_values();
            into.extend(values.iter().filter_map(|value| value.get_help().map(ToString::to_string)));
        }
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            if WHOLE.contains(&below.get_name()) {
                texts_of(below, into);
            } else {
                into.extend(below.get_about().map(ToString::to_string));
            }
        }
    }

    #[test]
    fn every_text_of_the_commands_that_advise_is_known_in_chinese_and_no_other() {
        let mut english = BTreeSet::new();
        texts_of(&Cli::command(), &mut english);
        let chinese: BTreeSet<String> = TEXTS.iter().map(|(english, _)| (*english).to_owned()).collect();
        let missing: Vec<_> = english.difference(&chinese).collect();
        let unused: Vec<_> = chinese.difference(&english).collect();
        assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:#?}\nunused: {unused:#?}");
    }

    /// The commands that a text shows, without what is said of them.
    fn examples(text: &str) -> Vec<&str> {
        let shown = text.lines().filter(|line| line.starts_with("  r1-advisor "));
        shown.map(|line| line.trim().split("  ").next().unwrap_or_default()).collect()
    }

    #[test]
    fn the_examples_are_the_same_in_both_languages() {
        let root = Cli::command();
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            let name = command.get_name();
            let chinese = AFTERWORDS.iter().find(|(known, _)| *known == name).map(|(_, chinese)| *chinese);
            let english = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            if WHOLE.contains(&name) {
                assert_eq!(examples(chinese.unwrap()), examples(&english), "{name}");
            } else {
                assert_eq!(chinese, None, "{name}");
            }
        }
    }

    #[test]
    fn a_page_has_no_line_that_is_wider_than_asked() {
        for page in [
            &["r1-advisor", "recommend", "--help"][..],
            &["r1-advisor", "estimate", "-h"],
            &["r1-advisor", "report", "--help"],
            &["r1-advisor"],
        ] {
            let arguments: Vec<OsString> = page.iter().map(OsString::from).collect();
            let page = in_chinese(&arguments, 80).unwrap();
            let page = anstream::adapter::strip_str(&page).to_string();
            assert!(page.contains("用法：") && !page.contains("Usage:"), "{page}");
            // What is copied stays in one line.
            for line in page.lines().filter(|line| !line.contains("r1-advisor ")) {
                assert!(crate::render::columns(line) <= 80, "{line}");
            }
        }
    }
}
