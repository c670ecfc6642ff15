//! What a context takes, byte by byte, as llama.cpp itself counts it.

use std::collections::BTreeMap;
use std::ffi::c_char;
use std::ptr::NonNull;

use llama_cpp_sys_2 as sys;

use super::super::{DeviceMemory, EngineError, MAIN_MEMORY, MemoryPlan};
use super::text::text;
use crate::units::Bytes;

/// `r1_buffer_memory` of `memory_shim.cpp`.
#[repr(C)]
#[derive(Clone, Copy)]
struct BufferMemory {
    device: *const c_char,
    buffer_type: *const c_char,
    host: bool,
    weights: u64,
    kv_cache: u64,
    compute: u64,
}

unsafe extern "C" {
    fn r1_memory_breakdown(
        context: *const sys::llama_context,
        out: *mut BufferMemory,
        capacity: usize,
    ) -> usize;
}

/// More buffer types than any machine has: two or three a device.
const CAPACITY: usize = 256;

pub(super) fn plan(context: NonNull<sys::llama_context>) -> Result<MemoryPlan, EngineError> {
    let empty = BufferMemory {
        device: std::ptr::null(),
        buffer_type: std::ptr::null(),
        host: false,
        weights: 0,
        kv_cache: 0,
        compute: 0,
    };
    let mut buffers = vec![empty; CAPACITY];
    // SAFETY: the context is alive, and the shim writes no more entries than there is room for.
    let count = unsafe { r1_memory_breakdown(context.as_ptr(), buffers.as_mut_ptr(), CAPACITY) };
    let buffers = buffers.get(..count).ok_or(EngineError::Breakdown)?;
    let mut devices = BTreeMap::<String, DeviceMemory>::new();
    let mut main = DeviceMemory { name: MAIN_MEMORY.into(), ..DeviceMemory::default() };
    for buffer in buffers {
        // SAFETY: names belong to devices and buffer types, which live as long as the process.
        let (device, buffer_type) = unsafe { (text(buffer.device), text(buffer.buffer_type)) };
        let place = if buffer.host {
            &mut main
        } else {
            devices.entry(device.clone()).or_insert(DeviceMemory { name: device, ..DeviceMemory::default() })
        };
        place.weights_bytes += Bytes(buffer.weights);
        place.kv_cache_bytes += Bytes(buffer.kv_cache);
        place.compute_bytes += Bytes(buffer.compute);
        // ggml's extra buffer types of the CPU, such as `CPU_REPACK` and `AMX`, hold weights in another order.
        if buffer.host && is_repacked(&buffer_type) {
            place.repack_bytes += Bytes(buffer.weights);
        }
    }
    Ok(MemoryPlan {
        devices: devices.into_values().chain([main]).filter(|device| device.total() > Bytes::ZERO).collect(),
    })
}

fn is_repacked(buffer_type: &str) -> bool {
    ["CPU_REPACK", "AMX", "CPU_KLEIDIAI"].contains(&buffer_type)
}
