use std::path::PathBuf;

use clap::Args;

use crate::bench::synthetic::Afterwards;
use crate::commands::typed::FlagError;

/// What to measure.
#[derive(Clone, Debug, Args)]
pub struct ModelArgs {
    /// Model and quant, such as `7b:Q4_K_M`, or the path of a GGUF file
    #[arg(
        value_name = "TARGET",
        required_unless_present_any = ["endpoint", "devices"],
        default_value = "",
        hide_default_value = true
    )]
    pub target: String,
    /// Generate random weights in the model's exact shapes and types, and measure those
    #[arg(long)]
    pub synthetic: bool,
    /// Measure slices of at most N layers, and predict the whole model from them; `all` measures the whole [default: slices
    /// where the whole does not fit, or would take more than ten minutes]
    #[arg(long, value_name = "N|all", requires = "synthetic")]
    pub layers: Option<Layers>,
    /// Keep the generated file for the next time
    #[arg(long, requires = "synthetic")]
    pub keep: bool,
    /// Folder of the generated file [default: main memory where there is room, else r1-advisor in the user's cache folder]
    #[arg(long, value_name = "DIR", env = "R1_ADVISOR_CACHE")]
    pub cache_dir: Option<PathBuf>,
}

/// How many layers of a model to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layers {
    /// All of them.
    All,
    /// This many in the largest slice.
    Count(u32),
}

impl std::str::FromStr for Layers {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        let count = text.parse().ok().filter(|count| (2..=512).contains(count));
        count.map(Self::Count).ok_or_else(|| FlagError::Layers { text: text.to_owned() })
    }
}

impl ModelArgs {
    pub(super) const fn afterwards(&self) -> Afterwards {
        if self.keep { Afterwards::Keep } else { Afterwards::Remove }
    }
}
