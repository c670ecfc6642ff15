//! Narrow terminals: what people read stays within the lines that they have.

use unicode_width::UnicodeWidthStr as _;

use crate::support::fixtures::machine_files;
use crate::support::program;

/// What is copied stays in one line: commands to paste, addresses, and words that are longer than a line beside a label.
fn is_for_copying(line: &str, width: usize) -> bool {
    let line = line.trim_start();
    line.starts_with("llama.cpp")
        || line.starts_with("llama-server ")
        || line.starts_with("r1-advisor ")
        || line.starts_with("PARAMETER ")
        || line.split(' ').any(|word| word.contains("://") || word.width() + 24 > width)
}

fn assert_narrow(arguments: &[&str], width: usize) {
    let ran = program(arguments).env("R1_ADVISOR_WIDTH", width.to_string()).run();
    let all = ran.out();
    assert!(!all.is_empty(), "{arguments:?}");
    for line in all.lines().filter(|line| !is_for_copying(line, width)) {
        assert!(line.width() <= width, "{arguments:?} in {width} columns, {}: {line}", line.width());
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_on_any_machine() {
    for machine in machine_files() {
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
