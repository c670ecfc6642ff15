//! The sentences around the tables.

use super::decision::named;
use crate::lang::Lang;
use crate::report::{MeasurementUse, OptionKind, PlanOption, Report, gpus_in_words, listed, percent};
use crate::tr;
use crate::units::{Bytes, Seconds};

/// What the columns of the options mean, in a terminal.
pub(super) fn columns_note(lang: Lang) -> String {
    tr!(
        lang,
        "Every option at the same load and promise. NPV: all that is paid over the term, in today's money. 1M: a million \
         tokens, prompts and answers, at the load that there is. Kept: yes, no, or ? where nobody promises.",
        "各方案的负载与 SLO 相同。净现值：期限内全部支出折算到今天。百万 token：在该负载下每百万 token（提示词与回答）的成本。\
         达标：是、否，? 表示没有人承诺。"
    )
}

/// What they mean in a document.
pub(super) fn options_note(lang: Lang) -> String {
    tr!(
        lang,
        "All at the same load, promise and years. Used: the mean load of a year as a share of what the working replicas \
         carry within the promise. TTFT and TPOT are at that limit; how far predictions are off is among the assumptions. An API is \
         reckoned without people who run it, machines with those of the assumptions.",
        "各方案的负载、SLO 与年限相同。利用率：全年平均负载占工作副本在满足 SLO 时承载能力的比例。TTFT 与 TPOT \
         为达到该上限时的值；预测误差见假设。API 不计运维人力，自有与租用的机器按假设计。"
    )
}

/// What must be known of options, each once with all that it is true of.
pub(super) fn remarks(report: &Report) -> Vec<String> {
    let mut remarks: Vec<(&str, Vec<String>)> = Vec::new();
    for option in &report.options {
        for note in &option.notes {
            match remarks.iter_mut().find(|(known, _)| known == note) {
                Some((_, names)) if names.contains(&option.name) => {}
                Some((_, names)) => names.push(option.name.clone()),
                None => remarks.push((note, vec![option.name.clone()])),
            }
        }
    }
    let lang = report.lang;
    let told = |(note, names): (&str, Vec<String>)| {
        let names = listed(&names, lang);
        let note = capitalised(note);
        tr!(lang, "{note} ({names}).", "{note}（{names}）。")
    };
    remarks.into_iter().map(told).collect()
}

/// A clause as a sentence begins.
fn capitalised(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What the measurements did that options rest on, for a reader who sees the options only.
pub(super) fn measured(report: &Report) -> Vec<String> {
    let lang = report.lang;
    let used = report.measurements.iter().filter(|measurement| !measurement.options.is_empty());
    let told = |measurement: &MeasurementUse| {
        let mut names: Vec<String> =
            measurement.options.iter().map(|at| report.options[*at].name.clone()).collect();
        names.dedup();
        let (names, source, date) = (listed(&names, lang), &measurement.source, measurement.date);
        tr!(lang, "Measured on {date} ({source}): {names}", "{date} 实测（{source}）：{names}")
    };
    used.map(told).collect()
}

/// What the bill leaves open.
pub(super) fn bill_note(lang: Lang) -> String {
    tr!(
        lang,
        "Lead times are the sellers' to say. Memory, disks, network adapters and rails are in the price of a machine; switches, \
         cables and rack are in the share for the network. Taxes and duties are not in.",
        "交货周期由供应商答复。内存、硬盘、网卡与导轨含在设备价格中；交换机、线缆与机柜含在网络一项中。不含税费与关税。"
    )
}

/// What the command at the end is for.
pub(super) fn again(lang: Lang) -> String {
    tr!(
        lang,
        "This command, with the same version and catalog, reckons the same again; what was a default is spelled out in it:",
        "用同一版本和同一资料库运行以下命令，可得到相同的结果；默认值已全部写明："
    )
}

/// Where there is no purchase to hold others against.
pub(super) fn nothing_to_buy(lang: Lang) -> String {
    tr!(lang, "Nothing that can be bought keeps the promise.", "没有可购买的设备满足 SLO。")
}

/// What the table of break-evens is about.
pub(super) fn break_even(report: &Report) -> String {
    tr!(
        report.lang,
        "Buying the cheapest machines that keep the promise, as many as planned, is cheaper than",
        "购买满足 SLO 的最便宜设备（台数按计划），在下列条件下比各方式便宜："
    )
}

/// What the table of break-evens and the lines under it hold fixed.
pub(super) fn break_even_note(lang: Lang) -> String {
    tr!(
        lang,
        "In the table the machines are as many as planned. Used: how busy they would have to be on average over the whole year, \
         nights included, which more users of the same daily curve do not bring about, for these need more machines. Paid \
         back: at the planned load of each year, without interest, and be it after the term.",
        "表中设备台数按计划不变。利用率：全年（含夜间）平均须达到的利用率；同样的日内曲线下用户增多不会提高它，因为设备也要增加。\
         投资回收期按各年计划负载计算，不计利息，可能超出计划年限。"
    )
}

/// Months until machines have paid for themselves.
pub(super) fn payback(months: Option<f64>, lang: Lang) -> String {
    match months {
        None => tr!(lang, "never", "永不"),
        Some(months) if (0.5..1.5).contains(&months) => tr!(lang, "1 month", "1 个月"),
        Some(months) if months > LONGEST_PAYBACK => tr!(lang, "over 10 years", "超过 10 年"),
        Some(months) => tr!(lang, "{months:.0} months", "{months:.0} 个月"),
    }
}

/// Months after which nobody counts: machines do not live as long.
const LONGEST_PAYBACK: f64 = 120.0;

/// From people to requests a second and tokens a year; the rate, which is what counts, on its own.
pub(super) fn load(report: &Report) -> [String; 3] {
    let (needs, load, lang) = (&report.needs, &report.load, report.lang);
    let (years, growth) = (needs.years.value, needs.growth.value);
    let grows = growth.abs() > 1e-9 && years > 1;
    let told_growth = if grows {
        tr!(
            lang,
            "{users:.0} users × {each} = {now:.0} requests a working day in the first year; with {growth} more each year it is {last:.0} \
             in year {years}, which everything is sized for. ",
            "第一年每个工作日 {users:.0} × {each} = {now:.0} 次请求；每年增长 {growth}，第 {years} 年为 {last:.0} 次，按此配置。",
            users = needs.users.value,
            each = needs.requests_per_user_day.value,
            now = needs.users.value * needs.requests_per_user_day.value,
            growth = percent(growth, lang),
            last = load.requests_per_day
        )
    } else {
        String::new()
    };
    let of_a_year = if grows {
        tr!(lang, "In a year, on average over the {years}, it is", "{years} 年平均，每年")
    } else {
        tr!(lang, "Over a year it is", "全年")
    };
    [
        tr!(
            lang,
            "{told_growth}{requests:.0} requests a working day. When it is busiest: {requests:.0} × {share:.2} ÷ 3600 × {burst} = ",
            "{told_growth}每个工作日 {requests:.0} 次请求。峰值：{requests:.0} × {share:.2} ÷ 3600 × {burst} = ",
            requests = load.requests_per_day,
            share = needs.peak_hour_share.value,
            burst = needs.burst.value
        ),
        tr!(lang, "{:.3} requests a second", "每秒 {:.3} 次请求", load.peak_requests_per_second),
        tr!(
            lang,
            ", × {answer:.0} tokens = {output:.0} output tokens a second. {of_a_year} {tokens:.0} million tokens, prompts and \
             answers.",
            "，× {answer:.0} token = 每秒输出 {output:.0} token。{of_a_year} {tokens:.0} 百万 token（提示词与回答）。",
            answer = needs.output_tokens.value,
            output = load.peak_output_tokens_per_second,
            tokens = load.tokens_per_year / 1e6
        ),
    ]
}

/// What a replica carries and how many there are.
pub(super) fn sizing(report: &Report) -> String {
    let lang = report.lang;
    let sized = report.sized().map(|at| &report.options[at]);
    let Some((option, deployment)) = sized.and_then(|option| Some((option, option.deployment.as_ref()?)))
    else {
        return tr!(
            lang,
            "No machine that has a price carries this model.",
            "有价格的设备都放不下这个模型。"
        );
    };
    let gib = |bytes: u64| Bytes(bytes).to_string();
    let has_spare = deployment.gpus > deployment.replicas * deployment.gpus_per_replica;
    let is_asked = report.needs.spare.value || report.needs.availability.value.is_some();
    let spare = if has_spare && is_asked {
        tr!(lang, ", the spare ones included", "（含备机）")
    } else {
        String::new()
    };
    let whole = option.ttft_p95_seconds.zip(option.tpot_seconds).map_or_else(String::new, |(first, each)| {
        let tokens = report.needs.output_tokens.value;
        tr!(
            lang,
            " At that rate an answer of {tokens:.0} tokens is whole within {time} for 95 of 100.",
            "在该速率下，95% 的 {tokens:.0} token 回答从提问到写完不超过 {time}。",
            time = Seconds(first.0 + tokens * each.0).display(lang)
        )
    });
    let (carried, peak) = (
        deployment.requests_per_second * f64::from(deployment.replicas) * report.needs.headroom.value,
        report.load.peak_requests_per_second,
    );
    let short = if carried < peak * 0.999 {
        tr!(
            lang,
            " That carries {carried:.1} of the {peak:.1} requests a second of the peak, at the share of it that may be used.",
            "按可用占比，可承载峰值每秒 {peak:.1} 次请求中的 {carried:.1} 次。"
        )
    } else {
        String::new()
    };
    tr!(
        lang,
        "{name}: {gpus} a replica in {engine}, {weights} of weights and {cache} for the cache, which holds {wall:.0} requests \
         at full length. Within the promise a replica carries {rate:.3} requests a second ({output:.0} output tok/s, \
         {in_flight:.0} in flight); beyond that {binding} breaks first. Replicas that work: {replicas}; GPUs in all: \
         {all}{spare}.{short}{whole}",
        "{name}：{engine}，每个副本：{gpus}，权重 {weights}，KV 缓存 {cache}，可容纳 {wall:.0} 个最大长度的请求。满足 SLO \
         时一个副本每秒承载 {rate:.3} 次请求（输出 {output:.0} tok/s，{in_flight:.0} 个在途请求）；再多则{binding}最先超限。\
         工作副本 {replicas} 个，共 {all} 块 GPU{spare}。{short}{whole}",
        name = named(option, lang),
        gpus = gpus_in_words(deployment.gpus_per_replica, lang),
        engine = deployment.engine,
        weights = gib(deployment.weights_bytes),
        cache = gib(deployment.cache_bytes),
        wall = deployment.cache_wall,
        rate = deployment.requests_per_second,
        output = deployment.output_tokens_per_second,
        in_flight = deployment.in_flight,
        binding = deployment.binding,
        replicas = deployment.replicas,
        all = deployment.gpus
    )
}

/// What the place must have for what is recommended, or for the machines that were sized.
pub(super) fn site(report: &Report) -> String {
    let lang = report.lang;
    let sized = report.sized().and_then(|at| report.options[at].deployment.as_ref().map(|one| (at, one)));
    let Some((at, deployment)) = sized.filter(|(_, deployment)| deployment.nameplate_kw > 0.0) else {
        return tr!(
            lang,
            "What is recommended stands elsewhere: nothing of the place is needed but a network.",
            "所建议的方案不在本地部署：除网络外对机房没有要求。"
        );
    };
    let is_chosen = report.recommended.as_ref().is_some_and(|chosen| chosen.option == at);
    let height = deployment
        .rack_units
        .map(|height| tr!(lang, ", {height} rack units", "，{height} 个机架单位（U）"))
        .unwrap_or_default();
    let told = tr!(
        lang,
        "{nameplate:.1} kW of nameplate power to wire and to cool ({heat:.0} BTU/h), {average:.1} kW drawn on average{height}.",
        "额定功率 {nameplate:.1} kW，须按此配电与制冷（{heat:.0} BTU/h）；平均功率 {average:.1} kW{height}。",
        nameplate = deployment.nameplate_kw,
        heat = deployment.nameplate_kw * 3412.0,
        average = deployment.average_kw
    );
    if is_chosen {
        tr!(
            lang,
            "{told} Whether circuits, cooling, floor and noise of the place bear that is to be checked there: this program does \
             not know the place.",
            "{told}机房的电路、制冷、承重与噪声是否满足须现场核对：本程序不了解机房情况。"
        )
    } else if report.recommended.is_none() {
        tr!(lang, "If {name} were bought: {told}", "若购买（{name}）：{told}", name = report.options[at].name)
    } else if report.options[at].kind == OptionKind::Own {
        tr!(
            lang,
            "What is recommended needs nothing of the place. If {name} is used instead: {told}",
            "所建议的方案对机房没有要求。若改用{name}：{told}",
            name = report.options[at].name
        )
    } else {
        tr!(
            lang,
            "What is recommended needs nothing of the place. If {name} were bought instead: {told}",
            "所建议的方案对机房没有要求。若改为购买（{name}）：{told}",
            name = report.options[at].name
        )
    }
}

/// Why this model, and what stands beside it.
pub(super) fn models(report: &Report) -> String {
    let lang = report.lang;
    let Some(asked) = report.models.first() else { return String::new() };
    let precision = report
        .sized()
        .and_then(|at| report.options[at].precision)
        .map_or_else(|| tr!(lang, "the provider's choice", "服务商所选的精度"), str::to_owned);
    let told = tr!(
        lang,
        "{name} was asked for; the machines here keep its weights in {precision}.",
        "需求指定 {name}；此处的设备以 {precision} 存放权重。",
        name = asked.name
    );
    let successors = tr!(
        lang,
        "Successors that only an API serves are among the options, but nothing of their quality is known here.",
        "只有 API 提供的后继模型也列入方案，但其质量此处没有数据。"
    );
    match &report.models[1..] {
        [] => tr!(
            lang,
            "{told} Nothing smaller is among the options. {successors}",
            "{told}没有更小的模型列入方案。{successors}"
        ),
        others => {
            let names: Vec<String> = others.iter().map(|model| model.name.clone()).collect();
            tr!(
                lang,
                "{told} Smaller ones are priced among the options, and what they score stands beside it: {}. {successors}",
                "{told}较小的模型也列入方案并给出价格，得分见下表：{}。{successors}",
                listed(&names, lang)
            )
        }
    }
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
    shown.extend(report.options.iter().find(|option| option.kind == OptionKind::Hybrid));
    shown.iter().map(|option| cost(option, report.lang)).collect()
}

fn cost(option: &PlanOption, lang: Lang) -> [String; 2] {
    let lines: Vec<String> =
        option.lines.iter().map(|line| format!("{} {}", line.what.name(lang), line.usd)).collect();
    let paid: Vec<String> = option.cumulative.iter().map(ToString::to_string).collect();
    let between = match lang {
        Lang::En => ", ",
        Lang::Zh => "，",
    };
    let resale = if option.capex.0 > 0.0 {
        tr!(lang, ", the last less what the machines are then worth", "，最后一年已扣除设备残值")
    } else {
        String::new()
    };
    let base = option.base.map_or_else(String::new, |base| {
        tr!(
            lang,
            " Own machines carry all in {hours} of a working day's hours, and {requests} of all requests.",
            "自有设备在工作日 {hours} 的小时内独立承载全部负载，共处理 {requests} 的请求。",
            hours = percent(base.share_of_hours, lang),
            requests = percent(base.share_of_requests, lang)
        )
    });
    [
        tr!(lang, "{} ({})", "{}（{}）", named(option, lang), option.kind.name(lang)),
        tr!(
            lang,
            "{year} a year: {lines}. Paid in all by the end of each year, the start first: {paid}{resale}.{base}",
            "年成本 {year}：{lines}。期初及各年末的累计支出：{paid}{resale}。{base}",
            resale = resale,
            base = base,
            year = option.yearly_cost,
            lines = lines.join(between),
            paid = paid.join(between)
        ),
    ]
}
