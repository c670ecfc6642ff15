use super::{
    CacheType, Deployment, Observed, Parallelism, Precision, Promise, Release, Request, ServedModel,
    ServingDevice, ServingEngine, StepTime,
};

/// What a deployment of a model on a device may be made of.
#[derive(Clone, Copy, Debug)]
pub struct Space<'a> {
    /// The model.
    pub model: &'a ServedModel,
    /// The device.
    pub device: &'a ServingDevice,
    /// The GPUs that a replica may have.
    pub gpus: &'a [u32],
    /// The engines.
    pub engines: &'a [ServingEngine],
    /// The precisions of weights.
    pub precisions: &'a [Precision],
    /// In how many bits the cache may be kept.
    pub caches: &'a [CacheType],
    /// Tokens that may be drafted for each step; 0 of no draft.
    pub drafts: &'a [u32],
}

/// The fewest GPUs over which attention is worth to be data-parallel.
const LEAST_RANKS: u32 = 4;

impl Space<'_> {
    /// Every sensible deployment that leaves room for a cache, the plainest first.
    #[must_use]
    pub fn deployments(&self) -> Vec<Deployment> {
        let mut found = Vec::new();
        for gpus in self.gpus {
            for engine in self.engines {
                for precision in self.precisions {
                    for parallelism in self.layouts(*gpus, *engine) {
                        for cache in self.caches {
                            for drafted in self.drafts {
                                found.push(self.deployment(
                                    parallelism,
                                    *engine,
                                    *precision,
                                    *cache,
                                    *drafted,
                                ));
                            }
                        }
                    }
                }
            }
        }
        found.retain(|one| one.cache_tokens().is_some());
        found
    }

    fn deployment(
        &self,
        parallelism: Parallelism,
        engine: ServingEngine,
        precision: Precision,
        cache: CacheType,
        drafted: u32,
    ) -> Deployment {
        Deployment {
            model: self.model.clone(),
            precision,
            device: self.device.clone(),
            parallelism,
            engine,
            release: Release::NEWEST,
            cache,
            is_tuned: false,
            batch_limit: None,
            known: 1.0,
            drafted,
            cache_room: None,
            experts_in_ram: None,
            observed: Observed::default(),
        }
    }

    /// The layouts of a replica over this number of GPUs.
    fn layouts(&self, gpus: u32, engine: ServingEngine) -> Vec<Parallelism> {
        if engine == ServingEngine::LlamaCpp {
            return vec![Parallelism::pipeline(gpus)];
        }
        let Self { model, device, .. } = self;
        let is_linked = device.interconnect.is_some() && gpus <= device.bridged;
        let nodes = gpus.div_ceil(device.linked);
        let mut layouts = Vec::new();
        if nodes > 1 {
            // Exchanges inside of a layer are for the links of a machine.
            layouts.push(Parallelism { pipeline: nodes, ..Parallelism::tensor(gpus / nodes) });
        } else {
            layouts.push(Parallelism::tensor(gpus));
        }
        if nodes == 1 && gpus > 1 && !is_linked {
            layouts.push(Parallelism::pipeline(gpus));
            if gpus > 2 {
                layouts.push(Parallelism { pipeline: gpus / 2, ..Parallelism::tensor(2) });
            }
        }
        if model.routed_share.is_some() && gpus >= LEAST_RANKS && (is_linked || nodes > 1) {
            layouts.push(Parallelism::data_attention(gpus));
            if nodes == 1 {
                layouts.push(Parallelism { expert: gpus, ..Parallelism::tensor(gpus) });
            }
        }
        layouts
    }
}

/// How often the interval of requests in flight is halved.
const HALVINGS: u32 = 9;

/// What a closed form may be off by.
const SLACK: f64 = 1.15;

impl Deployment {
    /// Requests a second that it carries at most within a promise: by the closed form, whose means no 95th percentile is
    /// below.
    #[must_use]
    pub fn most_rate(&self, step: &StepTime, request: &Request, promise: Promise) -> f64 {
        let Request { prompt_tokens, output_tokens, .. } = *request;
        let kept = |held: f64| {
            self.steady(step, held, prompt_tokens, output_tokens).filter(|steady| {
                steady.tpot.0 <= promise.tpot.0 * SLACK && steady.ttft.0 <= promise.ttft.0 * SLACK
            })
        };
        let Some(mut best) = kept(1.0) else { return 0.0 };
        let (mut low, mut high) = (0.0, f64::from(self.most_sequences()).ln());
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            match kept(middle.exp()) {
                Some(steady) => {
                    low = middle;
                    if steady.output.0 > best.output.0 {
                        best = steady;
                    }
                }
                None => high = middle,
            }
        }
        best.output.0 / output_tokens * SLACK
    }

    /// Precision, engine and layout, as people write them.
    #[must_use]
    pub fn describe(&self) -> String {
        let cache = if self.cache == CacheType::Eight { ", FP8 cache" } else { "" };
        let drafts = if self.drafted > 0 { format!(", MTP{}", self.drafted) } else { String::new() };
        format!("{} {}{cache}{drafts}", self.engine.name(), self.parallelism)
    }
}
