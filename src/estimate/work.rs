use crate::calibration::Family;
use crate::gguf::Tensor;

/// What a token takes of a part of a model: what is read and what is multiplied, by type of the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Work {
    /// Whole matrices.
    pub dense: [FamilyWork; FAMILIES],
    /// Routed experts, of which only the used ones count.
    pub experts: [FamilyWork; FAMILIES],
    /// How many matrices there are: each is a launch or a wait for all threads.
    pub matrices: f64,
    /// Bytes of routed experts that a batch of tokens touches: all of them.
    pub all_experts_bytes: f64,
}

/// The same of one type of weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FamilyWork {
    /// Bytes read.
    pub bytes: f64,
    /// Operations: two for each weight that is multiplied with.
    pub operations: f64,
}

const FAMILIES: usize = Family::ALL.len();

impl Work {
    /// Adds a tensor, of which a token reads `bytes` and uses a `share`.
    pub(super) fn add(&mut self, tensor: &Tensor, bytes: f64, share: f64) {
        if bytes == 0.0 {
            return;
        }
        let experts = tensor.kind.is_routed_experts();
        let part = if experts { &mut self.experts } else { &mut self.dense };
        let family = &mut part[Family::of(tensor.ggml_type) as usize];
        family.bytes += bytes * share;
        if experts {
            self.all_experts_bytes += bytes;
        }
        if tensor.kind.is_matrix() && tensor.dimensions() >= 2 {
            family.operations += 2.0 * tensor.values() as f64 * share;
            self.matrices += 1.0;
        }
    }

    /// Adds the matrices of `layers` layers, without the routed experts.
    pub(super) fn add_dense(&mut self, of_layer: &Self, layers: f64) {
        for (sum, one) in self.dense.iter_mut().zip(&of_layer.dense) {
            sum.bytes += one.bytes * layers;
            sum.operations += one.operations * layers;
        }
        self.matrices += of_layer.matrices * layers;
    }

    /// Adds the routed experts of `layers` layers.
    pub(super) fn add_experts(&mut self, of_layer: &Self, layers: f64) {
        for (sum, one) in self.experts.iter_mut().zip(&of_layer.experts) {
            sum.bytes += one.bytes * layers;
            sum.operations += one.operations * layers;
        }
        self.all_experts_bytes += of_layer.all_experts_bytes * layers;
    }

    /// Makes the weights larger or smaller and leaves the operations.
    pub(super) fn scale_bytes(&mut self, scale: f64) {
        for family in self.dense.iter_mut().chain(&mut self.experts) {
            family.bytes *= scale;
        }
        self.all_experts_bytes *= scale;
    }

    /// Bytes that a batch of tokens reads: every expert.
    #[must_use]
    pub fn batch_bytes(&self) -> f64 {
        self.dense.iter().map(|family| family.bytes).sum::<f64>() + self.all_experts_bytes
    }

    /// How many times the routed experts of one token are touched by a step that decodes a token of each of
    /// `sequences`: expected of E experts, of which each token takes its own k, are E·(1 − (1 − k/E)^B) different ones.
    #[must_use]
    pub fn experts_touched(&self, sequences: f64) -> f64 {
        let of_one = self.experts.iter().map(|family| family.bytes).sum::<f64>();
        if of_one == 0.0 {
            return 1.0;
        }
        let share = (of_one / self.all_experts_bytes).min(1.0);
        // One sequence touches its own, to the last bit.
        if sequences <= 1.0 { 1.0 } else { (1.0 - (1.0 - share).powf(sequences)) / share }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.batch_bytes() == 0.0
    }

    /// Sums a term over all types, by `dense` and `experts` of each.
    pub(super) fn sum(
        &self,
        dense: impl Fn(Family, FamilyWork) -> f64,
        experts: impl Fn(Family, FamilyWork) -> f64,
    ) -> f64 {
        let mut sum = 0.0;
        for (at, family) in Family::ALL.iter().copied().enumerate() {
            if self.dense[at].bytes > 0.0 {
                sum += dense(family, self.dense[at]);
            }
            if self.experts[at].bytes > 0.0 {
                sum += experts(family, self.experts[at]);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_share_experts_as_chance_has_it() {
        // 8 of 256: of two tokens' 16 a quarter of one is common, by 256 × (1 − (1 − 8/256)²) = 15.75.
        let mut work = Work::default();
        work.experts[0].bytes = 8.0;
        work.all_experts_bytes = 256.0;
        assert!((work.experts_touched(1.0) - 1.0).abs() < f64::EPSILON);
        assert!((work.experts_touched(2.0) * 8.0 - 15.75).abs() < 1e-9);
        assert!((work.experts_touched(1e4) * 8.0 - 256.0).abs() < 1e-9);
    }
}
