use std::io;

use super::{Align, Grid, Style, View, wrapped};
use crate::report::{OptionKind, PlanOption, Report};
use crate::units::Seconds;

/// The document that a purchase is decided by.
#[derive(Debug)]
pub struct ReportView {
    /// The document.
    pub report: Report,
}

impl View for ReportView {
    type Data = Report;

    fn data(&self) -> &Report {
        &self.report
    }

    fn grid(&self) -> Grid {
        options_grid(&self.report)
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("kind", Align::Left),
            ("name", Align::Left),
            ("model", Align::Left),
            ("precision", Align::Left),
            ("quantity", Align::Right),
            ("capex_usd", Align::Right),
            ("yearly_cost_usd", Align::Right),
            ("net_present_cost_usd", Align::Right),
            ("cost_per_million_tokens_usd", Align::Right),
            ("utilisation", Align::Right),
            ("ttft_p95_seconds", Align::Right),
            ("tpot_p95_seconds", Align::Right),
            ("meets_slo", Align::Left),
            ("excluded", Align::Left),
        ]);
        let number = |figure: Option<f64>| figure.map(|figure| format!("{figure:.4}")).unwrap_or_default();
        for option in &self.report.options {
            grid.push(vec![
                option.kind.name().to_owned(),
                option.name.clone(),
                option.model.clone(),
                option.precision.unwrap_or_default().to_owned(),
                option.quantity.map(|count| count.to_string()).unwrap_or_default(),
                format!("{:.0}", option.capex.0),
                format!("{:.0}", option.yearly_cost.0),
                format!("{:.0}", option.net_present_cost.0),
                format!("{:.4}", option.cost_per_million_tokens.0),
                number(option.utilisation),
                number(option.ttft_p95_seconds.map(|time| time.0)),
                number(option.tpot_seconds.map(|time| time.0)),
                option.meets_slo.map(|kept| kept.to_string()).unwrap_or_default(),
                option.excluded.clone().unwrap_or_default(),
            ]);
        }
        grid
    }

    fn markdown(&self, out: &mut dyn io::Write) -> io::Result<()> {
        Sections(&self.report).write(out)
    }

    fn draw(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let report = &self.report;
        for warning in &report.warnings {
            wrapped("! ", warning, style, out)?;
        }
        wrapped("", &decision(report), style, out)?;
        writeln!(out)?;
        options_grid(report).text(style, out)?;
        wrapped(
            "",
            "Every option at the same load and promise. NPV: all that is paid over the term, in today's money. $/M: a million \
             tokens, prompts and answers, at the load that there is. Kept: yes, no, or ? where nobody promises.",
            style,
            out,
        )?;
        for line in report.flip_points.iter().chain(&report.relaxations) {
            wrapped("  - ", line, style, out)?;
        }
        writeln!(out, "\nThe whole document: --format markdown; the tables: --format csv or json")
    }
}

/// What to do, in a paragraph.
fn decision(report: &Report) -> String {
    let needs = &report.needs;
    let served = format!(
        "{:.0} users with {} requests a day ({:.2} requests a second when it is busiest), prompts of {:.0} and answers of {:.0} tokens, TTFT within {} and TPOT within {:.0} ms for 95 of 100",
        needs.users.value,
        needs.requests_per_user_day.value,
        report.load.peak_requests_per_second,
        needs.prompt_tokens.value,
        needs.output_tokens.value,
        Seconds(needs.ttft_seconds.value),
        needs.tpot_seconds.value * 1e3
    );
    let Some(chosen) = &report.recommended else {
        return format!("Nothing keeps the promise within the limits for {served}.");
    };
    let option = &report.options[chosen.option];
    let quantity = match (option.kind, option.quantity) {
        (OptionKind::RentOnDemand | OptionKind::RentReserved, Some(count)) => format!("{count} GPUs: "),
        (_, Some(count)) => format!("{count} × "),
        (_, None) => String::new(),
    };
    let text = format!(
        "Recommended: {} {quantity}{} for {served}. {}.",
        option.kind.name(),
        option.name,
        chosen.reason
    );
    match &report.runner_up {
        Some(other) => format!("{text} Runner-up: {} {}.", other.kind.name(), other.name),
        None => text,
    }
}

fn options_grid(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("", Align::Left),
        ("way", Align::Left),
        ("what", Align::Left),
        ("of it", Align::Right),
        ("up front", Align::Right),
        ("a year", Align::Right),
        ("NPV", Align::Right),
        ("$/M", Align::Right),
        ("TPOT", Align::Right),
        ("kept", Align::Left),
    ]);
    let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
    for (at, option) in report.options.iter().enumerate() {
        grid.push(vec![
            if chosen == Some(at) { "→" } else { "" }.to_owned(),
            option.kind.name().to_owned(),
            named(option),
            option.quantity.map(|count| count.to_string()).unwrap_or_default(),
            option.capex.to_string(),
            option.yearly_cost.to_string(),
            option.net_present_cost.to_string(),
            format!("{:.2}", option.cost_per_million_tokens.0),
            option.tpot_seconds.map(|time| format!("{:.0} ms", time.0 * 1e3)).unwrap_or_default(),
            kept(option),
        ]);
    }
    grid
}

/// Its name, with the model where that is another one, and how its weights are kept.
fn named(option: &PlanOption) -> String {
    match (option.kind, option.precision) {
        (OptionKind::SmallerModel, Some(precision)) => {
            format!("{} in {precision} on {}", option.model, option.name)
        }
        (_, Some(precision)) => format!("{}, {precision}", option.name),
        (_, None) => option.name.clone(),
    }
}

fn kept(option: &PlanOption) -> String {
    match (&option.excluded, option.meets_slo) {
        (Some(reason), _) => format!("excluded: {reason}"),
        (None, Some(true)) => "yes".to_owned(),
        (None, Some(false)) => "no".to_owned(),
        (None, None) => "?".to_owned(),
    }
}

/// The sections of the document, in the order in which it is read.
struct Sections<'a>(&'a Report);

impl Sections<'_> {
    fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        writeln!(out, "# Serving {}: what to buy, rent or call\n", report.needs.model.value)?;
        writeln!(out, "{} · r1-advisor {}\n", report.date, report.version)?;
        for warning in &report.warnings {
            writeln!(out, "> **Note.** {warning}\n")?;
        }
        section("1. Decision", out)?;
        writeln!(out, "{}\n", decision(report))?;
        section("2. Requirements", out)?;
        self.requirements(out)?;
        section("3. Load", out)?;
        self.load(out)?;
        section("4. Options", out)?;
        self.options(out)?;
        section("5. Sizing", out)?;
        self.sizing(out)?;
        section("6. Cost by year", out)?;
        self.cost(out)?;
        section("7. Break-even", out)?;
        self.break_even(out)?;
        section("8. Sensitivity", out)?;
        self.sensitivity(out)?;
        section("9. Risks", out)?;
        bullets(&report.risks, out)?;
        section("10. How to start it", out)?;
        code(&report.launch, out)?;
        section("11. Acceptance test", out)?;
        if let Some((command, rest)) = report.acceptance.split_first() {
            code(std::slice::from_ref(command), out)?;
            bullets(rest, out)?;
        }
        section("12. Assumptions", out)?;
        self.assumptions(out)?;
        section("13. What is not modelled", out)?;
        for what in &report.not_modelled {
            writeln!(out, "- {what}")?;
        }
        writeln!(out)?;
        section("14. Sign-off", out)?;
        let mut grid = Grid::new(&[
            ("role", Align::Left),
            ("name", Align::Left),
            ("date", Align::Left),
            ("conditions", Align::Left),
        ]);
        for role in ["requester", "technical", "finance", "security", "procurement", "legal"] {
            grid.push(vec![role.to_owned(), String::new(), String::new(), String::new()]);
        }
        grid.markdown(out)
    }

    fn requirements(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut grid = Grid::new(&[("what", Align::Left), ("value", Align::Left), ("", Align::Left)]);
        for assumption in &self.0.assumptions {
            if ["given", "default"].contains(&assumption.source.as_str()) {
                grid.push(vec![assumption.what.clone(), assumption.value.clone(), assumption.source.clone()]);
            }
        }
        grid.markdown(out)?;
        writeln!(out)
    }

    fn load(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let (needs, load) = (&self.0.needs, &self.0.load);
        writeln!(
            out,
            "{:.0} requests a working day. When it is busiest: {:.0} × {:.2} ÷ 3600 × {} = **{:.3} requests a second**, \
             × {:.0} tokens = {:.0} output tokens a second. Over a year {:.0} million tokens, prompts and answers.\n",
            load.requests_per_day,
            load.requests_per_day,
            needs.peak_hour_share.value,
            needs.burst.value,
            load.peak_requests_per_second,
            needs.output_tokens.value,
            load.peak_output_tokens_per_second,
            load.tokens_per_year / 1e6
        )
    }

    fn options(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        let mut grid = Grid::new(&[
            ("way", Align::Left),
            ("what", Align::Left),
            ("of it", Align::Right),
            ("up front", Align::Right),
            ("a year", Align::Right),
            ("NPV", Align::Right),
            ("$/M tokens", Align::Right),
            ("a user and month", Align::Right),
            ("used", Align::Right),
            ("TTFT p95", Align::Right),
            ("TPOT p95", Align::Right),
            ("kept", Align::Left),
        ]);
        let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
        for (at, option) in report.options.iter().enumerate() {
            let name = match (&option.excluded, chosen == Some(at)) {
                (Some(_), _) => format!("~~{}~~", named(option)),
                (None, true) => format!("**{}**", named(option)),
                (None, false) => named(option),
            };
            grid.push(vec![
                option.kind.name().to_owned(),
                name,
                option.quantity.map(|count| count.to_string()).unwrap_or_default(),
                option.capex.to_string(),
                option.yearly_cost.to_string(),
                option.net_present_cost.to_string(),
                format!("{:.2}", option.cost_per_million_tokens.0),
                option.cost_per_user_month.to_string(),
                option.utilisation.map(|share| format!("{:.0} %", share * 100.0)).unwrap_or_default(),
                option.ttft_p95_seconds.map(|time| time.to_string()).unwrap_or_default(),
                option.tpot_seconds.map(|time| format!("{:.0} ms", time.0 * 1e3)).unwrap_or_default(),
                kept(option),
            ]);
        }
        grid.markdown(out)?;
        writeln!(
            out,
            "\nAll at the same load, promise and years. Used: the mean load of a year as a share of what the working replicas \
             carry within the promise. TTFT and TPOT are at that limit; predictions are off by a quarter now and then.\n"
        )
    }

    fn sizing(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        let sized = report.recommended.as_ref().map(|chosen| &report.options[chosen.option]);
        let sized = sized
            .filter(|option| option.deployment.is_some())
            .or_else(|| report.options.iter().find(|option| option.deployment.is_some()));
        let Some((option, deployment)) = sized.and_then(|option| Some((option, option.deployment.as_ref()?)))
        else {
            return writeln!(out, "No machine that has a price carries this model.\n");
        };
        let gib = |bytes: u64| crate::units::Bytes(bytes).to_string();
        writeln!(
            out,
            "{}: {} GPUs a replica in {}, {} of weights and {} for the cache, which holds {:.0} requests at full length. Within \
             the promise a replica carries {:.3} requests a second ({:.0} output tok/s, {:.0} in flight); beyond that {} breaks \
             first. Replicas that work: {}; GPUs in all: {}{}.\n",
            named(option),
            deployment.gpus_per_replica,
            deployment.engine,
            gib(deployment.weights_bytes),
            gib(deployment.cache_bytes),
            deployment.cache_wall,
            deployment.requests_per_second,
            deployment.output_tokens_per_second,
            deployment.in_flight,
            deployment.binding,
            deployment.replicas,
            deployment.gpus,
            if report.needs.spare.value { ", the spare ones included" } else { "" }
        )?;
        if deployment.nameplate_kw > 0.0 {
            writeln!(
                out,
                "Site: {:.1} kW of nameplate power to wire and to cool ({:.0} BTU/h), {:.1} kW drawn on average{}.\n",
                deployment.nameplate_kw,
                deployment.nameplate_kw * 3412.0,
                deployment.average_kw,
                deployment.rack_units.map(|height| format!(", {height} rack units")).unwrap_or_default()
            )?;
        }
        bullets(&report.relaxations, out)
    }

    fn cost(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        let mut shown: Vec<&PlanOption> = Vec::new();
        let named_options = [&report.recommended, &report.runner_up].into_iter().flatten();
        shown.extend(named_options.map(|one| &report.options[one.option]));
        if let Some(buy) = report.options.iter().find(|option| option.kind == OptionKind::Buy)
            && !shown.iter().any(|option| option.kind == OptionKind::Buy)
        {
            shown.push(buy);
        }
        for option in shown {
            let lines: Vec<String> =
                option.lines.iter().map(|line| format!("{} {}", line.what, line.usd)).collect();
            let paid: Vec<String> = option.cumulative.iter().map(ToString::to_string).collect();
            writeln!(
                out,
                "**{} ({})**: {} a year: {}. Paid by the end of each year, the start first: {}.\n",
                named(option),
                option.kind.name(),
                option.yearly_cost,
                lines.join(", "),
                paid.join(", ")
            )?;
        }
        Ok(())
    }

    fn break_even(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        if report.break_even.is_empty() {
            return writeln!(out, "Nothing that can be bought keeps the promise.\n");
        }
        let mut grid = Grid::new(&[
            ("against", Align::Left),
            ("way", Align::Left),
            ("used above", Align::Right),
            ("million tokens a month above", Align::Right),
            ("paid back in", Align::Right),
        ]);
        for one in &report.break_even {
            grid.push(vec![
                one.against.clone(),
                one.kind.name().to_owned(),
                one.utilisation
                    .map(
                        |share| {
                            if share > 1.0 { "never".to_owned() } else { format!("{:.0} %", share * 100.0) }
                        },
                    )
                    .unwrap_or_default(),
                one.tokens_per_month.map(|tokens| format!("{:.0}", tokens / 1e6)).unwrap_or_default(),
                one.payback_months.map_or_else(|| "never".to_owned(), |months| format!("{months:.0} months")),
            ]);
        }
        writeln!(out, "Buying the cheapest machines that keep the promise is cheaper than\n")?;
        grid.markdown(out)?;
        writeln!(out)?;
        bullets(&report.flip_points, out)
    }

    fn sensitivity(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut grid = Grid::new(&[
            ("a year of owning, when", Align::Left),
            ("low", Align::Right),
            ("high", Align::Right),
            ("costs at low", Align::Right),
            ("costs at high", Align::Right),
        ]);
        for one in &self.0.sensitivity {
            let swing = &one.swing;
            grid.push(vec![
                swing.driver.clone(),
                swing.values[0].to_string(),
                swing.values[2].to_string(),
                swing.costs[0].to_string(),
                swing.costs[1].to_string(),
            ]);
        }
        grid.markdown(out)?;
        writeln!(out)
    }

    fn assumptions(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut grid = Grid::new(&[
            ("what", Align::Left),
            ("value", Align::Left),
            ("source", Align::Left),
            ("confidence", Align::Left),
        ]);
        for assumption in &self.0.assumptions {
            let confidence =
                assumption.confidence.map(|one| format!("{one:?}").to_lowercase()).unwrap_or_default();
            grid.push(vec![
                assumption.what.clone(),
                assumption.value.clone(),
                assumption.source.clone(),
                confidence,
            ]);
        }
        grid.markdown(out)?;
        writeln!(out)
    }
}

fn section(title: &str, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## {title}\n")
}

fn bullets(lines: &[String], out: &mut dyn io::Write) -> io::Result<()> {
    for line in lines {
        writeln!(out, "- {line}")?;
    }
    writeln!(out)
}

fn code(lines: &[String], out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "```sh")?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "```\n")
}
