//! The reasons of a decision in sentences: each says a figure and what it is compared with.

use super::{Judged, Needs, Verdict};
use crate::catalog::Yardstick;
use crate::estimate::{Placement, PlacementKind, SpeedBasis};
use crate::machine::{BandwidthBasis, Machine, Origin};
use crate::units::TokenRate;

/// Why a model is recommended where it is.
pub(super) fn reasons(
    judged: &Judged<'_>,
    best: Option<&Judged<'_>>,
    machine: &Machine,
    needs: &Needs,
) -> Vec<String> {
    let mut reasons = vec![memory(judged)];
    reasons.extend(time(judged, needs));
    match best {
        Some(best) if best.model.id == judged.model.id => {
            reasons.extend(quality(judged));
            reasons.extend(bandwidth(judged, machine));
        }
        Some(best) => reasons.extend(against(judged, best)),
        None => {}
    }
    reasons
}

fn memory(judged: &Judged<'_>) -> String {
    let placement = &judged.placement;
    let tightest = tightest(placement);
    let what = format!(
        "{} of weights {}, {} of KV cache",
        judged.weights_bytes,
        if judged.published_size { "(published size)" } else { "(computed from the tensors)" },
        placement.devices.iter().map(|device| device.kv_cache_bytes).sum::<crate::units::Bytes>(),
    );
    let place = match placement.kind {
        PlacementKind::CpuOnly => "it runs from RAM on the CPU".to_owned(),
        PlacementKind::SingleGpu | PlacementKind::Unified => {
            format!("it fits whole on the {}", placement.devices[0].name)
        }
        PlacementKind::SplitGpus => format!("it fits whole on {} GPUs", placement.devices.len() - 1),
        PlacementKind::ExpertOffload => {
            format!(
                "the routed experts of {} layers stay in RAM, the rest is on the GPU",
                placement.expert_layers_in_ram
            )
        }
        PlacementKind::PartialOffload => {
            format!("{} layers fit on the GPU, the others run from RAM", placement.gpu_layers)
        }
    };
    format!("{what}: {place}, with {} left in {tightest}", placement.headroom())
}

fn tightest(placement: &Placement) -> String {
    let holding = placement.devices.iter().filter(|device| device.weights_bytes.0 > 0);
    holding
        .min_by_key(|device| device.free_bytes.saturating_sub(device.used()))
        .map_or_else(|| "memory".to_owned(), |device| device.name.clone())
}

fn time(judged: &Judged<'_>, needs: &Needs) -> Option<String> {
    let (answer, decode) = (judged.answer?, judged.decode?);
    let basis = match decode.basis {
        SpeedBasis::Predicted => "predicted".to_owned(),
        SpeedBasis::Scaled { date } => format!("scaled from another model measured here on {date}"),
        SpeedBasis::Measured { date } => format!("measured here on {date}"),
    };
    Some(format!(
        "an answer of {} tokens, thinking included, takes about {} at {}, {basis}",
        needs.task.output_tokens,
        answer.whole,
        TokenRate(decode.tokens_per_second),
    ))
}

fn quality(judged: &Judged<'_>) -> Option<String> {
    let quality = judged.quality.as_ref()?;
    let (quant, basis) = (&judged.quant.id, &quality.quant_loss.basis);
    let loss = match (quality.quant_loss.percent, quality.quant_loss.yardstick) {
        (Some(percent), Some(Yardstick::Perplexity)) => {
            format!("{quant} raises perplexity by {percent:.1} % ({basis})")
        }
        (Some(percent), _) => format!("{quant} loses {percent:.1} % of it ({basis})"),
        (None, _) => {
            format!(
                "what {quant} loses is not published, and is counted as what the next smaller quant loses, or \
                 else as the most"
            )
        }
    };
    Some(format!(
        "unquantized it scores {:.1} on average on AIME 2024, GPQA Diamond and LiveCodeBench as published; {loss}: \
         counted as {:.1}",
        quality.published_score, quality.score
    ))
}

fn bandwidth(judged: &Judged<'_>, machine: &Machine) -> Option<String> {
    let on_cpu = matches!(judged.placement.kind, PlacementKind::CpuOnly | PlacementKind::PartialOffload);
    let measured = matches!(
        machine.ram.bandwidth.as_ref().map(|reading| &reading.basis),
        Some(BandwidthBasis::Measured { .. })
    );
    let is_here = matches!(machine.origin, Origin::Probed { .. });
    let rests_on_it = judged.decode.is_some_and(|decode| decode.basis == SpeedBasis::Predicted);
    (on_cpu && !measured && is_here && rests_on_it).then(|| {
        "the speed rests on an unmeasured memory bandwidth: `r1-advisor probe --measure` makes it surer"
            .to_owned()
    })
}

fn against(judged: &Judged<'_>, best: &Judged<'_>) -> Option<String> {
    let (mine, theirs) = (judged.quality.as_ref()?.score, best.quality.as_ref()?.score);
    let (my_time, their_time) = (judged.answer?.whole.seconds, best.answer?.whole.seconds);
    let quality = if mine > theirs { "better" } else { "lower" };
    let ratio = my_time.0 / their_time.0;
    let pace = if (0.95..1.05).contains(&ratio) {
        "takes as long".to_owned()
    } else if ratio > 1.0 {
        format!("takes {ratio:.1} times as long")
    } else {
        format!("takes {:.1} times less", 1.0 / ratio)
    };
    Some(format!(
        "against {} {}: quality {quality} by {:.1} points ({mine:.1}), and it {pace}",
        best.model.id,
        best.quant.id,
        (mine - theirs).abs()
    ))
}

/// Why a model is not recommended.
pub(super) fn rejection(judged: &Judged<'_>, needs: &Needs) -> String {
    let speed = |rate: f64| TokenRate(rate).to_string();
    match judged.verdict {
        Verdict::Fits { .. } => "it fits".to_owned(),
        Verdict::TooLarge { shortfall_bytes } => format!(
            "too large by {shortfall_bytes}: even {} needs {} in all",
            judged.quant.id,
            judged.placement.used()
        ),
        Verdict::TooSlow { .. } => {
            let reached = judged.decode.map_or(0.0, |decode| decode.tokens_per_second);
            format!(
                "too slow: about {} where {} are asked for",
                speed(reached),
                speed(needs.minimum_decode_tokens_per_second.0)
            )
        }
        Verdict::TooLate { by_seconds } => {
            let most = needs.maximum_answer_seconds.unwrap_or_default();
            format!("too late: an answer takes {by_seconds} more than the {most} asked for")
        }
        Verdict::SpeedUnknown => {
            "its speed cannot be told: the GPU's bandwidth or compute is unknown".to_owned()
        }
        Verdict::ContextTooLong { trained_tokens } => format!(
            "it was trained for {trained_tokens} tokens of context, and {} are asked for",
            needs.run.context / needs.run.sequences.max(1)
        ),
    }
}
