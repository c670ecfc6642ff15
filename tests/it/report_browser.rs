//! The page in a real browser: no complaint in its console, and sliders that show what the program itself reckons.
//!
//! Ignored unless asked for, since it needs Chromium: `cargo test --test it -- --ignored report_browser`. It is looked
//! for as `chromium`, `chromium-browser` and `google-chrome`, or where `R1_ADVISOR_BROWSER` says.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use r1_advisor::i18n::{Lang, Locale};
use r1_advisor::message::percent;
use r1_advisor::report::milliseconds;
use r1_advisor::units::{Seconds, Usd};

use crate::support::{Ran, program};

const NEEDS: [&str; 4] = ["--users", "1000", "--requests-per-user-day", "20"];

/// What the page is made from.
const PLANNED: [&str; 8] =
    ["--prompt-tokens", "1000", "--output-tokens", "2500", "--min-decode", "20", "--working-days", "250"];

fn report(more: &[&str]) -> Ran {
    program(["report"]).with(NEEDS).with(["--date", "2026-11-25"]).with(more).run()
}

fn reckoned(more: &[&str]) -> Value {
    report(&[more, &["--format", "json"]].concat()).json()
}

fn browser() -> PathBuf {
    if let Some(path) = std::env::var_os("R1_ADVISOR_BROWSER") {
        return path.into();
    }
    let folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found
        .into_iter()
        .find(|path| path.is_file())
        .expect("Chromium is installed, or R1_ADVISOR_BROWSER names it")
}

/// What a page looks like to a reader once it is loaded, with `script` run after its own.
fn opened(folder: &Path, page: &str, script: &str) -> String {
    let file = folder.join("page.html");
    std::fs::write(&file, page.replace("</body>", &format!("<script>{script}</script></body>")))
        .expect("a page");
    let ran = Ran::from(
        Command::new(browser())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--enable-logging=stderr",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
            ])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .args(["--virtual-time-budget=2000", "--dump-dom"])
            .arg(format!("file://{}", file.display()))
            .output()
            .expect("Chromium runs"),
    );
    assert!(!ran.errors().contains(":CONSOLE"), "{}", ran.errors());
    ran.out().to_owned()
}

/// Moves sliders as a reader does, and writes the rows of both tables where the test finds them.
fn moving(settings: &[(&str, usize)]) -> String {
    let moves: Vec<String> = settings
        .iter()
        .map(|(name, stop)| {
            format!(
                "f.elements['{name}'].value='{stop}';\
                 f.elements['{name}'].dispatchEvent(new Event('input',{{bubbles:true}}));"
            )
        })
        .collect();
    format!(
        "const f=document.getElementById('what-if');{}\
         const rows=id=>[...document.querySelectorAll('#'+id+' tbody tr')].map(r=>[...r.cells].map(c=>c.textContent.trim()));\
         const probe=document.createElement('pre');probe.id='probe';\
         probe.textContent=JSON.stringify([rows('options-table'),rows('break-even-table'),\
         document.getElementById('what-if-answer').textContent,f.hidden]);document.body.append(probe);",
        moves.concat()
    )
}

struct Shown {
    options: Vec<Vec<String>>,
    break_even: Vec<Vec<String>>,
    answer: String,
}

fn shown(folder: &Path, page: &str, settings: &[(&str, usize)]) -> Shown {
    let dom = opened(folder, page, &moving(settings));
    let probe = dom.split("id=\"probe\">").nth(1).and_then(|rest| rest.split("</pre>").next()).expect("rows");
    let text = probe.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let (options, break_even, answer, hidden): (_, _, _, bool) = serde_json::from_str(&text).expect("JSON");
    assert!(!hidden, "the sliders are hidden");
    Shown { options, break_even, answer }
}

/// The row of an option as the program writes it.
fn row(option: &Value) -> Vec<String> {
    row_in(&Locale::default(), option)
}

fn row_in(locale: &Locale, option: &Value) -> Vec<String> {
    let usd = |key: &str| locale.show(Usd(option[key].as_f64().expect("an amount")));
    let time = |key: &str| option[key].as_f64();
    vec![
        option["quantity"].as_u64().map(|count| count.to_string()).unwrap_or_default(),
        usd("capex"),
        usd("yearly_cost"),
        usd("net_present_cost"),
        usd("cost_per_million_tokens"),
        usd("cost_per_user_month"),
        option["utilisation"].as_f64().map(|share| locale.show(percent(share, 0))).unwrap_or_default(),
        time("ttft_p95_seconds").map(|time| locale.show(Seconds(time))).unwrap_or_default(),
        time("tpot_seconds").map(|time| locale.show(milliseconds(Seconds(time)))).unwrap_or_default(),
    ]
}

/// Rows of the page that the program has, too, when it is asked anew: each must say the same. Returns how many.
fn agree(shown: &Shown, page: &Value, anew: &Value) -> usize {
    let moved = !std::ptr::eq(page, anew);
    let (planned, anew) =
        (page["options"].as_array().expect("rows"), anew["options"].as_array().expect("rows"));
    assert_eq!(shown.options.len(), planned.len());
    let mut compared = 0;
    for (cells, planned) in shown.options.iter().zip(planned) {
        // Its peak is worked out hour by hour, which the page cannot: it stays as planned, and pales.
        if moved && planned["kind"] == "hybrid" {
            continue;
        }
        let is_same = |other: &&Value| {
            ["kind", "name", "model", "precision"].iter().all(|key| other[key] == planned[key])
        };
        if let Some(other) = anew.iter().find(is_same) {
            assert_eq!(cells[2..11], row(other), "{}", planned["name"]);
            compared += 1;
        }
    }
    compared
}

#[test]
#[ignore = "needs Chromium"]
fn sliders_show_what_the_program_reckons() {
    let folder = tempfile::tempdir().unwrap();
    let page = report(&[&PLANNED[..], &["--format", "html"]].concat()).out().to_owned();
    let planned = reckoned(&PLANNED);

    let as_planned = shown(folder.path(), &page, &[]);
    assert_eq!(agree(&as_planned, &planned, &planned), planned["options"].as_array().unwrap().len());
    let table = planned["break_even"].as_array().unwrap();
    assert_eq!(as_planned.break_even.len(), table.len());
    for (cells, row) in as_planned.break_even.iter().zip(table) {
        let share = row["utilisation"].as_f64();
        let told = share
            .map(|share| if share > 1.0 { "never".to_owned() } else { format!("{:.0} %", share * 100.0) });
        assert_eq!(cells[2], told.unwrap_or_default(), "{}", row["against"]);
        let paid = row["payback_months"].as_f64();
        let told = match paid {
            None => "never".to_owned(),
            Some(months) if months > 120.0 => "over 10 years".to_owned(),
            Some(months) => format!("{months:.0} months"),
        };
        assert_eq!(cells[4], told, "{}", row["against"]);
    }
    let recommended = planned["recommended"]["name"].as_str().unwrap();
    assert!(as_planned.answer.contains(recommended), "{}", as_planned.answer);

    // The stops of answers and promises are 0.5, 0.75, 1, 1.5, 2 and 0.6, 0.8, 1, 1.5, 2 times what is planned.
    for (answer, tokens, tpot, speed) in [
        (0, "1250", 2, "20"),
        (4, "5000", 2, "20"),
        // 1 ÷ 0.6 of 20 tok/s.
        (2, "2500", 0, "33.333333333333336"),
        (3, "3750", 4, "10"),
    ] {
        let moved = shown(folder.path(), &page, &[("answer", answer), ("tpot", tpot)]);
        let needs = [
            "--prompt-tokens",
            "1000",
            "--output-tokens",
            tokens,
            "--min-decode",
            speed,
            "--working-days",
            "250",
        ];
        let compared = agree(&moved, &planned, &reckoned(&needs));
        assert!(compared >= 15, "{compared} rows at {tokens} tokens, {speed} tok/s");
    }
}

#[test]
#[ignore = "needs Chromium"]
fn a_page_in_chinese_answers_its_sliders_in_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let in_chinese = |format: &str| report(&[&PLANNED[..], &["--lang", "zh", "--format", format]].concat());
    let page = in_chinese("html").out().to_owned();
    let planned = in_chinese("json").json();
    let as_planned = shown(folder.path(), &page, &[]);
    for (cells, option) in as_planned.options.iter().zip(planned["options"].as_array().unwrap()) {
        assert_eq!(cells[2..11], row_in(&Locale::new(Lang::of_locale("zh")), option), "{}", option["name"]);
    }
    let recommended = &as_planned.options[planned["recommended"]["option"].as_u64().unwrap() as usize];
    let answer = as_planned.answer.strip_prefix("按此设置，最便宜的方案：").expect("an answer");
    let (name, _) = answer.split_once("，期限内").expect("a cost behind the name");
    assert!(recommended[1].starts_with(name), "{name}: {recommended:?}");
    let moved = shown(folder.path(), &page, &[("tpot", 0), ("answer", 4)]);
    assert_ne!(moved.options, as_planned.options);
}

#[test]
#[ignore = "needs Chromium"]
fn no_words_of_a_chart_leave_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = "const out=[];for(const svg of document.querySelectorAll('svg')){const all=svg.viewBox.baseVal;\
                  for(const text of svg.querySelectorAll('text')){const box=text.getBBox();\
                  if(box.x<0||box.x+box.width>all.width||box.y<0||box.y+box.height>all.height)out.push(text.textContent);}}\
                  const probe=document.createElement('pre');probe.id='probe';probe.textContent=JSON.stringify(out);\
                  document.body.append(probe);";
    for lang in ["en", "zh"] {
        for model in ["32b", "671b"] {
            let needs = ["--model", model, "--privacy", "premises", "--growth", "0.3", "--format", "html"];
            let page = report(&[&PLANNED[..], &needs, &["--lang", lang]].concat());
            let dom = opened(folder.path(), page.out(), script);
            let probe = dom.split("id=\"probe\">").nth(1).and_then(|rest| rest.split("</pre>").next());
            assert_eq!(probe, Some("[]"), "{model} in {lang}");
        }
    }
}

#[test]
#[ignore = "needs Chromium"]
fn prices_and_use_are_reckoned_as_the_program_does() {
    let folder = tempfile::tempdir().unwrap();
    // One machine, and one API, at prices of the test's own, so that they can be changed.
    let listed = |factor: f64| {
        format!(
            "[[machine]]\nid = \"server-8x-b200\"\nname = \"Server with 8 NVIDIA B200\"\nkind = \"server\"\n\
             accelerator = \"b200-sxm\"\naccelerators = 8\nusd = {}\nidle_kw = 2.0\nnameplate_kw = 14.3\n\
             date = \"2026-11-20\"\nsource = \"An offer of that day\"\n",
            400_000.0 * factor
        )
    };
    let prices = folder.path().join("catalog/prices");
    std::fs::create_dir_all(&prices).unwrap();
    let catalog = folder.path().join("catalog");
    let asked = |factor: f64, days: &str, format: &str| {
        std::fs::write(prices.join("machines.toml"), listed(factor)).unwrap();
        let mut needs = PLANNED.to_vec();
        needs[7] = days;
        report(&[&needs[..], &["--format", format, "--catalog", catalog.to_str().unwrap()]].concat())
    };
    let page = asked(1.0, "250", "html").out().to_owned();
    let data =
        page.split("id=\"what-if-data\">").nth(1).and_then(|rest| rest.split("</script>").next()).unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let planned = asked(1.0, "250", "json").json();

    // 1.3 times the price of machines: the sixth stop.
    assert!((data["machine_price"]["stops"][5].as_f64().unwrap() - 1.3).abs() < 1e-9);
    let dearer = asked(1.3, "250", "json").json();
    let moved = shown(folder.path(), &page, &[("machine_price", 5)]);
    let of = |value: &Value| {
        let all = value["options"].as_array().unwrap();
        all.iter().position(|option| option["name"] == "Server with 8 NVIDIA B200").expect("the machine")
    };
    assert_eq!(moved.options[of(&planned)][2..11], row(&dearer["options"][of(&dearer)]));

    // A load that is spread more evenly: as many requests as on more days, and no higher peak.
    let stops = data["load"]["stops"].as_array().unwrap();
    let usual = stops[data["load"]["planned"].as_u64().unwrap() as usize].as_f64().unwrap();
    let stop = stops.iter().position(|stop| (stop.as_f64().unwrap() - 0.2).abs() < 1e-9).unwrap();
    let days = format!("{}", 250.0 * 0.2 / usual);
    let busier = asked(1.0, &days, "json").json();
    let moved = shown(folder.path(), &page, &[("load", stop)]);
    assert!(agree(&moved, &planned, &busier) >= 20);

    // Twice the price of APIs: twice the bill.
    let stops = data["api_price"]["stops"].as_array().unwrap();
    let stop = stops.iter().position(|stop| (stop.as_f64().unwrap() - 2.0).abs() < 1e-9).unwrap();
    let moved = shown(folder.path(), &page, &[("api_price", stop)]);
    for (cells, option) in moved.options.iter().zip(planned["options"].as_array().unwrap()) {
        let factor = if option["kind"] == "api" { 2.0 } else { 1.0 };
        assert_eq!(cells[4], Locale::default().show(Usd(option["yearly_cost"].as_f64().unwrap() * factor)));
        let million = option["cost_per_million_tokens"].as_f64().unwrap() * factor;
        assert_eq!(cells[6], Locale::default().show(Usd(million)));
    }
}
