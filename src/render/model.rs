use std::collections::BTreeMap;
use std::io;

use super::models::billions;
use super::text::padded;
use super::{Align, Grid, Style, View, wrapped};
use crate::catalog::{
    Artifact, Attention, Benchmark, BenchmarkScore, Correction, FeedForward, Model, ModelKind, RopeScaling,
};
use crate::units::Bytes;

/// All about one model.
#[derive(Debug)]
pub struct ModelView<'a> {
    /// The model.
    pub model: &'a Model,
    /// What its weights take in the quants whose mix is a rule, as computed from the tensor layout.
    pub weights: BTreeMap<&'a str, Bytes>,
}

impl View for ModelView<'_> {
    type Data = Model;

    fn data(&self) -> &Model {
        self.model
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("part", Align::Left),
            ("what", Align::Left),
            ("value", Align::Left),
            ("source", Align::Left),
        ]);
        for Fact { part, what, value, source } in self.facts() {
            grid.push(vec![part.to_owned(), what, value, source.to_owned()]);
        }
        grid
    }

    fn draw(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let model = self.model;
        writeln!(out, "{}\n", model.name)?;
        let mut notes = Footnotes::default();
        let mut part = "";
        for fact in self.facts() {
            if fact.part != part {
                if !part.is_empty() {
                    writeln!(out)?;
                }
                part = fact.part;
                writeln!(out, "{part}")?;
            }
            let note = notes.mark(fact.source);
            let what = if fact.what.is_empty() { "- ".to_owned() } else { padded(&fact.what, 21) };
            wrapped(&format!("  {what}"), &format!("{}{note}", fact.value), style, out)?;
        }
        let mut repository = "";
        writeln!(out, "\nfiles")?;
        for artifact in &model.artifacts {
            if artifact.repository != repository {
                repository = &artifact.repository;
                writeln!(out, "  {repository}")?;
            }
            let note = notes.mark(&artifact.source);
            let ArtifactWords { size, files, hash } = ArtifactWords::of(artifact, &self.weights);
            writeln!(out, "    {:<12} {size:>10}  {files:<9}  {hash:<12}{note}", artifact.quant)?;
        }
        writeln!(
            out,
            "  ~ published rounded   = not published: the weights as computed from the tensor layout"
        )?;
        writeln!(out, "\nsources")?;
        for (number, source) in notes.sources.iter().enumerate() {
            wrapped(&format!("  [{}] ", number + 1), source, style, out)?;
        }
        Ok(())
    }
}

/// One line about a model.
struct Fact<'a> {
    part: &'static str,
    what: String,
    value: String,
    /// Empty where the line is a name and not a figure.
    source: &'a str,
}

impl ModelView<'_> {
    fn facts(&self) -> Vec<Fact<'_>> {
        let model = self.model;
        let mut facts = self.identity();
        let mut add = |part, what: &str, value: String, source| {
            facts.push(Fact { part, what: what.to_owned(), value, source });
        };
        add("licence", "licence", model.licence.id.clone(), &model.licence.source);
        for obligation in &model.licence.obligations {
            add("licence", "", obligation.clone(), &model.licence.source);
        }
        let sampling = &model.sampling;
        add("sampling", "temperature", sampling.temperature.to_string(), &sampling.source);
        add("sampling", "top-p", sampling.top_p.to_string(), &sampling.source);
        let longest =
            format!("{} tokens in the makers' tests", thousands(sampling.longest_answer_tokens.into()));
        add("sampling", "longest answer", longest, &sampling.source);
        for advice in &sampling.advice {
            add("sampling", "", advice.clone(), &sampling.source);
        }
        for (benchmark, score) in &model.benchmarks {
            add("benchmarks", &benchmark.to_string(), score_text(*benchmark, score), &score.source);
        }
        for answer in &model.tokens_per_answer {
            let text = format!("{} tokens: {}", thousands(answer.tokens.into()), answer.task);
            add("tokens per answer, thinking included", "", text, &answer.source);
        }
        for Correction { claim, correction, source } in &model.corrections {
            add("corrections", "", format!("{claim} {correction}"), source);
        }
        facts
    }

    fn identity(&self) -> Vec<Fact<'_>> {
        let model = self.model;
        let shape = &model.architecture;
        let source = model.architecture_source.as_str();
        let kind = match model.kind {
            ModelKind::Original => format!("DeepSeek-R1 itself, trained from {}", model.base_model),
            ModelKind::Distill => format!("{}, fine-tuned on answers of DeepSeek-R1", model.base_model),
        };
        let parameters = format!(
            "{} billion ({}); each token reads {} billion",
            billions(model.parameters),
            thousands(model.parameters),
            billions(model.active_parameters)
        );
        let layers = format!(
            "{} layers of {}, vocabulary {}",
            shape.layers,
            thousands(shape.hidden_size.into()),
            thousands(shape.vocabulary.into())
        );
        let context = format!(
            "{} tokens{}",
            thousands(shape.context_trained.into()),
            scaling(shape.rope.scaling.as_ref())
        );
        let mut facts = vec![
            ("model", "size", model.size.clone(), ""),
            ("model", "id", model.id.clone(), ""),
            ("model", "also called", model.aliases.join(", "), ""),
            ("model", "what it is", kind, ""),
            ("model", "original weights", model.repository.clone(), ""),
            ("model", "released", model.released.to_string(), ""),
            ("shape", "parameters", parameters, source),
            ("shape", "layers", layers, source),
            ("shape", "attention", attention(&shape.attention), source),
            ("shape", "feed-forward", feed_forward(&shape.feed_forward), source),
            ("shape", "context", context, source),
        ];
        if let Some(note) = &model.context_note {
            facts.push(("shape", "", note.clone(), source));
        }
        facts
            .into_iter()
            .map(|(part, what, value, source)| Fact { part, what: what.to_owned(), value, source })
            .collect()
    }
}

/// Sources, numbered as they are first referred to.
#[derive(Default)]
struct Footnotes<'a> {
    sources: Vec<&'a str>,
}

impl<'a> Footnotes<'a> {
    fn mark(&mut self, source: &'a str) -> String {
        if source.is_empty() {
            return String::new();
        }
        let known = self.sources.iter().position(|other| *other == source);
        let number = known.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        });
        format!(" [{}]", number + 1)
    }
}

struct ArtifactWords {
    size: String,
    files: String,
    hash: &'static str,
}

impl ArtifactWords {
    fn of(artifact: &Artifact, weights: &BTreeMap<&str, Bytes>) -> Self {
        let size = match (artifact.bytes(), weights.get(artifact.quant.as_str())) {
            (Some(bytes), _) if artifact.rounded => format!("~{}", bytes.decimal()),
            (Some(bytes), _) => bytes.decimal().to_string(),
            (None, Some(computed)) => format!("={}", computed.decimal()),
            (None, None) => "–".to_owned(),
        };
        let files = match artifact.files.iter().map(|file| file.shards.unwrap_or(1)).sum::<u32>() {
            1 => "1 file".to_owned(),
            files => format!("{files} files"),
        };
        Self { size, files, hash: if artifact.is_hashed() { "sha256 known" } else { "" } }
    }
}

fn score_text(benchmark: Benchmark, score: &BenchmarkScore) -> String {
    let number = if benchmark.is_percentage() {
        format!("{:>5.1} %", score.score)
    } else {
        format!("{:>5.0}", score.score)
    };
    score.note.as_ref().map_or(number.clone(), |note| format!("{number} ({note})"))
}

fn attention(attention: &Attention) -> String {
    match *attention {
        Attention::Grouped { heads, kv_heads, head_size } => {
            format!("{heads} heads of {head_size} share {kv_heads} of keys and values (GQA)")
        }
        Attention::Latent { heads, kv_rank, rope_head_size, .. } => format!(
            "{heads} heads read one latent of {kv_rank} and {rope_head_size} rotary values a token (MLA)"
        ),
    }
}

fn feed_forward(feed_forward: &FeedForward) -> String {
    match *feed_forward {
        FeedForward::Dense { intermediate_size } => format!("{} wide", thousands(intermediate_size.into())),
        FeedForward::Experts {
            dense_layers,
            expert_intermediate_size,
            experts,
            experts_used,
            shared_experts,
            ..
        } => format!(
            "{experts} experts {} wide, of which a token uses {experts_used} and {shared_experts} shared; \
             the first {dense_layers} layers are dense",
            thousands(expert_intermediate_size.into())
        ),
    }
}

fn scaling(scaling: Option<&RopeScaling>) -> String {
    match scaling {
        None => String::new(),
        Some(RopeScaling::Llama3 { original_context, .. }) => {
            format!(", stretched from {}", thousands((*original_context).into()))
        }
        Some(RopeScaling::Yarn { original_context, .. }) => {
            format!(", stretched from {} by YaRN", thousands((*original_context).into()))
        }
    }
}

/// A count with commas.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
