use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Stylize as _;
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};

use super::Guide;
use super::draw::{list, marked};
use super::state::Candidate;
use crate::estimate::DeviceMemory;
use crate::i18n::Locale;
use crate::message;
use crate::render::{columns, device, lines, padded, shortened};
use crate::say;
use crate::units::Bytes;

/// How many characters a memory bar is wide.
const BAR: usize = 24;

/// Between two columns.
const GAP: usize = 2;

/// Draws the results, and of the one where a person is the memory of each device, the speed and the reasons.
pub(super) fn results(guide: &mut Guide, frame: &mut Frame<'_>, area: Rect) {
    let locale = &guide.locale;
    let Some(chosen) = guide.results.get(guide.result) else {
        frame.render_widget(Paragraph::new(say!(locale, ChooserNoModel)), area);
        return;
    };
    // The list may take half the screen with its heading.
    let rows = (guide.results.len() as u16).min((area.height / 2).saturating_sub(1));
    let [head, table, detail] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(rows), Constraint::Min(3)]).areas(area);
    let shown = Shown::of(&guide.results, locale, usize::from(area.width) - 2);
    frame.render_widget(Paragraph::new(format!("  {}", shown.line(&headings(locale)))).dim(), head);
    let rows = guide.results.iter().enumerate().map(|(index, candidate)| {
        let line = marked(&shown.line(&cells(candidate)), index == guide.result);
        if candidate.is_recommended { line } else { line.dim() }
    });
    list(rows.collect(), guide.result, frame, table);

    let title = if chosen.is_recommended {
        format!(" {} ", chosen.target)
    } else {
        format!(" {} ", say!(locale, ChooserRejected { target: &chosen.target }))
    };
    let lines = details(chosen, locale, usize::from(detail.width).saturating_sub(2));
    let most = lines.len().saturating_sub(usize::from(detail.height).saturating_sub(2));
    guide.scrolled = guide.scrolled.min(most);
    let mut block = Block::bordered().title(title);
    if guide.scrolled < most {
        block = block.title_bottom(Line::from(format!(" {} ", say!(locale, ChooserMore))).right_aligned());
    }
    frame.render_widget(Paragraph::new(lines).scroll((guide.scrolled as u16, 0)).block(block), detail);
}

fn headings(locale: &Locale) -> Vec<String> {
    let names = [
        message!(RecommendModel),
        message!(RecommendRate),
        message!(RecommendMemory),
        message!(RecommendAnswer),
        message!(RecommendQuality),
        message!(RecommendRunsOn),
    ];
    names.iter().map(|name| locale.say(name)).collect()
}

fn cells(candidate: &Candidate) -> Vec<String> {
    std::iter::once(&candidate.target).chain(&candidate.columns).cloned().collect()
}

/// The columns that have room, by their widths.
struct Shown(Vec<usize>);

impl Shown {
    fn of(candidates: &[Candidate], locale: &Locale, room: usize) -> Self {
        let rows: Vec<_> = std::iter::once(headings(locale)).chain(candidates.iter().map(cells)).collect();
        let count = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell)).max().unwrap_or_default()
        };
        let mut taken = 0;
        let fits = (0..count).map(width).take_while(|width| {
            taken += width + GAP;
            taken <= room + GAP
        });
        Self(fits.collect())
    }

    fn line(&self, cells: &[String]) -> String {
        let cells = cells.iter().zip(&self.0).map(|(cell, width)| padded(cell, *width));
        cells.collect::<Vec<_>>().join(&" ".repeat(GAP))
    }
}

/// The memory of each device that holds something, and the sentences.
fn details(candidate: &Candidate, locale: &Locale, width: usize) -> Vec<Line<'static>> {
    let holds = |device: &&DeviceMemory| device.used() > device.reserve_bytes;
    let bars = candidate.devices.iter().filter(holds).map(|device| shortened(&bar(device, locale), width));
    let legend = say!(locale, ChooserBarLegend);
    let mut drawn: Vec<Line<'static>> = bars.map(Line::from).collect();
    if !drawn.is_empty() {
        drawn.push(Line::from(legend).dim());
    }
    for sentence in &candidate.sentences {
        for (index, line) in lines(sentence, width.saturating_sub(2)).into_iter().enumerate() {
            let mark = if index == 0 { "- " } else { "  " };
            drawn.push(Line::from(format!("{mark}{line}")));
        }
    }
    drawn
}

/// What a device holds of what was free, as a bar; of more than that, where it does not fit.
fn bar(memory: &DeviceMemory, locale: &Locale) -> String {
    let (used, free) = (memory.used(), memory.free_bytes);
    let whole = free.max(used).0.max(1);
    let whole = u128::from(whole);
    let until = |bytes: Bytes| ((u128::from(bytes.0) * BAR as u128 + whole / 2) / whole) as usize;
    let parts = [
        ('█', memory.weights_bytes),
        ('▓', memory.kv_cache_bytes),
        ('▒', memory.compute_bytes),
        ('░', memory.reserve_bytes),
    ];
    let mut filled = String::new();
    let (mut sum, mut drawn) = (Bytes::ZERO, 0);
    for (mark, bytes) in parts {
        sum += bytes;
        // Rounded together, so that the parts end where the sum does.
        let end = until(sum).max(drawn);
        filled.extend(std::iter::repeat_n(mark, end - drawn));
        drawn = end;
    }
    let rest = "·".repeat(BAR.saturating_sub(drawn));
    let (bar, name) = (format!("[{filled}{rest}]"), device(&memory.device));
    if used > free {
        say!(locale, ChooserBarOver { bar, used, free, name })
    } else {
        say!(locale, ChooserBar { bar, used, free, name })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::super::draw::tests::{chinese, drawn, guide};
    use super::*;
    use crate::estimate::Device;

    fn candidate(weights: u64, is_recommended: bool) -> Candidate {
        Candidate {
            target: "r1-distill-qwen-7b:Q4_K_M".to_owned(),
            is_recommended,
            columns: ["173", "4.92 GiB", "17 s", "51.2", "GPU"].map(str::to_owned).into(),
            devices: vec![DeviceMemory {
                device: Device::Gpu { index: 0, name: "NVIDIA GeForce RTX 4090".to_owned() },
                weights_bytes: Bytes::gib(weights),
                kv_cache_bytes: Bytes::gib(4),
                compute_bytes: Bytes::gib(2),
                reserve_bytes: Bytes::gib(1),
                free_bytes: Bytes::gib(24),
            }],
            sentences: vec![
                "decode 173 tok/s (150–190)".to_owned(),
                "it fits entirely on the GPU, and so do all its quants; this one of them answers best"
                    .to_owned(),
            ],
        }
    }

    #[test]
    fn a_result_has_its_memory_its_speed_and_its_reasons() {
        let mut guide = guide(&Locale::default());
        guide.show(vec![candidate(12, true), candidate(20, false)]);
        assert_eq!(
            drawn(&mut guide, 72, 16),
            "r1-advisor   1 Use-case   2 Limits   3 Models\n\n\
             \x20 model                      tok/s  memory    answer  quality  runs on\n\
             › r1-distill-qwen-7b:Q4_K_M  173    4.92 GiB  17 s    51.2     GPU\n\
             \x20 r1-distill-qwen-7b:Q4_K_M  173    4.92 GiB  17 s    51.2     GPU\n\
             ┌ r1-distill-qwen-7b:Q4_K_M ───────────────────────────────────────────┐\n\
             │[████████████▓▓▓▓▒▒░·····] 19.0 GiB of 24.0 GiB: NVIDIA GeForce RTX 4…│\n\
             │█ weights  ▓ KV cache  ▒ compute  ░ reserved  · free                  │\n\
             │- decode 173 tok/s (150–190)                                          │\n\
             │- it fits entirely on the GPU, and so do all its quants; this one of  │\n\
             │  them answers best                                                   │\n"
                .to_owned()
                + &"│                                                                      │\n".repeat(3)
                + "└──────────────────────────────────────────────────────────────────────┘\n\
                   ↑↓ move  Space more  Enter choose  Esc back  q leave"
        );
    }

    #[test]
    fn a_small_screen_leaves_out_whole_columns_and_scrolls_the_details_in_chinese() {
        let mut guide = guide(&chinese());
        let mut long = candidate(20, false);
        long.sentences.push("the last of them".to_owned());
        guide.show(vec![long; 9]);
        let screen = drawn(&mut guide, 60, 16);
        assert!(screen.contains("\n  模型                       tok/s  内存      回答  质量\n"), "{screen}");
        assert!(screen.contains("7b:Q4_K_M：不推荐 ─"), "{screen}");
        assert!(screen.contains("│[██████████████████▓▓▓▒▒░] 需 27.0 GiB，仅 24.0 GiB 可用…"), "{screen}");
        assert!(screen.contains("空格：更多 ┘"), "{screen}");
        for _ in 0..9 {
            guide.press(Key::PageDown);
        }
        let screen = drawn(&mut guide, 60, 16);
        assert!(screen.contains("the last of them") && !screen.contains("空格：更多"), "{screen}");
    }
}
