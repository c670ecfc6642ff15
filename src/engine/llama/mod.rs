//! llama.cpp behind the engine's trait. Nothing outside this folder names it.
//!
//! The raw bindings are wrapped here into three owners that free what they hold: the backend of the process,
//! a model, and a context that borrows its model. Nothing here decides what to run.

mod batch;
mod context;
mod log;
mod memory;
mod model;
mod placing;
pub mod quantizer;
mod rpc;
mod sampler;
mod text;
mod vocabulary;

use std::sync::Once;

use llama_cpp_sys_2 as sys;

use super::{
    Device, DeviceKind, Engine, EngineBuild, EngineError, LoadRequest, LoadedModel, ModelFacts, RpcHost,
    Session, SessionRequest,
};
use crate::units::Bytes;
use context::Context;
use model::Model;
use text::text;

/// The bindings' version, which fixes llama.cpp's: the same as in Cargo.toml.
const BINDINGS: &str = "0.1.161";

/// llama.cpp in this process.
#[derive(Clone, Copy, Debug)]
pub struct LlamaEngine {
    _initialized: (),
}

impl LlamaEngine {
    /// Starts llama.cpp, once a process.
    #[must_use]
    pub fn new() -> Self {
        static START: Once = Once::new();
        START.call_once(|| {
            log::capture();
            // SAFETY: called once, before any other function of llama.cpp but the log's.
            unsafe { sys::llama_backend_init() };
            #[cfg(feature = "portable")]
            // SAFETY: takes nothing; looks for the backends' libraries beside the program.
            unsafe {
                sys::ggml_backend_load_all();
            }
        });
        Self { _initialized: () }
    }

    /// The same, with llama.cpp's log on stderr: for a process whose stderr is another's to read.
    #[must_use]
    pub fn logging_to_stderr() -> Self {
        log::to_stderr();
        Self::new()
    }
}

impl Default for LlamaEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for LlamaEngine {
    fn build(&mut self) -> Result<EngineBuild, EngineError> {
        // SAFETY: both return texts that live as long as the process.
        let (version, system) = unsafe { (text(sys::llama_version()), text(sys::llama_print_system_info())) };
        Ok(EngineBuild {
            name: "llama.cpp".into(),
            version: format!("{version} (llama-cpp-sys-2 {BINDINGS})"),
            system: system.trim().trim_end_matches('|').trim_end().to_owned(),
        })
    }

    fn devices(&mut self) -> Result<Vec<Device>, EngineError> {
        // SAFETY: the registry was filled when the engine was made, and every index is below its count.
        let all = unsafe { (0..sys::ggml_backend_dev_count()).map(|index| sys::ggml_backend_dev_get(index)) };
        Ok(all.map(device).collect())
    }

    fn attach(&mut self, hosts: &[RpcHost]) -> Result<(), EngineError> {
        hosts.iter().try_for_each(rpc::attach)
    }

    fn load<'e>(&'e mut self, request: &LoadRequest) -> Result<Box<dyn LoadedModel + 'e>, EngineError> {
        Ok(Box::new(Model::load(request)?))
    }
}

fn device(handle: sys::ggml_backend_dev_t) -> Device {
    // SAFETY: an all-zero value of this plain C struct is valid, and the call below fills it.
    let mut properties: sys::ggml_backend_dev_props = unsafe { std::mem::zeroed() };
    // SAFETY: the handle comes from the registry, whose devices live as long as the process.
    unsafe { sys::ggml_backend_dev_get_props(handle, &raw mut properties) };
    Device {
        // SAFETY: names and descriptions belong to the device and live as long.
        name: unsafe { text(properties.name) },
        // SAFETY: as above.
        description: unsafe { text(properties.description) },
        kind: match properties.type_ {
            sys::GGML_BACKEND_DEVICE_TYPE_CPU => DeviceKind::Cpu,
            sys::GGML_BACKEND_DEVICE_TYPE_GPU => DeviceKind::Gpu,
            sys::GGML_BACKEND_DEVICE_TYPE_IGPU => DeviceKind::IntegratedGpu,
            _ => DeviceKind::Accelerator,
        },
        total_bytes: Bytes(properties.memory_total as u64),
        free_bytes: Bytes(properties.memory_free as u64),
    }
}

impl LoadedModel for Model {
    fn facts(&self) -> &ModelFacts {
        &self.facts
    }

    fn open<'m>(&'m mut self, request: &SessionRequest) -> Result<Box<dyn Session + 'm>, EngineError> {
        Ok(Box::new(Context::open(self, request)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_reports_name_is_the_one_that_cargo_builds() {
        let manifest = include_str!("../../../Cargo.toml");
        assert!(manifest.contains(&format!("llama-cpp-sys-2 = {{ version = \"={BINDINGS}\"")));
    }
}
