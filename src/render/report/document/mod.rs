//! The report as sections of blocks, in the reader's language and currency: built once, drawn by every writer.

mod decision;
mod options;
mod sections;
mod sentences;
mod tables;

use crate::i18n::Locale;
use crate::message::Message;
use crate::render::report::figures::Figure;
use crate::render::{Align, Grid};
use crate::report::{Line, PageFigures, Report, Script};
use crate::{message, say};

pub(super) use options::records;
pub(super) use sentences::payback;

/// The whole of it.
pub(super) struct Document {
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
}

/// A section, and its blocks in the order in which they are read.
pub(super) struct Section {
    pub(super) heading: Heading,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// What a section is made of.
pub(super) enum Block {
    /// A heading within the section.
    Heading(String),
    /// What to do, in a line.
    Choice(String),
    /// Text, of which the second part stands out.
    Text([String; 3]),
    /// Small print, which the page's script may fill by its id.
    Note { id: Option<&'static str>, text: String },
    /// What the reader must see first.
    Warning(String),
    /// Things in no order.
    Bullets(Vec<String>),
    /// Things one after the other.
    Steps(Vec<String>),
    /// Amounts, each with what it is, to be read from afar.
    Amounts(Vec<[String; 2]>),
    /// Rows under headers.
    Table(Table),
    /// A drawing, for a page.
    Chart(Figure),
    /// Sliders, for a page.
    Sliders,
    /// A file or a command, in the language that it is written in.
    Code { language: &'static str, text: String },
}

impl Block {
    fn text(text: String) -> Self {
        Self::Text([text, String::new(), String::new()])
    }

    fn note(text: String) -> Self {
        Self::Note { id: None, text }
    }
}

/// Rows under headers.
pub(super) struct Table {
    /// How the page's script finds it.
    pub(super) id: Option<&'static str>,
    pub(super) caption: String,
    pub(super) columns: Vec<(String, Align)>,
    /// The column that names a row.
    pub(super) head: usize,
    pub(super) rows: Vec<Row>,
}

/// A row, and what is to be seen of it before its cells are read.
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    pub(super) state: State,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// One like the others.
    Plain,
    /// What is recommended.
    Chosen,
    /// What may not be taken.
    Struck,
    /// A requirement that is met, one that is not, and one of which that is unknown.
    Met,
    Missed,
    Unknown,
}

impl Table {
    fn new(caption: String, columns: impl IntoIterator<Item = (String, Align)>) -> Self {
        Self { id: None, caption, columns: columns.into_iter().collect(), head: 0, rows: Vec::new() }
    }

    fn push(&mut self, cells: Vec<String>) {
        self.rows.push(Row { cells, state: State::Plain });
    }

    /// As a grid, the names of the rows marked by what they are.
    pub(super) fn grid(&self, marked: impl Fn(&str, State) -> String) -> Grid {
        let columns: Vec<_> = self.columns.iter().map(|(title, align)| (title.as_str(), *align)).collect();
        let mut grid = Grid::new(&columns);
        for row in &self.rows {
            let mut cells = row.cells.clone();
            cells[self.head] = marked(&cells[self.head], row.state);
            grid.push(cells);
        }
        grid
    }
}

/// A section, in the order in which they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Decision,
    Requirements,
    Model,
    Load,
    Sizing,
    Options,
    Bill,
    Site,
    Cost,
    BreakEven,
    Sensitivity,
    Risks,
    Compliance,
    Implementation,
    Acceptance,
    Assumptions,
    SignOff,
    Method,
}

impl Heading {
    /// What a link to it ends in, and its title.
    fn named(self) -> (&'static str, Message) {
        match self {
            Self::Decision => ("decision", message!(ReportTitleDecision)),
            Self::Requirements => ("requirements", message!(ReportTitleRequirements)),
            Self::Model => ("model", message!(ReportTitleModel)),
            Self::Load => ("load", message!(ReportTitleLoad)),
            Self::Sizing => ("sizing", message!(ReportTitleSizing)),
            Self::Options => ("options", message!(ReportTitleOptions)),
            Self::Bill => ("bill", message!(ReportTitleBill)),
            Self::Site => ("site", message!(ReportTitleSite)),
            Self::Cost => ("cost", message!(ReportTitleCost)),
            Self::BreakEven => ("break-even", message!(ReportTitleBreakEven)),
            Self::Sensitivity => ("sensitivity", message!(ReportTitleSensitivity)),
            Self::Risks => ("risks", message!(ReportTitleRisks)),
            Self::Compliance => ("compliance", message!(ReportTitleCompliance)),
            Self::Implementation => ("implementation", message!(ReportTitleImplementation)),
            Self::Acceptance => ("acceptance", message!(ReportTitleAcceptance)),
            Self::Assumptions => ("assumptions", message!(ReportTitleAssumptions)),
            Self::SignOff => ("sign-off", message!(ReportTitleSignOff)),
            Self::Method => ("method", message!(ReportTitleMethod)),
        }
    }

    pub(super) fn id(self) -> &'static str {
        self.named().0
    }

    /// The number and the title; the appendix has no number.
    fn title(self, locale: &Locale) -> String {
        let title = locale.say(&self.named().1);
        if self == Self::Method { title } else { format!("{}. {title}", self as usize + 1) }
    }
}

/// A report, and in what it is to be written.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) report: &'a Report,
    pub(super) locale: &'a Locale,
    /// Charts and sliders, where they are to be drawn.
    pub(super) figures: Option<&'a PageFigures>,
}

impl Writer<'_> {
    /// All of it.
    pub(super) fn document(self) -> Document {
        Document {
            title: say!(self.locale, ReportTitle { model: &self.report.needs.model.value }),
            sections: self.sections(),
        }
    }

    fn say(self, message: impl Into<Message>) -> String {
        self.locale.say(&message.into())
    }

    fn all<'m>(self, messages: impl IntoIterator<Item = &'m Message>) -> Vec<String> {
        messages.into_iter().map(|message| self.locale.say(message)).collect()
    }
}

/// A file as it is written in a language.
#[must_use]
pub fn script(script: &Script, locale: &Locale) -> String {
    let lines = script.lines().iter().map(|line| match line {
        Line::Text(text) => format!("{text}\n"),
        Line::Comment(comment) => format!("# {}\n", locale.say(comment).replace('\n', "\n# ")),
    });
    lines.collect()
}
