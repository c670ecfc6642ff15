//! Where llama.cpp puts the parts of a model, with the arrays that its parameters point to.

use std::ffi::{CStr, CString};
use std::ptr;

use llama_cpp_sys_2 as sys;

use crate::run_config::{Loading, SplitMode};

/// What the pointers of `llama_model_params` lead to; it must live until the model is loaded.
pub(super) struct Placing<'a> {
    loading: &'a Loading,
    shares: Vec<f32>,
    patterns: Vec<CString>,
    overrides: Vec<sys::llama_model_tensor_buft_override>,
}

/// The routed experts of a layer: `LLM_FFN_EXPS_REGEX` in llama.cpp's `common.h`, behind the layer's number.
const EXPERTS: &str = r"\.ffn_(up|down|gate|gate_up)_(ch|)exps";

impl<'a> Placing<'a> {
    pub(super) fn new(loading: &'a Loading) -> Self {
        // SAFETY: takes nothing and touches no memory of ours.
        let devices = unsafe { sys::llama_max_devices() };
        let mut shares = loading.tensor_split.clone();
        if !shares.is_empty() {
            // llama.cpp reads one for each device that there could be.
            shares.resize(devices.max(shares.len()), 0.0);
        }
        let patterns: Vec<_> = (0..loading.expert_layers_in_ram)
            .filter_map(|layer| CString::new(format!(r"blk\.{layer}{EXPERTS}")).ok())
            .collect();
        let mut overrides: Vec<_> = patterns.iter().map(|pattern| in_main_memory(pattern)).collect();
        if !overrides.is_empty() {
            overrides
                .push(sys::llama_model_tensor_buft_override { pattern: ptr::null(), buft: ptr::null_mut() });
        }
        Self { loading, shares, patterns, overrides }
    }

    /// Puts the settings into `params`, whose pointers then borrow from this value.
    pub(super) fn apply(&self, params: &mut sys::llama_model_params) {
        debug_assert!(self.overrides.is_empty() || self.overrides.len() == self.patterns.len() + 1);
        if let Some(layers) = self.loading.gpu_layers {
            params.n_gpu_layers = i32::try_from(layers).unwrap_or(i32::MAX);
        }
        params.split_mode = match self.loading.split_mode {
            SplitMode::None => sys::LLAMA_SPLIT_MODE_NONE,
            SplitMode::Layer => sys::LLAMA_SPLIT_MODE_LAYER,
            SplitMode::Row => sys::LLAMA_SPLIT_MODE_ROW,
        };
        params.main_gpu = i32::try_from(self.loading.main_gpu).unwrap_or(i32::MAX);
        if !self.loading.mapped {
            params.load_mode = sys::LLAMA_LOAD_MODE_NONE;
        }
        if !self.shares.is_empty() {
            params.tensor_split = self.shares.as_ptr();
        }
        if !self.overrides.is_empty() {
            params.tensor_buft_overrides = self.overrides.as_ptr();
        }
    }
}

fn in_main_memory(pattern: &CStr) -> sys::llama_model_tensor_buft_override {
    sys::llama_model_tensor_buft_override {
        pattern: pattern.as_ptr(),
        // SAFETY: takes nothing; the type it returns lives as long as the process.
        buft: unsafe { sys::ggml_backend_cpu_buffer_type() },
    }
}
