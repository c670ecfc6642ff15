//! What is to be measured: a file of the user's, or a model to write a file of.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::model_args::ModelArgs;
use crate::bench::synthetic::{Placed, SyntheticFile};
use crate::bench::{BenchError, BenchPlan, Predictions, Subject, for_users};
use crate::both;
use crate::catalog::{Calibration, Catalog, Model, Quant};
use crate::commands::Context;
use crate::commands::local::{self, LocalArgs};
use crate::engine::Device;
use crate::error::{Error, Exit};
use crate::estimate::{self, Offload, PredictedRate, Task, estimate};
use crate::gguf::read_header;
use crate::machine::Machine;
use crate::units::Bytes;

/// What is to be measured.
pub(super) enum Target<'a> {
    /// A file of the user's; of a model and quant, where it was found by these.
    File { path: PathBuf, bytes: Bytes, known: Option<(&'a Model, &'a Quant)> },
    /// A model of the catalog, with random weights.
    Synthetic { model: &'a Model, quant: &'a Quant, file: SyntheticFile },
}

impl<'a> Target<'a> {
    pub(super) fn of(context: &Context, args: &ModelArgs, catalog: &'a Catalog) -> Result<Self, Error> {
        if is_path(&args.target) {
            if args.synthetic {
                return Err(Error::usage(format!("`{}` is a file, not a model", args.target))
                    .hint(Some("leave `--synthetic` out, or name a model such as `7b:Q4_K_M`")));
            }
            return Self::file(Path::new(&args.target));
        }
        let (model, quant) = catalog
            .target(&args.target)
            .map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
        let Some(quant) = quant else {
            return Err(Error::usage(format!("`{}` names no quant", args.target))
                .hint(Some(format!("write it like `{}:Q4_K_M`", args.target))));
        };
        if !args.synthetic {
            return Self::on_this_machine(context, catalog, model, quant);
        }
        let folder = args.cache_dir.clone().unwrap_or_else(default_folder);
        let file = SyntheticFile::new(model, quant, &folder).map_err(super::bench_error)?;
        if let Some(rule) = file.stands_in_by() {
            context.printer.note(both!(
                "the tensor types of {} are its makers' choice: measured is {rule} with as many tensors in more or fewer bits as \
                 its published size says",
                "{} 的张量类型由制作者自选：实测的是 {rule}，并按其公布的大小提高或降低部分张量的位数",
                quant.id
            ));
        }
        Ok(Self::Synthetic { model, quant, file })
    }

    /// A file that `models --local` lists, where its header says that it is that model in that quant.
    fn on_this_machine(
        context: &Context,
        catalog: &'a Catalog,
        model: &'a Model,
        quant: &'a Quant,
    ) -> Result<Self, Error> {
        let Some(found) = local::find(&LocalArgs::default().places(), catalog, model, quant) else {
            return Err(Error::usage(format!("no file of `{}:{}` is on this machine", model.id, quant.id)).hint(
                Some(format!(
                    "fetch it with `r1-advisor pull {}:{}`, or add `--synthetic` to measure random weights of its \
                     exact shapes, which run at the same speed",
                    model.id, quant.id
                )),
            ));
        };
        let (bytes, files) = (found.local.bytes(), found.local.files);
        let path = files.into_iter().next().map(|file| file.path).unwrap_or_default();
        context.printer.say(format!("measuring {}", path.display()));
        Ok(Self::File { path, bytes, known: Some((model, quant)) })
    }

    fn file(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| BenchError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(|error| super::bench_error(unreadable(error)))?;
        let bytes = Bytes(file.metadata().map_err(|error| super::bench_error(unreadable(error)))?.len());
        read_header(BufReader::new(file), bytes)?;
        Ok(Self::File { path: path.to_owned(), bytes, known: None })
    }

    /// The model, where it is one of the catalog.
    pub(super) fn model(&self) -> Option<&'a Model> {
        match self {
            Self::Synthetic { model, .. } => Some(model),
            Self::File { known, .. } => known.map(|(model, _)| model),
        }
    }

    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::File { path, bytes, known } => Subject {
                model: known.map(|(model, _)| model.id.clone()),
                quant: known.map(|(_, quant)| quant.id.clone()),
                file: Some(path.clone()),
                synthetic: false,
                stand_in: None,
                file_bytes: *bytes,
            },
            Self::Synthetic { model, quant, file } => Subject {
                model: Some(model.id.clone()),
                quant: Some(quant.id.clone()),
                file: None,
                synthetic: true,
                stand_in: file.stands_in_by().map(|rule| rule.to_string()),
                file_bytes: file.bytes(),
            },
        }
    }

    /// A file with the header at least, to plan memory for.
    pub(super) fn header(&self) -> Result<Placed, BenchError> {
        match self {
            Self::File { path, .. } => Ok(Placed::Kept(path.clone())),
            Self::Synthetic { file, .. } => file.place_header(),
        }
    }

    /// What is reckoned of it, where the model is known.
    pub(super) fn predictions(
        &self,
        (machine, devices): (&Machine, &[Device]),
        plan: &BenchPlan,
        calibration: &Calibration,
    ) -> Option<Predictions> {
        let (model, quant) = match self {
            Self::Synthetic { model, quant, .. } => (*model, *quant),
            Self::File { known, .. } => (*known)?,
        };
        // What stands in other machines is not known.
        if devices.iter().any(Device::is_remote) && plan.loading.gpu_layers != Some(0) {
            return None;
        }
        let mut machine = machine.clone();
        machine.cpu.usable_threads = plan.threads;
        let gpu = devices.iter().find(|device| device.is_gpu());
        if gpu.is_none() || plan.loading.gpu_layers == Some(0) {
            machine.gpus.clear();
        }
        let request = estimate::Request {
            run: plan.config.clone(),
            task: Task { prompt_tokens: plan.prefill_tokens.max(1), output_tokens: plan.decode_tokens },
            // Decoding begins at the depth and goes on from there.
            depth: plan.depth + plan.decode_tokens / 2,
            prefill_depth: plan.depth,
            backend: gpu.filter(|_| !machine.gpus.is_empty()).and_then(Device::backend),
            // Where nothing is told, llama.cpp puts all on GPUs.
            offload: Some(Offload {
                gpu_layers: plan.loading.gpu_layers.unwrap_or(u32::MAX),
                expert_layers_in_ram: plan.loading.expert_layers_in_ram,
            }),
            answer_lengths: Vec::new(),
        };
        let estimate = estimate(&estimate::Subject::of(model, quant)?, &machine, &request, calibration);
        Some(Predictions {
            prefill: estimate.prefill,
            decode: estimate.decode,
            memory: estimate.memory.total_bytes,
            fits: matches!(estimate.fits, estimate::FitSummary::Fits { .. }),
        })
    }

    /// What so many people are predicted to get together, each behind a prompt of their own.
    pub(super) fn crowd_prediction(
        &self,
        here: (&Machine, &[Device]),
        plan: &BenchPlan,
        users: u32,
        calibration: &Calibration,
    ) -> Option<PredictedRate> {
        let plan = BenchPlan { depth: plan.prefill_tokens, ..for_users(plan, users) };
        Some(self.predictions(here, &plan, calibration)?.decode?.of_all(users))
    }
}

/// Whether a target is meant as a file: it is there, or it looks like one.
fn is_path(target: &str) -> bool {
    target.to_ascii_lowercase().ends_with(".gguf")
        || target.contains(['/', '\\'])
        || Path::new(target).is_file()
}

pub(super) fn default_folder() -> PathBuf {
    use etcetera::BaseStrategy as _;
    let cache =
        etcetera::choose_base_strategy().map_or_else(|_| std::env::temp_dir(), |base| base.cache_dir());
    cache.join("r1-advisor").join("synthetic")
}
