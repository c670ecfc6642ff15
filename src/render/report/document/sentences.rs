use super::decision::named;
use super::{Block, Writer};
use crate::i18n::Locale;
use crate::message::{Message, Value, enumeration, fixed, list, percent};
use crate::report::{Means, MeasurementUse, Name, OptionKind, PlanOption};
use crate::units::{Bytes, Seconds};
use crate::{message, say};

/// Months after which nobody counts: machines do not live as long.
const LONGEST_PAYBACK: f64 = 120.0;

/// Months until machines have paid for themselves.
#[expect(clippy::cast_sign_loss, reason = "months are not negative")]
pub fn payback(months: Option<f64>) -> Message {
    match months {
        None => message!(ReportNever),
        Some(months) if months > LONGEST_PAYBACK => message!(ReportDecade),
        Some(months) => message!(ReportMonths { count: months.round_ties_even() as u32 }),
    }
}

impl Writer<'_> {
    /// What must be known of options, each once with all that it is true of.
    pub(super) fn remarks(self) -> Vec<String> {
        let mut remarks: Vec<(&Message, Vec<&Name>)> = Vec::new();
        for option in &self.report.options {
            for note in &option.notes {
                match remarks.iter_mut().find(|(known, _)| *known == note) {
                    Some((_, names)) if names.contains(&&option.name) => {}
                    Some((_, names)) => names.push(&option.name),
                    None => remarks.push((note, vec![&option.name])),
                }
            }
        }
        let remark = |(note, names): (&Message, Vec<&Name>)| {
            say!(self.locale, ReportRemark { note, names: list(names) })
        };
        remarks.into_iter().map(remark).collect()
    }

    /// What the measurements did that options rest on, for a reader who sees the options only.
    pub(super) fn measured(self) -> Vec<String> {
        let used = self.report.measurements.iter().filter(|measurement| !measurement.options.is_empty());
        let measured = |measurement: &MeasurementUse| {
            let mut names: Vec<&Name> =
                measurement.options.iter().map(|at| &self.report.options[*at].name).collect();
            names.dedup();
            let (date, source) = (measurement.date, &measurement.source);
            say!(self.locale, ReportMeasuredUse { date, source, names: list(names) })
        };
        used.map(measured).collect()
    }

    /// From people to requests a second and tokens a year; the rate, which is what counts, on its own.
    pub(super) fn load(self) -> Block {
        let (needs, load, locale) = (&self.report.needs, &self.report.load, self.locale);
        let (years, growth) = (needs.years.value, needs.growth.value);
        let grows = growth.abs() > 1e-9 && years > 1;
        let daily = fixed(load.requests_per_day, 0);
        let (share, burst) = (fixed(needs.peak_hour_share.value, 2), needs.burst.value.to_string());
        let before = if grows {
            say!(
                locale,
                ReportLoadGrows {
                    users: fixed(needs.users.value, 0),
                    each: needs.requests_per_user_day.value.to_string(),
                    now: fixed(needs.users.value * needs.requests_per_user_day.value, 0),
                    growth: percent(growth, 0),
                    year: years,
                    daily,
                    share,
                    burst,
                }
            )
        } else {
            say!(locale, ReportLoad { daily, share, burst })
        };
        let (answer, output) =
            (fixed(needs.output_tokens.value, 0), fixed(load.peak_output_tokens_per_second, 0));
        let tokens = fixed(load.tokens_per_year / 1e6, 0);
        let after = if grows {
            say!(locale, ReportLoadTokensGrowing { answer, output, years, tokens })
        } else {
            say!(locale, ReportLoadTokens { answer, output, tokens })
        };
        let rate = fixed(load.peak_requests_per_second, 3);
        Block::Text([before, say!(locale, ReportRequestsPerSecond { rate }), after])
    }

    /// What a replica carries and how many there are.
    pub(super) fn sizing(self) -> Vec<String> {
        let (report, locale) = (self.report, self.locale);
        let sized = report.sized().map(|at| &report.options[at]);
        let Some((option, runs)) = sized.and_then(|option| Some((option, option.installation()?))) else {
            return vec![say!(locale, ReportSizingNothing)];
        };
        let deployment = &runs.deployment;
        let has_spare = deployment.gpus > deployment.replicas * deployment.gpus_per_replica;
        let is_needed = report.needs.spare.value || report.needs.availability.value.is_some();
        let (replicas, gpus) = (deployment.replicas, deployment.gpus);
        let mut sentences = vec![
            say!(
                locale,
                ReportSizingReplica {
                    name: named(option),
                    gpus: message!(ReportGpus { count: deployment.gpus_per_replica }),
                    engine: deployment.engine,
                    weights: Bytes(deployment.weights_bytes),
                    cache: Bytes(deployment.cache_bytes),
                    wall: fixed(deployment.cache_wall, 0),
                }
            ),
            say!(
                locale,
                ReportSizingLimit {
                    rate: fixed(deployment.requests_per_second, 3),
                    output: fixed(deployment.output_tokens_per_second, 0),
                    held: fixed(deployment.in_flight, 0),
                    binding: &deployment.binding,
                }
            ),
            locale.say(&deployment.why),
            {
                let [least, most] = deployment.replicas_interval;
                let [low, high] = runs.yearly_cost;
                say!(locale, ReportSizingInterval { least, most, low, high })
            },
            if has_spare && is_needed {
                say!(locale, ReportSizingWithSpare { replicas, gpus })
            } else {
                say!(locale, ReportSizingReplicas { replicas, gpus })
            },
        ];
        let carried = deployment.requests_per_second * f64::from(replicas) * report.needs.headroom.value;
        let peak = report.load.peak_requests_per_second;
        if carried < peak * 0.999 {
            let (carried, peak) = (fixed(carried, 1), fixed(peak, 1));
            sentences.push(say!(locale, ReportSizingShort { carried, peak }));
        }
        let tokens = report.needs.output_tokens.value;
        let whole = Seconds(runs.waits.ttft_p95.0 + tokens * runs.waits.tpot_p95.0);
        sentences.push(say!(locale, ReportSizingAnswer { tokens: fixed(tokens, 0), time: whole }));
        sentences
    }

    /// What the place must have for what is recommended, or for the machines that were sized.
    pub(super) fn site(self) -> Vec<String> {
        let (report, locale) = (self.report, self.locale);
        let sized = report.sized().and_then(|at| report.options[at].deployment().map(|one| (at, one)));
        let Some((at, deployment)) = sized.filter(|(_, deployment)| deployment.nameplate_kw > 0.0) else {
            return vec![say!(locale, ReportSiteNothing)];
        };
        let option = &report.options[at];
        let is_chosen = report.recommended.as_ref().is_some_and(|chosen| chosen.option == at);
        let name = &option.name;
        let mut sentences = Vec::new();
        if !is_chosen && report.recommended.is_none() {
            sentences.push(say!(locale, ReportSiteIfBought { name }));
        } else if !is_chosen && option.kind() == OptionKind::Own {
            sentences.push(say!(locale, ReportSiteIfUsedInstead { name }));
        } else if !is_chosen {
            sentences.push(say!(locale, ReportSiteIfBoughtInstead { name }));
        }
        sentences.push(say!(
            locale,
            ReportSitePower {
                nameplate: fixed(deployment.nameplate_kw, 1),
                heat: fixed(deployment.nameplate_kw * 3412.0, 0),
                average: fixed(deployment.average_kw, 1),
            }
        ));
        sentences.extend(deployment.rack_units.map(|height| say!(locale, ReportSiteRack { height })));
        sentences.extend(is_chosen.then(|| say!(locale, ReportSiteCheck)));
        sentences
    }

    /// Why this model, and what stands beside it.
    pub(super) fn models(self) -> Vec<String> {
        let (report, locale) = (self.report, self.locale);
        let Some((asked, smaller)) = report.models.split_first() else { return Vec::new() };
        let precision = report.sized().and_then(|at| report.options[at].precision());
        let precision = precision.map_or_else(|| message!(ReportPrecisionOfProvider).into(), Value::from);
        let others = if smaller.is_empty() {
            say!(locale, ReportModelAlone)
        } else {
            say!(locale, ReportModelSmaller { names: list(smaller.iter().map(|model| &model.name)) })
        };
        vec![
            say!(locale, ReportModel { name: &asked.name, precision }),
            others,
            say!(locale, ReportModelSuccessors),
        ]
    }

    /// What the recommended way, the runner-up, buying and a hybrid cost: the name, and the sums.
    pub(super) fn costs(self) -> Vec<Block> {
        let report = self.report;
        let mut shown: Vec<&PlanOption> = Vec::new();
        let named_options = [&report.recommended, &report.runner_up].into_iter().flatten();
        shown.extend(named_options.map(|one| &report.options[one.option]));
        if let Some(buy) = report.options.iter().find(|option| option.kind() == OptionKind::Buy)
            && !shown.iter().any(|option| option.kind() == OptionKind::Buy)
        {
            shown.push(buy);
        }
        shown.extend(report.options.iter().find(|option| option.kind() == OptionKind::Hybrid));
        shown.into_iter().map(|option| self.cost(option)).collect()
    }

    fn cost(self, option: &PlanOption) -> Block {
        let (bill, locale) = (&option.bill, self.locale);
        let lines = bill
            .lines
            .iter()
            .map(|line| Value::from(message!(ReportCostLine { what: line.what.message(), usd: line.usd })));
        let (yearly, lines, paid) = (bill.yearly_cost, enumeration(lines), enumeration(&bill.cumulative));
        let mut sums = vec![if bill.capex.0 > 0.0 {
            say!(locale, ReportCostOwned { yearly, lines, paid })
        } else {
            say!(locale, ReportCost { yearly, lines, paid })
        }];
        if let Means::Mixed { base, .. } = &option.means {
            let (hours, requests) = (percent(base.share_of_hours, 0), percent(base.share_of_requests, 0));
            sums.push(format!("{}.", say!(locale, ReportNoteBase { hours, requests })));
        }
        let head = say!(locale, ReportNamed { name: named(option), kind: option.kind().message() });
        let [before, after] = ["", &say!(locale, ReportColon { text: self.joined(sums) })].map(str::to_owned);
        Block::Text([before, head, after])
    }

    /// Sentences, one after the other.
    pub(super) fn joined(self, sentences: impl IntoIterator<Item = String>) -> String {
        let sentences: Vec<String> = sentences.into_iter().collect();
        sentences.join(&say!(self.locale, ReportBetweenSentences))
    }

    /// The command that writes this document again.
    pub(super) fn command(self) -> String {
        let command = self.report.command();
        let lang = self.locale.lang;
        if lang == Locale::default().lang { command } else { format!("{command} --lang {}", lang.short()) }
    }
}
