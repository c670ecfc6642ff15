use std::io;

use crate::message;
use crate::message::{Message, enumeration, fact, file_size};
use crate::recommend::{Needs, Priority};
use crate::render::{Style, wrapped};
use crate::say;

use super::sentences::plain;

/// The needs that were given, and the defaults of the others.
pub(in crate::render) fn draw(needs: &Needs, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let locale = style.locale;
    let head = message!(AskedFor { name: &needs.use_case, purpose: fact(&needs.purpose) });
    wrapped("", &locale.say(&head), style, out)?;
    let (given, default): (Vec<_>, Vec<_>) =
        items(needs).into_iter().partition(|(key, _)| needs.given.contains(*key));
    for (label, items) in [(say!(locale, AskedGiven), given), (say!(locale, AskedDefault), default)] {
        if !items.is_empty() {
            let items = enumeration(items.into_iter().map(|(_, item)| item));
            wrapped(&label, &locale.show(items), style, out)?;
        }
    }
    writeln!(out)
}

/// Every need by its key. Those without a default are there when they are given.
fn items(needs: &Needs) -> Vec<(&'static str, Message)> {
    let Needs { run, task, .. } = needs;
    let mut items = vec![
        ("context", message!(AskedContext { tokens: run.context_per_sequence() })),
        ("prompt_tokens", message!(AskedPrompt { tokens: task.prompt_tokens })),
        ("output_tokens", message!(AskedOutput { tokens: task.output_tokens })),
        ("min_decode", message!(AskedMinDecode { rate: plain(needs.minimum_decode_tokens_per_second.0) })),
        ("max_quant_loss", message!(AskedMaxQuantLoss { percent: plain(needs.maximum_quant_loss_percent) })),
        (
            "priority",
            match needs.priority {
                Priority::Balanced => message!(AskedBalanced),
                Priority::Quality => message!(AskedQuality),
                Priority::Latency => message!(AskedLatency),
                Priority::Cost => message!(AskedCost),
            },
        ),
    ];
    let mut push = |key, item: Option<Message>| items.extend(item.map(|item| (key, item)));
    push("sequences", (run.sequences > 1).then(|| message!(AskedSequences { count: run.sequences })));
    let kv_type = needs.given.contains("kv_type").then(|| run.kv_type.to_string());
    push("kv_type", kv_type.map(|kind| message!(AskedKvType { kind })));
    push("max_ttft", needs.maximum_ttft_seconds.map(|time| message!(AskedMaxTtft { time })));
    push("max_answer_time", needs.maximum_answer_seconds.map(|time| message!(AskedMaxAnswerTime { time })));
    push("reserve_ram", needs.reserved_ram_bytes.map(|size| message!(AskedReserveRam { size })));
    push("reserve_gpu", needs.reserved_gpu_bytes.map(|size| message!(AskedReserveGpu { size })));
    push("gpu_only", needs.gpu_only.then(|| message!(AskedGpuOnly)));
    push("max_disk", needs.maximum_disk_bytes.map(|most| message!(AskedMaxDisk { size: file_size(most) })));
    for (benchmark, minimum) in &needs.minimum_scores {
        let (benchmark, minimum) = (benchmark.to_string(), plain(*minimum));
        push("min", Some(message!(AskedMinScore { benchmark, minimum })));
    }
    let licences = (!needs.licences.is_empty()).then(|| enumeration(&needs.licences));
    push("licence", licences.map(|licences| message!(AskedLicences { licences })));
    push("local_only", needs.local_only.then(|| message!(AskedLocalOnly)));
    push("answers_per_day", Some(message!(AskedAnswers { count: plain(needs.answers_per_day) })));
    push("power_price", Some(message!(AskedPowerPrice { price: needs.power_price })));
    push("budget", needs.budget.map(|most| message!(AskedBudget { most })));
    push("monthly_budget", needs.monthly_budget.map(|most| message!(AskedMonthlyBudget { most })));
    push("max_token_price", needs.maximum_token_price.map(|most| message!(AskedMaxTokenPrice { most })));
    items
}
