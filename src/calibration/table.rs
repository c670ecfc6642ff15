use crate::machine::{Backend, GpuClass};

/// One row of a table of constants: what the estimator multiplies with, the fit moves and the documents list.
///
/// A row with keys stands for one constant of each key: factors near 1 on the row without, so that a card without
/// measurements is predicted from the others, and a backend with few rows from all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The name in the file of constants, before that of its keys: `bandwidth` of `bandwidth.cuda.ada`.
    pub name: &'static str,
    /// The keys: one constant of each.
    pub by: &'static [Keys],
    /// The unit of its value.
    pub unit: &'static str,
    /// Where the fit starts, and how far it may go from there.
    pub prior: Prior,
    /// Other priors for some keys, by their names with spaces between.
    pub except: &'static [(&'static str, Prior)],
    /// What it acts on.
    pub phase: Phase,
    /// What it is.
    pub meaning: &'static str,
    /// Where the prior comes from, if it is published somewhere.
    pub source: &'static str,
}

/// Where a constant is looked for before any measurement, and how far from there it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// The value.
    pub value: f64,
    /// The standard deviation of its logarithm.
    pub tolerance: f64,
}

/// What a constant acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Decoding alone.
    Decode,
    /// Prefilling, and decoding of several sequences at once, which multiplies as prefilling does.
    Prefill,
    /// Decoding and prefilling.
    Both,
}

/// A closed set, such as the backends, of which each has a constant of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// What they are, such as `backend`.
    pub of: &'static str,
    /// Their names in the file of constants.
    pub names: &'static [&'static str],
}

/// A member of such a set.
pub trait Key: Copy {
    /// The set.
    const KEYS: Keys;

    /// Its place among the names.
    fn place(self) -> usize;
}

/// A table of constants, and one of them.
pub trait Table: Copy {
    /// The rows, in the order of the constants' indices.
    const ROWS: &'static [Row];

    /// The place among all constants of the table.
    fn index(self) -> usize;
}

impl Row {
    /// How many constants it stands for.
    #[must_use]
    pub const fn count(&self) -> usize {
        let (mut count, mut at) = (1, 0);
        while at < self.by.len() {
            count *= self.by[at].names.len();
            at += 1;
        }
        count
    }

    /// The names of the keys of one of its constants.
    fn keys(&self, mut at: usize) -> impl DoubleEndedIterator<Item = &'static str> {
        let mut names = Vec::new();
        for keys in self.by.iter().rev() {
            names.push(keys.names[at % keys.names.len()]);
            at /= keys.names.len();
        }
        names.into_iter().rev()
    }

    /// The name of one of its constants in the file, such as `bandwidth.cuda.ada`.
    #[must_use]
    pub fn name_of(&self, at: usize) -> String {
        std::iter::once(self.name).chain(self.keys(at)).collect::<Vec<_>>().join(".")
    }

    /// The prior of one of its constants.
    #[must_use]
    pub fn prior_of(&self, at: usize) -> Prior {
        let named = |names: &str| names.split(' ').any(|name| self.keys(at).any(|key| key == name));
        let exception = self.except.iter().find(|(names, _)| named(names));
        exception.map_or(self.prior, |(_, prior)| *prior)
    }

    /// The place among its constants of the one with this name, if it is one of them.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let mut parts = name.strip_prefix(self.name)?.split('.');
        if parts.next() != Some("") {
            return None;
        }
        let place = self.by.iter().try_fold(0, |place, keys| {
            let key = parts.next()?;
            Some(place * keys.names.len() + keys.names.iter().position(|name| *name == key)?)
        })?;
        parts.next().is_none().then_some(place)
    }
}

/// Where the constants of each row begin.
pub(super) const fn offsets<const ROWS: usize>(rows: &[Row]) -> [usize; ROWS] {
    let (mut offsets, mut sum, mut at) = ([0; ROWS], 0, 0);
    while at < ROWS {
        offsets[at] = sum;
        sum += rows[at].count();
        at += 1;
    }
    offsets
}

/// Writes a table of constants: a line a row, with the name for the code, the name in the file, the unit, the prior and
/// its tolerance, the phase and the meaning.
macro_rules! constants {
    ($(#[$doc:meta])* $table:ident { $(
        $constant:ident $(($($key:ident: $kind:ident),+))? $name:literal,
        $unit:literal, $value:literal within $tolerance:literal, $phase:ident, $meaning:literal
        $(, from $source:literal)?
        $(, except $keys:literal $other:literal within $apart:literal)*;
    )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $table {
            $(#[doc = $meaning] $constant $(($($kind),+))?,)+
        }

        impl $crate::calibration::Table for $table {
            const ROWS: &'static [$crate::calibration::Row] = &[$($crate::calibration::Row {
                name: $name,
                by: &[$($(<$kind as $crate::calibration::Key>::KEYS),+)?],
                unit: $unit,
                prior: $crate::calibration::Prior { value: $value, tolerance: $tolerance },
                except: &[$(($keys, $crate::calibration::Prior { value: $other, tolerance: $apart })),*],
                phase: $crate::calibration::Phase::$phase,
                meaning: $meaning,
                source: concat!($($source)?),
            }),+];

            fn index(self) -> usize {
                #[derive(Clone, Copy)]
                enum At { $($constant),+ }
                const ROWS: &[$crate::calibration::Row] = <$table as $crate::calibration::Table>::ROWS;
                const OFFSETS: [usize; ROWS.len()] = $crate::calibration::table::offsets(ROWS);
                match self {
                    $(Self::$constant $(($($key),+))? => {
                        let place = 0;
                        $($(
                            let count = <$kind as $crate::calibration::Key>::KEYS.names.len();
                            let place = place * count + $crate::calibration::Key::place($key);
                        )+)?
                        OFFSETS[At::$constant as usize] + place
                    })+
                }
            }
        }
    };
}

/// A closed set whose members have names in the file of constants.
macro_rules! keys {
    ($(#[$doc:meta])* $set:ident, $of:literal { $($(#[$one:meta])* $member:ident $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $set { $($(#[$one])* $member,)+ }

        impl $set {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// The name in the file of constants.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$member => $name,)+ }
            }
        }

        impl $crate::calibration::Key for $set {
            const KEYS: $crate::calibration::Keys =
                $crate::calibration::Keys { of: $of, names: &[$($name),+] };

            fn place(self) -> usize {
                self as usize
            }
        }
    };
}

pub(super) use {constants, keys};

impl Key for Backend {
    const KEYS: Keys = Keys { of: "backend", names: &["cuda", "vulkan", "rocm", "metal", "sycl"] };

    /// The CPU has constants of its own, and no place here.
    fn place(self) -> usize {
        match self {
            Self::Cuda => 0,
            Self::Vulkan | Self::Cpu => 1,
            Self::Rocm => 2,
            Self::Metal => 3,
            Self::Sycl => 4,
        }
    }
}

impl Key for GpuClass {
    const KEYS: Keys = Keys { of: "class", names: &CLASSES };

    fn place(self) -> usize {
        self as usize
    }
}

const CLASSES: [&str; GpuClass::ALL.len()] = {
    let (mut names, mut at) = ([""; GpuClass::ALL.len()], 0);
    while at < names.len() {
        names[at] = GpuClass::ALL[at].name();
        at += 1;
    }
    names
};
