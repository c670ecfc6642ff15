//! One needs file for `recommend`, `bench` and `report`.

use std::path::Path;

use r1_advisor::error::Failure as _;
use r1_advisor::i18n::{Lang, Locale};
use r1_advisor::needs::GivenNeeds;
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
            format!("use_case = '{use_case}'\nusers = 300\nrequests_per_user_day = 10\nmodel = '14b'\n"),
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
    run(["upgrade", "--needs", &path, "--gpu", "4060", "--ram", "32"]).exits(0);
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
        let chinese = run([command, &["--lang", "zh"]].concat());
        let text = chinese.errors();
        assert!(text.contains("第 3 行：没有名为 `max_tftf` 的键"), "{text}");
        assert!(text.contains("是不是想写 `max_ttft`？"), "{text}");
    }
}

/// What is wrong with a file that states `text`, and the hint, in English and in Chinese.
fn said(text: &str) -> [String; 4] {
    let (_folder, path) = file("needs.toml", text);
    let error = GivenNeeds::read(Path::new(&path)).expect_err("a mistake");
    let (en, zh) = (Locale::default(), Locale::new(Lang::of_locale("zh")));
    let (message, hint) = (error.message(), error.hint().expect("a hint"));
    [en.say(&message), en.say(&hint), zh.say(&message), zh.say(&hint)]
        .map(|text| text.replace(&path, "needs.toml"))
}

#[test]
fn a_mistake_is_told_with_its_line_and_the_nearest_right_name_of_either_command() {
    for (text, message, hint, zh, zh_hint) in [
        (
            "use_case = 'coding'\ncontxt = 4096\n",
            "line 2: unknown key `contxt`",
            "did you mean `context`?",
            "第 2 行：没有名为 `contxt` 的键",
            "是不是想写 `context`？",
        ),
        (
            "users = 10\nrequest_per_user_day = 5\n",
            "line 2: unknown key `request_per_user_day`",
            "did you mean `requests_per_user_day`?",
            "第 2 行：没有名为 `request_per_user_day` 的键",
            "是不是想写 `requests_per_user_day`？",
        ),
        (
            "\n\npriority = 'speed'\n",
            "line 3: `priority` cannot be `speed`",
            "choose from `balanced`, `quality`, `latency` and `cost`",
            "第 3 行：`priority` 不能是 `speed`",
            "可取的值：`balanced`、`quality`、`latency`、`cost`",
        ),
        (
            "privacy = 'premisses'\n",
            "line 1: `privacy` cannot be `premisses`",
            "did you mean `premises`?",
            "第 1 行：`privacy` 不能是 `premisses`",
            "是不是想写 `premises`？",
        ),
    ] {
        let [en, en_hint, of_zh, of_zh_hint] = said(text);
        assert_eq!((en, en_hint.as_str()), (format!("`needs.toml`, {message}"), hint));
        assert_eq!((of_zh, of_zh_hint.as_str()), (format!("`needs.toml` {zh}"), zh_hint));
    }
}

#[test]
fn a_value_is_held_against_the_limits_of_its_flag() {
    for (text, message, zh) in [
        (
            "max_ttft = 'soon'\n",
            "`max_ttft`: `soon` is not a time; write it like `90`, `90s`, `2min` or `1h`",
            "`max_ttft`：`soon` 不是时长，写法如 `90`、`90s`、`2min` 或 `1h`",
        ),
        (
            "min = { amie24 = 50 }\n",
            "`min`: unknown benchmark `amie24`, did you mean `aime24`?",
            "`min`：没有基准测试 `amie24`，是不是想写 `aime24`？",
        ),
        (
            "sequences = 1000\n",
            "`sequences`: 1000 is not between 1 and 256",
            "`sequences`：1000 不在 1 到 256 之间",
        ),
        ("spare = 'yes'\n", "`spare` is `true` or `false`", "`spare` 只能是 `true` 或 `false`"),
        (
            "local_only = true\nprivacy = 'open'\n",
            "`local_only` cannot be used with `privacy`",
            "`local_only` 不能与 `privacy` 同时使用",
        ),
        ("context = [1, 2]\n", "`context` takes one value", "`context` 只能有一个值"),
    ] {
        let [en, _, of_zh, _] = said(text);
        assert_eq!(en, format!("`needs.toml`, line 1: {message}"));
        assert_eq!(of_zh, format!("`needs.toml` 第 1 行：{zh}"));
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    for (text, zh) in [
        ("users = 10\nuse_case = coding\n", "没有值，或字符串没有加引号"),
        ("users = 10\nusers = 20\n", "键重复"),
        ("users = 10\nlicence = ['MIT'", "方括号没有闭合"),
        ("users = 10\nmin = { aime24 = 50", "花括号没有闭合"),
        ("users = 10\nuse_case = 'coding\n", "字符串的引号没有闭合"),
        ("users = 10\nuse_case = \"coding\n", "字符串的引号没有闭合"),
        ("users = 10\nusers\n", "键没有值"),
        ("users = 10\n[table\n", "表名的方括号没有闭合"),
    ] {
        let [en, hint, of_zh, _] = said(text);
        assert!(en.starts_with("`needs.toml`, line 2: "), "{text}: {en}");
        assert_eq!(of_zh, format!("`needs.toml` 第 2 行：不是正确的 TOML：{zh}"), "{text}: {en}");
        assert!(hint.contains("--init"), "{hint}");
    }
}
