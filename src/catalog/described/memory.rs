use super::gpus::Cards;
use super::{Assumptions, DescribeError, listed};
use crate::both;
use crate::catalog::{Catalog, CpuPlatform};
use crate::lang::Text;
use crate::machine::Assumption;
use crate::units::Bytes;

/// The least memory of a machine that somebody puts a card into.
const LEAST_RAM: Bytes = Bytes::gib(32);

/// A module for each channel of a server.
const MODULE: Bytes = Bytes::gib(32);

/// What main memory stands beside.
pub(super) struct Beside<'a> {
    pub(super) cards: &'a Cards<'a>,
    pub(super) platform: Option<&'a CpuPlatform>,
    pub(super) sockets: u32,
}

impl Beside<'_> {
    /// What is told, what a name states, or what such a machine has.
    pub(super) fn ram(
        &self,
        told: Option<Bytes>,
        stated: Option<Bytes>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Bytes, DescribeError> {
        match (told, stated) {
            (Some(told), Some(stated)) if told != stated => {
                return Err(DescribeError::TwoMemories { stated, told });
            }
            (Some(ram), _) | (None, Some(ram)) => {
                if let Some(chip) = self.cards.unified().filter(|chip| ram > chip.memory) {
                    let (name, most) = (&chip.name, chip.memory);
                    assumed.notes.push(both!(
                        "`{name}` is sold with {most} at most",
                        "`{name}` 出售的最大内存是 {most}"
                    ));
                }
                return Ok(ram);
            }
            (None, None) => {}
        }
        let options = self.options();
        if let Some(first) = options.first() {
            let ram = Bytes::gib(u64::from(*first));
            // What is sold in one size is known.
            if options.len() > 1 {
                let Text { en, zh } = listed(options);
                let note = both!(
                    "main memory is assumed ({ram}, of the {en} GB that it is sold with): say it with `--ram`",
                    "内存按 {ram} 假定（出售时有 {zh} GB）：请用 `--ram` 写明"
                );
                assumed.add(Assumption::Ram, note);
            }
            return Ok(ram);
        }
        let host = self.cards.first_card().map(|(card, count)| Ok((catalog.host(card, count)?, count)));
        let host = host.transpose().map_err(DescribeError::Catalog)?;
        let of_host = host.and_then(|(host, count)| Some((host?.memory(count)?, host?.name.as_str())));
        let (ram, Text { en, zh }) = match of_host {
            Some((ram, kind)) => {
                let Text { en: kind, zh } = catalog.text(kind);
                (ram, both!(", as a {kind} has", "（{zh}的常见配置）"))
            }
            None => self.usual(),
        };
        assumed.add(
            Assumption::Ram,
            both!(
                "main memory is assumed ({ram}{en}): say what there is with `--ram`",
                "内存按 {ram} 假定{zh}：请用 `--ram` 写明实际容量"
            ),
        );
        Ok(ram)
    }

    /// What the maker sells it with.
    fn options(&self) -> &[u32] {
        match (self.cards.unified(), self.platform) {
            (Some(chip), _) if chip.details.memory_options_gib.is_empty() => &[],
            (Some(chip), _) => &chip.details.memory_options_gib,
            (None, Some(board)) if self.cards.first_card().is_none() => &board.memory_options_gib,
            (None, _) => &[],
        }
    }

    /// As much as the cards have together; a module in each channel of a server; and a word on why.
    fn usual(&self) -> (Bytes, Text) {
        if let Some(chip) = self.cards.unified() {
            return (chip.memory, "".into());
        }
        let of_cards = Bytes(self.cards.memory().0.next_power_of_two()).max(LEAST_RAM);
        let channels = self.platform.map_or(0, |platform| platform.memory_channels);
        let of_server = if channels >= 4 { MODULE * u64::from(channels * self.sockets) } else { Bytes::ZERO };
        if of_server > of_cards {
            (of_server, both!(", {MODULE} in each channel", "（每个内存通道 {MODULE}）"))
        } else {
            (of_cards, "".into())
        }
    }
}

/// What an idle system leaves: all but a tenth, or but 4 GiB of a large one; less on phones.
pub(super) fn left_by_an_idle_system(ram: Bytes, platform: Option<&CpuPlatform>) -> Bytes {
    match platform.and_then(|platform| platform.usable_memory_share) {
        Some(share) => ram.share(share),
        None => ram - ram.share(0.1).min(Bytes::gib(4)),
    }
}
