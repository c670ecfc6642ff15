use crate::report::plan::Site;
use crate::report::study::Candidate;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryPart {
    /// What it is for.
    pub what: &'static str,
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
        let parts = vec![
            MemoryPart { what: "weights", bytes: split.weights },
            MemoryPart { what: "cache in use at the limit", bytes: used },
            MemoryPart { what: "cache that is free", bytes: split.cache - used },
            MemoryPart { what: "the engine's workspace", bytes: split.workspace },
            MemoryPart { what: "left alone by the engine", bytes: split.untaken },
        ];
        let reading = format!(
            "Of {} on {} the weights take {} and the cache {}, of which {:.0} requests in flight use {:.0} % on average: the \
             memory {} what limits it.",
            parts.iter().map(|part| part.bytes).sum::<Bytes>(),
            if gpus == 1 { "one GPU".to_owned() } else { format!("{gpus} GPUs") },
            split.weights,
            split.cache,
            planned.capacity.in_flight,
            share.min(1.0) * 100.0,
            if planned.capacity.binding == crate::capacity::Constraint::Cache { "is" } else { "is not" }
        );
        Some(Self { name: sized.option.name.clone(), gpus, parts, reading })
    }
}
