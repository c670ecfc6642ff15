use crate::message;
use crate::message::{Message, fixed, percent};
use crate::report::name::Name;
use crate::report::plan::Site;
use crate::report::study::Candidate;
use crate::units::Bytes;

/// What the memory of one replica is for.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryChart {
    /// The machines.
    pub name: Name,
    /// GPUs of the replica.
    pub gpus: u32,
    /// The parts, from the bottom.
    pub parts: Vec<MemoryPart>,
    /// What to see in it.
    pub reading: Message,
}

/// A part of the memory.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryPart {
    /// What it is for.
    pub what: Message,
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
        let parts = vec![
            part(message!(ReportMemoryWeights), split.weights),
            part(message!(ReportMemoryCacheUsed), used),
            part(message!(ReportMemoryCacheFree), split.cache - used),
            part(message!(ReportMemoryWorkspace), split.workspace),
            part(message!(ReportMemoryUntaken), split.untaken),
        ];
        let verdict = if planned.capacity.binding == crate::capacity::Constraint::Cache {
            message!(ReportMemoryBinds)
        } else {
            message!(ReportMemoryDoesNotBind)
        };
        let reading = message!(ReportMemoryReading {
            all: parts.iter().map(|part| part.bytes).sum::<Bytes>(),
            gpus: message!(ReportGpus { count: gpus }),
            weights: split.weights,
            cache: split.cache,
            requests: fixed(planned.capacity.in_flight, 0),
            used: percent(share.min(1.0), 0),
            verdict,
        });
        Some(Self { name: sized.option.name.clone(), gpus, parts, reading })
    }
}
