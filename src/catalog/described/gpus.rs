use super::{DescribeError, Wish, counted_name};
use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError, Counted, TypedAccelerator};
use crate::machine::{Gpu, GpuMemory, Vendor};
use crate::message;
use crate::message::{Message, list};
use crate::units::{Bytes, Flops};

/// The GPUs of a machine.
#[derive(Debug)]
pub(super) struct Cards<'a> {
    groups: Vec<Group<'a>>,
    /// Main memory that the name of a chip states.
    pub(super) stated_memory: Option<Bytes>,
}

/// A number of one GPU.
#[derive(Debug)]
struct Group<'a> {
    entry: &'a Accelerator,
    count: u32,
    text: &'a str,
}

impl<'a> Cards<'a> {
    /// The GPUs of a wish.
    pub(super) fn of(
        wish: &Wish<'a>,
        catalog: &'a Catalog,
        notes: &mut Vec<Message>,
    ) -> Result<Self, DescribeError> {
        let mut cards = Self { groups: Vec::new(), stated_memory: None };
        for Counted { name, count } in wish.gpus.iter().flatten().copied() {
            let typed = typed(name, catalog)?;
            if typed.entry.kind == AcceleratorKind::Unified {
                cards.stated_memory = typed.memory;
            }
            if !typed.others.is_empty() {
                notes.push(several_memories(name, &typed));
            }
            cards.groups.push(Group { entry: typed.entry, count, text: name });
        }
        // The GPU in a processor counts where nothing is said of GPUs.
        let cpu = wish.cpu.filter(|cpu| wish.gpus.is_none() && cpu.count == 1);
        if let Some(entry) = cpu.map(|cpu| catalog.integrated_gpu(cpu.name)).transpose()?.flatten() {
            cards.groups.push(Group { entry, count: 1, text: &entry.name });
        }
        cards.check()?;
        Ok(cards)
    }

    fn check(&self) -> Result<(), DescribeError> {
        let Some(chip) = self.unified() else { return Ok(()) };
        let chips: u32 = self.of_kind(AcceleratorKind::Unified).map(|group| group.count).sum();
        if chips > 1 {
            return Err(DescribeError::OneUnified { name: chip.name.clone() });
        }
        if chip.vendor == Vendor::Apple && self.groups.len() > 1 {
            return Err(DescribeError::Closed { name: chip.name.clone() });
        }
        match self.stated_memory {
            Some(memory) if !chip.is_sold_with(memory) => Err(DescribeError::Memory {
                name: chip.name.clone(),
                memory,
                sold_gib: chip.memory_options_gib.clone(),
            }),
            _ => Ok(()),
        }
    }

    fn of_kind(&self, kind: AcceleratorKind) -> impl Iterator<Item = &Group<'a>> {
        self.groups.iter().filter(move |group| group.entry.kind == kind)
    }

    /// The chip that shares main memory, where there is one.
    pub(super) fn unified(&self) -> Option<&'a Accelerator> {
        self.of_kind(AcceleratorKind::Unified).next().map(|group| group.entry)
    }

    /// The first card, and how many cards there are in all.
    pub(super) fn first_card(&self) -> Option<(&'a Accelerator, u32)> {
        let cards = || self.groups.iter().filter(|group| group.entry.kind != AcceleratorKind::Unified);
        let count = cards().map(|group| group.count).sum();
        cards().next().map(|group| (group.entry, count))
    }

    /// The memory of all cards together.
    pub(super) fn memory(&self) -> Bytes {
        let cards = self.groups.iter().filter(|group| group.entry.kind != AcceleratorKind::Unified);
        cards.map(|group| group.entry.memory * u64::from(group.count)).sum()
    }

    /// What to call a machine with them and so much main memory.
    pub(super) fn name(&self, ram: Bytes) -> Option<String> {
        let names: Vec<String> = self
            .groups
            .iter()
            .map(|group| match group.entry.kind {
                AcceleratorKind::Unified => format!("{}, {ram}", group.entry.name),
                AcceleratorKind::Gpu | AcceleratorKind::Other => counted_name(group.count, &group.entry.name),
            })
            .collect();
        (!names.is_empty()).then(|| names.join(" + "))
    }

    /// Each of them, beside so much main memory.
    pub(super) fn gpus(&self, ram: Bytes, notes: &mut Vec<Message>) -> Vec<Gpu> {
        let mut gpus = Vec::new();
        for Group { entry, count, text } in &self.groups {
            if entry.kind == AcceleratorKind::Other {
                notes.push(message!(CatalogNoteNoBackend { name: &entry.name }));
            }
            let gpu = gpu(entry, text, ram);
            gpus.extend((0..*count).map(|_| gpu.clone()));
        }
        gpus
    }
}

/// The wish with its CPU as its GPU, where that is a chip whose GPU one means: `--cpu 'M2 Ultra 192'`.
pub(super) fn chip_named_as_cpu<'a>(wish: &Wish<'a>, catalog: &Catalog) -> Option<Wish<'a>> {
    let chip = wish.cpu.filter(|_| wish.gpus.is_none())?;
    let typed = catalog.typed_accelerator(chip.name).ok()?;
    let is_whole = typed.entry.kind == AcceleratorKind::Unified
        && !typed.entry.memory_options_gib.is_empty()
        && typed.unknown.is_empty();
    is_whole.then(|| Wish { gpus: Some(vec![chip]), cpu: None, ..wish.clone() })
}

/// The accelerator that a part of a wish means.
fn typed<'a>(name: &str, catalog: &'a Catalog) -> Result<TypedAccelerator<'a>, DescribeError> {
    let typed = match catalog.typed_accelerator(name) {
        Err(CatalogError::Unknown { .. }) if catalog.cpu_platform(name)?.is_some() => {
            return Err(DescribeError::CpuAsGpu { name: name.to_owned() });
        }
        found => found?,
    };
    match typed.unknown.first() {
        Some(number) => Err(DescribeError::Number {
            number: number.clone(),
            text: name.to_owned(),
            name: typed.entry.name.clone(),
            sold_gib: typed.entry.memory_options_gib.clone(),
        }),
        None => Ok(typed),
    }
}

/// That a name is short for the usual one of several.
fn several_memories(name: &str, typed: &TypedAccelerator<'_>) -> Message {
    let gib = |entry: &Accelerator| entry.memory.as_gib().round();
    let mut others: Vec<f64> = typed.others.iter().map(|other| gib(other)).collect();
    others.sort_by(f64::total_cmp);
    others.dedup();
    let first = others[0].to_string();
    let others = list(others.iter().map(f64::to_string));
    message!(CatalogNoteSeveralMemories { name, taken: gib(typed.entry).to_string(), others, first })
}

fn gpu(accelerator: &Accelerator, name: &str, ram: Bytes) -> Gpu {
    // Apple sells chips of one name with several counts of GPU cores.
    let share = match (accelerator.gpu_cores, cores_in(name)) {
        (Some(known), Some(said)) => f64::from(said) / f64::from(known),
        _ => 1.0,
    };
    let of_cores = |rate: Flops| Flops(rate.0 * share);
    Gpu {
        name: accelerator.name.clone(),
        vendor: accelerator.vendor,
        memory: match accelerator.kind {
            AcceleratorKind::Unified => GpuMemory::default_share(accelerator.vendor, ram),
            AcceleratorKind::Gpu | AcceleratorKind::Other => {
                GpuMemory::of_idle_card(accelerator.visible_memory())
            }
        },
        bandwidth_bytes_per_second: accelerator.bandwidth,
        fp32_flops: accelerator.fp32.map(of_cores),
        fp16_flops: accelerator.fp16.map(of_cores),
        int8_ops: accelerator.int8.map(of_cores),
        class: accelerator.class,
        accelerator: Some(accelerator.id.clone()),
        pci_id: accelerator.pci_ids.first().copied(),
        pcie: accelerator.pcie,
        power_limit_watts: accelerator.tdp_watts,
        driver: None,
        mig: false,
    }
}

/// The number that a name has before `-core`.
pub(super) fn cores_in(name: &str) -> Option<u32> {
    let before = &name[..name.to_ascii_lowercase().find("-core")?];
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cores_are_in_the_full_name() {
        assert_eq!(cores_in("AMD EPYC 9654 96-Core Processor"), Some(96));
        assert_eq!(cores_in("EPYC 9654"), None);
        assert_eq!(cores_in("Quad-Core"), None);
    }
}
