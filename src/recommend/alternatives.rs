//! Beside the pick: what people look for next, each only where it gives up little for much.

use serde::Serialize;

use super::{Assessment, Evaluation};
use crate::estimate::PlacementKind;

/// What a recommended model is to the pick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It is the pick.
    Pick,
    /// Better answers, for which one waits longer.
    Better,
    /// Quicker answers that are nearly as good.
    Faster,
    /// It holds more at once.
    LongerContext,
}

/// What better answers must be better by to wait for them, in points.
const LEAST_GAIN: f64 = 2.0;

/// Points that a doubling of the time must bring, and that half the time may cost.
const POINTS_PER_DOUBLING: f64 = 2.0;
const POINTS_PER_HALVING: f64 = 5.0;

/// How much longer better answers may take: twice as long.
const MOST_DOUBLINGS: f64 = 1.0;

/// The most that quicker answers may cost, in points, and that a quant may take from better ones, in percent.
const MOST_LOSS: f64 = 6.0;

/// The share of the usual minimum of speed that better answers must reach.
const SLOWEST: f64 = 0.8;

/// No saving below that is felt, in seconds.
const LEAST_SAVING: f64 = 15.0;

/// How much longer a context must be, and what it may cost in points.
const LONGER: u32 = 2;
const POINTS_FOR_CONTEXT: f64 = 8.0;

/// The alternatives to `pick` among the best quants of the other models.
pub(super) fn alternatives<'s, 'a>(
    evaluation: &Evaluation<'a, '_>,
    pick: &'s Assessment<'a>,
    others: &[&'s Assessment<'a>],
) -> Vec<(Role, &'s Assessment<'a>)> {
    let differences = others.iter().filter_map(|other| {
        let difference = other.against(pick)?;
        let doublings = -difference.times_as_fast.log2();
        Some((*other, difference.points, other.counted_on()? - pick.counted_on()?, doublings))
    });
    let usual = evaluation.needs.minimum_decode_tokens_per_second.0;
    let is_usable = |other: &Assessment<'_>| {
        let spills = |one: &Assessment<'_>| one.placement.kind == PlacementKind::PartialOffload;
        let loses = other.quality.as_ref().map_or(0.0, |quality| quality.counted_loss_percent);
        let as_whole = spills(pick) || !spills(other);
        as_whole
            && loses <= MOST_LOSS
            && other.decode.is_some_and(|decode| decode.tokens_per_second >= SLOWEST * usual)
    };
    let better = differences.clone().filter(|(other, points, counted, doublings)| {
        is_usable(other)
            && *doublings <= MOST_DOUBLINGS
            && *counted >= LEAST_GAIN
            && *points >= LEAST_GAIN.max(POINTS_PER_DOUBLING * doublings)
    });
    let better = better.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(other, ..)| (Role::Better, other));
    let saved = |other: &Assessment<'_>| Some(pick.time_to_answer()?.0 - other.time_to_answer()?.0);
    let gain = |points: f64, doublings: f64| points - POINTS_PER_HALVING * doublings;
    let faster = differences.filter(|(other, points, _, doublings)| {
        saved(other).is_some_and(|saved| saved >= LEAST_SAVING)
            && *doublings <= -0.5
            && *points >= POINTS_PER_HALVING * doublings
            && *points >= -MOST_LOSS
    });
    let faster = faster.max_by(|a, b| gain(a.1, a.3).total_cmp(&gain(b.1, b.3)));
    let mut found: Vec<(Role, &Assessment<'a>)> = better.into_iter().collect();
    found.extend(faster.map(|(other, ..)| (Role::Faster, other)));
    let context = |assessment: &Assessment<'a>| evaluation.longest_context(assessment);
    if let Some(now) = context(pick) {
        let is_near = |other: &&&Assessment<'a>| {
            is_usable(other)
                && other.against(pick).is_some_and(|difference| {
                    difference.points > -POINTS_FOR_CONTEXT
                        && -difference.times_as_fast.log2() <= MOST_DOUBLINGS
                })
        };
        let longer = others
            .iter()
            .filter(is_near)
            .filter_map(|other| Some((context(other)?, *other)))
            .filter(|(tokens, _)| *tokens >= now.saturating_mul(LONGER))
            .max_by(|a, b| a.0.cmp(&b.0).then(a.1.utility.total_cmp(&b.1.utility)));
        let is_new = |other: &Assessment<'_>| found.iter().all(|(_, one)| !one.is_same(other));
        let longer = longer.filter(|(_, other)| is_new(other)).map(|(_, other)| (Role::LongerContext, other));
        found.extend(longer);
    }
    found
}
