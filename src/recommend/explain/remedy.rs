use crate::estimate::PlacementKind;
use crate::lang::Lang;
use crate::recommend::{Change, DatedPrice, Outcome};
use crate::tr;
use crate::units::TokenRate;

/// A change that makes a model fit, with its price and what then runs.
pub fn remedy(change: &Change, price: Option<&DatedPrice>, outcome: Option<&Outcome>, lang: Lang) -> String {
    let mut text = self::change(change, lang);
    if let Some(price) = price {
        let dated = match &price.date {
            Some(date) => tr!(lang, "about {usd}, {date}", "约 {usd}，{date}", usd = price.usd),
            None => tr!(lang, "about {usd}", "约 {usd}", usd = price.usd),
        };
        text = tr!(lang, "{text} ({dated})", "{text}（{dated}）");
    }
    match outcome.map(|outcome| self::outcome(outcome, lang)) {
        Some(outcome) => tr!(lang, "{text}: {outcome}", "{text}：{outcome}"),
        None => text,
    }
}

fn change(change: &Change, lang: Lang) -> String {
    match change {
        Change::KvType { kv_type } => {
            tr!(lang, "with `--kv-type {kv_type}`", "用 `--kv-type {kv_type}`")
        }
        Change::Context { context_tokens } => {
            tr!(lang, "with `--context {context_tokens}`", "用 `--context {context_tokens}`")
        }
        Change::AlsoRam => tr!(lang, "without `--gpu-only`", "不用 `--gpu-only`"),
        Change::Limits { flags } => {
            tr!(lang, "with `{flags}`", "用 `{flags}`", flags = flags.join(" "))
        }
        Change::Gpus { name, more: 1 } => tr!(lang, "with one more {name}", "再加一块 {name}"),
        Change::Gpus { name, more } => tr!(lang, "with {more} more {name}", "再加 {more} 块 {name}"),
        Change::Ram { total_bytes } => tr!(lang, "with {total_bytes} of RAM", "内存增至 {total_bytes}"),
        Change::Machine { name } => tr!(lang, "on a machine with {name}", "换用配 {name} 的机器"),
        Change::Api {
            provider,
            input_usd_per_million_tokens: input,
            output_usd_per_million_tokens: output,
            date,
            ..
        } => tr!(
            lang,
            "by API: {provider}, {input} in and {output} out ({date})",
            "调用 API：{provider}，输入 {input}，输出 {output}（{date}）"
        ),
    }
}

fn outcome(outcome: &Outcome, lang: Lang) -> String {
    let quant = &outcome.quant;
    let experts = match outcome.placement {
        PlacementKind::ExpertOffload => tr!(lang, ", experts in RAM", "，专家在内存"),
        _ => String::new(),
    };
    match outcome.decode {
        Some(decode) => {
            let rate = TokenRate(decode.tokens_per_second);
            tr!(lang, "{quant} at {rate}{experts}", "{quant}，{rate}{experts}")
        }
        None => tr!(lang, "{quant}{experts}", "{quant}{experts}"),
    }
}
