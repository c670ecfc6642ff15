//! An engine that runs nothing: speeds follow from the file's length, and it fails on demand. The shipped
//! program can pick it (`--engine fake`), so that every command is tested whole without a model.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::fake_answer;
use super::{
    Crowd, CrowdTimes, Device, DeviceKind, DeviceMemory, Engine, EngineBuild, EngineError, Extended,
    Extension, FakeFailure, LoadMode, LoadRequest, LoadedModel, MAIN_MEMORY, MemoryPlan, ModelFacts,
    ProcessUsage, RpcHost, Sampling, Session, SessionRequest, Token, Vocabulary,
};
use crate::message::Message;
use crate::units::{Bandwidth, Bytes, Seconds};

/// What the fake reads from memory: a desktop of two DDR4 channels.
const BANDWIDTH: Bandwidth = Bandwidth(40e9);

/// How many times faster a token of a prompt is than one of an answer.
const PREFILL_GAIN: f64 = 5.0;

/// What a token takes in the fake's KV cache, and a token of a micro-batch in its compute buffer.
const KV_BYTES_PER_TOKEN: Bytes = Bytes::kib(28);
const COMPUTE_BYTES_PER_TOKEN: Bytes = Bytes::kib(600);

/// How many sequences the fake decodes at the price of one.
const SATURATED_AT: u32 = 4;

/// The decode that [`FakeFailure::Late`] does not survive: the warm-up is the first.
const LATE: u32 = 4;
/// How long a token takes of an answer that never ends, and after how many one breaks off.
const ENDLESS_PACE: Duration = Duration::from_millis(5);
const COLLAPSES_AFTER: usize = 20;

/// The engine that runs nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct FakeEngine {
    /// How it fails, if it does.
    pub failure: Option<FakeFailure>,
}

impl Engine for FakeEngine {
    fn build(&mut self) -> Result<EngineBuild, EngineError> {
        Ok(EngineBuild { name: "fake".into(), version: "1".into(), system: "none".into() })
    }

    fn devices(&mut self) -> Result<Vec<Device>, EngineError> {
        Ok(vec![Device {
            name: MAIN_MEMORY.into(),
            description: "no device at all".into(),
            kind: DeviceKind::Cpu,
            total_bytes: Bytes::gib(16),
            free_bytes: Bytes::gib(12),
        }])
    }

    fn attach(&mut self, hosts: &[RpcHost]) -> Result<(), EngineError> {
        let reason = Message::verbatim("the fake engine computes on nothing");
        hosts.first().map_or(Ok(()), |host| Err(EngineError::Host { host: host.to_string(), reason }))
    }

    fn load<'e>(&'e mut self, request: &LoadRequest) -> Result<Box<dyn LoadedModel + 'e>, EngineError> {
        let refused = |reason: Message| EngineError::Load { path: request.path.clone(), reason };
        let weights_bytes = gguf_length(&request.path).map_err(|error| refused(error.into()))?;
        match self.failure {
            Some(FakeFailure::Refuse) => return Err(refused(Message::verbatim("told to refuse"))),
            Some(FakeFailure::Kill) if request.mode == LoadMode::Run => kill_this_process(),
            _ => {}
        }
        let facts = ModelFacts {
            description: "fake".into(),
            weights_bytes,
            // Four bits and a half each.
            parameters: weights_bytes.0 * 16 / 9,
        };
        Ok(Box::new(FakeModel { facts, mode: request.mode, failure: self.failure }))
    }
}

/// The length of a file that begins as a GGUF does.
fn gguf_length(path: &Path) -> io::Result<Bytes> {
    let mut magic = [0; 4];
    io::Read::read_exact(&mut fs::File::open(path)?, &mut magic)?;
    if &magic != b"GGUF" {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no GGUF file"));
    }
    fs::metadata(path).map(|file| Bytes(file.len()))
}

/// Ends this process as the kernel does when memory runs out.
fn kill_this_process() {
    #[cfg(unix)]
    // SAFETY: `kill` takes two numbers and touches no memory; the process is our own.
    unsafe {
        libc::kill(libc::getpid(), libc::SIGKILL);
    }
    #[cfg(not(unix))]
    std::process::abort();
}

/// Ends this process as ggml does. The parent shows what was said last.
fn abort() -> ! {
    let _ = io::Write::write_all(&mut io::stderr(), b"fake: out of memory\n");
    std::process::abort();
}

struct FakeModel {
    facts: ModelFacts,
    mode: LoadMode,
    failure: Option<FakeFailure>,
}

impl LoadedModel for FakeModel {
    fn facts(&self) -> &ModelFacts {
        &self.facts
    }

    fn open<'m>(&'m mut self, request: &SessionRequest) -> Result<Box<dyn Session + 'm>, EngineError> {
        if self.failure == Some(FakeFailure::Abort) && self.mode == LoadMode::Run {
            abort();
        }
        let sampling = Sampling { temperature: 0.0, top_p: 1.0, top_k: 0, min_p: 0.0, seed: 0 };
        Ok(Box::new(FakeSession {
            model: self,
            request: request.clone(),
            decoded: 0,
            cached: Vec::new(),
            sampling,
            sampled: 0,
        }))
    }
}

struct FakeSession<'m> {
    model: &'m FakeModel,
    request: SessionRequest,
    decoded: u32,
    cached: Vec<Token>,
    sampling: Sampling,
    sampled: usize,
}

impl FakeSession<'_> {
    fn decode_time(&self, tokens: u32) -> Seconds {
        BANDWIDTH.time_for(self.model.facts.weights_bytes) * f64::from(tokens)
    }
}

impl Session for FakeSession<'_> {
    fn memory(&mut self) -> Result<MemoryPlan, EngineError> {
        let config = &self.request.config;
        Ok(MemoryPlan {
            devices: vec![DeviceMemory {
                name: MAIN_MEMORY.into(),
                weights_bytes: self.model.facts.weights_bytes,
                repack_bytes: Bytes::ZERO,
                kv_cache_bytes: KV_BYTES_PER_TOKEN * u64::from(config.context),
                compute_bytes: COMPUTE_BYTES_PER_TOKEN * u64::from(config.micro_batch),
            }],
        })
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        Ok(())
    }

    fn truncate(&mut self, _: u32) -> Result<(), EngineError> {
        Ok(())
    }

    fn prefill(&mut self, tokens: u32) -> Result<Seconds, EngineError> {
        if self.model.failure == Some(FakeFailure::Hang) {
            loop {
                std::thread::park();
            }
        }
        Ok(self.decode_time(tokens) * PREFILL_GAIN.recip())
    }

    fn decode(&mut self, tokens: u32) -> Result<Seconds, EngineError> {
        self.decoded += 1;
        if self.model.failure == Some(FakeFailure::Late) && self.decoded == LATE {
            std::process::abort();
        }
        Ok(self.decode_time(tokens))
    }

    /// Reading the weights once serves everybody, up to [`SATURATED_AT`].
    fn serve(&mut self, crowd: Crowd) -> Result<CrowdTimes, EngineError> {
        let prompt = self.decode_time(crowd.prompt_tokens) * PREFILL_GAIN.recip();
        let rounds = f64::from(crowd.users.div_ceil(SATURATED_AT));
        Ok(CrowdTimes {
            prompts: (1..=crowd.users).map(|user| prompt * f64::from(user)).collect(),
            decode: self.decode_time(crowd.output_tokens) * rounds,
        })
    }

    fn vocabulary(&mut self) -> Result<Vocabulary, EngineError> {
        Ok(fake_answer::vocabulary())
    }

    fn tokenize(&mut self, text: &str, bos: bool) -> Result<Vec<Token>, EngineError> {
        Ok(fake_answer::tokenize(text, bos))
    }

    fn sample_by(&mut self, sampling: &Sampling) -> Result<(), EngineError> {
        self.sampling = *sampling;
        Ok(())
    }

    fn extend(&mut self, extension: &Extension, stop: &AtomicBool) -> Result<Extended, EngineError> {
        if self.model.failure == Some(FakeFailure::Hang) {
            while !stop.load(Ordering::Relaxed) {
                thread::sleep(ENDLESS_PACE);
            }
            return Err(EngineError::Stopped);
        }
        let count = extension.tokens.len() as u32;
        self.cached.truncate(extension.keep as usize);
        self.cached.extend(&extension.tokens);
        let seconds = if count > 1 { self.prefill(count)? } else { self.decode(count)? };
        if !extension.sample {
            return Ok(Extended { seconds, sampled: None });
        }
        let endless = self.model.failure == Some(FakeFailure::Endless);
        if endless {
            thread::sleep(ENDLESS_PACE);
        }
        if stop.load(Ordering::Relaxed) {
            return Err(EngineError::Stopped);
        }
        self.sampled += 1;
        if self.model.failure == Some(FakeFailure::Collapse) && self.sampled > COLLAPSES_AFTER {
            abort();
        }
        Ok(Extended { seconds, sampled: Some(fake_answer::next(&self.cached, &self.sampling, endless)) })
    }

    fn usage(&mut self) -> Result<ProcessUsage, EngineError> {
        Ok(ProcessUsage {
            peak_bytes: self.memory()?.sum(DeviceMemory::total),
            anonymous_bytes: None,
            file_bytes: None,
            processor_seconds: None,
        })
    }
}
