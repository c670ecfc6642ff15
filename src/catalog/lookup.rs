use std::path::Path;
use std::sync::OnceLock;

use super::accelerator::AcceleratorEntry;
use super::cpu_platform::{self, CpuNames};
use super::load::{self, Layer, Violation};
use super::{
    Accelerator, AnswerLength, ApiPrice, Calibration, CalibrationFile, CatalogError, CpuPlatform, Currency,
    HardwarePrice, Host, MachinePrice, Model, NamedMachine, PowerPrice, Quant, ReferenceShape, Rental,
    Sentence, ServingCalibration, ServingCalibrationFile, Site, UseCase, accelerator_name, check, sentence,
};
use crate::error::nearest;
use crate::lang::Text;
use crate::machine::{Gpu, PciId};
use crate::units::Bytes;

/// Everything the catalog holds.
///
/// Models, quants and use-cases are read at once; accelerators and CPU platforms, which are many and not always
/// needed, when first asked for.
#[derive(Debug)]
pub struct Catalog {
    layers: Vec<Layer>,
    models: Vec<Model>,
    quants: Vec<Quant>,
    use_cases: Vec<UseCase>,
    calibration: Calibration,
    pub(super) accelerators: OnceLock<Vec<Accelerator>>,
    accelerator_names: OnceLock<accelerator_name::Names>,
    cpu_platforms: OnceLock<Vec<CpuPlatform>>,
    cpu_names: OnceLock<Vec<CpuNames>>,
    reference_shapes: OnceLock<Vec<ReferenceShape>>,
    answer_lengths: OnceLock<Vec<AnswerLength>>,
    hosts: OnceLock<Vec<Host>>,
    named_machines: OnceLock<Vec<NamedMachine>>,
    sentences: OnceLock<Vec<Sentence>>,
    serving: OnceLock<Vec<ServingCalibration>>,
    pub(super) prices: Prices,
}

/// What things cost; each kind is parsed when first asked for.
#[derive(Debug, Default)]
pub(super) struct Prices {
    pub(super) api: OnceLock<Vec<ApiPrice>>,
    pub(super) rentals: OnceLock<Vec<Rental>>,
    pub(super) machines: OnceLock<Vec<MachinePrice>>,
    power: OnceLock<Vec<PowerPrice>>,
    sites: OnceLock<Vec<Site>>,
    currencies: OnceLock<Vec<Currency>>,
}

impl Catalog {
    /// The embedded catalog, overlaid by the user's config directory and then by `overlay`.
    pub fn load(overlay: Option<&Path>) -> Result<Self, CatalogError> {
        let user = load::user_folder();
        Self::overlaid(user.as_deref().into_iter().chain(overlay))
    }

    /// What the program ships with and nothing else, whatever the user's config directory has.
    pub fn embedded() -> Result<Self, CatalogError> {
        Self::overlaid([])
    }

    /// The embedded catalog, overlaid by `folders`, a later one over an earlier one.
    pub fn overlaid<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Result<Self, CatalogError> {
        let mut layers = vec![Layer::embedded()];
        for folder in folders {
            layers.push(Layer::of_folder(folder)?);
        }
        Self::of_layers(layers)
    }

    fn of_layers(layers: Vec<Layer>) -> Result<Self, CatalogError> {
        let mut models: Vec<Model> = load::entries(&layers)?;
        models.sort_by(|a, b| a.parameters.cmp(&b.parameters).then(a.released.cmp(&b.released)));
        let calibration =
            load::entries::<CalibrationFile>(&layers)?.into_iter().map(Calibration::from).next();
        Ok(Self {
            calibration: calibration.unwrap_or_default(),
            quants: load::entries(&layers)?,
            use_cases: load::entries(&layers)?,
            models,
            layers,
            accelerators: OnceLock::new(),
            accelerator_names: OnceLock::new(),
            cpu_platforms: OnceLock::new(),
            cpu_names: OnceLock::new(),
            reference_shapes: OnceLock::new(),
            answer_lengths: OnceLock::new(),
            sentences: OnceLock::new(),
            serving: OnceLock::new(),
            prices: Prices::default(),
            hosts: OnceLock::new(),
            named_machines: OnceLock::new(),
        })
    }

    /// All models, smallest first.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The model that `name` means: an id, an alias, a name, a repository, in any case.
    pub fn model(&self, name: &str) -> Result<&Model, CatalogError> {
        let asked = name.trim();
        self.models
            .iter()
            .find(|model| known_as(model).any(|known| known.eq_ignore_ascii_case(asked)))
            .ok_or_else(|| CatalogError::Unknown {
                kind: "model",
                name: asked.to_owned(),
                nearest: nearest(asked, self.models.iter().flat_map(known_as)).map(str::to_owned),
            })
    }

    /// All quants, largest first, then those of overlays.
    #[must_use]
    pub fn quants(&self) -> &[Quant] {
        &self.quants
    }

    /// The quant that `name` means, in any case.
    pub fn quant(&self, name: &str) -> Result<&Quant, CatalogError> {
        named("quant", name, &self.quants, |quant| &quant.id)
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

    /// All accelerators; parsed when first asked for.
    pub fn accelerators(&self) -> Result<&[Accelerator], CatalogError> {
        once(&self.accelerators, || {
            Ok(load::entries::<AcceleratorEntry>(&self.layers)?.into_iter().map(Accelerator::from).collect())
        })
    }

    /// The accelerator that `name` means: as the driver prints it, an id, an alias, or as people type it.
    pub fn accelerator(&self, name: &str) -> Result<&Accelerator, CatalogError> {
        accelerator_name::resolve(self.accelerators()?, self.accelerator_names()?, name)
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

    /// All CPU platforms; parsed when first asked for.
    pub fn cpu_platforms(&self) -> Result<&[CpuPlatform], CatalogError> {
        once(&self.cpu_platforms, || load::entries(&self.layers))
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

    /// The machine that so many of that card usually stand in, where it is not a desktop; parsed when first asked for.
    pub fn host(&self, card: &Accelerator, count: u32) -> Result<Option<&Host>, CatalogError> {
        let hosts = once(&self.hosts, || load::entries(&self.layers))?;
        Ok(hosts.iter().find(|host| host.has(card, count)))
    }

    /// The whole machines that the catalog names; parsed when first asked for.
    pub fn named_machines(&self) -> Result<&[NamedMachine], CatalogError> {
        once(&self.named_machines, || load::entries(&self.layers))
    }

    /// What the speed model was fitted to.
    #[must_use]
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// What served engines are predicted by; parsed when first asked for.
    pub fn serving_calibration(&self) -> Result<&ServingCalibration, CatalogError> {
        let found = once(&self.serving, || {
            let files = load::entries::<ServingCalibrationFile>(&self.layers)?;
            let mut found: Vec<_> = files.into_iter().map(ServingCalibration::from).collect();
            if found.is_empty() {
                found.push(ServingCalibration::default());
            }
            Ok(found)
        })?;
        Ok(&found[0])
    }

    /// The shapes that published measurements are of, beside those of R1 models.
    pub fn reference_shapes(&self) -> Result<&[ReferenceShape], CatalogError> {
        once(&self.reference_shapes, || load::entries(&self.layers))
    }

    /// The reference shape of that name; parsed when first asked for.
    pub fn reference_shape(&self, id: &str) -> Result<Option<&ReferenceShape>, CatalogError> {
        Ok(self.reference_shapes()?.iter().find(|shape| shape.id.eq_ignore_ascii_case(id)))
    }

    /// The sentences that are known in Chinese; parsed when first asked for.
    pub fn sentences(&self) -> Result<&[Sentence], CatalogError> {
        once(&self.sentences, || load::entries(&self.layers))
    }

    /// A text of the catalog in every language; in English where its Chinese is not known.
    #[must_use]
    pub fn text(&self, english: &str) -> Text {
        sentence::told(english, self.sentences().unwrap_or_default())
    }

    /// How long answers are, by task; parsed when first asked for.
    pub fn answer_lengths(&self) -> Result<&[AnswerLength], CatalogError> {
        once(&self.answer_lengths, || load::entries(&self.layers))
    }

    /// How long answers to that task are.
    pub fn answer_length(&self, id: &str) -> Result<&AnswerLength, CatalogError> {
        named("task", id, self.answer_lengths()?, |task| &task.id)
    }

    /// What calling models costs; parsed when first asked for.
    pub fn api_prices(&self) -> Result<&[ApiPrice], CatalogError> {
        once(&self.prices.api, || {
            load::entries_that(&self.layers, |price: &ApiPrice| match &price.model {
                Some(model) => self.has_model(model),
                None => Ok(()),
            })
        })
    }

    /// What rented GPUs cost; parsed when first asked for.
    pub fn rentals(&self) -> Result<&[Rental], CatalogError> {
        let known = self.accelerators()?;
        once(&self.prices.rentals, || {
            load::entries_that(&self.layers, |rental: &Rental| has_accelerator(known, &rental.accelerator))
        })
    }

    /// Machines that can be bought; parsed when first asked for.
    pub fn machine_prices(&self) -> Result<&[MachinePrice], CatalogError> {
        let known = self.accelerators()?;
        once(&self.prices.machines, || {
            load::entries_that(&self.layers, |machine: &MachinePrice| match &machine.accelerator {
                Some(accelerator) => has_accelerator(known, accelerator),
                None => Ok(()),
            })
        })
    }

    /// What the accelerator of that id goes for, where a price is known.
    pub fn hardware_price(&self, id: &str) -> Result<Option<HardwarePrice>, CatalogError> {
        Ok(self.accelerators()?.iter().find(|accelerator| accelerator.id == id).and_then(HardwarePrice::of))
    }

    /// What a kilowatt-hour costs, by region; parsed when first asked for.
    pub fn power_prices(&self) -> Result<&[PowerPrice], CatalogError> {
        once(&self.prices.power, || load::entries(&self.layers))
    }

    /// What a kilowatt-hour costs in that region.
    pub fn power_price(&self, region: &str) -> Result<&PowerPrice, CatalogError> {
        named("region", region, self.power_prices()?, |price| &price.id)
    }

    /// The kinds of places for machines; parsed when first asked for.
    pub fn sites(&self) -> Result<&[Site], CatalogError> {
        once(&self.prices.sites, || load::entries(&self.layers))
    }

    /// The kind of place of that id.
    pub fn site(&self, id: &str) -> Result<&Site, CatalogError> {
        named("site", id, self.sites()?, |site| &site.id)
    }

    /// What a US dollar is worth; parsed when first asked for.
    pub fn currencies(&self) -> Result<&[Currency], CatalogError> {
        once(&self.prices.currencies, || load::entries(&self.layers))
    }

    /// What a US dollar is worth in the currency of that code.
    pub fn currency(&self, code: &str) -> Result<&Currency, CatalogError> {
        named("currency", code, self.currencies()?, |currency| &currency.id)
    }

    /// A price names a model by its id.
    fn has_model(&self, id: &str) -> Result<(), Violation> {
        has(id, "model", self.models.iter().map(|model| model.id.as_str()))
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

    /// All use-cases.
    #[must_use]
    pub fn use_cases(&self) -> &[UseCase] {
        &self.use_cases
    }

    /// The use-case with that id.
    pub fn use_case(&self, id: &str) -> Result<&UseCase, CatalogError> {
        named("use-case", id, &self.use_cases, |case| &case.id)
    }
}

fn has_accelerator(known: &[Accelerator], id: &str) -> Result<(), Violation> {
    has(id, "accelerator", known.iter().map(|accelerator| accelerator.id.as_str()))
}

fn has<'a>(id: &str, kind: &str, known: impl Iterator<Item = &'a str> + Clone) -> Result<(), Violation> {
    if known.clone().any(|known| known == id) {
        return Ok(());
    }
    let meant = nearest(id, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(check::broken(kind, format!("no {kind} has the id `{id}`{meant}")))
}

fn known_as(model: &Model) -> impl Iterator<Item = &str> {
    let names = [model.id.as_str(), model.name.as_str(), model.repository.as_str()];
    model.aliases.iter().map(String::as_str).chain(names)
}

fn named<'a, T>(
    kind: &'static str,
    name: &str,
    entries: &'a [T],
    id: impl Fn(&T) -> &String,
) -> Result<&'a T, CatalogError> {
    let asked = name.trim();
    entries.iter().find(|entry| id(entry).eq_ignore_ascii_case(asked)).ok_or_else(|| CatalogError::Unknown {
        kind,
        name: asked.to_owned(),
        nearest: nearest(asked, entries.iter().map(|entry| id(entry).as_str())).map(str::to_owned),
    })
}

fn once<T>(
    cell: &OnceLock<Vec<T>>,
    load: impl FnOnce() -> Result<Vec<T>, CatalogError>,
) -> Result<&[T], CatalogError> {
    if let Some(entries) = cell.get() {
        return Ok(entries);
    }
    let entries = load()?;
    Ok(cell.get_or_init(|| entries))
}
