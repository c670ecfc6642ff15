use clap::{Args, ValueEnum};

use super::numbers::{Numbers, all, numbers};
use super::test_args::TestArgs;
use crate::bench::BenchPlan;
use crate::commands::typed::FlagError;
use crate::engine::{EngineKind, RpcHost};
use crate::error::Error;
use crate::history::Tuned;
use crate::message;
use crate::run_config::{KvType, Loading, RunConfig, SplitMode};
use crate::units::number;

/// How the model is run. Each flag takes a list; every combination is run.
#[derive(Clone, Debug, Args)]
#[command(
    next_help_heading = "Settings (llama-bench's words are understood too: -ngl, -ub, -fa, -ctk, -ctv, -ts, -sm, -mg, -mmp, -ncmoe, -rpc)"
)]
pub struct RunArgs {
    /// Threads to compute with [default: the physical cores]
    #[arg(short = 't', long, value_name = "N", value_parser = numbers(1..=1024))]
    pub threads: Vec<Numbers>,
    /// Logical batch size in tokens [default: 2048]
    #[arg(short = 'b', long, alias = "batch-size", value_name = "N", value_parser = numbers(1..=65536))]
    pub batch: Vec<Numbers>,
    /// Physical batch size in tokens: as many go through the graph at once [default: 512]
    #[arg(long, alias = "ubatch-size", value_name = "N", value_parser = numbers(1..=65536))]
    pub micro_batch: Vec<Numbers>,
    /// Layers to put on GPUs [default: all]
    #[arg(long, alias = "n-gpu-layers", value_name = "N", value_parser = numbers(0..=1_000_000))]
    pub gpu_layers: Vec<Numbers>,
    /// Layers whose routed experts stay in main memory [default: 0]
    #[arg(long, value_name = "N", value_parser = numbers(0..=1_000_000))]
    pub n_cpu_moe: Vec<Numbers>,
    /// Whether attention runs as one fused kernel [default: on]
    #[arg(long, alias = "flash-attn", value_enum, value_name = "WHEN", value_delimiter = ',')]
    pub flash_attention: Vec<Switch>,
    /// Type of the cached keys and values [default: f16]
    #[arg(long, value_enum, value_name = "TYPE", value_delimiter = ',', conflicts_with_all = ["cache_type_k", "cache_type_v"])]
    pub kv_type: Vec<KvType>,
    /// Type of the cached keys alone
    #[arg(long, value_enum, value_name = "TYPE", value_delimiter = ',')]
    pub cache_type_k: Vec<KvType>,
    /// Type of the cached values alone
    #[arg(long, value_enum, value_name = "TYPE", value_delimiter = ',')]
    pub cache_type_v: Vec<KvType>,
    /// How several GPUs share the model [default: layer]
    #[arg(long, value_enum, value_name = "MODE", value_delimiter = ',')]
    pub split_mode: Vec<SplitMode>,
    /// The share of each GPU, such as 3/1 [default: by their free memory]
    #[arg(long, value_name = "SHARES", value_delimiter = ',')]
    pub tensor_split: Vec<Shares>,
    /// The GPU that holds what is not split [default: 0]
    #[arg(long, value_name = "N", value_parser = numbers(0..=63))]
    pub main_gpu: Vec<Numbers>,
    /// Whether the file is mapped into memory rather than read [default: on]
    #[arg(long, value_enum, value_name = "WHEN", value_delimiter = ',')]
    pub mmap: Vec<Switch>,
    /// Also compute on other machines, where llama.cpp's `rpc-server` listens [default port: 50052]. The protocol has
    /// neither encryption nor passwords: use it only in a trusted network
    #[arg(long, value_name = "HOST[:PORT]", value_delimiter = ',', conflicts_with_all = ["tune", "endpoint"])]
    pub rpc: Vec<RpcHost>,
    /// The engine to run
    #[arg(long, hide = true, env = "R1_ADVISOR_ENGINE", default_value_t)]
    pub engine: EngineKind,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    #[value(alias = "1")]
    On,
    /// No.
    #[value(alias = "0")]
    Off,
}

/// How much of a model each GPU gets, as llama-bench writes it: `3/1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares(Vec<f32>);

impl std::str::FromStr for Shares {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let share = |part: &str| number(part).map(|share| share as f32).filter(|share| *share >= 0.0);
        let shares: Option<Vec<f32>> = text.split(['/', ';']).map(share).collect();
        shares
            .filter(|shares| shares.iter().any(|share| *share > 0.0))
            .map(Self)
            .ok_or_else(|| FlagError::GpuShares { text: text.to_owned() })
    }
}

/// The settings of flags that are not given.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Defaults {
    threads: u32,
    batch: u32,
    micro_batch: u32,
    flash_attention: Switch,
    kv_type: KvType,
    loading: Loading,
}

impl Defaults {
    /// llama.cpp's own, on `cores`.
    pub(super) fn of_llama_cpp(cores: u32) -> Self {
        let run = RunConfig::default();
        Self {
            threads: cores,
            batch: run.batch,
            micro_batch: run.micro_batch,
            flash_attention: Switch::On,
            kv_type: run.kv_type,
            loading: Loading::default(),
        }
    }

    /// What was found fastest.
    pub(super) fn tuned(tuned: &Tuned) -> Self {
        Self {
            threads: tuned.threads,
            batch: tuned.batch,
            micro_batch: tuned.micro_batch,
            flash_attention: if tuned.flash_attention { Switch::On } else { Switch::Off },
            kv_type: tuned.kv_type.unwrap_or_default(),
            loading: tuned.loading.clone(),
        }
    }
}

/// More runs take too long to wait for.
const MOST_RUNS: usize = 1000;

impl RunArgs {
    /// Every combination of the settings with every test, in an order in which the model is loaded as rarely as can
    /// be: what needs another loading changes last.
    pub(super) fn plans(
        &self,
        tests: &TestArgs,
        other_tests: bool,
        defaults: &Defaults,
    ) -> Result<Vec<BenchPlan>, Error> {
        let (lengths, depths) = (tests.lengths(other_tests)?, tests.depths());
        // One cache for all tests, so that none needs another session.
        let longest = lengths.iter().map(|(prompt, answer)| (*prompt).max(*answer)).max().unwrap_or(0);
        let context = depths.iter().max().unwrap_or(&0) + longest;
        let sessions = self.sessions(context, defaults);
        let loadings = self.loadings(defaults);
        let count = lengths.len() * depths.len() * sessions.len() * loadings.len();
        if count > MOST_RUNS {
            return Err(Error::usage(message!(BenchTooManyRuns { count, most: MOST_RUNS })));
        }
        let mut plans = Vec::with_capacity(count);
        for loading in &loadings {
            for (config, threads) in &sessions {
                for depth in &depths {
                    plans.extend(lengths.iter().map(|(prompt, answer)| BenchPlan {
                        prefill_tokens: *prompt,
                        decode_tokens: *answer,
                        depth: *depth,
                        repetitions: tests.repetitions(),
                        config: config.clone(),
                        threads: *threads,
                        loading: loading.clone(),
                    }));
                }
            }
        }
        Ok(plans)
    }

    fn sessions(&self, context: u32, defaults: &Defaults) -> Vec<(RunConfig, u32)> {
        let mut sessions = Vec::new();
        for (kv_type, kv_value_type) in self.kv_types(defaults) {
            for flash_attention in or(&self.flash_attention, defaults.flash_attention) {
                for batch in all(&self.batch, defaults.batch) {
                    for micro_batch in all(&self.micro_batch, defaults.micro_batch) {
                        let config = RunConfig {
                            context,
                            kv_type,
                            kv_value_type,
                            micro_batch: micro_batch.min(batch),
                            batch,
                            sequences: 1,
                            flash_attention: flash_attention == Switch::On,
                            ..RunConfig::default()
                        };
                        let threads = all(&self.threads, defaults.threads);
                        sessions.extend(threads.into_iter().map(|threads| (config.clone(), threads)));
                    }
                }
            }
        }
        sessions
    }

    /// Types of keys and, where they differ, of values.
    fn kv_types(&self, defaults: &Defaults) -> Vec<(KvType, Option<KvType>)> {
        if !self.kv_type.is_empty() {
            return self.kv_type.iter().map(|both| (*both, None)).collect();
        }
        let values = or(&self.cache_type_v, defaults.kv_type);
        or(&self.cache_type_k, defaults.kv_type)
            .into_iter()
            .flat_map(|key| values.iter().map(move |value| (key, (*value != key).then_some(*value))))
            .collect()
    }

    fn loadings(&self, defaults: &Defaults) -> Vec<Loading> {
        let layers: Vec<Option<u32>> = match self.gpu_layers.as_slice() {
            [] => vec![defaults.loading.gpu_layers],
            given => all(given, 0).into_iter().map(Some).collect(),
        };
        let mut loadings = Vec::new();
        for mmap in or(&self.mmap, Switch::On) {
            for split_mode in or(&self.split_mode, SplitMode::Layer) {
                for shares in or(&self.tensor_split, Shares(Vec::new())) {
                    for main_gpu in all(&self.main_gpu, 0) {
                        for expert_layers_in_ram in
                            all(&self.n_cpu_moe, defaults.loading.expert_layers_in_ram)
                        {
                            loadings.extend(layers.iter().map(|gpu_layers| Loading {
                                gpu_layers: *gpu_layers,
                                expert_layers_in_ram,
                                split_mode,
                                tensor_split: shares.0.clone(),
                                main_gpu,
                                mapped: mmap == Switch::On,
                            }));
                        }
                    }
                }
            }
        }
        loadings
    }
}

fn or<T: Clone>(given: &[T], default: T) -> Vec<T> {
    if given.is_empty() { vec![default] } else { given.to_vec() }
}
