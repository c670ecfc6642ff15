//! TODO

/// TODO
pub fn serve() -> crate::error::Exit {
    crate::error::Exit::Engine
}
