//! A machine described in one text: `2x RTX 4090, 128GiB, EPYC 9654`, or the name that it is sold under.

use super::{DescribeError, Wish};
use crate::catalog::typed_name::with_unit;
use crate::catalog::{Catalog, CatalogError, Counted, NamedMachine};
use crate::units::Bytes;

impl<'a> Counted<'a> {
    /// The GPUs that a text lists: `3090 + 4090`, `2x RTX 3090, RTX 4090`. `none` is an empty list.
    pub fn list(text: &'a str) -> Result<Vec<Self>, DescribeError> {
        if ["none", "no gpu", "0"].iter().any(|none| text.trim().eq_ignore_ascii_case(none)) {
            return Ok(Vec::new());
        }
        parts(text).into_iter().map(Self::named).collect()
    }

    /// One name with its count.
    pub fn named(text: &'a str) -> Result<Self, DescribeError> {
        let text = text.trim();
        match Self::in_text(text) {
            _ if text.is_empty() => Err(DescribeError::NoName),
            Some(Self { count: 0, .. }) => Err(DescribeError::None { text: text.to_owned() }),
            Some(counted) => Ok(counted),
            None => Ok(Self::one(text)),
        }
    }
}

impl<'a> Wish<'a> {
    /// What a text says of a machine.
    pub fn of(text: &'a str, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        if let Some((machine, memory)) = named_machine(text, catalog)? {
            let wish = Self::of_parts(&machine.is, catalog)?;
            return Ok(Self { name: Some(&machine.name), ram: memory.or(wish.ram), ..wish });
        }
        Self::of_parts(text, catalog)
    }

    fn of_parts(text: &'a str, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        let mut wish = Self::default();
        for part in parts(text) {
            if let Some(ram) = memory(part) {
                if let Some(first) = wish.ram.replace(ram) {
                    return Err(DescribeError::TwoRams { first, second: ram });
                }
            } else if ["none", "no gpu", "cpu only"].iter().any(|none| part.eq_ignore_ascii_case(none)) {
                wish.gpus.get_or_insert_default();
            } else {
                let counted = Counted::named(part)?;
                match kind(counted.name, catalog)? {
                    Kind::Gpu => wish.gpus.get_or_insert_default().push(counted),
                    Kind::Cpu => {
                        if let Some(first) = wish.cpu.replace(counted) {
                            let (first, second) = (first.name.to_owned(), counted.name.to_owned());
                            return Err(DescribeError::TwoCpus { first, second });
                        }
                    }
                }
            }
        }
        Ok(wish)
    }
}

enum Kind {
    Gpu,
    Cpu,
}

/// Whether a part is a GPU or a CPU. Chips that are sold as whole machines are meant with their GPU.
fn kind(name: &str, catalog: &Catalog) -> Result<Kind, DescribeError> {
    let platform = catalog.cpu_platform(name)?;
    match (catalog.typed_accelerator(name), platform) {
        (Ok(typed), Some(_)) if typed.entry.memory_options_gib.is_empty() => Ok(Kind::Cpu),
        (Ok(_), _) => Ok(Kind::Gpu),
        (Err(_), Some(_)) => Ok(Kind::Cpu),
        (Err(CatalogError::Unknown { .. }), None) => {
            // `Raspberry Pi 5 8GB` is known by what stands before the size.
            if super::processors::name_and_memory(Some(Counted::one(name)), catalog)?.1.is_some() {
                return Ok(Kind::Cpu);
            }
            Err(DescribeError::Unrecognised {
                text: name.to_owned(),
                nearest: catalog.nearest_hardware(name)?,
            })
        }
        (Err(error), None) => Err(error.into()),
    }
}

/// The machine that is sold under that name, and the memory behind it.
fn named_machine<'a>(
    text: &str,
    catalog: &'a Catalog,
) -> Result<Option<(&'a NamedMachine, Option<Bytes>)>, CatalogError> {
    let machines = catalog.named_machines()?;
    if let Some(machine) = machines.iter().find(|machine| machine.is_called(text)) {
        return Ok(Some((machine, None)));
    }
    let text = with_unit(text).unwrap_or_else(|| text.trim().to_owned());
    let Some((name, size)) = text.rsplit_once([' ', ',']) else { return Ok(None) };
    let named = |memory| Some((machines.iter().find(|machine| machine.is_called(name))?, Some(memory)));
    Ok(size.parse().ok().and_then(named))
}

/// A size of main memory: `128GiB`, `64 GB RAM`, `64g of memory`.
fn memory(part: &str) -> Option<Bytes> {
    let lower = part.to_ascii_lowercase();
    let size = ["of ram", "of memory", "ram", "memory", "ddr4", "ddr5"]
        .iter()
        .find_map(|word| lower.strip_suffix(word))
        .unwrap_or(&lower);
    size.trim().parse().ok()
}

/// The parts of a list. The plus of `Ryzen AI Max+ 395` belongs to the name.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let is_sign = match c {
            ',' | ';' | '&' | '，' | '、' => true,
            '+' => !text[..at].to_ascii_lowercase().ends_with("max"),
            _ => false,
        };
        if is_sign {
            parts.push(text[start..at].trim());
            start = at + c.len_utf8();
        }
    }
    parts.push(text[start..].trim());
    parts
}
