//! What was measured goes before what is predicted, and the report says so.

use std::collections::BTreeMap;

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Ran, program};

const NEEDS: [&str; 12] = [
    "report",
    "--date",
    "2026-11-27",
    "--users",
    "3000",
    "--requests-per-user-day",
    "20",
    "--prompt-tokens",
    "800",
    "--output-tokens",
    "1200",
    "--no-history",
];

fn ran(arguments: &[&str], history: &Path) -> Ran {
    program(arguments).history(history).run()
}

fn report(arguments: &[&str]) -> Value {
    program(NEEDS).with(arguments).with(["--format", "json"]).run().answers().json()
}

/// The options that run on `gpus` of an accelerator.
fn on<'a>(report: &'a Value, accelerator: &'a str) -> impl Iterator<Item = &'a Value> {
    let options = report["options"].as_array().expect("options").iter();
    options.filter(move |option| {
        option["deployment"]["accelerator"] == accelerator
            && option["meets_slo"] == true
            && option["is_asked_model"] == true
    })
}

/// What `bench --endpoint` writes of `gpus` of an accelerator that answer so many at once.
fn served(accelerator: &str, gpus: u64, loads: &[(u32, f64)]) -> Value {
    let load = |(users, tpot): &(u32, f64)| {
        json!({
            "load": { "kind": "closed", "concurrency": users }, "requests": { "completed": 100 },
            "tokens": { "prompt": 80_000, "output": 120_000 },
            "ttft_seconds": { "p50": 0.2, "p95": 0.5 }, "tpot_seconds": { "mean": tpot, "p95": tpot * 1.2 },
        })
    };
    json!({
        "date": "2026-11-26", "workload": { "prompt_tokens": 800 },
        "service": { "model": "r1-distill-qwen-32b", "precision": "FP8", "accelerator": accelerator, "gpus": gpus, "engine": "vllm" },
        "loads": loads.iter().map(load).collect::<Vec<_>>(),
    })
}

fn kept(folder: &Path, name: &str, document: &Value) -> String {
    let path = folder.join(name);
    std::fs::write(&path, document.to_string()).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_server_that_was_measured_to_be_slow_takes_more_of_its_machines_and_of_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let predicted = report(&["--model", "32b"]);
    let option = predicted["options"]
        .as_array()
        .unwrap()
        .iter()
        .find(|option| {
            option["deployment"]["engine"] == "vLLM"
                && option["precision"] == "FP8"
                && option["is_asked_model"] == true
        })
        .expect("an option that vLLM serves");
    let accelerator = option["deployment"]["accelerator"].as_str().unwrap();
    let gpus = option["deployment"]["gpus_per_replica"].as_u64().unwrap();
    let tpot = option["tpot_seconds"].as_f64().unwrap();
    let (alone, many) = ((1, tpot), (64, tpot * 4.0));
    let file = kept(folder.path(), "slow.json", &served(accelerator, gpus, &[alone, many]));
    let measured = report(&["--model", "32b", "--measured", &file]);
    let use_of = &measured["measurements"][0];
    assert_eq!((&use_of["source"], &use_of["date"]), (&json!(file), &json!("2026-11-26")));
    assert_eq!(use_of["in_flight"], json!([1.0, 64.0]));
    assert!(use_of["decode_over_predicted"][1].as_f64().unwrap() > 1.2, "{use_of}");
    let rests: Vec<usize> =
        use_of["options"].as_array().unwrap().iter().map(|at| at.as_u64().unwrap() as usize).collect();
    for (at, option) in measured["options"].as_array().unwrap().iter().enumerate() {
        let says = option["notes"].to_string().contains("easurement of");
        assert_eq!(says, rests.contains(&at), "{option}");
    }
    // What a GPU carries of each way that is in both: which are shown may differ, for whatever was measured is.
    let carried = |report: &Value| -> BTreeMap<String, f64> {
        let of = |option: &Value| {
            let deployment = &option["deployment"];
            let gpus = deployment["gpus_per_replica"].as_f64().unwrap();
            let name = format!("{} {}", option["kind"], option["name"]);
            (name, deployment["requests_per_second"].as_f64().unwrap() / gpus)
        };
        on(report, accelerator).map(of).collect()
    };
    let (before, after) = (carried(&predicted), carried(&measured));
    let both: Vec<(f64, f64)> =
        before.iter().filter_map(|(name, rate)| Some((*rate, *after.get(name)?))).collect();
    assert!(!both.is_empty() && both.iter().all(|(before, after)| after < before), "{before:?} {after:?}");
    let others = |report: &Value| -> Vec<Value> {
        let options = report["options"].as_array().unwrap().iter();
        let apart = |option: &&Value| {
            option["deployment"].is_object()
                && option["deployment"]["accelerator"] != *accelerator
                && option["kind"] == "rent_on_demand"
        };
        options.filter(apart).cloned().collect()
    };
    // Which are shown may differ; what they are does not.
    let (unchanged, after) = (others(&predicted), others(&measured));
    let same = |one: &Value| after.iter().find(|other| other["name"] == one["name"]);
    let both: Vec<(&Value, &Value)> =
        unchanged.iter().filter_map(|one| Some((&one["deployment"], &same(one)?["deployment"]))).collect();
    assert!(!both.is_empty() && both.iter().all(|(before, after)| before == after), "{both:?}");
    let markdown = ran(
        &[&NEEDS[..], &["--model", "32b", "--measured", &file, "--format", "markdown"]].concat(),
        Path::new("off"),
    );
    let text = markdown.out();
    assert!(text.contains("of the prediction and prefill ×"), "{text}");
    assert!(text.contains(&format!("measured on 2026-11-26, {file}")), "{text}");
    assert!(text.contains(&format!("--measured {file}")), "the command does it again");
}

#[test]
fn an_api_that_was_measured_keeps_the_promise_or_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let predicted = report(&["--model", "671b"]);
    let api = predicted["options"].as_array().unwrap().iter().find(|option| option["kind"] == "api").unwrap();
    assert!(api["meets_slo"].is_null() && api["tpot_seconds"].is_null());
    let ids = std::fs::read_to_string("catalog/prices/api.toml").unwrap();
    for (tpot, keeps) in [(0.02, true), (0.2, false)] {
        let mut document = served("", 1, &[(4, tpot)]);
        document["service"] = Value::Null;
        let known = ids.lines().filter_map(|line| line.strip_prefix("id = ")).map(|id| id.trim_matches('"'));
        let files: Vec<String> = known
            .map(|id| {
                document["cost"] = json!({ "prices": { "id": id } });
                kept(folder.path(), &format!("{id}.json"), &document)
            })
            .collect();
        let measured = report(&["--model", "671b", "--measured", &files.join(",")]);
        let apis = measured["options"].as_array().unwrap().iter().filter(|option| option["kind"] == "api");
        for api in apis {
            assert_eq!(api["meets_slo"], json!(keeps), "{api}");
            assert!((api["tpot_seconds"].as_f64().unwrap() - tpot * 1.2).abs() < 1e-9);
            assert!(api["notes"].to_string().contains("with 4 requests in flight"), "{api}");
        }
    }
}

#[test]
fn what_is_no_measurement_of_an_option_is_refused_or_said_to_be_unused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str, document: &Value| {
        let file = kept(folder.path(), name, document);
        let output = ran(&[&NEEDS[..], &["--measured", &file]].concat(), Path::new("off"));
        output.exits(4).complains(&file).complains("--serves").errors().to_owned()
    };
    assert!(refused("list.json", &json!([])).contains("not a result of `bench`"));
    let mut unknown = served("tesla-p40", 1, &[(1, 0.02)]);
    unknown["service"] = Value::Null;
    assert!(refused("unsaid.json", &unknown).contains("does not say what answered"));
    let idle = served("tesla-p40", 1, &[]);
    assert!(refused("idle.json", &idle).contains("nothing in it counts"));
    let other = served("tesla-p40", 3, &[(1, 0.02)]);
    let file = kept(folder.path(), "other.json", &other);
    let report = report(&["--model", "32b", "--measured", &file]);
    assert_eq!(report["measurements"][0]["options"], json!([]));
    let said = report["assumptions"].to_string();
    assert!(said.contains("matches no option: not used"), "{said}");
}
