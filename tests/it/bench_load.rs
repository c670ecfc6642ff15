//! Slices, tuning, several people at once, and whole tasks, with an engine that reckons instead of running.

use serde_json::Value;

use crate::support::Place;

fn measured(place: &Place, arguments: &[&str]) -> Value {
    let output =
        place.bench("fake", &[&["tiny:Q4_K_M", "--synthetic", "--format", "json"], arguments].concat());
    output.exits(0);
    assert!(place.left().is_empty(), "{:?}", place.left());
    output.json_of("bench")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The same small model with eight layers, whose file the fake's speed follows from.
fn eight_layers() -> Place {
    let place = Place::new();
    let path = place.catalog().join("models/tiny.toml");
    let mut model: toml::Table = std::fs::read_to_string(&path).expect("a model").parse().expect("TOML");
    let architecture = model["architecture"].as_table_mut().expect("a table");
    architecture.insert("layers".into(), toml::Value::Integer(8));
    let shape = <r1_advisor::catalog::Architecture as serde::Deserialize>::deserialize(architecture.clone());
    let parameters = i64::try_from(shape.expect("a shape").parameters()).expect("a small number");
    model.insert("parameters".into(), toml::Value::Integer(parameters));
    model.insert("active_parameters".into(), toml::Value::Integer(parameters - 2048 * 512));
    std::fs::write(path, toml::to_string(&model).expect("TOML")).expect("a file");
    place
}

#[test]
fn slices_foretell_the_whole() {
    let place = eight_layers();
    let whole = measured(&place, &["-r", "2"]);
    let slices = measured(&place, &["-r", "4", "--layers", "3"]);
    for test in ["prefill", "decode"] {
        let mean = |result: &Value| number(&result[test]["tokens_per_second"]["mean"]);
        let ratio = mean(&slices) / mean(&whole);
        // The fake's time is the file's length, headers included; prefill counts layers, whose bits differ a little.
        assert!((0.97..1.03).contains(&ratio), "{test}: {ratio}");
        assert_eq!(slices[test]["tokens_per_second"]["samples"].as_array().map(Vec::len), Some(4));
        let interval = &slices["extrapolation"][test]["interval"];
        assert!(
            number(&interval["low"]) < mean(&whole) && mean(&whole) < number(&interval["high"]),
            "{interval}"
        );
    }
    assert_eq!(slices["extrapolation"]["layers"], 8);
    let layers: Vec<_> = slices["extrapolation"]["slices"]
        .as_array()
        .expect("slices")
        .iter()
        .map(|slice| &slice["layers"])
        .collect();
    assert_eq!(layers, [1, 3]);
    // Memory is planned for the whole.
    assert_eq!(
        slices["planned_memory"]["devices"][0]["kv_cache_bytes"],
        whole["planned_memory"]["devices"][0]["kv_cache_bytes"]
    );
    assert_eq!(slices["extrapolation"]["shortage"], Value::Null);
}

#[test]
fn slices_go_with_one_run_only() {
    let place = Place::new();
    for arguments in [["--concurrency", "2"], ["-p", "8,16"], ["--workload", "coding"]] {
        let output =
            place.bench("fake", &[&["tiny:Q4_K_M", "--synthetic", "--layers", "2"], &arguments[..]].concat());
        output.exits(2);
    }
    place
        .bench("fake", &["tiny:Q4_K_M", "--synthetic", "--layers", "some"])
        .complains("neither a number of layers from 2 nor `all`");
}

#[test]
fn people_at_once_share_the_engine_until_it_is_full() {
    let result = measured(&Place::new(), &["-p", "64", "-n", "16", "-r", "2", "--concurrency", "1,2,4,8,16"]);
    let crowds = &result["concurrency"];
    let levels = crowds["levels"].as_array().expect("levels");
    let all: Vec<_> = levels.iter().map(|level| number(&level["tokens_per_second"]["mean"])).collect();
    // The fake reads its weights once for four sequences.
    assert!((all[2] / all[0] - 4.0).abs() < 1e-6 && (all[3] / all[2] - 1.0).abs() < 1e-6, "{all:?}");
    assert_eq!(crowds["saturates_at"], 4);
    let last = &levels[4];
    assert!((number(&last["tokens_per_second_per_user"]) - all[4] / 16.0).abs() < 1e-9);
    // Beside it stands what is predicted of so many, which share each reading of the weights.
    let predicted: Vec<_> =
        levels.iter().map(|level| number(&level["predicted"]["tokens_per_second"])).collect();
    assert!(
        predicted.windows(2).all(|pair| pair[1] >= pair[0]) && predicted[4] > predicted[0],
        "{predicted:?}"
    );
    let times = number(&last["predicted"]["measured_over_predicted"]);
    assert!((times * predicted[4] / all[4] - 1.0).abs() < 1e-9, "{times}");
    // The sixteenth waits for sixteen prompts, and people wait for eight and a half on average.
    let (mean, longest) =
        (number(&last["mean_first_token_seconds"]), number(&last["last_first_token_seconds"]));
    assert!((longest / mean - 16.0 / 8.5).abs() < 1e-6, "{mean} {longest}");
    assert!(result["decode"]["tokens_per_second"]["mean"].as_f64() > Some(0.0));
}

#[test]
fn a_task_is_measured_whole_or_along_a_line() {
    let place = Place::new();
    let arguments = ["-p", "0", "-n", "0", "--workload", "coding"];
    let whole = measured(&place, &arguments);
    assert_eq!(whole["decode"], Value::Null);
    assert_eq!(whole["workload"]["method"]["kind"], "whole");
    assert_eq!(
        (&whole["workload"]["prompt_tokens"], &whole["workload"]["output_tokens"]),
        (&4000.into(), &4000.into())
    );
    assert!(number(&whole["workload"]["answer_seconds"]) > number(&whole["workload"]["first_token_seconds"]));

    // The fake's token takes 0.1 ms, so that 12,000 take longer than a second, which is allowed.
    let arguments = ["-p", "0", "-n", "0", "--workload", "research", "--within", "1"];
    let summed = measured(&place, &arguments);
    assert_eq!(summed["workload"]["method"]["kind"], "at_depths");
    assert_eq!(summed["workload"]["method"]["depths"], serde_json::json!([1000, 7000, 13000]));
    let speed = |result: &Value| number(&result["workload"]["decode_tokens_per_second"]);
    assert!((speed(&summed) / speed(&whole) - 1.0).abs() < 1e-6);

    place.bench("fake", &["tiny:Q4_K_M", "--synthetic", "--workload", "codin"]).exits(2).complains("coding");
}

#[test]
fn the_task_of_a_needs_file_is_held_against_its_limits() {
    let place = Place::new();
    let needs = place.catalog().with_file_name("needs.toml");
    let bench = |text: &str, format: &[&str]| {
        std::fs::write(&needs, text).expect("a file");
        let file = needs.to_str().expect("UTF-8");
        let fixed = ["tiny:Q4_K_M", "--synthetic", "-p", "0", "-n", "0", "--needs", file];
        place.bench("fake", &[&fixed, format].concat())
    };
    let lengths = "use_case = 'chat'\nprompt_tokens = 100\noutput_tokens = 50\n";
    let met =
        bench(&format!("{lengths}min_decode = 1000\nmax_answer_time = '1min'\n"), &["--format", "json"]);
    met.exits(0);
    let met = met.json_of("bench");
    assert_eq!(
        (&met["workload"]["prompt_tokens"], &met["workload"]["output_tokens"]),
        (&100.into(), &50.into())
    );
    assert_eq!(met["needs"][0]["need"], "decode>=1000");
    assert!(number(&met["needs"][0]["measured"]) >= 1000.0);
    let answer = met["needs"].as_array().and_then(|needs| needs.last()).expect("a need");
    assert_eq!((&answer["need"], &answer["met"]), (&"answer<=60".into(), &true.into()));

    let missed = bench(&format!("{lengths}min_decode = 1000000\n"), &[]);
    missed.exits(1);
    let out = missed.out();
    assert!(out.contains("needed decode>=1000000: MISSED, measured "), "{out}");
    bench("min_decod = 8\n", &[]).exits(4).complains("did you mean `min_decode`?");
}

#[test]
fn tuning_tries_one_setting_after_the_other_within_its_runs() {
    let place = Place::new();
    let result = measured(&place, &["-r", "1", "--tune", "--tune-runs", "8", "--tune-kv-type"]);
    let trials = result["tuning"]["trials"].as_array().expect("trials");
    assert!((2..=8).contains(&trials.len()), "{}", trials.len());
    // The fake is as fast with any settings: nothing is worth anything, and all stays as it was.
    assert!(result["tuning"]["gain"].as_f64().is_some_and(|gain| (gain - 1.0).abs() < 0.03));
    assert_eq!(result["settings"]["micro_batch"], 512);
    assert_eq!(place.tuned(), 0, "the fake teaches nothing");
    place.bench("fake", &["tiny:Q4_K_M", "--synthetic", "--tune", "-t", "1,2"]).exits(2);
}

#[cfg(unix)]
#[test]
fn tuning_outlives_settings_that_end_the_engine() {
    let place = Place::new();
    // No engine survives its fourth decode, the third behind the warm-up.
    let arguments =
        ["tiny:Q4_K_M", "--synthetic", "-r", "3", "--tune", "--tune-runs", "6", "--format", "json"];
    let result = place.bench("fake:late", &arguments).exits(6).json_of("bench");
    let trials = result["tuning"]["trials"].as_array().expect("trials");
    assert_eq!(trials.len(), 6);
    assert!(trials.iter().all(|trial| trial["goal_seconds"] == Value::Null), "{trials:?}");
    assert_eq!(result["tuning"]["worth"], serde_json::json!([]));
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[test]
fn devices_are_listed_without_a_model() {
    let place = Place::new();
    let found = place.bench("fake", &["--devices", "--format", "json"]).exits(0).json_of("devices");
    assert_eq!(found["devices"][0]["name"], "CPU");
    let table = place.bench("fake", &["--list-devices"]);
    assert!(table.out().contains("no device at all"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_in_the_middle_leaves_nothing() {
    let place = Place::new();
    std::fs::create_dir_all(place.files()).expect("a folder");
    // The shell's limit on the length of files stands for the disk: it strikes in the middle of the weights.
    let output =
        place.program("fake", &["1.5b:Q4_K_M", "--synthetic"]).under("trap '' XFSZ; ulimit -f 20480").run();
    output.exits(7).complains("could not write");
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[cfg(all(feature = "llama", target_os = "linux"))]
#[test]
fn the_real_engine_runs_from_memory_with_all_that_load_can_be() {
    let place = eight_layers();
    let arguments = [
        "tiny:Q4_K_M",
        "--synthetic",
        "-p",
        "32",
        "-n",
        "8",
        "-r",
        "2",
        "-d",
        "0,64",
        "--concurrency",
        "1,3",
        "--workload",
        "mobile",
        "-ncmoe",
        "1",
        "-mmp",
        "0",
        "--format",
        "json",
    ];
    let result =
        place.program("llama", &arguments).without("R1_ADVISOR_CACHE").run().exits(0).json_of("bench");
    assert_eq!(result["runs"].as_array().map(Vec::len), Some(2));
    assert_eq!(result["concurrency"]["levels"][1]["users"], 3);
    assert!(number(&result["concurrency"]["levels"][1]["tokens_per_second"]["mean"]) > 0.0);
    assert_eq!(result["workload"]["output_tokens"], 2000);

    let arguments =
        ["tiny:Q4_K_M", "--synthetic", "-p", "32", "-n", "8", "-r", "2", "--layers", "4", "--format", "json"];
    let output = place.program("llama", &arguments).without("R1_ADVISOR_CACHE").run();
    output.exits(0);
    assert_eq!(output.json_of("bench")["extrapolation"]["slices"].as_array().map(Vec::len), Some(2));
}
