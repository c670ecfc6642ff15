//! Texts of C.

use std::ffi::{CStr, c_char};

/// A text of C, or nothing where there is none.
///
/// # Safety
/// `pointer` is null or points to a text that ends with a zero.
pub(super) unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: not null, and the caller promises the rest.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().trim().to_owned()
}

/// A text of C with all its white space.
///
/// # Safety
/// `pointer` points to a text that ends with a zero.
pub(super) unsafe fn verbatim(pointer: *const c_char) -> String {
    // SAFETY: the caller promises it.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}
