//! What a machine does for the needs, as cells of a table: shared by comparisons and upgrades.

use super::{Align, digits};
use crate::lang::Lang;
use crate::recommend::Outlook;
use crate::tr;

/// The columns of a pick, for people.
pub(super) fn pick_columns(lang: Lang) -> Vec<(String, Align)> {
    vec![
        (tr!(lang, "runs", "模型"), Align::Left),
        (tr!(lang, "on", "运行于"), Align::Left),
        (tr!(lang, "memory", "内存"), Align::Right),
        ("tok/s".to_owned(), Align::Right),
        (tr!(lang, "likely", "可能范围"), Align::Right),
        (tr!(lang, "answer", "答完"), Align::Right),
        (tr!(lang, "quality", "质量"), Align::Right),
    ]
}

/// The cells of a pick, or of what comes nearest.
pub(super) fn pick_cells(outlook: &Outlook, lang: Lang) -> Vec<String> {
    let unknown = || tr!(lang, "unknown", "未知");
    let Some(pick) = &outlook.pick else {
        let nearest = outlook.nearest.as_ref();
        let mut cells = vec![tr!(lang, "nothing", "无")];
        cells.push(nearest.map_or_else(String::new, |miss| {
            let (model, quant, reason) = (&miss.model, &miss.quant, &miss.reason);
            tr!(lang, "nearest {model}:{quant}: {reason}", "最接近 {model}:{quant}：{reason}")
        }));
        cells.resize(pick_columns(lang).len(), String::new());
        return cells;
    };
    vec![
        format!("{}:{}", pick.model, pick.quant),
        pick.placement.label(lang).to_owned(),
        pick.needed_bytes.to_string(),
        pick.decode.map_or_else(unknown, |decode| digits(decode.tokens_per_second)),
        pick.decode.map_or_else(unknown, |decode| {
            format!("{}–{}", digits(decode.interval.low), digits(decode.interval.high))
        }),
        pick.time_to_answer_seconds.map_or_else(unknown, |time| time.display(lang)),
        pick.quality_score.map_or_else(unknown, |score| format!("{score:.1}")),
    ]
}

/// What a machine does, in a sentence.
pub(super) fn outlook_in_words(outlook: &Outlook, lang: Lang) -> String {
    let Some(pick) = &outlook.pick else {
        return match &outlook.nearest {
            Some(miss) => {
                let (model, quant, reason) = (&miss.model, &miss.quant, &miss.reason);
                tr!(
                    lang,
                    "nothing meets the needs; nearest is {model}:{quant}, {reason}",
                    "没有能满足需求的；最接近的是 {model}:{quant}，{reason}"
                )
            }
            None => tr!(lang, "nothing meets the needs", "没有能满足需求的"),
        };
    };
    let unknown = || tr!(lang, "unknown", "未知");
    let (model, quant, place) = (&pick.model, &pick.quant, pick.placement.label(lang));
    let rate = pick.decode.map_or_else(unknown, |decode| {
        let (low, high) = (digits(decode.interval.low), digits(decode.interval.high));
        format!("{} tok/s ({low}–{high})", digits(decode.tokens_per_second))
    });
    let time = pick.time_to_answer_seconds.map_or_else(unknown, |time| time.display(lang));
    let quality = pick.quality_score.map_or_else(unknown, |score| format!("{score:.1}"));
    tr!(
        lang,
        "{model}:{quant} on {place}, {rate}, an answer in {time}, quality {quality}",
        "{model}:{quant}，{place}，{rate}，{time}答完，质量 {quality}"
    )
}

/// The columns of a pick, for programs.
pub(super) fn pick_record_columns() -> [(&'static str, Align); 10] {
    [
        ("model", Align::Left),
        ("quant", Align::Left),
        ("placement", Align::Left),
        ("needed_bytes", Align::Right),
        ("decode_tokens_per_second", Align::Right),
        ("decode_low", Align::Right),
        ("decode_high", Align::Right),
        ("ttft_seconds", Align::Right),
        ("time_to_answer_seconds", Align::Right),
        ("quality_score", Align::Right),
    ]
}

/// The figures of a pick; empty where nothing meets the needs.
pub(super) fn pick_records(outlook: &Outlook) -> Vec<String> {
    let Some(pick) = &outlook.pick else { return vec![String::new(); pick_record_columns().len()] };
    let figure = |figure: Option<f64>| figure.map_or_else(String::new, |figure| format!("{figure:.3}"));
    vec![
        pick.model.clone(),
        pick.quant.clone(),
        pick.placement.label(Lang::En).to_owned(),
        pick.needed_bytes.0.to_string(),
        figure(pick.decode.map(|decode| decode.tokens_per_second)),
        figure(pick.decode.map(|decode| decode.interval.low)),
        figure(pick.decode.map(|decode| decode.interval.high)),
        figure(pick.ttft_seconds.map(|time| time.0)),
        figure(pick.time_to_answer_seconds.map(|time| time.0)),
        figure(pick.quality_score),
    ]
}
