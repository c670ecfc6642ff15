//! `r1-advisor estimate`: what one model takes on a machine, in memory and in time.

use clap::Args;

use super::local::{self, LocalArgs};
use super::model_file::{self, ModelFile};
use super::typed::{FlagError, MOST, context_length, whole};
use super::{Context, MachineArgs, lessons, llama_plan, machine_source};
use crate::catalog::{Attention, Catalog, Model, Quant};
use crate::error::{Error, Exit, nearest};
use crate::estimate::{FitSummary, Length, Offload, Request, Subject, Task, estimate};
use crate::gguf::LatentLayout;
use crate::machine::{Backend, Machine, Vendor};
use crate::message;
use crate::render::EstimateView;
use crate::run_config::{KvType, RunConfig};
use crate::units::number;

/// Flags of `estimate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor estimate 7b:Q4_K_M --context 32k
  r1-advisor estimate 32b:Q4_K_M --task mathematics --answer long
  r1-advisor estimate 70b:Q4_K_M --gpu '2x RTX 3090' --kv-type q8_0
  r1-advisor estimate 671b:Q4_K_M --gpu 'RTX 4090' --ram 512G --format json
  r1-advisor estimate models/my-r1-00001-of-00009.gguf
  r1-advisor estimate hf.co/OWNER/REPO/FILE.gguf    reads a few megabytes

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
    /// Type of the cached values, if not that of the keys
    #[arg(long, value_enum, value_name = "TYPE")]
    pub kv_type_v: Option<KvType>,
    /// One cache for all sequences, so that each can grow to the whole context
    #[arg(long)]
    pub kv_unified: bool,
    /// Tokens that go through the graph at once
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = whole::<u32>(1..=65536))]
    pub micro_batch: u32,
    /// Sequences at once, which share the context
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u32>(1..=256))]
    pub sequences: u32,
    /// Backend of the GPUs, if not the usual one
    #[arg(long, value_enum, value_name = "NAME")]
    pub backend: Option<Backend>,
    /// Layers to put on GPUs, the output counted as one more (default: what decodes fastest)
    #[arg(long, visible_alias = "ngl", value_name = "N", value_parser = whole::<u32>(0..=MOST))]
    pub gpu_layers: Option<u32>,
    /// Tokens in the cache at which to predict the decode speed
    #[arg(long, value_name = "N", default_value = "0", value_parser = depth)]
    pub depth: u32,
    /// Length of the prompt that the times are for, in tokens [default: 512, or what the context holds]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=MOST))]
    pub prompt_tokens: Option<u32>,
    /// Length of the answer that the times are for, thinking included, in tokens [default: 2048, or what the
    /// context holds]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=MOST))]
    pub output_tokens: Option<u32>,
    /// The task that the times are for, by its usual length of answer: `chat`, `code` or `mathematics`
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

/// The context by default, in tokens.
const DEFAULT_CONTEXT: u32 = 8192;

/// The prompt and the answer by default, in tokens.
const PROMPT: u32 = Task::USUAL.prompt_tokens;
const ANSWER: u32 = Task::USUAL.output_tokens;

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

    /// The context, and the prompt and the answer, which it must hold. By default no longer than the model was trained
    /// for.
    fn task(&self, catalog: &Catalog, trained: u32) -> Result<(u32, Task), Error> {
        let named = self.task.as_deref().map(|name| catalog.answer_length(name)).transpose();
        let named = named.map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        let of_task = named.map(|task| self.answer.tokens(task));
        let sequences = self.sequences;
        let context = self.context.unwrap_or_else(|| {
            let task = of_task.map_or(0, |output| output + self.prompt_tokens.unwrap_or(PROMPT));
            let wanted = DEFAULT_CONTEXT.max(task.saturating_mul(sequences).next_multiple_of(1024));
            wanted.min(self.longest(trained)).max(1)
        });
        let room = self.run(context).context_per_sequence();
        let prompt_tokens = self.prompt_tokens.unwrap_or_else(|| PROMPT.min(room / 4).max(1));
        let output_tokens = self
            .output_tokens
            .or(of_task)
            .unwrap_or_else(|| ANSWER.min(room.saturating_sub(prompt_tokens)).max(1));
        let needed = prompt_tokens.saturating_add(output_tokens).max(self.depth);
        if needed > room {
            let (depth, context) = (self.depth, needed.saturating_mul(sequences));
            let (prompt, output) = (prompt_tokens, output_tokens);
            return Err(Error::usage(message!(EstimateContextTooSmall { room, prompt, output, depth }))
                .hint(Some(message!(EstimateContextTooSmallHint { context }))));
        }
        Ok((context, Task { prompt_tokens, output_tokens }))
    }

    /// The longest context of a model that was trained for so much of it.
    const fn longest(&self, trained: u32) -> u32 {
        trained.saturating_mul(if self.kv_unified { 1 } else { self.sequences })
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
                let (backend, usual) = (backend.to_string(), gpu.default_backend().to_string());
                Err(Error::usage(message!(EstimateBackendVendor { backend, gpu: &gpu.name }))
                    .hint(Some(message!(EstimateBackendVendorHint { usual }))))
            }
            None if machine.gpus.is_empty() => {
                Err(Error::usage(message!(EstimateBackendAlone { backend: backend.to_string() }))
                    .hint(Some(message!(EstimateBackendAloneHint))))
            }
            None => Ok(()),
        }
    }

    /// The file of the model on this machine, whose header says more than a rule; none for another machine, which has
    /// files of its own.
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
    let (tokens, task) = args.task(&catalog, trained)?;
    let run = args.run(tokens);
    let each = run.context_per_sequence();
    if each > trained {
        let (model, most) = (subject.model.id, args.longest(trained));
        return Err(Error::usage(message!(EstimateContextTooLong { model, trained, asked: each }))
            .hint(Some(message!(EstimateContextTooLongHint { most }))));
    }
    let latent = matches!(subject.model.architecture.attention, Attention::Latent { .. });
    if latent && subject.latent == LatentLayout::Split && run.kv_value_type.is_some() {
        let model = subject.model.id;
        return Err(
            Error::usage(message!(EstimateNoValues { model })).hint(Some(message!(EstimateNoValuesHint)))
        );
    }
    let mut machine = machine_source::machine(context, &args.machine, &catalog)?;
    args.fit_backend(&mut machine)?;
    if machine.gpus.is_empty() && args.gpu_layers.is_some_and(|layers| layers > 0) {
        context.printer.note(message!(EstimateNoGpuForLayers));
    }
    let request = Request {
        run,
        task,
        depth: args.depth,
        backend: args.backend,
        offload: args.gpu_layers.map(|gpu_layers| Offload { gpu_layers, expert_layers_in_ram: 0 }),
        prefill_depth: 0,
        answer_lengths: catalog.answer_lengths()?.to_vec(),
    };
    let computed = estimate(&subject, &machine, &request, &lessons::calibration(&catalog, &machine));
    let estimate = match llama_plan::plan(&subject, computed.memory.placement.kind, &request.run) {
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

/// The model in the quant that `ID:QUANT` names, with its tensors.
fn subject<'a>(catalog: &'a Catalog, target: &str, latent: LatentLayout) -> Result<Subject<'a>, Error> {
    let (model, quant) = catalog.target(target).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
    let Some(quant) = quant else {
        return Err(Error::usage(message!(EstimateNoQuant { target }))
            .hint(Some(message!(EstimateNoQuantHint { target }))));
    };
    Subject::of_latent(model, quant, latent).ok_or_else(|| no_such_artifact(catalog, model, quant))
}

fn no_such_artifact(catalog: &Catalog, model: &Model, quant: &Quant) -> Error {
    let known = catalog.quants().iter().filter(|other| Subject::of(model, other).is_some());
    let near = nearest(&quant.id, known.map(|other| other.id.as_str()));
    let (model, quant) = (&model.id, &quant.id);
    Error::usage(message!(EstimateNoArtifact { model, quant }))
        .hint(near.map(|near| message!(EstimateNoArtifactHint { target: format!("{model}:{near}") })))
}

fn depth(text: &str) -> Result<u32, FlagError> {
    if number(text) == Some(0.0) { Ok(0) } else { context_length(text) }
}
