use super::EnergyMeter;

/// Who looks on while something is measured.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Hears of each step before it begins.
    pub progress: &'a dyn Fn(Step),
    /// Tells what was drawn from the wall.
    pub energy: &'a dyn EnergyMeter,
}

/// What is being done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One of several runs begins.
    Run {
        /// Which, from one.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// The model is read.
    Load,
    /// A test runs for the first time, and is not counted.
    WarmUp(Test),
    /// A test runs for the `number`th time.
    Repetition {
        /// The test.
        test: Test,
        /// Which repetition, from one.
        number: usize,
        /// The most that there will be.
        most: u32,
    },
}

impl Test {
    /// The name that JSON and CSV have of it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Prefill => "prefill",
            Self::Decode => "decode",
        }
    }
}

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// llama-bench's pp.
    Prefill,
    /// llama-bench's tg.
    Decode,
}
