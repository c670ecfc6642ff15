//! What the document says in sentences.

use super::document::Assumption;
use super::needs::{Origin, Privacy, ReportNeeds};
use super::option::{OptionKind, PlanOption};
use crate::catalog::ServingCalibration;

/// What the sums leave out.
pub(super) const NOT_MODELLED: [&str; 6] = [
    "other tenants on rented machines",
    "the network outside of a machine, but for what two servers of one replica exchange",
    "luck with caches of prompts beyond the stated share",
    "the market for used machines, beyond the residual value",
    "taxes, duties and freight",
    "what an outage costs",
];

/// Where a value comes from, as the table of assumptions has it.
pub(super) const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Given => "given",
        Origin::Derived => "derived from the use-case",
        Origin::Default => "default",
    }
}

/// Why an option is named, and what the other would cost.
pub(super) fn reason(option: &PlanOption, other: Option<&PlanOption>, needs: &ReportNeeds) -> String {
    let years = needs.years.value;
    let text = format!("{} over {years} years in today's money", option.net_present_cost);
    match other {
        Some(other) => {
            let share = option.net_present_cost.share_of(other.net_present_cost) * 100.0;
            format!("{text}, {share:.0} % of what {} ({}) costs", other.name, other.kind.name())
        }
        None => text,
    }
}

/// Risks, the gravest first, of what was chosen.
pub(super) fn risks(chosen: Option<&PlanOption>) -> Vec<String> {
    let common = [
        "Demand stays below the forecast, and what was bought stands idle: start with the load that is there, keep the date of the next step open.",
        "Real throughput is below the prediction: hold the delivery to the acceptance test before paying.",
        "The model is superseded within the term: machines serve another one, contracts for one model do not.",
        "Reasoning answers are longer than assumed: measure them in a pilot, for cost goes with their length.",
    ];
    let own: &[&str] = match chosen.map(|option| option.kind) {
        Some(OptionKind::Buy | OptionKind::SmallerModel) => &[
            "Price or delivery slips: prices of GPUs and memory rose through 2026; ask how long an offer holds.",
            "Power and cooling are not ready: check circuits and heat against the nameplate power first.",
            "A single machine is a single point of failure: `--spare` adds one.",
            "Consumer cards have no support in a data centre, and their driver's licence may forbid it (recalled, not seen).",
        ],
        Some(OptionKind::RentReserved | OptionKind::RentOnDemand) => &[
            "The rent rises at the end of the term, or capacity is not there on demand.",
            "Data lies on machines of others: agree on place, deletion and access.",
        ],
        Some(OptionKind::Api) => &[
            "The provider changes the model or its price, or ends it: pin the version, name a second provider.",
            "Prompts are logged or leave the region: agree on retention and place.",
            "Nobody promises latency: measure it at the hour that matters.",
        ],
        _ => &[],
    };
    own.iter().chain(&common).map(|risk| (*risk).to_owned()).collect()
}

/// Every figure, with where it comes from.
pub(super) fn assumptions(
    needs: &ReportNeeds,
    options: &[PlanOption],
    calibration: &ServingCalibration,
) -> Vec<Assumption> {
    let mut all = Vec::new();
    let mut add = |what: &str, value: String, tag: Origin| {
        all.push(Assumption {
            what: what.to_owned(),
            value,
            source: origin(tag).to_owned(),
            confidence: None,
        });
    };
    add("use-case", needs.use_case.value.clone(), needs.use_case.origin);
    add("model", needs.model.value.clone(), needs.model.origin);
    add("users", format!("{:.0}", needs.users.value), needs.users.origin);
    add(
        "requests per user and working day",
        format!("{}", needs.requests_per_user_day.value),
        needs.requests_per_user_day.origin,
    );
    add("tokens of a prompt", format!("{:.0}", needs.prompt_tokens.value), needs.prompt_tokens.origin);
    add(
        "tokens of an answer, thinking included",
        format!("{:.0}", needs.output_tokens.value),
        needs.output_tokens.origin,
    );
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    add("share of the busiest hour", percent(needs.peak_hour_share.value), needs.peak_hour_share.origin);
    add("burst inside of it", format!("× {}", needs.burst.value), needs.burst.origin);
    add("share of prompts seen before", percent(needs.cached_share.value), needs.cached_share.origin);
    add("growth a year", percent(needs.growth.value), needs.growth.origin);
    add("working days a year", format!("{:.0}", needs.working_days.value), needs.working_days.origin);
    add("TTFT at p95", format!("{} s", needs.ttft_seconds.value), needs.ttft_seconds.origin);
    add("TPOT at p95", format!("{:.0} ms", needs.tpot_seconds.value * 1e3), needs.tpot_seconds.origin);
    add("used at the peak", percent(needs.headroom.value), needs.headroom.origin);
    add("a spare machine", if needs.spare.value { "yes" } else { "no" }.to_owned(), needs.spare.origin);
    add("where data may go", privacy(needs.privacy.value).to_owned(), needs.privacy.origin);
    add("years", needs.years.value.to_string(), needs.years.origin);
    add("discount rate", percent(needs.discount_rate.value), needs.discount_rate.origin);
    add("residual value", percent(needs.residual_share.value), needs.residual_share.origin);
    add("a kilowatt-hour", needs.usd_per_kwh.value.to_string(), needs.usd_per_kwh.origin);
    add("PUE", needs.pue.value.to_string(), needs.pue.origin);
    add("people to run it", format!("{} of a full-time job", needs.staff_fte.value), needs.staff_fte.origin);
    add("a full-time job, a year", needs.staff_cost.value.to_string(), needs.staff_cost.origin);
    let mut seen = Vec::new();
    for price in options.iter().flat_map(|option| &option.prices) {
        if seen.contains(&(&price.of, &price.price)) {
            continue;
        }
        seen.push((&price.of, &price.price));
        all.push(Assumption {
            what: price.of.clone(),
            value: price.price.clone(),
            source: format!("{}, {}{}", price.source, price.date, if price.is_stale { " (old)" } else { "" }),
            confidence: Some(price.confidence),
        });
    }
    let spread = calibration.tpot;
    all.push(Assumption {
        what: "time between tokens, as measured over predicted".to_owned(),
        value: format!("{:.2} to {:.2}, four times of five", spread.low, spread.high),
        source: format!("{} published runs, each predicted without its deployment", spread.measurements),
        confidence: None,
    });
    let spread = calibration.throughput;
    all.push(Assumption {
        what: "throughput, as measured over predicted".to_owned(),
        value: format!("{:.2} to {:.2}, four times of five", spread.low, spread.high),
        source: format!("{} published runs, each predicted without its deployment", spread.measurements),
        confidence: None,
    });
    for (what, value, source) in [
        ("network, setting up and spare parts, of the machines' price", "12 %, 3 %, 3 %", GUIDES),
        ("support a year, of the machines' price", "5 %", GUIDES),
        (
            "storage, traffic and services on top of rented GPUs",
            "30 %",
            "the lower end of what public sizing guides state",
        ),
        (
            "power of a busy machine, of its nameplate",
            "75 %",
            "10.4 of 14.3 kW of eight B200 under load, MLPerf v5.1",
        ),
    ] {
        all.push(Assumption {
            what: what.to_owned(),
            value: value.to_owned(),
            source: source.to_owned(),
            confidence: None,
        });
    }
    all
}

/// Where the middle was taken of what several guides say.
const GUIDES: &str = "the middle of what public sizing guides state";

/// Where data may go, in words.
pub(super) const fn privacy(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Open => "anywhere",
        Privacy::Rented => "to rented machines, not to an API",
        Privacy::Premises => "nowhere: it stays on the premises",
    }
}
