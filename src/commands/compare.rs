//! `r1-advisor recommend --compare`: several machines beside each other for one set of needs.

use std::path::Path;

use super::recommend::RecommendArgs;
use super::{Context, lessons, machine_source};
use crate::catalog::Bill;
use crate::error::{Error, Exit};
use crate::message;
use crate::recommend::{Candidates, Comparison, Contender, Evaluation, Outlook};
use crate::render::MachinesView;

/// Runs `recommend` for every machine that `--compare` names.
pub(super) fn run(context: &Context, args: &RecommendArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let needs = args.needs.needs(&catalog)?;
    let candidates = Candidates::of(&catalog);
    let mut machines = Vec::new();
    for (index, asked) in args.compare.iter().enumerate() {
        let machine = machine_source::named(Path::new(asked), &catalog)?;
        for note in &machine.notes {
            context.printer.note(message!(Cause { what: asked, why: note }));
        }
        let price = Bill::of(&machine, &catalog)?;
        let calibration = lessons::calibration(&catalog, &machine);
        let outlook = Outlook::of(&Evaluation::new(&candidates, &machine, &needs, &calibration, &[]));
        machines.push(Contender { number: index + 1, asked: asked.clone(), machine, outlook, price });
    }
    let comparison = Comparison::of(needs, machines);
    context.show(&MachinesView { comparison: &comparison })?;
    Ok(if comparison.best.is_some() { Exit::Yes } else { Exit::No })
}
