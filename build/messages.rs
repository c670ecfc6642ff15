//! Turns the Fluent files of `i18n/` into Rust: a struct for each message, with a field for each argument, so that a
//! wrong id or argument does not compile. The build fails where a language lacks a message of the English ones, or a
//! file or argument that English has not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The language that all others are held against.
const REFERENCE: &str = "en";
/// The file of clap's help: in English that is the doc comments of the flags.
const HELP: &str = "help";
/// The message that holds a language's own name.
const OWN_NAME: &str = "language-name";

/// A message of a file: its arguments, and its text for the docs.
struct Message {
    arguments: BTreeSet<String>,
    text: String,
}

/// The messages of one language, by file and id.
type Language = BTreeMap<String, BTreeMap<String, Message>>;

pub fn generate() {
    let root =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("Cargo names the package's folder")).join("i18n");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut names: Vec<String> =
        entries(&root).into_iter().filter(|path| path.is_dir()).map(|path| stem(&path)).collect();
    // English first: it is the language of those that have none of the others.
    names.sort_by_key(|name| (name != REFERENCE, name.clone()));
    let languages: Vec<Language> = names.iter().map(|name| read(&root.join(name))).collect();
    let mut faults = Vec::new();
    for (name, language) in names.iter().zip(&languages).skip(1) {
        compare(&languages[0], language, name, &mut faults);
    }
    check_ids(&languages[0], &mut faults);
    assert!(faults.is_empty(), "i18n:\n  {}", faults.join("\n  "));

    let mut code = structs(&languages[0]);
    code.push_str(&table(&root, &names, &languages));
    let out = PathBuf::from(env::var("OUT_DIR").expect("Cargo names the build's folder"));
    fs::write(out.join("messages.rs"), code).expect("room for the messages");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = list.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

fn read(folder: &Path) -> Language {
    let files =
        entries(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "ftl"));
    files.map(|path| (stem(&path), read_file(&path))).collect()
}

fn read_file(path: &Path) -> BTreeMap<String, Message> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let resource = fluent_syntax::parser::parse(text.as_str())
        .unwrap_or_else(|(_, errors)| panic!("{}: {}", path.display(), errors[0]));
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Term(term) => panic!("{}: `-{}` is a term: write it out", path.display(), term.id.name),
            Entry::Junk { content } => panic!("{}: not Fluent: {content}", path.display()),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
        };
        let id = message.id.name.to_owned();
        let value = message.value.unwrap_or_else(|| panic!("{}: `{id}` has no text", path.display()));
        let mut arguments = BTreeSet::new();
        collect(&value, &mut arguments).unwrap_or_else(|fault| panic!("{}: `{id}`: {fault}", path.display()));
        let pattern = text_of(&value);
        let before = messages.insert(id.clone(), Message { arguments, text: pattern });
        assert!(before.is_none(), "{}: `{id}` is there twice", path.display());
    }
    messages
}

/// The arguments of a pattern.
fn collect(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) -> Result<(), String> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, found)?,
            Expression::Select { selector, variants } => {
                collect_inline(selector, found)?;
                for variant in variants {
                    collect(&variant.value, found)?;
                }
            }
        }
    }
    Ok(())
}

fn collect_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) -> Result<(), String> {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
            Ok(())
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => Ok(()),
        other => Err(format!("only arguments and literals may stand in braces, not {other:?}")),
    }
}

/// The text as the docs of its struct have it.
fn text_of(pattern: &Pattern<&str>) -> String {
    let parts = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => (*value).to_owned(),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => {
            format!("{{{}}}", id.name)
        }
        PatternElement::Placeable { .. } => "…".to_owned(),
    });
    parts.collect()
}

fn compare(reference: &Language, language: &Language, name: &str, faults: &mut Vec<String>) {
    for (file, messages) in reference.iter().filter(|(file, _)| *file != HELP) {
        let theirs = language.get(file);
        for (id, message) in messages {
            match theirs.and_then(|theirs| theirs.get(id)) {
                None => faults.push(format!("{name}/{file}.ftl lacks `{id}`")),
                Some(their) => {
                    faults.extend(their.arguments.difference(&message.arguments).map(|argument| {
                        format!("{name}/{file}.ftl: `{id}` has `${argument}`, which English has not")
                    }));
                }
            }
        }
    }
    for (file, messages) in language.iter().filter(|(file, _)| *file != HELP) {
        let ours = reference.get(file);
        for id in messages.keys().filter(|id| !ours.is_some_and(|ours| ours.contains_key(*id))) {
            faults.push(format!("{name}/{file}.ftl: `{id}` is not in English"));
        }
    }
}

fn check_ids(reference: &Language, faults: &mut Vec<String>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (file, messages) in reference {
        for id in messages.keys() {
            if let Some(other) = seen.insert(camel_case(id), file) {
                faults.push(format!("en/{file}.ftl: `{id}` is in {other}.ftl, too"));
            }
        }
    }
}

fn camel_case(id: &str) -> String {
    let words = id.split(['-', '_']);
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// The English messages but help, with their place in the table.
fn numbered(reference: &Language) -> impl Iterator<Item = (usize, &str, &str, &Message)> {
    let files = reference.iter().filter(|(file, _)| *file != HELP);
    let all = files.flat_map(|(file, messages)| {
        messages.iter().map(move |(id, message)| (file.as_str(), id.as_str(), message))
    });
    all.enumerate().map(|(at, (file, id, message))| (at, file, id, message))
}

fn structs(reference: &Language) -> String {
    let mut code = String::new();
    for (at, _, id, message) in numbered(reference) {
        let name = camel_case(id);
        for line in message.text.lines() {
            let _ = writeln!(code, "#[doc = {:?}]", format!(" {line}"));
        }
        let _ = writeln!(code, "#[derive(Debug)]\npub struct {name} {{");
        for argument in &message.arguments {
            let _ = writeln!(code, "    #[doc = \"`{argument}` of the text.\"]\n    pub {argument}: Value,");
        }
        let values: Vec<String> =
            message.arguments.iter().map(|argument| format!("message.{argument}")).collect();
        let binding = if values.is_empty() { "_" } else { "message" };
        let _ = writeln!(
            code,
            "}}\nimpl From<{name}> for Message {{\n    fn from({binding}: {name}) -> Self {{ Self::known({at}, vec![{}]) }}\n}}",
            values.join(", ")
        );
    }
    code
}

/// All messages and all languages, as `src/message` and `src/i18n` read them.
fn table(root: &Path, names: &[String], languages: &[Language]) -> String {
    let reference = &languages[0];
    let files: Vec<&String> = reference.keys().filter(|file| *file != HELP).collect();
    let mut code =
        "/// Every message: its code, its file, its arguments.\npub(super) static ENTRIES: &[Entry] = &[\n"
            .to_owned();
    for (_, file, id, message) in numbered(reference) {
        let file = files.iter().position(|name| *name == file).expect("a file of the list");
        let _ = writeln!(
            code,
            "    Entry {{ code: {id:?}, file: {file}, arguments: &{:?} }},",
            message.arguments.iter().collect::<Vec<_>>()
        );
    }
    code.push_str("];\n/// The languages, English first.\npub static LANGUAGES: &[Language] = &[\n");
    for (name, language) in names.iter().zip(languages) {
        let own =
            language.values().find_map(|messages| messages.get(OWN_NAME)).map(|message| message.text.clone());
        let own = own.unwrap_or_else(|| panic!("{name} has no `{OWN_NAME}`"));
        let help = root.join(name).join(format!("{HELP}.ftl"));
        let help =
            if help.exists() { format!("Some(include_str!({}))", literal(&help)) } else { "None".to_owned() };
        let _ = writeln!(code, "    Language {{ name: {name:?}, own_name: {own:?}, help: {help}, files: &[");
        for file in &files {
            let path = root.join(name).join(format!("{file}.ftl"));
            let _ = writeln!(code, "        include_str!({}),", literal(&path));
        }
        let _ = writeln!(code, "    ], facts: &[{}] }},", crate::catalog::sentences(&root.join(name)));
    }
    code.push_str("];\n");
    code
}

/// A path as a literal of Rust.
fn literal(path: &Path) -> String {
    format!("{:?}", path.to_str().expect("a path in UTF-8"))
}
