use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::Guide;
use super::limits::{Limit, ON};
use super::results::results;
use super::state::Step;
use crate::i18n::Locale;
use crate::message;
use crate::message::Message;
use crate::render::{columns, lines, padded, shortened};
use crate::say;

/// The least that it can be drawn on.
const LEAST: (u16, u16) = (60, 16);

/// Draws where a person is.
pub(super) fn draw(guide: &mut Guide, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let (columns, rows) = LEAST;
        let words = say!(guide.locale, ChooserTooSmall { columns, rows });
        frame.render_widget(Paragraph::new(words).wrap(Wrap { trim: true }), area);
        return;
    }
    let complaint = complaint(guide, area.width);
    let [top, middle, said, bottom] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Min(1),
        Constraint::Length(complaint.len() as u16),
        Constraint::Length(1),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(heading(guide)), top);
    if guide.helps {
        frame.render_widget(Paragraph::new(help(&guide.locale)), middle);
    } else {
        match guide.step {
            Step::Purpose => purposes(guide, frame, middle),
            Step::Limits => limits(guide, frame, middle),
            Step::Results => results(guide, frame, middle),
        }
    }
    frame.render_widget(Paragraph::new(complaint).bold(), said);
    frame.render_widget(Paragraph::new(keys(guide)).dim(), bottom);
}

fn complaint(guide: &Guide, width: u16) -> Vec<Line<'static>> {
    let why = guide.complaint.as_ref().map(|why| guide.locale.say(why)).unwrap_or_default();
    let room = usize::from(width).saturating_sub(2);
    lines(&why, room)
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(|line| Line::from(format!("! {line}")))
        .collect()
}

fn heading(guide: &Guide) -> Line<'static> {
    let steps = [
        (Step::Purpose, message!(ChooserStepUseCase)),
        (Step::Limits, message!(ChooserStepLimits)),
        (Step::Results, message!(ChooserStepModels)),
    ];
    let mut spans = vec![Span::from("r1-advisor  ").bold()];
    for (step, name) in steps {
        let style = if step == guide.step { Style::new().reversed() } else { Style::new().dim() };
        spans.extend([Span::styled(format!(" {} ", guide.locale.say(&name)), style), Span::from(" ")]);
    }
    Line::from(spans)
}

fn keys(guide: &Guide) -> String {
    guide.locale.say(&match guide.step {
        Step::Purpose => message!(ChooserKeysUseCase),
        Step::Limits => message!(ChooserKeysLimits),
        Step::Results => message!(ChooserKeysModels),
    })
}

/// Every key, with what it does beside it.
fn help(locale: &Locale) -> String {
    let keys: [(&str, Message); 7] = [
        ("↑ ↓  k j", message!(ChooserHelpMove)),
        ("← →  h l", message!(ChooserHelpChange)),
        ("Space b PgDn PgUp", message!(ChooserHelpScroll)),
        ("Enter", message!(ChooserHelpNext)),
        ("Esc", message!(ChooserHelpBack)),
        ("?", message!(ChooserHelpKeys)),
        ("q  Ctrl-C", message!(ChooserHelpLeave)),
    ];
    let lines = keys.iter().map(|(key, does)| format!("{} {}\n", padded(key, 17), locale.say(does)));
    lines.collect::<String>() + "\n" + &say!(locale, ChooserHelpClose)
}

/// A line with a mark where a person is.
pub(super) fn marked(text: &str, is_here: bool) -> Line<'static> {
    if is_here {
        Line::from(format!("› {text}")).style(Style::new().add_modifier(Modifier::BOLD))
    } else {
        Line::from(format!("  {text}"))
    }
}

/// Lines of which the one at `here` is in sight.
pub(super) fn list(lines: Vec<Line<'static>>, here: usize, frame: &mut Frame<'_>, area: Rect) {
    let past = (here as u16 + 1).saturating_sub(area.height);
    frame.render_widget(Paragraph::new(lines).scroll((past, 0)), area);
}

fn purposes(guide: &Guide, frame: &mut Frame<'_>, area: Rect) {
    let room = usize::from(area.width).saturating_sub(2);
    let lines = guide.purposes.iter().enumerate().map(|(index, purpose)| {
        let text = format!("{} {}", padded(&purpose.id, 17), guide.locale.say(&purpose.description));
        marked(&shortened(&text, room), index == guide.purpose)
    });
    list(lines.collect(), guide.purpose, frame, area);
}

fn limits(guide: &Guide, frame: &mut Frame<'_>, area: Rect) {
    let names = guide.limits.iter().map(|limit| columns(&guide.locale.say(&limit.name)));
    let width = names.max().unwrap_or_default() + 2;
    let lines = guide.limits.iter().enumerate().map(|(index, limit)| {
        let name = padded(&guide.locale.say(&limit.name), width);
        marked(&format!("{name}‹ {} ›", value(guide, limit)), index == guide.limit)
    });
    list(lines.collect(), guide.limit, frame, area);
}

fn value(guide: &Guide, limit: &Limit) -> String {
    let usual = || {
        let usual = &guide.purposes.get(guide.purpose)?.usual;
        usual.iter().find(|(flag, _)| *flag == limit.flag).map(|(_, value)| value.clone())
    };
    guide.locale.say(&match limit.value() {
        None => usual().unwrap_or_else(|| message!(ChooserNoLimit)),
        Some(ON) => message!(ChooserYes),
        Some("balanced") => message!(ChooserBalanced),
        Some("latency") => message!(ChooserLatency),
        Some("quality") => message!(ChooserQuality),
        Some("cost") => message!(ChooserCost),
        Some(value) => Message::verbatim(value),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::super::{Key, Purpose};
    use super::*;
    use crate::i18n::Lang;

    pub(in crate::ui::guide) fn guide(locale: &Locale) -> Guide {
        let purposes = [("general", "everyday questions"), ("coding", "programming help")];
        let purpose = |(id, description): (&str, &str)| Purpose {
            id: id.to_owned(),
            description: Message::verbatim(description),
            usual: vec![("--context", message!(ChooserDefault { value: 8192_u32 }))],
        };
        Guide::new(purposes.map(purpose).into(), "general", locale)
    }

    pub(in crate::ui::guide) fn chinese() -> Locale {
        Locale::new(Lang::of_locale("zh_CN"))
    }

    pub(in crate::ui::guide) fn drawn(guide: &mut Guide, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(guide, frame)).unwrap();
        let buffer = terminal.backend().buffer();
        let row = |y: u16| {
            let mut text = String::new();
            let mut skip = 0;
            for x in 0..width {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    text.push_str(symbol);
                }
                // The cell behind a wide character is empty.
                skip = if skip > 0 { skip - 1 } else { columns(symbol).saturating_sub(1) };
            }
            text.trim_end().to_owned()
        };
        (0..height).map(row).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    #[test]
    fn use_cases_are_listed_with_what_they_are() {
        assert_eq!(
            drawn(&mut guide(&Locale::default()), 64, 16),
            "r1-advisor   1 Use-case   2 Limits   3 Models\n\n\
             › general           everyday questions\n  coding            programming help\
             \n\n\n\n\n\n\n\n\n\n\n\n↑↓ move  Enter next  ? keys  q leave"
        );
    }

    #[test]
    fn what_has_no_room_in_a_line_ends_in_an_ellipsis() {
        let long = "mathematics, science, hard problems: the answer may take its time";
        let purpose =
            Purpose { id: "research".to_owned(), description: Message::verbatim(long), usual: Vec::new() };
        let screen = drawn(&mut Guide::new(vec![purpose], "research", &Locale::default()), 60, 16);
        let line = screen.lines().nth(2).unwrap();
        assert_eq!(line, "› research          mathematics, science, hard problems: th…");
        assert_eq!(columns(line), 60);
    }

    #[test]
    fn limits_stand_in_chinese_with_the_defaults_of_the_use_case() {
        let mut guide = guide(&chinese());
        for key in [Key::Enter, Key::Right, Key::Right, Key::Down] {
            guide.press(key);
        }
        assert_eq!(
            drawn(&mut guide, 60, 16),
            "r1-advisor   1 使用场景   2 限制   3 模型\n\n\
             \x20 最看重                 ‹ 响应快（latency） ›\n\
             › 最低解码速度，tok/s    ‹ 不限 ›\n\
             \x20 首 token 最长等待      ‹ 不限 ›\n\
             \x20 完整回答最长用时       ‹ 不限 ›\n\
             \x20 上下文，token          ‹ 8192（默认） ›\n\
             \x20 并发对话数             ‹ 不限 ›\n\
             \x20 为其他程序预留内存     ‹ 不限 ›\n\
             \x20 只要能完整放入 GPU 的  ‹ 不限 ›\n\
             \x20 量化损失上限           ‹ 不限 ›\n\
             \x20 数据不出本机           ‹ 不限 ›\n\n\n\n\
             ↑↓ 移动  ←→ 更改  Enter 查找  Esc 返回  q 退出"
        );
    }

    #[test]
    fn a_complaint_stands_above_the_keys_until_the_next_key() {
        let mut guide = guide(&Locale::default());
        guide.press(Key::Enter);
        guide.complain(Message::verbatim(
            "a context of 4096 tokens cannot hold a question of 4096 and an answer of 8000",
        ));
        let screen = drawn(&mut guide, 60, 16);
        let end = "! a context of 4096 tokens cannot hold a question of 4096\n! and an answer of 8000\n\
                   ↑↓ move  ←→ change  Enter find  Esc back  q leave";
        assert!(screen.ends_with(end), "{screen}");
        guide.press(Key::Down);
        assert!(!drawn(&mut guide, 60, 16).contains('!'));
    }

    #[test]
    fn a_small_terminal_says_so() {
        assert!(
            drawn(&mut guide(&Locale::default()), 40, 8).starts_with("The terminal is too small: 60 columns")
        );
    }
}
