mod json;
mod needs;
mod next;
mod sentences;
mod verdict;

use std::io;

pub(super) use needs::draw as draw_needs;
pub use next::commands as next_commands;
pub(super) use sentences::lacks;

use super::{BOLD, Cell, Column, Grid, PLAIN, Reader, Style, View, digits, machine, placement, wrapped};
use crate::estimate::{PlacementKind, PredictedRate};
use crate::message::{Message, Value, enumeration, fact, fixed};
use crate::recommend::{Assessment, Choice, Cost, Decision, Needs, Rejection, Remedy, Verdict, Verification};
use crate::units::TokenRate;
use crate::{message, say};

/// The width from which a reason has room beside the name of its model.
const REASONS_BESIDE: u16 = 90;

/// A decision, drawn.
#[derive(Debug)]
pub struct DecisionView<'a> {
    /// What was decided.
    pub decision: &'a Decision<'a>,
    /// Whether to list every quant of every model.
    pub all_quants: bool,
    /// Whether to give the reasons, and what would make the others fit.
    pub why: bool,
}

/// A model in a quant, as a row of a table.
struct Row<'a> {
    rank: Option<usize>,
    assessment: &'a Assessment<'a>,
    verdict: Verdict,
    why: Option<Message>,
}

impl<'a> View for DecisionView<'a> {
    type Data = Decision<'a>;

    fn data(&self) -> &Decision<'a> {
        self.decision
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let rows = match reader {
            Reader::Terminal => self.choices(),
            Reader::Document => {
                let rejected = self.decision.rejected.iter().map(|rejected| Row {
                    rank: None,
                    assessment: &rejected.assessment,
                    verdict: rejected.verdict(),
                    why: Some(sentences::why_not(rejected)),
                });
                self.choices().into_iter().chain(rejected).collect()
            }
            Reader::Program => self.quants(),
        };
        Grid::of(&columns(), &rows, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let decision = self.decision;
        if let Some(best) = decision.choices.first() {
            verdict::draw(&decision.machine, best, style, out)?;
            next::draw(decision, style, out)?;
            writeln!(out)?;
            verdict::table(decision, style, out)?;
        } else {
            machine::headline(&decision.machine, style, out)?;
            writeln!(out, "{BOLD}{}{PLAIN}", say!(style.locale, RecommendNothing))?;
            next::draw(decision, style, out)?;
        }
        if let Some(verification) = &decision.verification {
            writeln!(out)?;
            wrapped("", &style.locale.say(&verified(verification)), style, out)?;
        }
        if self.why {
            writeln!(out)?;
            machine::headline(&decision.machine, style, out)?;
            needs::draw(&decision.needs, style, out)?;
            self.recommended(style, out)?;
        }
        self.rejected(style, out)?;
        if self.all_quants {
            writeln!(out, "\n{}", say!(style.locale, RecommendAllQuants))?;
            Grid::of(&quant_columns(), &self.quants(), Reader::Terminal, style.locale).text(style, out)?;
        }
        if self.why {
            return Ok(());
        }
        writeln!(out)?;
        wrapped("", &say!(style.locale, RecommendAskWhy), style, out)
    }
}

impl<'a> DecisionView<'a> {
    fn choices(&self) -> Vec<Row<'a>> {
        let row = |(index, choice): (usize, &'a Choice<'a>)| Row {
            rank: Some(index + 1),
            assessment: &choice.assessment,
            verdict: choice.assessment.verdict(),
            why: None,
        };
        self.decision.choices.iter().enumerate().map(row).collect()
    }

    fn quants(&self) -> Vec<Row<'a>> {
        let rank = |assessment: &Assessment<'_>| {
            let choices = &self.decision.choices;
            Some(choices.iter().position(|choice| choice.assessment.is_same(assessment))? + 1)
        };
        let row = |assessment: &'a Assessment<'a>| Row {
            rank: rank(assessment),
            assessment,
            verdict: assessment.verdict(),
            why: Some(lacks(assessment)),
        };
        self.decision.assessments.iter().map(row).collect()
    }

    fn recommended(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let locale = style.locale;
        let needs = &self.decision.needs;
        let Some(best) = self.decision.choices.first() else { return Ok(()) };
        writeln!(out, "{BOLD}{}{PLAIN}", say!(locale, RecommendRun { target: best.assessment.target() }))?;
        for reason in reasons(best, needs) {
            wrapped("  - ", &locale.say(&reason), style, out)?;
        }
        writeln!(out)?;
        self.table(Reader::Terminal, style).text(style, out)?;
        wrapped("", &locale.say(&legend(needs)), style, out)
    }

    fn rejected(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.decision.rejected.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", say!(style.locale, RecommendRejected))?;
        self.decision.rejected.iter().try_for_each(|rejected| why_not(rejected, self.why, style, out))
    }
}

/// Why a model is recommended where it is, in sentences.
pub(crate) fn reasons(choice: &Choice<'_>, needs: &Needs) -> Vec<Message> {
    let reason = |reason| sentences::reason(reason, &choice.assessment, needs);
    choice.reasons.iter().filter_map(reason).collect()
}

/// Why a model is not recommended, and each change that would help.
pub(crate) fn rejection(rejection: &Rejection<'_>) -> (Message, Vec<Message>) {
    (sentences::why_not(rejection), rejection.remedies.iter().map(sentences::remedy).collect())
}

fn verified(verification: &Verification) -> Message {
    let target = format!("{}:{}", verification.model, verification.quant);
    let verdict = match (verification.holds, verification.disturbed) {
        (_, true) => message!(RecommendDisturbed),
        (true, _) => message!(RecommendHolds),
        (false, _) => message!(RecommendFails),
    };
    match (verification.measured_tokens_per_second, verification.predicted) {
        (None, _) => message!(RecommendNotMeasured { target, verdict }),
        (Some(rate), None) => message!(RecommendMeasuredAlone { target, rate, verdict }),
        (Some(rate), Some(predicted)) => message!(RecommendMeasured {
            target,
            rate,
            predicted: predicted.tokens_per_second,
            low: digits(predicted.interval.low),
            high: digits(predicted.interval.high),
            verdict,
        }),
    }
}

/// A rejected model, why, and what would help.
fn why_not(
    rejected: &Rejection<'_>,
    with_remedies: bool,
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let name = format!("  {}  ", rejected.assessment.target());
    let why = style.locale.say(&sentences::why_not(rejected));
    if style.width < REASONS_BESIDE {
        writeln!(out, "{}", name.trim_end())?;
        wrapped("      ", &why, style, out)?;
    } else {
        wrapped(&format!("{name:<35}"), &why, style, out)?;
    }
    if !with_remedies {
        return Ok(());
    }
    // One of each kind: what costs nothing, what must be bought, what others serve.
    let kinds = rejected.remedies.chunk_by(|a, b| a.cost_kind() == b.cost_kind());
    kinds
        .filter_map(<[Remedy<'_>]>::first)
        .try_for_each(|remedy| wrapped("      → ", &style.locale.say(&sentences::remedy(remedy)), style, out))
}

fn columns<'a>() -> Vec<Column<'a, Row<'a>>> {
    let mut columns = vec![
        Column::right("rank", message!(RecommendRank), |row: &Row<'a>| Cell::from(row.rank).or("–")),
        Column::left("target", message!(RecommendModel), |row: &Row<'a>| row.assessment.target())
            .for_people(),
        Column::plain("model", |row: &Row<'a>| row.assessment.model.id.as_str()),
        Column::plain("quant", |row: &Row<'a>| row.assessment.quant.id.as_str()),
        Column::plain("verdict", |row: &Row<'a>| row.verdict.kind()),
    ];
    columns.extend(figures(Detail::Full, |row: &Row<'a>| Some(row.assessment)));
    columns
        .push(Column::left("reason", message!(RecommendWhy), |row: &Row<'a>| row.why.clone()).off_screen());
    columns
}

fn quant_columns<'a>() -> Vec<Column<'a, Row<'a>>> {
    vec![
        Column::left("model", message!(RecommendModel), |row: &Row<'a>| row.assessment.model.id.as_str()),
        Column::left("quant", message!(RecommendQuant), |row: &Row<'a>| row.assessment.quant.id.as_str()),
        Column::right("weights_bytes", message!(RecommendWeights), |row: &Row<'a>| {
            row.assessment.weights_bytes
        }),
        Column::right("decode_tokens_per_second", message!(RecommendDecode), |row: &Row<'a>| {
            Cell::from(row.assessment.decode.map(sentences::rate)).or(message!(RecommendUnknown))
        }),
        Column::left("reason", message!(RecommendVerdict), |row: &Row<'a>| row.why.clone()),
    ]
}

/// How many figures a terminal shows of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// All.
    Full,
    /// Those that machines are compared by.
    Brief,
}

/// The figures of an assessment, where a row has one.
pub(super) fn figures<'a, Row: 'a>(
    detail: Detail,
    of: impl Fn(&Row) -> Option<&Assessment<'a>> + Copy + 'a,
) -> Vec<Column<'a, Row>> {
    let unknown = || message!(RecommendUnknown);
    let beside = |column: Column<'a, Row>| match detail {
        Detail::Full => column,
        Detail::Brief => column.off_screen(),
    };
    vec![
        Column::left("placement", message!(RecommendRunsOn), move |row: &Row| {
            let kind = of(row).map(|assessment| assessment.placement.kind);
            Cell::from(kind.map(|kind| Cell::from(runs_on(kind)).plain(kind.id())))
        }),
        Column::plain("weights_bytes", move |row| of(row).map(|assessment| assessment.weights_bytes)),
        Column::right("needed_bytes", message!(RecommendMemory), move |row| {
            of(row).map(Assessment::needed_bytes)
        }),
        Column::right("decode_tokens_per_second", message!(RecommendRate), move |row| {
            of(row).map(|assessment| {
                let cell = |rate: PredictedRate| {
                    Cell::from(digits(rate.tokens_per_second)).plain(sentences::rate(rate))
                };
                Cell::from(assessment.decode.map(cell)).or(unknown())
            })
        }),
        Column::right("range", message!(RecommendRange), move |row| {
            of(row).map(|assessment| {
                let Some(PredictedRate { interval, .. }) = assessment.decode else {
                    return Value::from(unknown());
                };
                format!("{}–{}", digits(interval.low), digits(interval.high)).into()
            })
        })
        .for_people(),
        Column::plain("decode_low", move |row| Some(TokenRate(of(row)?.decode?.interval.low))),
        Column::plain("decode_high", move |row| Some(TokenRate(of(row)?.decode?.interval.high))),
        beside(Column::right("ttft_seconds", message!(RecommendTtft), move |row| {
            of(row).map(|assessment| Cell::from(assessment.ttft()).or(unknown()))
        })),
        Column::right("time_to_answer_seconds", message!(RecommendAnswer), move |row| {
            of(row).map(|assessment| Cell::from(assessment.time_to_answer()).or(unknown()))
        }),
        Column::right("quality_score", message!(RecommendQuality), move |row| {
            of(row).map(|assessment| {
                let cell = |score| Cell::from(fixed(score, 1)).plain(fixed(score, 2));
                Cell::from(assessment.score().map(cell)).or(unknown())
            })
        }),
        beside(Column::right("usd_per_million_tokens", message!(RecommendTokenCost), move |row| {
            of(row).map(|assessment| {
                let cell = |cost: &Cost<'_>| {
                    let price = cost.usd_per_million_tokens;
                    Cell::from(fixed(price.0, 2)).plain(price)
                };
                Cell::from(assessment.cost.as_ref().map(cell)).or("–")
            })
        })),
    ]
}

/// The device in a word: that a GPU shares the RAM stands in the machine's line already.
fn runs_on(kind: PlacementKind) -> Message {
    placement(if kind == PlacementKind::Unified { PlacementKind::SingleGpu } else { kind })
}

/// What the columns are.
fn legend(needs: &Needs) -> Message {
    message!(RecommendLegend { abilities: enumeration(needs.ability_weights.keys().map(fact)) })
}
