use crate::lang::Lang;
use crate::report::{OptionKind, PlanOption, Report, listed, milliseconds};
use crate::tr;
use crate::units::Seconds;

/// What to do, in a paragraph.
pub(super) fn decision(report: &Report) -> String {
    let (served, lang) = (served(report), report.lang);
    let Some(chosen) = &report.recommended else {
        return tr!(
            lang,
            "Nothing keeps the promise within the limits for {served}.",
            "在各项限制之内没有任何方案满足以下需求：{served}。"
        );
    };
    let option = &report.options[chosen.option];
    let text = tr!(
        lang,
        "Recommended: {kind}: {quantity}{name}, for {served}. {reason}.",
        "建议：{kind}：{quantity}{name}。需求：{served}。{reason}。",
        kind = option.kind.name(lang),
        quantity = quantity(option, lang),
        name = option.name,
        reason = chosen.reason
    );
    let in_four = option.precision == Some("INT4");
    let text = if in_four {
        tr!(
            lang,
            "{text} It keeps weights in four bits: look at its answers first.",
            "{text}其权重以 4 位存放：须先检验回答质量。"
        )
    } else {
        text
    };
    let text = if option.meets_slo.is_none() {
        tr!(
            lang,
            "{text} Nobody promises these times there: measure them before signing.",
            "{text}服务商不承诺上述时延：签约前须实测。"
        )
    } else {
        text
    };
    let text = match &report.runner_up {
        Some(other) => tr!(
            lang,
            "{text} The best of the other ways: {kind}: {name}.",
            "{text}其他方式中最优：{kind}：{name}。",
            kind = other.kind.name(lang),
            name = other.name
        ),
        None => text,
    };
    let cheaper = cheaper(report, option);
    if cheaper.is_empty() {
        return text;
    }
    let names = listed(&cheaper, lang);
    tr!(
        lang,
        "{text} Cheaper, and not recommended before somebody has weighed it: {names}.",
        "{text}更便宜、但须先权衡而未建议的方案：{names}。"
    )
}

/// The cheapest of each kind that is never recommended by itself, where it costs less than what is, and why it is not.
fn cheaper(report: &Report, chosen: &PlanOption) -> Vec<String> {
    let lang = report.lang;
    let reasons = [
        (
            OptionKind::Hybrid,
            tr!(
                lang,
                "two contracts, and somebody who sends each request the right way",
                "需两份合同并做请求分流"
            ),
        ),
        (OptionKind::LowerQuant, tr!(lang, "its answers must be looked at first", "须先检验回答质量")),
        (OptionKind::SmallerModel, tr!(lang, "another model, with other answers", "换用其他模型，回答不同")),
    ];
    let found = reasons.into_iter().filter_map(|(kind, why)| {
        let open = report.options.iter().filter(|option| {
            option.kind == kind && option.excluded.is_none() && option.meets_slo == Some(true)
        });
        let best = open.min_by(|a, b| a.net_present_cost.0.total_cmp(&b.net_present_cost.0))?;
        (best.net_present_cost < chosen.net_present_cost).then(|| {
            tr!(
                lang,
                "{kind} for {cost} ({name}; {why})",
                "{kind}，{cost}（{name}；{why}）",
                kind = kind.name(lang),
                cost = best.net_present_cost,
                name = named(best, lang)
            )
        })
    });
    found.collect()
}

/// Whom it serves, how much, and what they are promised.
pub(super) fn served(report: &Report) -> String {
    let (needs, lang) = (&report.needs, report.lang);
    tr!(
        lang,
        "{users:.0} users with {requests} requests a day ({peak:.2} requests a second when it is busiest{grown}), prompts of \
         {prompt:.0} and answers of {answer:.0} tokens, TTFT within {ttft} and TPOT within {tpot} for 95 of 100",
        "{users:.0} 名用户，每人每天 {requests} 次请求（峰值每秒 {peak:.2} 次{grown}），提示词 {prompt:.0} token，回答 {answer:.0} \
         token，95% 的请求 TTFT 不超过 {ttft}、TPOT 不超过 {tpot}",
        grown = if needs.growth.value.abs() > 1e-9 && needs.years.value > 1 {
            tr!(lang, " of year {}", "，第 {} 年", needs.years.value)
        } else {
            String::new()
        },
        users = needs.users.value,
        requests = needs.requests_per_user_day.value,
        peak = report.load.peak_requests_per_second,
        prompt = needs.prompt_tokens.value,
        answer = needs.output_tokens.value,
        ttft = Seconds(needs.ttft_seconds.value).display(lang),
        tpot = milliseconds(Seconds(needs.tpot_seconds.value), lang)
    )
}

/// How many of it, to go before its name.
pub(super) fn quantity(option: &PlanOption, lang: Lang) -> String {
    match (option.kind, option.quantity) {
        (OptionKind::RentOnDemand | OptionKind::RentReserved, Some(count)) => {
            tr!(lang, "{count} GPUs: ", "{count} 块 GPU：")
        }
        (_, Some(count)) => format!("{count} × "),
        (_, None) => String::new(),
    }
}

/// Its name, with the model where that is another one, and how its weights are kept.
pub(super) fn named(option: &PlanOption, lang: Lang) -> String {
    let name = &option.name;
    match (option.kind, option.precision) {
        (OptionKind::SmallerModel, Some(precision)) => tr!(
            lang,
            "{model} in {precision} on {name}",
            "{model}（{precision}），{name}",
            model = option.model
        ),
        (_, Some(precision)) => tr!(lang, "{name}, {precision}", "{name}，{precision}"),
        (_, None) => name.clone(),
    }
}

pub(super) fn kept(option: &PlanOption, lang: Lang) -> String {
    match (&option.excluded, option.meets_slo) {
        (Some(reason), _) => tr!(lang, "excluded: {reason}", "排除：{reason}"),
        (None, Some(true)) => tr!(lang, "yes", "是"),
        (None, Some(false)) => tr!(lang, "no", "否"),
        (None, None) => "?".to_owned(),
    }
}
