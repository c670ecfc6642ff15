//! `r1-advisor recommend`: the machine and the needs in, a decision with its reasons out.

use clap::Args;

use super::needs::NeedsArgs;
use super::{Context, compare, lessons, machine_source};
use crate::cli::MachineArgs;
use crate::error::{Error, Exit};
use crate::recommend::{Court, Docket, decide};
use crate::render::DecisionView;

/// Flags of `recommend`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor recommend                                     this machine, everyday use
  r1-advisor recommend --use-case coding --priority latency
  r1-advisor recommend --gpu '2x RTX 3090' --ram 128G --context 32k
  r1-advisor recommend --machine server.toml --format json
  r1-advisor recommend --compare 'RTX 4090, 64GB' 'mac studio m3 ultra 512' server.toml

Exit code 1 means that nothing meets the needs; the nearest miss is shown.")]
pub struct RecommendArgs {
    /// The needs.
    #[command(flatten)]
    pub needs: NeedsArgs,
    /// The machine.
    #[command(flatten)]
    pub machine: MachineArgs,
    /// List every quant of every model with its verdict
    #[arg(long)]
    pub all: bool,
    /// Several machines beside each other: files, names, or descriptions such as '2x RTX 4090, 128GiB'
    #[arg(long, value_name = "MACHINE", num_args = 1.., conflicts_with_all = ["machine", "gpu", "ram", "cpu", "all"])]
    pub compare: Vec<String>,
}

/// Runs the command.
pub fn run(context: &Context, args: &RecommendArgs) -> Result<Exit, Error> {
    if !args.compare.is_empty() {
        return compare::run(context, args);
    }
    let catalog = context.catalog()?;
    let needs = args.needs.needs(&catalog, context.lang())?;
    let machine = machine_source::machine(context, &args.machine, &catalog)?;
    let calibration = lessons::calibration(&catalog, &machine);
    let docket = Docket::of(&catalog);
    let court = Court { docket: &docket, machine: &machine, needs: &needs, calibration: &calibration };
    let decision = decide(&court, &court.judge(), context.lang());
    context.show(&DecisionView { decision: &decision, all_quants: args.all })?;
    Ok(if decision.recommendations.is_empty() { Exit::No } else { Exit::Yes })
}
