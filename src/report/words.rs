//! What the document says in sentences.

use super::document::Assumption;
use super::limits;
use super::measured::MeasurementUse;
use super::needs::{Origin, Privacy, ReportNeeds};
use super::option::{OptionKind, PlanOption};
use super::phrase::{listed, milliseconds, near_percent, percent};
use super::plan::Site;
use crate::calibration::ServingSpread;
use crate::catalog::ServingCalibration;
use crate::lang::Lang;
use crate::tr;
use crate::units::Seconds;

/// What the sums leave out.
pub(super) fn not_modelled(lang: Lang) -> Vec<String> {
    vec![
        tr!(lang, "other tenants on rented machines", "租用机器上其他租户的影响"),
        tr!(
            lang,
            "the network outside of a machine, but for what two servers of one replica exchange",
            "机器之外的网络，但计入同一副本的两台服务器之间的通信"
        ),
        tr!(lang, "luck with caches of prompts beyond the stated share", "超出所给占比的提示词缓存命中"),
        tr!(lang, "the market for used machines, beyond the residual value", "残值以外的二手设备市场"),
        tr!(lang, "taxes, duties and freight", "税费、关税与运费"),
        tr!(lang, "what an outage costs", "停机造成的损失"),
    ]
}

/// Where a value comes from, as the table of assumptions has it.
pub(super) fn origin(origin: Origin, lang: Lang) -> String {
    match origin {
        Origin::Given => tr!(lang, "given", "给定"),
        Origin::Derived => tr!(lang, "derived from the use-case", "由使用场景推得"),
        Origin::Default => tr!(lang, "default", "默认"),
    }
}

/// Why an option is named, and what the other would cost.
pub(super) fn reason(
    option: &PlanOption,
    other: Option<&PlanOption>,
    needs: &ReportNeeds,
    lang: Lang,
) -> String {
    let (cost, years) = (option.net_present_cost, needs.years.value);
    match other {
        Some(other) => tr!(
            lang,
            "{cost} over {years} years in today's money, {share} of what {other} costs",
            "{years} 年净现值成本 {cost}，为{other}的 {share}",
            share = near_percent(cost.share_of(other.net_present_cost), lang),
            other = other.in_a_sentence(lang)
        ),
        None => tr!(lang, "{cost} over {years} years in today's money", "{years} 年净现值成本 {cost}"),
    }
}

/// Risks, the gravest first, of what was chosen.
pub(super) fn risks(chosen: Option<&PlanOption>, lang: Lang) -> Vec<String> {
    let common = [
        tr!(
            lang,
            "Demand stays below the forecast, and what was bought stands idle: start with the load that is there, keep \
             the date of the next step open.",
            "需求低于预测，买来的设备闲置：先按现有负载起步，下一步扩容的时间留出余地。"
        ),
        tr!(
            lang,
            "Real throughput is below the prediction: hold the delivery to the acceptance test before paying.",
            "实际吞吐低于预测：付款前按验收方案验收。"
        ),
        tr!(
            lang,
            "The model is superseded within the term: machines serve another one, contracts for one model do not.",
            "模型在期限内被取代：设备可以换跑别的模型，只针对某个模型的合同则不行。"
        ),
        tr!(
            lang,
            "Reasoning answers are longer than assumed: measure them in a pilot, for cost goes with their length.",
            "推理回答比假设的更长：成本随长度增加，须在试点中实测。"
        ),
    ];
    let mut risks = chosen.map_or_else(Vec::new, |option| own_risks(option, lang));
    // Of what is called nothing stands idle, and nothing is delivered.
    let is_called = chosen.is_some_and(|option| option.kind == OptionKind::Api);
    risks.extend(common.into_iter().skip(if is_called { 2 } else { 0 }));
    risks
}

/// Those of the way itself.
fn own_risks(option: &PlanOption, lang: Lang) -> Vec<String> {
    match option.kind {
        OptionKind::Buy | OptionKind::Own | OptionKind::LowerQuant | OptionKind::SmallerModel => vec![
            tr!(
                lang,
                "Price or delivery slips: prices of GPUs and memory rose through 2026; ask how long an offer holds.",
                "价格上涨或交货推迟：2026 年 GPU 与内存价格持续上涨；须问清报价有效期。"
            ),
            tr!(
                lang,
                "Power and cooling are not ready: check circuits and heat against the nameplate power first.",
                "供电与制冷没有就绪：先按额定功率核对电路与散热。"
            ),
        ]
        .into_iter()
        .chain(machine_risks(option, lang))
        .collect(),
        OptionKind::RentReserved | OptionKind::RentOnDemand => vec![
            if option.kind == OptionKind::RentReserved {
                tr!(lang, "The rent rises at the end of the term.", "租期届满后租金上涨。")
            } else {
                tr!(
                    lang,
                    "The price of an hour rises, or GPUs are not there when they are asked for: what is reckoned needs them to come \
                     and go with the hours.",
                    "每小时价格上涨，或需要时没有可用的 GPU：测算以随时租退为前提。"
                )
            },
            tr!(
                lang,
                "Data lies on machines of others: agree on place, deletion and access.",
                "数据存放在他人的机器上：须约定存放地点、删除与访问权限。"
            ),
        ],
        OptionKind::Api => vec![
            tr!(
                lang,
                "The provider changes the model or its price, or ends it: pin the version, name a second provider.",
                "服务商更换模型、调整价格或停止服务：锁定版本，并确定第二家服务商。"
            ),
            tr!(
                lang,
                "Prompts are logged or leave the region: agree on retention and place.",
                "提示词被记录或传出所在地区：须约定保留期限与存放地点。"
            ),
            tr!(
                lang,
                "Nobody promises latency: measure it at the hour that matters.",
                "没有人承诺时延：在业务高峰时段实测。"
            ),
        ],
        _ => Vec::new(),
    }
}

/// Those of the machines themselves.
fn machine_risks(option: &PlanOption, lang: Lang) -> impl Iterator<Item = String> {
    let is_single = option.quantity.is_some_and(|count| count <= 1);
    let single = is_single.then(|| {
        tr!(
            lang,
            "A single machine is a single point of failure: `--spare` adds one.",
            "单台设备即单点故障：`--spare` 可增加一台备机。"
        )
    });
    let is_consumer = option.name.contains("GeForce") || option.name.contains("Radeon RX");
    let consumer = is_consumer.then(|| {
        tr!(
            lang,
            "Consumer cards have no support in a data centre, and their driver's licence may forbid it (recalled, not seen).",
            "消费级显卡在数据中心没有厂商支持，其驱动许可证也可能禁止这样使用（凭记忆写出，未见原文）。"
        )
    });
    single.into_iter().chain(consumer)
}

/// Every figure, with where it comes from.
pub(super) fn assumptions(
    site: &Site<'_>,
    options: &[PlanOption],
    measurements: &[MeasurementUse],
    calibration: &ServingCalibration,
) -> Vec<Assumption> {
    let lang = site.lang;
    let mut all = asked(site);
    all.extend(measurements.iter().map(|measurement| measured(measurement, lang)));
    let mut seen = Vec::new();
    for price in options.iter().flat_map(|option| &option.prices) {
        if seen.contains(&(&price.of, &price.price)) {
            continue;
        }
        seen.push((&price.of, &price.price));
        let (source, date) = (&price.source, &price.date);
        all.push(Assumption {
            what: price.of.clone(),
            value: price.price.clone(),
            source: if price.is_stale {
                tr!(lang, "{source}, {date} (old)", "{source}，{date}（已过期）")
            } else {
                tr!(lang, "{source}, {date}", "{source}，{date}")
            },
            origin: None,
            confidence: Some(price.confidence),
        });
    }
    let spreads = [
        (
            tr!(lang, "time between tokens, as measured over predicted", "TPOT 的实测值与预测值之比"),
            calibration.tpot,
        ),
        (
            tr!(lang, "throughput, as measured over predicted", "吞吐的实测值与预测值之比"),
            calibration.throughput,
        ),
    ];
    all.extend(spreads.map(|(what, spread)| spread_of(what, spread, lang)));
    all.extend(guides(lang));
    all
}

/// A measurement, and how it lies to what was predicted.
fn measured(measurement: &MeasurementUse, lang: Lang) -> Assumption {
    let MeasurementUse { source, date, of, in_flight: [least, most], .. } = measurement;
    let times = |ratio: f64| format!("× {ratio:.2}");
    let decode = measurement.decode_over_predicted.map(|[low, high]| {
        let ratio =
            if high / low < 1.01 { times(low) } else { format!("{} – {}", times(low), times(high)) };
        tr!(lang, "decode {ratio} of the predicted time", "解码用时为预测的 {ratio}")
    });
    let prefill =
        measurement.prefill_over_predicted.map(|ratio| tr!(lang, "prefill {}", "预填充 {}", times(ratio)));
    let count = measurement.options.len();
    let unused = (count == 0).then(|| tr!(lang, "no option is this: not used", "没有对应的方案，未采用"));
    let said: Vec<String> = decode.into_iter().chain(prefill).chain(unused).collect();
    let flight =
        if most / least < 1.01 { format!("{least:.0}") } else { format!("{least:.0} – {most:.0}") };
    Assumption {
        what: tr!(lang, "speed of {of}, {flight} requests in flight", "{of} 的速度（在途请求 {flight} 个）"),
        value: if said.is_empty() {
            tr!(lang, "as measured", "以实测为准")
        } else {
            listed(&said, lang)
        },
        source: tr!(lang, "measured on {date}, {source}", "{date} 实测，{source}"),
        origin: None,
        confidence: None,
    }
}

fn spare(needs: &ReportNeeds, lang: Lang) -> String {
    match (needs.spare.value, needs.availability.value) {
        (true, _) => tr!(lang, "yes", "有"),
        (false, Some(_)) => tr!(lang, "as many as the availability takes", "按可用性目标配置"),
        (false, None) => tr!(lang, "no", "无"),
    }
}

/// What the needs say.
fn asked(site: &Site<'_>) -> Vec<Assumption> {
    let (needs, lang) = (site.needs, site.lang);
    let mut all = Vec::new();
    let mut add = |what: String, value: String, tag: Origin| {
        all.push(Assumption { what, value, source: origin(tag, lang), origin: Some(tag), confidence: None });
    };
    let percent = |share: f64| percent(share, lang);
    let id = &needs.use_case.value;
    let purpose = match site.catalog.use_case(id) {
        Ok(use_case) => tr!(lang, "{id}: {}", "{id}（{}）", use_case.described(lang)),
        Err(_) => id.clone(),
    };
    add(tr!(lang, "use-case", "使用场景"), purpose, needs.use_case.origin);
    add(tr!(lang, "model", "模型"), needs.model.value.clone(), needs.model.origin);
    add(tr!(lang, "users", "用户数"), format!("{:.0}", needs.users.value), needs.users.origin);
    add(
        tr!(lang, "requests per user and working day", "每用户每个工作日的请求数"),
        needs.requests_per_user_day.value.to_string(),
        needs.requests_per_user_day.origin,
    );
    add(
        tr!(lang, "tokens of a prompt", "提示词 token 数"),
        format!("{:.0}", needs.prompt_tokens.value),
        needs.prompt_tokens.origin,
    );
    add(
        tr!(lang, "tokens of an answer, thinking included", "回答 token 数（含思考）"),
        format!("{:.0}", needs.output_tokens.value),
        needs.output_tokens.origin,
    );
    add(
        tr!(lang, "share of the busiest hour", "峰值小时占比"),
        percent(needs.peak_hour_share.value),
        needs.peak_hour_share.origin,
    );
    add(
        tr!(lang, "burst inside of it", "峰值小时内的突发系数"),
        format!("× {}", needs.burst.value),
        needs.burst.origin,
    );
    add(
        tr!(lang, "share of prompts seen before", "命中缓存的提示词占比"),
        percent(needs.cached_share.value),
        needs.cached_share.origin,
    );
    add(tr!(lang, "growth a year", "年增长率"), percent(needs.growth.value), needs.growth.origin);
    add(
        tr!(lang, "working days a year", "每年工作日"),
        format!("{:.0}", needs.working_days.value),
        needs.working_days.origin,
    );
    add(
        tr!(lang, "TTFT at p95", "TTFT（p95）"),
        Seconds(needs.ttft_seconds.value).display(lang),
        needs.ttft_seconds.origin,
    );
    add(
        tr!(lang, "TPOT at p95", "TPOT（p95）"),
        milliseconds(Seconds(needs.tpot_seconds.value), lang),
        needs.tpot_seconds.origin,
    );
    add(
        tr!(lang, "used at the peak", "峰值时可用的容量占比"),
        percent(needs.headroom.value),
        needs.headroom.origin,
    );
    let spare = spare(needs, lang);
    add(tr!(lang, "a spare machine", "备机（N+1）"), spare, needs.spare.origin);
    add(tr!(lang, "where data may go", "数据去向"), privacy(needs.privacy.value, lang), needs.privacy.origin);
    let budget = needs.budget.value.map_or_else(|| tr!(lang, "no limit", "不限"), |limit| limit.to_string());
    add(tr!(lang, "budget before the first token", "上线前预算"), budget, needs.budget.origin);
    add(tr!(lang, "years", "测算年限"), tr!(lang, "{}", "{} 年", needs.years.value), needs.years.origin);
    add(tr!(lang, "discount rate", "折现率"), percent(needs.discount_rate.value), needs.discount_rate.origin);
    add(
        tr!(lang, "residual value", "残值率"),
        percent(needs.residual_share.value),
        needs.residual_share.origin,
    );
    add(
        tr!(lang, "a kilowatt-hour", "电价（每千瓦时）"),
        needs.usd_per_kwh.value.to_string(),
        needs.usd_per_kwh.origin,
    );
    add("PUE".to_owned(), needs.pue.value.to_string(), needs.pue.origin);
    add(
        tr!(lang, "people to run it", "运维人力"),
        tr!(lang, "{} of a full-time job", "{} 个全职岗位（FTE）", needs.staff_fte.value),
        needs.staff_fte.origin,
    );
    add(
        tr!(lang, "a full-time job, a year", "一个全职岗位的年成本"),
        needs.staff_cost.value.to_string(),
        needs.staff_cost.origin,
    );
    for (what, value, tag) in limits::assumed(needs, site.catalog) {
        add(what.told(lang).to_owned(), value.told(lang).to_owned(), tag);
    }
    all
}

/// How far measurements lay from predictions.
fn spread_of(what: String, spread: ServingSpread, lang: Lang) -> Assumption {
    Assumption {
        what,
        value: tr!(
            lang,
            "{:.2} to {:.2}, four times of five",
            "{:.2} 到 {:.2}（五次中有四次）",
            spread.low,
            spread.high
        ),
        source: tr!(
            lang,
            "{} published runs, each predicted without its deployment",
            "{} 次公开实测，每次预测时都未使用该部署自身的数据",
            spread.measurements
        ),
        origin: None,
        confidence: None,
    }
}

/// Shares that public guides state.
fn guides(lang: Lang) -> Vec<Assumption> {
    let middle = middle_of_guides(lang);
    let figures = [
        (
            tr!(
                lang,
                "network, setting up and spare parts, of the machines' price",
                "网络、安装与备件，占设备价格"
            ),
            tr!(lang, "12 %, 3 %, 3 %", "12%、3%、3%"),
            middle.clone(),
        ),
        (
            tr!(lang, "support a year, of the machines' price", "每年维保，占设备价格"),
            percent(0.05, lang),
            middle,
        ),
        (
            tr!(
                lang,
                "storage, traffic and services on top of rented GPUs",
                "租用 GPU 之外的存储、流量与服务"
            ),
            percent(0.3, lang),
            tr!(lang, "the lower end of what public sizing guides state", "公开选型指南所述范围的下限"),
        ),
        (
            tr!(lang, "power of a busy machine, of its nameplate", "满载功率，占额定功率"),
            percent(0.75, lang),
            tr!(
                lang,
                "10.4 of 14.3 kW of eight B200 under load, MLPerf v5.1",
                "八块 B200 满载时为 10.4 kW，额定 14.3 kW（MLPerf v5.1）"
            ),
        ),
    ];
    let assumption =
        |(what, value, source)| Assumption { what, value, source, origin: None, confidence: None };
    figures.map(assumption).into()
}

/// Where the middle was taken of what several guides say.
pub(super) fn middle_of_guides(lang: Lang) -> String {
    tr!(lang, "the middle of what public sizing guides state", "公开选型指南所述范围的中间值")
}

/// Where data may go, in words.
pub(super) fn privacy(privacy: Privacy, lang: Lang) -> String {
    match privacy {
        Privacy::Open => tr!(lang, "anywhere", "不限"),
        Privacy::Rented => tr!(lang, "to rented machines, not to an API", "可到租用的机器，不可到 API"),
        Privacy::Premises => {
            tr!(lang, "nowhere: it stays on the premises", "不得出域，留在本单位")
        }
    }
}
