//! The document that a purchase is decided by: whole, the same for the same needs and day, and lawful.

use std::collections::BTreeSet;

use crate::support::schema::assert_keeps;
use crate::support::{Ran, program};

const SMALLEST: [&str; 8] =
    ["--users", "300", "--requests-per-user-day", "20", "--prompt-tokens", "800", "--output-tokens", "1200"];

fn report(arguments: &[&str]) -> Ran {
    program(["report"]).with(arguments).with(["--date", "2026-11-25"]).run()
}

fn with(more: &[&str]) -> Ran {
    report(&[&SMALLEST[..], more].concat())
}

fn json(more: &[&str]) -> serde_json::Value {
    with(&[more, &["--format", "json"]].concat()).answers().json()
}

#[test]
fn the_smallest_form_is_answered_in_the_shape_that_is_promised() {
    let value = json(&["--model", "32b"]);
    assert_keeps("report", &value);
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
    let text = with(&["--model", "32b", "--privacy", "premises", "--format", "markdown"]).out().to_owned();
    assert!(text.contains("~~"), "{text}");
}

#[test]
fn the_same_needs_and_day_give_the_same_bytes() {
    let arguments = ["--model", "14b", "--format", "markdown"];
    assert_eq!(with(&arguments).out(), with(&arguments).out());
}

#[test]
fn every_line_of_the_acceptance_test_is_a_command_that_this_program_takes() {
    use clap::Parser as _;

    let mut seen = 0;
    for flags in [
        &["--model", "32b", "--privacy", "premises", "--spare"][..],
        &["--model", "671b"],
        &["--model", "671b", "--privacy", "rented"],
        &["--model", "14b"],
    ] {
        for line in json(flags)["acceptance"].as_array().unwrap() {
            let command = line["command"].as_str().unwrap();
            let words = shlex::split(command).expect("words");
            let parsed = r1_advisor::cli::Cli::try_parse_from(words);
            assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
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
    let value = value.json();
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

fn markdown(more: &[&str]) -> String {
    with(&[more, &["--format", "markdown"]].concat()).out().to_owned()
}

#[test]
fn what_is_rented_on_demand_is_paid_in_the_hours_that_need_it_and_what_is_reserved_all_year() {
    let value = json(&["--model", "14b"]);
    for option in value["options"].as_array().unwrap() {
        let kind = option["kind"].as_str().unwrap();
        if !kind.starts_with("rent") || option["meets_slo"] != true || option["deployment"]["replicas"] != 1 {
            continue;
        }
        let price = option["prices"][0]["price_usd"].as_f64().unwrap();
        // One replica works around the clock, on 250 working days or all year; services take three tenths on top.
        let hours = if kind == "rent_on_demand" { 250.0 * 24.0 } else { 8760.0 };
        let rent = option["deployment"]["gpus"].as_f64().unwrap() * hours * price * 1.3;
        let paid = option["yearly_cost"].as_f64().unwrap() - 45_000.0;
        assert!((paid / rent - 1.0).abs() < 0.01, "{kind}: {paid} {rent}");
    }
    let many = json(&["--model", "14b", "--max-ttft", "2s", "--burst", "40"]);
    let by_the_hour: Vec<_> = many["options"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|option| option["kind"] == "rent_on_demand")
        .collect();
    assert!(
        by_the_hour.iter().any(|option| option["notes"].to_string().contains("Rented by the hour")),
        "{by_the_hour:?}"
    );
}

#[test]
fn a_load_that_grows_is_told_for_the_first_year_and_the_last() {
    // 300 × 20 = 6000 a day, × 1.5² = 13,500 in the third year.
    let text = markdown(&["--model", "14b", "--growth", "50%"]);
    assert!(text.contains("300 users × 20 = 6000 requests per working day in the first year"), "{text}");
    assert!(text.contains("13500 in year 3") && text.contains("averaged over 3 years"), "{text}");
    assert!(text.contains("(peak in year 3: "), "{text}");
    assert!(!markdown(&["--model", "14b"]).contains("first year"));
}

#[test]
fn what_is_billed_by_use_is_paid_as_the_load_grows() {
    let value = json(&["--model", "32b", "--growth", "50%"]);
    let options = options_of(&value);
    let api = options.iter().find(|option| option["kind"] == "api").expect("an API");
    let paid: Vec<f64> =
        api["cumulative"].as_array().unwrap().iter().map(|paid| paid.as_f64().unwrap()).collect();
    let first = paid[1];
    // 1, 1 + 1.5 and 1 + 1.5 + 2.25 times the first year's bill, which the mean of the three years is a third of.
    for (at, share) in [(0, 0.0), (2, 2.5), (3, 4.75)] {
        assert!((paid[at] - share * first).abs() < 1e-6 * first, "{paid:?}");
    }
    assert!((api["yearly_cost"].as_f64().unwrap() - paid[3] / 3.0).abs() < 1e-6 * first);
    // At 8 %: 1/1.08 + 1.5/1.08² + 2.25/1.08³ = 3.998.
    let worth = api["net_present_cost"].as_f64().unwrap();
    assert!((worth / first - 3.998).abs() < 1e-3, "{worth} {first}");
}

#[test]
fn what_is_cheaper_than_the_recommendation_is_named_with_why_it_is_not_recommended() {
    let needs = ["--model", "32b", "--users", "3000", "--privacy", "premises"];
    let output = report(&[&SMALLEST[2..], &needs[..], &["--format", "json"]].concat());
    let value = output.json();
    let cost = |option: &serde_json::Value| option["net_present_cost"].as_f64().unwrap();
    let options = value["options"].as_array().unwrap();
    let chosen = &options[value["recommended"]["option"].as_u64().unwrap() as usize];
    let smaller =
        options.iter().filter(|option| option["kind"] == "smaller_model" && option["meets_slo"] == true);
    assert!(smaller.map(cost).any(|other| other < cost(chosen)));
    let text = report(&[&SMALLEST[2..], &needs[..], &["--format", "markdown"]].concat());
    let text = text.out();
    assert!(text.contains("Cheaper, but to be weighed first: "), "{text}");
    assert!(text.contains("another model, with other answers"), "{text}");
}

#[test]
fn a_promise_that_nothing_keeps_ends_with_one() {
    let output = with(&["--model", "671b", "--min-decode", "10000", "--privacy", "premises"]);
    output.exits(1);
    assert!(output.out().contains("Nothing meets the SLO"));
}

#[test]
fn what_is_missing_or_wrong_is_told() {
    let output = report(&["--users", "10"]);
    output.exits(2);
    let text = output.errors();
    assert!(text.contains("`--requests-per-user-day` is required"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("needs.toml");
    std::fs::write(&file, "users = 10\noutput_token = 5\n").unwrap();
    let output = report(&["--needs", file.to_str().unwrap()]);
    output.exits(4);
    let text = output.errors();
    assert!(text.contains("line 2") && text.contains("did you mean `output_tokens`?"), "{text}");
}

#[test]
fn what_is_to_be_ordered_adds_up_to_what_the_options_say() {
    for more in [&["--privacy", "premises"][..], &["--privacy", "rented"], &[]] {
        let value = json(&[&["--model", "32b"], more].concat());
        let chosen = &value["options"][value["recommended"]["option"].as_u64().unwrap() as usize];
        let document = with(&[&["--model", "32b", "--format", "markdown"], more].concat()).out().to_owned();
        let bill = document
            .split("## 7. Bill of materials")
            .nth(1)
            .and_then(|rest| rest.split("## 8.").next())
            .unwrap();
        let sum = |paid: &str| -> f64 {
            let cells =
                bill.lines().filter(|line| line.contains(paid)).filter_map(|line| line.split(" | ").nth(3));
            cells.map(|cell| cell.replace(['$', ','], "").parse::<f64>().unwrap()).sum()
        };
        let capital: f64 = chosen["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["what"] == "capital")
            .map(|line| line["usd"].as_f64().unwrap())
            .sum();
        let near = |told: f64, right: f64| (told - right).abs() <= 3.0;
        assert!(near(sum("| up front |"), chosen["capex"].as_f64().unwrap()), "{bill}");
        assert!(near(sum("| each year |"), chosen["yearly_cost"].as_f64().unwrap() - capital), "{bill}");
    }
}

#[test]
fn the_command_at_the_end_reckons_the_same_again() {
    let arguments =
        ["--model", "32b", "--growth", "0.2", "--spare", "--budget", "90000", "--privacy", "premises"];
    let document = with(&[&arguments[..], &["--format", "markdown"]].concat()).out().to_owned();
    let command =
        document.lines().find_map(|line| line.strip_prefix("r1-advisor report ")).expect("a command");
    let again = program(["report"]).with(command.split(' ')).with(["--format", "json"]).run().json();
    let first = json(&arguments);
    for part in ["options", "recommended", "break_even", "sensitivity"] {
        assert_eq!(again[part], first[part], "{part}");
    }
}

#[test]
fn a_document_has_every_section_of_the_method_and_says_what_it_does_not_know() {
    let document = with(&["--model", "70b", "--format", "markdown"]).out().to_owned();
    let titles: Vec<&str> = document.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(
        titles,
        [
            "1. Decision",
            "2. Requirements",
            "3. Model and quality",
            "4. Load",
            "5. Sizing",
            "6. Options",
            "7. Bill of materials",
            "8. Site",
            "9. Cost by year",
            "10. Break-even",
            "11. Sensitivity",
            "12. Risks",
            "13. Compliance and privacy",
            "14. Implementation",
            "15. Acceptance test",
            "16. Assumptions",
            "17. Sign-off",
            "Appendix: method"
        ]
    );
    // Published by DeepSeek: AIME 2024 of the 70B and of the next smaller one.
    assert!(document.contains("| DeepSeek-R1-Distill-Llama-70B | 70.6 G | 70.0 |"), "{document}");
    assert!(document.contains("| DeepSeek-R1-Distill-Qwen-32B | 32.8 G | 72.6 |"));
    // Llama's licence asks for more than a notice.
    assert!(
        document.lines().any(|line| line.contains("licence of the weights") && line.contains("needs review"))
    );
}

#[test]
fn a_larger_model_is_no_smaller_one_because_it_reads_less_for_a_token() {
    let value = json(&["--model", "70b"]);
    let options = value["options"].as_array().unwrap();
    let smaller: Vec<&str> = options
        .iter()
        .filter(|option| option["kind"] == "smaller_model")
        .map(|option| option["model"].as_str().unwrap())
        .collect();
    assert_eq!(smaller, ["r1-distill-qwen-32b", "r1-distill-qwen-14b"]);
}

#[test]
fn what_starts_and_checks_the_recommended_machines_is_written_into_a_new_folder_only() {
    let around = tempfile::tempdir().unwrap();
    let folder = around.path().join("r1");
    let arguments =
        ["--model", "32b", "--privacy", "premises", "--spare", "--launch", folder.to_str().unwrap()];
    with(&arguments).exits(0);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["acceptance.sh", "kubernetes.yaml", "sglang.sh", "vllm.sh"]);
    let test = std::fs::read_to_string(folder.join("acceptance.sh")).unwrap();
    // 300 × 20 × 15 % ÷ 3600 × 1.3 requests a second.
    assert_eq!(test.matches("--rate 0.3250 ").count(), 2, "{test}");
    let again = with(&arguments);
    again.exits(7);
    assert!(again.errors().contains("name a folder that does not exist yet"));
}

#[test]
fn a_replica_lies_over_two_servers_where_one_has_no_room_for_the_model() {
    let value = json(&["--model", "671b", "--max-ttft", "10s", "--min-decode", "5"]);
    let rented: Vec<&serde_json::Value> = value["options"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|option| option["deployment"]["accelerator"] == "a100-sxm4-40gb")
        .collect();
    // Some 360 GB in four bits are more than eight GPUs of 40 GB hold.
    assert!(!rented.is_empty());
    for option in rented {
        assert_eq!(option["deployment"]["gpus_per_replica"], 16, "{option}");
    }
}

fn options_of(value: &serde_json::Value) -> Vec<&serde_json::Value> {
    value["options"].as_array().expect("options").iter().collect()
}

#[test]
fn an_offer_of_ones_own_goes_over_the_price_of_the_catalog() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("offers.toml");
    let offer = |id: &str| {
        format!(
            "[[machine]]\nid = '{id}'\nusd = 100\ndate = '2026-11-20'\nsource = 'Offer 4711 of that day'\n"
        )
    };
    std::fs::write(&file, offer("host-1-card")).unwrap();
    let path = file.to_str().unwrap();
    assert!(
        cheapest_purchase(&["--model", "14b", "--prices", path]) < cheapest_purchase(&["--model", "14b"])
    );
    std::fs::write(&file, offer("host-1-crad")).unwrap();
    let output = with(&["--model", "14b", "--prices", path]);
    output.exits(4);
    let told = output.errors();
    assert!(told.contains("offers.toml:2:6") && told.contains("did you mean `host-1-card`?"), "{told}");
}

#[test]
fn vendors_and_regions_strike_others_out_but_leave_them_in_sight() {
    let value = json(&["--model", "32b", "--vendors", "amd,gcp", "--region", "us"]);
    let mut struck = 0;
    for option in options_of(&value) {
        let excluded = option["excluded"].as_str();
        struck += usize::from(excluded.is_some());
        let is_owned = matches!(option["kind"].as_str(), Some("buy" | "smaller_model"));
        if is_owned && option["name"].as_str().unwrap().contains("NVIDIA") {
            assert_eq!(excluded, Some("NVIDIA is not an allowed vendor"));
        }
    }
    assert!(struck > 3);
    let wrong = with(&["--model", "32b", "--vendors", "nvidai"]);
    wrong.exits(2);
    assert!(wrong.errors().contains("did you mean `NVIDIA`?"));
}

#[test]
fn a_region_must_be_known_and_who_says_no_place_is_to_be_asked() {
    let told = |arguments: &[&str]| with(arguments).exits(2).errors().to_owned();
    assert!(told(&["--region", "chna"]).contains("did you mean `china`?"));
    assert!(told(&["--region", "atlantis"]).contains("use `us`, `eu`, `cn`, `ca`, `in`, or a place"));
    assert!(told(&["--availability", "100%"]).contains("must be between 50 % and 99.9999 %"));

    let value = json(&["--model", "32b", "--region", "Europe"]);
    assert_eq!(value["needs"]["region"]["value"], "eu");
    let asked = "Location not stated: ask whether it is in eu before signing";
    for option in options_of(&value).iter().filter(|option| option["kind"] == "api") {
        assert_eq!(option["notes"].to_string().contains(asked), option["excluded"].is_null(), "{option}");
    }
}

#[test]
fn a_share_of_time_takes_machines_more() {
    let quantity = |more: &[&str]| {
        let value =
            json(&[&["--model", "32b", "--privacy", "premises", "--vendors", "nvidia"], more].concat());
        let name = options_of(&value)[0]["name"].clone();
        let all: u64 = options_of(&value)
            .iter()
            .filter(|option| option["kind"] == "buy")
            .map(|option| option["quantity"].as_u64().unwrap())
            .sum();
        assert!(name.is_string());
        all
    };
    let (none, some, much) =
        (quantity(&[]), quantity(&["--availability", "99%"]), quantity(&["--availability", "99.99%"]));
    assert!(none < some && some < much, "{none} {some} {much}");
}

#[test]
fn amounts_are_read_in_the_currency_that_was_asked_for_and_programs_read_dollars() {
    let arguments = ["--model", "32b", "--currency", "CNY=7.1@2026-11-20"];
    let document = with(&[&arguments[..], &["--format", "markdown"]].concat()).out().to_owned();
    // The command at the end and the scripts have signs of their own.
    let body = document.split("## 14.").next().unwrap();
    assert!(body.contains('¥') && !body.contains('$'), "{body}");
    assert!(document.contains("7.1 CNY (2026-11-20)") && document.contains("--currency CNY=7.1@2026-11-20"));
    let page = with(&[&arguments[..], &["--format", "html"]].concat()).out().to_owned();
    let before_scripts = page.split("How to start it").next().unwrap();
    assert!(before_scripts.contains('¥') && !before_scripts.split("<body>").nth(1).unwrap().contains('$'));
    assert_eq!(json(&arguments)["options"][0]["capex"], json(&arguments[..2])["options"][0]["capex"]);
    with(&["--currency", "CNY=7.1"]).exits(2);
}

#[test]
fn what_is_there_is_an_option_without_capital_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/machines/");
    let take = |name: &str| std::fs::copy(format!("{fixtures}{name}"), folder.path().join(name)).unwrap();
    take("server-8xh200.toml");
    let path = folder.path().to_str().unwrap();
    let arguments = ["--model", "32b", "--inventory", path];
    let value = json(&arguments);
    assert_keeps("report", &value);
    let own = options_of(&value)[0].clone();
    assert_eq!((own["kind"].as_str(), own["capex"].as_f64()), (Some("own"), Some(0.0)));
    assert_eq!((own["meets_slo"].as_bool(), own["quantity"].as_u64()), (Some(true), Some(1)));
    assert_eq!(own["deployment"]["accelerator"], "h200-sxm-141gb");
    assert!(own["yearly_cost"].as_f64().unwrap() > 45_000.0, "power beside 0.3 of a job: {own}");
    // A laptop card holds nothing of it, and two hundred times the load is more than the server carries.
    take("laptop-8gb.toml");
    let more = report(&[&["--users", "60000"], &SMALLEST[2..], &arguments, &["--format", "json"]].concat());
    let value = more.json();
    let own = options_of(&value)[0];
    assert_eq!((own["kind"].as_str(), own["meets_slo"].as_bool()), (Some("own"), Some(false)));
    let notes = own["notes"].to_string();
    assert!(notes.contains("1 available, ") && notes.contains("% of the peak"), "{notes}");
    assert_ne!(value["recommended"]["kind"], "own");
    // What it does not carry is rented or called beside it.
    let mixed = options_of(&value).into_iter().filter(|option| {
        option["kind"] == "hybrid" && option["name"].as_str().unwrap().starts_with("own machine")
    });
    let mixed: Vec<_> = mixed.collect();
    assert_eq!(mixed.len(), 2, "{mixed:?}");
    for option in &mixed {
        assert_eq!((option["capex"].as_f64(), option["base"]["machines"].as_u64()), (Some(0.0), Some(1)));
        let share = option["base"]["share_of_requests"].as_f64().unwrap();
        assert!(share > 0.01 && share < 1.0, "{option}");
        assert!(option["notes"].to_string().contains("Already paid for"), "{option}");
    }
    assert!(mixed.iter().any(|option| option["meets_slo"] == true));
    with(&["--inventory", "/nonexistent/machines"]).exits(4);
}

#[test]
fn fewer_bits_are_shown_and_never_recommended() {
    let value = json(&["--model", "70b", "--privacy", "premises"]);
    let lower = options_of(&value).into_iter().find(|option| option["kind"] == "lower_quant").expect("one");
    assert!(["INT4", "NVFP4"].contains(&lower["precision"].as_str().unwrap()), "{}", lower["precision"]);
    assert_eq!(value["recommended"]["kind"], "buy");
}

#[test]
fn a_hybrid_owns_less_than_all_and_pays_for_the_hours_that_are_busier() {
    let many =
        [&["--users", "6000"], &SMALLEST[2..], &["--model", "32b", "--growth", "0.2", "--format", "json"]];
    let value: serde_json::Value = report(&many.concat()).json();
    assert_keeps("report", &value);
    let options = options_of(&value);
    let of_kind =
        |kind: &str| options.iter().find(|option| option["kind"] == kind).copied().expect("an option");
    let (hybrid, buy) = (of_kind("hybrid"), of_kind("buy"));
    let number = |option: &serde_json::Value, key: &str| option[key].as_f64().unwrap();
    assert!(number(hybrid, "capex") > 0.0 && number(buy, "capex") > 0.0);
    let base = &hybrid["base"];
    let (hours, requests) = (number(base, "share_of_hours"), number(base, "share_of_requests"));
    assert!(hours > 0.0 && hours < 1.0 && requests > 0.0 && requests < 1.0, "{base}");
    // What is paid a year is the sum of its lines, and the peak is a part of it.
    let lines: f64 =
        hybrid["lines"].as_array().unwrap().iter().map(|line| line["usd"].as_f64().unwrap()).sum();
    assert!((lines - number(hybrid, "yearly_cost")).abs() < 1.0);
    assert_ne!(value["recommended"]["kind"], "hybrid");
}

/// The paths at which two documents differ, without the places in lists.
fn differences(a: &serde_json::Value, b: &serde_json::Value, path: &str, found: &mut BTreeSet<String>) {
    use serde_json::Value::{Array, Object};
    match (a, b) {
        (Object(a), Object(b)) => {
            assert!(a.keys().eq(b.keys()), "{path}");
            a.iter().for_each(|(key, value)| differences(value, &b[key], &format!("{path}.{key}"), found));
        }
        (Array(a), Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            a.iter().zip(b).for_each(|(a, b)| differences(a, b, path, found));
        }
        _ if a != b => {
            found.insert(path.to_owned());
        }
        _ => {}
    }
}

#[test]
fn json_is_the_same_in_every_language_and_currency_but_for_its_sentences() {
    let needs = ["--model", "32b", "--privacy", "premises", "--growth", "0.3", "--spare"];
    let english = json(&needs);
    let mut found = BTreeSet::new();
    differences(&english, &json(&[&needs[..], &["--lang", "zh"]].concat()), "", &mut found);
    let sentences = [
        ".acceptance.before",
        ".acceptance.pass",
        ".assumptions.source",
        ".assumptions.value",
        ".assumptions.what",
        ".flip_points",
        ".launch.text",
        ".launch.what",
        ".not_modelled",
        ".options.deployment.binding",
        ".options.deployment.why",
        ".options.excluded",
        ".options.notes",
        ".recommended.reason",
        ".relaxations",
        ".risks",
        ".runner_up.reason",
        ".warnings",
    ];
    let others: Vec<&String> = found.iter().filter(|path| !sentences.contains(&path.as_str())).collect();
    assert_eq!(others, Vec::<&String>::new());

    let mut found = BTreeSet::new();
    let mut yuan = json(&[&needs[..], &["--currency", "CNY=7.1@2026-11-20"]].concat());
    yuan["needs"]["currency"] = english["needs"]["currency"].clone();
    // The rate is an assumption of its own.
    yuan["assumptions"].as_array_mut().unwrap().retain(|one| one["what_code"] != "report-need-dollar");
    differences(&english, &yuan, "", &mut found);
    assert_eq!(found, BTreeSet::new());
}
