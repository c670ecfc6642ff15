use super::{Block, Heading, Section, Writer, script};
use crate::render::report::figures::{self, Figure};
use crate::report::Charts;
use crate::say;

impl Writer<'_> {
    /// The sections, in the order in which they are read.
    pub(super) fn sections(self) -> Vec<Section> {
        let bullets = |lines: &[_]| vec![Block::Bullets(self.all(lines))];
        let report = self.report;
        let sections = [
            (Heading::Decision, self.decision()),
            (Heading::Requirements, vec![Block::Table(self.requirements())]),
            (Heading::Model, vec![self.sentences(self.models()), Block::Table(self.model_table())]),
            (Heading::Load, vec![self.load()]),
            (Heading::Sizing, self.sizing_section()),
            (Heading::Options, self.options_section()),
            (
                Heading::Bill,
                vec![Block::Table(self.order()), Block::note(say!(self.locale, ReportOrderNote))],
            ),
            (Heading::Site, vec![self.sentences(self.site())]),
            (Heading::Cost, self.cost_section()),
            (Heading::BreakEven, self.break_even_section()),
            (Heading::Sensitivity, self.sensitivity_section()),
            (Heading::Risks, bullets(&report.risks)),
            (Heading::Compliance, vec![Block::Table(self.findings())]),
            (Heading::Implementation, self.implementation()),
            (Heading::Acceptance, self.acceptance()),
            (
                Heading::Assumptions,
                vec![
                    Block::Table(self.assumptions()),
                    Block::Heading(say!(self.locale, ReportNotModelled)),
                    Block::Bullets(self.all(&report.not_modelled)),
                ],
            ),
            (Heading::SignOff, vec![Block::Table(self.sign_off())]),
            (
                Heading::Method,
                vec![
                    Block::Table(self.method()),
                    Block::text(say!(self.locale, ReportAgain)),
                    Block::Code { language: "sh", text: self.command() },
                ],
            ),
        ];
        let section =
            |(heading, blocks): (Heading, _)| Section { heading, title: heading.title(self.locale), blocks };
        sections.map(section).into()
    }

    fn sentences(self, sentences: Vec<String>) -> Block {
        Block::text(self.joined(sentences))
    }

    /// Charts, where they are drawn.
    fn charts(self, drawn: fn(&Charts, &crate::i18n::Locale) -> Vec<Figure>) -> impl Iterator<Item = Block> {
        let figures = self.figures.map(|figures| drawn(&figures.charts, self.locale)).unwrap_or_default();
        figures.into_iter().map(Block::Chart)
    }

    fn sizing_section(self) -> Vec<Block> {
        let mut blocks =
            vec![self.sentences(self.sizing()), Block::Bullets(self.all(&self.report.relaxations))];
        blocks.extend(self.charts(|charts, locale| {
            let latency = charts.load.as_ref().and_then(|load| figures::latency(load, locale));
            let memory = charts.memory.as_ref().map(|memory| figures::memory(memory, locale));
            let growth = charts.growth.as_ref().map(|growth| figures::growth(growth, locale));
            latency.into_iter().chain(memory).chain(growth).collect()
        }));
        blocks
    }

    fn options_section(self) -> Vec<Block> {
        let mut blocks = vec![
            Block::Sliders,
            Block::Table(self.options()),
            Block::note(say!(self.locale, ReportOptionsNote)),
            Block::Bullets(self.remarks()),
        ];
        blocks.extend(
            self.charts(|charts, locale| {
                charts.load.iter().map(|load| figures::pareto(load, locale)).collect()
            }),
        );
        blocks
    }

    fn cost_section(self) -> Vec<Block> {
        let mut blocks = self.costs();
        blocks.extend(
            self.charts(|charts, locale| {
                charts.cash.iter().map(|cash| figures::cash(cash, locale)).collect()
            }),
        );
        blocks
    }

    fn break_even_section(self) -> Vec<Block> {
        let mut blocks = if self.report.break_even.is_empty() {
            vec![Block::text(say!(self.locale, ReportNothingToBuy))]
        } else {
            vec![
                Block::Table(self.break_even()),
                Block::Note { id: Some("break-even-own"), text: String::new() },
                Block::note(say!(self.locale, ReportBreakEvenNote)),
                Block::Bullets(self.all(&self.report.flip_points)),
            ]
        };
        blocks.extend(self.charts(|charts, locale| {
            charts.unit_cost.iter().map(|chart| figures::unit_cost(chart, locale)).collect()
        }));
        blocks
    }

    fn sensitivity_section(self) -> Vec<Block> {
        let tornado = self.charts(|charts, locale| {
            charts.tornado.iter().map(|one| figures::tornado(one, locale)).collect()
        });
        tornado.chain([Block::Table(self.sensitivity())]).collect()
    }

    fn implementation(self) -> Vec<Block> {
        let mut blocks = vec![
            Block::Steps(self.all(&self.report.steps())),
            Block::Heading(say!(self.locale, ReportStart)),
        ];
        if self.report.launch.is_empty() {
            blocks.push(Block::text(say!(self.locale, ReportStartNothing)));
        }
        for file in &self.report.launch {
            let (name, what) = (file.name, &file.what);
            blocks.push(Block::text(say!(self.locale, ReportFile { name, what })));
            let text = script(&file.script, self.locale);
            blocks.push(Block::Code { language: language(name), text });
        }
        blocks
    }

    fn acceptance(self) -> Vec<Block> {
        let mut blocks = Vec::new();
        if !self.report.acceptance.is_empty() {
            blocks.push(Block::text(say!(self.locale, ReportAcceptanceHow)));
        }
        for line in &self.report.acceptance {
            blocks.extend(line.before.as_ref().map(|before| Block::text(self.say(before))));
            blocks.push(Block::Code { language: "sh", text: line.command.clone() });
            blocks.push(Block::text(say!(self.locale, ReportSentence { clause: &line.pass })));
        }
        blocks
    }

    /// What a terminal has room for; the whole is for a file.
    pub(in crate::render::report) fn brief(self) -> Vec<Block> {
        let report = self.report;
        let mut blocks: Vec<Block> = self.all(&report.warnings).into_iter().map(Block::Warning).collect();
        blocks.push(Block::text(self.decision_in_short()));
        blocks.push(Block::Table(self.options_in_brief()));
        blocks.push(Block::note(say!(self.locale, ReportColumnsNote)));
        let changes = self.all(report.flip_points.iter().chain(&report.relaxations));
        blocks.push(Block::Bullets(self.measured().into_iter().chain(changes).collect()));
        blocks.push(Block::text(say!(self.locale, ReportWhole)));
        blocks
    }
}

/// What a file's name says of what is in it.
fn language(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "yaml")) => "yaml",
        Some((_, "sh")) => "sh",
        _ => "text",
    }
}
