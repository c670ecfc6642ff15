//! Free memory in small pieces, as earlier processes left it.

use std::fs;
use std::path::Path;

use crate::units::Bytes;

/// What memory is handed out in at best: a huge page of x86, and of ARM with small pages.
const WHOLE_PIECE: Bytes = Bytes::mib(2);

/// How much of the free memory lies in pieces of less than 2 MiB, by `/proc/buddyinfo` under `root`; nothing where that
/// is not told. The kernel hands it out first, and reading from it is slower: each small page of it is looked up
/// on its own. The 1.5B in `Q4_K_M` took up to 14 % longer for a token there than behind it (2 cores of a Zen 4 in a
/// virtual machine, 2026-11-30).
#[must_use]
pub fn read(root: &Path) -> Bytes {
    let pieces = fs::read_to_string(root.join("proc/buddyinfo")).unwrap_or_default();
    in_small_pieces(&pieces, page_size())
}

/// Each line is a zone: `Node 0, zone Normal`, then how many pieces there are of one page, of two, of four and so on.
fn in_small_pieces(buddyinfo: &str, page: Bytes) -> Bytes {
    let zones = buddyinfo.lines().map(|line| {
        let counts = line.split_whitespace().skip_while(|word| *word != "zone").skip(2);
        let sizes = std::iter::successors(Some(page), |size| Some(*size * 2));
        let pieces = counts.map_while(|count| count.parse::<u64>().ok()).zip(sizes);
        pieces.take_while(|(_, size)| *size < WHOLE_PIECE).map(|(count, size)| size * count).sum::<Bytes>()
    });
    zones.sum()
}

#[cfg(unix)]
fn page_size() -> Bytes {
    Bytes(rustix::param::page_size() as u64)
}

#[cfg(not(unix))]
fn page_size() -> Bytes {
    Bytes::kib(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_smaller_than_a_huge_page_are_counted_in_every_zone() {
        let buddyinfo = "\
Node 0, zone      DMA      0      0      0      0      0      0      0      0      1      1      3 
Node 0, zone    DMA32      1      1      4      2      5      4      3      3      4      2    752 
Node 0, zone   Normal  22171  23066  15338  11003   6027   3054   1535    593    260     96   1531 
";
        // In pages of 4 KiB: 256; 1,843; and 652,543.
        assert_eq!(in_small_pieces(buddyinfo, Bytes::kib(4)), Bytes::kib(4) * (256 + 1843 + 652_543));
        // The third size is of 256 KiB, the sixth of 2 MiB.
        assert_eq!(in_small_pieces("Node 1, zone Normal 1 1 1 1 1 1 1", Bytes::kib(64)), Bytes::kib(64) * 31);
        assert_eq!(in_small_pieces("", Bytes::kib(4)), Bytes::ZERO);
        assert_eq!(read(Path::new("/nowhere")), Bytes::ZERO);
    }
}
