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
    /// Each model that meets the needs and that no other beats in quality, time and memory, in its best quant; the
    /// best first.
    pub choices: Vec<Choice<'a>>,
    /// Every other model, in the quant that comes nearest; the nearest first.
    pub rejected: Vec<Rejection<'a>>,
    /// Every model in every quant.
    pub assessments: Vec<Assessment<'a>>,
    /// The first choice held against a measurement, under `--verify`; the ranking then includes what it taught.
    pub verification: Option<Verification>,
}

/// A model that is recommended.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The model in its best quant.
    pub assessment: Assessment<'a>,
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
    /// What beats it, where it meets the needs itself.
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

/// Picks each model's best quant, orders the models, and gives the reasons.
#[must_use]
pub fn decide<'a>(evaluation: &Evaluation<'a, '_>) -> Decision<'a> {
    let assessments = evaluation.assess();
    let mut chosen: Vec<&Assessment<'a>> = Vec::new();
    let mut rejected: Vec<Rejection<'a>> = Vec::new();
    for quants in assessments.chunk_by(|a, b| a.model.id == b.model.id) {
        match choose(quants, &assessments) {
            Outcome::Unbeaten(best) => chosen.push(best),
            Outcome::Beaten { best, by } => rejected.push(Rejection {
                assessment: best.clone(),
                beaten_by: Some(by.clone()),
                remedies: Vec::new(),
            }),
            Outcome::Lacking(Some(nearest)) => rejected.push(Rejection {
                assessment: nearest.clone(),
                beaten_by: None,
                remedies: remedies(evaluation, nearest),
            }),
            Outcome::Lacking(None) => {}
        }
    }
    chosen.sort_by(|a, b| b.utility.total_cmp(&a.utility));
    rejected.sort_by(|a, b| a.verdict().distance().total_cmp(&b.verdict().distance()));
    let choice = |choice: &&Assessment<'a>| Choice {
        assessment: (*choice).clone(),
        memory: evaluation.memory(choice),
        reasons: reasons(evaluation, &assessments, choice, chosen[0]),
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

/// What becomes of a model.
enum Outcome<'s, 'a> {
    /// Its best quant is not beaten by another model.
    Unbeaten(&'s Assessment<'a>),
    /// Every quant that meets the needs is.
    Beaten { best: &'s Assessment<'a>, by: &'s Assessment<'a> },
    /// No quant meets the needs: the nearest.
    Lacking(Option<&'s Assessment<'a>>),
}

/// The best quant of one model among `quants`, where `all` are those of every model.
fn choose<'s, 'a>(quants: &'s [Assessment<'a>], all: &'s [Assessment<'a>]) -> Outcome<'s, 'a> {
    let better = |a: &&Assessment<'_>, b: &&Assessment<'_>| a.utility.total_cmp(&b.utility);
    let beaten_by = |quant: &Assessment<'_>| {
        all.iter().filter(|other| other.meets_needs() && other.beats(quant)).max_by(better)
    };
    let accepted = || quants.iter().filter(|assessment| assessment.meets_needs());
    if let Some(best) = accepted().filter(|assessment| beaten_by(assessment).is_none()).max_by(better) {
        return Outcome::Unbeaten(best);
    }
    match accepted().max_by(better).and_then(|best| Some((best, beaten_by(best)?))) {
        Some((best, by)) => Outcome::Beaten { best, by },
        None => Outcome::Lacking(
            quants.iter().min_by(|a, b| a.distance().total_cmp(&b.distance()).then(better(b, a))),
        ),
    }
}
