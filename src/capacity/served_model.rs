use crate::catalog::{Architecture, Attention, FeedForward};
use crate::units::Bytes;

use super::{CacheType, Precision};

/// What serving a model of a shape takes: its parameters by what a step does with them, and its cache.
#[derive(Clone, Debug, PartialEq)]
pub struct ServedModel {
    /// Layers.
    pub layers: f64,
    /// Width of the residual stream.
    pub hidden_size: f64,
    /// Parameters that every token multiplies with, without the output.
    pub resident: f64,
    /// Those of them that are attention's.
    pub attention: f64,
    /// Layers with routed experts.
    pub expert_layers: f64,
    /// Heads that the cache can be split by; one of latents, which have none.
    pub cache_heads: f64,
    /// Parameters of routed experts.
    pub experts: f64,
    /// Parameters of the output matrix; the embedding has as many.
    pub output: f64,
    /// The share of the routed experts that a token goes through; none of a dense model.
    pub routed_share: Option<f64>,
    /// Values that a token leaves in the cache, in a layer.
    pub cache_values: f64,
    /// Whether each GPU of a tensor-parallel group must hold the whole cache: latents have no heads to be split by.
    pub shares_latent: bool,
    /// Operations of attention for a decoded token, for each token in the cache.
    pub attention_operations: f64,
    /// The same for a prefilled token.
    pub prefill_attention_operations: f64,
}

impl ServedModel {
    /// Of a shape.
    #[must_use]
    pub fn of(shape: &Architecture) -> Self {
        let layers = f64::from(shape.layers);
        let hidden = f64::from(shape.hidden_size);
        let output = f64::from(shape.vocabulary) * hidden;
        let (experts, routed_share, expert_layers) = match shape.feed_forward {
            FeedForward::Dense { .. } => (0.0, None, 0.0),
            FeedForward::Experts {
                dense_layers, expert_intermediate_size, experts, experts_used, ..
            } => {
                let expert = 3.0 * hidden * f64::from(expert_intermediate_size);
                let layers = f64::from(shape.layers.saturating_sub(dense_layers));
                let routed = f64::from(experts_used) / f64::from(experts);
                (layers * expert * f64::from(experts), Some(routed), layers)
            }
        };
        let resident = shape.parameters() as f64 - experts - 2.0 * output;
        let (cache_values, cache_heads, shares_latent, attention, prefill_attention) = match shape.attention {
            Attention::Grouped { heads, kv_heads, head_size } => {
                let look = 4.0 * f64::from(heads) * f64::from(head_size);
                (2.0 * f64::from(kv_heads) * f64::from(head_size), f64::from(kv_heads), false, look, look)
            }
            // Decoding multiplies queries with the latents themselves; prefilling recovers keys and values first.
            Attention::Latent { heads, kv_rank, key_head_size, rope_head_size, value_head_size, .. } => {
                let heads = f64::from(heads);
                let absorbed = 2.0 * heads * f64::from(2 * kv_rank + rope_head_size);
                let recovered = 2.0 * heads * f64::from(key_head_size + rope_head_size + value_head_size);
                (f64::from(kv_rank + rope_head_size), 1.0, true, absorbed, recovered)
            }
        };
        Self {
            layers,
            hidden_size: hidden,
            resident,
            attention: layers * shape.attention_parameters(u64::from(shape.hidden_size)) as f64,
            expert_layers,
            cache_heads,
            experts,
            output,
            routed_share,
            cache_values,
            shares_latent,
            attention_operations: attention * layers,
            prefill_attention_operations: prefill_attention * layers,
        }
    }

    /// Parameters that a token multiplies with.
    #[must_use]
    pub fn active(&self) -> f64 {
        self.resident + self.output + self.experts * self.routed_share.unwrap_or(0.0)
    }

    /// The weights in a precision; embedding and output stay in 16 bits.
    #[must_use]
    pub fn weights(&self, precision: &Precision) -> Bytes {
        let bytes = self.experts * precision.weight_bytes
            + self.resident * self.resident_bytes(precision)
            + 2.0 * self.output * 2.0;
        Bytes(1).share(bytes)
    }

    /// Bytes of a parameter outside of the routed experts.
    #[must_use]
    pub fn resident_bytes(&self, precision: &Precision) -> f64 {
        if self.routed_share.is_some() { precision.other_bytes } else { precision.weight_bytes }
    }

    /// Bytes that a token leaves in the cache.
    #[must_use]
    pub fn cache_per_token(&self, cache: CacheType) -> f64 {
        self.cache_values * self.layers * cache.bytes()
    }

    /// The share of the routed experts that a step with this many tokens goes through.
    #[must_use]
    pub fn touched(&self, tokens: f64) -> f64 {
        self.routed_share.map_or(0.0, |share| 1.0 - (1.0 - share).powf(tokens))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn served(name: &str) -> ServedModel {
        ServedModel::of(&Catalog::embedded().unwrap().model(name).unwrap().architecture)
    }

    #[test]
    fn the_671b_has_656_gb_of_experts_and_caches_70_kb_a_token() {
        let model = served("671b");
        let experts = model.experts * Precision::FP8.weight_bytes / 1e9;
        assert!((experts - 654.0).abs() < 3.0, "{experts}");
        assert!((model.cache_per_token(CacheType::Sixteen) - 70_272.0).abs() < 1.0);
        assert!((model.active() / 1e9 - 36.6).abs() < 0.6, "{}", model.active());
        // k = 8 of E = 256: a batch of 64 goes through 87 % of them.
        assert!((model.touched(64.0) - 0.869).abs() < 0.001);
    }

    #[test]
    fn dense_models_cache_as_published_engine_logs_have_it() {
        assert!((served("7b").cache_per_token(CacheType::Sixteen) - 57_344.0).abs() < 1.0);
        assert!((served("32b").cache_per_token(CacheType::Sixteen) - 262_144.0).abs() < 1.0);
        assert!((served("70b").cache_per_token(CacheType::Sixteen) - 327_680.0).abs() < 1.0);
        assert!(served("70b").touched(100.0).abs() < 1e-12);
    }
}
