//! What is to be measured: a file of the user's, or a model to write a file of.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::model_args::ModelArgs;
use crate::bench::synthetic::{Placed, SyntheticFile};
use crate::bench::{BenchError, BenchPlan, Predictions, Subject, for_users};
use crate::catalog::{Calibration, Catalog, Model, Quant};
use crate::commands::Context;
use crate::commands::local::{self, LocalArgs};
use crate::engine::Device;
use crate::error::{Error, Exit};
use crate::estimate::{self, Offload, PredictedRate, Task, estimate};
use crate::gguf::read_header;
use crate::input_file;
use crate::machine::Machine;
use crate::message;
use crate::units::Bytes;

/// What is to be measured.
pub(super) enum Target<'a> {
    /// A file of the user's; of a model and quant, where it was found by these.
    File { path: PathBuf, bytes: Bytes, known: Option<(&'a Model, &'a Quant)>, trained: Option<u32> },
    /// A model of the catalog, with random weights.
    Synthetic { model: &'a Model, quant: &'a Quant, file: SyntheticFile },
}

impl<'a> Target<'a> {
    pub(super) fn of(context: &Context, args: &ModelArgs, catalog: &'a Catalog) -> Result<Self, Error> {
        if is_path(&args.target) {
            if args.synthetic {
                let mistake = message!(BenchFileSynthetic { target: &args.target });
                return Err(Error::usage(mistake).hint(Some(message!(BenchFileSyntheticHint))));
            }
            return Self::file(Path::new(&args.target));
        }
        let (model, quant) =
            catalog.target(&args.target).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        let Some(quant) = quant else {
            let target = &args.target;
            let hint = message!(BenchNoQuantHint { target });
            return Err(Error::usage(message!(BenchNoQuant { target })).hint(Some(hint)));
        };
        if !args.synthetic {
            return Self::on_this_machine(context, catalog, model, quant);
        }
        let folder = args.cache_dir.clone().unwrap_or_else(default_folder);
        let file = SyntheticFile::new(model, quant, &folder)?;
        if let Some(rule) = file.stands_in_by() {
            let rule = rule.to_string();
            context.printer.note(message!(BenchStandInNote { quant: &quant.id, rule }));
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
            let target = &format!("{}:{}", model.id, quant.id);
            let hint = message!(BenchNoFileHint { target });
            return Err(Error::usage(message!(BenchNoFile { target })).hint(Some(hint)));
        };
        let (bytes, files) = (found.local.bytes(), found.local.files);
        let path = files.into_iter().next().map(|file| file.path).unwrap_or_default();
        context.printer.tell(message!(BenchMeasuringFile { path: &path }));
        let trained = Some(model.architecture.context_trained);
        Ok(Self::File { path, bytes, known: Some((model, quant)), trained })
    }

    fn file(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| BenchError::Unreadable { path: path.to_owned(), source };
        let file = input_file::open(path).map_err(unreadable)?;
        let bytes = Bytes(file.metadata().map_err(unreadable)?.len());
        let trained = read_header(BufReader::new(file), bytes)?.context_trained();
        Ok(Self::File { path: path.to_owned(), bytes, known: None, trained })
    }

    /// The model, where it is one of the catalog.
    pub(super) fn model(&self) -> Option<&'a Model> {
        self.known().map(|(model, _)| model)
    }

    /// Refuses a plan that goes beyond the context that the model was trained for.
    pub(super) fn check_context(&self, plan: &BenchPlan) -> Result<(), Error> {
        let trained = match self {
            Self::File { trained, .. } => *trained,
            Self::Synthetic { model, .. } => Some(model.architecture.context_trained),
        };
        let needed = plan.depth.saturating_add(plan.prefill_tokens.max(plan.decode_tokens));
        match trained.filter(|trained| needed > *trained) {
            None => Ok(()),
            Some(trained) => Err(Error::usage(message!(BenchBeyondTraining { trained, needed }))
                .hint(Some(message!(BenchBeyondTrainingHint { trained })))),
        }
    }

    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::File { path, bytes, known, .. } => Subject {
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

    /// The model and quant, where they are those of the catalog.
    fn known(&self) -> Option<(&'a Model, &'a Quant)> {
        match self {
            Self::Synthetic { model, quant, .. } => Some((model, quant)),
            Self::File { known, .. } => *known,
        }
    }
}

/// Predicts a target's speed and memory on this machine.
pub(super) struct Predictor<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) machine: &'a Machine,
    /// Those that the engine sees.
    pub(super) devices: &'a [Device],
    pub(super) calibration: Calibration,
}

impl Predictor<'_> {
    /// The predictions for a plan, where the model is known.
    pub(super) fn predictions(&self, plan: &BenchPlan) -> Option<Predictions> {
        let (model, quant) = self.target.known()?;
        // The hardware of other machines is not known.
        if self.devices.iter().any(Device::is_remote) && plan.loading.gpu_layers != Some(0) {
            return None;
        }
        let mut machine = self.machine.clone();
        machine.cpu.usable_threads = plan.threads;
        let gpu = self.devices.iter().find(|device| device.is_gpu());
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
            // By default llama.cpp puts all layers on GPUs.
            offload: Some(Offload {
                gpu_layers: plan.loading.gpu_layers.unwrap_or(u32::MAX),
                expert_layers_in_ram: plan.loading.expert_layers_in_ram,
            }),
            answer_lengths: Vec::new(),
        };
        let subject = estimate::Subject::of(model, quant)?;
        let estimate = estimate(&subject, &machine, &request, &self.calibration);
        Some(Predictions {
            prefill: estimate.prefill,
            decode: estimate.decode,
            memory: estimate.memory.total_bytes,
            fits: matches!(estimate.fits, estimate::FitSummary::Fits { .. }),
        })
    }

    /// The speed of `users` together, each behind a prompt of their own.
    pub(super) fn crowd(&self, plan: &BenchPlan, users: u32) -> Option<PredictedRate> {
        let plan = BenchPlan { depth: plan.prefill_tokens, ..for_users(plan, users) };
        Some(self.predictions(&plan)?.decode?.of_all(users))
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
