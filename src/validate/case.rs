use super::hardware;
use super::row::Measurement;
use super::summary::{Prediction, Predictions};
use crate::catalog::{Calibration, Catalog, CatalogError, DescribeError};
use crate::estimate::{
    EngineAge, Fit, Placement, PredictedRate, PreparedSpeed, Reserve, Site, Speed, Subject, place,
    place_layers,
};
use crate::gguf::{LatentLayout, Mix};
use crate::machine::{Backend, GpuClass, Machine};
use crate::run_config::{KvType, RunConfig};

/// A measurement with everything that its prediction takes.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The row.
    pub row: &'a Measurement,
    /// The machine.
    pub machine: Machine,
    /// The model in its quant.
    pub subject: Subject<'a>,
    /// The backend.
    pub backend: Backend,
    /// Whether processors and GPUs share the work.
    pub offload: bool,
    /// Where its parts are.
    pub placement: Placement,
    /// How it ran.
    pub config: RunConfig,
    /// How old the engine was.
    pub engine: EngineAge,
}

/// Why a row cannot be predicted.
#[derive(Debug, thiserror::Error)]
pub enum Unresolved {
    /// The catalog does not know a name, or cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// No such machine can be put together.
    #[error(transparent)]
    Machine(#[from] DescribeError),
    /// No platform has that name.
    #[error("no CPU is called `{name}`")]
    Cpu {
        /// The name.
        name: String,
    },
    /// There is no such backend.
    #[error("`{backend}` is no backend of llama.cpp")]
    Backend {
        /// What the row says.
        backend: String,
    },
}

/// The rows that can be predicted, and the others with the reason.
#[must_use]
pub fn cases<'a>(
    rows: &'a [Measurement],
    catalog: &'a Catalog,
) -> (Vec<Case<'a>>, Vec<(&'a Measurement, Unresolved)>) {
    let (mut cases, mut unresolved) = (Vec::new(), Vec::new());
    for row in rows {
        match Case::of(row, catalog) {
            Ok(case) => cases.push(case),
            Err(reason) => unresolved.push((row, reason)),
        }
    }
    (cases, unresolved)
}

impl<'a> Case<'a> {
    /// Looks everything up that a row names.
    pub fn of(row: &'a Measurement, catalog: &'a Catalog) -> Result<Self, Unresolved> {
        let machine = hardware::machine(row, catalog)?;
        let subject = subject(row, catalog)?;
        let offload = row.backend.contains("+CPU");
        let backend = backend(row, &machine)?;
        let config = config(row);
        let site = Site {
            subject: &subject,
            machine: &machine,
            config: &config,
            reserve: Reserve::for_machine(&machine),
            backend: Some(backend).filter(|backend| *backend != Backend::Cpu),
            calibration: catalog.calibration(),
        };
        // Where processors had a share the way is not told; else it ran there, whatever else the card was busy with.
        let fit =
            if offload || machine.gpus.is_empty() { place(&site) } else { place_layers(&site, u32::MAX) };
        let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = fit;
        Ok(Self { row, engine: engine(&row.date), machine, subject, backend, offload, placement, config })
    }

    /// The speed of it, with the sums done.
    #[must_use]
    pub fn speed<'c>(&'c self, calibration: &'c Calibration) -> PreparedSpeed<'c> {
        Speed {
            subject: &self.subject,
            machine: &self.machine,
            placement: &self.placement,
            config: &self.config,
            backend: Some(self.backend).filter(|backend| *backend != Backend::Cpu),
            engine: self.engine,
            blas_lt: self.blas_lt(),
            calibration,
        }
        .prepared()
    }

    /// Whether ROCm had as much of its libraries as it has now: for the GPUs of Strix Halo, which came in 2025, rocBLAS
    /// took up hipBLASLt by itself with ROCm 7 in 2025-09.
    fn blas_lt(&self) -> bool {
        let by_itself = !("2025-01".."2025-09").contains(&self.row.date.as_str())
            || self.machine.gpus.first().and_then(|gpu| gpu.class) != Some(GpuClass::Rdna3Integrated);
        match self.row.note.split_once("hipblaslt=") {
            Some((_, told)) => !told.starts_with('0'),
            None => by_itself,
        }
    }

    /// Tokens in the cache in the middle of what was decoded.
    #[must_use]
    pub fn decode_depth(&self) -> f64 {
        f64::from(self.row.context_depth.unwrap_or(0))
            + f64::from(self.row.output_tokens.unwrap_or(128)) / 2.0
    }

    /// Tokens of the prompt, and where it begins.
    #[must_use]
    pub fn prompt(&self) -> (u32, u32) {
        let tokens = self.row.prompt_tokens.unwrap_or(512).max(1);
        let whole = self.row.note.contains("pp over full prompt");
        (tokens, if whole { 0 } else { self.row.context_depth.unwrap_or(0) })
    }

    /// What tells devices apart: boards with the same chip are one.
    #[must_use]
    pub fn device(&self) -> String {
        match self.machine.gpus.first() {
            Some(gpu) => match (gpu.class, gpu.fp32_flops) {
                (Some(class), Some(rate)) if gpu.power_limit_watts.is_some() => {
                    format!("{} {:.1}", class.name(), rate.0 / 1e12)
                }
                _ => gpu.accelerator.clone().unwrap_or_else(|| gpu.name.clone()),
            },
            None => self.machine.cpu.model.clone(),
        }
    }

    /// Whether the model is an R1, and not a shape that scoreboards measure with.
    #[must_use]
    pub fn is_r1(&self) -> bool {
        self.subject.model.catalog.is_some()
    }
}

/// Decode and prefill of a case, where they were measured and can be predicted.
#[must_use]
pub fn predictions(case: &Case<'_>, calibration: &Calibration) -> Predictions {
    let speed = case.speed(calibration);
    let (tokens, depth) = case.prompt();
    let held = |predicted: Option<PredictedRate>, measured: Option<f64>| {
        let (predicted, measured) = (predicted?, measured.filter(|rate| *rate > 0.0)?);
        Some(Prediction {
            predicted: predicted.tokens_per_second,
            low: predicted.interval.low,
            high: predicted.interval.high,
            measured,
        })
    };
    [
        held(speed.decode(case.decode_depth()), case.row.decode_tokens_per_second),
        held(speed.prefill(tokens, depth), case.row.prefill_tokens_per_second),
    ]
}

fn subject<'a>(row: &'a Measurement, catalog: &'a Catalog) -> Result<Subject<'a>, Unresolved> {
    let quant = catalog.quant(&row.quant)?;
    let shape = catalog.reference_shape(&row.shape)?;
    let mix = Mix::nearest_to(&quant.id, quant.importance_matrix);
    if let Some(shape) = shape {
        return Ok(Subject::of_shape(&shape.id, &shape.architecture, &quant.id, mix));
    }
    let model = catalog.model(&row.shape)?;
    // Where nobody published a maker's mix for this model, it is as large as the rule makes it.
    Ok(Subject::of(model, quant)
        .unwrap_or_else(|| Subject::new(model, &quant.id, mix, LatentLayout::default())))
}

fn backend(row: &Measurement, machine: &Machine) -> Result<Backend, Unresolved> {
    let usual = machine.gpus.first().map_or(Backend::Cpu, crate::machine::Gpu::default_backend);
    if machine.gpus.is_empty() {
        return Ok(Backend::Cpu);
    }
    let name = row.backend.trim_end_matches("+CPU").to_ascii_lowercase();
    match name.as_str() {
        "cuda" => Ok(Backend::Cuda),
        "vulkan" => Ok(Backend::Vulkan),
        "rocm" | "hip" => Ok(Backend::Rocm),
        "metal" => Ok(Backend::Metal),
        "sycl" => Ok(Backend::Sycl),
        "" | "unknown" => Ok(usual),
        _ => Err(Unresolved::Backend { backend: row.backend.clone() }),
    }
}

fn config(row: &Measurement) -> RunConfig {
    let depth = row.context_depth.unwrap_or(0);
    let context = depth + row.prompt_tokens.unwrap_or(512) + row.output_tokens.unwrap_or(128);
    RunConfig {
        context: context.max(512),
        kv_type: if row.note.contains("-ctk q8_0") { KvType::Q8_0 } else { KvType::F16 },
        // `llama-bench` leaves it off unless told, up to 2025-08; since then the engine decides.
        flash_attention: row.flash_attention.map_or(row.date.as_str() >= "2025-08", |on| on != 0),
        ..RunConfig::default()
    }
}

/// The age of the engine of a day, a month, a year or the start of a range of them.
fn engine(date: &str) -> EngineAge {
    match date.get(..date.len().min(7)).unwrap_or_default() {
        "" => EngineAge::Current,
        date if date < "2024-06" => EngineAge::BeforeGraphs,
        date if date < "2024-10" => EngineAge::Before202410,
        date if date < "2025-03" && date != "2025" && !date.starts_with("2025..") => EngineAge::BeforeRepack,
        _ => EngineAge::Current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_follow_from_dates_as_they_are_written() {
        for (date, age) in [
            ("2024-05", EngineAge::BeforeGraphs),
            ("2023-11..2025", EngineAge::BeforeGraphs),
            ("2024-09-14", EngineAge::Before202410),
            ("2024-12-24", EngineAge::BeforeRepack),
            ("2025..2026-09", EngineAge::Current),
            ("2026-02", EngineAge::Current),
            ("", EngineAge::Current),
        ] {
            assert_eq!(engine(date), age, "{date}");
        }
    }
}
