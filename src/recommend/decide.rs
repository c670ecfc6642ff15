use super::alternatives::{Role, alternatives};
use super::reason::{Reason, reasons};
use super::remedy::remedies;
use super::{Assessment, Evaluation, Needs, Remedy, Standing, Verdict, Verification};
use crate::estimate::Memory;
use crate::machine::Machine;

/// What to run, in order, and why not the rest.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// The machine that it is for.
    pub machine: Machine,
    /// What kind of machine that is.
    pub standing: Standing,
    /// What is needed.
    pub needs: Needs,
    /// The pick, and what else is worth looking at: the better, the faster, the one that holds more.
    pub choices: Vec<Choice<'a>>,
    /// Every other model: those that meet the needs in their best quants, the best first, then those that do not, in the
    /// quants that come nearest, the nearest first.
    pub rejected: Vec<Rejection<'a>>,
    /// Every model in every quant.
    pub assessments: Vec<Assessment<'a>>,
    /// The first choice held against a measurement, under `--verify`; the ranking then includes what it taught.
    pub verification: Option<Verification>,
}

/// A model that is recommended.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// What it is to the pick.
    pub role: Role,
    /// The model in its best quant.
    pub assessment: Assessment<'a>,
    /// The longest context of each sequence that fits as it is placed, in tokens.
    pub longest_context: Option<u32>,
    /// What it takes.
    pub memory: Option<Memory>,
    /// Why it is recommended where it is.
    pub reasons: Vec<Reason<'a>>,
}

/// A model that is not recommended.
#[derive(Clone, Debug)]
pub struct Rejection<'a> {
    /// The model in the quant that comes nearest.
    pub assessment: Assessment<'a>,
    /// The pick, where it meets the needs itself.
    pub beaten_by: Option<Assessment<'a>>,
    /// What would make it meet the needs, the cheapest first.
    pub remedies: Vec<Remedy<'a>>,
}

impl Decision<'_> {
    /// The decision that was made again with what `verification` taught: its promise holds only where the model still
    /// meets the needs.
    #[must_use]
    pub fn verified(self, verification: Verification) -> Self {
        let is_it = |assessment: &&Assessment<'_>| {
            assessment.model.id == verification.model && assessment.quant.id == verification.quant
        };
        let meets = self.assessments.iter().find(is_it).is_some_and(Assessment::meets_needs);
        let holds = verification.holds && meets;
        Self { verification: Some(Verification { holds, ..verification }), ..self }
    }
}

impl Rejection<'_> {
    /// What is wrong most.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match &self.beaten_by {
            Some(better) => {
                Verdict::Beaten { by_model: better.model.id.clone(), by_quant: better.quant.id.clone() }
            }
            None => self.assessment.verdict(),
        }
    }

    /// All that is wrong, beginning with that.
    #[must_use]
    pub fn lacks(&self) -> Vec<Verdict> {
        if self.beaten_by.is_some() { vec![self.verdict()] } else { self.assessment.lacks.clone() }
    }
}

/// Picks each model's best quant and of those the best, finds what else is worth looking at, and gives the reasons.
#[must_use]
pub fn decide<'a>(evaluation: &Evaluation<'a, '_>) -> Decision<'a> {
    let assessments = evaluation.assess();
    let models: Vec<&[Assessment<'a>]> = assessments.chunk_by(|a, b| a.model.id == b.model.id).collect();
    let mut able: Vec<&Assessment<'a>> = models.iter().filter_map(|quants| best(quants)).collect();
    able.sort_by(|a, b| b.utility.total_cmp(&a.utility));
    let mut chosen: Vec<(Role, &Assessment<'a>)> = Vec::new();
    if let [pick, others @ ..] = able.as_slice() {
        chosen.push((Role::Pick, pick));
        chosen.extend(alternatives(evaluation, pick, others));
    }
    let is_chosen = |other: &Assessment<'_>| chosen.iter().any(|(_, one)| one.model.id == other.model.id);
    let mut rejected: Vec<Rejection<'a>> = Vec::new();
    for other in able.iter().filter(|other| !is_chosen(other)) {
        let beaten_by = chosen.first().map(|(_, pick)| (*pick).clone());
        rejected.push(Rejection { assessment: (*other).clone(), beaten_by, remedies: Vec::new() });
    }
    let lacking = models.iter().filter(|quants| best(quants).is_none());
    let mut lacking: Vec<Rejection<'a>> = lacking
        .filter_map(|quants| nearest(quants))
        .map(|nearest| Rejection {
            assessment: nearest.clone(),
            beaten_by: None,
            remedies: remedies(evaluation, nearest),
        })
        .collect();
    lacking.sort_by(|a, b| a.verdict().distance().total_cmp(&b.verdict().distance()));
    rejected.extend(lacking);
    let choice = |(role, choice): &(Role, &Assessment<'a>)| Choice {
        role: *role,
        assessment: (*choice).clone(),
        memory: evaluation.memory(choice),
        longest_context: evaluation.longest_context(choice),
        reasons: reasons(evaluation, &assessments, &able, choice, chosen[0].1),
    };
    Decision {
        machine: evaluation.machine.clone(),
        standing: Standing::of(evaluation.machine, evaluation.catalog()),
        needs: evaluation.needs.clone(),
        choices: chosen.iter().map(choice).collect(),
        rejected,
        verification: None,
        assessments,
    }
}

/// The quant among those of one model that meets the needs and is worth the most.
pub(super) fn best<'s, 'a>(quants: &'s [Assessment<'a>]) -> Option<&'s Assessment<'a>> {
    let accepted = quants.iter().filter(|assessment| assessment.meets_needs());
    accepted.max_by(|a, b| a.utility.total_cmp(&b.utility))
}

/// The quant that comes nearest to the needs; of several, the one that is worth the most.
pub(super) fn nearest<'s, 'a>(quants: &'s [Assessment<'a>]) -> Option<&'s Assessment<'a>> {
    let worse = |a: &Assessment<'_>, b: &Assessment<'_>| b.utility.total_cmp(&a.utility);
    quants.iter().min_by(|a, b| a.distance().total_cmp(&b.distance()).then(worse(a, b)))
}
