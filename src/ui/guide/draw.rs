use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::Guide;
use super::limits::{Limit, ON};
use super::results::results;
use super::state::Step;
use crate::lang::Lang;
use crate::render::{columns, lines, padded, shortened};
use crate::tr;

/// The least that it can be drawn on.
const LEAST: (u16, u16) = (60, 16);

/// Draws where a person is.
pub(super) fn draw(guide: &mut Guide, frame: &mut Frame<'_>) {
    let area = frame.area();
    let lang = guide.lang;
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let (columns, rows) = LEAST;
        let words = tr!(
            lang,
            "The terminal is too small: {columns} columns and {rows} rows are needed. q leaves.",
            "终端太小：至少需要 {columns} 列 {rows} 行。按 q 退出。"
        );
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
        frame.render_widget(Paragraph::new(help(lang)), middle);
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
    let why = guide.complaint.as_deref().unwrap_or_default();
    let room = usize::from(width).saturating_sub(2);
    lines(why, room)
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(|line| Line::from(format!("! {line}")))
        .collect()
}

fn heading(guide: &Guide) -> Line<'static> {
    let lang = guide.lang;
    let steps = [
        (Step::Purpose, tr!(lang, "1 Use-case", "1 使用场景")),
        (Step::Limits, tr!(lang, "2 Limits", "2 限制")),
        (Step::Results, tr!(lang, "3 Models", "3 模型")),
    ];
    let mut spans = vec![Span::from("r1-advisor  ").bold()];
    for (step, name) in steps {
        let style = if step == guide.step { Style::new().reversed() } else { Style::new().dim() };
        spans.extend([Span::styled(format!(" {name} "), style), Span::from(" ")]);
    }
    Line::from(spans)
}

fn keys(guide: &Guide) -> String {
    let lang = guide.lang;
    match guide.step {
        Step::Purpose => {
            tr!(lang, "↑↓ move  Enter next  ? keys  q leave", "↑↓ 移动  Enter 下一步  ? 按键  q 退出")
        }
        Step::Limits => tr!(
            lang,
            "↑↓ move  ←→ change  Enter find  Esc back  q leave",
            "↑↓ 移动  ←→ 更改  Enter 查找  Esc 返回  q 退出"
        ),
        Step::Results => tr!(
            lang,
            "↑↓ move  Space more  Enter choose  Esc back  q leave",
            "↑↓ 移动  空格 更多  Enter 选定  Esc 返回  q 退出"
        ),
    }
}

fn help(lang: Lang) -> String {
    tr!(
        lang,
        "↑ ↓ or k j        move\n← → or h l        change a limit\nSpace b PgDn PgUp scroll the details\n\
         Enter             next; choose the model\nEsc               back\n?                 these keys\n\
         q or Ctrl-C       leave\n\nAny key closes this.",
        "↑ ↓ 或 k j        移动\n← → 或 h l        更改限制\n空格 b PgDn PgUp  滚动详情\n\
         Enter             下一步；选定模型\nEsc               返回\n?                 显示按键\n\
         q 或 Ctrl-C       退出\n\n按任意键关闭。"
    )
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
        let text = format!("{} {}", padded(&purpose.id, 17), purpose.description.told(guide.lang));
        marked(&shortened(&text, room), index == guide.purpose)
    });
    list(lines.collect(), guide.purpose, frame, area);
}

fn limits(guide: &Guide, frame: &mut Frame<'_>, area: Rect) {
    let names = guide.limits.iter().map(|limit| columns(limit.name.told(guide.lang)));
    let width = names.max().unwrap_or_default() + 2;
    let lines = guide.limits.iter().enumerate().map(|(index, limit)| {
        let name = padded(limit.name.told(guide.lang), width);
        marked(&format!("{name}‹ {} ›", value(guide, limit)), index == guide.limit)
    });
    list(lines.collect(), guide.limit, frame, area);
}

fn value(guide: &Guide, limit: &Limit) -> String {
    let lang = guide.lang;
    let usual = || {
        let usual = &guide.purposes.get(guide.purpose)?.usual;
        usual.iter().find(|(flag, _)| *flag == limit.flag).map(|(_, value)| value.told(lang).to_owned())
    };
    match (limit.value(), lang) {
        (None, _) => usual().unwrap_or_else(|| tr!(lang, "no limit", "不限")),
        (Some(ON), _) => tr!(lang, "yes", "是"),
        (Some("balanced"), Lang::Zh) => "均衡（balanced）".to_owned(),
        (Some("latency"), Lang::Zh) => "响应快（latency）".to_owned(),
        (Some("quality"), Lang::Zh) => "质量（quality）".to_owned(),
        (Some("cost"), Lang::Zh) => "成本（cost）".to_owned(),
        (Some(value), _) => value.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::super::{Key, Purpose};
    use super::*;

    pub(in crate::ui::guide) fn guide(lang: Lang) -> Guide {
        let purposes =
            [("general", "everyday questions", "日常问答"), ("coding", "programming help", "编程辅助")];
        let purpose = |(id, en, zh): (&str, &str, &str)| Purpose {
            id: id.to_owned(),
            description: crate::both!("{en}", "{zh}"),
            usual: vec![("--context", crate::both!("8192 (default)", "8192（默认）"))],
        };
        Guide::new(purposes.map(purpose).into(), "general", lang)
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
            drawn(&mut guide(Lang::En), 64, 16),
            "r1-advisor   1 Use-case   2 Limits   3 Models\n\n\
             › general           everyday questions\n  coding            programming help\
             \n\n\n\n\n\n\n\n\n\n\n\n↑↓ move  Enter next  ? keys  q leave"
        );
    }

    #[test]
    fn what_has_no_room_in_a_line_ends_in_an_ellipsis() {
        let long = "mathematics, science, hard problems: the answer may take its time";
        let purpose = Purpose { id: "research".to_owned(), description: long.into(), usual: Vec::new() };
        let screen = drawn(&mut Guide::new(vec![purpose], "research", Lang::En), 60, 16);
        let line = screen.lines().nth(2).unwrap();
        assert_eq!(line, "› research          mathematics, science, hard problems: th…");
        assert_eq!(columns(line), 60);
    }

    #[test]
    fn limits_are_told_in_chinese_with_what_the_use_case_has() {
        let mut guide = guide(Lang::Zh);
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
             \x20 只要能整个放进 GPU 的  ‹ 不限 ›\n\
             \x20 量化损失上限           ‹ 不限 ›\n\
             \x20 数据不出本机           ‹ 不限 ›\n\n\n\n\
             ↑↓ 移动  ←→ 更改  Enter 查找  Esc 返回  q 退出"
        );
    }

    #[test]
    fn a_complaint_stands_above_the_keys_until_the_next_key() {
        let mut guide = guide(Lang::En);
        guide.press(Key::Enter);
        guide.complain(
            "a context of 4096 tokens cannot hold a question of 4096 and an answer of 8000".to_owned(),
        );
        let screen = drawn(&mut guide, 60, 16);
        let end = "! a context of 4096 tokens cannot hold a question of 4096\n! and an answer of 8000\n\
                   ↑↓ move  ←→ change  Enter find  Esc back  q leave";
        assert!(screen.ends_with(end), "{screen}");
        guide.press(Key::Down);
        assert!(!drawn(&mut guide, 60, 16).contains('!'));
    }

    #[test]
    fn a_small_terminal_is_told_so() {
        assert!(drawn(&mut guide(Lang::En), 40, 8).starts_with("The terminal is too small: 60 columns"));
    }
}
