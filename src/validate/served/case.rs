use std::collections::BTreeMap;

use super::row::ServedMeasurement;
use super::{hardware, resolve, shape};
use crate::calibration::{Phase, ServingConstant, ServingConstants, ServingSpread, ServingSpreads, Tuning};
use crate::capacity::{Arrivals, Deployment, Observed, ServedModel, Workload, simulate};
use crate::catalog::{Catalog, ServingCalibration};
use crate::least_squares::Search;
use crate::message;
use crate::units::Seconds;
use crate::validate::case::beside;
use crate::validate::fit::{Robust, Scheme};
use crate::validate::summary::tenths;
use crate::validate::{
    About, Case, Class, Kind, LeftOut, MEASURES, Measures, Observation, Predictions, Unresolved,
};

/// Errors, as logarithms, up to which the loss grows with their square.
const SCALE: [f64; MEASURES] = [0.1, 0.12, 0.35];

/// A measurement of a served engine with everything that its prediction takes.
#[derive(Clone, Debug)]
pub struct ServedCase<'a> {
    row: &'a ServedMeasurement,
    /// What the model was taken for.
    model: &'a str,
    /// One replica.
    deployment: Deployment,
    replicas: u32,
    /// The load of one replica.
    workload: Workload,
    /// The output throughput that was measured, or that follows from the total.
    output_throughput: Option<f64>,
    /// What a simulation says against the closed form that the fit goes by, of each measure.
    aligned: [f64; MEASURES],
}

impl<'a> Case<'a> for ServedCase<'a> {
    type Row = ServedMeasurement;
    type Table = ServingConstant;
    type Calibration = ServingCalibration;

    const KIND: &'static Kind = &Kind {
        is_served: true,
        left_out: &["leaving_out_the_deployment"],
        measures: &["tpot", "output_throughput", "ttft"],
        titles: &["time between tokens", "output throughput", "time to first token"],
        figures: &[
            "predicted_tpot_ms",
            "measured_tpot_ms",
            "predicted_output_tokens_per_second",
            "measured_output_tokens_per_second",
            "predicted_ttft_ms",
            "measured_ttft_ms",
        ],
        column_suffix: "",
    };
    // The fit goes by a closed form, which is smooth, brought into line with simulations.
    const SCHEME: Scheme = Scheme {
        search: Search { rounds: 10, tries: 5, growth: 5.0, least_damping: 1e-6, gain: 1e-3 },
        rounds_without_group: 3,
        step: 0.01,
        reach: 0.7,
        robust: Robust::Reweighted,
        often: 6.0,
        alignments: 3,
    };

    fn of(row: &'a ServedMeasurement, catalog: &'a Catalog) -> Result<Self, Unresolved> {
        if row.mode == "disagg" {
            return Err(Unresolved::Disaggregated);
        }
        let (model, architecture) = shape::shape(row, catalog)?;
        let hardware = hardware::hardware(row, catalog)?;
        let served = ServedModel::of(architecture);
        let precision = resolve::precision(row, catalog, &served)?;
        let engine = resolve::engine(&row.engine);
        let split = resolve::split(row, hardware.count, engine);
        let mut deployment = Deployment {
            precision,
            parallelism: split,
            engine,
            release: resolve::release(row),
            cache: resolve::cache(row, &precision),
            is_tuned: resolve::is_tuned(row),
            batch_limit: None,
            known: 1.0,
            drafted: resolve::drafted(row),
            cache_room: resolve::stated_room(&row.note),
            experts_in_ram: hardware.ram.filter(|_| served.routed_share.is_some()),
            observed: Observed::default(),
            model: served,
            device: hardware.device,
        };
        if row.in_flight().is_none() && row.source_url.contains("mlcommons") && !resolve::states_split(row) {
            deployment.parallelism = resolve::fewest(&deployment, hardware.count);
        }
        if deployment.cache_tokens().is_none() {
            let short = deployment.weights_on_gpus()
                - deployment.device.memory.share(0.9) * u64::from(deployment.gpus());
            return Err(Unresolved::TooLarge(short));
        }
        let replicas = (hardware.count / deployment.gpus()).max(1);
        let most = resolve::most_in_flight(&deployment, row);
        let workload = resolve::workload(row, replicas, most)?;
        Ok(Self {
            row,
            model,
            deployment,
            replicas,
            workload,
            output_throughput: resolve::output_throughput(row),
            aligned: [1.0; MEASURES],
        })
    }

    fn row(&self) -> &'a ServedMeasurement {
        self.row
    }

    fn measured(&self) -> Measures {
        // Some tools count the wait in their own queue.
        let waited = self.row.ttft_ms.filter(|_| self.row.ttft_quality.is_empty());
        [self.row.tpot_ms, self.output_throughput, waited]
    }

    fn group(&self, left_out: LeftOut) -> String {
        match left_out {
            // Who measured, on what, which model.
            LeftOut::Device => format!("{} {} {}", self.row.source_url, self.row.hardware, self.model),
            // Without the day of its export.
            LeftOut::Source => {
                self.row.source_url.split(".csv").next().unwrap_or_default().rsplit_once(':').map_or_else(
                    || self.row.source_url.clone(),
                    |(who, what)| {
                        if who.starts_with("http") { format!("{who}:{what}") } else { who.to_owned() }
                    },
                )
            }
            LeftOut::Group => self.configuration(),
        }
    }

    fn understood(&self) -> String {
        let replicas = if self.replicas > 1 { format!("{} × ", self.replicas) } else { String::new() };
        let Deployment { device, precision, .. } = &self.deployment;
        let gpus = self.deployment.gpus();
        format!("{replicas}{gpus} × {}, {} {}", device.name, self.model, precision.name())
    }

    fn classes(&self) -> Vec<(&'static str, Class)> {
        let deployment = &self.deployment;
        let Some(in_flight) = self.row.in_flight() else {
            // Another question than the others: a class of its own, and in no other.
            return vec![("arrivals", Class::new("unbounded", message!(ValidateClassUnbounded)))];
        };
        let arrivals = match self.workload.arrivals {
            Arrivals::AtOnce(_) => Class::new("at once", message!(ValidateClassAtOnce)),
            Arrivals::Held { .. } => Class::new("held in flight", message!(ValidateClassHeld)),
            Arrivals::Poisson { .. } => Class::new("by themselves", message!(ValidateClassOpenLoop)),
        };
        let experts = match (deployment.model.routed_share, deployment.experts_in_ram) {
            (None, _) => Class::new("dense", message!(ValidateClassDense)),
            (Some(_), None) => Class::new("experts", message!(ValidateClassExperts)),
            (Some(_), Some(_)) => Class::new("experts in RAM", message!(ValidateClassExpertsInRam)),
        };
        let gpus = match deployment.gpus() {
            1 => Class::new("one GPU", message!(ValidateClassOneGpu)),
            count if count > deployment.device.linked => {
                Class::new("several nodes", message!(ValidateClassNodes))
            }
            _ if deployment.device.interconnect.is_some() => {
                Class::new("several, linked", message!(ValidateClassLinked))
            }
            _ => Class::new("several over PCIe", message!(ValidateClassPcie)),
        };
        let engine = deployment.engine.name();
        let engine = if deployment.release.is_early() {
            Class::new(format!("{engine} before 2025-05"), message!(ValidateClassEarly { engine }))
        } else {
            Class::name(engine)
        };
        let tuning = if deployment.is_tuned {
            Class::new("tuned", message!(ValidateClassTuned))
        } else {
            Class::new("deployed", message!(ValidateClassDeployed))
        };
        let concurrency = match in_flight {
            0..=1 => Class::name("1"),
            2..=16 => Class::new("2 to 16", message!(ValidateClassFew)),
            17..=100 => Class::new("17 to 100", message!(ValidateClassSome)),
            _ => Class::new("above 100", message!(ValidateClassMany)),
        };
        let speculative = match deployment.drafted {
            0 => Class::new("no drafts", message!(ValidateClassNoDrafts)),
            _ => Class::new("drafts", message!(ValidateClassDrafts)),
        };
        vec![
            ("arrivals", arrivals),
            ("experts", experts),
            ("engine", engine),
            ("gpus", gpus),
            ("class", Class::name(deployment.device.class.name())),
            ("precision", Class::name(deployment.precision.name())),
            ("concurrency", concurrency),
            ("speculative", speculative),
            ("tuning", tuning),
            ("group", Class::name(self.configuration())),
        ]
    }

    /// Rows without a stated concurrency are a class of their own.
    fn counts(&self) -> bool {
        self.row.in_flight().is_some() && self.row.quality.is_empty()
    }

    fn about(row: &ServedMeasurement) -> About {
        About::Served { model: row.model.clone(), engine: row.engine.clone(), concurrency: row.in_flight() }
    }

    fn stated(row: &ServedMeasurement) -> Measures {
        [row.tpot_ms, row.output_tok_s, row.ttft_ms]
    }

    fn observations<'c>(&'c self, _: &'c ServingCalibration) -> Vec<Observation<'c, ServingConstant>> {
        vec![Observation {
            trust: self.trust(),
            scale: SCALE,
            often: format!("{} {}", self.configuration(), self.row.source_url),
            phase: Phase::Both,
            measured: self.measured(),
            predict: Box::new(move |constants| {
                let closed = self.closed(constants);
                std::array::from_fn(|measure| Some(closed[measure]? * self.aligned[measure]))
            }),
        }]
    }

    fn predicted(&self, constants: &ServingConstants, calibration: &ServingCalibration) -> Measures {
        let known = calibration.known(&self.configuration());
        self.simulated(constants, known)
    }

    fn align(&mut self, constants: &ServingConstants) {
        let (simulated, closed) = (self.simulated(constants, 1.0), self.closed(constants));
        self.aligned = std::array::from_fn(|measure| match (simulated[measure], closed[measure]) {
            (Some(simulated), Some(closed)) if closed > 0.0 => simulated / closed,
            _ => 1.0,
        });
    }

    fn constants(calibration: &ServingCalibration) -> &ServingConstants {
        &calibration.constants
    }

    fn interval(&self, calibration: &ServingCalibration, measure: usize) -> (f64, f64) {
        let spread = calibration.spreads[measure].of(self.setting(calibration));
        (spread.low, spread.high)
    }

    fn calibration(
        cases: &[Self],
        constants: ServingConstants,
        predicted: &[Measures],
    ) -> ServingCalibration {
        let spread = |measure: usize, is_of: &dyn Fn(&Self) -> bool| {
            let ratio = |(case, predicted): (&Self, &Measures)| {
                let ratio = case.measured()[measure]? / predicted[measure]?;
                (case.counts() && case.trust() >= 1.0 && is_of(case)).then_some(ratio)
            };
            let ratios: Vec<f64> = cases.iter().zip(predicted).filter_map(ratio).collect();
            let (low, high) = tenths(&ratios).unwrap_or((0.5, 2.0));
            ServingSpread {
                low: low.min(0.95),
                high: high.max(1.05),
                measurements: u32::try_from(ratios.len()).unwrap_or(u32::MAX),
            }
        };
        let spreads = std::array::from_fn(|measure| {
            let tuned = spread(measure, &|case| case.deployment.is_tuned);
            ServingSpreads {
                measured: tuned,
                tuned,
                deployed: spread(measure, &|case| !case.deployment.is_tuned),
            }
        });
        ServingCalibration { constants, spreads, measured: BTreeMap::new() }
    }
}

/// Rows of a configuration that say half of how far its times lie from predictions.
const HALF_KNOWN: f64 = 4.0;

impl ServedCase<'_> {
    /// Measured over predicted times between tokens of each configuration that was measured and tuned, by predictions that
    /// know none: the geometric mean, of few rows drawn towards 1. Of rows that `is_known` alone.
    pub fn known(
        cases: &[Self],
        constants: &ServingConstants,
        is_known: impl Fn(&Self) -> bool,
    ) -> BTreeMap<String, f64> {
        let blank = ServingCalibration::default();
        let mut logarithms: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let counted =
            |case: &&Self| case.deployment.is_tuned && case.trust() > 0.0 && case.counts() && is_known(case);
        for case in cases.iter().filter(counted) {
            let ([predicted, ..], [measured, ..]) = (case.predicted(constants, &blank), case.measured());
            let (Some(predicted), Some(measured)) = (predicted, measured) else { continue };
            // A row that is far off says something of itself alone.
            let off = (measured / predicted).ln().clamp(-0.4, 0.4);
            logarithms.entry(case.configuration()).or_default().push(off);
        }
        let factor = |all: Vec<f64>| (all.iter().sum::<f64>() / (all.len() as f64 + HALF_KNOWN)).exp();
        logarithms.into_iter().map(|(name, all)| (name, factor(all))).collect()
    }

    /// Predictions beside what was measured.
    #[must_use]
    pub fn beside(&self, predicted: Measures, calibration: &ServingCalibration) -> Predictions {
        beside(self, predicted, calibration)
    }

    /// Whether the engine was tuned for the load.
    #[must_use]
    pub const fn is_tuned(&self) -> bool {
        self.deployment.is_tuned
    }

    /// Model, device, engine and precision.
    #[must_use]
    pub fn configuration(&self) -> String {
        self.deployment.configuration(self.model)
    }

    fn setting(&self, calibration: &ServingCalibration) -> Tuning {
        if !self.deployment.is_tuned {
            Tuning::Deployed
        } else if calibration.measured.contains_key(&self.configuration()) {
            Tuning::Measured
        } else {
            Tuning::Tuned
        }
    }

    /// TPOT in milliseconds, the output throughput of all replicas and TTFT in milliseconds, by a simulation.
    fn simulated(&self, constants: &ServingConstants, known: f64) -> Measures {
        let never = (Seconds(f64::INFINITY), Seconds(f64::INFINITY));
        let deployment = Deployment { known, ..self.deployment.clone() };
        let Some(served) = simulate(&deployment, constants, &self.workload, never) else {
            return [None; MEASURES];
        };
        [
            Some(served.mean_tpot().0 * 1e3),
            Some(served.throughput().0 * f64::from(self.replicas)),
            Some(served.mean_ttft().0 * 1e3),
        ]
    }

    /// The same by the closed form for as many in flight at all times.
    fn closed(&self, constants: &ServingConstants) -> Measures {
        let step = self.deployment.step_time(constants);
        let held = match &self.workload.arrivals {
            Arrivals::AtOnce(held) | Arrivals::Held { concurrency: held, .. } => f64::from(*held),
            Arrivals::Poisson { .. } => f64::from(self.row.in_flight().unwrap_or(1)),
        };
        let Workload { prompt_tokens, output_tokens, .. } = self.workload;
        match self.deployment.steady(&step, held, prompt_tokens, output_tokens) {
            Some(steady) => [
                Some(steady.tpot.0 * 1e3),
                Some(steady.output.0 * f64::from(self.replicas)),
                Some(steady.ttft.0 * 1e3),
            ],
            None => [None; MEASURES],
        }
    }

    /// How much it counts in the fit: nothing of what its source, or who collected it, says is wrong; half of what was
    /// inferred, or measured without a limit.
    fn trust(&self) -> f64 {
        let note = self.row.note.to_lowercase();
        let flagged = note.split_once("flagged anomalous").and_then(|(before, _)| before.rsplit_once("c="));
        let is_odd = note.contains("do not fit")
            || flagged.is_some_and(|(_, count)| count.trim() == self.row.concurrency)
            || !self.row.quality.is_empty();
        match (is_odd, self.row.in_flight()) {
            (true, _) => 0.0,
            (false, None) => 0.5,
            (false, Some(_)) if self.row.speculative == "mtp" => 0.7,
            (false, Some(_)) => 1.0,
        }
    }
}
