//! `r1-advisor recommend`: the machine and the needs in, a decision with its reasons out.

mod again;
mod guided;
mod verify;

use clap::Args;

use super::{Context, MachineArgs, compare, lessons, machine_source};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::history::all_tuned_here;
use crate::needs::MachineNeedsArgs;
use crate::recommend::{Candidates, Decision, Evaluation, Verification, decide};
use crate::render::DecisionView;

/// Flags of `recommend`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor recommend                                     this machine, everyday use
  r1-advisor recommend --why                               with all reasons, and what would make others fit
  r1-advisor recommend --use-case coding --priority latency
  r1-advisor recommend --gpu '2x RTX 3090' --ram 128G --context 32k
  r1-advisor recommend --machine server.toml --format json
  r1-advisor recommend --init > needs.toml                 every need, with a comment
  r1-advisor recommend --needs needs.toml
  r1-advisor recommend --compare 'RTX 4090, 64GB' 'mac studio m3 ultra 512' server.toml
  r1-advisor recommend --interactive                       choose by keys, and paste what it ends with
  r1-advisor recommend --pull --verify                     from nothing to proof; goes on where it was

Exit code 1 means that nothing meets the needs (the closest model is then shown), or that the pick
was measured below its prediction.")]
pub struct RecommendArgs {
    /// The needs.
    #[command(flatten)]
    pub needs: MachineNeedsArgs,
    /// The machine.
    #[command(flatten)]
    pub machine: MachineArgs,
    /// Print a needs file to fill in
    #[arg(long)]
    pub init: bool,
    /// List every quant of every model with its verdict
    #[arg(long)]
    pub all: bool,
    /// Say why: the needs, the reasons, what was measured, the costs, and what would make the others fit
    #[arg(long)]
    pub why: bool,
    /// Choose at the terminal, by keys: a use-case, limits, and a model of those that meet them
    #[arg(long, conflicts_with_all = ["compare", "verify", "pull", "all"])]
    pub interactive: bool,
    /// Several machines beside each other: files, names, or descriptions such as '2x RTX 4090, 128GiB'
    #[arg(long, value_name = "MACHINE", num_args = 1.., conflicts_with_all = ["machine", "gpu", "ram", "cpu", "all"])]
    pub compare: Vec<String>,
    /// Measure the pick here, on its files or on random weights in its shapes, and rank again with what was learned
    #[arg(long, conflicts_with_all = ["machine", "gpu", "ram", "cpu", "compare"])]
    pub verify: bool,
    /// Fetch the files of the pick; with `--verify` before they are measured
    #[arg(long, conflicts_with_all = ["machine", "gpu", "ram", "cpu", "compare"])]
    pub pull: bool,
}

/// Runs the command.
pub fn run(context: &Context, args: &RecommendArgs) -> Result<Exit, Error> {
    if args.init {
        return super::needs::init(context);
    }
    if !args.compare.is_empty() {
        return compare::run(context, args);
    }
    if args.interactive {
        return guided::run(context, args);
    }
    let catalog = context.catalog()?;
    let needs = args.needs.needs(&catalog)?;
    let machine = machine_source::machine(context, &args.machine, &catalog)?;
    let candidates = Candidates::of(&catalog);
    let tuned = all_tuned_here(&machine);
    let decided = || {
        let calibration = lessons::calibration(&catalog, &machine);
        decide(&Evaluation::new(&candidates, &machine, &needs, &calibration, &tuned))
    };
    let decision = decided();
    let decision = match proved(context, args, &catalog, &decision)? {
        Proof::NotAsked => decision,
        Proof::Failed(exit) => return Ok(exit),
        Proof::Measured(verification) => decided().verified(verification),
    };
    context.show(&DecisionView { decision: &decision, all_quants: args.all, why: args.why })?;
    let holds = decision.verification.as_ref().is_none_or(|verification| verification.holds);
    Ok(if decision.choices.is_empty() || !holds { Exit::No } else { Exit::Yes })
}

/// What became of fetching and measuring the pick.
enum Proof {
    /// Without `--pull` and `--verify`, or without a pick.
    NotAsked,
    /// It failed, and the reason was printed.
    Failed(Exit),
    /// It was measured.
    Measured(Verification),
}

/// Fetches the pick under `--pull`, and measures it under `--verify`.
fn proved(
    context: &Context,
    args: &RecommendArgs,
    catalog: &Catalog,
    decision: &Decision<'_>,
) -> Result<Proof, Error> {
    let Some(pick) = decision.choices.first().filter(|_| args.pull || args.verify) else {
        return Ok(Proof::NotAsked);
    };
    let pick = &pick.assessment;
    if args.pull
        && let Some(exit) = verify::pull(context, pick)?
    {
        return Ok(Proof::Failed(exit));
    }
    if !args.verify {
        return Ok(Proof::NotAsked);
    }
    Ok(match verify::measure(context, catalog, pick)? {
        verify::Measured::Ran(verification) => Proof::Measured(verification),
        verify::Measured::Failed(exit) => Proof::Failed(exit),
    })
}
