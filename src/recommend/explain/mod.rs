//! The reasons of a decision in sentences: each says a figure and what it is compared with.

mod rejection;
mod remedy;

pub(super) use rejection::{beaten, lacks};
pub(super) use remedy::remedy;

use super::{Court, Judged, Needs, Verdict};
use crate::catalog::Yardstick;
use crate::estimate::{Placement, PlacementKind, SpeedBasis, of_all};
use crate::history::Tuned;
use crate::lang::Lang;
use crate::machine::{BandwidthBasis, GpuMemory, Machine, Origin, Vendor};
use crate::tr;
use crate::units::{Bytes, TokenRate, Usd};

/// Why a model is recommended where it is.
pub(super) fn reasons<'a>(
    court: &Court<'a, '_>,
    all: &[Judged<'a>],
    judged: &Judged<'a>,
    best: &Judged<'a>,
    lang: Lang,
) -> Vec<String> {
    let (machine, needs) = (court.machine, court.needs);
    let mut reasons = vec![memory(judged, lang)];
    reasons.extend(time(judged, needs, lang));
    reasons.extend(crowd(judged, needs, lang));
    reasons.extend(tuned(judged, lang));
    if best.model.id == judged.model.id {
        reasons.extend(share_of_memory(judged, machine, lang));
        reasons.extend(idle(judged, machine, lang));
        reasons.extend(quality(court, judged, lang));
        reasons.extend(cost(judged, needs, lang));
        reasons.extend(other_quant(judged, all, lang));
        reasons.extend(advice(court, all, judged, lang));
        reasons.extend(bandwidth(judged, machine, lang));
    } else {
        reasons.extend(against(judged, best, lang));
    }
    reasons
}

/// With which settings, where they were tuned here.
fn tuned(judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let Tuned { date, gain, threads, batch, micro_batch, flash_attention, .. } = judged.tuned.as_ref()?;
    let attention = if *flash_attention { "on" } else { "off" };
    let gain = if *gain < 1.005 {
        tr!(lang, "nothing is faster than llama.cpp's defaults", "没有比 llama.cpp 默认设置更快的")
    } else {
        tr!(
            lang,
            "{gain:.2} times as fast as llama.cpp's defaults",
            "速度为 llama.cpp 默认设置的 {gain:.2} 倍"
        )
    };
    Some(tr!(
        lang,
        "it runs as `bench --tune` found fastest here on {date}: -t {threads} -b {batch} -ub {micro_batch} -fa {attention}; {gain}",
        "按 {date} 在本机用 `bench --tune` 找到的最快设置运行：-t {threads} -b {batch} -ub {micro_batch} -fa {attention}；{gain}",
    ))
}

fn memory(judged: &Judged<'_>, lang: Lang) -> String {
    let placement = &judged.placement;
    let basis = if judged.published_size {
        tr!(lang, "published size", "按公布的文件大小")
    } else {
        tr!(lang, "computed from the tensors", "按张量逐个计算")
    };
    let cache = placement.devices.iter().map(|device| device.kv_cache_bytes).sum::<Bytes>();
    let place = place(placement, lang);
    let left = placement.headroom();
    let rest = match placement.kind {
        PlacementKind::SingleGpu | PlacementKind::Unified | PlacementKind::CpuOnly => {
            tr!(lang, "{left} left", "还剩 {left}")
        }
        _ => tr!(
            lang,
            "{left} left in the tightest, {tightest}",
            "最紧的 {tightest} 还剩 {left}",
            tightest = tightest(placement, lang)
        ),
    };
    tr!(
        lang,
        "{weights} of weights ({basis}), {cache} of KV cache: {place}, with {rest}",
        "权重 {weights}（{basis}），KV 缓存 {cache}：{place}，{rest}",
        weights = judged.weights_bytes,
    )
}

fn place(placement: &Placement, lang: Lang) -> String {
    match placement.kind {
        PlacementKind::CpuOnly => tr!(lang, "it runs from RAM on the CPU", "由 CPU 在内存中运行"),
        PlacementKind::SingleGpu | PlacementKind::Unified => {
            tr!(lang, "it fits whole on the {gpu}", "可整个放入 {gpu}", gpu = placement.devices[0].name)
        }
        PlacementKind::SplitGpus => tr!(
            lang,
            "it fits whole on {count} GPUs",
            "可整个放入 {count} 块 GPU",
            count = placement.devices.len() - 1
        ),
        PlacementKind::ExpertOffload => tr!(
            lang,
            "the routed experts of {layers} layers stay in RAM, the rest is on the GPU",
            "{layers} 层的路由专家留在内存，其余在 GPU 上",
            layers = placement.expert_layers_in_ram
        ),
        PlacementKind::PartialOffload => tr!(
            lang,
            "{layers} layers fit on the GPU, the others run from RAM",
            "{layers} 层放入 GPU，其余在内存中运行",
            layers = placement.gpu_layers
        ),
    }
}

fn tightest(placement: &Placement, lang: Lang) -> String {
    let holding = placement.devices.iter().filter(|device| device.weights_bytes.0 > 0);
    holding
        .min_by_key(|device| device.free_bytes.saturating_sub(device.used()))
        .map_or_else(|| tr!(lang, "memory", "内存"), |device| device_name(&device.name, lang))
}

/// How much of the RAM a GPU may take that has no memory of its own, and how it is given more.
fn share_of_memory(judged: &Judged<'_>, machine: &Machine, lang: Lang) -> Option<String> {
    if judged.placement.kind != PlacementKind::Unified {
        return None;
    }
    let gpu = machine.gpus.first()?;
    let GpuMemory::Unified { limit_bytes } = gpu.memory else { return None };
    let ram = machine.ram.total_bytes;
    Some(match gpu.vendor {
        Vendor::Apple => tr!(
            lang,
            "the GPU may take {limit_bytes} of the {ram} of memory that it shares with the CPU; \
             `sudo sysctl iogpu.wired_limit_mb=N` gives it more",
            "GPU 与 CPU 共用 {ram} 内存，最多可用 {limit_bytes}；`sudo sysctl iogpu.wired_limit_mb=N` 可提高上限"
        ),
        Vendor::Amd => tr!(
            lang,
            "the GPU may take {limit_bytes} of the {ram} of memory that it shares with the CPU; Linux gives it more by \
             the kernel's `ttm.pages_limit`, and the firmware by a larger frame buffer",
            "GPU 与 CPU 共用 {ram} 内存，最多可用 {limit_bytes}；Linux 内核参数 `ttm.pages_limit` 或固件中更大的显存预留\
             可提高上限"
        ),
        _ => tr!(
            lang,
            "the GPU may take {limit_bytes} of the {ram} of memory that it shares with the CPU and the system",
            "GPU 与 CPU、系统共用 {ram} 内存，最多可用 {limit_bytes}"
        ),
    })
}

/// What becomes of GPUs that the model leaves alone.
fn idle(judged: &Judged<'_>, machine: &Machine, lang: Lang) -> Option<String> {
    let devices = judged.placement.devices.iter();
    let used = devices.filter(|device| device.name != "RAM" && device.weights_bytes.0 > 0).count();
    let all = machine.gpus.len();
    let idle = all.checked_sub(used).filter(|idle| *idle > 0 && used > 0)?;
    Some(match idle / used {
        0 => tr!(
            lang,
            "it leaves {idle} of the {all} GPUs free for other work",
            "{all} 块 GPU 中有 {idle} 块空闲，可作他用"
        ),
        1 => tr!(
            lang,
            "it leaves {idle} of the {all} GPUs free: for other work, or for a second copy that serves more people",
            "{all} 块 GPU 中有 {idle} 块空闲：可作他用，或再运行一份以服务更多人"
        ),
        copies => tr!(
            lang,
            "it leaves {idle} of the {all} GPUs free: for other work, or for {copies} more copies that serve more people",
            "{all} 块 GPU 中有 {idle} 块空闲：可作他用，或再运行 {copies} 份以服务更多人"
        ),
    })
}

/// The name of a device; the RAM has another in each language.
pub(super) fn device_name(name: &str, lang: Lang) -> String {
    if name == "RAM" { tr!(lang, "RAM", "内存") } else { name.to_owned() }
}

fn time(judged: &Judged<'_>, needs: &Needs, lang: Lang) -> Option<String> {
    let (answer, decode) = (judged.answer?, judged.decode?);
    let basis = match decode.basis {
        SpeedBasis::Predicted => tr!(lang, "predicted", "预测"),
        SpeedBasis::Scaled { date } => {
            tr!(lang, "scaled from another model measured here on {date}", "按本机 {date} 实测的另一模型推算")
        }
        SpeedBasis::Measured { date } => tr!(lang, "measured here on {date}", "本机 {date} 实测"),
    };
    Some(tr!(
        lang,
        "an answer of {tokens} tokens, thinking included, takes about {whole} at {rate}, {basis}",
        "一个 {tokens} token 的回答（含思考）约需 {whole}，解码 {rate}（{basis}）",
        tokens = needs.task.output_tokens,
        whole = answer.whole.display(lang),
        rate = TokenRate(decode.tokens_per_second),
    ))
}

/// What several conversations at once get.
fn crowd(judged: &Judged<'_>, needs: &Needs, lang: Lang) -> Option<String> {
    let all = of_all(judged.decode, &needs.run)?;
    let number = |rate: f64| if rate < 9.95 { format!("{rate:.1}") } else { format!("{rate:.0}") };
    Some(tr!(
        lang,
        "{count} conversations at once get that each, {all} together ({low} to {high}): they share each reading of the \
         weights; by the model of one conversation, not tested against measurements",
        "{count} 个会话同时进行时每个都有此速度，合计 {all}（{low} 到 {high}）：它们共用每次权重读取；由单个会话的模型推算，\
         未经实测检验",
        count = needs.run.sequences,
        low = number(all.interval.low),
        high = number(all.interval.high),
        all = TokenRate(all.tokens_per_second),
    ))
}

fn quality(court: &Court<'_, '_>, judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let quality = judged.quality.as_ref()?;
    let basis = court.catalog().text(&quality.quant_loss.basis);
    let (quant, basis) = (&judged.quant.id, basis.told(lang));
    let loss = match (quality.quant_loss.percent, quality.quant_loss.yardstick) {
        (Some(percent), Some(Yardstick::Perplexity)) => tr!(
            lang,
            "{quant} raises perplexity by {percent} % ({basis})",
            "{quant} 使困惑度上升 {percent}%（{basis}）"
        ),
        (Some(percent), _) => {
            tr!(lang, "{quant} loses {percent} % of it ({basis})", "{quant} 损失其中 {percent}%（{basis}）")
        }
        (None, _) => tr!(
            lang,
            "what {quant} loses is not published, and is counted as what the next smaller quant loses, or else as \
             {worst:.0} %",
            "{quant} 的损失没有公布，按更小一档量化的损失计，都没有时按 {worst:.0}% 计",
            worst = super::quality::WORST_LOSS_PERCENT
        ),
    };
    let names: Vec<String> =
        quality.benchmarks.iter().map(|published| published.benchmark.to_string()).collect();
    let counted = quality.score;
    let published = quality.published_score;
    Some(match names.as_slice() {
        [name] => tr!(
            lang,
            "unquantized it scores {published:.1} on {name} as published; {loss}: counted as {counted:.1}",
            "未量化时公布的 {name} 得分为 {published:.1}；{loss}：计为 {counted:.1}"
        ),
        _ => tr!(
            lang,
            "unquantized it scores {published:.1} on average on {names} as published; {loss}: counted as {counted:.1}",
            "未量化时公布的 {names} 平均得分为 {published:.1}；{loss}：计为 {counted:.1}",
            names = listed(&names, lang)
        ),
    })
}

/// Names as they stand in a sentence: `A, B and C`.
fn listed(names: &[String], lang: Lang) -> String {
    match (names.split_last(), lang) {
        (Some((last, [])), _) => last.clone(),
        (Some((last, rest)), Lang::En) => format!("{} and {last}", rest.join(", ")),
        _ => names.join("、"),
    }
}

fn cost(judged: &Judged<'_>, needs: &Needs, lang: Lang) -> Option<String> {
    let cost = judged.cost.as_ref()?;
    let own = tr!(
        lang,
        "{answers} answers a day take at most {month} of electricity a month ({watts:.0} W while it computes, {kwh} a \
         kWh), {million} for a million output tokens",
        "每天 {answers} 个回答，每月电费至多 {month}（计算时 {watts:.0} W，每千瓦时 {kwh}），即每百万输出 token {million}",
        answers = needs.answers_per_day,
        month = cost.usd_per_month,
        watts = cost.watts,
        kwh = needs.power_price,
        million = Usd(cost.usd_per_million_tokens.0),
    );
    let Some(api) = cost.api.as_ref().filter(|_| !needs.local_only) else { return Some(own) };
    Some(tr!(
        lang,
        "{own}; by API ({provider}, {date}) the same answers cost {month} a month",
        "{own}；用 API（{provider}，{date}）同样的回答每月需 {month}",
        provider = api.provider,
        date = api.date,
        month = api.usd_per_month,
    ))
}

/// What the best of its other quants would change.
fn other_quant(judged: &Judged<'_>, all: &[Judged<'_>], lang: Lang) -> Option<String> {
    let score = |judged: &Judged<'_>| judged.quality.as_ref().map(|quality| quality.score);
    let mine = score(judged)?;
    let same = all.iter().filter(|other| other.model.id == judged.model.id && other.is_yes());
    let scored = same.filter_map(|other| Some((score(other)?, other.answer?.whole.seconds.0, other)));
    let best = scored.clone().map(|(score, ..)| score).fold(mine, f64::max);
    // The quickest of those that are as good as the best, for nobody sees a tenth of a point.
    let (_, _, better) = scored
        .filter(|(score, ..)| *score > mine + 0.25 && *score >= best - 0.1)
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(tr!(
        lang,
        "{quant} instead would add {points:.1} points: {time} an answer, {memory} of memory",
        "改用 {quant} 可再高 {points:.1} 分：每个回答 {time}，占用 {memory}",
        quant = better.quant.id,
        points = score(better)? - mine,
        time = better.answer?.whole.seconds.display(lang),
        memory = better.needed_bytes(),
    ))
}

/// Whether it is what is commonly advised for the use-case, and if not, why not.
fn advice(court: &Court<'_, '_>, all: &[Judged<'_>], judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let needs = court.needs;
    let advised = &court.catalog().use_case(&needs.use_case).ok()?.article_sizes;
    let sizes = match lang {
        Lang::En => advised.join(" or "),
        Lang::Zh => advised.join(" 或 "),
    };
    if advised.contains(&judged.model.size) {
        return Some(tr!(
            lang,
            "{size} is also what is commonly advised for this",
            "{size} 也是此场景的通常建议",
            size = judged.model.size
        ));
    }
    let of_advised = all.iter().filter(|other| advised.contains(&other.model.size));
    let best = of_advised
        .clone()
        .filter(|other| other.is_yes())
        .max_by(|a, b| a.utility(needs).total_cmp(&b.utility(needs)));
    let why = if let Some(best) = best {
        let comparison = rejection::comparison(judged, best, lang)?;
        tr!(
            lang,
            "against {model}:{quant} this one {comparison}",
            "与 {model}:{quant} 相比，它{comparison}",
            model = best.model.id,
            quant = best.quant.id
        )
    } else {
        let distance = |other: &&Judged<'_>| Verdict::distance_of(&other.lacks);
        let nearest = of_advised.min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        tr!(
            lang,
            "of {model}:{quant}: {why}",
            "{model}:{quant}：{why}",
            model = nearest.model.id,
            quant = nearest.quant.id,
            why = rejection::lacks(nearest, needs, lang)
        )
    };
    Some(tr!(lang, "commonly advised for this is {sizes}; {why}", "此场景的通常建议是 {sizes}；{why}"))
}

fn bandwidth(judged: &Judged<'_>, machine: &Machine, lang: Lang) -> Option<String> {
    let on_cpu = matches!(judged.placement.kind, PlacementKind::CpuOnly | PlacementKind::PartialOffload);
    let measured = matches!(
        machine.ram.bandwidth.as_ref().map(|reading| &reading.basis),
        Some(BandwidthBasis::Measured { .. })
    );
    let is_here = matches!(machine.origin, Origin::Probed { .. });
    let rests_on_it = judged.decode.is_some_and(|decode| decode.basis == SpeedBasis::Predicted);
    (on_cpu && !measured && is_here && rests_on_it).then(|| {
        tr!(
            lang,
            "the speed rests on an unmeasured memory bandwidth: `r1-advisor probe --measure` makes it surer",
            "速度依据的内存带宽未经实测：运行 `r1-advisor probe --measure` 可更准确"
        )
    })
}

fn against(judged: &Judged<'_>, best: &Judged<'_>, lang: Lang) -> Option<String> {
    let comparison = rejection::comparison(judged, best, lang)?;
    Some(tr!(
        lang,
        "against {model}:{quant} it {comparison}",
        "与 {model}:{quant} 相比，它{comparison}",
        model = best.model.id,
        quant = best.quant.id,
    ))
}
