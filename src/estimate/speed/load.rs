use super::Speed;
use crate::estimate::kv_cache;
use crate::estimate::work::Work;

/// What one device has to do for a token.
#[derive(Clone, Debug)]
pub(super) struct Load {
    /// Which GPU it is, in the machine's order; none for the processors.
    pub(super) gpu: Option<usize>,
    /// The weights' part.
    pub(super) work: Work,
    /// How many layers' attention it computes.
    pub(super) layers: f64,
    /// Bytes of the cache that it reads for each token of depth.
    pub(super) cache_per_token: f64,
    /// Operations of attention for each token of depth.
    pub(super) attention_per_token: f64,
}

impl Load {
    /// The load of a device of the placement.
    pub(super) fn of(speed: &Speed<'_>, device: usize) -> Self {
        let (placement, subject) = (speed.placement, speed.subject);
        let architecture = &subject.model.architecture;
        let ram = placement.devices.len() - 1;
        let mut work = Work::default();
        let mut layers = 0.0;
        let (kinds, kind_of) = subject.kinds();
        // Of each kind of layer, how many compute here and how many have their routed experts here.
        let mut counts = vec![(0.0, 0.0); kinds.len()];
        for (layer, kind) in (0..architecture.layers).zip(kind_of) {
            let here = placement.layer_device(layer) == device;
            let experts_in_ram = layer < placement.expert_layers_in_ram;
            let (dense, experts) = &mut counts[*kind];
            if here {
                *dense += 1.0;
                layers += 1.0;
            }
            if if experts_in_ram { device == ram } else { here } {
                *experts += 1.0;
            }
        }
        for (kind, (dense, experts)) in kinds.iter().zip(counts) {
            work.add_dense(&kind.work, dense);
            work.add_experts(&kind.work, experts);
        }
        if placement.output_device() == device {
            work.add_dense(subject.output_work(), 1.0);
        }
        let cache = kv_cache::read_per_token(architecture, subject.latent, speed.config.kv_type, 1).as_f64();
        let width = match architecture.attention {
            crate::catalog::Attention::Grouped { heads, head_size, .. } => 2 * heads * head_size,
            crate::catalog::Attention::Latent { heads, kv_rank, rope_head_size, .. } => {
                heads * (2 * kv_rank + rope_head_size)
            }
        };
        Self {
            gpu: placement.devices[device].gpu().filter(|_| !work.is_nothing()),
            work,
            layers,
            cache_per_token: cache * layers / f64::from(architecture.layers),
            attention_per_token: 2.0 * f64::from(width) * layers,
        }
    }

    /// Launches or waits, in layers of seven matrices.
    pub(super) fn launches(&self) -> f64 {
        self.work.matrices / 7.0
    }
}
