use serde::{Deserialize, Serialize};

use super::super::{
    Crowd, CrowdTimes, Device, EngineBuild, EngineError, Extended, Extension, LoadRequest, MemoryPlan,
    ModelFacts, ProcessUsage, RpcHost, Sampling, SessionRequest, Token, Vocabulary,
};
use crate::units::Seconds;

/// What the parent asks for: one line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub(super) enum Request {
    /// Which engine it is.
    Build,
    /// What it computes on.
    Devices,
    /// Computes on those of other machines, too.
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
    /// What the tokenizer says of itself.
    Vocabulary,
    /// Makes tokens of a text.
    Tokenize { text: String, bos: bool },
    /// Chooses tokens so.
    SampleBy(Sampling),
    /// Puts tokens into the KV cache.
    Extend(Extension),
    /// What the process has taken of the machine.
    Usage,
    /// Closes the session, or else the model.
    Close,
}

/// What the child answers: one line a request.
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
