//! The kinds of entries and the files that they stand in. The build reads this too: see `build/catalog.rs`.

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Model,
    Accelerator,
    Quant,
    CpuPlatform,
    Host,
    Machine,
    UseCase,
    Task,
    Calibration,
    ServingCalibration,
    ReferenceShape,
    ApiPrice,
    Rental,
    MachinePrice,
    PowerPrice,
    Site,
    Currency,
    Ability,
    Publication,
    LossSeries,
}

impl Kind {
    /// Each kind in the order of its number, with its files (`*` is any name) and the key of its list in them; without a
    /// key, a file is one entry.
    pub(super) const FILES: [(Self, &'static str, Option<&'static str>); 20] = [
        (Self::Model, "models/*.toml", None),
        (Self::Accelerator, "accelerators/*.toml", Some("accelerator")),
        (Self::Quant, "quants.toml", Some("quant")),
        (Self::CpuPlatform, "cpus.toml", Some("cpu")),
        (Self::Host, "hosts.toml", Some("host")),
        (Self::Machine, "machines.toml", Some("machine")),
        (Self::UseCase, "use-cases.toml", Some("use_case")),
        (Self::Task, "tasks.toml", Some("task")),
        (Self::Calibration, "calibration.toml", None),
        (Self::ServingCalibration, "serving-calibration.toml", None),
        (Self::ReferenceShape, "reference-shapes.toml", Some("reference_shape")),
        (Self::ApiPrice, "prices/api.toml", Some("api_price")),
        (Self::Rental, "prices/rental.toml", Some("rental")),
        (Self::MachinePrice, "prices/machines.toml", Some("machine")),
        (Self::PowerPrice, "prices/power.toml", Some("power")),
        (Self::Site, "prices/sites.toml", Some("site")),
        (Self::Currency, "prices/currencies.toml", Some("currency")),
        (Self::Ability, "abilities.toml", Some("ability")),
        (Self::Publication, "scores.toml", Some("publication")),
        (Self::LossSeries, "quant-losses.toml", Some("series")),
    ];

    /// The kind of file at a path relative to the catalog's folder.
    pub(super) fn of(path: &str) -> Option<Self> {
        let is_it = |files: &str| match files.strip_suffix("*.toml") {
            Some(folder) => path.strip_prefix(folder).is_some_and(|file| !file.contains('/')),
            None => path == files,
        };
        Self::FILES.into_iter().find(|(_, files, _)| is_it(files)).map(|(kind, ..)| kind)
    }

    /// The key of its list in a file, where a file has many.
    pub(super) fn key(self) -> Option<&'static str> {
        Self::FILES[self as usize].2
    }

    /// Whether each entry says where its figures are from, as a whole. Models and quants do for each figure, and
    /// calibrations are written by programs.
    pub(super) fn has_provenance(self) -> bool {
        self.key().is_some() && self != Self::Quant
    }
}
