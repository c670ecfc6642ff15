//! How llama.cpp chooses the next token.

use std::ptr::NonNull;

use llama_cpp_sys_2 as sys;

use super::super::Sampling;

/// A chain of samplers; freed when dropped, with what is in it.
pub(super) struct Sampler(NonNull<sys::llama_sampler>);

impl Sampler {
    /// The chain, in the order in which Transformers and vLLM apply it, by which the makers of R1 measured: temperature
    /// before nucleus. llama.cpp's own programs do it the other way round.
    pub(super) fn new(sampling: &Sampling) -> Option<Self> {
        // SAFETY: takes a plain struct; what it returns is freed once, by `drop`.
        let chain = unsafe { sys::llama_sampler_chain_init(sys::llama_sampler_chain_default_params()) };
        let chain = Self(NonNull::new(chain)?);
        if sampling.temperature <= 0.0 {
            // SAFETY: takes nothing; the chain takes ownership below.
            chain.add(unsafe { sys::llama_sampler_init_greedy() });
            return Some(chain);
        }
        // SAFETY: all take plain numbers; the chain takes ownership of each.
        unsafe {
            if sampling.top_k > 0 {
                chain.add(sys::llama_sampler_init_top_k(i32::try_from(sampling.top_k).unwrap_or(i32::MAX)));
            }
            chain.add(sys::llama_sampler_init_temp(sampling.temperature));
            if sampling.top_p < 1.0 {
                chain.add(sys::llama_sampler_init_top_p(sampling.top_p, 1));
            }
            if sampling.min_p > 0.0 {
                chain.add(sys::llama_sampler_init_min_p(sampling.min_p, 1));
            }
            chain.add(sys::llama_sampler_init_dist(sampling.seed));
        }
        Some(chain)
    }

    fn add(&self, sampler: *mut sys::llama_sampler) {
        // SAFETY: the chain is alive, and takes ownership of a sampler that has no other owner.
        unsafe { sys::llama_sampler_chain_add(self.0.as_ptr(), sampler) };
    }

    /// A token by the logits of the last token that `context` computed.
    pub(super) fn sample(&mut self, context: NonNull<sys::llama_context>) -> sys::llama_token {
        // SAFETY: both are alive; the last batch of the context requested the logits of its last token.
        unsafe { sys::llama_sampler_sample(self.0.as_ptr(), context.as_ptr(), -1) }
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        // SAFETY: the chain came from llama.cpp and is freed once.
        unsafe { sys::llama_sampler_free(self.0.as_ptr()) };
    }
}
