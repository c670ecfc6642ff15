use std::collections::BTreeMap;

use super::Constant;
use crate::machine::{Backend, GpuClass};

/// A value for every constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Constants {
    values: Vec<f64>,
}

/// A name that is no constant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownConstant {
    /// The name.
    pub name: String,
}

impl Default for Constants {
    /// What is believed before any measurement.
    fn default() -> Self {
        Self { values: Constant::all().iter().map(|constant| constant.prior().value).collect() }
    }
}

impl Constants {
    /// Those that `named` states; the others are what is believed before any measurement.
    pub fn of_names(named: &BTreeMap<String, f64>) -> Result<Self, UnknownConstant> {
        let all = Constant::all();
        let places: BTreeMap<String, usize> =
            all.iter().enumerate().map(|(at, constant)| (constant.name(), at)).collect();
        let mut constants = Self { values: all.iter().map(|constant| constant.prior().value).collect() };
        for (name, value) in named {
            let at = places.get(name).ok_or_else(|| UnknownConstant { name: name.clone() })?;
            constants.values[*at] = *value;
        }
        Ok(constants)
    }

    /// The names and values of those that measurements moved.
    #[must_use]
    pub fn moved(&self) -> BTreeMap<String, f64> {
        let moved =
            |(constant, value): &(Constant, &f64)| (*value / constant.prior().value).ln().abs() > 0.5e-3;
        Constant::all()
            .into_iter()
            .zip(&self.values)
            .filter(moved)
            .map(|(constant, value)| (constant.name(), *value))
            .collect()
    }

    /// All of them, in the order of [`Constant::all`].
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All of them, to change.
    #[must_use]
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, constant: Constant) -> f64 {
        self.values[constant.index()]
    }

    /// The factor of a class of GPU: its own times that of the class it is like.
    #[must_use]
    pub fn of_class(
        &self,
        constant: fn(Backend, GpuClass) -> Constant,
        backend: Backend,
        class: Option<GpuClass>,
    ) -> f64 {
        let mut factor = 1.0;
        let mut next = class;
        while let Some(class) = next {
            factor *= self.get(constant(backend, class));
            next = class.kin();
        }
        factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_a_misspelt_name_is_told() {
        let mut constants = Constants::default();
        assert!(constants.moved().is_empty());
        constants.values_mut()[Constant::Power.index()] = 0.4;
        let moved = constants.moved();
        assert_eq!(moved.keys().collect::<Vec<_>>(), ["power"]);
        assert_eq!(Constants::of_names(&moved), Ok(constants));
        let wrong = BTreeMap::from([("powr".to_owned(), 1.0)]);
        assert_eq!(Constants::of_names(&wrong), Err(UnknownConstant { name: "powr".to_owned() }));
    }

    #[test]
    fn a_class_that_nobody_measured_is_like_its_kin() {
        let mut constants = Constants::default();
        let measured = Constant::ComputeOfClass(Backend::Cuda, GpuClass::AmpereHbm);
        constants.values_mut()[measured.index()] = 2.0;
        let factor = |class| constants.of_class(Constant::ComputeOfClass, Backend::Cuda, Some(class));
        assert!((factor(GpuClass::BlackwellHbm) - 2.0).abs() < 1e-12);
        assert!((factor(GpuClass::Ada) - 1.0).abs() < 1e-12);
    }
}
