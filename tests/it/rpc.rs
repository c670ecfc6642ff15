//! Computing on another machine: llama.cpp's own server of its RPC backend, which runs in a thread of the tests.

use std::ffi::{CString, c_char, c_void};
use std::net::{TcpListener, TcpStream};
use std::ptr;
use std::thread;
use std::time::Duration;

use llama_cpp_sys_2 as sys;
use r1_advisor::engine::Engine as _;
use r1_advisor::engine::llama::LlamaEngine;

use crate::support::Place;

/// `ggml_backend_rpc_start_server` of ggml-rpc.h.
type StartServer = unsafe extern "C" fn(
    endpoint: *const c_char,
    cache: *const c_char,
    threads: usize,
    count: usize,
    devices: *mut sys::ggml_backend_dev_t,
);

/// Where a server listens that computes on the CPU, until the tests end.
fn server() -> String {
    assert!(!LlamaEngine::new().devices().expect("devices").is_empty());
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let endpoint = CString::new(free.to_string()).expect("no zero within");
    thread::spawn(move || {
        // SAFETY: the texts end with a zero; the function is asked for under its name and has this type; the device belongs
        // to the registry, and all of them live as long as the call.
        unsafe {
            let backend = sys::ggml_backend_reg_by_name(c"RPC".as_ptr());
            let start =
                sys::ggml_backend_reg_get_proc_address(backend, c"ggml_backend_rpc_start_server".as_ptr());
            let start = std::mem::transmute::<*mut c_void, StartServer>(start);
            let mut cpu = sys::ggml_backend_dev_by_type(sys::GGML_BACKEND_DEVICE_TYPE_CPU);
            start(endpoint.as_ptr(), ptr::null(), 1, 1, &raw mut cpu);
        }
    });
    while TcpStream::connect(free).is_err() {
        thread::sleep(Duration::from_millis(10));
    }
    free.to_string()
}

#[test]
fn a_model_runs_on_another_machine_and_teaches_nothing_of_this_one() {
    let (place, host) = (Place::new(), server());
    let bench = |flags: &[&str]| {
        let tests =
            ["tiny:Q4_K_M", "--synthetic", "-p", "16", "-n", "4", "-r", "2", "--rpc", &host, "--format"];
        place.bench("llama", &[&tests[..], flags].concat())
    };
    let output = bench(&["json"]);
    output.exits(0);
    let result = output.json_of("bench");
    assert!(result["decode"]["tokens_per_second"]["mean"].as_f64() > Some(0.0));
    assert_eq!(result["gpus"], serde_json::json!([host]));
    let weights = |name: &str| {
        let devices = result["planned_memory"]["devices"].as_array().expect("devices");
        devices.iter().find(|device| device["name"] == name).map(|device| device["weights_bytes"].as_u64())
    };
    // llama.cpp keeps the embedding in main memory, and every layer is at the other end.
    assert!(weights("RPC0").expect("the server's memory") > Some(0), "{}", result["planned_memory"]);
    assert_eq!(result["predicted"], serde_json::Value::Null);
    assert_eq!(place.kept(), 1);
    output.complains("later predictions are not based on it");
    // It serves one program after the other.
    let row = bench(&["llama-bench", "-ngl", "1"]);
    let told = row.out();
    row.exits(0);
    assert!(told.contains("| RPC "), "{told}");
}

#[test]
fn a_host_where_nobody_listens_or_answers_is_named() {
    let place = Place::new();
    let bench = |host: &str| place.bench("llama", &["tiny:Q4_K_M", "--synthetic", "--rpc", host]);
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = free.local_addr().expect("an address").to_string();
    let silent = bench(&host);
    silent.exits(6).complains(&format!("`{host}` did not respond"));
    silent.complains("one program at a time");
    drop(free);
    let absent = bench(&host);
    absent.exits(6).complains(&format!("could not use `{host}`"));
    absent.complains("rpc-server");
}
