use serde::Serialize;

/// What an API charges, in US dollars per million tokens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prices {
    /// Their id in the catalog; none of the user's own.
    pub id: Option<String>,
    /// Of the prompt.
    pub input_usd_per_million_tokens: f64,
    /// Of the output, thinking included.
    pub output_usd_per_million_tokens: f64,
    /// Where that was read, and when.
    pub source: String,
}

/// What the run cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApiCost {
    /// The prices.
    pub prices: Prices,
    /// Tokens read, the warm-up's among them.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// All of it.
    pub run_usd: f64,
    /// For a million tokens of output, with the prompts that they answer.
    pub usd_per_million_output_tokens: Option<f64>,
}

impl ApiCost {
    /// The cost of these tokens.
    #[must_use]
    pub fn of(prices: Prices, prompt_tokens: u64, output_tokens: u64) -> Self {
        let run_usd = (prompt_tokens as f64 * prices.input_usd_per_million_tokens
            + output_tokens as f64 * prices.output_usd_per_million_tokens)
            / 1e6;
        let per_million = (output_tokens > 0).then(|| run_usd * 1e6 / output_tokens as f64);
        Self { prices, prompt_tokens, output_tokens, run_usd, usd_per_million_output_tokens: per_million }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_costs_what_its_prompts_and_answers_cost() {
        let prices = Prices {
            id: None,
            input_usd_per_million_tokens: 0.55,
            output_usd_per_million_tokens: 2.19,
            source: "by hand".into(),
        };
        // 400,000 tokens in at 0.55 and 100,000 out at 2.19: 0.22 + 0.219 dollars.
        let cost = ApiCost::of(prices, 400_000, 100_000);
        assert!((cost.run_usd - 0.439).abs() < 1e-12);
        assert!((cost.usd_per_million_output_tokens.unwrap() - 4.39).abs() < 1e-9);
        assert_eq!(ApiCost::of(cost.prices, 5, 0).usd_per_million_output_tokens, None);
    }
}
