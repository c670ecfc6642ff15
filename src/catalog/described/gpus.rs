use super::{Counted, DescribeError, Wish, counted_name};
use crate::catalog::{Accelerator, AcceleratorKind, Catalog};
use crate::machine::{Gpu, GpuMemory, Vendor};
use crate::message;
use crate::message::Message;
use crate::units::{Bytes, Flops};

/// The GPUs of a machine.
#[derive(Debug)]
pub(super) struct Cards<'a> {
    groups: Vec<Group<'a>>,
}

/// A number of one GPU.
#[derive(Debug)]
struct Group<'a> {
    entry: &'a Accelerator,
    count: u32,
}

impl<'a> Cards<'a> {
    /// The GPUs of a wish.
    pub(super) fn of(wish: &Wish<'a>, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        let mut cards = Self { groups: Vec::new() };
        for Counted { name, count } in wish.gpus.iter().flatten() {
            cards.groups.push(Group { entry: catalog.accelerator(name)?, count: *count });
        }
        // The GPU in a processor counts where nothing is said of GPUs.
        let cpu = wish.cpu.as_ref().filter(|cpu| wish.gpus.is_none() && cpu.count == 1);
        if let Some(entry) = cpu.map(|cpu| catalog.integrated_gpu(&cpu.name)).transpose()?.flatten() {
            cards.groups.push(Group { entry, count: 1 });
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
        Ok(())
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
    pub(super) fn gpus(&self, ram: Bytes, cores: Option<u32>, notes: &mut Vec<Message>) -> Vec<Gpu> {
        let mut gpus = Vec::new();
        for Group { entry, count } in &self.groups {
            if entry.kind == AcceleratorKind::Other {
                notes.push(message!(CatalogNoteNoBackend { name: &entry.name }));
            }
            let gpu = gpu(entry, cores, ram);
            gpus.extend((0..*count).map(|_| gpu.clone()));
        }
        gpus
    }
}

fn gpu(accelerator: &Accelerator, cores: Option<u32>, ram: Bytes) -> Gpu {
    // Apple sells chips of one name with several counts of GPU cores.
    let share = match (accelerator.gpu_cores, cores) {
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
