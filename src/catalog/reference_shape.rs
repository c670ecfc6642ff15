use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{Architecture, CatalogError, check};

/// A model that is no R1 but that published measurements are of: an entry of `catalog/reference-shapes.toml`.
/// Predictions can be held against those; it is never recommended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceShape {
    /// What measurements call it, such as `llama-2-7b`.
    pub id: String,
    /// Its shape.
    pub architecture: Architecture,
    /// Where the figures were read.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceShapeFile {
    #[serde(default)]
    reference_shape: Vec<ReferenceShape>,
}

impl Entry for ReferenceShape {
    const KIND: Kind = Kind::ReferenceShape;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("reference_shape", document.read::<ReferenceShapeFile>()?.reference_shape))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)
    }
}
