//! `r1-advisor estimate`: what one model takes on a machine, in memory and in time.

use clap::{Args, ValueEnum};

use super::local::{self, LocalArgs};
use super::model_file::{self, ModelFile};
use super::typed::{FlagError, context_length};
use super::{Context, lessons, llama_plan, machine_source};
use crate::both;
use crate::catalog::{Attention, Catalog, Model, Quant};
use crate::cli::MachineArgs;
use crate::error::{Error, Exit, nearest};
use crate::estimate::{FitSummary, Offload, Request, Subject, Task, estimate};
use crate::gguf::LatentLayout;
use crate::machine::{Backend, Machine, Vendor};
use crate::render::EstimateView;
use crate::run_config::{KvType, RunConfig};

/// Flags of `estimate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor estimate 7b:Q4_K_M --context 32k
  r1-advisor estimate 32b:Q4_K_M --task mathematics --answer long
  r1-advisor estimate 70b:Q4_K_M --gpu '2x RTX 3090' --kv-type q8_0
  r1-advisor estimate 671b:Q4_K_M --gpu 'RTX 4090' --ram 512G --format json
  r1-advisor estimate models/my-r1-00001-of-00009.gguf
  r1-advisor estimate hf.co/OWNER/REPO/FILE.gguf    reads some megabytes of it

Of a file, the header is read and nothing else. `HF_ENDPOINT` names a mirror of Hugging Face, and
`HF_TOKEN` opens private repositories.

Exit code 1 means that it does not fit.")]
pub struct EstimateArgs {
    /// Model and quant, such as `7b:Q4_K_M`; or a GGUF file: a path, a URL, or `hf.co/OWNER/REPO/FILE`
    #[arg(value_name = "ID:QUANT|FILE")]
    pub target: String,
    /// Context length to size the KV cache for, in tokens [default: 8192, or what `--task` takes]
    #[arg(long, short = 'c', value_name = "N", value_parser = context_length)]
    pub context: Option<u32>,
    /// Type of the cached keys and values (`-ctk`, `-ctv`)
    #[arg(long, value_enum, value_name = "TYPE", default_value_t)]
    pub kv_type: KvType,
    /// Type of the cached values, where it is to be another than that of the keys
    #[arg(long, value_enum, value_name = "TYPE")]
    pub kv_type_v: Option<KvType>,
    /// One cache for all sequences, so that each can grow to the whole context
    #[arg(long)]
    pub kv_unified: bool,
    /// Tokens that go through the graph at once
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub micro_batch: u32,
    /// Sequences at once, which share the context
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub sequences: u32,
    /// Backend of the GPUs, where it is not the usual one
    #[arg(long, value_enum, value_name = "NAME")]
    pub backend: Option<Backend>,
    /// Layers to put on GPUs, the output counted as one more (default: what decodes fastest)
    #[arg(long, visible_alias = "ngl", value_name = "N")]
    pub gpu_layers: Option<u32>,
    /// Tokens in the cache to tell the decode speed at
    #[arg(long, value_name = "N", default_value = "0", value_parser = depth)]
    pub depth: u32,
    /// Length of the question that the times are for, in tokens [default: 512, or what the context holds]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub prompt_tokens: Option<u32>,
    /// Length of the answer that the times are for, thinking included, in tokens [default: 2048, or what the
    /// context holds]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub output_tokens: Option<u32>,
    /// The kind of question that the times are for: `chat`, `code`, `mathematics`; its usual length of answer
    #[arg(long, value_name = "NAME", conflicts_with = "output_tokens")]
    pub task: Option<String>,
    /// Whether that answer is short, typical or long
    #[arg(long, value_enum, value_name = "LENGTH", default_value_t, requires = "task")]
    pub answer: Length,
    /// The file holds latent attention merged, as those of the 671B from before 2025-04 do: its KV cache
    /// takes 71 times as much
    #[arg(long)]
    pub merged_attention: bool,
    /// Fail rather than fall back to the formula where llama.cpp cannot plan the memory itself
    #[arg(long)]
    pub plan: bool,
    /// The machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

/// The context where none is asked for.
const DEFAULT_CONTEXT: u32 = 8192;

/// The question and the answer where none are told.
const QUESTION: u32 = 512;
const ANSWER: u32 = 2048;

/// How long an answer is, as answers to its task go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Length {
    /// A short one.
    Short,
    /// A typical one.
    #[default]
    Typical,
    /// A long one.
    Long,
}

impl EstimateArgs {
    fn run(&self, context: u32) -> RunConfig {
        RunConfig {
            context,
            kv_type: self.kv_type,
            kv_value_type: self.kv_type_v.filter(|values| *values != self.kv_type),
            kv_unified: self.kv_unified,
            micro_batch: self.micro_batch,
            sequences: self.sequences,
            ..RunConfig::default()
        }
    }

    /// The context, and the question and the answer, which it must hold.
    fn task(&self, catalog: &Catalog) -> Result<(u32, Task), Error> {
        let named = self.task.as_deref().map(|name| catalog.answer_length(name)).transpose();
        let named = named.map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
        let of_task = named.map(|task| match self.answer {
            Length::Short => task.short_tokens,
            Length::Typical => task.typical_tokens,
            Length::Long => task.long_tokens,
        });
        let sequences = self.sequences;
        let context = self.context.unwrap_or_else(|| {
            let task = of_task.map_or(0, |output| output + self.prompt_tokens.unwrap_or(QUESTION));
            DEFAULT_CONTEXT.max((task * sequences).next_multiple_of(1024))
        });
        let room = self.run(context).context_per_sequence();
        let prompt_tokens = self.prompt_tokens.unwrap_or_else(|| QUESTION.min(room / 4).max(1));
        let output_tokens = self
            .output_tokens
            .or(of_task)
            .unwrap_or_else(|| ANSWER.min(room.saturating_sub(prompt_tokens)).max(1));
        let needed = prompt_tokens.saturating_add(output_tokens).max(self.depth);
        if needed > room {
            let (depth, context) = (self.depth, needed.saturating_mul(sequences));
            return Err(Error::usage(both!(
                "a context of {room} tokens cannot hold a question of {prompt_tokens} and an answer of \
                 {output_tokens}, or a depth of {depth}",
                "{room} token 的上下文装不下 {prompt_tokens} token 的问题和 {output_tokens} token 的回答，\
                 或 {depth} token 的深度"
            ))
            .hint(Some(both!(
                "raise `--context` to {context}, or lower `--prompt-tokens`, `--output-tokens` or `--depth`",
                "请把 `--context` 提高到 {context}，或调低 `--prompt-tokens`、`--output-tokens` 或 `--depth`"
            ))));
        }
        Ok((context, Task { prompt_tokens, output_tokens }))
    }

    /// Takes the GPUs away for the CPU backend, and refuses one that cannot drive them.
    fn fit_backend(&self, machine: &mut Machine) -> Result<(), Error> {
        let Some(backend) = self.backend else { return Ok(()) };
        if backend == Backend::Cpu {
            machine.gpus.clear();
            return Ok(());
        }
        let drives = |vendor| match backend {
            Backend::Cuda => vendor == Vendor::Nvidia,
            Backend::Rocm => vendor == Vendor::Amd,
            Backend::Metal => vendor == Vendor::Apple,
            Backend::Sycl => vendor == Vendor::Intel,
            Backend::Vulkan => vendor != Vendor::Apple,
            Backend::Cpu => true,
        };
        match machine.gpus.iter().find(|gpu| !drives(gpu.vendor)) {
            Some(gpu) => {
                let (name, usual) = (&gpu.name, gpu.default_backend());
                Err(Error::usage(both!("{backend} does not drive the {name}", "{backend} 不支持 {name}"))
                    .hint(Some(both!("its usual backend is {usual}", "它通常用的后端是 {usual}"))))
            }
            None if machine.gpus.is_empty() => {
                Err(Error::usage(both!("there is no GPU for {backend}", "没有可供 {backend} 使用的 GPU"))
                    .hint(Some(both!("name one with `--gpu`", "请用 `--gpu` 指明一块"))))
            }
            None => Ok(()),
        }
    }

    /// The file of the model that is on this machine: its header says more than a rule. Not where another machine is
    /// meant, which has files of its own.
    fn on_this_machine<'a>(&self, catalog: &'a Catalog) -> Option<(&'a Model, ModelFile)> {
        if self.machine.is_another() || self.merged_attention {
            return None;
        }
        let (model, quant) = catalog.target(&self.target).ok()?;
        let known = local::find(&LocalArgs::default().places(), catalog, model, quant?)?;
        let location = known.local.files.first()?.path.display().to_string();
        Some((model, ModelFile { location, stored: known.stored? }))
    }

    const fn latent(&self) -> LatentLayout {
        if self.merged_attention { LatentLayout::Merged } else { LatentLayout::Split }
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &EstimateArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let is_file = model_file::is_file(&args.target, &catalog);
    let file = is_file.then(|| ModelFile::read(&args.target)).transpose()?;
    let here = if is_file { None } else { args.on_this_machine(&catalog) };
    let subject = match (&file, &here) {
        (Some(file), _) => Subject::of_file(&file.stored, file.in_catalog(context, &catalog), &file.location),
        (None, Some((model, file))) => Subject::of_file(&file.stored, Some(model), &file.location),
        (None, None) => subject(&catalog, &args.target, args.latent())?,
    };
    let trained = subject.model.architecture.context_trained;
    let (tokens, task) = args.task(&catalog)?;
    let run = args.run(tokens);
    let each = run.context_per_sequence();
    if each > trained {
        let sequences = if args.kv_unified { 1 } else { args.sequences };
        let (model, most) = (subject.model.id, trained.saturating_mul(sequences));
        return Err(Error::usage(both!(
            "`{model}` was trained for {trained} tokens of context, and {each} are asked for",
            "`{model}` 训练时的上下文为 {trained} token，而这里要求 {each}"
        ))
        .hint(Some(both!("lower `--context` to {most}", "请把 `--context` 降到 {most}"))));
    }
    let latent = matches!(subject.model.architecture.attention, Attention::Latent { .. });
    if latent && subject.latent == LatentLayout::Split && run.kv_value_type.is_some() {
        let model = subject.model.id;
        return Err(Error::usage(both!(
            "`{model}` caches no values of their own: its latent attention recovers them from the keys",
            "`{model}` 不单独缓存 V：它的潜在注意力（MLA）由 K 还原出 V"
        ))
        .hint(Some(both!("leave `--kv-type-v` out", "请去掉 `--kv-type-v`"))));
    }
    let mut machine = machine_source::machine(context, &args.machine, &catalog)?;
    args.fit_backend(&mut machine)?;
    if machine.gpus.is_empty() && args.gpu_layers.is_some_and(|layers| layers > 0) {
        context.printer.note(both!(
            "there is no GPU to put layers on: name one with `--gpu`",
            "没有可放置层的 GPU：请用 `--gpu` 指明一块"
        ));
    }
    let request = Request {
        run,
        task,
        depth: args.depth,
        backend: args.backend,
        offload: args.gpu_layers.map(|gpu_layers| Offload { gpu_layers, expert_layers_in_ram: 0 }),
        prefill_depth: 0,
        answer_lengths: catalog.answer_lengths().map_err(|error| Error::new(Exit::Input, &error))?.to_vec(),
    };
    let computed = estimate(&subject, &machine, &request, &lessons::calibration(&catalog, &machine));
    let estimate = match llama_plan::plan(&subject, computed.memory.placement, &request.run) {
        Ok(plan) => computed.planned(&plan),
        Err(error) if args.plan => {
            return Err(error.into());
        }
        Err(_) => computed,
    };
    context.show(&EstimateView { estimate: &estimate })?;
    Ok(match estimate.fits {
        FitSummary::Fits { .. } => Exit::Yes,
        FitSummary::TooLarge { .. } => Exit::No,
    })
}

/// The model in a quant that `ID:QUANT` means, with every tensor known.
fn subject<'a>(catalog: &'a Catalog, target: &str, latent: LatentLayout) -> Result<Subject<'a>, Error> {
    let (model, quant) =
        catalog.target(target).map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
    let Some(quant) = quant else {
        return Err(Error::usage(both!("`{target}` names no quant", "`{target}` 没有写明量化格式"))
            .hint(Some(both!("write it like `{target}:Q4_K_M`", "请写成 `{target}:Q4_K_M` 这样"))));
    };
    Subject::of_latent(model, quant, latent).ok_or_else(|| no_such_artifact(catalog, model, quant))
}

fn no_such_artifact(catalog: &Catalog, model: &Model, quant: &Quant) -> Error {
    let known = catalog.quants().iter().filter(|other| Subject::of(model, other).is_some());
    let near = nearest(&quant.id, known.map(|other| other.id.as_str()));
    let (model, quant) = (&model.id, &quant.id);
    Error::usage(both!(
        "`{model}` is not published in `{quant}`, whose mix is a choice of its makers",
        "`{model}` 没有发布过 `{quant}`，而这种格式的量化组合由发布者自定"
    ))
    .hint(near.map(|near| {
        both!("the nearest that is known is `{model}:{near}`", "已知最接近的是 `{model}:{near}`")
    }))
}

fn depth(text: &str) -> Result<u32, FlagError> {
    if text == "0" { Ok(0) } else { context_length(text) }
}
