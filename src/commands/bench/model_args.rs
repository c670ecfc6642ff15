use std::path::PathBuf;

use clap::Args;

use crate::bench::synthetic::Afterwards;

/// What to measure.
#[derive(Clone, Debug, Args)]
pub struct ModelArgs {
    /// Model and quant, such as `7b:Q4_K_M`, or the path of a GGUF file
    #[arg(
        value_name = "TARGET",
        required_unless_present = "endpoint",
        default_value = "",
        hide_default_value = true
    )]
    pub target: String,
    /// Make random weights in the model's exact shapes and types, and measure those
    #[arg(long)]
    pub synthetic: bool,
    /// Keep their file for the next time
    #[arg(long, requires = "synthetic")]
    pub keep: bool,
    /// Where that file goes [default: main memory where there is room, else r1-advisor in the user's cache folder]
    #[arg(long, value_name = "DIR", env = "R1_ADVISOR_CACHE")]
    pub cache_dir: Option<PathBuf>,
}

impl ModelArgs {
    pub(super) const fn afterwards(&self) -> Afterwards {
        if self.keep { Afterwards::Keep } else { Afterwards::Remove }
    }
}
