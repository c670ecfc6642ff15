//! Measurements of `bench` that predictions give way to, and which options rest on them.

use jiff::civil::Date;
use serde::Serialize;

use super::name::Name;
use super::offer::precision_of;
use super::plan::Site;
use super::study::Candidate;
use super::way::Way;
use crate::bench::ObservedWaits;
use crate::bench::served::Service;
use crate::calibration::ServingConstants;
use crate::capacity::{Deployment, Observed, Parallelism};
use crate::catalog::ApiPrice;
use crate::message;
use crate::message::Message;
use crate::needs::{Measured, MeasuredOf, ReportNeeds};

/// What became of a measurement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasurementUse {
    /// Where it is kept.
    pub source: Message,
    /// The day.
    pub date: Date,
    /// Of what.
    pub of: Name,
    /// Requests in flight, the fewest and the most that were tried.
    pub in_flight: [f64; 2],
    /// Measured over predicted decode, the least and the most; none of an API, or where no option is this.
    pub decode_over_predicted: Option<[f64; 2]>,
    /// Measured over predicted prefill.
    pub prefill_over_predicted: Option<f64>,
    /// The options that rest on it, by their place from 0; none where none is this.
    pub options: Vec<usize>,
}

impl Measured {
    /// How many GPUs a replica had, where it is of a model on the GPUs of a deployment, be it on as many or not.
    fn gpus(&self, deployment: &Deployment, model: &str) -> Option<u32> {
        let MeasuredOf::Machines(service, name) = &self.of else { return None };
        let is_same = (service.model.as_str(), name, service.engine)
            == (model, &deployment.device.name, deployment.engine)
            && service.precision.eq_ignore_ascii_case(precision_of(deployment));
        is_same.then_some(service.gpus)
    }

    /// The fewest and the most requests in flight.
    fn in_flight(&self) -> Option<[f64; 2]> {
        let all = self.observations.iter().map(|one| one.in_flight);
        Some([all.clone().reduce(f64::min)?, all.reduce(f64::max)?])
    }

    fn name(&self) -> Name {
        match &self.of {
            MeasuredOf::Machines(Service { model, precision, gpus, engine, .. }, device) => Name::Served {
                model: model.clone(),
                precision: precision.clone(),
                gpus: *gpus,
                device: device.clone(),
                engine: engine.name(),
            },
            MeasuredOf::Api(price) => Name::Api(price.clone()),
        }
    }
}

impl ReportNeeds {
    /// What was measured of a model on a device.
    pub(super) fn measured_services(&self, model: &str, device: &str) -> Vec<&Service> {
        let latest = self.measured.iter().rev();
        latest
            .filter_map(|one| match &one.of {
                MeasuredOf::Machines(service, name) if service.model == model && name == device => {
                    Some(service)
                }
                _ => None,
            })
            .collect()
    }

    /// The latest waits that were measured at an API.
    pub(super) fn waits_at(&self, price: &ApiPrice) -> Option<(&Measured, ObservedWaits)> {
        let known = self.measured.iter().rev();
        let mut known = known.filter(|one| matches!(&one.of, MeasuredOf::Api(id) if *id == price.id));
        known.find_map(|measured| Some((measured, measured.waits?)))
    }

    /// The measurements that a deployment of a model rests on, the oldest first, and how many GPUs a replica had in them:
    /// as many, or else as many as in the latest.
    pub(super) fn measured_of(&self, deployment: &Deployment, model: &str) -> Option<(u32, Vec<&Measured>)> {
        let known: Vec<(u32, &Measured)> =
            self.measured.iter().filter_map(|one| Some((one.gpus(deployment, model)?, one))).collect();
        let as_many = known.iter().rfind(|(gpus, _)| *gpus == deployment.gpus());
        let (gpus, _) = *as_many.or(known.last())?;
        Some((gpus, known.iter().filter(|(had, _)| *had == gpus).map(|(_, one)| *one).collect()))
    }
}

/// Measured over predicted times of a replica with so many of a deployment's GPUs.
fn observed<'a>(
    deployment: &Deployment,
    gpus: u32,
    measured: impl IntoIterator<Item = &'a Measured>,
    constants: &ServingConstants,
) -> Observed {
    let parallelism = match deployment.parallelism {
        one if one.gpus() == gpus => one,
        one if one.pipeline > 1 && one.tensor == 1 => Parallelism::pipeline(gpus),
        _ => Parallelism::tensor(gpus),
    };
    let twin = Deployment { parallelism, observed: Observed::default(), ..deployment.clone() };
    let observations: Vec<_> =
        measured.into_iter().flat_map(|measured| measured.observations.iter().copied()).collect();
    Observed::of(&twin, &twin.step_time(constants), &observations)
}

impl Site<'_> {
    /// A deployment with what was measured of it.
    pub(super) fn as_observed(&self, deployment: Deployment, model: &str) -> Deployment {
        match self.needs.measured_of(&deployment, model) {
            Some((gpus, measured)) => {
                let observed = observed(&deployment, gpus, measured, self.constants);
                Deployment { observed, ..deployment }
            }
            None => deployment,
        }
    }

    /// What an option's machines owe to measurements, in a sentence; none where they owe nothing.
    pub(super) fn measured_note(&self, deployment: &Deployment, model: &str) -> Option<Message> {
        let (gpus, measured) = self.needs.measured_of(deployment, model)?;
        let last = measured.last()?;
        let (source, date) = (&last.source, last.date);
        Some(if gpus == deployment.gpus() {
            message!(ReportNoteMeasured { date, source })
        } else {
            message!(ReportNoteScaled { gpus: message!(ReportGpus { count: gpus }), date, source })
        })
    }
}

/// What became of each measurement.
pub(super) fn uses(
    needs: &ReportNeeds,
    constants: &ServingConstants,
    candidates: &[Candidate<'_>],
) -> Vec<MeasurementUse> {
    let used = |measured: &Measured| {
        let mut ratios = None;
        let mut options = Vec::new();
        for (at, candidate) in candidates.iter().enumerate() {
            let rests = match (&candidate.way, &candidate.planned) {
                (Way::Call { price, .. }, _) => {
                    needs.waits_at(price).is_some_and(|(known, _)| std::ptr::eq(known, measured))
                }
                (_, Some(planned)) => {
                    let known = needs.measured_of(&planned.deployment, &candidate.option.model);
                    let gpus = known.and_then(|(gpus, known)| {
                        known.iter().any(|known| std::ptr::eq(*known, measured)).then_some(gpus)
                    });
                    if let Some(gpus) = gpus {
                        ratios.get_or_insert_with(|| {
                            observed(&planned.deployment, gpus, [measured], constants)
                        });
                    }
                    gpus.is_some()
                }
                _ => false,
            };
            options.extend(rests.then_some(at));
        }
        Some(MeasurementUse {
            source: measured.source.clone(),
            date: measured.date,
            of: measured.name(),
            in_flight: measured.in_flight()?,
            decode_over_predicted: ratios.as_ref().and_then(Observed::decode_range).map(Into::into),
            prefill_over_predicted: ratios.as_ref().and_then(Observed::prefill_ratio),
            options,
        })
    };
    needs.measured.iter().filter_map(used).collect()
}
