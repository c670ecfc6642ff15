//! A model that llama.cpp has loaded.

use std::ffi::CString;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::ptr::NonNull;

use llama_cpp_sys_2 as sys;

use super::super::{EngineError, LoadMode, LoadRequest, ModelFacts};
use super::log;
use super::placing::Placing;
use super::text::text;
use crate::gguf::{TensorKind, read_header};
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// A loaded model; freed when dropped.
pub(super) struct Model {
    handle: NonNull<sys::llama_model>,
    pub(super) facts: ModelFacts,
}

impl Model {
    pub(super) fn load(request: &LoadRequest) -> Result<Self, EngineError> {
        let refused = |reason: Message| EngineError::Load { path: request.path.clone(), reason };
        let path = request.path.to_str().and_then(|path| CString::new(path).ok());
        let path = path.ok_or_else(|| refused(message!(EngineNotUtf8)))?;
        // SAFETY: takes nothing and returns a plain struct.
        let mut params = unsafe { sys::llama_model_default_params() };
        let placing = Placing::new(&request.loading);
        placing.apply(&mut params);
        params.use_extra_bufts = !aborts_repacked(&request.path);
        if request.mode == LoadMode::Plan {
            params.no_alloc = true;
            // llama.cpp refuses to plan for a mapped file: its weights would need no allocation.
            params.load_mode = sys::LLAMA_LOAD_MODE_NONE;
        }
        log::forget();
        // SAFETY: the path ends with a zero and outlives the call, as `placing` does, which the pointers in `params`
        // lead to; what the call returns is freed once, by `drop`.
        let handle = unsafe { sys::llama_model_load_from_file(path.as_ptr(), params) };
        let handle = NonNull::new(handle).ok_or_else(|| refused(log::complaints()))?;
        Ok(Self { handle, facts: facts(handle) })
    }

    pub(super) fn as_ptr(&self) -> *mut sys::llama_model {
        self.handle.as_ptr()
    }

    /// The vocabulary; it lives as long as the model.
    pub(super) fn vocab(&self) -> *const sys::llama_vocab {
        // SAFETY: the model is alive.
        unsafe { sys::llama_model_get_vocab(self.as_ptr()) }
    }

    /// How many tokens there are to choose from.
    pub(super) fn vocabulary(&self) -> i32 {
        // SAFETY: the model is alive, and its vocabulary belongs to it.
        unsafe { sys::llama_vocab_n_tokens(self.vocab()) }
    }
}

/// Whether llama.cpp would abort with weights rearranged for this CPU: AMX tiles take the absorbed projections
/// of latent attention, and cannot multiply what attention hands them (`GGML_ASSERT(*cur_backend_id != -1)`).
fn aborts_repacked(path: &Path) -> bool {
    // Asked in words: in a portable build the processors' code is a library that is not linked.
    // SAFETY: it returns a text that lives as long as the process.
    if !unsafe { text(sys::llama_print_system_info()) }.contains("AMX_INT8 = 1") {
        return false;
    }
    // What cannot be read here, llama.cpp refuses in its own words.
    let header = File::open(path).and_then(|file| {
        let length = Bytes(file.metadata()?.len());
        read_header(BufReader::new(file), length).map_err(std::io::Error::other)
    });
    let absorbed = [TensorKind::LatentKUp, TensorKind::LatentVUp].map(TensorKind::suffix);
    header.is_ok_and(|header| {
        header.tensors.iter().any(|tensor| absorbed.iter().any(|suffix| tensor.name.ends_with(suffix)))
    })
}

fn facts(handle: NonNull<sys::llama_model>) -> ModelFacts {
    let model = handle.as_ptr();
    let mut description = [0; 128];
    // SAFETY: the model is alive; the buffer is as long as told, and the call ends what it writes with a zero.
    let description = unsafe {
        sys::llama_model_desc(model, description.as_mut_ptr(), description.len());
        text(description.as_ptr())
    };
    ModelFacts {
        description,
        // SAFETY: the model is alive.
        weights_bytes: Bytes(unsafe { sys::llama_model_size(model) }),
        // SAFETY: as above.
        parameters: unsafe { sys::llama_model_n_params(model) },
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: the handle came from llama.cpp and is freed once; contexts borrow the model and are gone.
        unsafe { sys::llama_model_free(self.handle.as_ptr()) };
    }
}
