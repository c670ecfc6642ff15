//! What a model takes on a machine: memory, placement, speed and time, all computed and none measured.
//!
//! Nothing here reads a clock, a file or the environment, and no figure comes without its interval or basis.

mod answer_time;
mod binding;
mod compute_buffer;
mod flags;
mod kv_cache;
mod largest_context;
mod memory;
mod numa;
mod place;
mod placement;
mod predicted;
mod process;
mod repack;
mod report;
mod speed;
mod subject;
mod work;

pub use answer_time::{AnswerTime, Task, answer_time};
pub use binding::{Binding, DecodeBinding};
pub use flags::{OllamaLack, RaiseLimit};
pub use kv_cache::{read_per_token as kv_cache_read_per_token, size as kv_cache_size};
pub use largest_context::{Beyond, LargestContext, largest_context};
pub use memory::Memory;
pub use numa::Numa;
pub use place::{Offload, Reserve, Site, place, place_as_told, place_layers, place_or_raise};
pub use placement::{Device, DeviceMemory, Fit, Placement, PlacementKind};
pub use predicted::{Interval, PredictedRate, PredictedTime, SpeedBasis};
pub use repack::Repack;
pub use report::{AnswerOf, Basis, CpuPlan, Estimate, FitSummary, Length, Request, estimate, of_all};
pub use speed::{EngineAge, PreparedSpeed, Speed};
pub use subject::{Identity, Layer, LayerWeights, Subject};
pub use work::{FamilyWork, Work};
