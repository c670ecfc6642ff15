//! Reasons, verdicts and remedies as messages.

use std::collections::BTreeSet;

use crate::catalog::{Publication, Yardstick};
use crate::estimate::{Placement, PlacementKind, PredictedRate, SpeedBasis};
use crate::machine::Vendor;
use crate::message;
use crate::message::{Message, Value, alternatives, clauses, enumeration, fact, file_size, fixed, list};
use crate::recommend::{
    AbilityBasis, AbilityScore, Assessment, Change, CostLimit, CountedLoss, Difference, Needs, Quality,
    Reason, Rejection, Remedy, Verdict,
};
use crate::render::{device, digits, raise_limit, time_range};
use crate::units::{Bytes, TokenRate};

/// Why a model is recommended where it is.
pub(super) fn reason(reason: &Reason<'_>, assessment: &Assessment<'_>, needs: &Needs) -> Option<Message> {
    Some(match reason {
        Reason::Memory { headroom } => memory(assessment, *headroom),
        Reason::Time => time(assessment)?,
        Reason::Crowd { all } => message!(ReasonCrowd {
            count: needs.run.sequences,
            all: TokenRate(all.tokens_per_second),
            low: digits(all.interval.low),
            high: digits(all.interval.high),
        }),
        Reason::Tuned => tuned(assessment)?,
        Reason::SharedMemory { limit, ram, vendor } => match vendor {
            Vendor::Apple => message!(ReasonSharedMemoryApple { limit, ram }),
            Vendor::Amd => message!(ReasonSharedMemoryAmd { limit, ram }),
            _ => message!(ReasonSharedMemory { limit, ram }),
        },
        Reason::RaiseLimit(raise) => raise_limit(raise),
        Reason::IdleGpus { idle, all, copies } => message!(ReasonIdleGpus { idle, all, copies }),
        Reason::Quality => quality(assessment)?,
        Reason::AsGoodAs { others } => message!(ReasonAsGoodAs {
            targets: enumeration(others.iter().map(Assessment::target)),
            count: others.len(),
        }),
        Reason::BelowUsualSpeed { usual, borderline } => message!(ReasonBelowUsualSpeed {
            usual: *usual,
            borderline: if *borderline { "yes" } else { "no" },
            target: assessment.target(),
        }),
        Reason::Cost => cost(assessment, needs)?,
        Reason::OtherQuant { better, points } => message!(ReasonOtherQuant {
            quant: &better.quant.id,
            points: fixed(*points, 1),
            time: better.time_to_answer()?,
            memory: better.needed_bytes(),
        }),
        Reason::Advised => message!(ReasonAdvised { size: &assessment.model.size }),
        Reason::BetterThanAdvised { sizes, advised, difference } => message!(ReasonBetterThanAdvised {
            sizes: alternatives(*sizes),
            target: advised.target(),
            difference: self::difference(*difference),
        }),
        Reason::AdvisedLacks { sizes, nearest } => message!(ReasonAdvisedLacks {
            sizes: alternatives(*sizes),
            target: nearest.target(),
            why: lacks(nearest),
        }),
        Reason::UnmeasuredBandwidth => message!(ReasonUnmeasuredBandwidth),
        Reason::Against { best, difference } => {
            message!(ReasonAgainst { target: best.target(), difference: self::difference(*difference) })
        }
    })
}

fn memory(assessment: &Assessment<'_>, left: Bytes) -> Message {
    let placement = &assessment.placement;
    let place = place(placement);
    let weights = assessment.weights_bytes;
    let published = if assessment.published_size { "yes" } else { "no" };
    let cache = placement.sum(|device| device.kv_cache_bytes);
    match (placement.kind, placement.tightest()) {
        (PlacementKind::SingleGpu | PlacementKind::Unified | PlacementKind::CpuOnly, _) | (_, None) => {
            message!(ReasonMemory { place, weights, published, cache, left })
        }
        (_, Some(tightest)) => {
            let device = device(&tightest.device);
            message!(ReasonMemoryTightest { place, weights, published, cache, left, device })
        }
    }
}

fn place(placement: &Placement) -> Message {
    match placement.kind {
        PlacementKind::CpuOnly => message!(ReasonPlaceCpu),
        PlacementKind::SingleGpu | PlacementKind::Unified => {
            message!(ReasonPlaceGpu { gpu: placement.devices[0].device.name() })
        }
        PlacementKind::SplitGpus => message!(ReasonPlaceGpus { count: placement.devices.len() - 1 }),
        PlacementKind::ExpertOffload => {
            message!(ReasonPlaceExperts { layers: placement.expert_layers_in_ram })
        }
        PlacementKind::PartialOffload => message!(ReasonPlacePartial { layers: placement.gpu_layers }),
    }
}

fn time(assessment: &Assessment<'_>) -> Option<Message> {
    let decode = assessment.decode?;
    let basis = match decode.basis {
        SpeedBasis::Predicted => message!(ReasonPredicted),
        SpeedBasis::Scaled { date } => message!(ReasonScaled { date }),
        SpeedBasis::Measured { date } => message!(ReasonMeasured { date }),
    };
    Some(message!(ReasonTime {
        time: time_range(assessment.answer?.whole),
        tokens: assessment.task.output_tokens,
        rate: rate(decode),
        basis,
    }))
}

fn tuned(assessment: &Assessment<'_>) -> Option<Message> {
    let tuned = assessment.tuned.as_ref()?;
    let flags = format!(
        "-t {} -b {} -ub {} -fa {}",
        tuned.threads,
        tuned.batch,
        tuned.micro_batch,
        if tuned.flash_attention { "on" } else { "off" }
    );
    let date = tuned.date;
    Some(if tuned.gain < 1.005 {
        message!(ReasonTunedDefault { date, flags })
    } else {
        message!(ReasonTuned { date, flags, gain: fixed(tuned.gain, 2) })
    })
}

fn quality(assessment: &Assessment<'_>) -> Option<Message> {
    let quality = assessment.quality.as_ref()?;
    Some(message!(ReasonQuality {
        score: fixed(quality.score, 0),
        half: fixed(quality.half_width(), 0),
        abilities: list(quality.abilities.iter().map(|one| ability(&one.score))),
        loss: loss(&assessment.quant.id, quality),
    }))
}

/// An ability with its interval and what it is from: `writing 62 ± 6 (Creative Writing v3, WritingBench)`.
pub(in crate::render) fn ability(score: &AbilityScore<'_>) -> Message {
    let name = fact(&score.ability.id);
    let names = |benchmarks: &[(&str, f64, &Publication)]| {
        let names: BTreeSet<&str> = benchmarks.iter().map(|(name, ..)| *name).collect();
        enumeration(names)
    };
    let (half, basis) = (fixed(score.half_width(), 0), &score.basis);
    let score = fixed(score.score, 0);
    match basis {
        AbilityBasis::Measured(benchmarks) => {
            message!(AbilityMeasured { name, score, half, benchmarks: names(benchmarks) })
        }
        AbilityBasis::Related(benchmarks) => {
            message!(AbilityRelated { name, score, half, benchmarks: names(benchmarks) })
        }
        AbilityBasis::Imputed => message!(AbilityImputed { name, score, half }),
    }
}

/// What a quant is counted to lose, and what was measured of it.
pub(super) fn loss(quant: &str, quality: &Quality<'_>) -> Message {
    let CountedLoss { percent, interval } = quality.average_loss;
    // The interval is of the average loss: the use-case's is as much wider as it loses more.
    let times = if percent > 0.0 { quality.counted_loss_percent / percent } else { 1.0 };
    let shown = |percent: f64| fixed(percent, usize::from(percent < 9.95));
    let (low, high) = (shown(interval.low * times), shown(interval.high * times));
    let percent = shown(quality.counted_loss_percent);
    match quality.measured_loss {
        None => message!(ReasonLoss { quant, percent, low, high }),
        Some((series, point)) => {
            let (measured, publisher) = (plain(point.percent), &series.publisher);
            match series.yardstick {
                Yardstick::Accuracy => {
                    message!(ReasonLossMeasured { quant, percent, low, high, measured, publisher })
                }
                Yardstick::Perplexity => {
                    message!(ReasonLossPerplexity { quant, percent, low, high, measured, publisher })
                }
            }
        }
    }
}

fn cost(assessment: &Assessment<'_>, needs: &Needs) -> Option<Message> {
    let cost = assessment.cost?;
    let (month, answers) = (cost.usd_per_month, plain(cost.answers_per_day));
    let fit = if cost.answers_per_day < needs.answers_per_day { "some" } else { "all" };
    let (watts, kwh) = (fixed(cost.watts, 0), needs.power_price);
    let million = cost.usd_per_million_tokens.amount();
    Some(match cost.api.filter(|_| !needs.local_only) {
        None => message!(ReasonCost { month, answers, fit, watts, kwh, million }),
        Some(api) => message!(ReasonCostApi {
            month,
            answers,
            fit,
            watts,
            kwh,
            million,
            api: api.usd_per_month,
            provider: &api.offer.provider,
            date: &api.offer.date,
        }),
    })
}

/// How one choice differs from another.
fn difference(difference: Difference) -> Message {
    let Difference { points, times_as_fast, more_bytes } = difference;
    let quality = match points {
        points if points.abs() < 0.05 => "same",
        points if points > 0.0 => "better",
        _ => "worse",
    };
    let speed = match times_as_fast {
        times if (0.95..1.05).contains(&times) => "same",
        times if times > 1.0 => "faster",
        _ => "slower",
    };
    let memory = match more_bytes {
        0 => "same",
        more if more > 0 => "more",
        _ => "less",
    };
    message!(Difference {
        quality,
        points: fixed(points.abs(), 1),
        speed,
        times: fixed(times_as_fast.max(times_as_fast.recip()), 1),
        memory,
        bytes: Bytes(more_bytes.unsigned_abs()),
    })
}

/// Why a model is not recommended.
pub(super) fn why_not(rejection: &Rejection<'_>) -> Message {
    let Some(better) = &rejection.beaten_by else { return lacks(&rejection.assessment) };
    let target = better.target();
    match better.against(&rejection.assessment) {
        Some(difference) => {
            message!(LacksBetterChoice { target, difference: self::difference(difference) })
        }
        None => message!(LacksRank { target }),
    }
}

/// Everything that a choice lacks.
pub(in crate::render) fn lacks(assessment: &Assessment<'_>) -> Message {
    match assessment.lacks.as_slice() {
        [] => message!(LacksNothing),
        [one] => verdict(one, &assessment.target()),
        several => {
            let target = assessment.target();
            message!(LacksSeveral { lacks: clauses(several.iter().map(|lack| verdict(lack, &target))) })
        }
    }
}

fn verdict(verdict: &Verdict, target: &str) -> Message {
    match verdict {
        Verdict::Fits { .. } => message!(LacksNothing),
        Verdict::Beaten { by_model, by_quant } => {
            message!(LacksRank { target: format!("{by_model}:{by_quant}") })
        }
        Verdict::TooLarge { shortfall_bytes: shortfall, takes_bytes: takes } => {
            message!(LacksMemory { shortfall, takes })
        }
        Verdict::NoGpu => message!(LacksGpu),
        Verdict::TooMuchDisk { by_bytes } => message!(LacksDisk { by: file_size(*by_bytes) }),
        Verdict::LicenceNotAllowed { licence } => message!(LacksLicence { licence: fact(licence) }),
        Verdict::ContextTooLong { trained_tokens: trained, context_tokens: asked } => {
            message!(LacksContext { trained, asked })
        }
        Verdict::ScoresTooLow { benchmark, score, minimum, .. } => message!(LacksScore {
            benchmark: benchmark.to_string(),
            score: fixed(*score, 1),
            minimum: plain(*minimum),
        }),
        Verdict::ScoreUnknown { benchmark } => {
            message!(LacksPublishedScore { benchmark: benchmark.to_string() })
        }
        Verdict::LosesTooMuch { loss_percent, maximum_percent } => {
            message!(LacksQuality { percent: fixed(*loss_percent, 0), maximum: plain(*maximum_percent) })
        }
        Verdict::TooSlow { tokens_per_second, minimum_tokens_per_second, borderline, .. } => {
            let rate = below(tokens_per_second.0, minimum_tokens_per_second.0);
            let minimum = plain(minimum_tokens_per_second.0);
            if *borderline {
                message!(LacksSpeedBorderline { rate, minimum, target })
            } else {
                message!(LacksSpeed { rate, minimum })
            }
        }
        Verdict::FirstTokenTooLate { by_seconds, maximum_seconds: maximum } => {
            message!(LacksFirstToken { time: *by_seconds + *maximum, maximum })
        }
        Verdict::TooLate { by_seconds, maximum_seconds: maximum } => {
            message!(LacksAnswerTime { time: *by_seconds + *maximum, maximum })
        }
        Verdict::TooManyAnswers { needed_per_day: needed, fit_per_day: fit } => {
            message!(LacksDay { needed: plain(*needed), fit: plain(*fit) })
        }
        Verdict::TooDear { by_usd: by, limit: CostLimit::Month } => message!(LacksMonthlyBudget { by }),
        Verdict::TooDear { by_usd: by, limit: CostLimit::MillionTokens } => message!(LacksTokenBudget { by }),
        Verdict::CostUnknown => message!(LacksKnownCost),
        Verdict::SpeedUnknown => message!(LacksKnownSpeed),
    }
}

/// A rate with the fewest decimals that tell it from a minimum above it.
fn below(rate: f64, minimum: f64) -> String {
    let shown = |decimals: usize| format!("{rate:.decimals$}");
    let tells = |shown: &String| shown.parse().is_ok_and(|shown: f64| shown > 0.0 && shown < minimum);
    (usize::from(rate < 9.95)..3).map(shown).find(tells).unwrap_or_else(|| shown(3))
}

/// A number with the decimals that it was typed with.
pub(super) fn plain(number: f64) -> Value {
    if number.fract() == 0.0 { Value::from(number as i64) } else { number.to_string().into() }
}

pub(super) fn rate(rate: PredictedRate) -> TokenRate {
    TokenRate(rate.tokens_per_second)
}

/// A change that makes a model fit, with its price and what then runs.
pub(super) fn remedy(remedy: &Remedy<'_>) -> Message {
    let mut said = change(&remedy.change);
    if let Some(price) = &remedy.price {
        let (amount, used) = (price.usd, if price.used { "yes" } else { "no" });
        said = match &price.date {
            Some(date) => message!(RemedyPricedOn { change: said, used, usd: amount, date }),
            None => message!(RemedyPriced { change: said, used, usd: amount }),
        };
    }
    let Some(outcome) = &remedy.outcome else { return said };
    let (remedy, target) = (said, &outcome.quant.id);
    match (outcome.decode.map(rate), outcome.placement.kind == PlacementKind::ExpertOffload) {
        (Some(rate), true) => message!(RemedyOutcomeRateExperts { remedy, target, rate }),
        (Some(rate), false) => message!(RemedyOutcomeRate { remedy, target, rate }),
        (None, true) => message!(RemedyOutcomeExperts { remedy, target }),
        (None, false) => message!(RemedyOutcome { remedy, target }),
    }
}

fn change(change: &Change) -> Message {
    match change {
        Change::KvType { kv_type } => message!(RemedyFlags { flags: format!("--kv-type {kv_type}") }),
        Change::Context { context_tokens } => {
            message!(RemedyFlags { flags: format!("--context {context_tokens}") })
        }
        Change::AlsoRam => message!(RemedyAlsoRam),
        Change::Limits { flags } => message!(RemedyFlags { flags: flags.join(" ") }),
        Change::Gpus { name, more } => message!(RemedyGpus { name, more }),
        Change::Ram { total_bytes: total } => message!(RemedyRam { total }),
        Change::Machine { name } => message!(RemedyMachine { name }),
        Change::Workstation { name, count, used, ram_bytes: ram } => {
            let used = if *used { "yes" } else { "no" };
            message!(RemedyWorkstation { name, count, used, ram })
        }
        Change::Card { name, count, replaces: false } => message!(RemedyAddedCard { name, count }),
        Change::Card { name, count, replaces: true } => message!(RemedyOtherCards { name, count }),
        Change::Batch => message!(RemedyBatch),
        Change::Api {
            provider,
            input_usd_per_million_tokens: input,
            output_usd_per_million_tokens: output,
            date,
            ..
        } => message!(RemedyApi { provider, input, output, date }),
    }
}
