//! One integration binary: laws and whole outputs of the program.

mod accuracy;
mod advice;
mod bench;
mod bench_load;
mod bench_runs;
mod catalog;
mod chat;
mod chat_templates;
mod cli;
mod described;
mod estimate;
#[cfg(feature = "llama")]
mod exact_memory;
mod fetch;
mod gguf;
#[cfg(unix)]
mod guided;
mod h200;
mod history;
mod input;
mod json_schema;
mod languages;
mod layering;
#[cfg(feature = "llama")]
mod llama;
mod local_models;
mod machine_files;
mod messages;
mod model_file;
mod model_scope;
mod narrow;
mod needs;
mod odd_files;
mod placement;
mod prices;
mod pull;
mod pull_faults;
mod pull_hostile;
mod pull_soak;
#[cfg(unix)]
mod real_servers;
mod recommend;
mod remedies;
mod report;
mod report_browser;
mod report_measured;
mod report_page;
#[cfg(feature = "llama")]
mod rpc;
mod run;
#[cfg(feature = "llama")]
mod run_llama;
#[cfg(unix)]
mod run_terminal;
mod served;
#[cfg(unix)]
mod served_faults;
mod serving;
#[cfg(unix)]
mod setup_script;
#[cfg(target_os = "linux")]
mod soak;
mod speed;
#[cfg(target_os = "linux")]
mod stop;
mod stored_model;
#[path = "../support/mod.rs"]
mod support;
mod untrusted;
mod upgrade;
mod worker;
