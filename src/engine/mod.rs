//! Running a model: load it, open a session, prefill, decode, and the memory that takes.
//!
//! Three engines stand behind one trait: llama.cpp (`llama`), a fake with reproducible speeds ([`fake`]), and
//! a child process that runs one of the two ([`worker`]). Commands use the child only: running out of GPU
//! memory or a failed assertion is `abort()` in ggml, and for a program that finds out whether a model runs
//! that is an ordinary outcome. Nothing here knows the catalog or decides what to measure.

mod chat;
mod error;
pub mod fake;
mod fake_answer;
mod kind;
#[cfg(feature = "llama")]
pub mod llama;
mod memory;
mod process;
mod request;
mod rpc_host;
pub mod worker;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use chat::{Extended, Extension, Sampled, Sampling, Token, Vocabulary};
pub use error::{Crash, Ending, EngineError};
pub use kind::{EngineKind, FakeFailure, ParseEngineKindError};
pub use memory::{DeviceMemory, MAIN_MEMORY, MemoryPlan};
pub use process::ProcessUsage;
pub use request::{
    Crowd, CrowdTimes, Device, DeviceKind, EngineBuild, LoadMode, LoadRequest, ModelFacts, SessionRequest,
};
pub use rpc_host::{ParseRpcHostError, RpcHost};

use crate::machine::Backend;
use crate::units::Seconds;

/// Something that runs models.
pub trait Engine {
    /// Name and version.
    fn build(&mut self) -> Result<EngineBuild, EngineError>;

    /// Devices to compute on.
    fn devices(&mut self) -> Result<Vec<Device>, EngineError>;

    /// Computes on the devices of other machines, too, where llama.cpp's `rpc-server` listens.
    fn attach(&mut self, hosts: &[RpcHost]) -> Result<(), EngineError>;

    /// Begins anew after it came to an end; an engine that cannot end has nothing to do.
    fn restart(&mut self) -> Result<(), EngineError> {
        Ok(())
    }

    /// Loads a model.
    fn load<'e>(&'e mut self, request: &LoadRequest) -> Result<Box<dyn LoadedModel + 'e>, EngineError>;
}

/// A model that an engine has loaded.
pub trait LoadedModel {
    /// Facts of the loaded file.
    fn facts(&self) -> &ModelFacts;

    /// Opens a session with an empty KV cache.
    fn open<'m>(&'m mut self, request: &SessionRequest) -> Result<Box<dyn Session + 'm>, EngineError>;
}

/// A model with a KV cache.
pub trait Session {
    /// What the model and this session take, as the engine planned it.
    fn memory(&mut self) -> Result<MemoryPlan, EngineError>;

    /// Empties the KV cache.
    fn clear(&mut self) -> Result<(), EngineError>;

    /// Keeps the first tokens of the KV cache and forgets what came after them.
    fn truncate(&mut self, tokens: u32) -> Result<(), EngineError>;

    /// Time to run this many random tokens through the model in batches.
    fn prefill(&mut self, tokens: u32) -> Result<Seconds, EngineError>;

    /// Time to run this many random tokens through the model one by one.
    fn decode(&mut self, tokens: u32) -> Result<Seconds, EngineError>;

    /// Empties the KV cache and answers a crowd: the prompts one after the other, then all answers side by side, a
    /// token of each in every batch.
    fn serve(&mut self, crowd: Crowd) -> Result<CrowdTimes, EngineError>;
    /// A description of the model's tokenizer.
    fn vocabulary(&mut self) -> Result<Vocabulary, EngineError>;

    /// The tokens of a text. What looks like a special token is one; with `bos`, the token that begins a text comes
    /// first.
    fn tokenize(&mut self, text: &str, bos: bool) -> Result<Vec<Token>, EngineError>;

    /// Chooses tokens so from now on, with a fresh seed.
    fn sample_by(&mut self, sampling: &Sampling) -> Result<(), EngineError>;

    /// Puts tokens behind those in the KV cache, and chooses the next. Once `stop` is set it may give up, which is
    /// [`EngineError::Stopped`]: then no more than [`Extension::keep`] tokens of the cache can be counted on.
    fn extend(&mut self, extension: &Extension, stop: &AtomicBool) -> Result<Extended, EngineError>;

    /// Memory and processor time of the engine's process so far.
    fn usage(&mut self) -> Result<ProcessUsage, EngineError>;
}

/// The GPU backends that the engine has: those that the program was built with, and those of the devices it sees, which
/// a portable build finds as libraries beside the program.
#[must_use]
pub fn gpu_backends(devices: &[Device]) -> Vec<Backend> {
    let built = [
        (cfg!(feature = "cuda"), Backend::Cuda),
        (cfg!(feature = "vulkan"), Backend::Vulkan),
        (cfg!(feature = "rocm"), Backend::Rocm),
        (cfg!(feature = "metal"), Backend::Metal),
    ];
    let mut backends: Vec<_> =
        built.into_iter().filter_map(|(built, backend)| built.then_some(backend)).collect();
    for backend in devices.iter().filter_map(Device::backend) {
        if !backends.contains(&backend) {
            backends.push(backend);
        }
    }
    backends
}

/// What the bundled engine can compute on, asked of a child process: a driver may well abort it.
pub fn devices() -> Result<Vec<Device>, EngineError> {
    let never = Arc::new(AtomicBool::new(false));
    worker::WorkerEngine::start(EngineKind::Llama, never)?.devices()
}
