use crate::catalog::{Architecture, Attention};
use crate::gguf::LatentLayout;
use crate::run_config::{KvType, RunConfig};
use crate::units::Bytes;

/// llama.cpp rounds the cells of a cache up to this (`GGML_PAD(n_ctx, 256)` in `llama-context.cpp`).
const CELL_STEP: u32 = 256;

/// What one layer's cache takes over the whole context of `config`: exact, as llama.cpp allocates it.
///
/// `llama_kv_cache` in `llama-kv-cache.cpp`: a row of keys and a row of values for each cell; with MLA only
/// the latent's row, from which the values are recovered.
#[must_use]
pub fn layer_size(architecture: &Architecture, latent: LatentLayout, config: &RunConfig) -> Bytes {
    let (keys, values) = row_widths(&architecture.attention, latent);
    (row_size(keys, config.kv_type) + row_size(values, config.value_type())) * u64::from(cells(config))
}

/// What the cache of the whole model takes.
#[must_use]
pub fn size(architecture: &Architecture, latent: LatentLayout, config: &RunConfig) -> Bytes {
    layer_size(architecture, latent, config) * u64::from(architecture.layers)
}

/// What a decoded token reads of the cache when `depth` tokens are in it.
#[must_use]
pub fn read_per_token(
    architecture: &Architecture,
    latent: LatentLayout,
    kv_type: KvType,
    depth: u32,
) -> Bytes {
    let (keys, values) = row_widths(&architecture.attention, latent);
    (row_size(keys, kv_type) + row_size(values, kv_type)) * u64::from(architecture.layers) * u64::from(depth)
}

/// The cells that llama.cpp makes of the context: each sequence's share, rounded up, or one share for all.
#[must_use]
pub fn cells(config: &RunConfig) -> u32 {
    cells_seen(config) * if config.kv_unified { 1 } else { config.sequences.max(1) }
}

/// The cells that a token's attention is masked over: those of its sequence, or of all in a unified cache.
#[must_use]
pub fn cells_seen(config: &RunConfig) -> u32 {
    let sequences = if config.kv_unified { 1 } else { config.sequences.max(1) };
    (config.context.next_multiple_of(CELL_STEP) / sequences).next_multiple_of(CELL_STEP)
}

/// Values in a row of keys and in a row of values.
fn row_widths(attention: &Attention, latent: LatentLayout) -> (u64, u64) {
    match (attention, latent) {
        (Attention::Grouped { kv_heads, head_size, .. }, _) => {
            let width = u64::from(*kv_heads) * u64::from(*head_size);
            (width, width)
        }
        (Attention::Latent { kv_rank, rope_head_size, .. }, LatentLayout::Split) => {
            // The value is recovered from the latent, so only the key side is stored.
            (u64::from(kv_rank + rope_head_size), 0)
        }
        (
            Attention::Latent { heads, key_head_size, rope_head_size, value_head_size, .. },
            LatentLayout::Merged,
        ) => {
            let heads = u64::from(*heads);
            (heads * u64::from(key_head_size + rope_head_size), heads * u64::from(*value_head_size))
        }
    }
}

/// Bytes of a row of values.
fn row_size(values: u64, kv_type: KvType) -> Bytes {
    let (block_values, block_bytes) = match kv_type {
        KvType::F32 => (1, 4),
        KvType::F16 | KvType::Bf16 => (1, 2),
        KvType::Q8_0 => (32, 34),
        KvType::Q5_0 => (32, 22),
        KvType::Q5_1 => (32, 24),
        KvType::Q4_0 | KvType::Iq4Nl => (32, 18),
        KvType::Q4_1 => (32, 20),
    };
    Bytes(values / block_values * block_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(context: u32) -> RunConfig {
        RunConfig { context, ..RunConfig::default() }
    }

    #[test]
    fn the_70b_caches_10_gib_at_32k() {
        // 80 layers × 32768 cells × 2 × 8 heads × 128 values × 2 bytes.
        let attention = Attention::Grouped { heads: 64, kv_heads: 8, head_size: 128 };
        let (keys, values) = row_widths(&attention, LatentLayout::Split);
        let row = row_size(keys, KvType::F16) + row_size(values, KvType::F16);
        assert_eq!(row * 80 * u64::from(cells(&config(32_768))), Bytes::gib(10));
    }

    #[test]
    fn latent_attention_caches_2196_mib_at_32k_and_its_early_files_71_times_as_much() {
        // 61 layers × 32768 cells × 576 values × 2 bytes.
        let attention = Attention::Latent {
            heads: 128,
            query_rank: 1536,
            kv_rank: 512,
            key_head_size: 128,
            rope_head_size: 64,
            value_head_size: 128,
        };
        let size = |latent| {
            let (keys, values) = row_widths(&attention, latent);
            (row_size(keys, KvType::F16) + row_size(values, KvType::F16)) * 61 * 32_768
        };
        assert_eq!(size(LatentLayout::Split), Bytes::mib(2196));
        assert_eq!(size(LatentLayout::Merged).0 / size(LatentLayout::Split).0, 71);
    }

    #[test]
    fn cells_are_whole_steps_for_each_sequence() {
        assert_eq!(cells(&config(4096)), 4096);
        assert_eq!(cells(&config(4097)), 4352);
        let three = RunConfig { context: 4096, sequences: 3, ..RunConfig::default() };
        assert_eq!(cells(&three), 1536 * 3);
        assert_eq!(cells(&RunConfig { kv_unified: true, ..three }), 4096);
    }
}
