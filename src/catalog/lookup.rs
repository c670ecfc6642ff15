use std::path::Path;
use std::sync::OnceLock;

use super::cpu_platform::{self, CpuNames};
use super::layer::{self, Layer};
use super::table::Table;
use super::{
    Ability, Accelerator, AcceleratorKind, AnswerLength, ApiPrice, Calibration, CalibrationFile,
    CatalogError, CpuPlatform, Currency, HardwarePrice, Host, LossSeries, MachinePrice, Model, NamedMachine,
    PowerPrice, Publication, Quant, ReferenceShape, Rental, ServingCalibration, ServingCalibrationFile, Site,
    UseCase, accelerator_name,
};
use crate::error::nearest;
use crate::machine::{Gpu, PciId};
use crate::units::Bytes;

/// Everything the catalog holds.
///
/// Models, quants, use-cases and the calibration are read at once, the other tables when first used.
#[derive(Debug, Default)]
pub struct Catalog {
    /// What goes over the shipped entries, a later one over an earlier one.
    pub(super) layers: Vec<Layer>,
    models: Table<Model>,
    quants: Table<Quant>,
    use_cases: Table<UseCase>,
    calibration: Calibration,
    serving: OnceLock<ServingCalibration>,
    accelerators: Table<Accelerator>,
    accelerator_names: OnceLock<accelerator_name::Names>,
    cpu_platforms: Table<CpuPlatform>,
    cpu_names: OnceLock<Vec<CpuNames>>,
    hosts: Table<Host>,
    named_machines: Table<NamedMachine>,
    reference_shapes: Table<ReferenceShape>,
    answer_lengths: Table<AnswerLength>,
    api_prices: Table<ApiPrice>,
    rentals: Table<Rental>,
    machine_prices: Table<MachinePrice>,
    power_prices: Table<PowerPrice>,
    sites: Table<Site>,
    currencies: Table<Currency>,
    abilities: Table<Ability>,
    publications: Table<Publication>,
    loss_series: Table<LossSeries>,
}

impl Catalog {
    /// The shipped catalog, overlaid by the user's config directory and then by `overlay`.
    pub fn load(overlay: Option<&Path>) -> Result<Self, CatalogError> {
        let user = layer::user_folder();
        Self::overlaid(user.as_deref().into_iter().chain(overlay))
    }

    /// What the program ships with and nothing else, whatever the user's config directory has.
    pub fn embedded() -> Result<Self, CatalogError> {
        Self::overlaid([])
    }

    /// The shipped catalog, overlaid by `folders`, a later one over an earlier one.
    pub fn overlaid<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Result<Self, CatalogError> {
        Self::of_layers(folders.into_iter().map(Layer::of_folder).collect::<Result<_, _>>()?)
    }

    /// The same catalog under a file of offers: entries as in the files of `prices/`, and of accelerators, each called by
    /// any of its names.
    pub fn with_prices(self, path: &Path) -> Result<Self, CatalogError> {
        let mut layers = self.layers;
        layers.push(Layer::of_prices(path)?);
        let catalog = Self::of_layers(layers)?;
        catalog.accelerators()?;
        catalog.api_prices()?;
        catalog.rentals()?;
        catalog.machine_prices()?;
        catalog.power_prices()?;
        catalog.sites()?;
        catalog.currencies()?;
        Ok(catalog)
    }

    fn of_layers(layers: Vec<Layer>) -> Result<Self, CatalogError> {
        let mut catalog = Self { layers, ..Self::default() };
        catalog.models.all(&catalog)?;
        catalog.quants.all(&catalog)?;
        catalog.use_cases.all(&catalog)?;
        let calibrations = Table::<CalibrationFile>::default();
        catalog.calibration = calibrations.all(&catalog)?.first().map(Calibration::from).unwrap_or_default();
        Ok(catalog)
    }

    /// All models, smallest first.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        self.models.read()
    }

    /// The model that `name` means: an id, an alias, a name, a repository, in any case.
    pub fn model(&self, name: &str) -> Result<&Model, CatalogError> {
        self.models.named(self, name)
    }

    /// All quants, largest first, then those of overlays.
    #[must_use]
    pub fn quants(&self) -> &[Quant] {
        self.quants.read()
    }

    /// The quant that `name` means, in any case.
    pub fn quant(&self, name: &str) -> Result<&Quant, CatalogError> {
        self.quants.named(self, name)
    }

    /// The model and the quant that `ID:QUANT` means, such as `7b:Q4_K_M`; without a quant, `None`.
    pub fn target(&self, text: &str) -> Result<(&Model, Option<&Quant>), CatalogError> {
        let whole = self.model(text);
        if whole.is_ok() {
            return whole.map(|model| (model, None));
        }
        match text.rsplit_once(':') {
            // `r1:7x` is a mistyped `r1:7b`, not the quant `7x` of R1: no quant starts with a digit.
            Some((model, quant)) if !quant.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                Ok((self.model(model)?, Some(self.quant(quant)?)))
            }
            _ => whole.map(|model| (model, None)),
        }
    }

    /// All accelerators.
    pub fn accelerators(&self) -> Result<&[Accelerator], CatalogError> {
        self.accelerators.all(self)
    }

    /// The accelerator that `name` means: as the driver prints it, an id, an alias, or as people type it.
    pub fn accelerator(&self, name: &str) -> Result<&Accelerator, CatalogError> {
        let all = self.accelerators()?;
        match accelerator_name::spelt(all, name) {
            Some(at) => Ok(&all[at]),
            None => accelerator_name::resolve(all, self.accelerator_names()?, name),
        }
    }

    pub(super) fn accelerator_names(&self) -> Result<&accelerator_name::Names, CatalogError> {
        let accelerators = self.accelerators()?;
        Ok(self.accelerator_names.get_or_init(|| accelerator_name::Names::of(accelerators)))
    }

    /// The accelerator that a machine's GPU is: by its id where the machine knows that, else by its name.
    pub fn accelerator_of(&self, gpu: &Gpu) -> Result<Option<&Accelerator>, CatalogError> {
        let by_id = self.accelerators()?.iter().find(|entry| gpu.accelerator.as_ref() == Some(&entry.id));
        match by_id.map_or_else(|| self.accelerator(&gpu.name), Ok) {
            Ok(entry) => Ok(Some(entry)),
            Err(CatalogError::Unknown { .. } | CatalogError::Ambiguous { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The GPU that a processor of that name has inside, where it is one that models can run on.
    pub fn integrated_gpu(&self, cpu: &str) -> Result<Option<&Accelerator>, CatalogError> {
        let named = cpu_platform::words(cpu);
        let is_in = |accelerator: &&Accelerator| {
            let is_named = |alias: &String| {
                let words = cpu_platform::words(alias);
                !words.is_empty() && named.windows(words.len()).any(|part| part == words)
            };
            let in_processor =
                accelerator.kind == AcceleratorKind::Unified && accelerator.memory_options_gib.is_empty();
            in_processor && accelerator.aliases.iter().any(is_named)
        };
        Ok(self.accelerators()?.iter().find(is_in))
    }

    /// The accelerator with that id on the PCI bus; where several share it, the one whose name and memory agree.
    pub fn accelerator_by_pci(
        &self,
        id: PciId,
        name: &str,
        memory: Option<Bytes>,
    ) -> Result<Option<&Accelerator>, CatalogError> {
        let sharing: Vec<_> =
            self.accelerators()?.iter().filter(|entry| entry.pci_ids.contains(&id)).collect();
        Ok(accelerator_name::among(&sharing, name, memory))
    }

    /// All CPU platforms.
    pub fn cpu_platforms(&self) -> Result<&[CpuPlatform], CatalogError> {
        self.cpu_platforms.all(self)
    }

    /// The platform that a CPU's own name, or a name that a person typed, belongs to.
    pub fn cpu_platform(&self, cpu: &str) -> Result<Option<&CpuPlatform>, CatalogError> {
        let platforms = self.cpu_platforms()?;
        let names = self.cpu_names.get_or_init(|| platforms.iter().map(CpuNames::of).collect());
        let words = cpu_platform::words(cpu);
        let mut best: Option<(usize, &CpuPlatform)> = None;
        for (platform, names) in platforms.iter().zip(names) {
            if let Some(fit) = names.fit(&words)
                && best.is_none_or(|(best, _)| fit > best)
            {
                best = Some((fit, platform));
            }
        }
        Ok(best.map(|(_, platform)| platform))
    }

    /// The machine that this number of cards usually stands in, where it is not a desktop.
    pub fn host(&self, card: &Accelerator, count: u32) -> Result<Option<&Host>, CatalogError> {
        let hosts = self.hosts.all(self)?;
        Ok(hosts.iter().find(|host| host.has(card, count)))
    }

    /// The whole machines that the catalog names.
    pub fn named_machines(&self) -> Result<&[NamedMachine], CatalogError> {
        self.named_machines.all(self)
    }

    /// What the speed model was fitted to.
    #[must_use]
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// What served engines are predicted by.
    pub fn serving_calibration(&self) -> Result<&ServingCalibration, CatalogError> {
        if self.serving.get().is_none() {
            let files = Table::<ServingCalibrationFile>::default();
            let serving = files.all(self)?.first().map(ServingCalibration::from).unwrap_or_default();
            return Ok(self.serving.get_or_init(|| serving));
        }
        Ok(self.serving.get_or_init(ServingCalibration::default))
    }

    /// The shapes that published measurements are of, beside those of R1 models.
    pub fn reference_shapes(&self) -> Result<&[ReferenceShape], CatalogError> {
        self.reference_shapes.all(self)
    }

    /// The reference shape of that name.
    pub fn reference_shape(&self, id: &str) -> Result<Option<&ReferenceShape>, CatalogError> {
        Ok(self.reference_shapes()?.iter().find(|shape| shape.id.eq_ignore_ascii_case(id)))
    }

    /// How long answers are, by task.
    pub fn answer_lengths(&self) -> Result<&[AnswerLength], CatalogError> {
        self.answer_lengths.all(self)
    }

    /// How long answers to that task are.
    pub fn answer_length(&self, id: &str) -> Result<&AnswerLength, CatalogError> {
        self.answer_lengths.named(self, id)
    }

    /// What calling models costs.
    pub fn api_prices(&self) -> Result<&[ApiPrice], CatalogError> {
        self.api_prices.all(self)
    }

    /// What rented GPUs cost.
    pub fn rentals(&self) -> Result<&[Rental], CatalogError> {
        self.rentals.all(self)
    }

    /// Machines that can be bought.
    pub fn machine_prices(&self) -> Result<&[MachinePrice], CatalogError> {
        self.machine_prices.all(self)
    }

    /// What the accelerator of that id goes for, where a price is known.
    pub fn hardware_price(&self, id: &str) -> Result<Option<HardwarePrice>, CatalogError> {
        Ok(self.accelerators()?.iter().find(|accelerator| accelerator.id == id).and_then(HardwarePrice::of))
    }

    /// What a kilowatt-hour costs, by region.
    pub fn power_prices(&self) -> Result<&[PowerPrice], CatalogError> {
        self.power_prices.all(self)
    }

    /// What a kilowatt-hour costs in that region.
    pub fn power_price(&self, region: &str) -> Result<&PowerPrice, CatalogError> {
        self.power_prices.named(self, region)
    }

    /// The kinds of places for machines.
    pub fn sites(&self) -> Result<&[Site], CatalogError> {
        self.sites.all(self)
    }

    /// The kind of place of that id.
    pub fn site(&self, id: &str) -> Result<&Site, CatalogError> {
        self.sites.named(self, id)
    }

    /// What a US dollar is worth.
    pub fn currencies(&self) -> Result<&[Currency], CatalogError> {
        self.currencies.all(self)
    }

    /// What a US dollar is worth in the currency of that code.
    pub fn currency(&self, code: &str) -> Result<&Currency, CatalogError> {
        self.currencies.named(self, code)
    }

    /// What a CPU's name that no platform knows was probably meant to be: with its make spelt as platforms spell it.
    pub fn nearest_cpu(&self, cpu: &str) -> Result<Option<String>, CatalogError> {
        let makes: Vec<&str> = self
            .cpu_platforms()?
            .iter()
            .flat_map(|platform| &platform.patterns)
            .filter_map(|pattern| pattern.split(' ').next())
            .collect();
        let spelt = cpu.split(' ').map(|word| nearest(word, makes.iter().copied()).unwrap_or(word));
        let spelt = spelt.collect::<Vec<_>>().join(" ");
        Ok(self.cpu_platform(&spelt)?.is_some().then_some(spelt))
    }

    /// The machine, GPU or CPU whose name is nearest to one that nothing has.
    pub fn nearest_hardware(&self, name: &str) -> Result<Option<String>, CatalogError> {
        let machines = self.named_machines()?.iter().flat_map(NamedMachine::known_as);
        let cards = self.accelerators()?.iter().flat_map(accelerator_name::known_as);
        let patterns =
            self.cpu_platforms()?.iter().flat_map(|platform| &platform.patterns).map(String::as_str);
        let cpus = patterns.filter(|pattern| !pattern.contains(['#', '*']));
        match nearest(name, machines.chain(cards).chain(cpus)) {
            Some(known) => Ok(Some(known.to_owned())),
            None => self.nearest_cpu(name),
        }
    }

    /// What use-cases may need of a model.
    pub fn abilities(&self) -> Result<&[Ability], CatalogError> {
        self.abilities.all(self)
    }

    /// What models scored.
    pub fn publications(&self) -> Result<&[Publication], CatalogError> {
        self.publications.all(self)
    }

    /// What quants lost.
    pub fn loss_series(&self) -> Result<&[LossSeries], CatalogError> {
        self.loss_series.all(self)
    }

    /// All use-cases.
    #[must_use]
    pub fn use_cases(&self) -> &[UseCase] {
        self.use_cases.read()
    }

    /// The use-case with that id.
    pub fn use_case(&self, id: &str) -> Result<&UseCase, CatalogError> {
        self.use_cases.named(self, id)
    }
}
