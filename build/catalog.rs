//! Compiles `catalog/` into a table of entries for each kind, so that the program need not read TOML to start. That every
//! value is possible is a test's to say: `catalog::table` has it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize as _;

#[path = "../src/catalog/kind.rs"]
mod kind;
#[expect(dead_code, reason = "what is wrong with a file is printed whole")]
#[path = "../src/catalog/raw.rs"]
mod raw;

use kind::Kind;

pub fn compile() {
    println!("cargo::rerun-if-changed=catalog");
    let mut tables = [const { String::new() }; Kind::FILES.len()];
    for path in toml_files(Path::new("catalog")) {
        let relative = path.strip_prefix("catalog").expect("a file of the catalog").to_str().expect("UTF-8");
        let kind =
            Kind::of(relative).unwrap_or_else(|| panic!("{}: not a file of the catalog", path.display()));
        let text = fs::read_to_string(&path).expect("a readable file");
        let entries = raw::entries(&text, &[kind]).unwrap_or_else(|fault| {
            panic!("{}:{}: {:?}", path.display(), line(&text, fault.span.start), fault.wrong)
        });
        for raw::RawEntry { kind, path: keys, span, fields } in entries {
            let line = line(&text, span.start);
            let entry = toml::Deserializer::from(toml::Spanned::new(span, fields));
            let entry = serde_json::Value::deserialize(entry)
                .unwrap_or_else(|error| panic!("{}:{line}: {keys}: {error}", path.display()));
            let file = path.to_str().expect("UTF-8").replace('\\', "/");
            let json = entry.to_string();
            writeln!(tables[kind as usize], "Shipped {{ file: {file:?}, line: {line}, json: {json:?} }},")
                .expect("room in memory");
        }
    }
    let tables = tables.map(|entries| format!("&[\n{entries}],\n")).concat();
    let out = PathBuf::from(env::var("OUT_DIR").expect("Cargo names the build's folder"));
    fs::write(out.join("catalog.rs"), format!("[\n{tables}]")).expect("room for the catalog");
}

/// The sentences of the catalog in the language of a folder of `i18n/`: pairs in the order of their English.
pub fn sentences(language: &Path) -> String {
    let Ok(text) = fs::read_to_string(language.join("catalog.toml")) else { return String::new() };
    let pairs: BTreeMap<String, String> =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}/catalog.toml: {error}", language.display()));
    pairs.iter().fold(String::new(), |list, (english, told)| list + &format!("({english:?}, {told:?}), "))
}

/// The TOML files in a folder and in its folders, in the order of their names.
fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the catalog").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(toml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The line of a byte, from 1.
fn line(text: &str, byte: usize) -> usize {
    text[..byte].matches('\n').count() + 1
}
