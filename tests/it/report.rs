//! The document that a purchase is decided by: whole, the same for the same needs and day, and lawful.

use std::process::{Command, Output};

use crate::json_schema::validator;

const SMALLEST: [&str; 8] =
    ["--users", "300", "--requests-per-user-day", "20", "--prompt-tokens", "800", "--output-tokens", "1200"];

fn report(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_r1-advisor"))
        .arg("report")
        .args(arguments)
        .args(["--date", "2026-11-25"])
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .output()
        .expect("the program runs")
}

fn with(more: &[&str]) -> Output {
    report(&[&SMALLEST[..], more].concat())
}

fn json(more: &[&str]) -> serde_json::Value {
    let output = with(&[more, &["--format", "json"]].concat());
    assert!(output.status.code() <= Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_smallest_form_is_answered_in_the_shape_that_is_promised() {
    let value = json(&["--model", "32b"]);
    let complaints: Vec<String> =
        validator("report").iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    let kinds: Vec<&str> =
        value["options"].as_array().unwrap().iter().map(|o| o["kind"].as_str().unwrap()).collect();
    for kind in ["buy", "rent_reserved", "rent_on_demand", "api", "smaller_model", "wait"] {
        assert!(kinds.contains(&kind), "no {kind}");
    }
    // 300 × 20 × 15 % ÷ 3600 × 1.3.
    let peak = value["load"]["peak_requests_per_second"].as_f64().unwrap();
    assert!((peak - 0.325).abs() < 1e-9, "{peak}");
    assert!(value["warnings"][0].as_str().unwrap().contains("older than 90 days"));
}

#[test]
fn what_must_not_leave_the_premises_strikes_the_others_out_but_leaves_them_in_sight() {
    let value = json(&["--model", "32b", "--privacy", "premises"]);
    for option in value["options"].as_array().unwrap() {
        let kind = option["kind"].as_str().unwrap();
        let struck = option["excluded"].as_str().is_some_and(|reason| reason.contains("premises"));
        assert_eq!(struck, matches!(kind, "api" | "rent_reserved" | "rent_on_demand"), "{kind}");
    }
    assert_eq!(value["recommended"]["kind"], "buy");
    let text =
        String::from_utf8(with(&["--model", "32b", "--privacy", "premises", "--format", "markdown"]).stdout)
            .unwrap();
    assert!(text.contains("~~"), "{text}");
}

#[test]
fn the_same_needs_and_day_give_the_same_bytes() {
    let arguments = ["--model", "14b", "--format", "markdown"];
    assert_eq!(with(&arguments).stdout, with(&arguments).stdout);
}

fn cheapest_purchase(more: &[&str]) -> f64 {
    let value = json(more);
    let options = value["options"].as_array().expect("options");
    let buy = options.iter().find(|option| option["kind"] == "buy").expect("a purchase");
    buy["net_present_cost"].as_f64().expect("a cost")
}

#[test]
fn more_users_never_cost_less_and_cheaper_cards_never_raise_the_total() {
    let usual = cheapest_purchase(&["--model", "14b"]);
    let more = ["--model", "14b", "--users", "3000"];
    let value = report(&[&SMALLEST[2..], &more[..], &["--format", "json"]].concat());
    let value: serde_json::Value = serde_json::from_slice(&value.stdout).unwrap();
    let options = value["options"].as_array().unwrap();
    let buy = options.iter().find(|option| option["kind"] == "buy").unwrap();
    assert!(buy["net_present_cost"].as_f64().unwrap() >= usual);

    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("prices")).unwrap();
    let cheaper = "[[machine]]\nid = \"host-1-card\"\nname = \"Workstation for one card\"\nkind = \"host\"\n\
                   accelerators = 1\nusd = 1000\nidle_kw = 0.08\nnameplate_kw = 0.35\ndate = \"2026-11-20\"\n\
                   source = \"An offer of that day\"\n";
    std::fs::write(folder.path().join("prices/machines.toml"), cheaper).unwrap();
    let path = folder.path().to_str().unwrap();
    assert!(cheapest_purchase(&["--model", "14b", "--catalog", path]) <= usual);
}

#[test]
fn a_promise_that_nothing_keeps_ends_with_one() {
    let output = with(&["--model", "671b", "--min-decode", "10000", "--privacy", "premises"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Nothing keeps the promise"));
}

#[test]
fn what_is_missing_or_wrong_is_told() {
    let output = report(&["--users", "10"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("`--requests-per-user-day` is needed"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("needs.toml");
    std::fs::write(&file, "users = 10\noutput_token = 5\n").unwrap();
    let output = report(&["--needs", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("line 2") && text.contains("did you mean `output_tokens`?"), "{text}");
}
