use super::{Block, Row, State, Table, Writer};
use crate::message::{Message, Value, fixed, list, percent};
use crate::render::Align;
use crate::report::{OptionKind, PlanOption, milliseconds};
use crate::units::Seconds;
use crate::{message, say};

impl Writer<'_> {
    /// The page to decide on.
    pub(super) fn decision(self) -> Vec<Block> {
        let report = self.report;
        let warnings = self.all(&report.warnings).into_iter().map(Block::Warning);
        let Some(chosen) = &report.recommended else {
            return std::iter::once(Block::Choice(self.recommendation())).chain(warnings).collect();
        };
        let option = &report.options[chosen.option];
        let mut blocks = vec![
            Block::Choice(self.recommendation()),
            Block::text(say!(
                self.locale,
                ReportDecisionFor { served: self.served(), reason: &chosen.reason }
            )),
        ];
        blocks.extend(self.cautions(option).map(Block::text));
        blocks.push(self.amounts(option));
        blocks.extend(warnings);
        blocks.push(self.checks());
        blocks.push(Block::Heading(say!(self.locale, ReportDecisionBinds)));
        blocks.push(Block::text(self.binds(option)));
        if let Some(other) = &report.runner_up {
            let option = &report.options[other.option];
            blocks.push(Block::Heading(say!(self.locale, ReportDecisionRunnerUp)));
            blocks.push(Block::text(say!(
                self.locale,
                ReportDecisionRunnerUpIs {
                    option: counted(option),
                    kind: option.kind().message(),
                    reason: &other.reason,
                }
            )));
        }
        // Where another way would win; and of machines that are bought, with what promise fewer would do.
        let fewer = report.relaxations.iter().filter(|_| chosen.kind == OptionKind::Buy);
        let changes = self.all(report.flip_points.iter().chain(fewer));
        if !changes.is_empty() {
            blocks.push(Block::Heading(say!(self.locale, ReportDecisionChanges)));
            blocks.push(Block::Bullets(changes));
        }
        if let Some(risk) = report.risks.first() {
            blocks.push(Block::Heading(say!(self.locale, ReportDecisionRisk)));
            blocks.push(Block::text(self.say(risk)));
        }
        blocks
    }

    /// What to do, in a paragraph.
    pub(super) fn decision_in_short(self) -> String {
        let Some(chosen) = &self.report.recommended else { return self.recommendation() };
        let option = &self.report.options[chosen.option];
        let mut sentences = vec![
            say!(self.locale, ReportSentence { clause: self.recommendation() }),
            say!(self.locale, ReportDecisionFor { served: self.served(), reason: &chosen.reason }),
        ];
        sentences.extend(self.cautions(option));
        if let Some(other) = &self.report.runner_up {
            sentences.push(say!(
                self.locale,
                ReportDecisionOther { kind: other.kind.message(), name: &other.name }
            ));
        }
        sentences.join(&say!(self.locale, ReportBetweenSentences))
    }

    fn recommendation(self) -> String {
        match &self.report.recommended {
            None => say!(self.locale, ReportDecisionNothing { served: self.served() }),
            Some(chosen) => say!(
                self.locale,
                ReportDecision {
                    kind: chosen.kind.message(),
                    option: counted(&self.report.options[chosen.option]),
                }
            ),
        }
    }

    /// What must be known before it is taken.
    fn cautions(self, option: &PlanOption) -> impl Iterator<Item = String> {
        let cheaper = self.cheaper(option);
        let cautions = [
            option.is_in_four_bits().then(|| message!(ReportDecisionFourBits)),
            option.meets_slo().is_none().then(|| message!(ReportDecisionNoPromise)),
            (!cheaper.is_empty()).then(|| message!(ReportDecisionCheaper { options: list(cheaper) })),
        ];
        cautions.into_iter().flatten().map(move |caution| self.say(caution))
    }

    /// The cheapest of each kind that is never recommended by itself, where it costs less than what is, and why it is not.
    fn cheaper(self, chosen: &PlanOption) -> Vec<Message> {
        let reasons = [
            (OptionKind::Hybrid, message!(ReportCheaperHybrid)),
            (OptionKind::LowerQuant, message!(ReportCheaperLowerQuant)),
            (OptionKind::SmallerModel, message!(ReportCheaperSmallerModel)),
        ];
        let found = reasons.into_iter().filter_map(|(kind, why)| {
            let open = self.report.options.iter().filter(|option| {
                option.kind() == kind && option.excluded.is_none() && option.meets_slo() == Some(true)
            });
            let cost = |option: &&PlanOption| option.bill.net_present_cost;
            let best = open.min_by(|a, b| cost(a).0.total_cmp(&cost(b).0))?;
            (cost(&best) < chosen.bill.net_present_cost).then(|| {
                message!(ReportCheaper { kind: kind.message(), cost: cost(&best), name: named(best), why })
            })
        });
        found.collect()
    }

    /// Whom it serves, how much, and what they are promised.
    fn served(self) -> Message {
        let needs = &self.report.needs;
        let grows = needs.growth.value.abs() > 1e-9 && needs.years.value > 1;
        let peak = fixed(self.report.load.peak_requests_per_second, 2);
        message!(ReportServed {
            users: fixed(needs.users.value, 0),
            requests: needs.requests_per_user_day.value.to_string(),
            peak: if grows {
                message!(ReportServedPeakOfYear { peak, year: needs.years.value })
            } else {
                message!(ReportServedPeak { peak })
            },
            prompt: fixed(needs.prompt_tokens.value, 0),
            answer: fixed(needs.output_tokens.value, 0),
            ttft: Seconds(needs.ttft_seconds.value),
            tpot: milliseconds(Seconds(needs.tpot_seconds.value)),
        })
    }

    /// What it costs, in figures that can be read from afar.
    fn amounts(self, option: &PlanOption) -> Block {
        let (bill, locale) = (&option.bill, self.locale);
        let per_million = match option.utilisation() {
            None => say!(locale, ReportAmountPerMillion),
            Some(share) => say!(locale, ReportAmountPerMillionAt { share: percent(share, 0) }),
        };
        Block::Amounts(vec![
            [say!(locale, ReportColumnUpFront), locale.show(bill.capex)],
            [say!(locale, ReportColumnYearly), locale.show(bill.yearly_cost)],
            [
                say!(locale, ReportAmountTerm { years: self.report.needs.years.value }),
                locale.show(bill.net_present_cost),
            ],
            [per_million, locale.show(bill.cost_per_million_tokens.amount())],
            [say!(locale, ReportColumnUserMonth), locale.show(bill.cost_per_user_month)],
        ])
    }

    fn binds(self, option: &PlanOption) -> String {
        match option.deployment() {
            None => say!(self.locale, ReportBindsProvider),
            Some(deployment) => say!(
                self.locale,
                ReportBinds {
                    rate: fixed(deployment.requests_per_second, 2),
                    held: fixed(deployment.in_flight, 0),
                    binding: &deployment.binding,
                }
            ),
        }
    }

    /// Requirement by requirement, what the recommended way meets: by a word, not by colour alone.
    fn checks(self) -> Block {
        let locale = self.locale;
        let columns = [
            say!(locale, ReportColumnRequirement),
            say!(locale, ReportColumnTarget),
            say!(locale, ReportColumnReached),
            say!(locale, ReportColumnMet),
        ];
        let mut table =
            Table::new(say!(locale, ReportChecksCaption), columns.map(|name| (name, Align::Left)));
        table.rows.extend(self.report.checks().into_iter().map(|check| {
            let (state, met) = match check.is_met {
                Some(true) => (State::Met, say!(locale, ReportYes)),
                Some(false) => (State::Missed, say!(locale, ReportNo)),
                None => (State::Unknown, say!(locale, ReportUnknown)),
            };
            let cells =
                vec![self.say(check.what), locale.show(check.target), locale.show(check.reached), met];
            Row { cells, state }
        }));
        Block::Table(table)
    }
}

/// How many of it, and its name.
fn counted(option: &PlanOption) -> Value {
    let name = named(option);
    match (option.kind(), option.quantity()) {
        (OptionKind::RentOnDemand | OptionKind::RentReserved, Some(count)) => {
            message!(ReportCountedGpus { count, name }).into()
        }
        (_, Some(count)) => message!(ReportCounted { count, name }).into(),
        (_, None) => name,
    }
}

/// Its name, with the model where that is another one, and how its weights are kept.
pub(super) fn named(option: &PlanOption) -> Value {
    let name = &option.name;
    match (option.kind(), option.precision()) {
        (OptionKind::SmallerModel, Some(precision)) => {
            message!(ReportNamedModel { model: &option.model, precision, name }).into()
        }
        (_, Some(precision)) => message!(ReportNamedPrecision { name, precision }).into(),
        (_, None) => name.into(),
    }
}
