//! `r1-advisor probe`.

use std::path::PathBuf;

use clap::Args;

use super::{Context, MachineArgs, machine_source};
use crate::engine::{self, DeviceKind, EngineError};
use crate::error::{Error, Exit, Failure as _};
use crate::machine::Machine;
use crate::message;
use crate::probe::Bandwidths;
use crate::render::{EngineView, ProbeData, ProbeView};

/// Flags of `probe`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor probe                                           what this machine has
  r1-advisor probe --measure --save server.toml              measured, and kept for elsewhere
  r1-advisor probe --gpu '2x RTX 3090' --save planned.toml   a machine that is not there yet

With `--machine`, `--gpu`, `--cpu` or `--ram` the machine is described rather than probed.")]
pub struct ProbeArgs {
    /// Measure memory bandwidth (a second or two) and keep it for `recommend` and the others
    #[arg(long, conflicts_with_all = ["machine", "gpu", "ram", "cpu"])]
    pub measure: bool,
    /// Save the machine to a file that `--machine` reads elsewhere
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Replace the file of `--save` if it is there
    #[arg(long, requires = "save")]
    pub force: bool,
    /// The machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &ProbeArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let bandwidths = if args.measure { Bandwidths::Measure } else { Bandwidths::AsKnown };
    let machine = machine_source::asked(&args.machine, bandwidths, &catalog)?;
    let engine = if args.machine.is_another() { EngineView::Elsewhere } else { engine_view(&machine) };
    let view = ProbeView::new(ProbeData { machine, engine });
    context.show(&view)?;
    if let Some(path) = &args.save {
        let overwrite =
            if args.force { machine_source::Overwrite::Yes } else { machine_source::Overwrite::No };
        machine_source::save(view.machine(), path, overwrite)?;
        context.printer.tell(message!(ProbeSaved { path }));
    }
    Ok(Exit::Yes)
}

/// What the bundled engine sees, asked of itself: it decides what `bench` runs on.
fn engine_view(machine: &Machine) -> EngineView {
    match engine::devices() {
        Ok(devices) => {
            let sees_gpu = devices.iter().any(|device| device.kind != DeviceKind::Cpu);
            let advice = machine.gpus.first().filter(|_| !sees_gpu).map(|gpu| {
                let backend = gpu.default_backend();
                if engine::gpu_backends(&devices).contains(&backend) {
                    message!(ProbeBackendFindsNone { backend: backend.to_string() })
                } else {
                    message!(ProbeBackendMissing { backend: backend.to_string() })
                }
            });
            EngineView::Built { devices, advice }
        }
        Err(EngineError::NotBuilt) => EngineView::NotBuilt,
        Err(error) => EngineView::Failed { message: error.message() },
    }
}
