use super::machine;
use super::row::Measurement;
use super::spread::spreads;
use crate::calibration::{Constant, Constants, Phase, Quantity};
use crate::catalog::{Calibration, Catalog};
use crate::estimate::{
    EngineAge, Fit, Placement, PreparedSpeed, Reserve, Site, Speed, Subject, Task, place, place_layers,
};
use crate::gguf::{LatentLayout, Mix};
use crate::least_squares::Search;
use crate::machine::{Backend, GpuClass, Machine};
use crate::message;
use crate::run_config::{KvType, RunConfig};
use crate::validate::fit::{Robust, Scheme};
use crate::validate::{About, Case, Class, Kind, LeftOut, MEASURES, Measures, Observation, Unresolved};

/// Errors, as logarithms, up to which the loss grows with their square.
const DECODE_SCALE: f64 = 0.07;
const PREFILL_SCALE: f64 = 0.15;

/// A measurement of one machine with everything that its prediction takes.
#[derive(Clone, Debug)]
pub struct LocalCase<'a> {
    /// The row.
    pub row: &'a Measurement,
    machine: Machine,
    subject: Subject<'a>,
    backend: Backend,
    /// Whether CPU and GPUs share the work.
    offload: bool,
    placement: Placement,
    config: RunConfig,
    engine: EngineAge,
}

impl<'a> Case<'a> for LocalCase<'a> {
    type Row = Measurement;
    type Table = Constant;
    type Calibration = Calibration;

    const KIND: &'static Kind = &Kind {
        is_served: false,
        left_out: &["leaving_out_the_device"],
        measures: &["decode", "prefill"],
        titles: &["decode", "prefill"],
        figures: &["predicted_decode", "measured_decode", "predicted_prefill", "measured_prefill"],
        column_suffix: "_tokens_per_second",
    };
    const SCHEME: Scheme = Scheme {
        search: Search { rounds: 40, tries: 6, growth: 4.0, least_damping: 1e-7, gain: 1e-5 },
        rounds_without_group: 8,
        step: 1e-4,
        reach: 1.0,
        robust: Robust::Reweighted,
        often: 4.0,
        alignments: 1,
    };

    fn of(row: &'a Measurement, catalog: &'a Catalog) -> Result<Self, Unresolved> {
        let machine = machine::machine(row, catalog)?;
        let subject = subject(row, catalog)?;
        let offload = row.backend.contains("+CPU");
        let backend = backend(row, &machine)?;
        let config = config(row);
        let site = Site {
            subject: &subject,
            machine: &machine,
            config: &config,
            task: Task::USUAL,
            reserve: Reserve::for_machine(&machine),
            backend: Some(backend).filter(|backend| *backend != Backend::Cpu),
            calibration: catalog.calibration(),
        };
        // How CPU and GPUs shared it is not stated; without a share of the CPU it fitted on the card, whatever else that
        // card was busy with.
        let fit =
            if offload || machine.gpus.is_empty() { place(&site) } else { place_layers(&site, u32::MAX) };
        let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = fit;
        Ok(Self { row, engine: engine(&row.date), machine, subject, backend, offload, placement, config })
    }

    fn row(&self) -> &'a Measurement {
        self.row
    }

    fn measured(&self) -> Measures {
        Self::stated(self.row)
    }

    /// The device: boards with the same chip are one.
    fn group(&self, _: LeftOut) -> String {
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

    fn understood(&self) -> String {
        self.machine.name.clone()
    }

    fn classes(&self) -> Vec<(&'static str, Class)> {
        let place = match self.machine.gpus.len() {
            _ if self.offload => Class::new("GPU and CPU", message!(ValidateClassOffload)),
            0 => Class::new("CPU", message!(ValidateClassCpu)),
            1 => Class::new("one GPU", message!(ValidateClassOneGpu)),
            _ => Class::new("several GPUs", message!(ValidateClassSeveralGpus)),
        };
        let vendor = self.machine.gpus.first().map_or_else(|| "CPU".to_owned(), |gpu| gpu.vendor.to_string());
        let depth = match self.decode_depth() {
            depth if depth < 1024.0 => Class::new("up to 1k", message!(ValidateClassShallow)),
            depth if depth < 8192.0 => Class::new("1k to 8k", message!(ValidateClassDeeper)),
            _ => Class::new("8k and deeper", message!(ValidateClassDeepest)),
        };
        let (r1, reference) = (message!(ValidateClassR1), message!(ValidateClassReference));
        let (key, words, old, new) = if self.is_r1() {
            ("R1", r1, message!(ValidateClassR1Old), message!(ValidateClassR1New))
        } else {
            let (old, new) = (message!(ValidateClassReferenceOld), message!(ValidateClassReferenceNew));
            ("reference", reference, old, new)
        };
        let age = if self.row.is_before("2024-10") {
            Class::new(format!("{key}, before 2024-10"), old)
        } else {
            Class::new(format!("{key}, since 2024-10"), new)
        };
        vec![
            ("shape", Class::new(key, words)),
            ("age", age),
            ("place", place),
            ("backend", Class::name(self.backend.to_string())),
            ("vendor", Class::name(vendor)),
            ("model", Class::name(self.subject.model.id)),
            ("quant", Class::name(&self.row.quant)),
            ("depth", depth),
        ]
    }

    fn about(row: &Measurement) -> About {
        About::Local { target: format!("{}:{}", row.shape, row.quant) }
    }

    fn stated(row: &Measurement) -> Measures {
        [row.decode_tokens_per_second, row.prefill_tokens_per_second, None]
    }

    fn observations<'c>(&'c self, blank: &'c Calibration) -> Vec<Observation<'c, Constant>> {
        let (tokens, depth) = self.prompt();
        let batch = f64::from(self.config.micro_batch.min(tokens).max(1));
        let speed = self.speed(blank);
        let [decode, prefill, _] = self.measured();
        // Decoding on a card behind one lane of a single-board computer waits for that computer's launches, and says
        // little of the card.
        let one_lane = self.machine.gpus.iter().any(|gpu| gpu.pcie.is_some_and(|link| link.width == 1));
        let of_decode = Observation {
            trust: if one_lane { 0.05 } else { 1.0 },
            scale: [DECODE_SCALE; MEASURES],
            often: format!("decode {}", self.group(LeftOut::Device)),
            phase: Phase::Decode,
            measured: [decode, None, None],
            predict: Box::new({
                let speed = speed.clone();
                move |constants: &Constants| {
                    let time = speed.decode_time(constants, self.decode_depth());
                    [time.map(|time| 1.0 / time.0), None, None]
                }
            }),
        };
        let of_prefill = Observation {
            trust: 1.0,
            scale: [PREFILL_SCALE; MEASURES],
            often: format!("prefill {}", self.group(LeftOut::Device)),
            phase: Phase::Prefill,
            measured: [None, prefill, None],
            predict: Box::new(move |constants: &Constants| {
                let time = speed.prefill_time(constants, tokens, depth);
                [None, time.map(|time| batch / time.0), None]
            }),
        };
        let is_measured = |one: &Observation<'_, Constant>| one.measured.iter().any(Option::is_some);
        [of_decode, of_prefill].into_iter().filter(is_measured).collect()
    }

    fn constants(calibration: &Calibration) -> &Constants {
        &calibration.constants
    }

    fn interval(&self, calibration: &Calibration, measure: usize) -> (f64, f64) {
        let quantity = if measure == 0 { Quantity::Decode } else { Quantity::Prefill };
        calibration.spreads.factors(quantity, self.speed(calibration).setting())
    }

    fn calibration(cases: &[Self], constants: Constants, predicted: &[Measures]) -> Calibration {
        Calibration { constants, spreads: spreads(cases, predicted), lessons: Vec::new() }
    }
}

impl LocalCase<'_> {
    pub(super) fn speed<'c>(&'c self, calibration: &'c Calibration) -> PreparedSpeed<'c> {
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
            Some((_, noted)) => !noted.starts_with('0'),
            None => by_itself,
        }
    }

    /// Tokens in the cache in the middle of what was decoded.
    fn decode_depth(&self) -> f64 {
        f64::from(self.row.context_depth.unwrap_or(0))
            + f64::from(self.row.output_tokens.unwrap_or(128)) / 2.0
    }

    /// Tokens of the prompt, and where it begins.
    fn prompt(&self) -> (u32, u32) {
        let tokens = self.row.prompt_tokens.unwrap_or(512).max(1);
        let whole = self.row.note.contains("pp over full prompt");
        (tokens, if whole { 0 } else { self.row.context_depth.unwrap_or(0) })
    }

    /// Whether the model is an R1, and not a shape that scoreboards measure with.
    #[must_use]
    pub fn is_r1(&self) -> bool {
        self.subject.model.catalog.is_some()
    }
}

fn subject<'a>(row: &'a Measurement, catalog: &'a Catalog) -> Result<Subject<'a>, Unresolved> {
    let quant = catalog.quant(&row.quant)?;
    let shape = catalog.reference_shape(&row.shape)?;
    let mix = Mix::nearest_to(&quant.id, quant.importance_matrix);
    if let Some(shape) = shape {
        return Ok(Subject::of_shape(&shape.id, &shape.architecture, &quant.id, mix));
    }
    let model = catalog.model(&row.shape)?;
    // Where no mix of a maker is published for this model, it is as large as the rule makes it.
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
        _ => Err(Unresolved::Backend(row.backend.clone())),
    }
}

fn config(row: &Measurement) -> RunConfig {
    let depth = row.context_depth.unwrap_or(0);
    let context = depth + row.prompt_tokens.unwrap_or(512) + row.output_tokens.unwrap_or(128);
    RunConfig {
        context: context.max(512),
        kv_type: if row.note.contains("-ctk q8_0") { KvType::Q8_0 } else { KvType::F16 },
        // `llama-bench` had it off by default up to 2025-08; since then the engine decides.
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
