use std::io;

use super::{Align, Grid, Style, View, digits};
use crate::estimate::{
    Beyond, Binding, DecodeBinding, DeviceMemory, Estimate, FitSummary, Numa, PredictedRate,
};
use crate::units::{Bytes, TokenRate};

/// How wide a memory bar is.
const BAR: u64 = 40;

/// An estimate, drawn.
#[derive(Debug)]
pub struct EstimateView<'a> {
    /// What was reckoned.
    pub estimate: &'a Estimate,
}

impl View for EstimateView<'_> {
    type Data = Estimate;

    fn data(&self) -> &Estimate {
        self.estimate
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("device", Align::Left),
            ("weights_bytes", Align::Right),
            ("kv_cache_bytes", Align::Right),
            ("compute_bytes", Align::Right),
            ("reserve_bytes", Align::Right),
            ("free_bytes", Align::Right),
        ]);
        for device in &self.estimate.memory.devices {
            let parts = [
                device.weights_bytes,
                device.kv_cache_bytes,
                device.compute_bytes,
                device.reserve_bytes,
                device.free_bytes,
            ];
            let cells = parts.iter().map(|part| part.0.to_string());
            grid.push(std::iter::once(device.name.clone()).chain(cells).collect());
        }
        grid
    }

    fn draw(&self, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let estimate = self.estimate;
        let memory = &estimate.memory;
        writeln!(
            out,
            "{}:{}, {} tokens of context, {}",
            estimate.model,
            estimate.quant,
            estimate.run.context,
            memory.placement.label()
        )?;
        if let Some(file) = &estimate.file {
            writeln!(out, "from {file}")?;
        }
        let verdict = match estimate.fits {
            FitSummary::Fits { headroom_bytes } => {
                format!("fits, with {headroom_bytes} to spare on the tightest device")
            }
            FitSummary::TooLarge { shortfall_bytes } => {
                format!("does not fit: {shortfall_bytes} are missing")
            }
        };
        writeln!(out, "{verdict}\n")?;
        writeln!(
            out,
            "memory           {:>10}  held while it runs, where there is room",
            memory.total_bytes
        )?;
        for (name, part, basis) in [
            ("weights", memory.weights_bytes, estimate.basis.weights),
            ("KV cache", memory.kv_cache_bytes, estimate.basis.kv_cache),
            ("compute", memory.compute_bytes, estimate.basis.compute),
        ] {
            if part > Bytes::ZERO {
                writeln!(out, "  {name:<14} {part:>10}  {basis}")?;
            }
        }
        if memory.repack_bytes > Bytes::ZERO {
            writeln!(
                out,
                "  CPU repack     {:>10}  weights rearranged for the CPU, beside those of the file; the system drops one of the two when memory is short",
                memory.repack_bytes
            )?;
        }
        if memory.program_bytes > Bytes::ZERO {
            writeln!(
                out,
                "  program        {:>10}  the engine's own code, vocabulary and work space",
                memory.program_bytes
            )?;
        }
        if memory.untouched_bytes >= Bytes::mib(1) {
            writeln!(
                out,
                "  less           {:>10}  reserved for logits that answering does not ask for: never touched",
                memory.untouched_bytes
            )?;
        }
        writeln!(out)?;
        for device in memory.devices.iter().filter(|device| device.weights_bytes > Bytes::ZERO) {
            bar(device, out)?;
        }
        self.binds(out)?;
        self.numa(out)?;
        writeln!(out, "\nspeed            {}", estimate.basis.speed)?;
        rate("decode", estimate.decode, &format!("at {} tokens of depth", estimate.depth), out)?;
        rate("prefill", estimate.prefill, &format!("over {} tokens", estimate.task.prompt_tokens), out)?;
        self.times(out)?;
        self.context(out)?;
        if matches!(estimate.fits, FitSummary::TooLarge { .. }) {
            return Ok(());
        }
        writeln!(out, "\nllama.cpp        {}", estimate.llama_cpp_flags.join(" "))?;
        if let Some(modelfile) = &estimate.ollama_modelfile {
            writeln!(out, "\nOllama Modelfile")?;
            for line in modelfile.lines() {
                writeln!(out, "  {line}")?;
            }
        }
        Ok(())
    }
}

impl EstimateView<'_> {
    fn times(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let estimate = self.estimate;
        let Some(answer) = estimate.answer else { return Ok(()) };
        writeln!(out, "\ntime to answer   a question of {} tokens", estimate.task.prompt_tokens)?;
        writeln!(out, "  first token    {}", answer.ttft)?;
        writeln!(
            out,
            "  a token        {} at the start, {} at the end",
            answer.tpot_at_start.seconds, answer.tpot_at_end.seconds
        )?;
        writeln!(
            out,
            "  whole answer   {}, of {} tokens with its thinking",
            answer.whole, estimate.task.output_tokens
        )?;
        let mut before = "";
        for of in &estimate.answers {
            let task = if of.task == before { "" } else { of.task.as_str() };
            before = &of.task;
            writeln!(out, "  {task:<12} {:<8} {:>6} tokens  {}", of.length, of.output_tokens, of.whole)?;
        }
        Ok(())
    }

    fn context(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let largest = &self.estimate.largest_context;
        let step = largest.bytes_per_1024_tokens;
        match largest.tokens {
            Some(tokens) if largest.limited_by_training => {
                writeln!(
                    out,
                    "\ncontext          up to {tokens} tokens fit so, all that it was trained for ({step} per 1,024)"
                )
            }
            Some(tokens) => {
                writeln!(out, "\ncontext          up to {tokens} tokens fit so; each 1,024 more take {step}")
            }
            None => writeln!(out, "\ncontext          each 1,024 tokens take {step}"),
        }?;
        match &largest.beyond {
            None => Ok(()),
            Some(Beyond::TooLarge { tokens, device, shortfall_bytes }) => {
                writeln!(
                    out,
                    "                 {tokens} would not fit: {shortfall_bytes} too much for {device}"
                )
            }
            Some(Beyond::PlacedOtherwise { tokens, placement, gpu_layers, expert_layers_in_ram, decode }) => {
                let experts = match expert_layers_in_ram {
                    0 => String::new(),
                    layers => format!(", experts of {layers} layers in RAM"),
                };
                write!(
                    out,
                    "                 {tokens}: {}, {gpu_layers} layers on GPUs{experts}",
                    placement.label()
                )?;
                match decode {
                    Some(rate) => writeln!(out, ", {}", TokenRate(rate.tokens_per_second)),
                    None => writeln!(out),
                }
            }
        }
    }

    fn numa(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Some(numa) = self.estimate.numa else { return Ok(()) };
        let Numa { nodes, node_bytes, ram_bytes, fits_one_node } = numa;
        writeln!(
            out,
            "NUMA             {nodes} nodes of about {node_bytes}: the {ram_bytes} in RAM {}",
            if fits_one_node { "fit one" } else { "are spread over several" }
        )?;
        if fits_one_node {
            writeln!(
                out,
                "                 `numactl -N 0 -m 0` before the program keeps them there, `--numa distribute` uses all nodes: measure both"
            )?;
        } else {
            writeln!(
                out,
                "                 drop the page cache before the first start, so that `--numa distribute` places the pages"
            )?;
        }
        Ok(())
    }

    /// What is full first, and what a token waits for.
    fn binds(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Binding { memory_device, left_bytes, missing_bytes, decode } = &self.estimate.binds;
        write!(out, "\nbinds            memory: {memory_device}, ")?;
        match *missing_bytes {
            Bytes::ZERO => write!(out, "{left_bytes} left")?,
            missing => write!(out, "{missing} too much")?,
        }
        match decode {
            Some(DecodeBinding { device, read_bytes_per_token, bandwidth_bytes_per_second }) => writeln!(
                out,
                "; decode: {read_bytes_per_token} a token from {device} at {bandwidth_bytes_per_second}"
            ),
            None => writeln!(out),
        }
    }
}

fn rate(name: &str, rate: Option<PredictedRate>, what: &str, out: &mut dyn io::Write) -> io::Result<()> {
    match rate {
        Some(PredictedRate { tokens_per_second, interval, .. }) => writeln!(
            out,
            "  {name:<14} {:>10}  {what}, likely {} to {}",
            TokenRate(tokens_per_second),
            digits(interval.low),
            digits(interval.high)
        ),
        None => writeln!(out, "  {name:<14} {:>10}  the GPU's bandwidth or compute is not known", "unknown"),
    }
}

/// A device's memory as a bar: weights, KV cache, compute, reserve, and what is free.
fn bar(device: &DeviceMemory, out: &mut dyn io::Write) -> io::Result<()> {
    let whole = device.free_bytes.max(device.used()).0.max(1);
    let cells = |bytes: Bytes| {
        usize::try_from(u128::from(bytes.0) * u128::from(BAR) / u128::from(whole)).unwrap_or(0)
    };
    let parts = [
        ('█', device.weights_bytes),
        ('▓', device.kv_cache_bytes),
        ('▒', device.compute_bytes),
        ('░', device.reserve_bytes),
    ];
    let filled: String = parts.iter().map(|(mark, bytes)| mark.to_string().repeat(cells(*bytes))).collect();
    let rest = usize::try_from(BAR).unwrap_or(0).saturating_sub(filled.chars().count());
    writeln!(
        out,
        "{} [{filled}{}] {} of {} free",
        device.name,
        " ".repeat(rest),
        device.used(),
        device.free_bytes
    )?;
    let legend: Vec<String> = ["weights", "KV cache", "compute", "reserve"]
        .iter()
        .zip(parts)
        .filter(|(_, (_, bytes))| *bytes > Bytes::ZERO)
        .map(|(name, (mark, bytes))| format!("{mark} {name} {bytes}"))
        .collect();
    writeln!(out, "  {}", legend.join("  "))
}
