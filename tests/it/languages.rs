//! What people read is in one language, whole.

use r1_advisor::catalog::Catalog;

use crate::support::fixtures::machine_files;
use crate::support::program;

/// Lower-case English words that stand together in names and not in sentences.
const NAMES: &[&str] = &["please reason step by step, and put your final answer within"];

fn is_chinese(text: &str) -> bool {
    text.chars().any(|character| ('\u{3000}'..='\u{9fff}').contains(&character))
}

/// What a command line prints on either stream.
fn said(arguments: &[&str], lang: &str) -> String {
    let ran = program(arguments).with(["--lang", lang]).run();
    [ran.out(), ran.errors()].concat()
}

/// Three or more lower-case English words in a row: a sentence, and not the name of something. Notes of a machine's
/// file are its writer's words, and sources are quoted.
fn english_in(text: &str) -> Vec<String> {
    let lines = text.lines().take_while(|line| *line != "来源").filter(|line| !line.contains("注意："));
    let mut found = Vec::new();
    for line in lines {
        let lower = line.to_lowercase();
        if NAMES.iter().any(|name| lower.contains(name)) {
            continue;
        }
        let mut run = Vec::new();
        for word in line.split(' ').chain([""]) {
            let is_word = word.len() > 1
                && word
                    .trim_end_matches(['.', ',', ';', ':'])
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase());
            if is_word {
                run.push(word);
            } else {
                if run.len() >= 3 {
                    found.push(run.join(" "));
                }
                run.clear();
            }
        }
    }
    found
}

#[test]
fn english_sentences_are_found_where_they_are() {
    assert_eq!(english_in("权重 18 GiB of weights\n来源\nas seen in a paper"), Vec::<String>::new());
    assert_eq!(english_in("放得下 with room to spare."), ["with room to spare."]);
}

#[test]
fn models_speak_chinese_without_english_sentences() {
    let catalog = Catalog::embedded().expect("a catalog");
    assert_eq!(english_in(&said(&["models"], "zh")), Vec::<String>::new());
    assert_eq!(english_in(&said(&["models", "--local"], "zh")), Vec::<String>::new());
    for model in catalog.models() {
        let all = said(&["models", "show", &model.id], "zh");
        assert!(is_chinese(&all));
        assert_eq!(english_in(&all), Vec::<String>::new(), "{}", model.id);
    }
}

#[test]
fn estimates_speak_chinese_without_english_sentences() {
    for machine in machine_files() {
        let machine = machine.to_str().expect("a path");
        for target in ["1.5b:Q4_K_M", "32b:Q4_K_M", "671b:UD-IQ1_S"] {
            let all = said(&["estimate", target, "--machine", machine], "zh");
            assert!(is_chinese(&all));
            assert_eq!(english_in(&all), Vec::<String>::new(), "{target} on {machine}");
        }
    }
    for described in [
        ["--gpu", "RTX 4090"],
        ["--gpu", "8x H20"],
        ["--cpu", "EPYC 9654"],
        ["--cpu", "Acme 9000"],
        ["--gpu", "Ascend 910B"],
    ] {
        let all = said(&[&["estimate", "7b:Q4_K_M"], &described[..]].concat(), "zh");
        assert_eq!(english_in(&all.replace("注意：", "")), Vec::<String>::new(), "{described:?}");
    }
}

#[test]
fn recommendations_speak_chinese_without_english_sentences() {
    let needs: &[&[&str]] = &[
        &[],
        &["--all"],
        &["--use-case", "coding", "--priority", "cost", "--context", "32k"],
        &["--min", "aime24=99"],
        &["--gpu-only", "--max-ttft", "1s", "--max-answer-time", "10s", "--licence", "mit", "--local-only"],
        &["--max-disk", "3GB", "--max-token-price", "0.01", "--monthly-budget", "1", "--budget", "100"],
    ];
    // Every needs on some machines and every machine under some needs: all of both takes a minute.
    for (at, machine) in machine_files().iter().enumerate() {
        let machine = machine.to_str().expect("a path");
        for needs in needs.iter().skip(at % 3).step_by(3) {
            let all = said(&[&["recommend", "--machine", machine], *needs].concat(), "zh");
            assert!(is_chinese(&all));
            assert_eq!(english_in(&all), Vec::<String>::new(), "{needs:?} on {machine}");
        }
    }
    let compared = ["RTX 4090, 64GB", "mac studio m3 ultra 512", "8x H20", "raspberry pi 5"];
    for needs in [&[][..], &["--min", "aime24=99"]] {
        let all = said(&[&["recommend", "--compare"], &compared[..], needs].concat(), "zh");
        assert!(is_chinese(&all));
        assert_eq!(english_in(&all.replace("注意：", "")), Vec::<String>::new(), "{needs:?}");
    }
}

/// Needs of organisations, each of which says other things.
const ORGANISATIONS: &[&[&str]] = &[
    &["--model", "32b", "--privacy", "premises", "--spare", "--growth", "30%"],
    &["--model", "70b", "--privacy", "rented", "--budget", "20000"],
    &["--use-case", "coding", "--growth", "0.5"],
    &["--model", "14b", "--min-decode", "10000", "--privacy", "premises"],
];

fn report(needs: &[&str], format: &str, lang: &str) -> String {
    let people = ["--users", "300", "--requests-per-user-day", "20", "--date", "2026-11-25"];
    said(&[&["report"], &people[..], needs, &["--format", format]].concat(), lang)
}

/// What of a document are words: no commands, and of a page no styles, scripts and tags.
fn prose(document: &str) -> String {
    let mut prose = String::new();
    let mut is_code = false;
    for line in document.lines() {
        is_code ^= line.starts_with("```");
        if !is_code {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    for (from, to) in [("<style>", "</style>"), ("<script", "</script>"), ("<pre", "</pre>"), ("<", ">")] {
        while let Some((before, rest)) = prose.split_once(from) {
            let after = rest.split_once(to).map_or("", |(_, after)| after);
            prose = format!("{before}\n{after}");
        }
    }
    prose
}

#[test]
fn reports_speak_chinese_without_english_sentences() {
    for needs in ORGANISATIONS {
        // The names in rows for programs are the same in every language.
        for format in ["table", "markdown", "html"] {
            let document = report(needs, format, "zh");
            let text = prose(&document);
            assert!(is_chinese(&text), "{needs:?} as {format}: {document}");
            assert_eq!(english_in(&text), Vec::<String>::new(), "{needs:?} as {format}");
            assert!(!is_chinese(&report(needs, format, "en")), "{needs:?} as {format}");
        }
    }
    let help = said(&["report", "--help"], "zh");
    assert_eq!(english_in(&help), Vec::<String>::new());
}

#[test]
fn what_the_script_of_a_page_writes_is_chinese() {
    let page = report(ORGANISATIONS[0], "html", "zh");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"zh-Hans\">"));
    let data = page.split("id=\"what-if-data\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let data: serde_json::Value = serde_json::from_str(data.expect("data")).expect("JSON");
    for (name, sentence) in data["words"].as_object().expect("words") {
        let sentence = sentence.as_str().expect("a sentence");
        assert!(is_chinese(sentence) || ["percent", "tokens"].contains(&name.as_str()), "{name}: {sentence}");
    }
}

/// What programs read: everything but strings, and of these the words of enums.
fn facts(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let is_word = text.chars().all(|one| one.is_ascii_lowercase() || one == '_');
            if is_word { value.clone() } else { Value::Null }
        }
        Value::Array(parts) => parts.iter().map(facts).collect(),
        Value::Object(parts) => parts.iter().map(|(key, part)| (key.clone(), facts(part))).collect(),
        _ => value.clone(),
    }
}

#[test]
fn the_json_of_a_report_has_the_same_keys_and_figures_in_both_languages() {
    // What a word is in English may be a sentence in Chinese.
    let told = |lang: &str| -> serde_json::Value {
        let mut report: serde_json::Value =
            serde_json::from_str(&report(ORGANISATIONS[0], "json", lang)).expect("JSON");
        for assumption in report["assumptions"].as_array_mut().expect("assumptions") {
            for key in ["what", "value", "source"] {
                assumption[key] = serde_json::Value::Null;
            }
        }
        report
    };
    let (english, chinese) = (told("en"), told("zh"));
    assert_eq!(facts(&chinese), facts(&english));
    for sentence in [&chinese["recommended"]["reason"], &chinese["risks"][0], &chinese["not_modelled"][0]] {
        assert!(is_chinese(sentence.as_str().expect("a sentence")), "{sentence}");
    }
}

#[test]
fn the_sentences_of_json_follow_the_language_too() {
    let machine = ["--machine", "tests/fixtures/machines/desktop-rtx-4060.toml"];
    for lang in ["en", "zh"] {
        let all = said(&[&["recommend", "--format", "json"], &machine[..]].concat(), lang);
        let decision: serde_json::Value = serde_json::from_str(&all).expect("JSON");
        let pick = &decision["recommendations"][0];
        for sentence in [&pick["quality"]["quant_loss"]["basis"], &pick["reasons"][0]] {
            let sentence = sentence.as_str().expect("a sentence");
            assert_eq!(is_chinese(sentence), lang == "zh", "{sentence}");
        }
    }
}

#[test]
fn mistakes_on_the_command_line_are_told_in_chinese() {
    for wrong in [
        &["recomend"][..],
        &["models", "shw"],
        &["recommend", "--contxt", "8k"],
        &["recommend", "--format", "yaml"],
        &["recommend", "--context", "many"],
        &["recommend", "--min", "amie24=50"],
        &["recommend", "--min", "aime24"],
        &["recommend", "--max-ttft", "soon"],
        &["recommend", "--max-quant-loss", "300%"],
        &["recommend", "--budget", "much"],
        &["recommend", "--licence", "gpl"],
        &["recommend", "--ram", "lots"],
        &["recommend", "--gpu-count", "2"],
        &["recommend", "--gpu", "a100", "--gpu-count", "99"],
        &["recommend", "--machine", "a", "--gpu", "b"],
        &["recommend", "--priority"],
        &["estimate"],
        &["estimate", "7b:Q4_K_M", "8b:Q4_K_M"],
        &["models", "--format", "jsonl"],
        &["report"],
        &["report", "--users", "none"],
        &["report", "--users", "10", "--requests-per-user-day", "5", "--pue", "99"],
        &["report", "--users", "10", "--years", "99"],
        &["report", "--users", "10", "--date", "tomorrow"],
        &["report", "--users", "10", "--privacy", "secret"],
        &["report", "--users", "10", "--requests-per-user-day", "5", "--model", "72b"],
        &["report", "--users", "10", "--requests-per-user-day", "5", "--use-case", "cooking"],
    ] {
        let all = said(wrong, "zh");
        assert!(is_chinese(all.lines().next().unwrap_or_default()), "{wrong:?}: {all}");
        assert_eq!(english_in(&all), Vec::<String>::new(), "{wrong:?}");
    }
}

#[test]
fn english_is_free_of_chinese() {
    for machine in machine_files() {
        let machine = machine.to_str().expect("a path");
        for command in [&["estimate", "32b:Q4_K_M"][..], &["recommend"]] {
            let all = said(&[command, &["--machine", machine]].concat(), "en");
            assert!(!is_chinese(&all), "{command:?} on {machine}: {all}");
        }
    }
    for command in [&["models"][..], &["models", "show", "671b"], &["recommend", "--help"]] {
        // A language is called by its own name.
        assert!(!is_chinese(&said(command, "en").replace("简体中文", "")), "{command:?}");
    }
}
