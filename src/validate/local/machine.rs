use super::row::Measurement;
use crate::catalog::{Catalog, Counted, RowHardware, Wish, describe};
use crate::machine::{Machine, PcieLink};
use crate::units::Bytes;
use crate::validate::Unresolved;

/// Main memory beside the cards where the row does not state it: what does not fit on them must fit there.
const PLENTY: Bytes = Bytes::gib(2048);

/// The machine that a row's hardware names, as people write it: `2x Intel Xeon E5-2690 v3 (CPU only)`,
/// `AMD Ryzen 9 7940HS (Radeon 780M, 64GB DDR5-5600)`, `RTX 4090 24GB + Ryzen 9 7900X`.
pub(super) fn machine(row: &Measurement, catalog: &Catalog) -> Result<Machine, Unresolved> {
    let said = RowHardware::of(&row.hardware, catalog)?;
    if row.gpus() == 0 {
        return processors(row, said, catalog);
    }
    let count = row.gpu_count.or(said.count).unwrap_or(1);
    let gpus = said.accelerator.map(|accelerator| vec![Counted::of(count, &*accelerator.id)]);
    let cpu = match (said.wish.cpu, note_cpu(&row.note)) {
        (Some(cpu), _) => Some(cpu),
        (None, Some(noted)) => {
            let known = catalog.cpu_platform(noted)?.is_some() && gpus.is_some();
            known.then(|| Counted::one(noted))
        }
        (None, None) => None,
    };
    if gpus.is_none() && cpu.is_none() {
        return Err(Unresolved::Accelerator(row.hardware.clone()));
    }
    let wish = Wish { gpus, ram: Some(PLENTY), cpu, gpu_cores: said.gpu_cores, ..Wish::default() };
    let mut machine = describe(&wish, catalog)?;
    if machine.gpus.is_empty() {
        return Err(Unresolved::Accelerator(row.hardware.clone()));
    }
    // A Raspberry Pi gives a card one lane.
    if row.hardware.contains("Raspberry Pi") {
        for gpu in &mut machine.gpus {
            gpu.pcie = Some(PcieLink { generation: 3, width: 1 });
        }
    }
    Ok(machine)
}

fn processors(row: &Measurement, said: RowHardware<'_>, catalog: &Catalog) -> Result<Machine, Unresolved> {
    // The cores of a chip whose GPU was left alone.
    let chip = || said.accelerator.map(|chip| Counted::one(chip.name.clone()));
    let cpu = said.wish.cpu.clone().or_else(chip);
    let cpu = cpu.filter(|cpu| matches!(catalog.cpu_platform(&cpu.name), Ok(Some(_))));
    let wish = Wish {
        gpus: Some(Vec::new()),
        cpu: Some(cpu.ok_or_else(|| Unresolved::Cpu(row.hardware.clone()))?),
        threads: row.threads.or(said.wish.threads).or(said.wish.cores),
        modules: said.wish.modules,
        ..Wish::default()
    };
    let mut machine = describe(&wish, catalog)?;
    machine.ram.total_bytes = PLENTY;
    machine.ram.available_bytes = PLENTY;
    Ok(machine)
}

/// The CPU that a note names: `cpu=Intel(R) Core(TM) i9-10900X CPU @ 3.70GHz; …`.
fn note_cpu(note: &str) -> Option<&str> {
    let cpu = &note[note.find("cpu=")? + 4..];
    cpu.split(';').next().map(str::trim).filter(|cpu| !cpu.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(hardware: &str, gpu_count: u32) -> Machine {
        let row = Measurement {
            hardware: hardware.to_owned(),
            gpu_count: Some(gpu_count),
            ..Measurement::default()
        };
        machine(&row, &Catalog::embedded().unwrap()).unwrap()
    }

    #[test]
    fn names_are_understood_as_scoreboards_write_them() {
        let two = resolved("2x Intel Xeon E5-2690 v3 (CPU only)", 0);
        assert_eq!((two.cpu.sockets, two.cpu.physical_cores), (2, 24));
        let laptop = resolved("AMD Ryzen 9 7940HS (Radeon 780M, 64GB DDR5-5600)", 1);
        assert_eq!(laptop.gpus[0].accelerator.as_deref(), Some("ryzen-7-8845hs-7840hs"));
        let fewer = resolved("Apple M2 Ultra 60-core GPU", 1);
        let ratio = fewer.gpus[0].fp32_flops.unwrap().0 / 27.2e12;
        assert!((ratio - 60.0 / 76.0).abs() < 1e-9, "{ratio}");
        let host = resolved("NVIDIA GeForce RTX 4090 24GB + AMD Ryzen 9 7900X", 1);
        assert_eq!(host.cpu.physical_cores, 12);
        let pi = resolved("AMD Radeon PRO W7700 16GB (Raspberry Pi 5 host)", 1);
        assert_eq!(pi.gpus[0].pcie.unwrap().width, 1);
        let cores = resolved("2x Intel Xeon Gold 6454S (64 cores)", 0);
        assert_eq!(cores.cpu.physical_cores, 64);
    }

    #[test]
    fn an_unknown_cpu_is_an_error_that_names_it() {
        let row = Measurement { hardware: "Cyrix 6x86".into(), gpu_count: Some(0), ..Measurement::default() };
        assert!(machine(&row, &Catalog::embedded().unwrap()).unwrap_err().to_string().contains("Cyrix"));
    }
}
