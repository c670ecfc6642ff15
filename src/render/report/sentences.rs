//! The sentences around the tables.

use super::decision::named;
use crate::report::{OptionKind, PlanOption, Report};
use crate::units::Bytes;

/// What the columns of the options mean.
pub(super) const OPTIONS_NOTE: &str = "All at the same load, promise and years. Used: the mean load of a year as a share of what the working replicas \
     carry within the promise. TTFT and TPOT are at that limit; predictions are off by a quarter now and then.";

/// What the bill leaves open.
pub(super) const BILL_NOTE: &str = "Lead times are the sellers' to say. Memory, disks, network adapters and rails are in the price of a machine; switches, \
     cables and rack are in the share for the network. Taxes and duties are not in.";

/// What the command at the end is for.
pub(super) const AGAIN: &str = "This command, with the same version and catalog, reckons the same again; what was a default is spelled out in it:";

/// From people to requests a second and tokens a year; the rate, which is what counts, on its own.
pub(super) fn load(report: &Report) -> [String; 3] {
    let (needs, load) = (&report.needs, &report.load);
    [
        format!(
            "{:.0} requests a working day. When it is busiest: {:.0} × {:.2} ÷ 3600 × {} = ",
            load.requests_per_day, load.requests_per_day, needs.peak_hour_share.value, needs.burst.value
        ),
        format!("{:.3} requests a second", load.peak_requests_per_second),
        format!(
            ", × {:.0} tokens = {:.0} output tokens a second. Over a year {:.0} million tokens, prompts and answers.",
            needs.output_tokens.value,
            load.peak_output_tokens_per_second,
            load.tokens_per_year / 1e6
        ),
    ]
}

/// What a replica carries and how many there are.
pub(super) fn sizing(report: &Report) -> String {
    let sized = report.sized().map(|at| &report.options[at]);
    let Some((option, deployment)) = sized.and_then(|option| Some((option, option.deployment.as_ref()?)))
    else {
        return "No machine that has a price carries this model.".to_owned();
    };
    let gib = |bytes: u64| Bytes(bytes).to_string();
    format!(
        "{}: {} a replica in {}, {} of weights and {} for the cache, which holds {:.0} requests at full length. Within \
         the promise a replica carries {:.3} requests a second ({:.0} output tok/s, {:.0} in flight); beyond that {} breaks \
         first. Replicas that work: {}; GPUs in all: {}{}.",
        named(option),
        counted(deployment.gpus_per_replica),
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
    )
}

/// What the place must have for what is recommended, or for the machines that were sized.
pub(super) fn site(report: &Report) -> String {
    let sized = report.sized().and_then(|at| report.options[at].deployment.as_ref().map(|one| (at, one)));
    let Some((at, deployment)) = sized.filter(|(_, deployment)| deployment.nameplate_kw > 0.0) else {
        return "What is recommended stands elsewhere: nothing of the place is needed but a network."
            .to_owned();
    };
    let is_chosen = report.recommended.as_ref().is_some_and(|chosen| chosen.option == at);
    let told = format!(
        "{:.1} kW of nameplate power to wire and to cool ({:.0} BTU/h), {:.1} kW drawn on average{}.",
        deployment.nameplate_kw,
        deployment.nameplate_kw * 3412.0,
        deployment.average_kw,
        deployment.rack_units.map(|height| format!(", {height} rack units")).unwrap_or_default()
    );
    let rest = "Whether circuits, cooling, floor and noise of the place bear that is to be checked there: this program does not \
                know the place.";
    if is_chosen {
        format!("{told} {rest}")
    } else {
        format!(
            "What is recommended needs nothing of the place. Were {} bought: {told}",
            report.options[at].name
        )
    }
}

/// Why this model, and what stands beside it.
pub(super) fn models(report: &Report) -> String {
    let Some(asked) = report.models.first() else { return String::new() };
    let precision =
        report.sized().and_then(|at| report.options[at].precision).unwrap_or("the provider's choice");
    let told = format!("{} was asked for; the machines here keep its weights in {precision}.", asked.name);
    let successors = "Successors that only an API serves are among the options, but nothing of their quality is known here.";
    match &report.models[1..] {
        [] => format!("{told} Nothing smaller is among the options. {successors}"),
        others => {
            let names: Vec<&str> = others.iter().map(|model| model.name.as_str()).collect();
            format!(
                "{told} Smaller ones are priced among the options, and what they score stands beside it: {}. {successors}",
                names.join(" and ")
            )
        }
    }
}

fn counted(gpus: u32) -> String {
    if gpus == 1 { "one GPU".to_owned() } else { format!("{gpus} GPUs") }
}

/// What the recommended way, the runner-up and buying cost: the name, and the sums.
pub(super) fn costs(report: &Report) -> Vec<[String; 2]> {
    let mut shown: Vec<&PlanOption> = Vec::new();
    let named_options = [&report.recommended, &report.runner_up].into_iter().flatten();
    shown.extend(named_options.map(|one| &report.options[one.option]));
    if let Some(buy) = report.options.iter().find(|option| option.kind == OptionKind::Buy)
        && !shown.iter().any(|option| option.kind == OptionKind::Buy)
    {
        shown.push(buy);
    }
    shown.iter().map(|option| cost(option)).collect()
}

fn cost(option: &PlanOption) -> [String; 2] {
    let lines: Vec<String> = option.lines.iter().map(|line| format!("{} {}", line.what, line.usd)).collect();
    let paid: Vec<String> = option.cumulative.iter().map(ToString::to_string).collect();
    [
        format!("{} ({})", named(option), option.kind.name()),
        format!(
            "{} a year: {}. Paid by the end of each year, the start first: {}.",
            option.yearly_cost,
            lines.join(", "),
            paid.join(", ")
        ),
    ]
}
