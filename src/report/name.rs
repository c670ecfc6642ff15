use std::fmt;

use serde::{Serialize, Serializer};

use crate::message;
use crate::message::{Value, fact};

/// What an option, a price or a measurement is of. Programs read the same name in every language; a reader's has the
/// words of the reader's language in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// As its makers call it.
    Made(String),
    /// As the catalog calls it, in English: other languages may have words for it.
    Listed(String),
    /// Cards in a computer of the catalog.
    Cards {
        /// The computer, as the catalog calls it.
        host: String,
        /// How many.
        count: u32,
        /// The cards.
        card: String,
    },
    /// A machine of the inventory.
    Own {
        /// How many.
        count: u32,
        /// The cards.
        card: String,
    },
    /// What a provider rents out or serves.
    At {
        /// The GPU or the model.
        what: String,
        /// The provider.
        provider: String,
    },
    /// An hour of one GPU there.
    GpuHour {
        /// The GPU.
        gpu: String,
        /// The provider.
        provider: String,
    },
    /// A base that is owned, and what carries the peak.
    Mix {
        /// The machines.
        base: Box<Name>,
        /// The other.
        peak: Box<Name>,
    },
    /// A model on GPUs.
    Served {
        /// The model.
        model: String,
        /// How its weights are kept.
        precision: String,
        /// How many GPUs.
        gpus: u32,
        /// The GPUs.
        device: String,
        /// The engine.
        engine: &'static str,
    },
    /// An API, by the id of its price.
    Api(String),
    /// No purchase.
    Nothing,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made(name) | Self::Listed(name) | Self::Api(name) => f.write_str(name),
            Self::Cards { host, count, card } => write!(f, "{host} with {count} × {card}"),
            Self::Own { count, card } => write!(f, "own machine with {count} × {card}"),
            Self::At { what, provider } => write!(f, "{what} at {provider}"),
            Self::GpuHour { gpu, provider } => write!(f, "{gpu} at {provider}, an hour of one GPU"),
            Self::Mix { base, peak } => write!(f, "{base}, the peak: {peak}"),
            Self::Served { model, precision, gpus, device, engine } => {
                write!(f, "{model} in {precision} on {gpus} × {device}, {engine}")
            }
            Self::Nothing => f.write_str("do nothing, or wait"),
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<&Name> for Value {
    fn from(name: &Name) -> Self {
        match name {
            Name::Made(name) => name.into(),
            Name::Listed(name) => fact(name),
            Name::Cards { host, count, card } => {
                message!(ReportNameCards { host: fact(host), count, card }).into()
            }
            Name::Own { count, card } => message!(ReportNameOwn { count, card }).into(),
            Name::At { what, provider } => message!(ReportNameAt { what, provider }).into(),
            Name::GpuHour { gpu, provider } => message!(ReportNameGpuHour { gpu, provider }).into(),
            Name::Mix { base, peak } => message!(ReportNameMix { base: &**base, peak: &**peak }).into(),
            Name::Served { model, precision, gpus, device, engine } => {
                message!(ReportNameServed { model, precision, gpus, device, engine: *engine }).into()
            }
            Name::Api(id) => message!(ReportNameApi { id }).into(),
            Name::Nothing => message!(ReportNameNothing).into(),
        }
    }
}

impl From<Name> for Value {
    fn from(name: Name) -> Self {
        (&name).into()
    }
}
