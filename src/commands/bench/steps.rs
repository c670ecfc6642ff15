//! The steps of a run as the person sees them.

use std::cell::RefCell;

use crate::bench::{Step, Test};
use crate::commands::Context;
use crate::tr;
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
        let lang = self.context.lang();
        let name = |test| match test {
            Test::Prefill => tr!(lang, "prefill", "预填充"),
            Test::Decode => tr!(lang, "decode", "解码"),
        };
        let text = match step {
            Step::Run { number, of } => {
                *self.run.borrow_mut() = tr!(lang, "{number} of {of}, ", "第 {number}/{of} 组，");
                return;
            }
            Step::Load => tr!(lang, "loading", "正在加载"),
            Step::WarmUp(test) => {
                let (run, test) = (self.run.borrow(), name(test));
                tr!(lang, "{run}{test}: warming up", "{run}{test}：预热")
            }
            Step::Repetition { test, number, most } => {
                let (run, test) = (self.run.borrow(), name(test));
                tr!(
                    lang,
                    "{run}{test}: run {number} of {most} at most",
                    "{run}{test}：第 {number} 次，最多 {most} 次"
                )
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
