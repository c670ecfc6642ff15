use std::io;

use super::text::{BAD, GOOD, PLAIN, columns, padded, wrapped};
use super::{Cell, Column, Grid, Reader, Style, View, device, digits, placement, time_range};
use crate::estimate::{
    AnswerOf, AnswerTime, Beyond, Binding, DecodeBinding, DeviceMemory, Estimate, FitSummary, LargestContext,
    Length, Numa, OllamaLack, PredictedRate, RaiseLimit,
};
use crate::message::{Message, Value, enumeration};
use crate::units::{Bytes, TokenRate};
use crate::{message, say};

/// How wide a memory bar is.
const BAR: u64 = 40;

/// How wide the column of labels is.
const LABEL: usize = 17;

/// An estimate, drawn.
#[derive(Debug)]
pub struct EstimateView<'a> {
    /// What was computed.
    pub estimate: &'a Estimate,
}

impl View for EstimateView<'_> {
    type Data = Estimate;

    fn data(&self) -> &Estimate {
        self.estimate
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        Grid::of(&device_columns(), &self.estimate.memory.placement.devices, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut page = Page { style, out };
        page.summary(self.estimate)?;
        page.memory(self.estimate)?;
        page.binds(&self.estimate.binds, self.estimate.run.sequences)?;
        page.numa(self.estimate.numa)?;
        page.speed(self.estimate)?;
        page.times(self.estimate)?;
        page.context(&self.estimate.largest_context)?;
        page.commands(self.estimate)
    }
}

fn device_columns() -> Vec<Column<'static, DeviceMemory>> {
    let bytes = |key: &'static str, title, part: fn(&DeviceMemory) -> Bytes| Column::right(key, title, part);
    vec![
        Column::left("device", message!(EstimateDevice), |row: &DeviceMemory| {
            Cell::from(device(&row.device)).plain(row.device.name())
        }),
        bytes("weights_bytes", message!(EstimateWeights), |row| row.weights_bytes),
        bytes("kv_cache_bytes", message!(EstimateKvCache), |row| row.kv_cache_bytes),
        bytes("compute_bytes", message!(EstimateCompute), |row| row.compute_bytes),
        bytes("reserve_bytes", message!(EstimateReserve), |row| row.reserve_bytes),
        bytes("free_bytes", message!(EstimateFree), |row| row.free_bytes),
    ]
}

/// The sheet that an estimate is written on: labels on the left, figures and words beside them.
struct Page<'a> {
    style: Style<'a>,
    out: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn say(&self, message: &Message) -> String {
        self.style.locale.say(message)
    }

    /// Words, in as many lines as they take.
    fn words(&mut self, words: &Message) -> io::Result<()> {
        wrapped("", &self.say(words), self.style, self.out)
    }

    /// A label, and beside it words in as many lines as they take.
    fn row(&mut self, label: &str, words: &Message) -> io::Result<()> {
        wrapped(&padded(label, LABEL), &self.say(words), self.style, self.out)
    }

    /// A label, and beside it a figure and what it is.
    fn figure(&mut self, label: &str, figure: impl Into<Value>, words: &Message) -> io::Result<()> {
        let figure = self.style.locale.show(figure);
        let space = " ".repeat(10_usize.saturating_sub(columns(&figure)));
        let mark = format!("{}{space}{figure}  ", padded(label, LABEL));
        wrapped(&mark, &self.say(words), self.style, self.out)
    }

    /// A label that stands under another.
    fn under(&self, label: &Message) -> String {
        format!("  {}", self.say(label))
    }

    /// The answer in a line, and what runs it so, as it is pasted: in no way broken.
    fn summary(&mut self, estimate: &Estimate) -> io::Result<()> {
        let Estimate { fits, decode, answer, task, .. } = estimate;
        let is_yes = matches!(fits, FitSummary::Fits { .. });
        let mut said = vec![Value::from(format!("{}:{}", estimate.model, estimate.quant))];
        said.push(fit(estimate).into());
        if is_yes {
            said.extend(decode.map(|rate| Value::from(TokenRate(rate.tokens_per_second))));
            let tokens = task.output_tokens;
            let whole = |answer: &AnswerTime| {
                message!(EstimateVerdictTime { tokens, time: time_range(answer.whole) })
            };
            said.extend(answer.as_ref().map(|answer| Value::from(whole(answer))));
        }
        let style = if is_yes { GOOD } else { BAD };
        let verdict =
            said.into_iter().map(|part| self.style.locale.show(part)).collect::<Vec<_>>().join(" · ");
        let mut lines = Vec::new();
        wrapped("", &verdict, self.style, &mut lines)?;
        for line in String::from_utf8_lossy(&lines).lines() {
            writeln!(self.out, "{style}{line}{PLAIN}")?;
        }
        if let Some(file) = &estimate.file {
            writeln!(self.out, "{}", say!(self.style.locale, EstimateFrom { file }))?;
        }
        if !is_yes {
            return writeln!(self.out);
        }
        if let Some(limit) = &estimate.raise_limit {
            self.words(&raise_limit(limit))?;
        }
        if let Some(command) = &estimate.llama_server_command {
            writeln!(self.out, "\n  {command}")?;
        }
        writeln!(self.out)
    }

    fn memory(&mut self, estimate: &Estimate) -> io::Result<()> {
        let (memory, basis) = (&estimate.memory, &estimate.basis);
        let label = self.say(&message!(EstimateMemory));
        self.figure(&label, memory.total_bytes, &message!(EstimateInUse))?;
        // A few untouched kilobytes are not worth a line.
        let untouched = Some(memory.untouched_bytes).filter(|bytes| *bytes >= Bytes::mib(1));
        for (label, part, words) in [
            (message!(EstimateWeights), memory.weights_bytes, &basis.weights),
            (message!(EstimateKvCache), memory.kv_cache_bytes, &basis.kv_cache),
            (message!(EstimateCompute), memory.compute_bytes, &basis.compute),
            (message!(EstimateRepack), memory.repack_bytes, &message!(EstimateRepackIs)),
            (message!(EstimateProgram), memory.program_bytes, &message!(EstimateProgramIs)),
            (message!(EstimateLess), untouched.unwrap_or_default(), &message!(EstimateLessIs)),
        ] {
            if part > Bytes::ZERO {
                self.figure(&self.under(&label), part, words)?;
            }
        }
        writeln!(self.out)?;
        for device in memory.placement.devices.iter().filter(|device| device.weights_bytes > Bytes::ZERO) {
            self.bar(device)?;
        }
        writeln!(self.out)
    }

    /// What is full first, and what a token waits for.
    fn binds(&mut self, binds: &Binding, sequences: u32) -> io::Result<()> {
        let Binding { memory_device, left_bytes: left, missing_bytes: missing, decode } = binds;
        let name = device(memory_device);
        let mut words = match *missing {
            Bytes::ZERO => message!(EstimateBindsMemory { device: name, left }),
            _ => message!(EstimateBindsOver { device: name, missing }),
        };
        if let Some(DecodeBinding {
            device: reading,
            read_bytes_per_token: bytes,
            bandwidth_bytes_per_second,
        }) = decode
        {
            let (device, bandwidth) = (device(reading), bandwidth_bytes_per_second);
            let count = sequences.max(1);
            words = message!(EstimateBinds { memory: words, bytes, count, device, bandwidth });
        }
        let label = self.say(&message!(EstimateBottleneck));
        self.row(&label, &words)
    }

    fn numa(&mut self, numa: Option<Numa>) -> io::Result<()> {
        let Some(Numa { nodes, node_bytes: size, ram_bytes: ram, fits_one_node }) = numa else {
            return Ok(());
        };
        let (words, advice) = if fits_one_node {
            (message!(EstimateNumaFits { nodes, size, ram }), message!(EstimateNumaPin))
        } else {
            (message!(EstimateNumaSpread { nodes, size, ram }), message!(EstimateNumaDrop))
        };
        self.row("NUMA", &words)?;
        self.row("", &advice)
    }

    fn speed(&mut self, estimate: &Estimate) -> io::Result<()> {
        let (depth, count) = (estimate.depth, estimate.run.sequences);
        writeln!(self.out)?;
        let label = self.say(&message!(EstimateSpeed));
        self.row(&label, &estimate.basis.speed)?;
        let decode = message!(EstimateDecode);
        if let Some(all) = estimate.decode_of_all {
            self.rate(&decode, estimate.decode, message!(EstimateEach { count, depth }))?;
            self.rate(&message!(EstimateTogether), Some(all), message!(EstimateAll { count }))?;
        } else {
            self.rate(&decode, estimate.decode, message!(EstimateDepth { depth }))?;
        }
        let tokens = estimate.task.prompt_tokens;
        self.rate(&message!(EstimatePrefill), estimate.prefill, message!(EstimateOver { tokens }))
    }

    fn rate(&mut self, label: &Message, rate: Option<PredictedRate>, what: Message) -> io::Result<()> {
        let label = self.under(label);
        match rate {
            Some(PredictedRate { tokens_per_second, interval, .. }) => {
                let (low, high) = (digits(interval.low), digits(interval.high));
                let words = message!(EstimateRange { what, low, high });
                self.figure(&label, TokenRate(tokens_per_second), &words)
            }
            None => self.figure(&label, message!(EstimateUnknown), &message!(EstimateUnknownWhy)),
        }
    }

    fn times(&mut self, estimate: &Estimate) -> io::Result<()> {
        let Some(answer) = estimate.answer else { return Ok(()) };
        writeln!(self.out)?;
        let label = self.say(&message!(EstimateTimes));
        self.row(&label, &message!(EstimatePrompt { tokens: estimate.task.prompt_tokens }))?;
        self.row(&self.under(&message!(EstimateTtft)), &time_range(answer.ttft))?;
        let (start, end) = (answer.tpot_at_start.seconds, answer.tpot_at_end.seconds);
        self.row(&self.under(&message!(EstimateToken)), &message!(EstimateTokenTimes { start, end }))?;
        let tokens = estimate.task.output_tokens;
        let whole = message!(EstimateWholeTime { time: time_range(answer.whole), tokens });
        self.row(&self.under(&message!(EstimateWhole)), &whole)?;
        let mut before = "";
        for of in &estimate.answers {
            let task = if of.task == before { String::new() } else { self.say(&task(&of.task)) };
            before = &of.task;
            let (task, length) = (padded(&task, 12), padded(&self.say(&length(of)), 8));
            let tokens = self.say(&message!(EstimateTokens { tokens: format!("{:>6}", of.output_tokens) }));
            wrapped(
                &format!("  {task} {length} {tokens}  "),
                &self.say(&time_range(of.whole)),
                self.style,
                self.out,
            )?;
        }
        Ok(())
    }

    fn context(&mut self, largest: &LargestContext) -> io::Result<()> {
        let step = largest.bytes_per_1024_tokens;
        writeln!(self.out)?;
        let label = self.say(&message!(EstimateContext));
        let words = match largest.tokens {
            Some(tokens) if largest.limited_by_training => message!(EstimateContextTrained { tokens, step }),
            Some(tokens) => message!(EstimateContextUpTo { tokens, step }),
            None => message!(EstimateContextStep { step }),
        };
        self.row(&label, &words)?;
        match &largest.beyond {
            None => Ok(()),
            Some(Beyond::TooLarge { tokens, device: over, shortfall_bytes: missing }) => {
                self.row("", &message!(EstimateBeyondTooLarge { tokens, missing, device: device(over) }))
            }
            Some(Beyond::PlacedOtherwise {
                tokens,
                placement: kind,
                gpu_layers: layers,
                expert_layers_in_ram: experts,
                raised_limit_bytes: limit,
                decode,
            }) => {
                let mut facts = vec![placement(*kind), message!(EstimateGpuLayers { layers })];
                if *experts > 0 {
                    facts.push(message!(EstimateExpertLayers { layers: experts }));
                }
                facts.extend(limit.map(|limit| message!(EstimateRaisedLimit { limit })));
                let rate = decode.map(|rate| Value::from(TokenRate(rate.tokens_per_second)));
                let facts = enumeration(facts.into_iter().map(Value::from).chain(rate));
                self.row("", &message!(EstimateBeyond { tokens, facts }))
            }
        }
    }

    /// What else runs it so: the flags for llama.cpp's other programs, and Ollama.
    fn commands(&mut self, estimate: &Estimate) -> io::Result<()> {
        if matches!(estimate.fits, FitSummary::TooLarge { .. }) {
            return Ok(());
        }
        writeln!(self.out, "\n{}{}", padded("llama.cpp", LABEL), estimate.llama_cpp_flags.join(" "))?;
        if let Some(lack) = estimate.ollama_lacks {
            self.row(
                "Ollama",
                &match lack {
                    OllamaLack::ExpertOffload => message!(EstimateOllamaExperts),
                    OllamaLack::ShardedFiles => message!(EstimateOllamaSharded),
                },
            )?;
        }
        if let Some(modelfile) = &estimate.ollama_modelfile {
            writeln!(self.out, "\nOllama Modelfile")?;
            for line in modelfile.lines() {
                writeln!(self.out, "  {line}")?;
            }
        }
        Ok(())
    }

    /// A device's memory as a bar: weights, KV cache, compute, reserve, and what is free.
    fn bar(&mut self, memory: &DeviceMemory) -> io::Result<()> {
        let whole = memory.free_bytes.max(memory.used()).0.max(1);
        let cells = |bytes: Bytes| {
            usize::try_from(u128::from(bytes.0) * u128::from(BAR) / u128::from(whole)).unwrap_or(0)
        };
        let parts = [
            (message!(EstimateWeights), '█', memory.weights_bytes),
            (message!(EstimateKvCache), '▓', memory.kv_cache_bytes),
            (message!(EstimateCompute), '▒', memory.compute_bytes),
            (message!(EstimateReserve), '░', memory.reserve_bytes),
        ];
        let filled: String =
            parts.iter().map(|(_, mark, bytes)| mark.to_string().repeat(cells(*bytes))).collect();
        let rest = usize::try_from(BAR).unwrap_or(0).saturating_sub(filled.chars().count());
        let bar = format!("[{filled}{}]", " ".repeat(rest));
        let (name, used, free) = (device(&memory.device), memory.used(), memory.free_bytes);
        let one_line = say!(self.style.locale, EstimateBar { name: &name, bar: &bar, used, free });
        if columns(&one_line) <= usize::from(self.style.width) {
            writeln!(self.out, "{one_line}")?;
        } else {
            self.words(&message!(EstimateBarApart { name, used, free }))?;
            writeln!(self.out, "  {bar}")?;
        }
        let shown = parts.iter().filter(|(.., bytes)| *bytes > Bytes::ZERO);
        let legend: Vec<String> =
            shown.map(|(name, mark, bytes)| format!("{mark} {} {bytes}", self.say(name))).collect();
        let one_line = format!("  {}", legend.join("  "));
        if columns(&one_line) <= usize::from(self.style.width) {
            return writeln!(self.out, "{one_line}");
        }
        legend.iter().try_for_each(|part| writeln!(self.out, "  {part}"))
    }
}

/// Whether it fits, where, and how much of what is free it takes.
fn fit(estimate: &Estimate) -> Message {
    let placement = &estimate.memory.placement;
    let context = estimate.run.context;
    if let FitSummary::TooLarge { shortfall_bytes: missing } = estimate.fits {
        return message!(EstimateTooLarge { missing, context });
    }
    let holds = |device: &&DeviceMemory| device.weights_bytes > Bytes::ZERO;
    let on_gpus = || placement.devices.iter().filter(holds).filter(|device| device.gpu().is_some());
    let of_all = |part: fn(&DeviceMemory) -> Bytes| on_gpus().map(part).sum::<Bytes>();
    let (used, free) = match placement.devices.last() {
        // What the processors only look up rows in is not worth a word.
        Some(ram) if placement.computes_in_ram() => {
            (of_all(DeviceMemory::used) + ram.used(), of_all(|device| device.free_bytes) + ram.free_bytes)
        }
        _ => (of_all(DeviceMemory::used), of_all(|device| device.free_bytes)),
    };
    let place = match on_gpus().collect::<Vec<_>>().as_slice() {
        [one] if !placement.computes_in_ram() => message!(EstimateFitsOn { device: device(&one.device) }),
        _ => self::placement(placement.kind),
    };
    message!(EstimateFits { place, used, free, context })
}

/// How the limit of a GPU that shares main memory is raised.
pub(super) fn raise_limit(raise: &RaiseLimit) -> Message {
    match raise {
        RaiseLimit::Command { command, limit_bytes: limit } => {
            message!(EstimateRaiseCommand { limit, command })
        }
        RaiseLimit::KernelParameter { parameter, limit_bytes: limit } => {
            message!(EstimateRaiseParameter { limit, parameter })
        }
    }
}

/// A task of the catalog; one of the user's by its id.
fn task(id: &str) -> Message {
    match id {
        "chat" => message!(EstimateTaskChat),
        "code" => message!(EstimateTaskCode),
        "mathematics" => message!(EstimateTaskMathematics),
        id => Message::verbatim(id),
    }
}

fn length(of: &AnswerOf) -> Message {
    match of.length {
        Length::Short => message!(EstimateShort),
        Length::Typical => message!(EstimateTypical),
        Length::Long => message!(EstimateLong),
    }
}
