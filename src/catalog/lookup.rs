use super::{Accelerator, CatalogError, CpuPlatform, Model, Quant, UseCase};
use crate::machine::PciId;

/// Everything the catalog holds.
#[derive(Debug)]
pub struct Catalog {}

impl Catalog {
    /// The embedded catalog, overlaid by the user's config directory and then by `overlay`.
    pub fn load(_overlay: Option<&std::path::Path>) -> Result<Self, CatalogError> {
        todo!()
    }

    /// All models, smallest first.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        todo!()
    }

    /// The model that `name` means: an id, an alias, a name, in any case.
    pub fn model(&self, _name: &str) -> Result<&Model, CatalogError> {
        todo!()
    }

    /// All quants, largest first.
    #[must_use]
    pub fn quants(&self) -> &[Quant] {
        todo!()
    }

    /// The quant that `name` means, in any case.
    pub fn quant(&self, _name: &str) -> Result<&Quant, CatalogError> {
        todo!()
    }

    /// The model and the quant that `ID:QUANT` means, such as `7b:Q4_K_M`; without a quant, `None`.
    pub fn target(&self, _text: &str) -> Result<(&Model, Option<&Quant>), CatalogError> {
        todo!()
    }

    /// All accelerators; parsed when first asked for.
    pub fn accelerators(&self) -> Result<&[Accelerator], CatalogError> {
        todo!()
    }

    /// The accelerator that `name` means: as the driver prints it, an id, an alias, or as people type it.
    pub fn accelerator(&self, _name: &str) -> Result<&Accelerator, CatalogError> {
        todo!()
    }

    /// The accelerator with that id on the PCI bus; where several share it, the one whose name and memory agree.
    pub fn accelerator_by_pci(&self, _id: PciId, _name: &str) -> Result<Option<&Accelerator>, CatalogError> {
        todo!()
    }

    /// The platform that a CPU's own name, or a name that a person typed, belongs to.
    pub fn cpu_platform(&self, _cpu: &str) -> Result<Option<&CpuPlatform>, CatalogError> {
        todo!()
    }

    /// All use-cases.
    #[must_use]
    pub fn use_cases(&self) -> &[UseCase] {
        todo!()
    }

    /// The use-case with that id.
    pub fn use_case(&self, _id: &str) -> Result<&UseCase, CatalogError> {
        todo!()
    }
}
