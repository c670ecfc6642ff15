//! Narrow terminals: what people read stays within the lines that they have.

use std::fs;
use std::process::Command;

use unicode_width::UnicodeWidthStr as _;

/// What a command line prints on stdout in lines of so many columns.
fn printed(arguments: &[&str], width: usize) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_r1-advisor"))
        .args(arguments)
        .env("HOME", "/nonexistent")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("XDG_DATA_HOME", "/nonexistent")
        .env("XDG_CACHE_HOME", "/nonexistent")
        .env("R1_ADVISOR_WIDTH", width.to_string())
        .env_remove("R1_ADVISOR_CATALOG")
        .output()
        .expect("the program runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What is copied stays in one line: commands to paste, addresses, and words that are longer than a line beside a label.
fn is_for_copying(line: &str, width: usize) -> bool {
    let line = line.trim_start();
    line.starts_with("llama.cpp")
        || line.starts_with("r1-advisor ")
        || line.starts_with("PARAMETER ")
        || line.split(' ').any(|word| word.contains("://") || word.width() + 24 > width)
}

fn assert_narrow(arguments: &[&str], width: usize) {
    let all = printed(arguments, width);
    assert!(!all.is_empty(), "{arguments:?}");
    for line in all.lines().filter(|line| !is_for_copying(line, width)) {
        assert!(line.width() <= width, "{arguments:?} in {width} columns, {}: {line}", line.width());
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_on_any_machine() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/machines");
    let machines: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    for machine in &machines {
        let machine = machine.to_str().expect("a path");
        for (width, lang) in [(60, "zh"), (72, "en")] {
            let with = |arguments: &[&str]| {
                assert_narrow(&[arguments, &["--machine", machine, "--lang", lang]].concat(), width);
            };
            with(&["recommend", "--all"]);
            with(&["recommend", "--min", "aime24=99"]);
            with(&["estimate", "671b:Q4_K_M"]);
        }
    }
}

#[test]
fn no_line_of_the_models_or_of_machines_beside_each_other_is_wider_than_the_terminal() {
    for width in [60, 80] {
        for lang in ["en", "zh"] {
            assert_narrow(&["models", "--lang", lang], width);
            for model in ["1.5b", "7b", "8b", "14b", "32b", "70b", "671b", "r1-0528-671b", "r1-0528-qwen3-8b"]
            {
                assert_narrow(&["models", "show", model, "--lang", lang], width);
            }
            let compared = ["RTX 4090, 64GB", "mac studio m3 ultra 512", "raspberry pi 5"];
            assert_narrow(&[&["recommend", "--lang", lang, "--compare"], &compared[..]].concat(), width);
        }
    }
}
