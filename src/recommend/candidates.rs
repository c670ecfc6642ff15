use super::quality::counted_loss_percent;
use crate::catalog::{ApiPrice, Catalog, Model, Quant};
use crate::estimate::Subject;

/// Every model of the catalog in every quant that it is published in. The tensors are laid out once, however many
/// machines and needs they are then held against.
#[derive(Debug)]
pub struct Candidates<'a> {
    pub(super) catalog: &'a Catalog,
    /// The quants of a model one after another, the largest first.
    pub(super) all: Vec<Candidate<'a>>,
}

/// A model in a quant, with what no machine changes.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) model: &'a Model,
    pub(super) quant: &'a Quant,
    pub(super) subject: Subject<'a>,
    /// What the quant is counted to lose.
    pub(super) loss_percent: f64,
    /// The provider that serves the model for least.
    pub(super) api: Option<&'a ApiPrice>,
}

impl<'a> Candidates<'a> {
    /// The candidates of a catalog.
    #[must_use]
    pub fn of(catalog: &'a Catalog) -> Self {
        let candidates = |model: &'a Model| {
            let api = cheapest_api(catalog, model);
            let is_published =
                |quant: &&Quant| model.artifacts.iter().any(|artifact| artifact.quant == quant.id);
            catalog.quants().iter().filter(is_published).filter_map(move |quant| {
                let subject = Subject::of(model, quant)?;
                let loss_percent = counted_loss_percent(catalog, model, quant);
                Some(Candidate { model, quant, subject, loss_percent, api })
            })
        };
        Self { catalog, all: catalog.models().iter().flat_map(candidates).collect() }
    }

    /// The quants of a model.
    pub(super) fn of_model(&self, model: &Model) -> impl Iterator<Item = &Candidate<'a>> {
        self.all.iter().filter(move |candidate| candidate.model.id == model.id)
    }
}

/// The provider that serves the model for least, by the price of its output.
pub(super) fn cheapest_api<'a>(catalog: &'a Catalog, model: &Model) -> Option<&'a ApiPrice> {
    let prices = catalog.api_prices().ok()?;
    let served = prices.iter().filter(|price| price.served && price.model.as_ref() == Some(&model.id));
    served.min_by(|a, b| a.output.0.total_cmp(&b.output.0))
}
