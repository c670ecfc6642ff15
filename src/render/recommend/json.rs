//! The JSON of decisions: the figures of each assessment, and beside them the sentences as messages.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::sentences::{lacks, loss, reason, remedy, why_not};
use crate::catalog::Publication;
use crate::estimate::of_all;
use crate::recommend::{
    AbilityBasis, ApiCost, Assessment, Choice, Cost, Decision, Outlook, Quality, Rejection, Remedy, Verdict,
    WeightedAbility,
};

impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let choices = self.choices.iter().enumerate().map(|(index, choice)| self.choice(index + 1, choice));
        with(
            json!({
                "machine": self.machine,
                "standing": self.standing,
                "needs": self.needs,
                "recommendations": choices.collect::<Value>(),
                "rejected": self.rejected.iter().map(rejection).collect::<Value>(),
                "verdicts": self.assessments.iter().map(candidate).collect::<Value>(),
            }),
            [("verification", self.verification.as_ref().map(|verification| json!(verification)))],
        )
        .serialize(serializer)
    }
}

impl Decision<'_> {
    fn choice(&self, rank: usize, choice: &Choice<'_>) -> Value {
        let Choice { role, assessment, longest_context, memory, reasons } = choice;
        let reasons = reasons.iter().filter_map(|one| reason(one, assessment, &self.needs));
        let tuned = assessment.tuned.as_ref().map(|tuned| {
            json!({
                "date": tuned.date,
                "gain": tuned.gain,
                "threads": tuned.threads,
                "batch": tuned.batch,
                "micro_batch": tuned.micro_batch,
                "flash_attention": tuned.flash_attention,
            })
        });
        with(
            json!({
                "rank": rank,
                "role": role,
                "model": assessment.model.id,
                "size": assessment.model.size,
                "quant": assessment.quant.id,
                "verdict": assessment.verdict(),
                "memory": memory,
                "decode": assessment.decode,
                "prefill": assessment.answer.map(|answer| answer.prefill),
                "ttft_seconds": assessment.ttft(),
                "time_to_answer_seconds": assessment.time_to_answer(),
                "output_tokens": assessment.task.output_tokens,
                "longest_context_tokens": longest_context,
                "quality": assessment.quality.as_ref().map(|one| quality(&assessment.quant.id, one)),
                "cost": assessment.cost.as_ref().map(cost),
                "reasons": reasons.collect::<Vec<_>>(),
            }),
            [
                ("decode_of_all", of_all(assessment.decode, &self.needs.run).map(|all| json!(all))),
                ("tuned", tuned),
            ],
        )
    }
}

impl Serialize for Outlook<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pick = self.pick().map(|pick| {
            json!({
                "model": pick.model.id,
                "quant": pick.quant.id,
                "placement": pick.placement.kind,
                "needed_bytes": pick.needed_bytes(),
                "decode": pick.decode,
                "ttft_seconds": pick.ttft(),
                "time_to_answer_seconds": pick.time_to_answer(),
                "quality_score": pick.score(),
                "worth_points": pick.utility,
            })
        });
        let nearest = self.nearest.as_ref().filter(|_| pick.is_none()).map(|nearest| {
            json!({ "model": nearest.model.id, "quant": nearest.quant.id, "reason": lacks(nearest) })
        });
        with(json!({ "pick": pick }), [("nearest", nearest)]).serialize(serializer)
    }
}

/// The object with those of the keys beside that have a value.
fn with<const N: usize>(mut object: Value, optional: [(&str, Option<Value>); N]) -> Value {
    for (key, value) in optional {
        if let Some(value) = value {
            object[key] = value;
        }
    }
    object
}

fn rejection(rejection: &Rejection<'_>) -> Value {
    let Rejection { assessment, remedies, .. } = rejection;
    json!({
        "model": assessment.model.id,
        "size": assessment.model.size,
        "quant": assessment.quant.id,
        "verdict": rejection.verdict(),
        "lacks": rejection.lacks(),
        "reason": why_not(rejection),
        "remedies": remedies.iter().map(step).collect::<Value>(),
        "shortfall_bytes": assessment.lacks.iter().find_map(Verdict::shortfall),
        "decode": assessment.decode,
    })
}

fn step(step: &Remedy<'_>) -> Value {
    let outcome = step.outcome.as_ref().map(|then| {
        json!({
            "quant": then.quant.id,
            "placement": then.placement.kind,
            "decode": then.decode,
            "time_to_answer_seconds": then.time_to_answer(),
        })
    });
    let mut object = json!({ "text": remedy(step) });
    if let (Value::Object(fields), Value::Object(change)) = (&mut object, json!(step.change)) {
        fields.extend(change);
    }
    with(object, [("price", step.price.as_ref().map(|price| json!(price))), ("outcome", outcome)])
}

fn candidate(assessment: &Assessment<'_>) -> Value {
    json!({
        "model": assessment.model.id,
        "quant": assessment.quant.id,
        "verdict": assessment.verdict(),
        "reason": lacks(assessment),
        "weights_bytes": assessment.weights_bytes,
        "needed_bytes": assessment.needed_bytes(),
        "decode": assessment.decode,
        "time_to_answer_seconds": assessment.time_to_answer(),
        "quality_score": assessment.score(),
    })
}

fn quality(quant: &str, quality: &Quality<'_>) -> Value {
    let measured = quality.measured_loss;
    let loss = with(
        json!({
            "basis": loss(quant, quality),
            "source": measured.map_or("quant-losses.toml", |(series, _)| &series.provenance.source),
        }),
        [
            ("percent", measured.map(|(_, point)| json!(point.percent))),
            ("yardstick", measured.map(|(series, _)| json!(series.yardstick))),
            ("publisher", measured.map(|(series, _)| json!(series.publisher))),
        ],
    );
    json!({
        "score": quality.score,
        "interval": quality.interval(),
        "counted_on": quality.counted_on(),
        "published_score": quality.unquantized_score,
        "abilities": quality.abilities.iter().map(ability).collect::<Value>(),
        "benchmarks": quality.abilities.iter().flat_map(benchmarks).collect::<Value>(),
        "counted_loss_percent": quality.counted_loss_percent,
        "average_loss": { "percent": quality.average_loss.percent, "interval": quality.average_loss.interval },
        "measured_loss_percent": quality.measured_loss.map(|(_, point)| point.percent),
        "quant_loss": loss,
    })
}

fn ability(one: &WeightedAbility<'_>) -> Value {
    let basis = match &one.score.basis {
        AbilityBasis::Measured(_) => "measured",
        AbilityBasis::Related(_) => "related",
        AbilityBasis::Imputed => "imputed",
    };
    json!({
        "ability": one.score.ability.id,
        "weight": one.weight,
        "score": one.score.score,
        "interval": one.score.interval(),
        "basis": basis,
    })
}

/// What an ability's score is from, each with its share of the use-case's weight.
fn benchmarks(one: &WeightedAbility<'_>) -> Vec<Value> {
    let (AbilityBasis::Measured(found) | AbilityBasis::Related(found)) = &one.score.basis else {
        return Vec::new();
    };
    let weight = one.weight / found.len() as f64;
    let benchmark = |(name, score, publication): &(&str, f64, &Publication)| {
        json!({
            "benchmark": name,
            "weight": weight,
            "score": score,
            "source": publication.provenance.source,
        })
    };
    found.iter().map(benchmark).collect()
}

fn cost(cost: &Cost<'_>) -> Value {
    let api = |api: ApiCost<'_>| {
        json!({
            "provider": api.offer.provider,
            "usd_per_month": api.usd_per_month,
            "input_usd_per_million_tokens": api.offer.input,
            "output_usd_per_million_tokens": api.offer.output,
            "date": api.offer.date,
            "source": api.offer.provenance.source,
        })
    };
    with(
        json!({
            "watts": cost.watts,
            "kwh_per_million_tokens": cost.kwh_per_million_tokens,
            "usd_per_million_tokens": cost.usd_per_million_tokens,
            "usd_per_month": cost.usd_per_month,
            "answers_per_day": cost.answers_per_day,
        }),
        [("api", cost.api.map(api))],
    )
}
