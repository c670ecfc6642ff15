use super::{Table, Writer, payback};
use crate::message::{Message, Value, fact, fixed, percent};
use crate::render::Align;
use crate::report::{Assumption, COMPARED, Sensitivity};
use crate::{catalog::Confidence, message, say};

use Align::{Left, Right};

impl Writer<'_> {
    fn table<const N: usize>(self, caption: Message, columns: [(Message, Align); N]) -> Table {
        Table::new(self.say(caption), columns.map(|(title, align)| (self.say(title), align)))
    }

    /// What the needs say, each value with where it comes from.
    pub(super) fn requirements(self) -> Table {
        let mut table = self.table(
            message!(ReportRequirementsCaption),
            [
                (message!(ReportColumnItem), Left),
                (message!(ReportColumnValue), Left),
                (message!(ReportColumnOrigin), Left),
            ],
        );
        for Assumption { what, value, source, origin, .. } in &self.report.assumptions {
            if origin.is_some() {
                table.push(self.all([what, value, source]));
            }
        }
        table
    }

    /// The models that are options, with what is published of them.
    pub(super) fn model_table(self) -> Table {
        let locale = self.locale;
        let mut columns =
            vec![(say!(locale, ReportColumnModel), Left), (say!(locale, ReportColumnParameters), Right)];
        columns.extend(COMPARED.map(|benchmark| {
            (say!(locale, ReportColumnBenchmark { benchmark: benchmark.to_string() }), Right)
        }));
        columns.push((say!(locale, ReportColumnLicence), Left));
        let mut table = Table::new(say!(locale, ReportModelsCaption), columns);
        for model in &self.report.models {
            let billions = |count: u64| format!("{:.1} G", count as f64 / 1e9);
            let all = billions(model.parameters);
            let mut cells = vec![
                model.name.clone(),
                if model.active_parameters * 2 < model.parameters {
                    say!(locale, ReportParametersActive { all, active: billions(model.active_parameters) })
                } else {
                    all
                },
            ];
            cells.extend(COMPARED.map(|benchmark| {
                let published = model.benchmarks.iter().find(|one| one.benchmark == benchmark);
                published.map(|one| format!("{:.1}", one.score)).unwrap_or_default()
            }));
            cells.push(locale.show(fact(&model.licence)));
            table.push(cells);
        }
        table
    }

    /// What is to be ordered.
    pub(super) fn order(self) -> Table {
        let locale = self.locale;
        let mut table = self.table(
            message!(ReportOrderCaption),
            [
                (message!(ReportColumnItem), Left),
                (message!(ReportColumnQuantity), Right),
                (message!(ReportColumnEach), Right),
                (message!(ReportColumnTotal), Right),
                (message!(ReportColumnPaid), Left),
                (message!(ReportColumnPriceSource), Left),
            ],
        );
        let shown = |value: Option<Value>| value.map(|value| locale.show(value)).unwrap_or_default();
        for line in self.report.order() {
            let paid = if line.is_up_front {
                say!(locale, ReportPaidUpFront)
            } else {
                say!(locale, ReportPaidYearly)
            };
            table.push(vec![
                locale.show(line.what),
                shown(line.quantity),
                shown(line.each),
                locale.show(line.total),
                paid,
                locale.show(line.source),
            ]);
        }
        table
    }

    /// What somebody must look at before signing.
    pub(super) fn findings(self) -> Table {
        let mut table = self.table(
            message!(ReportFindingsCaption),
            [
                (message!(ReportColumnQuestion), Left),
                (message!(ReportColumnKnown), Left),
                (message!(ReportColumnVerdict), Left),
            ],
        );
        for finding in self.report.findings() {
            let verdict = if finding.needs_review { message!(ReportReview) } else { message!(ReportPass) };
            table.push(self.all([&finding.what, &finding.known, &verdict]));
        }
        table
    }

    /// How each figure is computed.
    pub(super) fn method(self) -> Table {
        let mut table = self.table(
            message!(ReportMethodCaption),
            [(message!(ReportColumnItem), Left), (message!(ReportColumnHow), Left)],
        );
        for row in [
            [message!(ReportMethodLoad), message!(ReportMethodLoadIs)],
            [message!(ReportMethodStep), message!(ReportMethodStepIs)],
            [message!(ReportMethodReplica), message!(ReportMethodReplicaIs)],
            [message!(ReportMethodInFlight), message!(ReportMethodInFlightIs)],
            [message!(ReportMethodReplicas), message!(ReportMethodReplicasIs)],
            [message!(ReportMethodCapital), message!(ReportMethodCapitalIs)],
            [message!(ReportMethodEnergy), message!(ReportMethodEnergyIs)],
            [message!(ReportMethodMillion), message!(ReportMethodMillionIs)],
            [message!(ReportMethodBreakEven), message!(ReportMethodBreakEvenIs)],
        ] {
            table.push(self.all(&row));
        }
        table
    }

    /// When owning is cheaper than each way of paying as one goes.
    pub(super) fn break_even(self) -> Table {
        let mut table = Table {
            id: Some("break-even-table"),
            ..self.table(
                message!(ReportBreakEvenCaption),
                [
                    (message!(ReportColumnAgainst), Left),
                    (message!(ReportColumnWay), Left),
                    (message!(ReportColumnUsedAbove), Right),
                    (message!(ReportColumnTokensAbove), Right),
                    (message!(ReportColumnPayback), Right),
                ],
            )
        };
        for one in &self.report.break_even {
            // More than the machines carry is no break-even.
            let is_never = one.utilisation.is_some_and(|share| share > 1.0);
            let or_never = |value: Option<Value>| {
                let value = value.map(|value| if is_never { message!(ReportNever).into() } else { value });
                value.map(|value| self.locale.show(value)).unwrap_or_default()
            };
            table.push(vec![
                self.locale.show(&one.against),
                self.say(one.kind.message()),
                or_never(one.utilisation.map(|share| percent(share, 0))),
                or_never(one.tokens_per_month.map(|tokens| fixed(tokens / 1e6, 0))),
                self.say(payback(one.payback_months)),
            ]);
        }
        table
    }

    /// What a year of owning costs when one assumption changes.
    pub(super) fn sensitivity(self) -> Table {
        let locale = self.locale;
        let mut table = self.table(
            message!(ReportSensitivityCaption),
            [
                (message!(ReportColumnAssumption), Left),
                (message!(ReportColumnLow), Right),
                (message!(ReportColumnHigh), Right),
                (message!(ReportColumnCostLow), Right),
                (message!(ReportColumnCostHigh), Right),
            ],
        );
        for Sensitivity { swing } in &self.report.sensitivity {
            let driver = swing.driver;
            table.push(vec![
                self.say(driver.message()),
                locale.show(driver.value(swing.values[0])),
                locale.show(driver.value(swing.values[2])),
                locale.show(swing.costs[0]),
                locale.show(swing.costs[1]),
            ]);
        }
        table
    }

    /// Every figure that the document rests on.
    pub(super) fn assumptions(self) -> Table {
        let mut table = self.table(
            message!(ReportAssumptionsCaption),
            [
                (message!(ReportColumnItem), Left),
                (message!(ReportColumnValue), Left),
                (message!(ReportColumnSource), Left),
                (message!(ReportColumnConfidence), Left),
            ],
        );
        for Assumption { what, value, source, confidence, .. } in &self.report.assumptions {
            let mut cells = self.all([what, value, source]);
            cells.push(confidence.map(|one| self.say(trusted(one))).unwrap_or_default());
            table.push(cells);
        }
        table
    }

    /// Who signs.
    pub(super) fn sign_off(self) -> Table {
        let mut table = self.table(
            message!(ReportSignOffCaption),
            [
                (message!(ReportColumnRole), Left),
                (message!(ReportColumnName), Left),
                (message!(ReportColumnDate), Left),
                (message!(ReportColumnConditions), Left),
            ],
        );
        for role in [
            message!(ReportRoleRequester),
            message!(ReportRoleTechnical),
            message!(ReportRoleFinance),
            message!(ReportRoleSecurity),
            message!(ReportRoleProcurement),
            message!(ReportRoleLegal),
        ] {
            table.push(vec![self.say(role), String::new(), String::new(), String::new()]);
        }
        table
    }
}

fn trusted(confidence: Confidence) -> Message {
    match confidence {
        Confidence::Low => message!(ReportConfidenceLow),
        Confidence::Medium => message!(ReportConfidenceMedium),
        Confidence::High => message!(ReportConfidenceHigh),
    }
}
