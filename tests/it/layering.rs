//! A layer never imports one above it, and llama.cpp is named in one place only.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::fixtures::{ROOT, files_under};

/// The layers from the bottom; modules of one row may import each other. ARCHITECTURE.md says what each is for. The
/// constants of the catalog are facts, too: `calibration` imports nothing but facts.
const ROWS: &[&[&str]] = &[
    &["units", "message", "error", "input_file", "least_squares"],
    &["machine", "catalog", "calibration", "gguf", "run_config"],
    &["probe", "fetch", "engine", "endpoint", "history"],
    &["estimate", "capacity", "cost", "bench", "chat"],
    &["needs"],
    &["recommend", "report", "validate"],
    &["render", "i18n"],
    &["ui"],
    &["commands"],
    &["cli"],
    &["main", "dispatch"],
];

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

fn sources() -> Vec<PathBuf> {
    files_under(&Path::new(ROOT).join("src"), "rs")
}

/// The top module of a source file, such as `gguf` of `src/gguf/layout.rs`.
fn module_of(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(ROOT).join("src")).expect("under src");
    let first = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The top modules that a text imports by `crate::`.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("crate::").filter(|(at, _)| !text[..*at].ends_with('$')).map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn every_module_has_a_layer() {
    for path in sources() {
        let module = module_of(&path);
        assert!(module == "lib" || row_of(&module).is_some(), "`{module}` has no row in the layering test");
    }
}

#[test]
fn no_layer_imports_one_above_it() {
    let mut violations = Vec::new();
    for path in sources() {
        let module = module_of(&path);
        let Some(row) = row_of(&module) else { continue };
        let text = fs::read_to_string(&path).expect("a source file");
        for import in imports(&text) {
            if row_of(import).is_some_and(|imported| imported > row) {
                violations.push(format!("{}: {module} imports {import}", path.display()));
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn only_commands_call_probe_and_fetch() {
    for path in sources() {
        let module = module_of(&path);
        if matches!(module.as_str(), "probe" | "fetch" | "commands") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        for outside in ["probe", "fetch"] {
            assert!(imports(&text).all(|import| import != outside), "{} imports {outside}", path.display());
        }
    }
}

#[test]
fn only_bench_calls_the_client_of_served_engines() {
    for path in sources() {
        let inside = ["endpoint", "bench"].iter().any(|part| path.iter().any(|name| name == *part));
        let text = fs::read_to_string(&path).expect("a source file");
        assert!(inside || imports(&text).all(|import| import != "endpoint"), "{}", path.display());
    }
}

#[test]
fn llama_cpp_is_named_only_under_its_engine() {
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a source file");
        let inside = path.components().collect::<PathBuf>().to_string_lossy().contains("engine/llama");
        assert!(
            inside || !(text.contains("llama_cpp_2") || text.contains("llama_cpp_sys_2")),
            "{} names the bindings",
            path.display()
        );
    }
}

#[test]
fn only_ui_styles_so_that_an_escape_sequence_elsewhere_is_somebody_elses() {
    let strip = "anstream::adapter::strip_str";
    for path in sources().into_iter().filter(|path| module_of(path) != "ui") {
        let text = fs::read_to_string(&path).expect("a source file").replace(strip, "");
        for word in ["anstyle", "\\u{1b}[", "\\x1b["] {
            assert!(
                !text.contains(word),
                "{} styles by `{word}`: mark it with `BOLD` and its like",
                path.display()
            );
        }
    }
}

#[test]
fn only_ui_prints_and_only_main_ends_the_process() {
    let forbidden = ["println!", "eprintln!", "print!(", "process::exit"];
    for path in sources() {
        if module_of(&path) == "ui" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        for word in forbidden {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}
