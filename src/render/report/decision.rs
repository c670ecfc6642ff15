use crate::report::{OptionKind, PlanOption, Report};
use crate::units::Seconds;

/// What to do, in a paragraph.
pub(super) fn decision(report: &Report) -> String {
    let served = served(report);
    let Some(chosen) = &report.recommended else {
        return format!("Nothing keeps the promise within the limits for {served}.");
    };
    let option = &report.options[chosen.option];
    let text = format!(
        "Recommended: {} {}{} for {served}. {}.",
        option.kind.name(),
        quantity(option),
        option.name,
        chosen.reason
    );
    match &report.runner_up {
        Some(other) => format!("{text} Runner-up: {} {}.", other.kind.name(), other.name),
        None => text,
    }
}

/// Whom it serves, how much, and what they are promised.
pub(super) fn served(report: &Report) -> String {
    let needs = &report.needs;
    format!(
        "{:.0} users with {} requests a day ({:.2} requests a second when it is busiest), prompts of {:.0} and answers of {:.0} tokens, TTFT within {} and TPOT within {:.0} ms for 95 of 100",
        needs.users.value,
        needs.requests_per_user_day.value,
        report.load.peak_requests_per_second,
        needs.prompt_tokens.value,
        needs.output_tokens.value,
        Seconds(needs.ttft_seconds.value),
        needs.tpot_seconds.value * 1e3
    )
}

/// How many of it, to go before its name.
pub(super) fn quantity(option: &PlanOption) -> String {
    match (option.kind, option.quantity) {
        (OptionKind::RentOnDemand | OptionKind::RentReserved, Some(count)) => format!("{count} GPUs: "),
        (_, Some(count)) => format!("{count} × "),
        (_, None) => String::new(),
    }
}

/// Its name, with the model where that is another one, and how its weights are kept.
pub(super) fn named(option: &PlanOption) -> String {
    match (option.kind, option.precision) {
        (OptionKind::SmallerModel, Some(precision)) => {
            format!("{} in {precision} on {}", option.model, option.name)
        }
        (_, Some(precision)) => format!("{}, {precision}", option.name),
        (_, None) => option.name.clone(),
    }
}

pub(super) fn kept(option: &PlanOption) -> String {
    match (&option.excluded, option.meets_slo) {
        (Some(reason), _) => format!("excluded: {reason}"),
        (None, Some(true)) => "yes".to_owned(),
        (None, Some(false)) => "no".to_owned(),
        (None, None) => "?".to_owned(),
    }
}
