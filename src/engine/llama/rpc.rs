//! Devices of other machines: the client of llama.cpp's `rpc-server`.
//!
//! It is looked up by name, as llama.cpp's own tools do (`add_rpc_devices` in common/arg.cpp), because in a portable build
//! it is a library that is found at run time.

use std::ffi::{CString, c_char};
use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use llama_cpp_sys_2 as sys;

use super::super::{EngineError, RpcHost};
use crate::message;
use crate::message::Message;

/// How long a host may take to answer a knock.
const PATIENCE: Duration = Duration::from_secs(5);

/// `ggml_backend_rpc_add_server` of ggml-rpc.h: null where the server has no device.
type AddServer = unsafe extern "C" fn(endpoint: *const c_char) -> sys::ggml_backend_reg_t;

/// Adds the devices of `host` to those that models are put on.
pub(super) fn attach(host: &RpcHost) -> Result<(), EngineError> {
    let refused = |reason: Message| EngineError::Host { host: host.to_string(), reason };
    knock(host).map_err(|error| refused(error.into()))?;
    let add = add_server().ok_or_else(|| refused(message!(EngineNoRpcClient)))?;
    let endpoint =
        CString::new(host.to_string()).map_err(|error| refused(Message::verbatim(error.to_string())))?;
    // SAFETY: the text ends with a zero and is copied by the call.
    let devices = unsafe { add(endpoint.as_ptr()) };
    if devices.is_null() {
        return Err(refused(message!(EngineNoDevice)));
    }
    // SAFETY: what the call returned lives as long as the process.
    unsafe { sys::ggml_backend_register(devices) };
    Ok(())
}

/// Finds out whether anything listens there; llama.cpp aborts the process where nothing does.
fn knock(host: &RpcHost) -> io::Result<()> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in host.to_string().to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn add_server() -> Option<AddServer> {
    // SAFETY: both texts end with a zero; a backend that is found lives as long as the process.
    let address = unsafe {
        let client = sys::ggml_backend_reg_by_name(c"RPC".as_ptr());
        if client.is_null() {
            return None;
        }
        sys::ggml_backend_reg_get_proc_address(client, c"ggml_backend_rpc_add_server".as_ptr())
    };
    // SAFETY: under this name ggml-rpc.cpp hands out the function of this type.
    (!address.is_null()).then(|| unsafe { std::mem::transmute::<*mut std::ffi::c_void, AddServer>(address) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_where_nobody_listens_does_not_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let host: RpcHost = listener.local_addr().unwrap().to_string().parse().unwrap();
        assert!(knock(&host).is_ok());
        drop(listener);
        assert!(knock(&host).is_err());
    }
}
