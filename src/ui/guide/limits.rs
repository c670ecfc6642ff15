use crate::both;
use crate::lang::Text;

/// What stands for a switch that is on.
pub(super) const ON: &str = "on";

/// A limit that can be set: what it is called, its flag, and the values to choose from; the first is to set none.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) name: Text,
    pub(super) flag: &'static str,
    pub(super) values: &'static [&'static str],
    pub(super) chosen: usize,
}

impl Limit {
    /// The value that was chosen, where one was.
    pub(super) fn value(&self) -> Option<&'static str> {
        self.values.get(self.chosen).copied().filter(|value| !value.is_empty())
    }

    /// What to type for it; nothing where it is as the use-case has it.
    pub(super) fn flags(&self) -> Vec<String> {
        match self.value() {
            None => Vec::new(),
            Some(ON) => vec![self.flag.to_owned()],
            Some(value) => vec![self.flag.to_owned(), value.to_owned()],
        }
    }
}

/// Every limit that is offered, with nothing set.
pub(super) fn limits() -> Vec<Limit> {
    let limit = |name, flag, values| Limit { name, flag, values, chosen: 0 };
    vec![
        limit(
            both!("what counts most", "最看重"),
            "--priority",
            &["", "balanced", "latency", "quality", "cost"],
        ),
        limit(
            both!("slowest decode, tok/s", "最低解码速度，tok/s"),
            "--min-decode",
            &["", "1", "3", "5", "10", "20", "40", "80"],
        ),
        limit(
            both!("longest until the first token", "首 token 最长等待"),
            "--max-ttft",
            &["", "1s", "3s", "10s", "30s"],
        ),
        limit(
            both!("longest whole answer", "完整回答最长用时"),
            "--max-answer-time",
            &["", "10s", "30s", "1min", "2min", "5min", "15min"],
        ),
        limit(
            both!("context, tokens", "上下文，token"),
            "--context",
            &["", "4k", "8k", "16k", "32k", "64k", "128k"],
        ),
        limit(both!("conversations at once", "并发对话数"), "--sequences", &["", "1", "2", "4", "8", "16"]),
        limit(
            both!("RAM to leave for other programs", "为其他程序预留内存"),
            "--reserve-ram",
            &["", "2GiB", "4GiB", "8GiB", "16GiB", "32GiB"],
        ),
        limit(both!("only what runs on GPUs whole", "只要能整个放进 GPU 的"), "--gpu-only", &["", ON]),
        limit(
            both!("most that the quant may lose", "量化损失上限"),
            "--max-quant-loss",
            &["", "1%", "3%", "5%", "10%", "20%", "60%"],
        ),
        limit(both!("nothing may leave the machine", "数据不出本机"), "--local-only", &["", ON]),
    ]
}
