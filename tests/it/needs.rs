//! One needs file for `recommend`, `bench` and `report`.

use serde_json::Value;

use crate::support::fixtures::file;
use crate::support::{program, run};

/// The scenarios of the article, and `general`.
const USE_CASES: [&str; 9] =
    ["general", "mobile", "voice", "chat", "customer-service", "writing", "coding", "documents", "research"];

fn json(arguments: &[&str]) -> Value {
    program(arguments).with(["--format", "json"]).run().answers().json()
}

fn recommended(path: &str) -> Value {
    json(&["recommend", "--needs", path, "--gpu", "8x H100", "--ram", "512"])
}

fn reported(path: &str) -> Value {
    json(&["report", "--needs", path, "--date", "2026-11-25"])
}

#[test]
fn a_file_of_every_use_case_serves_recommend_and_report_alike() {
    for use_case in USE_CASES {
        let (_folder, path) = file(
            "needs.toml",
            &format!("use_case = '{use_case}'\nusers = 300\nrequests_per_user_day = 10\nmodel = '14b'\n"),
        );
        let (machine, organisation) = (recommended(&path), reported(&path));
        for tokens in ["prompt_tokens", "output_tokens"] {
            let tagged = &organisation["needs"][tokens];
            assert_eq!(tagged["origin"], "derived", "{use_case}");
            assert_eq!(machine["needs"]["task"][tokens].as_f64(), tagged["value"].as_f64(), "{use_case}");
        }
        assert_eq!(machine["needs"]["use_case"], use_case);
        assert_eq!(organisation["needs"]["use_case"]["value"], use_case);
        assert!(machine["recommendations"][0]["model"].is_string(), "{use_case}: nothing to run");
        assert!(organisation["recommended"]["kind"].is_string(), "{use_case}: nothing to buy, rent or call");
    }
}

#[test]
fn what_both_need_is_stated_once() {
    let (_folder, path) = file(
        "needs.toml",
        "users = 300\nrequests_per_user_day = 10\nmodel = '14b'\nprompt_tokens = '2k'\noutput_tokens = 1500\n\
         max_ttft = '4s'\nmin_decode = 25\nbudget = '$400k'\npower_price = 0.2\nprivacy = 'premises'\n\
         context = '16k'\npriority = 'quality'\nyears = 4\n",
    );
    let (machine, organisation) = (recommended(&path), reported(&path));
    let (one, many) = (&machine["needs"], &organisation["needs"]);
    assert_eq!(
        (&one["task"]["prompt_tokens"], &many["prompt_tokens"]["value"]),
        (&2048.into(), &2048.0.into())
    );
    assert_eq!((&one["maximum_ttft_seconds"], &many["ttft_seconds"]["value"]), (&4.0.into(), &4.0.into()));
    assert_eq!(one["minimum_decode_tokens_per_second"], 25.0);
    assert_eq!(
        (&many["tpot_seconds"]["value"], &many["tpot_seconds"]["origin"]),
        (&0.04.into(), &"given".into())
    );
    assert_eq!((&one["budget_usd"], &many["budget"]["value"]), (&400_000.0.into(), &400_000.0.into()));
    assert_eq!((&one["power_price_usd_per_kwh"], &many["usd_per_kwh"]["value"]), (&0.2.into(), &0.2.into()));
    assert_eq!((&one["local_only"], &many["privacy"]["value"]), (&true.into(), &"premises".into()));
    assert_eq!((&one["priority"], &many["years"]["value"]), (&"quality".into(), &4.into()));
}

#[test]
fn a_flag_goes_before_the_key_and_the_key_before_the_use_case() {
    let (_folder, path) = file(
        "needs.toml",
        "use_case = 'voice'\nusers = 300\nrequests_per_user_day = 10\nmodel = '14b'\noutput_tokens = 700\n\
         local_only = true\n",
    );
    let of = |more: &[&str]| {
        let value = json(&[&["report", "--needs", &path, "--date", "2026-11-25"], more].concat());
        ["prompt_tokens", "output_tokens", "tpot_seconds", "privacy"].map(|key| value["needs"][key].clone())
    };
    let tagged = |value: Value, origin: &str| serde_json::json!({ "value": value, "origin": origin });
    let spoken = [
        tagged(128.0.into(), "derived"),
        tagged(700.0.into(), "given"),
        // Speech needs 40 tokens a second.
        tagged(0.025.into(), "derived"),
        tagged("premises".into(), "given"),
    ];
    assert_eq!(of(&[]), spoken);
    let [prompt, output, tpot, privacy] =
        of(&["--use-case", "chat", "--output-tokens", "900", "--privacy", "open"]);
    assert_eq!((prompt["value"].as_f64(), output["value"].as_f64()), (Some(1024.0), Some(900.0)));
    assert_eq!((tpot, privacy), (tagged(0.05.into(), "default"), tagged("open".into(), "given")));
    let open = json(&["recommend", "--needs", &path, "--privacy", "open", "--gpu", "4090", "--ram", "64"]);
    assert_eq!(open["needs"]["local_only"], false);
}

#[test]
fn the_template_is_one_and_serves_every_command() {
    let template = run(["recommend", "--init"]);
    assert_eq!(template.out(), run(["report", "--init"]).out());
    let (_folder, path) = file("needs.toml", template.out());
    assert_eq!(recommended(&path)["needs"]["use_case"], "general");
    assert_eq!(reported(&path)["needs"]["users"]["value"], 1000.0);
    run(&["upgrade", "--needs", &path, "--gpu", "4060", "--ram", "32"]).exits(0);
}

#[test]
fn a_slip_is_told_alike_by_all_in_the_language_asked_for() {
    let (_folder, path) = file("needs.toml", "users = 10\nrequests_per_user_day = 5\nmax_tftf = '3s'\n");
    for command in [
        &["recommend", "--needs", &path][..],
        &["report", "--needs", &path],
        &["upgrade", "--needs", &path],
        &["bench", "7b:Q4_K_M", "--synthetic", "--needs", &path],
    ] {
        let output = run(command);
        output.exits(4);
        let text = output.errors();
        assert!(text.contains("line 3: unknown key `max_tftf`"), "{text}");
        assert!(text.contains("did you mean `max_ttft`?"), "{text}");
        let chinese = run(&[command, &["--lang", "zh"]].concat());
        let text = chinese.errors();
        assert!(text.contains("第 3 行：没有名为 `max_tftf` 的键"), "{text}");
        assert!(text.contains("是不是想写 `max_ttft`？"), "{text}");
    }
}
