//! The needs as flags of a command.

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::table::{GivenNeeds, NEEDS, Who};
use super::{Needs, NeedsError};
use crate::catalog::Catalog;

/// Whose needs a command takes.
pub trait Audience: Clone + Default + std::fmt::Debug + Send + Sync + 'static {
    /// Whose.
    const WHO: Who;
    /// The heading above their flags.
    const HEADING: &'static str;
}

/// Who runs a model on one machine.
#[derive(Clone, Debug, Default)]
pub struct OfMachine;

/// An organisation that serves one.
#[derive(Clone, Debug, Default)]
pub struct OfOrganisation;

impl Audience for OfMachine {
    const WHO: Who = Who::Machine;
    const HEADING: &'static str = "Needs (default: those of the use-case)";
}

impl Audience for OfOrganisation {
    const WHO: Who = Who::Organisation;
    const HEADING: &'static str = "Needs";
}

/// The flags of `recommend` and `upgrade`.
pub type MachineNeedsArgs = NeedsArgs<OfMachine>;

/// The flags of `report`.
pub type OrganisationNeedsArgs = NeedsArgs<OfOrganisation>;

/// `--needs FILE`, and the flags that go before its keys.
#[derive(Clone, Debug, Default)]
pub struct NeedsArgs<A: Audience> {
    /// The file.
    pub file: Option<PathBuf>,
    /// The flags.
    pub flags: GivenNeeds,
    audience: PhantomData<A>,
}

impl<A: Audience> NeedsArgs<A> {
    /// These, below `flags`.
    #[must_use]
    pub fn below(&self, flags: GivenNeeds) -> Self {
        Self { flags: flags.or(self.flags.clone()), ..self.clone() }
    }

    /// What is given: a flag goes before the file.
    pub fn given(&self) -> Result<GivenNeeds, NeedsError> {
        let flags = self.flags.clone();
        Ok(match &self.file {
            Some(path) => flags.or(GivenNeeds::read(path)?),
            None => flags,
        })
    }
}

impl MachineNeedsArgs {
    /// The needs in full.
    pub fn needs(&self, catalog: &Catalog) -> Result<Needs, NeedsError> {
        self.given()?.machine(catalog)
    }
}

impl<A: Audience> Args for NeedsArgs<A> {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("needs")
            .long("needs")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help(
                "TOML file of needs, whose keys are these flags with `_` for `-`; flags override it. `recommend`, \
                 `upgrade`, `bench` and `report` read the same file",
            );
        let needs = NEEDS.iter().filter(|need| need.concerns(A::WHO)).map(super::Need::arg);
        command.args(std::iter::once(file).chain(needs).map(|arg| arg.help_heading(A::HEADING)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<A: Audience> FromArgMatches for NeedsArgs<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = GivenNeeds::default();
        for need in NEEDS.iter().filter(|need| need.concerns(A::WHO)) {
            (need.take)(&mut flags, matches);
        }
        Ok(Self { file: matches.remove_one("needs"), flags, audience: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
