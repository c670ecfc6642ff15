use super::document::Report;
use super::needs::{Privacy, ReportNeeds};

/// What is reckoned how: the name, the formula.
pub const METHOD: [(&str, &str); 9] = [
    ("load", "requests a second = users × requests a day × share of the busiest hour ÷ 3600 × burst"),
    (
        "a step of the batch",
        "launches + exchanges + the longer of reading weights and computing, and a quarter of the shorter + reading the cache; \
         of routed experts a batch of B tokens reads 1 − (1 − k ÷ E)^B",
    ),
    (
        "what a replica carries",
        "the highest Poisson rate at which the 95th percentiles of TTFT and TPOT keep the promise, by bisection over a seeded \
         simulation of 400 requests with log-normal answers",
    ),
    ("requests in flight", "rate × (TTFT + TPOT × answer), Little's law"),
    (
        "replicas",
        "peak rate ÷ (what one carries × use at the peak), rounded up, then up to whole machines, and one to spare",
    ),
    (
        "capital a year",
        "(price × (1 + network, setting up, parts) − residual value ÷ (1 + r)^n) × r (1 + r)^n ÷ ((1 + r)^n − 1)",
    ),
    ("energy a year", "kW drawn on average × PUE × 8760 h × price of a kilowatt-hour"),
    ("a million tokens", "cost of a year ÷ tokens of a year"),
    (
        "break-even with an API",
        "cost of owning a year ÷ the API's bill for all that the machines could serve in it",
    ),
];

impl Report {
    /// The command that writes this document again, with every value spelled out.
    #[must_use]
    pub fn command(&self) -> String {
        let needs: &ReportNeeds = &self.needs;
        let numbers = [
            ("users", needs.users.value),
            ("requests-per-user-day", needs.requests_per_user_day.value),
            ("prompt-tokens", needs.prompt_tokens.value),
            ("output-tokens", needs.output_tokens.value),
            ("peak-hour-share", needs.peak_hour_share.value),
            ("burst", needs.burst.value),
            ("cached-share", needs.cached_share.value),
            ("growth", needs.growth.value),
            ("working-days", needs.working_days.value),
            ("min-decode", 1.0 / needs.tpot_seconds.value),
            ("headroom", needs.headroom.value),
            ("discount-rate", needs.discount_rate.value),
            ("residual-share", needs.residual_share.value),
            ("power-price", needs.usd_per_kwh.value.0),
            ("pue", needs.pue.value),
            ("staff-fte", needs.staff_fte.value),
            ("staff-cost", needs.staff_cost.value.0),
            ("years", f64::from(needs.years.value)),
        ];
        let privacy = match needs.privacy.value {
            Privacy::Open => "open",
            Privacy::Rented => "rented",
            Privacy::Premises => "premises",
        };
        let mut flags = vec![
            format!("--date {}", self.date),
            format!("--use-case {}", needs.use_case.value),
            format!("--model {}", needs.model.value),
            format!("--max-ttft {}s", needs.ttft_seconds.value),
            format!("--privacy {privacy}"),
        ];
        flags.extend(numbers.map(|(flag, value)| format!("--{flag} {value}")));
        flags.extend(needs.budget.value.map(|budget| format!("--budget {}", budget.0)));
        flags.extend(needs.spare.value.then(|| "--spare".to_owned()));
        format!("r1-advisor report {}", flags.join(" "))
    }
}
