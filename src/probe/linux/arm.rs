//! The names of Arm cores, which `/proc/cpuinfo` gives as numbers only.

/// The name of a core by its implementer and part number (`MIDR_EL1`), as in `lscpu` of util-linux
/// (`sys-utils/lscpu-arm.c`): the ones of servers, boards and laptops that run models.
pub(super) fn core_name(implementer: &str, part: &str) -> Option<String> {
    let number = |text: &str| u32::from_str_radix(text.trim_start_matches("0x"), 16).ok();
    let name = match (number(implementer)?, number(part)?) {
        (0x41, 0xd07) => "Arm Cortex-A57",
        (0x41, 0xd08) => "Arm Cortex-A72",
        (0x41, 0xd0b) => "Arm Cortex-A76",
        (0x41, 0xd05) => "Arm Cortex-A55",
        (0x41, 0xd0c) => "Arm Neoverse-N1",
        (0x41, 0xd40) => "Arm Neoverse-V1",
        (0x41, 0xd42) => "Arm Cortex-A78AE",
        (0x41, 0xd49) => "Arm Neoverse-N2",
        (0x41, 0xd4f) => "Arm Neoverse-V2",
        (0x41, 0xd84) => "Arm Neoverse-V3",
        (0x41, 0xd8e) => "Arm Neoverse-N3",
        (0x48, 0xd01) => "HiSilicon TaiShan v110",
        (0x51, 0x001) => "Qualcomm Oryon",
        (0xc0, 0xac3) => "Ampere-1",
        (0xc0, 0xac4) => "Ampere-1a",
        _ => return None,
    };
    Some(name.to_owned())
}
