use std::collections::BTreeMap;
use std::io;

use super::models::billions;
use super::text::{columns, padded};
use super::{Grid, Reader, Style, Table, View, wrapped};
use crate::catalog::{
    Artifact, Attention, Benchmark, BenchmarkScore, Correction, FeedForward, Model, ModelKind, RopeScaling,
};
use crate::i18n::Locale;
use crate::message::{Message, Value, fact, file_size, fixed, grouped};
use crate::units::Bytes;
use crate::{message, say};

/// All about one model.
#[derive(Debug)]
pub struct ModelView<'a> {
    /// The model.
    pub model: &'a Model,
    /// What its weights take in the quants whose mix is a rule, as computed from the tensor layout.
    pub weights: BTreeMap<&'a str, Bytes>,
}

/// The model with its sentences in the reader's language, as JSON has them.
#[must_use]
pub fn in_words(model: &Model, locale: &Locale) -> Model {
    let mut model = model.clone();
    let sentences = (model.licence.obligations.iter_mut())
        .chain(&mut model.sampling.advice)
        .chain([&mut model.licence.id, &mut model.base_model])
        .chain(&mut model.context_note)
        .chain(model.benchmarks.values_mut().filter_map(|score| score.note.as_mut()))
        .chain(model.tokens_per_answer.iter_mut().map(|answer| &mut answer.task))
        .chain(model.corrections.iter_mut().flat_map(|wrong| [&mut wrong.claim, &mut wrong.correction]));
    for sentence in sentences {
        *sentence = locale.show(fact(&*sentence));
    }
    model
}

impl View for ModelView<'_> {
    type Data = Model;

    fn data(&self) -> &Model {
        self.model
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<Fact<'_>>::new();
        table.left("part", message!(ModelsPart), |fact| fact.part.clone());
        table.left("what", message!(ModelsWhat), |fact| fact.what.clone());
        table.left("value", message!(ModelsValue), |fact| fact.value.clone());
        table.left("source", message!(ModelsSource), |fact| fact.source.to_owned());
        table.grid(&self.facts(), reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (model, locale) = (self.model, style.locale);
        writeln!(out, "{}\n", model.name)?;
        let mut notes = Footnotes::default();
        for (number, facts) in self.facts().chunk_by(|a, b| a.part == b.part).enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{}", locale.say(&facts[0].part))?;
            for Fact { what, value, source, .. } in facts {
                let mark =
                    what.as_ref().map_or_else(|| "- ".to_owned(), |what| padded(&locale.show(what), 21));
                let value = locale.show(value);
                wrapped(&format!("  {mark}"), &format!("{value}{}", notes.mark(source)), style, out)?;
            }
        }
        writeln!(out, "\n{}", say!(locale, ModelsFiles))?;
        for artifacts in model.artifacts.chunk_by(|a, b| a.repository == b.repository) {
            writeln!(out, "  {}", artifacts[0].repository)?;
            for artifact in artifacts {
                self.artifact(artifact, &notes.mark(&artifact.source), locale, out)?;
            }
        }
        let legend = format!("  {}", say!(locale, ModelsFileLegend));
        if columns(&legend) <= usize::from(style.width) {
            writeln!(out, "{legend}")?;
        } else {
            wrapped("  ", &legend, style, out)?;
        }
        writeln!(out, "\n{}", say!(locale, ModelsSources))?;
        for (number, source) in notes.sources.iter().enumerate() {
            wrapped(&format!("  [{}] ", number + 1), source, style, out)?;
        }
        Ok(())
    }
}

/// One line about a model.
struct Fact<'a> {
    part: Message,
    /// None where the part says it.
    what: Option<Value>,
    value: Value,
    /// Empty where the line is a name and not a figure.
    source: &'a str,
}

impl ModelView<'_> {
    fn facts(&self) -> Vec<Fact<'_>> {
        let model = self.model;
        let mut facts = self.identity();
        facts.extend(self.shape());
        let mut add = |part: Message, what: Option<Value>, value: Value, source| {
            facts.push(Fact { part, what, value, source });
        };
        let licence = || message!(ModelsLicence);
        add(licence(), Some(licence().into()), (&model.licence.id).into(), &model.licence.source);
        for obligation in &model.licence.obligations {
            add(licence(), None, fact(obligation), &model.licence.source);
        }
        let sampling = &model.sampling;
        for (what, value) in [
            (message!(ModelsTemperature).into(), sampling.temperature.to_string().into()),
            ("top-p".into(), sampling.top_p.to_string().into()),
            (
                message!(ModelsLongestAnswer).into(),
                message!(ModelsLongestAnswerTokens {
                    tokens: grouped(sampling.longest_answer_tokens.into())
                })
                .into(),
            ),
        ] {
            add(message!(ModelsSampling), Some(what), value, &sampling.source);
        }
        for advice in &sampling.advice {
            add(message!(ModelsSampling), None, fact(advice), &sampling.source);
        }
        for (benchmark, score) in &model.benchmarks {
            let name = match benchmark {
                Benchmark::CodeforcesRating => message!(ModelsCodeforces).into(),
                other => other.to_string().into(),
            };
            add(message!(ModelsBenchmarks), Some(name), score_value(*benchmark, score), &score.source);
        }
        for answer in &model.tokens_per_answer {
            let tokens = grouped(answer.tokens.into());
            let text = message!(ModelsAnswerTokens { tokens, task: fact(&answer.task) });
            add(message!(ModelsAnswers), None, text.into(), &answer.source);
        }
        for Correction { claim, correction, source } in &model.corrections {
            let text = message!(ModelsCorrection { claim: fact(claim), correction: fact(correction) });
            add(message!(ModelsCorrections), None, text.into(), source);
        }
        facts
    }

    fn identity(&self) -> Vec<Fact<'_>> {
        let model = self.model;
        let base = &model.base_model;
        let origin = match model.kind {
            ModelKind::Original => message!(ModelsOriginal { base }),
            ModelKind::Distill => message!(ModelsDistill { base }),
        };
        let facts: [(Message, Value); 6] = [
            (message!(ModelsSize), (&model.size).into()),
            (message!(ModelsId), (&model.id).into()),
            (message!(ModelsAliases), model.aliases.join(", ").into()),
            (message!(ModelsOrigin), origin.into()),
            (message!(ModelsRepository), (&model.repository).into()),
            (message!(ModelsReleased), model.released.into()),
        ];
        let fact = |(what, value): (Message, Value)| Fact {
            part: message!(ModelsModel),
            what: Some(what.into()),
            value,
            source: "",
        };
        facts.into_iter().map(fact).collect()
    }

    fn shape(&self) -> Vec<Fact<'_>> {
        let (model, shape) = (self.model, &self.model.architecture);
        let facts = [
            (
                message!(ModelsParameters),
                message!(ModelsParameterCount {
                    all: billions(model.parameters),
                    exact: grouped(model.parameters),
                    active: billions(model.active_parameters),
                }),
            ),
            (
                message!(ModelsLayers),
                message!(ModelsLayerCount {
                    layers: shape.layers,
                    hidden: grouped(shape.hidden_size.into()),
                    vocabulary: grouped(shape.vocabulary.into()),
                }),
            ),
            (message!(ModelsAttention), attention(&shape.attention)),
            (message!(ModelsFeedForward), feed_forward(&shape.feed_forward)),
            (message!(ModelsContext), context(shape.context_trained, shape.rope.scaling.as_ref())),
        ];
        let facts = facts.map(|(what, value)| (Some(what.into()), value.into()));
        let note = model.context_note.iter().map(|note| (None, fact(note)));
        let source = model.architecture_source.as_str();
        let fact = |(what, value)| Fact { part: message!(ModelsShape), what, value, source };
        facts.into_iter().chain(note).map(fact).collect()
    }

    fn artifact(
        &self,
        artifact: &Artifact,
        note: &str,
        locale: &Locale,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let size = match (artifact.bytes(), self.weights.get(artifact.quant.as_str())) {
            (Some(bytes), _) if artifact.rounded => format!("~{}", locale.show(file_size(bytes))),
            (Some(bytes), _) => locale.show(file_size(bytes)),
            (None, Some(computed)) => format!("={}", locale.show(file_size(*computed))),
            (None, None) => "–".to_owned(),
        };
        let count = artifact.files.iter().map(|file| file.shards.unwrap_or(1)).sum::<u32>();
        let files = padded(&say!(locale, ModelsFileCount { count }), 9);
        let hash = if artifact.is_hashed() { say!(locale, ModelsHashed) } else { String::new() };
        writeln!(out, "    {:<12} {size:>10}  {files}  {}{note}", artifact.quant, padded(&hash, 12))
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

fn score_value(benchmark: Benchmark, score: &BenchmarkScore) -> Value {
    let number = if benchmark.is_percentage() {
        message!(UnitPercent { number: fixed(score.score, 1) }).into()
    } else {
        fixed(score.score, 0)
    };
    match &score.note {
        Some(note) => message!(ModelsScore { score: number, note: fact(note) }).into(),
        None => number,
    }
}

fn attention(attention: &Attention) -> Message {
    match *attention {
        Attention::Grouped { heads, kv_heads, head_size } => {
            message!(ModelsAttentionGrouped { heads, size: head_size, groups: kv_heads })
        }
        Attention::Latent { heads, kv_rank, rope_head_size, .. } => {
            message!(ModelsAttentionLatent { heads, rank: kv_rank, rotary: rope_head_size })
        }
    }
}

fn feed_forward(feed_forward: &FeedForward) -> Message {
    match *feed_forward {
        FeedForward::Dense { intermediate_size } => {
            message!(ModelsFeedForwardDense { width: grouped(intermediate_size.into()) })
        }
        FeedForward::Experts {
            dense_layers,
            expert_intermediate_size,
            experts,
            experts_used,
            shared_experts,
            ..
        } => message!(ModelsFeedForwardExperts {
            experts,
            width: grouped(expert_intermediate_size.into()),
            used: experts_used,
            shared: shared_experts,
            dense: dense_layers,
        }),
    }
}

fn context(tokens: u32, scaling: Option<&RopeScaling>) -> Message {
    let tokens = grouped(tokens.into());
    match scaling {
        None => message!(ModelsContextTokens { tokens }),
        Some(RopeScaling::Llama3 { original_context, .. }) => {
            message!(ModelsContextStretched { tokens, original: grouped((*original_context).into()) })
        }
        Some(RopeScaling::Yarn { original_context, .. }) => {
            message!(ModelsContextYarn { tokens, original: grouped((*original_context).into()) })
        }
    }
}
