use crate::message;
use crate::message::Message;

/// What stands for a switch that is on.
pub(super) const ON: &str = "on";

/// A limit that can be set: its name, flag and values; the first value sets none.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) name: Message,
    pub(super) flag: &'static str,
    pub(super) values: &'static [&'static str],
    pub(super) chosen: usize,
}

impl Limit {
    /// The chosen value.
    pub(super) fn value(&self) -> Option<&'static str> {
        self.values.get(self.chosen).copied().filter(|value| !value.is_empty())
    }

    /// Its flag and value; nothing where the default stands.
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
        limit(message!(ChooserLimitPriority), "--priority", &["", "balanced", "latency", "quality", "cost"]),
        limit(message!(ChooserLimitMinDecode), "--min-decode", &["", "1", "3", "5", "10", "20", "40", "80"]),
        limit(message!(ChooserLimitMaxTtft), "--max-ttft", &["", "1s", "3s", "10s", "30s"]),
        limit(
            message!(ChooserLimitMaxAnswerTime),
            "--max-answer-time",
            &["", "10s", "30s", "1min", "2min", "5min", "15min"],
        ),
        limit(message!(ChooserLimitContext), "--context", &["", "4k", "8k", "16k", "32k", "64k", "128k"]),
        limit(message!(ChooserLimitSequences), "--sequences", &["", "1", "2", "4", "8", "16"]),
        limit(
            message!(ChooserLimitReserveRam),
            "--reserve-ram",
            &["", "2GiB", "4GiB", "8GiB", "16GiB", "32GiB"],
        ),
        limit(message!(ChooserLimitGpuOnly), "--gpu-only", &["", ON]),
        limit(
            message!(ChooserLimitMaxQuantLoss),
            "--max-quant-loss",
            &["", "1%", "3%", "5%", "10%", "20%", "60%"],
        ),
        limit(message!(ChooserLimitLocalOnly), "--local-only", &["", ON]),
    ]
}
