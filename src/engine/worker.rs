//! TODO

/// TODO
#[must_use]
pub fn serve() -> crate::error::Exit {
    crate::error::Exit::Engine
}
