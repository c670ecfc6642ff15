//! Help in other languages: clap writes the pages, from the same flags, with texts from `i18n/*/help.ftl`. English
//! stands in the code, as the flags' doc comments.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory as _};

use crate::cli::Cli;
use crate::i18n::{HelpTexts, Lang};
use crate::render::lines;

/// How far the text of a flag is indented.
const INDENT: usize = 10;

/// The widest page, as in English.
const WIDEST: usize = 100;

/// What clap itself writes on a page, by the ids of its translations; what contains another one comes before it.
const FRAME: [(&str, &str); 16] = [
    ("help-of-subcommand", "Print this message or the help of the given subcommand(s)"),
    ("help-summary", "Print help (see a summary with '-h')"),
    ("help-more", "Print help (see more with '--help')"),
    ("help", "Print help"),
    ("version", "Print version"),
    ("usage", "Usage:"),
    ("commands", "Commands:"),
    ("arguments", "Arguments:"),
    ("options", "Options:"),
    ("possible-values", "Possible values:"),
    ("possible-values-in-line", "possible values: "),
    ("default", "[default: "),
    ("env", "[env: "),
    ("alias", "[alias: "),
    ("aliases", "[aliases: "),
    ("any-options", "[OPTIONS]"),
];

/// The page of help that `arguments` ask for, with its styles; `None` where they ask for none, or in English.
pub(super) fn page(lang: Lang, arguments: &[OsString], width: usize) -> Option<String> {
    let texts = lang.help()?;
    let width = width.min(WIDEST);
    let command = Translation { texts: &texts, width: Some(width) }.command(Cli::command(), "");
    let error = command.term_width(width).try_get_matches_from(arguments).err()?;
    Some(framed(&texts, error.render().ansi().to_string()))
}

/// The command line with its texts in a language.
pub(super) fn command(lang: Lang) -> Command {
    match lang.help() {
        Some(texts) => Translation { texts: &texts, width: None }.command(Cli::command(), ""),
        None => Cli::command(),
    }
}

fn framed(texts: &HelpTexts, page: String) -> String {
    FRAME.iter().fold(page, |page, (id, english)| {
        let text = texts.text(&format!("help-frame-{id}"));
        text.map_or_else(|| page.clone(), |text| page.replace(english, &text))
    })
}

struct Translation<'a> {
    texts: &'a HelpTexts,
    /// Columns to break lines at, where clap is not left to it: it breaks at spaces only.
    width: Option<usize>,
}

impl Translation<'_> {
    /// A command and those below it; `path` is theirs, such as `-models-remove`.
    fn command(&self, mut command: Command, path: &str) -> Command {
        if let Some(about) = self.texts.text(&format!("help-command{path}")) {
            command = command.about(about);
        }
        if let Some(after) = self.texts.text(&format!("help-after{path}")) {
            command = command.after_help(after);
        }
        command.mut_args(|arg| self.arg(arg, path)).mut_subcommands(|below| {
            let path = format!("{path}-{}", below.get_name());
            self.command(below, &path)
        })
    }

    fn arg(&self, mut arg: Arg, path: &str) -> Arg {
        if let Some(help) = arg_ids(path, &arg).iter().find_map(|id| self.texts.text(id)) {
            arg = match self.width {
                Some(width) => {
                    arg.help(lines(&help, width.saturating_sub(INDENT)).join("\n")).next_line_help(true)
                }
                None => arg.help(help),
            };
        }
        if let Some(heading) =
            arg.get_help_heading().and_then(|heading| self.texts.text(&heading_id(heading)))
        {
            arg = arg.help_heading(heading);
        }
        let mut values = arg.get_possible_values();
        if values.iter().any(|value| value.get_help().is_some()) {
            for value in &mut values {
                if let Some(help) = self.texts.text(&value_id(value.get_name())) {
                    *value = value.clone().help(help);
                }
            }
            // It parses to another type, which nothing reads: there is only help to be shown.
            arg = arg.value_parser(PossibleValuesParser::new(values));
        }
        arg
    }
}

/// The ids that an argument's help may have: that of its command, else that of all.
fn arg_ids(path: &str, arg: &Arg) -> [String; 2] {
    let id = arg.get_id().as_str().replace('_', "-");
    [format!("help{path}-{id}"), format!("help-{id}")]
}

fn value_id(name: &str) -> String {
    format!("help-value-{}", name.replace(['_', '.'], "-"))
}

/// The id of a heading, by its words without what stands in parentheses.
fn heading_id(heading: &str) -> String {
    let words = heading.split('(').next().unwrap_or_default().trim().to_lowercase();
    format!("help-heading-{}", words.replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The ids that texts of help are looked up by, and the English of each.
    type Wanted = Vec<(Vec<String>, String)>;

    fn wanted(command: &Command, path: &str, into: &mut Wanted) {
        let mut want = |ids: Vec<String>, english: Option<String>| {
            into.extend(english.map(|english| (ids, english)));
        };
        want(vec![format!("help-command{path}")], command.get_about().map(ToString::to_string));
        want(vec![format!("help-after{path}")], command.get_after_help().map(ToString::to_string));
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            want(arg_ids(path, arg).to_vec(), arg.get_help().map(ToString::to_string));
            if let Some(heading) = arg.get_help_heading() {
                want(vec![heading_id(heading)], Some(heading.split(" (").next().unwrap().to_owned()));
            }
            for value in arg.get_possible_values() {
                want(vec![value_id(value.get_name())], value.get_help().map(ToString::to_string));
            }
        }
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            wanted(below, &format!("{path}-{}", below.get_name()), into);
        }
    }

    #[test]
    fn every_text_of_help_is_there_in_every_other_language_and_no_more() {
        let mut all = Wanted::new();
        wanted(&Cli::command(), "", &mut all);
        all.extend(FRAME.map(|(id, english)| (vec![format!("help-frame-{id}")], english.to_owned())));
        for lang in Lang::all().filter(|lang| *lang != Lang::EN) {
            let texts = lang.help().unwrap_or_else(|| panic!("i18n/{} has no help.ftl", lang.tag()));
            let mut meanings: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
            let mut missing = Vec::new();
            for (ids, english) in &all {
                match ids.iter().find(|id| texts.text(id).is_some()) {
                    Some(id) => drop(meanings.entry(id).or_default().insert(english)),
                    None => missing.push((ids, english)),
                }
            }
            assert!(missing.is_empty(), "{}: missing {missing:#?}", lang.tag());
            let stale: Vec<_> = texts.ids().filter(|id| !meanings.contains_key(&(*id).to_owned())).collect();
            assert!(stale.is_empty(), "{}: not used {stale:#?}", lang.tag());
            meanings.retain(|_, english| english.len() > 1);
            assert!(meanings.is_empty(), "{}: one text for several {meanings:#?}", lang.tag());
        }
    }

    /// The commands that a text shows, without what is said of them.
    fn examples(text: &str) -> Vec<&str> {
        let shown = text.lines().filter(|line| line.starts_with("  r1-advisor "));
        shown.map(|line| line.trim().split("  ").next().unwrap_or_default()).collect()
    }

    #[test]
    fn the_examples_are_the_same_in_every_language() {
        for lang in Lang::all() {
            let (english, theirs) = (Cli::command(), command(lang));
            for (english, theirs) in english.get_subcommands().zip(theirs.get_subcommands()) {
                let text = |command: &Command| command.get_after_help().map(ToString::to_string);
                let (english, theirs) = (text(english).unwrap_or_default(), text(theirs).unwrap_or_default());
                assert_eq!(examples(&theirs), examples(&english), "{}", lang.tag());
            }
        }
    }

    #[test]
    fn a_page_has_no_line_that_is_wider_than_asked() {
        for page in [
            &["r1-advisor", "recommend", "--help"][..],
            &["r1-advisor", "estimate", "-h"],
            &["r1-advisor", "report", "--help"],
            &["r1-advisor", "bench", "--help"],
            &["r1-advisor"],
        ] {
            let arguments: Vec<OsString> = page.iter().map(OsString::from).collect();
            let page = super::page(Lang::of_locale("zh"), &arguments, 80).unwrap();
            let page = anstream::adapter::strip_str(&page).to_string();
            assert!(page.contains("用法：") && !page.contains("Usage:"), "{page}");
            // What is copied stays in one line, and clap breaks no headings.
            let is_free =
                |line: &&str| line.contains("r1-advisor ") || line.ends_with(':') && !line.starts_with(' ');
            for line in page.lines().filter(|line| !is_free(line)) {
                assert!(crate::render::columns(line) <= 80, "{line}");
            }
        }
    }
}
