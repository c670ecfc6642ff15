use std::{fmt, io};

use super::text::{columns, padded, wrapped};
use super::{Align, Grid, Style, View, digits};
use crate::estimate::{
    Beyond, Binding, DecodeBinding, DeviceMemory, Estimate, FitSummary, LargestContext, Numa, PredictedRate,
};
use crate::lang::{Lang, Text};
use crate::units::{Bytes, TokenRate};
use crate::{both, tr};

/// How wide a memory bar is.
const BAR: u64 = 40;

/// How wide the column of labels is.
const LABEL: usize = 17;

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

/// The sheet that an estimate is written on: labels on the left, figures and words beside them.
struct Page<'a> {
    style: Style<'a>,
    out: &'a mut dyn io::Write,
}

impl Page<'_> {
    /// A line in the language asked for.
    fn line(&mut self, text: &Text) -> io::Result<()> {
        writeln!(self.out, "{}", text.told(self.style.lang))
    }

    /// Words, in as many lines as they take.
    fn words(&mut self, text: &Text) -> io::Result<()> {
        wrapped("", text.told(self.style.lang), self.style, self.out)
    }

    /// A label, and beside it words in as many lines as they take.
    fn row(&mut self, label: &Text, words: &Text) -> io::Result<()> {
        let lang = self.style.lang;
        wrapped(&padded(label.told(lang), LABEL), words.told(lang), self.style, self.out)
    }

    /// A label, and beside it a figure and what it is.
    fn figure(&mut self, label: &Text, figure: impl fmt::Display, words: &Text) -> io::Result<()> {
        let lang = self.style.lang;
        let mark = format!("{}{figure:>10}  ", padded(label.told(lang), LABEL));
        wrapped(&mark, words.told(lang), self.style, self.out)
    }

    fn summary(&mut self, estimate: &Estimate) -> io::Result<()> {
        let Estimate { model, quant, run, memory, .. } = estimate;
        let context = run.context;
        let placement = |lang| memory.placement.label(lang);
        self.words(&both!(
            "{model}:{quant}, {context} tokens of context, {}",
            "{model}:{quant}，上下文 {context} token，{}",
            placement(self.style.lang)
        ))?;
        if let Some(file) = &estimate.file {
            self.line(&both!("from {file}", "取自 {file}"))?;
        }
        self.words(&match estimate.fits {
            FitSummary::Fits { headroom_bytes } => both!(
                "fits, with {headroom_bytes} to spare on the tightest device",
                "放得下，余量最小的设备还剩 {headroom_bytes}"
            ),
            FitSummary::TooLarge { shortfall_bytes } => {
                both!("does not fit: {shortfall_bytes} are missing", "放不下：还差 {shortfall_bytes}")
            }
        })?;
        writeln!(self.out)
    }

    fn memory(&mut self, estimate: &Estimate) -> io::Result<()> {
        let (memory, basis) = (&estimate.memory, &estimate.basis);
        self.figure(
            &both!("memory", "内存占用"),
            memory.total_bytes,
            &both!("held while it runs, where there is room", "运行时占用（内存充裕时）"),
        )?;
        let less = both!(
            "reserved for logits that answering does not ask for: never touched",
            "为回答用不到的 logits 预留，实际不会写入"
        );
        let repack = both!(
            "weights rearranged for the CPU, beside those of the file; the system drops one of the two when memory is short",
            "为 CPU 重排的权重，与文件中的权重并存；内存紧张时系统会丢弃其中一份"
        );
        let program =
            both!("the engine's own code, vocabulary and work space", "推理引擎自身的代码、词表和工作区");
        // Bytes that stay empty are worth a line where somebody could see them.
        let untouched = Some(memory.untouched_bytes).filter(|bytes| *bytes >= Bytes::mib(1));
        for (label, part, words) in [
            (weights(), memory.weights_bytes, &basis.weights),
            (kv_cache(), memory.kv_cache_bytes, &basis.kv_cache),
            (compute(), memory.compute_bytes, &basis.compute),
            (both!("CPU repack", "CPU 重排"), memory.repack_bytes, &repack),
            (both!("program", "程序"), memory.program_bytes, &program),
            (both!("less", "扣除"), untouched.unwrap_or_default(), &less),
        ] {
            if part > Bytes::ZERO {
                self.figure(&under(&label), part, words)?;
            }
        }
        writeln!(self.out)?;
        for device in memory.devices.iter().filter(|device| device.weights_bytes > Bytes::ZERO) {
            self.bar(device)?;
        }
        writeln!(self.out)
    }

    /// What is full first, and what a token waits for.
    fn binds(&mut self, binds: &Binding, sequences: u32) -> io::Result<()> {
        let Binding { memory_device, left_bytes, missing_bytes, decode } = binds;
        let device = device_name(memory_device);
        let mut words = match *missing_bytes {
            Bytes::ZERO => both!(
                "memory: {}, {left_bytes} left",
                "容量：{}，剩余 {left_bytes}",
                device.told(self.style.lang)
            ),
            missing => both!(
                "memory: {}, {missing} too much",
                "容量：{}，超出 {missing}",
                device.told(self.style.lang)
            ),
        };
        if let Some(DecodeBinding { device, read_bytes_per_token, bandwidth_bytes_per_second }) = decode {
            let Text { en: device, zh } = device_name(device);
            let zh = beside_chinese(&zh);
            let Text { en: memory, zh: memory_zh } = words;
            let step = match sequences {
                0 | 1 => both!("a token", "每个 token "),
                _ => both!("a step of {sequences} tokens", "每步（{sequences} 个 token）"),
            };
            let Text { en: step, zh: step_zh } = step;
            words = both!(
                "{memory}; decode: {read_bytes_per_token} {step} from {device} at {bandwidth_bytes_per_second}",
                "{memory_zh}；解码：{step_zh}从{zh}读取 {read_bytes_per_token}，带宽 {bandwidth_bytes_per_second}"
            );
        }
        self.row(&both!("binds", "瓶颈"), &words)
    }

    fn numa(&mut self, numa: Option<Numa>) -> io::Result<()> {
        let Some(Numa { nodes, node_bytes, ram_bytes, fits_one_node }) = numa else { return Ok(()) };
        let (words, advice) = if fits_one_node {
            (
                both!(
                    "{nodes} nodes of about {node_bytes}: the {ram_bytes} in RAM fit one",
                    "{nodes} 个节点，每个约 {node_bytes}：内存中的 {ram_bytes} 放得进一个节点"
                ),
                both!(
                    "`numactl -N 0 -m 0` before the program keeps them there, `--numa distribute` uses all nodes: measure both",
                    "在命令前加 `numactl -N 0 -m 0` 可固定在一个节点，`--numa distribute` 则用上所有节点：两种都值得一测"
                ),
            )
        } else {
            (
                both!(
                    "{nodes} nodes of about {node_bytes}: the {ram_bytes} in RAM are spread over several",
                    "{nodes} 个节点，每个约 {node_bytes}：内存中的 {ram_bytes} 分布在多个节点上"
                ),
                both!(
                    "drop the page cache before the first start, so that `--numa distribute` places the pages",
                    "首次启动前请清空页缓存，`--numa distribute` 才能安排内存页的位置"
                ),
            )
        };
        self.row(&"NUMA".into(), &words)?;
        self.row(&"".into(), &advice)
    }

    fn speed(&mut self, estimate: &Estimate) -> io::Result<()> {
        let (depth, prompt) = (estimate.depth, estimate.task.prompt_tokens);
        writeln!(self.out)?;
        self.row(&both!("speed", "速度"), &estimate.basis.speed)?;
        let at = both!("at {depth} tokens of depth", "深度 {depth} token 时");
        if let Some(all) = estimate.decode_of_all {
            let sequences = estimate.run.sequences;
            let Text { en, zh } = at;
            let each = both!("each of {sequences} sequences, {en}", "{sequences} 个序列中的每一个，{zh}");
            self.rate(&both!("decode", "解码"), estimate.decode, &each)?;
            let together = both!("all {sequences} together", "{sequences} 个序列合计");
            self.rate(&both!("in all", "合计"), Some(all), &together)?;
        } else {
            self.rate(&both!("decode", "解码"), estimate.decode, &at)?;
        }
        let over = both!("over {prompt} tokens", "提示词 {prompt} token");
        self.rate(&both!("prefill", "预填充"), estimate.prefill, &over)
    }

    fn rate(&mut self, label: &Text, rate: Option<PredictedRate>, what: &Text) -> io::Result<()> {
        let Text { en, zh } = what;
        if let Some(PredictedRate { tokens_per_second, interval, .. }) = rate {
            let (low, high) = (digits(interval.low), digits(interval.high));
            let words = both!("{en}, likely {low} to {high}", "{zh}，很可能在 {low} 到 {high} 之间");
            return self.figure(&under(label), TokenRate(tokens_per_second), &words);
        }
        let unknown = tr!(self.style.lang, "unknown", "未知");
        // A figure is padded by characters, and these take two columns.
        let unknown = format!("{}{unknown}", " ".repeat(10 - columns(&unknown)));
        let why = both!("the GPU's bandwidth or compute is not known", "GPU 的带宽或算力未知");
        self.figure(&under(label), unknown, &why)
    }

    fn times(&mut self, estimate: &Estimate) -> io::Result<()> {
        let Some(answer) = estimate.answer else { return Ok(()) };
        let lang = self.style.lang;
        let (prompt, output) = (estimate.task.prompt_tokens, estimate.task.output_tokens);
        writeln!(self.out)?;
        self.row(
            &both!("time to answer", "回答耗时"),
            &both!("a question of {prompt} tokens", "问题长 {prompt} token"),
        )?;
        self.row(&under(&both!("first token", "首 token")), &answer.ttft.display(lang).into())?;
        let (start, end) =
            (answer.tpot_at_start.seconds.display(lang), answer.tpot_at_end.seconds.display(lang));
        self.row(
            &under(&both!("a token", "每个 token")),
            &both!("{start} at the start, {end} at the end", "开始时 {start}，结束时 {end}"),
        )?;
        let whole = answer.whole.display(lang);
        self.row(
            &under(&both!("whole answer", "完整回答")),
            &both!("{whole}, of {output} tokens with its thinking", "{whole}，共 {output} token，含思考过程"),
        )?;
        let mut before = "";
        for of in &estimate.answers {
            let task = if of.task == before { String::new() } else { task_name(&of.task, lang) };
            before = &of.task;
            let (task, length) = (padded(&task, 12), padded(length_name(of.length, lang), 8));
            let (tokens, whole) = (of.output_tokens, of.whole.display(lang));
            let mark =
                tr!(lang, "  {task} {length} {tokens:>6} tokens  ", "  {task} {length} {tokens:>6} token  ");
            wrapped(&mark, &whole, self.style, self.out)?;
        }
        Ok(())
    }

    fn context(&mut self, largest: &LargestContext) -> io::Result<()> {
        let step = largest.bytes_per_1024_tokens;
        writeln!(self.out)?;
        self.row(
            &both!("context", "上下文"),
            &match largest.tokens {
                Some(tokens) if largest.limited_by_training => both!(
                    "up to {tokens} tokens fit so, all that it was trained for ({step} per 1,024)",
                    "按此放置最多容纳 {tokens} token，即训练时的上限（每 1024 token 占 {step}）"
                ),
                Some(tokens) => both!(
                    "up to {tokens} tokens fit so; each 1,024 more take {step}",
                    "按此放置最多容纳 {tokens} token；每多 1024 token 多占 {step}"
                ),
                None => both!("each 1,024 tokens take {step}", "每 1024 token 占 {step}"),
            },
        )?;
        match &largest.beyond {
            None => Ok(()),
            Some(Beyond::TooLarge { tokens, device, shortfall_bytes }) => {
                let Text { en, zh } = device_name(device);
                let words = both!(
                    "{tokens} would not fit: {shortfall_bytes} too much for {en}",
                    "{tokens} 就放不下了：{zh} 超出 {shortfall_bytes}"
                );
                self.row(&"".into(), &words)
            }
            Some(Beyond::PlacedOtherwise { tokens, placement, gpu_layers, expert_layers_in_ram, decode }) => {
                let lang = self.style.lang;
                let mut words = vec![
                    placement.label(lang).to_owned(),
                    tr!(lang, "{gpu_layers} layers on GPUs", "GPU 上 {gpu_layers} 层"),
                ];
                if *expert_layers_in_ram > 0 {
                    words.push(tr!(
                        lang,
                        "experts of {expert_layers_in_ram} layers in RAM",
                        "{expert_layers_in_ram} 层的专家放在内存"
                    ));
                }
                words.extend(decode.map(|rate| TokenRate(rate.tokens_per_second).to_string()));
                let text = both!("{tokens}: {}", "{tokens}：{}", words.join(&tr!(lang, ", ", "，")));
                self.row(&"".into(), &text)
            }
        }
    }

    /// The commands that run it so, as they are pasted: in no way broken.
    fn commands(&mut self, estimate: &Estimate) -> io::Result<()> {
        if matches!(estimate.fits, FitSummary::TooLarge { .. }) {
            return Ok(());
        }
        writeln!(self.out, "\n{}{}", padded("llama.cpp", LABEL), estimate.llama_cpp_flags.join(" "))?;
        if let Some(modelfile) = &estimate.ollama_modelfile {
            writeln!(self.out, "\nOllama Modelfile")?;
            for line in modelfile.lines() {
                writeln!(self.out, "  {line}")?;
            }
        }
        Ok(())
    }

    /// A device's memory as a bar: weights, KV cache, compute, reserve, and what is free.
    fn bar(&mut self, device: &DeviceMemory) -> io::Result<()> {
        let lang = self.style.lang;
        let whole = device.free_bytes.max(device.used()).0.max(1);
        let cells = |bytes: Bytes| {
            usize::try_from(u128::from(bytes.0) * u128::from(BAR) / u128::from(whole)).unwrap_or(0)
        };
        let parts = [
            (weights(), '█', device.weights_bytes),
            (kv_cache(), '▓', device.kv_cache_bytes),
            (compute(), '▒', device.compute_bytes),
            (both!("reserve", "预留"), '░', device.reserve_bytes),
        ];
        let filled: String =
            parts.iter().map(|(_, mark, bytes)| mark.to_string().repeat(cells(*bytes))).collect();
        let rest = usize::try_from(BAR).unwrap_or(0).saturating_sub(filled.chars().count());
        let (name, rest, used, free) =
            (device_name(&device.name), " ".repeat(rest), device.used(), device.free_bytes);
        let name = name.told(lang);
        let one_line = both!(
            "{name} [{filled}{rest}] {used} of {free} free",
            "{name} [{filled}{rest}] 占用 {used}，可用 {free}"
        );
        if columns(one_line.told(lang)) <= usize::from(self.style.width) {
            self.line(&one_line)?;
        } else {
            self.words(&both!("{name}: {used} of {free} free", "{name}：占用 {used}，可用 {free}"))?;
            writeln!(self.out, "  [{filled}{rest}]")?;
        }
        let legend: Vec<String> = parts
            .iter()
            .filter(|(_, _, bytes)| *bytes > Bytes::ZERO)
            .map(|(name, mark, bytes)| format!("{mark} {} {bytes}", name.told(lang)))
            .collect();
        let one_line = format!("  {}", legend.join("  "));
        if columns(&one_line) <= usize::from(self.style.width) {
            return writeln!(self.out, "{one_line}");
        }
        legend.iter().try_for_each(|part| writeln!(self.out, "  {part}"))
    }
}

fn weights() -> Text {
    both!("weights", "权重")
}

fn kv_cache() -> Text {
    both!("KV cache", "KV 缓存")
}

fn compute() -> Text {
    both!("compute", "计算缓冲区")
}

/// A label that stands under another.
fn under(label: &Text) -> Text {
    let Text { en, zh } = label;
    both!("  {en}", "  {zh}")
}

/// A device as people call it: GPUs by their names.
fn device_name(name: &str) -> Text {
    if name == "RAM" { both!("RAM", "内存") } else { name.into() }
}

/// A name as it stands between Chinese words: with spaces around it where it is Latin.
fn beside_chinese(name: &str) -> String {
    if name.is_ascii() { format!(" {name} ") } else { name.to_owned() }
}

/// A task of the catalog as people call it; one of the user's by its id.
fn task_name(id: &str, lang: Lang) -> String {
    match id {
        "chat" => tr!(lang, "chat", "聊天"),
        "code" => tr!(lang, "code", "代码"),
        "mathematics" => tr!(lang, "mathematics", "数学"),
        id => id.to_owned(),
    }
}

fn length_name(length: &'static str, lang: Lang) -> &'static str {
    match (lang, length) {
        (Lang::En, length) => length,
        (Lang::Zh, "short") => "较短",
        (Lang::Zh, "long") => "较长",
        (Lang::Zh, _) => "一般",
    }
}
