use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::{Constant, Prior, Table};
use crate::machine::{Backend, GpuClass};

/// A logarithm by which a measurement must move a constant for the file to keep it.
const MOVED: f64 = 0.5e-3;

/// A value for every constant of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Values<T> {
    values: Vec<f64>,
    table: PhantomData<T>,
}

/// The constants of the speed model of one machine.
pub type Constants = Values<Constant>;

/// A name that is no constant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownConstant {
    /// The name.
    pub name: String,
}

impl<T: Table> Default for Values<T> {
    /// The priors.
    fn default() -> Self {
        Self { values: Self::priors().map(|prior| prior.value).collect(), table: PhantomData }
    }
}

impl<T: Table> Values<T> {
    /// Those that `named` states; the others are the priors.
    pub fn of_names(named: &BTreeMap<String, f64>) -> Result<Self, UnknownConstant> {
        let mut constants = Self::default();
        for (name, value) in named {
            let at = Self::find(name).ok_or_else(|| UnknownConstant { name: name.clone() })?;
            constants.values[at] = *value;
        }
        Ok(constants)
    }

    fn find(name: &str) -> Option<usize> {
        let mut offset = 0;
        T::ROWS.iter().find_map(|row| {
            let begin = offset;
            offset += row.count();
            Some(begin + row.find(name)?)
        })
    }

    /// Every name, in the order of the indices.
    pub fn names() -> impl Iterator<Item = String> {
        T::ROWS.iter().flat_map(|row| (0..row.count()).map(|at| row.name_of(at)))
    }

    /// Every prior, in the order of the indices.
    pub fn priors() -> impl Iterator<Item = Prior> {
        T::ROWS.iter().flat_map(|row| (0..row.count()).map(|at| row.prior_of(at)))
    }

    /// The names and values of those that measurements moved.
    #[must_use]
    pub fn moved(&self) -> BTreeMap<String, f64> {
        let is_moved = |value: f64, prior: Prior| (value / prior.value).ln().abs() > MOVED;
        let with_priors = self.values.iter().copied().zip(Self::priors());
        Self::names()
            .zip(with_priors)
            .filter(|(_, (value, prior))| is_moved(*value, *prior))
            .map(|(name, (value, _))| (name, value))
            .collect()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, constant: T) -> f64 {
        self.values[constant.index()]
    }

    /// All of them, in the order of the indices.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All of them, to change.
    #[must_use]
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}

impl Constants {
    /// The factor of a class of GPU: its own times that of the class it is like.
    #[must_use]
    pub fn of_class(
        &self,
        constant: fn(Backend, GpuClass) -> Constant,
        backend: Backend,
        class: Option<GpuClass>,
    ) -> f64 {
        let kin = std::iter::successors(class, |class| class.kin());
        kin.map(|class| self.get(constant(backend, class))).product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::{Family, ServingConstant};

    #[test]
    fn every_constant_has_its_own_place_and_name() {
        fn check<T: Table>() {
            let names: Vec<String> = Values::<T>::names().collect();
            for (at, name) in names.iter().enumerate() {
                assert_eq!(Values::<T>::find(name), Some(at), "{name}");
            }
        }
        check::<Constant>();
        check::<ServingConstant>();
        let names: Vec<String> = Constants::names().collect();
        for (constant, name) in [
            (Constant::Bandwidth, "bandwidth"),
            (Constant::BandwidthOf(Backend::Metal), "bandwidth.metal"),
            (Constant::BandwidthOfClass(Backend::Cuda, GpuClass::Ada), "bandwidth.cuda.ada"),
            (Constant::ComputeOfFamily(Backend::Sycl, Family::Iq1), "compute.sycl.iq1"),
            (Constant::ExpertsInRamWhilePrefilling, "experts_in_ram_while_prefilling"),
        ] {
            assert_eq!(names[constant.index()], name);
        }
    }

    #[test]
    fn exceptions_name_keys_that_there_are() {
        for row in Constant::ROWS.iter().chain(ServingConstant::ROWS) {
            for name in row.except.iter().flat_map(|(names, _)| names.split(' ')) {
                assert!(row.by.iter().any(|keys| keys.names.contains(&name)), "{} {name}", row.name);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_a_misspelt_name_is_an_error() {
        let mut constants = Constants::default();
        assert!(constants.moved().is_empty());
        constants.values_mut()[Constant::Power.index()] = 0.4;
        let moved = constants.moved();
        assert_eq!(moved.keys().collect::<Vec<_>>(), ["power"]);
        assert_eq!(Constants::of_names(&moved), Ok(constants));
        for wrong in ["powr", "power.cuda", "bandwidth.cuda.ada.q4", "bandwidth.cpu"] {
            let named = BTreeMap::from([(wrong.to_owned(), 1.0)]);
            assert_eq!(Constants::of_names(&named), Err(UnknownConstant { name: wrong.to_owned() }));
        }
    }

    #[test]
    fn a_class_without_measurements_is_like_its_kin() {
        let mut constants = Constants::default();
        let measured = Constant::ComputeOfClass(Backend::Cuda, GpuClass::AmpereHbm);
        constants.values_mut()[measured.index()] = 2.0;
        let factor = |class| constants.of_class(Constant::ComputeOfClass, Backend::Cuda, Some(class));
        assert!((factor(GpuClass::BlackwellHbm) - 2.0).abs() < 1e-12);
        assert!((factor(GpuClass::Ada) - 1.0).abs() < 1e-12);
    }
}
