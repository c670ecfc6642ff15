//! A batch whose tokens belong to several sequences.

use std::ptr;

use llama_cpp_sys_2 as sys;

/// Tokens to compute, each at its place in its sequence.
#[derive(Default)]
pub(super) struct Batch {
    tokens: Vec<sys::llama_token>,
    positions: Vec<sys::llama_pos>,
    sequences: Vec<sys::llama_seq_id>,
    // What the pointers of `llama_batch` lead to: made anew from `sequences` for each call.
    sequence_counts: Vec<i32>,
    sequence_pointers: Vec<*mut sys::llama_seq_id>,
    logits: Vec<i8>,
}

impl Batch {
    /// Adds a token; `output` asks for the logits behind it.
    pub(super) fn push(&mut self, token: sys::llama_token, position: u32, sequence: u32, output: bool) {
        self.tokens.push(token);
        self.positions.push(i32::try_from(position).unwrap_or(i32::MAX));
        self.sequences.push(i32::try_from(sequence).unwrap_or(i32::MAX));
        self.logits.push(i8::from(output));
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// As llama.cpp takes it; valid until this value changes or goes.
    pub(super) fn as_llama(&mut self) -> sys::llama_batch {
        self.sequence_counts = vec![1; self.len()];
        self.sequence_pointers = self.sequences.iter_mut().map(ptr::from_mut).collect();
        sys::llama_batch {
            n_tokens: i32::try_from(self.len()).unwrap_or(i32::MAX),
            token: self.tokens.as_mut_ptr(),
            embd: ptr::null_mut(),
            pos: self.positions.as_mut_ptr(),
            n_seq_id: self.sequence_counts.as_mut_ptr(),
            seq_id: self.sequence_pointers.as_mut_ptr(),
            logits: self.logits.as_mut_ptr(),
        }
    }
}
