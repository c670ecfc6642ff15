//! `r1-advisor upgrade`: which single change of hardware does the most for the needs.

use clap::Args;

use super::{Context, MachineArgs, machine_source};
use crate::catalog::{Bill, Catalog};
use crate::error::{Error, Exit};
use crate::machine::Machine;
use crate::needs::MachineNeedsArgs;
use crate::recommend::{Budget, Candidates, Evaluation, Needs, Outlook, Upgrades, changes};
use crate::render::UpgradesView;

/// Flags of `upgrade`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor upgrade                                          this machine, everyday use
  r1-advisor upgrade --gpu 4060 --cpu 'Ryzen 5 7600' --ram 32 --use-case coding
  r1-advisor upgrade --machine server.toml --budget 5000 --priority quality
  r1-advisor upgrade --machine 'raspberry pi 5' --format json

More and other cards, more memory and other machines are tried, if the catalog has their price and
it is within `--budget` (by default 10,000 dollars, or what the machine itself costs). Prices are in
US dollars without tax, each with the day it was seen; bring your own with `--catalog`.
Exit code 1 means that no change does more than the machine does now.")]
pub struct UpgradeArgs {
    /// The needs.
    #[command(flatten)]
    pub needs: MachineNeedsArgs,
    /// The machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

fn budget(needs: &Needs, machine: &Machine, catalog: &Catalog) -> Result<Budget, Error> {
    if let Some(most) = needs.budget {
        return Ok(Budget { most, is_given: true });
    }
    let own = Bill::of(machine, catalog)?;
    Ok(Budget::usual(own.map(|bill| bill.total)))
}

/// Runs the command.
pub fn run(context: &Context, args: &UpgradeArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let needs = args.needs.needs(&catalog)?;
    let machine = machine_source::machine(context, &args.machine, &catalog)?;
    let changes = changes(&machine, &catalog)?;
    // What was measured here says nothing of cards that are not: all are predicted alike.
    let candidates = Candidates::of(&catalog);
    let calibration = catalog.calibration();
    let outlook =
        |machine: &Machine| Outlook::of(&Evaluation::new(&candidates, machine, &needs, calibration, &[]));
    let upgrades = Upgrades::of(&machine, &needs, changes, budget(&needs, &machine, &catalog)?, outlook);
    context.show(&UpgradesView { upgrades: &upgrades })?;
    Ok(if upgrades.upgrades.is_empty() { Exit::No } else { Exit::Yes })
}
