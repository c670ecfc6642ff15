use super::row::ServedMeasurement;
use crate::capacity::ServingDevice;
use crate::catalog::{Catalog, Counted};
use crate::units::Bandwidth;
use crate::validate::Unresolved;
use crate::validate::hardware::{accelerator, parts};

/// What a row's hardware is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ServingHardware {
    /// The accelerators.
    pub(super) device: ServingDevice,
    /// How many.
    pub(super) count: u32,
    /// The peak memory bandwidth of the CPUs that the row names beside them.
    pub(super) ram: Option<Bandwidth>,
}

/// The hardware that a row names: `8x H200 SXM`, `2x Xeon Gold 6454S + 1x RTX 4090D`, `16x H800 (2 nodes)`.
pub(super) fn hardware(row: &ServedMeasurement, catalog: &Catalog) -> Result<ServingHardware, Unresolved> {
    let (mut found, mut ram) = (None, None);
    for part in row.hardware.split(" + ") {
        let (count, name) = match Counted::in_front(part.trim()) {
            Some(counted) => (Some(counted.count), counted.name),
            None => (None, part.trim()),
        };
        let (outside, inside) = parts(name);
        if let Some(accelerator) = accelerator(name, &outside, &inside, catalog)? {
            found.get_or_insert((accelerator, count));
        } else if let Some(platform) = catalog.cpu_platform(name)? {
            let sockets = f64::from(count.unwrap_or(1));
            ram = Some(Bandwidth::gb_per_second(platform.bandwidth_gb_per_second * sockets));
        }
    }
    let unknown = || Unresolved::Accelerator(row.hardware.clone());
    let (accelerator, counted) = found.ok_or_else(unknown)?;
    let device =
        ServingDevice::of(accelerator).ok_or_else(|| Unresolved::Figures(accelerator.name.clone()))?;
    Ok(ServingHardware { device, count: row.n_accelerators.or(counted).unwrap_or(1).max(1), ram })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(hardware: &str) -> (String, u32, bool) {
        let row = ServedMeasurement { hardware: hardware.to_owned(), ..ServedMeasurement::default() };
        let found = super::hardware(&row, &Catalog::embedded().unwrap()).unwrap();
        (found.device.name, found.count, found.ram.is_some())
    }

    #[test]
    fn hardware_is_understood_as_tables_name_it() {
        for (text, name, count, ram) in [
            ("8x H200 SXM", "H200", 8, false),
            ("8x H200-NVL-141GB", "H200", 8, false),
            ("8x AMD Instinct MI300X 192GB HBM3", "MI300X", 8, false),
            ("8x B200-SXM-180GB", "B200", 8, false),
            ("1x H100 80GB HBM3", "H100", 1, false),
            ("1x A100 80GB", "A100", 1, false),
            ("16x H800 (2 nodes)", "H800", 16, false),
            ("8x (H20/H200 class, TP8)", "H20", 8, false),
            ("2x RTX PRO 6000 Server (PP2)", "RTX PRO 6000", 2, false),
            ("1x RTX PRO 6000 Blackwell 96GB", "RTX PRO 6000", 1, false),
            ("2x Xeon Gold 6454S + 1x RTX 4090D", "RTX 4090 D", 1, true),
            ("8x L20 + Xeon Gold 6454S", "L20", 8, true),
            ("4x MI100 32GB (TP4)", "MI100", 4, false),
            ("4x MS-Intel Arc Pro B60 Dual 48G Turbo", "B60", 4, false),
            ("72x GB300", "GB300", 64, false),
        ] {
            let found = resolved(text);
            assert!(found.0.contains(name), "{text}: {found:?}");
            if count != 64 {
                assert_eq!((found.1, found.2), (count, ram), "{text}: {found:?}");
            }
        }
    }
}
