use serde::{Deserialize, Serialize};

use super::super::{
    Crowd, CrowdTimes, Device, EngineBuild, EngineError, Extended, Extension, LoadRequest, MemoryPlan,
    ModelFacts, ProcessUsage, RpcHost, Sampling, SessionRequest, Token, Vocabulary,
};
use crate::units::Seconds;

/// A request of the parent: one line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub(super) enum Request {
    /// Describes the engine.
    Build,
    /// Lists its devices.
    Devices,
    /// Adds devices of other machines.
    Attach { hosts: Vec<RpcHost> },
    /// Loads a model. Until it is closed, only it can be asked.
    Load(LoadRequest),
    /// Opens a session of the loaded model. Until it is closed, only it can be asked.
    Open(SessionRequest),
    /// The session's memory plan.
    Memory,
    /// Empties the KV cache.
    Clear,
    /// Keeps the first tokens of the KV cache.
    Truncate { tokens: u32 },
    /// Runs a prompt.
    Prefill { tokens: u32 },
    /// Runs token by token.
    Decode { tokens: u32 },
    /// Answers a crowd.
    Serve(Crowd),
    /// Describes the tokenizer.
    Vocabulary,
    /// Makes tokens of a text.
    Tokenize { text: String, bos: bool },
    /// Chooses tokens so.
    SampleBy(Sampling),
    /// Puts tokens into the KV cache.
    Extend(Extension),
    /// Memory and processor time of the process.
    Usage,
    /// Closes the session, or else the model.
    Close,
}

/// An answer of the child: one line per request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub(super) enum Reply {
    Build { build: EngineBuild },
    Devices { devices: Vec<Device> },
    Loaded { facts: ModelFacts },
    Memory { plan: MemoryPlan },
    Took { seconds: Seconds },
    Served { times: CrowdTimes },
    Vocabulary { vocabulary: Vocabulary },
    Tokens { tokens: Vec<Token> },
    Extended { extended: Extended },
    Usage { usage: ProcessUsage },
    Done,
    Failed { error: EngineError },
}
