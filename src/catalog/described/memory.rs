use super::gpus::Cards;
use super::{Assumptions, DescribeError, sizes};
use crate::catalog::{Catalog, CpuPlatform};
use crate::machine::Assumption;
use crate::message;
use crate::message::{Message, fact};
use crate::units::Bytes;

/// The least memory of a machine with a card.
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
    /// What is given, what a name states, or what such a machine has.
    pub(super) fn ram(
        &self,
        given: Option<Bytes>,
        stated: Option<Bytes>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Bytes, DescribeError> {
        if let (Some(given), Some(stated)) = (given, stated)
            && given != stated
        {
            return Err(DescribeError::TwoMemories { stated, given });
        }
        if let Some(ram) = given.or(stated) {
            let chip = self.cards.unified().filter(|chip| !chip.memory_options_gib.is_empty());
            if let Some(chip) = chip.filter(|chip| ram > chip.memory) {
                assumed.notes.push(message!(CatalogNoteMostMemory { name: &chip.name, most: chip.memory }));
            }
            return Ok(ram);
        }
        let options = self.options();
        if let Some(first) = options.first() {
            let ram = Bytes::gib(u64::from(*first));
            // What is sold in one size is known.
            if options.len() > 1 {
                let note = message!(CatalogAssumedRamSold { ram, sizes: sizes(options) });
                assumed.add(Assumption::Ram, note);
            }
            return Ok(ram);
        }
        let host = match self.cards.first_card() {
            Some((card, count)) => {
                catalog.host(card, count)?.and_then(|host| Some((host.memory(count)?, host)))
            }
            None => None,
        };
        let (ram, note) = match host {
            Some((ram, host)) => (ram, message!(CatalogAssumedRamHost { ram, host: fact(&host.name) })),
            None => self.usual(),
        };
        assumed.add(Assumption::Ram, note);
        Ok(ram)
    }

    /// What the maker sells it with.
    fn options(&self) -> &[u32] {
        match (self.cards.unified(), self.platform) {
            (Some(chip), _) if chip.memory_options_gib.is_empty() => &[],
            (Some(chip), _) => &chip.memory_options_gib,
            (None, Some(board)) if self.cards.first_card().is_none() => &board.memory_options_gib,
            (None, _) => &[],
        }
    }

    /// As much as the cards have together; a module in each channel of a server.
    fn usual(&self) -> (Bytes, Message) {
        let plain = |ram| (ram, message!(CatalogAssumedRam { ram }));
        if let Some(chip) = self.cards.unified() {
            return plain(chip.memory);
        }
        let of_cards = Bytes(self.cards.memory().0.next_power_of_two()).max(LEAST_RAM);
        let channels = self.platform.map_or(0, |platform| platform.memory_channels);
        let of_server = if channels >= 4 { MODULE * u64::from(channels * self.sockets) } else { Bytes::ZERO };
        if of_server > of_cards {
            (of_server, message!(CatalogAssumedRamChannels { ram: of_server, module: MODULE }))
        } else {
            plain(of_cards)
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
