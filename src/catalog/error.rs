/// What is wrong with the catalog or with a name that it should know.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A name that the catalog does not know.
    #[error("no {kind} is called `{name}`")]
    Unknown {
        /// What was looked for: `model`, `quant`, `GPU`, `CPU`, `use-case`.
        kind: &'static str,
        /// What was typed.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
}

impl CatalogError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        todo!()
    }
}
