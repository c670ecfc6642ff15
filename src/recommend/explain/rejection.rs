use std::cmp::Ordering;

use crate::lang::Lang;
use crate::recommend::{CostLimit, Judged, Needs, Verdict};
use crate::tr;
use crate::units::TokenRate;

/// How one choice stands to another in quality, time and memory, to be put after "it": `is better by 4.8 points,
/// answers 3.6 times as fast and takes 14.9 GiB less memory`.
pub(super) fn comparison(judged: &Judged<'_>, other: &Judged<'_>, lang: Lang) -> Option<String> {
    let points = judged.quality.as_ref()?.score - other.quality.as_ref()?.score;
    let ratio = other.answer?.whole.seconds.0 / judged.answer?.whole.seconds.0;
    let quality = match points {
        points if points.abs() < 0.05 => tr!(lang, "is as good", "质量相当"),
        points if points > 0.0 => tr!(lang, "is better by {points:.1} points", "质量高 {points:.1} 分"),
        points => tr!(lang, "is worse by {less:.1} points", "质量低 {less:.1} 分", less = -points),
    };
    let time = match ratio {
        ratio if (0.95..1.05).contains(&ratio) => tr!(lang, "answers as fast", "回答同样快"),
        ratio if ratio > 1.0 => {
            tr!(lang, "answers {ratio:.1} times as fast", "回答速度是其 {ratio:.1} 倍")
        }
        ratio => {
            tr!(lang, "takes {slower:.1} times as long", "回答用时是其 {slower:.1} 倍", slower = 1.0 / ratio)
        }
    };
    let (mine, theirs) = (judged.needed_bytes(), other.needed_bytes());
    let memory = match mine.cmp(&theirs) {
        Ordering::Greater => tr!(lang, "takes {more} more memory", "多占 {more} 内存", more = mine - theirs),
        Ordering::Less => tr!(lang, "takes {less} less memory", "少占 {less} 内存", less = theirs - mine),
        Ordering::Equal => tr!(lang, "takes as much memory", "占用内存相同"),
    };
    Some(tr!(lang, "{quality}, {time} and {memory}", "{quality}，{time}，{memory}"))
}

/// Why nobody would choose it though it meets the needs.
pub fn beaten(judged: &Judged<'_>, by: &Judged<'_>, lang: Lang) -> String {
    let comparison = comparison(by, judged, lang).unwrap_or_default();
    tr!(
        lang,
        "it fits, but {model}:{quant} {comparison}",
        "放得下，但 {model}:{quant} {comparison}",
        model = by.model.id,
        quant = by.quant.id
    )
}

/// All that a choice lacks, in a sentence.
pub fn lacks(judged: &Judged<'_>, needs: &Needs, lang: Lang) -> String {
    let all: Vec<String> = judged.lacks.iter().map(|lack| self::lack(judged, lack, needs, lang)).collect();
    if all.is_empty() {
        return tr!(lang, "it fits", "放得下");
    }
    all.join(match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    })
}

fn lack(judged: &Judged<'_>, lack: &Verdict, needs: &Needs, lang: Lang) -> String {
    match lack {
        Verdict::Fits { .. } => tr!(lang, "it fits", "放得下"),
        Verdict::Beaten { by_model, by_quant } => {
            tr!(lang, "beaten by {by_model}:{by_quant}", "不如 {by_model}:{by_quant}")
        }
        Verdict::TooLarge { shortfall_bytes } => tr!(
            lang,
            "too large by {shortfall_bytes}: {quant} needs {all} in all",
            "内存差 {shortfall_bytes}：{quant} 共需 {all}",
            quant = judged.quant.id,
            all = judged.placement.used()
        ),
        Verdict::NoGpu => {
            tr!(lang, "there is no GPU, and it must run on GPUs only", "要求只用 GPU，而本机没有 GPU")
        }
        Verdict::TooMuchDisk { by_bytes } => tr!(
            lang,
            "its files are {by} larger than allowed",
            "文件超出允许的磁盘空间 {by}",
            by = by_bytes.decimal()
        ),
        Verdict::LicenceNotAllowed { licence } => {
            // The model's own licence, and that of what it was trained from.
            let licence =
                licence.replace(", base under the ", &tr!(lang, ", base under the ", "，基座采用 "));
            tr!(lang, "its licence is not allowed: {licence}", "许可证不在允许之列：{licence}")
        }
        Verdict::ContextTooLong { trained_tokens } => tr!(
            lang,
            "trained for {trained_tokens} tokens of context, and {asked} are asked for",
            "训练上下文为 {trained_tokens} token，而要求 {asked}",
            asked = needs.run.context_per_sequence()
        ),
        Verdict::ScoresTooLow { .. }
        | Verdict::ScoreUnknown { .. }
        | Verdict::LosesTooMuch { .. }
        | Verdict::LossUnknown { .. } => quality(judged, lack, needs, lang),
        Verdict::TooSlow { .. }
        | Verdict::FirstTokenTooLate { .. }
        | Verdict::TooLate { .. }
        | Verdict::SpeedUnknown
        | Verdict::CostUnknown
        | Verdict::TooDear { .. } => time_or_cost(judged, lack, needs, lang),
    }
}

fn quality(judged: &Judged<'_>, lack: &Verdict, needs: &Needs, lang: Lang) -> String {
    match lack {
        Verdict::ScoresTooLow { benchmark, score, .. } => tr!(
            lang,
            "scores {score:.1} on {benchmark}, and {least} is asked for",
            "{benchmark} 得分 {score:.1}，而要求 {least}",
            least = needs.minimum_scores.get(benchmark).copied().unwrap_or_default()
        ),
        Verdict::ScoreUnknown { benchmark } => {
            tr!(lang, "nothing is published of it on {benchmark}", "没有公布 {benchmark} 的成绩")
        }
        Verdict::LosesTooMuch { loss_percent } => tr!(
            lang,
            "{quant} loses {loss_percent:.0} % of its quality, and {most} % are allowed",
            "{quant} 损失 {loss_percent:.0}% 的质量，而允许 {most}%",
            quant = judged.quant.id,
            most = needs.maximum_quant_loss_percent
        ),
        _ => tr!(
            lang,
            "what {quant} loses in quality is not published: it may be more than the {most} % allowed",
            "{quant} 的质量损失没有公布，可能超过允许的 {most}%",
            quant = judged.quant.id,
            most = needs.maximum_quant_loss_percent
        ),
    }
}

fn time_or_cost(judged: &Judged<'_>, lack: &Verdict, needs: &Needs, lang: Lang) -> String {
    let quant = &judged.quant.id;
    match lack {
        Verdict::TooSlow { .. } => {
            let reached = TokenRate(judged.decode.map_or(0.0, |decode| decode.tokens_per_second)).to_string();
            let least = needs.minimum_decode_tokens_per_second.to_string();
            if reached == least {
                return tr!(
                    lang,
                    "{quant} decodes just under the {least} asked for",
                    "{quant} 的解码略低于要求的 {least}"
                );
            }
            tr!(
                lang,
                "too slow: {quant} decodes {reached} where {least} are asked for",
                "太慢：{quant} 解码约 {reached}，而要求 {least}"
            )
        }
        Verdict::FirstTokenTooLate { by_seconds } => tr!(
            lang,
            "the first token of {quant} comes {by_seconds} after the {most} asked for",
            "{quant} 的首 token 比要求的 {most} 晚 {by_seconds}",
            by_seconds = by_seconds.display(lang),
            most = needs.maximum_ttft_seconds.unwrap_or_default().display(lang)
        ),
        Verdict::TooLate { by_seconds } => tr!(
            lang,
            "an answer of {quant} takes {by_seconds} more than the {most} asked for",
            "{quant} 的一个回答比要求的 {most} 多用 {by_seconds}",
            by_seconds = by_seconds.display(lang),
            most = needs.maximum_answer_seconds.unwrap_or_default().display(lang)
        ),
        Verdict::TooDear { by_usd, limit: CostLimit::Month } => {
            tr!(
                lang,
                "{quant} takes {by_usd} of electricity a month too much",
                "{quant} 每月电费超出 {by_usd}"
            )
        }
        Verdict::TooDear { by_usd, .. } => tr!(
            lang,
            "a million tokens of {quant} cost {by_usd} of electricity too much",
            "{quant} 每百万 token 的电费超出 {by_usd}"
        ),
        Verdict::CostUnknown => tr!(
            lang,
            "its cost cannot be told: the power of what computes is unknown",
            "无法估算成本：计算设备的功耗未知"
        ),
        _ => tr!(
            lang,
            "its speed cannot be told: the GPU's bandwidth or compute is unknown",
            "无法估算速度：GPU 的带宽或算力未知"
        ),
    }
}
