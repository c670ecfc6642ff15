//! The words in `i18n/`: each is said somewhere, and in every language.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::fixtures::{ROOT, files_under};

/// What Fluent files of a language are no messages of the program's own: clap's help, which English has in the code.
const HELP: &str = "help.ftl";

/// The ids of a language's messages.
fn ids(language: &Path) -> BTreeSet<String> {
    let is_own = |path: &Path| path.file_name().is_some_and(|name| name != HELP);
    let files = files_under(language, "ftl").into_iter().filter(|path| is_own(path));
    let text: String = files.map(|path| fs::read_to_string(path).expect("a file") + "\n").collect();
    let id_of = |line: &str| Some(line.split_once('=')?.0.trim_end().to_owned());
    text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(id_of).collect()
}

/// `fetch-no-space` as its struct is called: `FetchNoSpace`.
fn struct_name(id: &str) -> String {
    id.split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

#[test]
fn every_message_is_said_somewhere() {
    let files = files_under(&Path::new(ROOT).join("src"), "rs");
    let source: String = files.iter().map(|path| fs::read_to_string(path).expect("a source file")).collect();
    let words: BTreeSet<&str> = source.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let unsaid: Vec<_> = ids(&Path::new(ROOT).join("i18n/en"))
        .into_iter()
        // A language's own name is asked of the folder.
        .filter(|id| id != "language-name" && !words.contains(struct_name(id).as_str()))
        .collect();
    assert!(unsaid.is_empty(), "{unsaid:#?}");
}

#[test]
fn every_language_says_everything() {
    let english = ids(&Path::new(ROOT).join("i18n/en"));
    for folder in fs::read_dir(Path::new(ROOT).join("i18n")).expect("languages") {
        let folder = folder.expect("a language").path();
        assert_eq!(ids(&folder), english, "{}", folder.display());
    }
}

#[test]
fn words_stand_in_the_files_of_languages_alone() {
    let files = files_under(&Path::new(ROOT).join("src"), "rs");
    let has_words = |path: &&std::path::PathBuf| {
        let source = fs::read_to_string(path).expect("a source file");
        ["\ttr!(", " tr!(", "(tr!(", " both!(", "(both!("].iter().any(|made_here| source.contains(made_here))
    };
    let with_words: Vec<_> = files.iter().filter(has_words).collect();
    assert!(with_words.is_empty(), "{with_words:#?}");
}
