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
        for (layer, of_layer) in (0..architecture.layers).zip(&subject.work) {
            let here = placement.layer_device(layer) == device;
            let experts_in_ram = layer < placement.expert_layers_in_ram;
            if here {
                work.add_dense(of_layer);
                layers += 1.0;
            }
            if if experts_in_ram { device == ram } else { here } {
                work.add_experts(of_layer);
            }
        }
        if let Some(output) = subject.work.last().filter(|_| placement.output_device() == device) {
            work.add_dense(output);
        }
        let cache = kv_cache::read_per_token(architecture, subject.latent, speed.config.kv_type, 1).as_f64();
        let width = match architecture.attention {
            crate::catalog::Attention::Grouped { heads, head_size, .. } => 2 * heads * head_size,
            crate::catalog::Attention::Latent { heads, kv_rank, rope_head_size, .. } => {
                heads * (2 * kv_rank + rope_head_size)
            }
        };
        Self {
            gpu: placement.devices[device].gpu.filter(|_| !work.is_nothing()),
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
