use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::both;
use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, EngineError, EngineKind, LoadMode, LoadRequest, SessionRequest};
use crate::estimate::{CpuPlan, PlacementKind, Subject};
use crate::gguf::generate::{GenerateError, SyntheticModel};
use crate::gguf::{Mix, metadata};
use crate::lang::{Lang, Text};
use crate::run_config::{Loading, RunConfig};

/// Why llama.cpp did not plan.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
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
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The header could not be written.
    #[error(transparent)]
    Header(#[from] GenerateError),
    /// There is no place for the header.
    Temporary(#[from] std::io::Error),
}

impl PlanError {
    /// Why not.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::NotHere { placement } => {
                let (en, zh) = (placement.label(Lang::En), placement.label(Lang::Zh));
                both!(
                    "llama.cpp plans only for devices that it can see, and `{en}` is planned for",
                    "llama.cpp 只为它看得到的设备做规划，而这里要规划的是“{zh}”"
                )
            }
            Self::NoTensors { quant } => both!(
                "the tensors of `{quant}` are a choice of its makers, and only their published size is known",
                "`{quant}` 各张量的类型由发布者自选，只知道公布的大小"
            ),
            Self::Engine(error) => error.told(),
            Self::Header(error) => error.to_string().into(),
            Self::Temporary(_) => both!("could not make a temporary file", "无法创建临时文件"),
        }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Text {
        let formula = || both!("leave `--plan` out: the formula answers", "去掉 `--plan`，改用公式估算");
        match self {
            Self::NotHere { .. } => both!(
                "leave `--plan` out: the formula answers for machines that are not here",
                "去掉 `--plan`：不在手边的机器用公式估算"
            ),
            Self::NoTensors { .. } => both!(
                "leave `--plan` out, or name a quant without `UD-`",
                "去掉 `--plan`，或换一个不带 `UD-` 的量化格式"
            ),
            Self::Engine(error) => error.hint().unwrap_or_else(formula),
            Self::Header(_) | Self::Temporary(_) => {
                both!("check the space in the folder for temporary files", "请检查临时文件目录的剩余空间")
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
