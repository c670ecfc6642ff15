//! The steps of a run as the person sees them.

use std::cell::{Cell, RefCell};

use crate::bench::{Step, Test};
use crate::commands::Context;
use crate::message;
use crate::message::Message;
use crate::ui::Progress;

/// A spinner that starts with the first step, after the file's own bar.
pub(super) struct Steps<'a> {
    context: &'a Context,
    progress: RefCell<Option<Progress<'a>>>,
    run: Cell<Option<Run>>,
}

/// One of several runs.
#[derive(Clone, Copy)]
struct Run {
    number: usize,
    count: usize,
}

impl<'a> Steps<'a> {
    pub(super) const fn new(context: &'a Context) -> Self {
        Self { context, progress: RefCell::new(None), run: Cell::new(None) }
    }

    pub(super) fn show(&self, step: Step) {
        match step {
            Step::Run { number, of } => self.run.set(Some(Run { number, count: of })),
            Step::Load => self.say(message!(BenchLoading)),
            Step::WarmUp(test) => self.say_of_run(message!(BenchWarmingUp { test: name(test) })),
            Step::Repetition { test, number, most } => {
                self.say_of_run(message!(BenchRepetition { test: name(test), number, most }));
            }
        }
    }

    fn say_of_run(&self, step: Message) {
        self.say(match self.run.get() {
            Some(Run { number, count }) => message!(BenchRun { number, count, step }),
            None => step,
        });
    }

    fn say(&self, said: Message) {
        let mut progress = self.progress.borrow_mut();
        match &*progress {
            Some(progress) => progress.now(said),
            None => *progress = Some(Progress::steps(&self.context.printer, said)),
        }
    }
}

fn name(test: Test) -> Message {
    match test {
        Test::Prefill => message!(BenchPrefill),
        Test::Decode => message!(BenchDecode),
    }
}
