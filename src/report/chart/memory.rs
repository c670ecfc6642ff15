use crate::report::phrase::{gpus_in_words, percent};
use crate::report::plan::Site;
use crate::report::study::Candidate;
use crate::tr;
use crate::units::Bytes;

/// What the memory of one replica is for.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryChart {
    /// The machines.
    pub name: String,
    /// GPUs of the replica.
    pub gpus: u32,
    /// The parts, from the bottom.
    pub parts: Vec<MemoryPart>,
    /// What to see in it.
    pub reading: String,
}

/// A part of the memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryPart {
    /// What it is for.
    pub what: String,
    /// How much.
    pub bytes: Bytes,
}

impl MemoryChart {
    pub(super) fn of(site: &Site<'_>, sized: &Candidate<'_>) -> Option<Self> {
        let planned = sized.planned.as_ref()?;
        let split = planned.deployment.memory_split()?;
        // A request holds its prompt and, on average over its life, half of its answer.
        let held = site.needs.new_prompt_tokens().max(1.0) + site.needs.output_tokens.value / 2.0;
        let share = planned.capacity.in_flight * held / planned.deployment.cache_tokens()?;
        let used = split.cache.share(share.min(1.0));
        let gpus = planned.deployment.gpus();
        let part = |what, bytes| MemoryPart { what, bytes };
        let lang = site.lang;
        let parts = vec![
            part(tr!(lang, "weights", "权重"), split.weights),
            part(tr!(lang, "cache in use at the limit", "承载上限时占用的 KV 缓存"), used),
            part(tr!(lang, "cache that is free", "空闲的 KV 缓存"), split.cache - used),
            part(tr!(lang, "the engine's workspace", "引擎工作区"), split.workspace),
            part(tr!(lang, "left alone by the engine", "引擎不使用"), split.untaken),
        ];
        let verdict = if planned.capacity.binding == crate::capacity::Constraint::Cache {
            tr!(lang, "the memory is what limits it", "瓶颈在显存")
        } else {
            tr!(lang, "the memory is not what limits it", "瓶颈不在显存")
        };
        let reading = tr!(
            lang,
            "Of {all} on {gpus} the weights take {weights} and the cache {cache}, of which {requests:.0} requests in flight use \
             {used} on average: {verdict}.",
            "{gpus} 共 {all}，权重占 {weights}，KV 缓存占 {cache}，其中 {requests:.0} 个在途请求平均使用 {used}：{verdict}。",
            all = parts.iter().map(|part| part.bytes).sum::<Bytes>(),
            gpus = gpus_in_words(gpus, lang),
            weights = split.weights,
            cache = split.cache,
            requests = planned.capacity.in_flight,
            used = percent(share.min(1.0), lang)
        );
        Some(Self { name: sized.option.name.clone(), gpus, parts, reading })
    }
}
