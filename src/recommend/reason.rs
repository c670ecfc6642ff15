use super::{Assessment, Difference, Evaluation, Needs};
use crate::estimate::{DeviceMemory, PlacementKind, PredictedRate, RaiseLimit, SpeedBasis, of_all};
use crate::machine::{BandwidthBasis, GpuMemory, Machine, Origin, Vendor};
use crate::units::{Bytes, TokenRate};

/// Why a model is recommended where it is: what is so beside the figures of its own assessment.
#[derive(Clone, Debug)]
pub enum Reason<'a> {
    /// It fits.
    Memory {
        /// What the tightest device has left.
        headroom: Bytes,
    },
    /// An answer takes so long.
    Time,
    /// Several sequences share each reading of the weights.
    Crowd {
        /// What they get together.
        all: PredictedRate,
    },
    /// It runs with settings that were tuned here.
    Tuned,
    /// Its GPU may take a share of the RAM only.
    SharedMemory {
        /// What the GPU may take.
        limit: Bytes,
        /// Of that.
        ram: Bytes,
        /// How the limit is raised depends on it.
        vendor: Vendor,
    },
    /// What the GPU may take of the RAM must be raised first.
    RaiseLimit(RaiseLimit),
    /// It leaves GPUs alone.
    IdleGpus {
        /// How many.
        idle: usize,
        /// How many there are.
        all: usize,
        /// How many more copies of the model they hold.
        copies: usize,
    },
    /// Its quality.
    Quality,
    /// Others are as good, as far as anybody measured: time, memory and the priority decided.
    AsGoodAs {
        /// The best of them.
        others: Vec<Assessment<'a>>,
    },
    /// It writes more slowly than is usual for the use-case.
    BelowUsualSpeed {
        /// What is usual.
        usual: TokenRate,
        /// Whether it may reach that.
        borderline: bool,
    },
    /// Its cost.
    Cost,
    /// Another of its quants is better and slower.
    OtherQuant {
        /// That quant.
        better: Box<Assessment<'a>>,
        /// Points of quality that it has more.
        points: f64,
    },
    /// Its size is what is commonly advised for the use-case.
    Advised,
    /// Other sizes are commonly advised for the use-case, and this is better than the best of them.
    BetterThanAdvised {
        /// Those sizes.
        sizes: &'a [String],
        /// The best of them that meets the needs.
        advised: Box<Assessment<'a>>,
        /// How this one differs from it.
        difference: Difference,
    },
    /// Other sizes are commonly advised for the use-case, and none meets the needs.
    AdvisedLacks {
        /// Those sizes.
        sizes: &'a [String],
        /// What comes nearest of them.
        nearest: Box<Assessment<'a>>,
    },
    /// Its speed is predicted from a memory bandwidth that was not measured.
    UnmeasuredBandwidth,
    /// How it differs from the first choice.
    Against {
        /// The first choice.
        best: Box<Assessment<'a>>,
        /// How this one differs from it.
        difference: Difference,
    },
}

/// Why a model is recommended where it is; `all` are the quants of every model, `able` the best of each that meets the needs.
pub(super) fn reasons<'a>(
    evaluation: &Evaluation<'a, '_>,
    all: &[Assessment<'a>],
    able: &[&Assessment<'a>],
    assessment: &Assessment<'a>,
    best: &Assessment<'a>,
) -> Vec<Reason<'a>> {
    let machine = evaluation.machine;
    let mut reasons = vec![Reason::Memory { headroom: assessment.placement.headroom() }];
    reasons.extend(assessment.answer.map(|_| Reason::Time));
    reasons.extend(below_usual(assessment, evaluation.needs));
    reasons.extend(of_all(assessment.decode, &evaluation.needs.run).map(|all| Reason::Crowd { all }));
    reasons.extend(assessment.tuned.as_ref().map(|_| Reason::Tuned));
    if best.model.id == assessment.model.id {
        reasons.extend(shared_memory(assessment, machine));
        reasons.extend(idle_gpus(assessment, machine));
        reasons.extend(assessment.quality.as_ref().map(|_| Reason::Quality));
        reasons.extend(as_good(assessment, able));
        reasons.extend(assessment.cost.as_ref().map(|_| Reason::Cost));
        reasons.extend(other_quant(assessment, all));
        reasons.extend(advice(evaluation, all, assessment));
        reasons.extend(is_unmeasured(assessment, machine).then_some(Reason::UnmeasuredBandwidth));
    } else if let Some(difference) = assessment.against(best) {
        reasons.push(Reason::Against { best: Box::new(best.clone()), difference });
    }
    reasons
}

/// The other models between which and this one nobody measured a difference.
fn as_good<'a>(assessment: &Assessment<'a>, able: &[&Assessment<'a>]) -> Option<Reason<'a>> {
    let quality = assessment.quality.as_ref()?;
    let is_as_good = |other: &&&Assessment<'a>| {
        let theirs = other.quality.as_ref();
        other.model.id != assessment.model.id && theirs.is_some_and(|theirs| quality.is_as_good_as(theirs))
    };
    let others: Vec<_> = able.iter().filter(is_as_good).map(|other| (*other).clone()).collect();
    (!others.is_empty()).then_some(Reason::AsGoodAs { others })
}

fn below_usual<'a>(assessment: &Assessment<'a>, needs: &Needs) -> Option<Reason<'a>> {
    let (decode, usual) = (assessment.decode?, needs.minimum_decode_tokens_per_second);
    let borderline = decode.interval.high >= usual.0;
    (decode.tokens_per_second < usual.0).then_some(Reason::BelowUsualSpeed { usual, borderline })
}

fn shared_memory<'a>(assessment: &Assessment<'_>, machine: &Machine) -> Option<Reason<'a>> {
    if let Some(raise) = RaiseLimit::of(&assessment.placement, machine) {
        return Some(Reason::RaiseLimit(raise));
    }
    let gpu = machine.gpus.first().filter(|_| assessment.placement.kind == PlacementKind::Unified)?;
    let GpuMemory::Unified { limit_bytes: limit } = gpu.memory else { return None };
    Some(Reason::SharedMemory { limit, ram: machine.ram.total_bytes, vendor: gpu.vendor })
}

fn idle_gpus<'a>(assessment: &Assessment<'_>, machine: &Machine) -> Option<Reason<'a>> {
    let is_used = |device: &&DeviceMemory| device.gpu().is_some() && device.weights_bytes > Bytes::ZERO;
    let used = assessment.placement.devices.iter().filter(is_used).count();
    let all = machine.gpus.len();
    let idle = all.checked_sub(used).filter(|idle| *idle > 0 && used > 0)?;
    Some(Reason::IdleGpus { idle, all, copies: idle / used })
}

/// The quickest of its other quants that are as good as the best of them: a tenth of a point is not seen.
fn other_quant<'a>(assessment: &Assessment<'a>, all: &[Assessment<'a>]) -> Option<Reason<'a>> {
    let score = assessment.score()?;
    let same = all.iter().filter(|other| other.model.id == assessment.model.id && other.meets_needs());
    let scored = same.filter_map(|other| Some((other.score()?, other.time_to_answer()?.0, other)));
    let best = scored.clone().map(|(score, ..)| score).fold(score, f64::max);
    let (points, _, better) = scored
        .filter(|(other, ..)| *other > score + 0.25 && *other >= best - 0.1)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(other, time, better)| (other - score, time, better))?;
    Some(Reason::OtherQuant { better: Box::new(better.clone()), points })
}

/// Whether it is what is commonly advised for the use-case, and if not, why not that.
fn advice<'a>(
    evaluation: &Evaluation<'a, '_>,
    all: &[Assessment<'a>],
    assessment: &Assessment<'a>,
) -> Option<Reason<'a>> {
    let use_case = evaluation.catalog().use_case(&evaluation.needs.use_case).ok()?;
    let sizes = use_case.article_sizes.as_slice();
    if sizes.contains(&assessment.model.size) {
        return Some(Reason::Advised);
    }
    let of_advised = all.iter().filter(|other| sizes.contains(&other.model.size));
    let accepted = of_advised.clone().filter(|other| other.meets_needs());
    if let Some(best) = accepted.max_by(|a, b| a.utility.total_cmp(&b.utility)) {
        let difference = assessment.against(best)?;
        return Some(Reason::BetterThanAdvised { sizes, advised: Box::new(best.clone()), difference });
    }
    let nearest = of_advised.min_by(|a, b| a.distance().total_cmp(&b.distance()))?;
    Some(Reason::AdvisedLacks { sizes, nearest: Box::new(nearest.clone()) })
}

/// Whether the predicted speed follows from a memory bandwidth of this machine that was not measured.
fn is_unmeasured(assessment: &Assessment<'_>, machine: &Machine) -> bool {
    let on_cpu = matches!(assessment.placement.kind, PlacementKind::CpuOnly | PlacementKind::PartialOffload);
    let measured = matches!(
        machine.ram.bandwidth.as_ref().map(|reading| &reading.basis),
        Some(BandwidthBasis::Measured { .. })
    );
    let is_here = matches!(machine.origin, Origin::Probed { .. });
    let is_predicted = assessment.decode.is_some_and(|decode| decode.basis == SpeedBasis::Predicted);
    on_cpu && !measured && is_here && is_predicted
}
