//! The steps of a run as the person sees them.

use std::cell::RefCell;

use crate::bench::{Step, Test};
use crate::commands::Context;
use crate::ui::Progress;

/// A spinner that starts with the first step, after the file's own bar.
pub(super) struct Steps<'a> {
    context: &'a Context,
    progress: RefCell<Option<Progress<'a>>>,
    run: RefCell<String>,
}

impl<'a> Steps<'a> {
    pub(super) const fn new(context: &'a Context) -> Self {
        Self { context, progress: RefCell::new(None), run: RefCell::new(String::new()) }
    }

    pub(super) fn show(&self, step: Step) {
        let name = |test| if test == Test::Prefill { "prefill" } else { "decode" };
        let text = match step {
            Step::Run { number, of } => {
                *self.run.borrow_mut() = format!("{number} of {of}, ");
                return;
            }
            Step::Load => "loading".to_owned(),
            Step::WarmUp(test) => format!("{}{}: warming up", self.run.borrow(), name(test)),
            Step::Repetition { test, number, most } => {
                format!("{}{}: run {number} of {most} at most", self.run.borrow(), name(test))
            }
        };
        self.say(&text);
    }

    pub(super) fn say(&self, text: &str) {
        let mut progress = self.progress.borrow_mut();
        match &*progress {
            Some(progress) => progress.now(text),
            None => *progress = Some(Progress::steps(&self.context.printer, text)),
        }
    }
}
