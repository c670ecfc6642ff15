use std::collections::BTreeMap;
use std::io;

use super::models::billions;
use super::text::{columns, padded};
use super::{Align, Grid, Style, View, wrapped};
use crate::catalog::{
    Artifact, Attention, Benchmark, BenchmarkScore, Correction, FeedForward, Model, ModelKind, RopeScaling,
};
use crate::lang::{Lang, Text};
use crate::units::Bytes;
use crate::{both, tr};

/// All about one model.
#[derive(Debug)]
pub struct ModelView<'a> {
    /// The model.
    pub model: &'a Model,
    /// What its weights take in the quants whose mix is a rule, as computed from the tensor layout.
    pub weights: BTreeMap<&'a str, Bytes>,
    /// The language of what people read.
    pub lang: Lang,
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
            grid.push(vec![part, what, value, source.to_owned()]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let model = self.model;
        writeln!(out, "{}\n", model.name)?;
        let mut notes = Footnotes::default();
        let mut part = String::new();
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
        writeln!(out, "\n{}", tr!(self.lang, "files", "文件"))?;
        for artifact in &model.artifacts {
            if artifact.repository != repository {
                repository = &artifact.repository;
                writeln!(out, "  {repository}")?;
            }
            let note = notes.mark(&artifact.source);
            let ArtifactWords { size, files, hash } = ArtifactWords::of(artifact, &self.weights, self.lang);
            let (files, hash) = (padded(&files, 9), padded(&hash, 12));
            writeln!(out, "    {:<12} {size:>10}  {files}  {hash}{note}", artifact.quant)?;
        }
        let legend = tr!(
            self.lang,
            "  ~ published rounded   = not published: the weights as computed from the tensor layout",
            "  ~ 公布的是约数   = 没有公布：按张量形状算出的权重大小"
        );
        if columns(&legend) <= usize::from(style.width) {
            writeln!(out, "{legend}")?;
        } else {
            wrapped("  ", &legend, style, out)?;
        }
        writeln!(out, "\n{}", tr!(self.lang, "sources", "来源"))?;
        for (number, source) in notes.sources.iter().enumerate() {
            wrapped(&format!("  [{}] ", number + 1), source, style, out)?;
        }
        Ok(())
    }
}

/// One line about a model.
struct Fact<'a> {
    part: String,
    what: String,
    value: String,
    /// Empty where the line is a name and not a figure.
    source: &'a str,
}

impl ModelView<'_> {
    fn facts(&self) -> Vec<Fact<'_>> {
        let model = self.model;
        let mut facts = self.identity();
        let lang = self.lang;
        let mut add = |part: &str, what: &str, value: String, source| {
            facts.push(Fact { part: part.to_owned(), what: what.to_owned(), value, source });
        };
        let licence = &tr!(lang, "licence", "许可证");
        add(licence, licence, model.licence.id.clone(), &model.licence.source);
        for obligation in &model.licence.obligations {
            add(licence, "", obligation.clone(), &model.licence.source);
        }
        let sampling = &model.sampling;
        let part = &tr!(lang, "sampling", "采样");
        add(part, &tr!(lang, "temperature", "温度"), sampling.temperature.to_string(), &sampling.source);
        add(part, "top-p", sampling.top_p.to_string(), &sampling.source);
        let longest = tr!(
            lang,
            "{} tokens in the makers' tests",
            "开发者评测中 {} token",
            thousands(sampling.longest_answer_tokens.into())
        );
        add(part, &tr!(lang, "longest answer", "最长回答"), longest, &sampling.source);
        for advice in &sampling.advice {
            add(part, "", advice.clone(), &sampling.source);
        }
        for (benchmark, score) in &model.benchmarks {
            let name = match (benchmark, lang) {
                (Benchmark::CodeforcesRating, Lang::Zh) => "Codeforces 评级".to_owned(),
                _ => benchmark.to_string(),
            };
            let part = tr!(lang, "benchmarks", "基准测试");
            add(&part, &name, score_text(*benchmark, score, lang), &score.source);
        }
        for answer in &model.tokens_per_answer {
            let (tokens, task) = (thousands(answer.tokens.into()), &answer.task);
            let text = tr!(lang, "{tokens} tokens: {task}", "{tokens} token：{task}");
            let part = tr!(lang, "tokens per answer, thinking included", "每个回答的 token 数，含思考");
            add(&part, "", text, &answer.source);
        }
        for Correction { claim, correction, source } in &model.corrections {
            let part = tr!(lang, "corrections", "更正");
            add(&part, "", tr!(lang, "{claim} {correction}", "{claim}{correction}"), source);
        }
        facts
    }

    fn identity(&self) -> Vec<Fact<'_>> {
        let model = self.model;
        let shape = &model.architecture;
        let source = model.architecture_source.as_str();
        let (lang, base) = (self.lang, &model.base_model);
        let kind = match model.kind {
            ModelKind::Original => {
                tr!(lang, "DeepSeek-R1 itself, trained from {base}", "DeepSeek-R1 本身，由 {base} 训练而来")
            }
            ModelKind::Distill => tr!(
                lang,
                "{base}, fine-tuned on answers of DeepSeek-R1",
                "{base}，用 DeepSeek-R1 的回答微调而成"
            ),
        };
        let (all, counted) = (model.parameters, thousands(model.parameters));
        let parameters = tr!(
            lang,
            "{} billion ({counted}); each token reads {} billion",
            "{}B（{counted}）；每个 token 读取 {}B",
            billions(all),
            billions(model.active_parameters)
        );
        let layers = tr!(
            lang,
            "{} layers of {}, vocabulary {}",
            "{} 层，隐藏维度 {}，词表 {}",
            shape.layers,
            thousands(shape.hidden_size.into()),
            thousands(shape.vocabulary.into())
        );
        let context = tr!(
            lang,
            "{} tokens{}",
            "{} token{}",
            thousands(shape.context_trained.into()),
            scaling(shape.rope.scaling.as_ref(), lang)
        );
        let of_model = [
            (both!("size", "规模"), model.size.clone()),
            (both!("id", "id"), model.id.clone()),
            (both!("also called", "别名"), model.aliases.join(", ")),
            (both!("what it is", "来历"), kind),
            (both!("original weights", "原始权重"), model.repository.clone()),
            (both!("released", "发布日期"), model.released.to_string()),
        ];
        let of_shape = [
            (both!("parameters", "参数量"), parameters),
            (both!("layers", "层"), layers),
            (both!("attention", "注意力"), attention(&shape.attention, lang)),
            (both!("feed-forward", "前馈"), feed_forward(&shape.feed_forward, lang)),
            (both!("context", "上下文"), context),
        ];
        let note = model.context_note.iter().map(|note| ("".into(), note.clone()));
        let fact = |part: &Text, what: &Text, value, source| Fact {
            part: part.told(lang).to_owned(),
            what: what.told(lang).to_owned(),
            value,
            source,
        };
        let (model, shape) = (both!("model", "模型"), both!("shape", "结构"));
        let of_model = of_model.into_iter().map(|(what, value)| fact(&model, &what, value, ""));
        let of_shape = of_shape.into_iter().chain(note);
        of_model.chain(of_shape.map(|(what, value)| fact(&shape, &what, value, source))).collect()
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
    hash: String,
}

impl ArtifactWords {
    fn of(artifact: &Artifact, weights: &BTreeMap<&str, Bytes>, lang: Lang) -> Self {
        let size = match (artifact.bytes(), weights.get(artifact.quant.as_str())) {
            (Some(bytes), _) if artifact.rounded => format!("~{}", bytes.decimal()),
            (Some(bytes), _) => bytes.decimal().to_string(),
            (None, Some(computed)) => format!("={}", computed.decimal()),
            (None, None) => "–".to_owned(),
        };
        let files = match artifact.files.iter().map(|file| file.shards.unwrap_or(1)).sum::<u32>() {
            1 => tr!(lang, "1 file", "1 个文件"),
            files => tr!(lang, "{files} files", "{files} 个文件"),
        };
        let hash = if artifact.is_hashed() { tr!(lang, "sha256 known", "有 sha256") } else { String::new() };
        Self { size, files, hash }
    }
}

fn score_text(benchmark: Benchmark, score: &BenchmarkScore, lang: Lang) -> String {
    let number = if benchmark.is_percentage() {
        format!("{:>5.1} %", score.score)
    } else {
        format!("{:>5.0}", score.score)
    };
    match &score.note {
        Some(note) => tr!(lang, "{number} ({note})", "{number}（{note}）"),
        None => number,
    }
}

fn attention(attention: &Attention, lang: Lang) -> String {
    match *attention {
        Attention::Grouped { heads, kv_heads, head_size } => {
            tr!(
                lang,
                "{heads} heads of {head_size} share {kv_heads} of keys and values (GQA)",
                "{heads} 个头，每个 {head_size} 维，共用 {kv_heads} 组 K 和 V（GQA）"
            )
        }
        Attention::Latent { heads, kv_rank, rope_head_size, .. } => tr!(
            lang,
            "{heads} heads read one latent of {kv_rank} and {rope_head_size} rotary values a token (MLA)",
            "{heads} 个头共读一个 {kv_rank} 维潜向量，每 token 另有 {rope_head_size} 个旋转位置值（MLA）"
        ),
    }
}

fn feed_forward(feed_forward: &FeedForward, lang: Lang) -> String {
    match *feed_forward {
        FeedForward::Dense { intermediate_size } => {
            tr!(lang, "{} wide", "宽 {}", thousands(intermediate_size.into()))
        }
        FeedForward::Experts {
            dense_layers,
            expert_intermediate_size,
            experts,
            experts_used,
            shared_experts,
            ..
        } => tr!(
            lang,
            "{experts} experts {} wide, of which a token uses {experts_used} and {shared_experts} shared; \
             the first {dense_layers} layers are dense",
            "{experts} 个专家，各宽 {}，每 token 用 {experts_used} 个，另有共享专家 {shared_experts} 个；\
             前 {dense_layers} 层为稠密层",
            thousands(expert_intermediate_size.into())
        ),
    }
}

fn scaling(scaling: Option<&RopeScaling>, lang: Lang) -> String {
    match scaling {
        None => String::new(),
        Some(RopeScaling::Llama3 { original_context, .. }) => {
            let from = thousands((*original_context).into());
            tr!(lang, ", stretched from {from}", "，由 {from} 扩展而来")
        }
        Some(RopeScaling::Yarn { original_context, .. }) => {
            let from = thousands((*original_context).into());
            tr!(lang, ", stretched from {from} by YaRN", "，用 YaRN 由 {from} 扩展而来")
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
