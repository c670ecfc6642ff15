use std::io;

use super::{Align, Grid, Style, View, digits, machine};
use crate::estimate::PredictedRate;
use crate::lang::Lang;
use crate::machine::Origin;
use crate::recommend::{Decision, Recommendation};
use crate::units::TokenRate;

/// A decision, drawn.
#[derive(Debug)]
pub struct DecisionView<'a> {
    /// What was decided.
    pub decision: &'a Decision,
    /// Whether to list every quant of every model.
    pub all_quants: bool,
}

impl View for DecisionView<'_> {
    type Data = Decision;

    fn data(&self) -> &Decision {
        self.decision
    }

    fn grid(&self) -> Grid {
        let mut grid = choices();
        for choice in &self.decision.recommendations {
            grid.push(choice_row(choice));
        }
        for rejected in &self.decision.rejected {
            let mut row = vec![
                "–".to_owned(),
                format!("{}:{}", rejected.model, rejected.quant),
                rejected.reason.clone(),
            ];
            row.resize(grid.width(), String::new());
            grid.push(row);
        }
        grid
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("model", Align::Left),
            ("quant", Align::Left),
            ("verdict", Align::Left),
            ("weights_bytes", Align::Right),
            ("decode_tokens_per_second", Align::Right),
            ("decode_low", Align::Right),
            ("decode_high", Align::Right),
        ]);
        for verdict in &self.decision.verdicts {
            let rate = |part: fn(&PredictedRate) -> f64| {
                verdict.decode.as_ref().map_or_else(String::new, |decode| format!("{:.3}", part(decode)))
            };
            grid.push(vec![
                verdict.model.clone(),
                verdict.quant.clone(),
                verdict.verdict.to_string(),
                verdict.weights_bytes.0.to_string(),
                rate(|decode| decode.tokens_per_second),
                rate(|decode| decode.interval.low),
                rate(|decode| decode.interval.high),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let decision = self.decision;
        machine::headline(&decision.machine, out)?;
        self.needs(out)?;
        if let Some(best) = decision.recommendations.first() {
            pick(best, style, out)?;
        }
        self.table(style, out)?;
        if !decision.rejected.is_empty() {
            writeln!(out, "\nNot recommended")?;
            let mut grid = Grid::new(&[
                ("model", Align::Left),
                ("nearest quant", Align::Left),
                ("why not", Align::Left),
            ]);
            for rejected in &decision.rejected {
                grid.push(vec![rejected.model.clone(), rejected.quant.clone(), rejected.reason.clone()]);
            }
            grid.text(style, out)?;
        }
        if self.all_quants {
            self.quants(style, out)?;
        }
        self.next_steps(out)
    }
}

impl DecisionView<'_> {
    fn needs(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let needs = &self.decision.needs;
        writeln!(
            out,
            "For `{}`: {} tokens of context, a question of {}, an answer of {} with its thinking, at least {}\n",
            needs.use_case,
            needs.run.context,
            needs.task.prompt_tokens,
            needs.task.output_tokens,
            needs.minimum_decode_tokens_per_second
        )
    }

    fn table(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        if self.decision.recommendations.is_empty() {
            return writeln!(out, "Nothing meets these needs on this machine.");
        }
        let mut grid = choices();
        for choice in &self.decision.recommendations {
            grid.push(choice_row(choice));
        }
        grid.text(style, out)?;
        let points = self.decision.needs.priority.points_per_halving();
        let legend = "memory: weights, KV cache and compute buffers. tok/s: decode in the middle of the answer, \
            predicted; likely: where it will be four times of five. quality: the mean of AIME 2024, GPQA Diamond and \
            LiveCodeBench as published, less what the quant loses.";
        let order =
            format!("{legend} #: by quality, and {points} points more for an answer in half the time.");
        super::wrapped("", &order, style, out)
    }

    fn quants(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "\nEvery quant")?;
        let mut grid = Grid::new(&[
            ("model", Align::Left),
            ("quant", Align::Left),
            ("weights", Align::Right),
            ("decode", Align::Right),
            ("verdict", Align::Left),
        ]);
        for verdict in &self.decision.verdicts {
            let decode = verdict.decode.map(|decode| TokenRate(decode.tokens_per_second).to_string());
            grid.push(vec![
                verdict.model.clone(),
                verdict.quant.clone(),
                verdict.weights_bytes.to_string(),
                decode.unwrap_or_else(|| "unknown".to_owned()),
                verdict.verdict.to_string(),
            ]);
        }
        grid.text(style, out)
    }

    fn next_steps(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let choice = self.decision.recommendations.first().map(|best| (&best.model, &best.quant));
        let nearest = self.decision.rejected.first().map(|nearest| (&nearest.model, &nearest.quant));
        match (choice, nearest) {
            (Some((model, quant)), _) if quant.starts_with("UD-") => {
                writeln!(out, "\nNext: where its files are\n  r1-advisor models show {model}")
            }
            (Some((model, quant)), _) => {
                let place = match self.decision.machine.origin {
                    Origin::Probed { .. } => "here",
                    Origin::Described => "there",
                };
                writeln!(
                    out,
                    "\nNext: measure it {place} before downloading\n  r1-advisor bench {model}:{quant} --synthetic"
                )
            }
            (None, Some((model, quant))) => writeln!(
                out,
                "\nNearest is {model}:{quant}. Ask for less (`--min-decode`, `--max-answer-time`, `--context`), or see every quant with `--all`"
            ),
            (None, None) => Ok(()),
        }
    }
}

fn pick(best: &Recommendation, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    writeln!(out, "{bold}Run {}:{}{bold:#}", best.model, best.quant)?;
    for reason in &best.reasons {
        super::wrapped("  - ", reason, style, out)?;
    }
    writeln!(out)
}

fn choices() -> Grid {
    Grid::new(&[
        ("#", Align::Right),
        ("model", Align::Left),
        ("runs on", Align::Left),
        ("memory", Align::Right),
        ("tok/s", Align::Right),
        ("likely", Align::Right),
        ("first token", Align::Right),
        ("answer", Align::Right),
        ("quality", Align::Right),
    ])
}

fn choice_row(choice: &Recommendation) -> Vec<String> {
    let unknown = || "unknown".to_owned();
    vec![
        choice.rank.to_string(),
        format!("{}:{}", choice.model, choice.quant),
        choice.memory.placement.label(Lang::En).to_owned(),
        choice.memory.needed_bytes.to_string(),
        choice.decode.map_or_else(unknown, |decode| digits(decode.tokens_per_second)),
        choice.decode.map_or_else(unknown, |decode| {
            format!("{}–{}", digits(decode.interval.low), digits(decode.interval.high))
        }),
        choice.ttft_seconds.map_or_else(unknown, |time| time.to_string()),
        choice.time_to_answer_seconds.map_or_else(unknown, |time| time.to_string()),
        choice.quality.as_ref().map_or_else(unknown, |quality| format!("{:.1}", quality.score)),
    ]
}
