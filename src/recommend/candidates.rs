use super::ability::{Abilities, AbilityScore};
use super::quant_loss::{self, CountedLoss, LossCurve};
use crate::catalog::{ApiPrice, Catalog, LossPoint, LossSeries, Model, Quant};
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
    /// What the model can do, unquantized.
    pub(super) abilities: Vec<AbilityScore<'a>>,
    /// What the quant is counted to lose.
    pub(super) loss: CountedLoss,
    /// What was measured of it.
    pub(super) measured_loss: Option<(&'a LossSeries, &'a LossPoint)>,
    /// The provider that serves the model for least.
    pub(super) api: Option<&'a ApiPrice>,
}

impl<'a> Candidates<'a> {
    /// The candidates of a catalog.
    #[must_use]
    pub fn of(catalog: &'a Catalog) -> Self {
        let (abilities, curve) = (Abilities::of(catalog), LossCurve::of(catalog));
        let candidates = |model: &'a Model| {
            let api = cheapest_api(catalog, model);
            let is_published =
                |quant: &&Quant| model.artifacts.iter().any(|artifact| artifact.quant == quant.id);
            let abilities = abilities.of_model(&model.id).to_vec();
            catalog.quants().iter().filter(is_published).filter_map(move |quant| {
                let subject = Subject::of(model, quant)?;
                let bits = bits_of_layers(&subject, model);
                let loss = curve.map_or(CountedLoss::UNKNOWN, |curve| curve.loss(bits, model.parameters));
                let measured_loss = quant_loss::measured(catalog, model, quant);
                let abilities = abilities.clone();
                Some(Candidate { model, quant, subject, abilities, loss, measured_loss, api })
            })
        };
        Self { catalog, all: catalog.models().iter().flat_map(candidates).collect() }
    }

    /// The quants of a model.
    pub(super) fn of_model(&self, model: &Model) -> impl Iterator<Item = &Candidate<'a>> {
        self.all.iter().filter(move |candidate| candidate.model.id == model.id)
    }
}

/// Bits of a weight in the layers, on average: embedding and output, a third of the smallest model, are in more bits
/// than the rest and save none of it.
fn bits_of_layers(subject: &Subject<'_>, model: &Model) -> f64 {
    let shape = &model.architecture;
    let outside = 2 * u64::from(shape.vocabulary) * u64::from(shape.hidden_size);
    let bytes = subject.weights_bytes().saturating_sub(subject.output_bytes + subject.embedding_bytes);
    bytes.as_f64() * 8.0 / model.parameters.saturating_sub(outside).max(1) as f64
}

/// The provider that serves the model for least, by the price of its output.
pub(super) fn cheapest_api<'a>(catalog: &'a Catalog, model: &Model) -> Option<&'a ApiPrice> {
    let prices = catalog.api_prices().ok()?;
    let served = prices.iter().filter(|price| price.served && price.model.as_ref() == Some(&model.id));
    served.min_by(|a, b| a.output.0.total_cmp(&b.output.0))
}
