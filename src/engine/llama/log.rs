//! llama.cpp's log: the first complaints are kept as the reason of an error; in the child process all lines
//! also go to stderr, where the parent keeps the last ones for the case of a crash.

use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_void};
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use llama_cpp_sys_2 as sys;

use crate::message;
use crate::message::Message;

static COMPLAINTS: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Complaints kept: llama.cpp says what is wrong in the first or second, and then that it gives up.
const KEPT: usize = 8;

static ON_STDERR: AtomicBool = AtomicBool::new(false);

/// Sends all lines but the debugging ones to stderr from now on.
pub(super) fn to_stderr() {
    ON_STDERR.store(true, Ordering::Relaxed);
}

/// Takes over the log of llama.cpp and ggml.
pub(super) fn capture() {
    // SAFETY: the callback is a function that lives forever and uses no user data.
    unsafe { sys::llama_log_set(Some(on_line), std::ptr::null_mut()) };
}

/// Forgets all complaints, before something is tried.
pub(super) fn forget() {
    COMPLAINTS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// What llama.cpp complained of since then, in one line.
pub(super) fn complaints() -> Message {
    let lines = COMPLAINTS.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.is_empty() {
        return message!(EngineNoReason);
    }
    Message::verbatim(lines.iter().map(String::as_str).collect::<Vec<_>>().join("; "))
}

unsafe extern "C" fn on_line(level: sys::ggml_log_level, text: *const c_char, _: *mut c_void) {
    if text.is_null() {
        return;
    }
    // SAFETY: llama.cpp hands over a text that ends with a zero and lives until the callback returns.
    let text = unsafe { CStr::from_ptr(text) };
    if ON_STDERR.load(Ordering::Relaxed) && level != sys::GGML_LOG_LEVEL_DEBUG {
        // There is nowhere to report to when stderr is gone.
        let _ = io::stderr().write_all(text.to_bytes());
    }
    if level == sys::GGML_LOG_LEVEL_ERROR {
        let mut complaints = COMPLAINTS.lock().unwrap_or_else(PoisonError::into_inner);
        let text = text.to_string_lossy();
        let line = without_function_name(text.trim());
        if !line.is_empty() && complaints.len() < KEPT {
            complaints.push_back(line.to_owned());
        }
    }
}

/// `llama_model_load: error loading model: …` without the C++ function's name.
fn without_function_name(line: &str) -> &str {
    match line.split_once(": ") {
        Some((function, rest)) if !function.contains(' ') => rest,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_does_not_name_c_functions() {
        assert_eq!(
            without_function_name("llama_model_load: error loading model: no file"),
            "error loading model: no file"
        );
        assert_eq!(without_function_name("out of memory"), "out of memory");
    }
}
