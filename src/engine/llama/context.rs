//! A context of llama.cpp: a KV cache and a graph for a model.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use fastrand::Rng;
use llama_cpp_sys_2 as sys;

use super::super::{
    Crowd, CrowdTimes, EngineError, Extended, Extension, MemoryPlan, ProcessUsage, Sampled, Sampling,
    Session, SessionRequest, Token, Vocabulary,
};
use super::batch::Batch;
use super::model::Model;
use super::sampler::Sampler;
use super::{log, memory, vocabulary};
use crate::message;
use crate::run_config::KvType;
use crate::units::Seconds;

/// An open context; freed when dropped, before its model.
pub(super) struct Context<'m> {
    handle: NonNull<sys::llama_context>,
    model: &'m Model,
    batch: u32,
    random: Rng,
    sampler: Option<Sampler>,
}

/// What `llama_decode` returns when the abort callback said yes (`llama.h`).
const ABORTED: i32 = 2;

impl<'m> Context<'m> {
    pub(super) fn open(model: &'m Model, request: &SessionRequest) -> Result<Self, EngineError> {
        let config = &request.config;
        let threads = i32::try_from(request.threads).unwrap_or(i32::MAX);
        // SAFETY: takes nothing and returns a plain struct.
        let mut params = unsafe { sys::llama_context_default_params() };
        params.n_ctx = config.context;
        params.n_batch = config.batch;
        params.n_ubatch = config.micro_batch;
        params.n_seq_max = config.sequences;
        params.n_outputs_max = request.outputs.unwrap_or(0);
        params.n_threads = threads;
        params.n_threads_batch = threads;
        params.type_k = kv_type(config.kv_type);
        params.type_v = kv_type(config.value_type());
        params.kv_unified = config.kv_unified;
        params.flash_attn_type = if config.flash_attention {
            sys::LLAMA_FLASH_ATTN_TYPE_ENABLED
        } else {
            sys::LLAMA_FLASH_ATTN_TYPE_DISABLED
        };
        log::forget();
        // SAFETY: the model outlives the context by the lifetime `'m`; pointers in `params` are the defaults;
        // what the call returns is freed once, by `drop`.
        let handle = unsafe { sys::llama_init_from_model(model.as_ptr(), params) };
        let handle = NonNull::new(handle)
            .ok_or_else(|| EngineError::Open { context: config.context, reason: log::complaints() })?;
        Ok(Self { handle, model, batch: config.batch, random: Rng::with_seed(0), sampler: None })
    }

    fn random_tokens(&mut self, count: u32) -> Vec<sys::llama_token> {
        let vocabulary = self.model.vocabulary().max(1);
        (0..count).map(|_| self.random.i32(0..vocabulary)).collect()
    }

    /// Runs one batch behind what the cache holds; logits are computed for its last token only.
    fn run(&mut self, tokens: &mut [sys::llama_token]) -> Result<(), EngineError> {
        let count = i32::try_from(tokens.len()).unwrap_or(i32::MAX);
        log::forget();
        // SAFETY: the batch borrows the tokens, which outlive the call; the context is alive and ours alone.
        let status = unsafe {
            let batch = sys::llama_batch_get_one(tokens.as_mut_ptr(), count);
            sys::llama_decode(self.handle.as_ptr(), batch)
        };
        Self::computed(count, status)
    }

    /// Runs a batch whose tokens belong to several sequences.
    fn run_batch(&mut self, batch: &mut Batch) -> Result<(), EngineError> {
        log::forget();
        // SAFETY: the batch lives through the call; the context is alive and ours alone.
        let status = unsafe { sys::llama_decode(self.handle.as_ptr(), batch.as_llama()) };
        Self::computed(i32::try_from(batch.len()).unwrap_or(i32::MAX), status)
    }

    fn computed(count: i32, status: i32) -> Result<(), EngineError> {
        match status {
            0 => Ok(()),
            status => {
                Err(EngineError::Compute { tokens: count.unsigned_abs(), status, reason: log::complaints() })
            }
        }
    }

    /// Lets a computation be given up once `stop` is set, as far as the device can: the CPU and Metal look at it.
    fn heed(&mut self, stop: Option<&AtomicBool>) {
        let data = stop.map_or(std::ptr::null_mut(), |stop| std::ptr::from_ref(stop).cast_mut().cast());
        // SAFETY: the context is alive and ours alone. The flag outlives the computation, after which it is forgotten.
        unsafe { sys::llama_set_abort_callback(self.handle.as_ptr(), stop.and(Some(is_set)), data) };
    }

    fn sample(&mut self) -> Result<Sampled, EngineError> {
        let handle = self.handle;
        let nobody = || EngineError::Unexpected { line: "sample before `sample_by`".to_owned() };
        let token = self.sampler.as_mut().ok_or_else(nobody)?.sample(handle);
        let ends = vocabulary::ends(self.model, token);
        let piece = if ends { Vec::new() } else { vocabulary::piece(self.model, token) };
        Ok(Sampled { token, piece, ends })
    }

    fn wait(&mut self) {
        // SAFETY: the context is alive and ours alone.
        unsafe { sys::llama_synchronize(self.handle.as_ptr()) };
    }
}

/// Whether the flag that `data` points to is set.
unsafe extern "C" fn is_set(data: *mut c_void) -> bool {
    // SAFETY: `heed` hands over a flag that outlives the computation.
    unsafe { &*data.cast::<AtomicBool>() }.load(Ordering::Relaxed)
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle came from llama.cpp and is freed once; its model is still borrowed.
        unsafe { sys::llama_free(self.handle.as_ptr()) };
    }
}

impl Session for Context<'_> {
    fn memory(&mut self) -> Result<MemoryPlan, EngineError> {
        memory::plan(self.handle)
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        // SAFETY: the context is alive; its memory belongs to it. The data may stay: only the cells' marks count.
        unsafe { sys::llama_memory_clear(sys::llama_get_memory(self.handle.as_ptr()), false) };
        Ok(())
    }

    fn truncate(&mut self, tokens: u32) -> Result<(), EngineError> {
        let first = i32::try_from(tokens).unwrap_or(i32::MAX);
        // SAFETY: the context is alive; its memory belongs to it.
        let done =
            unsafe { sys::llama_memory_seq_rm(sys::llama_get_memory(self.handle.as_ptr()), 0, first, -1) };
        if done {
            return Ok(());
        }
        // No cache of ours refuses; recurrent states do, which cannot go back.
        Err(EngineError::Compute { tokens, status: -1, reason: message!(EngineNoTruncation) })
    }

    // llama-bench's `test_prompt`: batches of `n_batch` random tokens, one wait at the end.
    fn prefill(&mut self, tokens: u32) -> Result<Seconds, EngineError> {
        let mut tokens = self.random_tokens(tokens);
        let start = Instant::now();
        for batch in tokens.chunks_mut(self.batch as usize) {
            self.run(batch)?;
        }
        self.wait();
        Ok(start.elapsed().into())
    }

    // llama-bench's `test_gen`: one random token at a time, waiting for each.
    fn decode(&mut self, tokens: u32) -> Result<Seconds, EngineError> {
        let mut tokens = self.random_tokens(tokens);
        let start = Instant::now();
        for token in tokens.chunks_mut(1) {
            self.run(token)?;
            self.wait();
        }
        Ok(start.elapsed().into())
    }

    // The prompts as a server takes them that has as many slots: first come, first served, in batches of `n_batch`.
    fn serve(&mut self, crowd: Crowd) -> Result<CrowdTimes, EngineError> {
        self.clear()?;
        let start = Instant::now();
        let mut prompts = Vec::with_capacity(crowd.users as usize);
        for user in 0..crowd.users {
            let tokens = self.random_tokens(crowd.prompt_tokens);
            let mut position = 0;
            for piece in tokens.chunks(self.batch as usize) {
                let mut batch = Batch::default();
                for token in piece {
                    position += 1;
                    batch.push(*token, position - 1, user, position == crowd.prompt_tokens);
                }
                self.run_batch(&mut batch)?;
            }
            self.wait();
            prompts.push(start.elapsed().into());
        }
        let start = Instant::now();
        for step in 0..crowd.output_tokens {
            let tokens = self.random_tokens(crowd.users);
            let mut batch = Batch::default();
            for (user, token) in (0..).zip(tokens) {
                batch.push(token, crowd.prompt_tokens + step, user, true);
            }
            self.run_batch(&mut batch)?;
            self.wait();
        }
        Ok(CrowdTimes { prompts, decode: start.elapsed().into() })
    }

    fn vocabulary(&mut self) -> Result<Vocabulary, EngineError> {
        Ok(vocabulary::describe(self.model))
    }

    fn tokenize(&mut self, text: &str, bos: bool) -> Result<Vec<Token>, EngineError> {
        vocabulary::tokenize(self.model, text, bos)
    }

    fn sample_by(&mut self, sampling: &Sampling) -> Result<(), EngineError> {
        self.sampler = Sampler::new(sampling);
        Ok(())
    }

    fn extend(&mut self, extension: &Extension, stop: &AtomicBool) -> Result<Extended, EngineError> {
        let start = Instant::now();
        self.truncate(extension.keep)?;
        let mut tokens = extension.tokens.clone();
        self.heed(Some(stop));
        let ran = self.run(&mut tokens);
        self.wait();
        self.heed(None);
        match ran {
            Err(EngineError::Compute { status: ABORTED, .. }) => return Err(EngineError::Stopped),
            ran => ran?,
        }
        let sampled = if extension.sample { Some(self.sample()?) } else { None };
        Ok(Extended { seconds: start.elapsed().into(), sampled })
    }

    fn usage(&mut self) -> Result<ProcessUsage, EngineError> {
        Ok(ProcessUsage::of_this_process())
    }
}

const fn kv_type(kind: KvType) -> sys::ggml_type {
    match kind {
        KvType::F32 => sys::GGML_TYPE_F32,
        KvType::F16 => sys::GGML_TYPE_F16,
        KvType::Bf16 => sys::GGML_TYPE_BF16,
        KvType::Q8_0 => sys::GGML_TYPE_Q8_0,
        KvType::Q5_0 => sys::GGML_TYPE_Q5_0,
        KvType::Q5_1 => sys::GGML_TYPE_Q5_1,
        KvType::Q4_0 => sys::GGML_TYPE_Q4_0,
        KvType::Q4_1 => sys::GGML_TYPE_Q4_1,
        KvType::Iq4Nl => sys::GGML_TYPE_IQ4_NL,
    }
}
