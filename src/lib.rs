//! Which DeepSeek-R1 can I run, on what, and what should we buy?
//!
//! The layers, from the bottom: [`units`], [`message`], [`error`] and [`input_file`]; the facts ([`machine`], [`catalog`], [`gguf`], [`run_config`]);
//! the outside world ([`probe`], [`fetch`], [`engine`], [`endpoint`]); the reckoning ([`estimate`], [`capacity`],
//! [`cost`], [`bench`], [`chat`]); the [`needs`]; the answers ([`recommend`], [`report`], [`validate`]); the drawing ([`render`]); and
//! the edge ([`ui`], [`commands`], [`cli`], [`dispatch`]). A layer never imports one above it: `tests/it/layering.rs` knows
//! the rule.

pub mod bench;
pub mod calibration;
pub mod capacity;
pub mod catalog;
pub mod chat;
pub mod cli;
pub mod commands;
pub mod cost;
pub mod dispatch;
pub mod endpoint;
pub mod engine;
pub mod error;
pub mod estimate;
pub mod fetch;
pub mod gguf;
pub mod history;
pub mod i18n;
pub mod input_file;
pub mod least_squares;
pub mod machine;
pub mod message;
pub mod needs;
pub mod probe;
pub mod recommend;
pub mod render;
pub mod report;
pub mod run_config;
pub mod ui;
pub mod units;
pub mod validate;
