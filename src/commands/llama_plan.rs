use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, EngineError, EngineKind, LoadMode, LoadRequest, SessionRequest};
use crate::estimate::{CpuPlan, PlacementKind, Subject};
use crate::gguf::generate::{GenerateError, SyntheticModel};
use crate::gguf::{Mix, metadata};
use crate::run_config::{Loading, RunConfig};

/// Why llama.cpp did not plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The placement uses devices that the bundled engine does not have.
    #[error("llama.cpp plans only for devices that it can see, and `{}` is planned for", .placement.label())]
    NotHere {
        /// The placement.
        placement: PlacementKind,
    },
    /// The quant's mix is no rule, so that its tensors are not known.
    #[error("the tensors of `{quant}` are a choice of its makers, and only their published size is known")]
    NoTensors {
        /// The quant.
        quant: String,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The header could not be written.
    #[error(transparent)]
    Header(#[from] GenerateError),
    /// There is no place for the header.
    #[error("could not make a temporary file")]
    Temporary(#[from] std::io::Error),
}

impl PlanError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotHere { .. } => {
                "leave `--plan` out: the formula answers for machines that are not here".to_owned()
            }
            Self::NoTensors { .. } => "leave `--plan` out, or name a quant without `UD-`".to_owned(),
            Self::Engine(error) => {
                error.hint().unwrap_or_else(|| "leave `--plan` out: the formula answers".to_owned())
            }
            Self::Header(_) | Self::Temporary(_) => {
                "check the space in the folder for temporary files".to_owned()
            }
        }
    }
}

/// What llama.cpp itself plans for a model on the CPU, asked of a child process over a file that has a header
/// and a hole for the weights: milliseconds and kilobytes, for the 671B too.
pub fn plan(
    subject: &Subject<'_>,
    placement: PlacementKind,
    config: &RunConfig,
) -> Result<CpuPlan, PlanError> {
    if placement != PlacementKind::CpuOnly {
        return Err(PlanError::NotHere { placement });
    }
    // Of a file every tensor is known, and the mix is but a label in the header.
    let mix = Mix::named(&subject.quant, false)
        .or_else(|| subject.file.and_then(|_| Mix::named("F16", false)))
        .filter(|_| !subject.is_published_size())
        .ok_or_else(|| PlanError::NoTensors { quant: subject.quant.clone() })?;
    let architecture = subject.model.architecture;
    let keys = metadata(subject.model.id, architecture, mix, subject.latent);
    let file =
        tempfile::Builder::new().prefix("r1-advisor-plan-").suffix(".gguf").tempfile()?.into_temp_path();
    SyntheticModel::new(&keys, &subject.layout).write_header_only(&file)?;
    let mut engine = WorkerEngine::start(EngineKind::Llama, Arc::new(AtomicBool::new(false)))?;
    let request =
        LoadRequest { path: file.to_path_buf(), mode: LoadMode::Plan, loading: Loading::without_gpus() };
    let mut model = engine.load(&request)?;
    let mut planned =
        |outputs| model.open(&SessionRequest { config: config.clone(), threads: 1, outputs })?.memory();
    Ok(CpuPlan { reserved: planned(None)?, asked: planned(Some(config.sequences.max(1)))? })
}
