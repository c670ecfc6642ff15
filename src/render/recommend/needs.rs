use std::io;

use crate::lang::Lang;
use crate::recommend::{Needs, Priority};
use crate::render::{Style, wrapped};
use crate::tr;

/// What was asked, and what was not and stands for it.
pub(in crate::render) fn draw(needs: &Needs, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = style.lang;
    let head = tr!(
        lang,
        "For `{name}`: {purpose}",
        "用途 `{name}`：{purpose}",
        name = needs.use_case,
        purpose = needs.purpose
    );
    wrapped("", &head, style, out)?;
    let (asked, usual): (Vec<_>, Vec<_>) =
        items(needs, lang).into_iter().partition(|(key, _)| needs.given.contains(*key));
    let separator = match lang {
        Lang::En => ", ",
        Lang::Zh => "，",
    };
    let told = |items: Vec<(&str, String)>| {
        items.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(separator)
    };
    if !asked.is_empty() {
        wrapped(&tr!(lang, "  asked    ", "  要求  "), &told(asked), style, out)?;
    }
    if !usual.is_empty() {
        wrapped(&tr!(lang, "  default  ", "  默认  "), &told(usual), style, out)?;
    }
    writeln!(out)
}

/// Every need in words, by its key. Those that have no default are there when they are asked.
fn items(needs: &Needs, lang: Lang) -> Vec<(&'static str, String)> {
    let mut items = vec![
        (
            "context",
            tr!(
                lang,
                "{context} tokens of context",
                "上下文 {context} token",
                context = needs.run.context_per_sequence()
            ),
        ),
        (
            "prompt_tokens",
            tr!(lang, "a question of {tokens}", "提问 {tokens}", tokens = needs.task.prompt_tokens),
        ),
        (
            "output_tokens",
            tr!(
                lang,
                "an answer of {tokens} with its thinking",
                "回答（含思考）{tokens}",
                tokens = needs.task.output_tokens
            ),
        ),
        (
            "min_decode",
            tr!(lang, "at least {rate}", "至少 {rate}", rate = needs.minimum_decode_tokens_per_second),
        ),
        (
            "max_quant_loss",
            tr!(
                lang,
                "at most {most} % lost by the quant",
                "量化损失不超过 {most}%",
                most = needs.maximum_quant_loss_percent
            ),
        ),
        ("priority", priority(needs.priority, lang)),
    ];
    if needs.run.sequences > 1 {
        items.push((
            "sequences",
            tr!(lang, "{count} conversations at once", "同时 {count} 个会话", count = needs.run.sequences),
        ));
    }
    if needs.given.contains("kv_type") {
        items.push(("kv_type", tr!(lang, "KV cache in {kind}", "KV 缓存 {kind}", kind = needs.run.kv_type)));
    }
    limits(needs, lang, &mut items);
    money(needs, lang, &mut items);
    items
}

fn priority(priority: Priority, lang: Lang) -> String {
    match priority {
        Priority::Balanced => tr!(lang, "quality and speed in balance", "质量与速度均衡"),
        Priority::Quality => tr!(lang, "quality first", "质量优先"),
        Priority::Latency => tr!(lang, "quick answers first", "速度优先"),
        Priority::Cost => tr!(lang, "low cost first", "成本优先"),
    }
}

fn limits(needs: &Needs, lang: Lang, items: &mut Vec<(&'static str, String)>) {
    let mut push = |key, text: Option<String>| items.extend(text.map(|text| (key, text)));
    push(
        "max_ttft",
        needs.maximum_ttft_seconds.map(|most| {
            tr!(lang, "the first token within {most}", "首 token 不超过 {most}", most = most.display(lang))
        }),
    );
    push(
        "max_answer_time",
        needs
            .maximum_answer_seconds
            .map(|most| tr!(lang, "an answer within {most}", "回答不超过 {most}", most = most.display(lang))),
    );
    push(
        "reserve_ram",
        needs.reserved_ram_bytes.map(|left| tr!(lang, "{left} of RAM left alone", "内存留出 {left}")),
    );
    push(
        "reserve_gpu",
        needs.reserved_gpu_bytes.map(|left| tr!(lang, "{left} left on each GPU", "每块 GPU 留出 {left}")),
    );
    push("gpu_only", needs.gpu_only.then(|| tr!(lang, "on GPUs only", "只用 GPU")));
    push(
        "max_disk",
        needs
            .maximum_disk_bytes
            .map(|most| tr!(lang, "files of at most {most}", "文件不超过 {most}", most = most.decimal())),
    );
    for (benchmark, least) in &needs.minimum_scores {
        push("min", Some(tr!(lang, "{benchmark} of at least {least}", "{benchmark} 不低于 {least}")));
    }
    push(
        "licence",
        (!needs.licences.is_empty()).then(|| {
            let names = needs.licences.join(", ");
            tr!(lang, "licensed under {names}", "许可证限 {names}")
        }),
    );
    push("local_only", needs.local_only.then(|| tr!(lang, "no API is used", "不使用 API")));
}

fn money(needs: &Needs, lang: Lang, items: &mut Vec<(&'static str, String)>) {
    items.push((
        "answers_per_day",
        tr!(lang, "{count} answers a day", "每天 {count} 个回答", count = needs.answers_per_day),
    ));
    items.push(("power_price", tr!(lang, "{price} a kWh", "每千瓦时 {price}", price = needs.power_price)));
    let mut push = |key, text: Option<String>| items.extend(text.map(|text| (key, text)));
    push("budget", needs.budget.map(|most| tr!(lang, "at most {most} for hardware", "硬件预算 {most}")));
    push(
        "monthly_budget",
        needs
            .monthly_budget
            .map(|most| tr!(lang, "at most {most} of electricity a month", "每月电费不超过 {most}")),
    );
    push(
        "max_token_price",
        needs
            .maximum_token_price
            .map(|most| tr!(lang, "at most {most} tokens of electricity", "每百万 token 电费不超过 {most}")),
    );
}
