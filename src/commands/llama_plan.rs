use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, EngineError, EngineKind, LoadMode, LoadRequest, SessionRequest};
use crate::error::{Exit, Failure};
use crate::estimate::{CpuPlan, PlacementKind, Subject};
use crate::gguf::generate::{GenerateError, SyntheticModel};
use crate::gguf::{Mix, metadata};
use crate::message;
use crate::message::Message;
use crate::render;
use crate::run_config::{Loading, RunConfig};

/// Why llama.cpp did not plan.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum PlanError {
    /// The placement uses devices that the bundled engine does not have.
    NotHere {
        /// The placement.
        placement: PlacementKind,
    },
    /// The quant's mix is no rule, so that its tensors are not known.
    NoTensors {
        /// The quant.
        quant: String,
    },
    /// The engine failed.
    Engine(#[from] EngineError),
    /// The header could not be written.
    Header(#[from] GenerateError),
    /// There is no place for the header.
    Temporary(#[from] std::io::Error),
}

impl Failure for PlanError {
    fn message(&self) -> Message {
        match self {
            Self::NotHere { placement } => {
                message!(PlanNotHere { placement: render::placement(*placement) })
            }
            Self::NoTensors { quant } => message!(PlanNoTensors { quant }),
            Self::Engine(error) => error.message(),
            Self::Header(error) => error.message(),
            Self::Temporary(source) => message!(PlanTemporary).because(source),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::NotHere { .. } => message!(PlanNotHereHint),
            Self::NoTensors { .. } => message!(PlanNoTensorsHint),
            Self::Engine(error) => error.hint().unwrap_or_else(|| message!(PlanHint)),
            Self::Header(_) | Self::Temporary(_) => message!(PlanTemporaryHint),
        })
    }

    fn exit(&self) -> Exit {
        Exit::Engine
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
    SyntheticModel::new(&keys, &subject.layout()).write_header_only(&file)?;
    let mut engine = WorkerEngine::start(EngineKind::Llama, Arc::new(AtomicBool::new(false)))?;
    let request =
        LoadRequest { path: file.to_path_buf(), mode: LoadMode::Plan, loading: Loading::without_gpus() };
    let mut model = engine.load(&request)?;
    let mut planned =
        |outputs| model.open(&SessionRequest { config: config.clone(), threads: 1, outputs })?.memory();
    Ok(CpuPlan { reserved: planned(None)?, needed: planned(Some(config.sequences.max(1)))? })
}
