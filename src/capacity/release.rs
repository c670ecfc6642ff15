/// When an engine was released, which says how fast it launches: years after 2025-11.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Release {
    years: f64,
}

impl Release {
    /// Before this, engines had not been made fast for R1: vLLM 0.7 and earlier, SGLang 0.4.5 and earlier.
    const FAST: f64 = -0.5;

    /// The newest release that was measured, which predictions of today's rest on.
    pub const NEWEST: Self = Self { years: 0.4 };

    /// Where nothing is known of when.
    pub const USUAL: Self = Self { years: 0.0 };

    /// Of a month, counted from 1.
    #[must_use]
    pub fn of(year: u32, month: u32) -> Self {
        let years = f64::from(year) + (f64::from(month) - 0.5) / 12.0 - 2025.0 - 10.5 / 12.0;
        Self { years: years.min(Self::NEWEST.years) }
    }

    /// Whether it is from before engines were made fast for R1.
    #[must_use]
    pub fn is_early(self) -> bool {
        self.years < Self::FAST
    }

    /// Years after 2025-11, no earlier than engines were made fast.
    #[must_use]
    pub fn years(self) -> f64 {
        self.years.max(Self::FAST)
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::NEWEST
    }
}
