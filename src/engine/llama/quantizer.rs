//! Which type llama.cpp's own quantizer gives each tensor of a model: what our layouts are checked against.

use std::ffi::{CStr, CString, c_char};

/// `llama_quant_model_desc` of llama.cpp: what the quantizer's rules look at beside names and shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelDimensions<'a> {
    /// `general.architecture`.
    pub architecture: &'a CStr,
    /// Width of the residual stream.
    pub hidden_size: u32,
    /// Inner width of the feed-forward blocks.
    pub intermediate_size: u32,
    /// Layers.
    pub layers: u32,
    /// Query heads.
    pub heads: u32,
    /// Key and value heads.
    pub kv_heads: u32,
    /// Routed experts a layer.
    pub experts: u32,
    /// Width of a key head.
    pub key_head_size: u32,
    /// Width of a value head.
    pub value_head_size: u32,
}

#[repr(C)]
struct ModelDesc {
    architecture: *const c_char,
    n_embd: u32,
    n_ff: u32,
    n_layer: u32,
    n_head: u32,
    n_head_kv: u32,
    n_expert: u32,
    n_embd_head_k: u32,
    n_embd_head_v: u32,
}

#[repr(C)]
struct QuantTensor {
    name: *const c_char,
    shape: [i64; 4],
}

unsafe extern "C" {
    fn r1_quantizer_types(
        model: *const ModelDesc,
        file_type: i32,
        tensors: *const QuantTensor,
        count: usize,
        types: *mut i32,
    ) -> bool;
}

/// The ggml type that llama.cpp gives each of `tensors` (name, shape) in a mix of `file_type`
/// (`llama_ftype`) without an importance matrix; `None` where it leaves the tensor as it is. `None` over all
/// when llama.cpp knows no such mix.
#[must_use]
pub fn types(
    model: ModelDimensions,
    file_type: u32,
    tensors: &[(String, [u64; 4])],
) -> Option<Vec<Option<u32>>> {
    let _started = super::LlamaEngine::new();
    let names =
        tensors.iter().map(|(name, _)| CString::new(name.as_str()).ok()).collect::<Option<Vec<_>>>()?;
    let shape = |shape: [u64; 4]| shape.map(|length| i64::try_from(length).unwrap_or(i64::MAX));
    let asked: Vec<_> = names
        .iter()
        .zip(tensors)
        .map(|(name, (_, lengths))| QuantTensor { name: name.as_ptr(), shape: shape(*lengths) })
        .collect();
    let desc = ModelDesc {
        architecture: model.architecture.as_ptr(),
        n_embd: model.hidden_size,
        n_ff: model.intermediate_size,
        n_layer: model.layers,
        n_head: model.heads,
        n_head_kv: model.kv_heads,
        n_expert: model.experts,
        n_embd_head_k: model.key_head_size,
        n_embd_head_v: model.value_head_size,
    };
    let mut types = vec![0; asked.len()];
    let file_type = i32::try_from(file_type).ok()?;
    // SAFETY: all texts end with a zero and outlive the call, and both arrays have `asked.len()` entries.
    let known = unsafe {
        r1_quantizer_types(&raw const desc, file_type, asked.as_ptr(), asked.len(), types.as_mut_ptr())
    };
    known.then(|| types.into_iter().map(|kind| u32::try_from(kind).ok()).collect())
}
