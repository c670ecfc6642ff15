use super::row::ServedMeasurement;
use super::{hardware, resolve, shape};
use crate::calibration::{Phase, ServingConstant, ServingConstants, ServingSpread};
use crate::capacity::{Arrivals, Deployment, EngineAge, Observed, ServedModel, Workload, simulate};
use crate::catalog::{Catalog, ServingCalibration};
use crate::least_squares::Search;
use crate::message;
use crate::units::Seconds;
use crate::validate::fit::{Robust, Scheme};
use crate::validate::summary::tenths;
use crate::validate::{About, Case, Class, Kind, Observation, Unresolved};

/// Errors, as logarithms, up to which the loss grows with their square.
const SCALE: f64 = 0.12;

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
}

impl<'a> Case<'a> for ServedCase<'a> {
    type Row = ServedMeasurement;
    type Table = ServingConstant;
    type Calibration = ServingCalibration;

    const KIND: &'static Kind = &Kind {
        is_served: true,
        left_out: ["leaving_out_the_deployment"],
        measures: ["tpot", "output_throughput"],
        titles: ["time between tokens", "output throughput"],
        figures: [
            "predicted_tpot_ms",
            "measured_tpot_ms",
            "predicted_output_tokens_per_second",
            "measured_output_tokens_per_second",
        ],
        column_suffix: "",
    };
    // A simulation is not smooth: slopes are taken over a wide step.
    const SCHEME: Scheme = Scheme {
        search: Search { rounds: 12, tries: 5, growth: 5.0, least_damping: 1e-6, gain: 1e-4 },
        rounds_without_group: 3,
        step: 0.04,
        reach: 0.7,
        robust: Robust::Rooted,
    };

    fn of(row: &'a ServedMeasurement, catalog: &'a Catalog) -> Result<Self, Unresolved> {
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
            age: resolve::age(row),
            drafted: resolve::drafted(row),
            cache_room: resolve::stated_room(&row.note),
            experts_in_ram: hardware.ram.filter(|_| served.routed_share.is_some()),
            observed: Observed::default(),
            model: served,
            device: hardware.device,
        };
        if row.in_flight().is_none() && !resolve::states_split(row) {
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
        })
    }

    fn row(&self) -> &'a ServedMeasurement {
        self.row
    }

    fn measured(&self) -> [Option<f64>; 2] {
        [self.row.tpot_ms, self.output_throughput]
    }

    /// The deployment: who measured, on what, which model.
    fn group(&self) -> String {
        format!("{} {} {}", self.row.source_url, self.row.hardware, self.model)
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
        let engine = match deployment.age {
            EngineAge::Current => Class::name(engine),
            EngineAge::Early => {
                Class::new(format!("{engine} before 2025-05"), message!(ValidateClassEarly { engine }))
            }
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
        ]
    }

    /// Rows without a stated concurrency are a class of their own.
    fn counts(&self) -> bool {
        self.row.in_flight().is_some()
    }

    fn about(row: &ServedMeasurement) -> About {
        About::Served { model: row.model.clone(), engine: row.engine.clone(), concurrency: row.in_flight() }
    }

    fn stated(row: &ServedMeasurement) -> [Option<f64>; 2] {
        [row.tpot_ms, row.output_tok_s]
    }

    fn observations<'c>(&'c self, _: &'c ServingCalibration) -> Vec<Observation<'c, ServingConstant>> {
        vec![Observation {
            trust: if self.counts() && !self.is_odd() { 1.0 } else { 0.0 },
            scale: SCALE,
            often: self.group(),
            phase: Phase::Both,
            measured: self.measured(),
            predict: Box::new(move |constants| self.predicted(constants)),
        }]
    }

    fn constants(calibration: &ServingCalibration) -> &ServingConstants {
        &calibration.constants
    }

    fn interval(&self, calibration: &ServingCalibration, measure: usize) -> (f64, f64) {
        let spread = [calibration.tpot, calibration.throughput][measure];
        (spread.low, spread.high)
    }

    fn calibration(
        cases: &[Self],
        constants: ServingConstants,
        predicted: &[[Option<f64>; 2]],
    ) -> ServingCalibration {
        let [tpot, throughput] = [0, 1].map(|measure| {
            let counted = cases.iter().zip(predicted).filter(|(case, _)| case.counts());
            let ratio = |case: &Self, predicted: f64| Some(case.measured()[measure]? / predicted);
            let ratios: Vec<f64> =
                counted.filter_map(|(case, predicted)| ratio(case, predicted[measure]?)).collect();
            let (low, high) = tenths(&ratios).unwrap_or((0.5, 2.0));
            ServingSpread {
                low: low.min(0.95),
                high: high.max(1.05),
                measurements: u32::try_from(ratios.len()).unwrap_or(u32::MAX),
            }
        });
        ServingCalibration { constants, tpot, throughput }
    }
}

impl ServedCase<'_> {
    /// TPOT in milliseconds and the output throughput of all replicas, by these constants.
    fn predicted(&self, constants: &ServingConstants) -> [Option<f64>; 2] {
        let never = (Seconds(f64::INFINITY), Seconds(f64::INFINITY));
        let served = simulate(&self.deployment, constants, &self.workload, never);
        let throughput = |rate: f64| rate * f64::from(self.replicas);
        [
            served.as_ref().map(|served| served.mean_tpot().0 * 1e3),
            served.as_ref().map(|served| throughput(served.throughput().0)),
        ]
    }

    /// Whether its source, or a throughput that does not rise, says that it is not to be fitted to.
    fn is_odd(&self) -> bool {
        let note = self.row.note.to_lowercase();
        let flagged = note.split_once("flagged anomalous").and_then(|(before, _)| before.rsplit_once("c="));
        note.contains("do not fit") || flagged.is_some_and(|(_, count)| count.trim() == self.row.concurrency)
    }
}
