//! The report as a page: one file that needs nothing else, readable by anybody, with charts that say what its text says.

use std::collections::BTreeSet;

use jiff::civil::date;
use r1_advisor::catalog::Catalog;
use r1_advisor::i18n::Locale;
use r1_advisor::report::{
    Charts, Inventory, OptionKind, Privacy, Report, ReportCurrency, ReportNeeds, Tagged, illustrated,
};
use r1_advisor::units::{Bytes, Usd};

use crate::support::{Ran, program, run};

const NEEDS: [&str; 10] = [
    "--users",
    "300",
    "--requests-per-user-day",
    "20",
    "--prompt-tokens",
    "800",
    "--output-tokens",
    "1200",
    "--model",
    "32b",
];

fn ran(more: &[&str]) -> Ran {
    program(["report"]).with(NEEDS).with(["--date", "2026-11-25"]).with(more).run()
}

fn page(more: &[&str]) -> String {
    ran(&[&["--format", "html"], more].concat()).answers().out().to_owned()
}

/// The values of an attribute, in the order in which they stand.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn a_page_is_one_file_that_asks_for_nothing_else() {
    let page = page(&[]);
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{}", &page[..80]);
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
    for reference in ["<link", "<img", "<iframe", " src=", "@import", "url(", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(reference), "{reference}");
    }
    let links = attributes(&page, "href");
    assert!(links.len() > 10);
    for link in links {
        let target = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads out of the page"));
        assert!(page.contains(&format!(" id=\"{target}\"")), "nothing is called {target}");
    }
    assert!(page.len() < 300_000, "{} bytes are much for a mail", page.len());
}

#[test]
fn the_same_needs_and_day_give_the_same_page() {
    assert_eq!(page(&["--growth", "0.2"]), page(&["--growth", "0.2"]));
}

#[test]
fn a_page_can_be_read_by_those_who_do_not_see_it() {
    let page = page(&["--growth", "0.3"]);
    assert_eq!(page.matches("<h1>").count(), 1);
    let names = attributes(&page, "id");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "an id is there twice");
    let drawings: Vec<&str> = page.split("<svg ").skip(1).collect();
    assert_eq!(drawings.len(), 7);
    for drawing in drawings {
        let told_by = attributes(&format!(" {drawing}"), "aria-labelledby")[0].to_owned();
        for name in told_by.split(' ') {
            assert!(names.contains(&name), "{name}");
        }
        assert!(drawing.contains("<title ") && drawing.contains("<desc "));
    }
    assert_eq!(page.matches("<figure").count(), page.matches("<figcaption").count());
    for cell in page.split("<th").skip(1).filter(|cell| !cell.starts_with("ead")) {
        let tag = cell.split('>').next().unwrap_or_default();
        assert!(tag.contains("scope=\"row\"") || tag.contains("scope=\"col\""), "<th{tag}>");
    }
}

#[test]
fn names_from_a_price_list_are_text_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("prices")).unwrap();
    let hostile = "[[machine]]\nid = \"host-1-card\"\nname = \"<script>alert(1)</script> & 'co'\"\nkind = \"host\"\n\
                   accelerators = 1\nusd = 1000\nidle_kw = 0.08\nnameplate_kw = 0.35\ndate = \"2026-11-20\"\n\
                   source = \"An offer of that day\"\n";
    std::fs::write(folder.path().join("prices/machines.toml"), hostile).unwrap();
    let page = page(&["--catalog", folder.path().to_str().unwrap()]);
    assert!(!page.contains("<script>alert"), "a name became a part of the page");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; 'co'"));
}

#[test]
fn the_end_of_a_file_s_name_says_what_is_written_to_it() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in
        [("a.html", "<!DOCTYPE html>"), ("a.md", "# Serving"), ("a.json", "{"), ("a", "# Serving")]
    {
        let file = folder.path().join(name);
        assert_eq!(ran(&["-o", file.to_str().unwrap()]).exits(0).out(), "");
        assert!(std::fs::read_to_string(&file).unwrap().starts_with(start), "{name}");
    }
}

#[test]
fn without_a_script_the_sliders_are_not_there_and_all_else_is() {
    let page = page(&[]);
    assert!(page.contains("<form id=\"what-if\" hidden>"));
    let data = page.split("id=\"what-if-data\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let data: serde_json::Value = serde_json::from_str(data.expect("the data of the sliders")).unwrap();
    let rows =
        page.split("id=\"options-table\"").nth(1).and_then(|rest| rest.split("</table>").next()).unwrap();
    assert_eq!(data["options"].as_array().unwrap().len(), rows.matches("<tr").count() - 1);
    assert!(rows.contains('$'));
}

#[test]
fn only_a_report_is_a_page() {
    run(["models", "--format", "html"]).exits(2).complains("only `report` has this format");
}

#[test]
fn what_nothing_keeps_is_a_page_all_the_same() {
    let page = page(&["--min-decode", "10000", "--privacy", "premises"]);
    assert!(page.contains("Nothing meets the SLO") && page.contains("</html>"));
}

fn needs(model: &str) -> ReportNeeds {
    let given = |value: f64| Tagged::or(Some(value), value);
    let usual = |value: f64| Tagged::or(None, value);
    ReportNeeds {
        use_case: Tagged::or(None, "general".to_owned()),
        model: Tagged::or(Some(model.to_owned()), model.to_owned()),
        users: given(1000.0),
        requests_per_user_day: given(20.0),
        prompt_tokens: given(1000.0),
        output_tokens: given(2500.0),
        peak_hour_share: usual(0.15),
        burst: usual(1.3),
        cached_share: usual(0.0),
        growth: given(0.3),
        working_days: usual(250.0),
        ttft_seconds: usual(3.0),
        tpot_seconds: usual(0.05),
        spare: Tagged::or(Some(true), true),
        availability: Tagged::or(None, None),
        headroom: usual(0.8),
        vendors: Tagged::or(None, Vec::new()),
        region: Tagged::or(None, None),
        currency: Tagged::or(None, ReportCurrency::usd()),
        inventory: Tagged::or(None, Inventory::default()),
        prices: Tagged::or(None, None),
        privacy: Tagged::or(None, Privacy::Open),
        budget: Tagged::or(None, None),
        years: Tagged::or(None, 3),
        discount_rate: usual(0.08),
        residual_share: usual(0.15),
        usd_per_kwh: Tagged::or(None, Usd(0.1)),
        pue: usual(1.3),
        staff_fte: usual(0.3),
        staff_cost: Tagged::or(None, Usd(150_000.0)),
        measured_in: Tagged::or(None, Vec::new()),
        measured: Vec::new(),
    }
}

fn drawn(model: &str) -> (Report, Charts) {
    let catalog = Catalog::embedded().expect("the catalog");
    let page = illustrated(&needs(model), &catalog, date(2026, 11, 25)).expect("a report");
    (page.report, page.figures.charts)
}

#[test]
fn lines_of_cash_cross_when_the_table_says_that_buying_is_paid_back() {
    let (report, charts) = drawn("r1-671b");
    let cash = charts.cash.expect("cash");
    assert!(!cash.crossings.is_empty(), "{}", cash.reading);
    for crossing in &cash.crossings {
        let (own, other) = (&cash.lines[0], &cash.lines[crossing.with]);
        assert!((own.paid(crossing.months).0 - other.paid(crossing.months).0).abs() < 1e-6 * own.at_start.0);
        let row = report.break_even.iter().find(|row| row.against == other.name && row.kind == other.kind);
        let told = row.and_then(|row| row.payback_months).expect("a payback");
        assert!((told - crossing.months).abs() < 1e-9, "{told} {}", crossing.months);
        let reading = Locale::default().say(&cash.reading);
        assert!(reading.contains(&format!("after {told:.0} months")), "{reading}");
    }
    // A year before the last ends as the table of costs says.
    for line in &cash.lines {
        let told = report.options[line.option].bill.cumulative[1].0;
        assert!((line.paid(12.0).0 - told).abs() <= 1e-6 * told.max(1.0), "{}", line.name);
    }
}

#[test]
fn machines_cost_what_an_api_asks_where_the_table_says_they_break_even() {
    let (report, charts) = drawn("r1-671b");
    let chart = charts.unit_cost.expect("unit cost");
    assert!(!chart.prices.is_empty());
    for line in &chart.prices {
        assert!((chart.cost_at(line.crossing).0 - line.price.0).abs() < 1e-6, "{}", line.name);
        let row =
            report.break_even.iter().find(|row| row.against == line.name && row.kind == OptionKind::Api);
        assert_eq!(row.and_then(|row| row.utilisation), Some(line.crossing));
    }
    let bought = &report.options[report.purchase().expect("a purchase")];
    assert!((chart.cost_at(chart.planned).0 - bought.bill.cost_per_million_tokens.0).abs() < 1e-6);
}

#[test]
fn the_chosen_point_is_on_its_curve_and_keeps_the_promise() {
    let (report, charts) = drawn("r1-671b");
    let load = charts.load.expect("load");
    let chosen = &load.curves[0];
    let deployment = report.options[report.sized().unwrap()].deployment().unwrap();
    assert!((chosen.limit.rate - deployment.requests_per_second).abs() < 1e-9);
    assert!((chosen.limit.in_flight - deployment.in_flight).abs() < 1e-9);
    assert!(chosen.points.contains(&chosen.limit));
    for curve in &load.curves {
        assert!(curve.limit.tpot_p95 <= load.promise.tpot && curve.limit.ttft_p95 <= load.promise.ttft);
    }
    // At the planned peak a replica is used up to the headroom at most.
    assert!(load.at_peak.rate <= chosen.limit.rate * 0.8 + 1e-9);
}

#[test]
fn the_parts_of_the_memory_are_all_of_it() {
    let (_, charts) = drawn("r1-671b");
    let memory = charts.memory.expect("memory");
    let catalog = Catalog::embedded().unwrap();
    let gpu = catalog.accelerator("B200").unwrap();
    assert!(memory.name.to_string().contains("B200"), "{}", memory.name);
    let all: Bytes = memory.parts.iter().map(|part| part.bytes).sum();
    assert_eq!(all, gpu.memory * u64::from(memory.gpus));
}

#[test]
fn the_last_year_of_the_term_needs_what_is_bought_and_more_load_never_needs_less() {
    let (report, charts) = drawn("r1-671b");
    let growth = charts.growth.expect("growth");
    let last = growth.years[growth.term as usize - 1];
    let bought = report.options[report.sized().unwrap()].quantity().unwrap();
    // One of them is to spare.
    assert_eq!(last.units + 1, bought);
    assert!((last.peak - report.load.peak_requests_per_second).abs() < 1e-9);
    assert!(last.peak <= growth.usable && growth.usable <= growth.limit);
    assert!(
        growth.years.windows(2).all(|pair| pair[0].units <= pair[1].units && pair[0].peak < pair[1].peak)
    );
    assert_eq!(growth.years[1].from, date(2027, 11, 25));
}

#[test]
fn the_tornado_is_the_table_of_what_moves_the_cost() {
    let (report, charts) = drawn("r1-671b");
    let tornado = charts.tornado.expect("tornado");
    let table: Vec<_> = report.sensitivity.iter().map(|row| row.swing.clone()).collect();
    assert_eq!(tornado.swings, table);
    assert_eq!(tornado.usual, report.options[report.purchase().unwrap()].bill.yearly_cost);
}
