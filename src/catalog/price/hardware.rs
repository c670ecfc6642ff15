use serde::Serialize;

use crate::catalog::{Accelerator, AcceleratorKind, Confidence, Provenance};
use crate::units::Usd;

/// What an accelerator goes for, with the day and the source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HardwarePrice {
    /// The price of one.
    pub usd: Usd,
    /// Asked by a dealer, or listed by the maker.
    pub kind: PriceKind,
    /// Whether that buys a whole computer, as with chips that share its memory.
    pub whole_machine: bool,
    /// The day, month or year, where known.
    pub date: Option<String>,
    /// A link or a sentence.
    pub source: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// What kind of price it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// What a dealer asked.
    Street,
    /// What its maker listed when it came out.
    List,
    /// What a used one went for.
    Used,
}

impl HardwarePrice {
    /// What a used one goes for, where that was seen.
    #[must_use]
    pub fn used(accelerator: &Accelerator) -> Option<Self> {
        let used = accelerator.used_price.as_ref()?;
        Some(Self {
            usd: Usd(used.usd),
            kind: PriceKind::Used,
            whole_machine: accelerator.kind == AcceleratorKind::Unified,
            date: Some(used.date.clone()),
            source: used.source.clone(),
            confidence: used.confidence.unwrap_or(accelerator.provenance.confidence),
        })
    }

    /// The price of an accelerator: the street price, else the list price at launch, if any is known.
    #[must_use]
    pub fn of(accelerator: &Accelerator) -> Option<Self> {
        let whole_machine = accelerator.kind == AcceleratorKind::Unified;
        let Provenance { source, confidence, .. } = &accelerator.provenance;
        if let Some(street) = &accelerator.street_price {
            return Some(Self {
                usd: Usd(street.usd),
                kind: PriceKind::Street,
                whole_machine,
                date: Some(street.date.clone()),
                source: street.source.clone(),
                confidence: street.confidence.unwrap_or(*confidence),
            });
        }
        Some(Self {
            usd: Usd(accelerator.list_price_usd?),
            kind: PriceKind::List,
            whole_machine,
            date: accelerator.launched.clone(),
            source: source.clone(),
            // What a card cost when it came out says little of what it costs now.
            confidence: Confidence::Low,
        })
    }
}
