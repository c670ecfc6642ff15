use super::row::Measurement;
use crate::catalog::{Catalog, Counted, Wish, describe};
use crate::machine::{Machine, PcieLink};
use crate::units::Bytes;
use crate::validate::Unresolved;
use crate::validate::hardware::{accelerator, parts};

/// Main memory beside the cards where the row does not state it: what does not fit on them must fit there.
const PLENTY: Bytes = Bytes::gib(2048);

/// The machine that a row's hardware names, as people write it: `2x Intel Xeon E5-2690 v3 (CPU only)`,
/// `AMD Ryzen 9 7940HS (Radeon 780M, 64GB DDR5-5600)`, `RTX 4090 24GB + Ryzen 9 7900X`.
pub(super) fn machine(row: &Measurement, catalog: &Catalog) -> Result<Machine, Unresolved> {
    let (outside, inside) = parts(&row.hardware);
    let (gpu_text, cpu_text) = match outside.split_once(" + ") {
        Some((gpu, cpu)) => (gpu.trim(), Some(cpu.trim())),
        None => (outside.as_str(), None),
    };
    let noted = note_cpu(&row.note);
    if row.gpus() == 0 {
        return processors(row, gpu_text, &inside, catalog);
    }
    let (count, gpu_text) = match Counted::in_front(gpu_text) {
        // `2x RTX 4090` says how many where the column does not.
        Some(counted) => (row.gpu_count.unwrap_or(counted.count), counted.name),
        None => (row.gpus(), gpu_text),
    };
    let accelerator = match accelerator(&row.hardware, gpu_text, &inside, catalog)? {
        Some(found) => found,
        // The error of the whole name says most.
        None => catalog.accelerator(&row.hardware)?,
    };
    let host = cpu_text.or(noted).filter(|cpu| matches!(catalog.cpu_platform(cpu), Ok(Some(_))));
    let wish = Wish {
        gpus: Some(vec![Counted { name: &accelerator.name, count }]),
        ram: Some(PLENTY),
        cpu: host.map(Counted::one),
        ..Wish::default()
    };
    let mut machine = describe(&wish, catalog)?;
    // The entry's own name has its own cores; the row's may have fewer.
    if let (Some(known), Some(said)) = (accelerator.gpu_cores, number_before(&row.hardware, "-core")) {
        let share = f64::from(said) / f64::from(known);
        for gpu in &mut machine.gpus {
            for rate in [&mut gpu.fp32_flops, &mut gpu.fp16_flops, &mut gpu.int8_ops].into_iter().flatten() {
                rate.0 *= share;
            }
        }
    }
    // A Raspberry Pi gives a card one lane.
    if inside.iter().any(|part| part.contains("Raspberry Pi")) {
        for gpu in &mut machine.gpus {
            gpu.pcie = Some(PcieLink { generation: 3, width: 1 });
        }
    }
    Ok(machine)
}

fn processors(
    row: &Measurement,
    text: &str,
    inside: &[String],
    catalog: &Catalog,
) -> Result<Machine, Unresolved> {
    let counted = Counted::in_front(text).unwrap_or(Counted::one(text));
    // A board's name may be known where its chip's is not, and the other way round.
    let name = std::iter::once(counted.name)
        .chain(inside.iter().map(String::as_str))
        .find(|name| matches!(catalog.cpu_platform(name), Ok(Some(_))))
        .ok_or_else(|| Unresolved::Cpu(counted.name.to_owned()))?;
    let cores = inside.iter().find_map(|part| number_before(part, " cores"));
    let wish = Wish {
        gpus: Some(Vec::new()),
        cpu: Some(Counted { name, count: counted.count }),
        threads: row.threads.or(cores),
        ..Wish::default()
    };
    let mut machine = describe(&wish, catalog)?;
    machine.ram.total_bytes = PLENTY;
    machine.ram.available_bytes = PLENTY;
    // Memory that is named with its speed is faster or slower than the platform's usual one.
    if let Some(speed) = inside.iter().find_map(|part| memory_speed(part))
        && let Some(reading) = &mut machine.ram.bandwidth
        && let Ok(Some(platform)) = catalog.cpu_platform(name)
        && let Some(usual) = platform.memory_type.as_deref().and_then(memory_speed)
    {
        reading.bytes_per_second.0 *= f64::from(speed) / f64::from(usual);
    }
    Ok(machine)
}

/// The CPU that a note names: `cpu=Intel(R) Core(TM) i9-10900X CPU @ 3.70GHz; …`.
fn note_cpu(note: &str) -> Option<&str> {
    let cpu = &note[note.find("cpu=")? + 4..];
    cpu.split(';').next().map(str::trim).filter(|cpu| !cpu.is_empty())
}

fn number_before(text: &str, unit: &str) -> Option<u32> {
    let before = &text[..text.to_ascii_lowercase().find(unit)?];
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The transfer rate in `64GB DDR5-5600`, in millions a second.
fn memory_speed(text: &str) -> Option<u32> {
    let at = text.find("DDR")?;
    let digits = text[at..].split_once('-')?.1;
    digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())].parse().ok()
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
