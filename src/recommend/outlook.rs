use super::decide::{best, nearest};
use super::{Assessment, Evaluation};

/// What a machine does for the needs, in short: what machines are compared by.
#[derive(Clone, Debug, Default)]
pub struct Outlook<'a> {
    /// What it runs best or, where nothing meets the needs, what comes nearest; `None` without candidates.
    pub nearest: Option<Assessment<'a>>,
}

impl<'a> Outlook<'a> {
    /// Of the machine of an evaluation: the pick is that of [`decide`](super::decide).
    #[must_use]
    pub fn of(evaluation: &Evaluation<'a, '_>) -> Self {
        let assessments = evaluation.assess();
        Self { nearest: best(&assessments).or_else(|| nearest(&assessments)).cloned() }
    }

    /// What it runs best; `None` where nothing meets the needs.
    #[must_use]
    pub fn pick(&self) -> Option<&Assessment<'a>> {
        self.nearest.as_ref().filter(|nearest| nearest.meets_needs())
    }

    /// What the pick is worth in points of quality; without one, less than any.
    #[must_use]
    pub fn worth(&self) -> f64 {
        self.pick().map_or(f64::NEG_INFINITY, |pick| pick.utility)
    }
}
