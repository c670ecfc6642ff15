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

    /// Adds the matrices that are no routed experts.
    pub(super) fn add_dense(&mut self, other: &Self) {
        for (mine, theirs) in self.dense.iter_mut().zip(&other.dense) {
            mine.bytes += theirs.bytes;
            mine.operations += theirs.operations;
        }
        self.matrices += other.matrices;
    }

    /// Adds the routed experts.
    pub(super) fn add_experts(&mut self, other: &Self) {
        for (mine, theirs) in self.experts.iter_mut().zip(&other.experts) {
            mine.bytes += theirs.bytes;
            mine.operations += theirs.operations;
        }
        self.all_experts_bytes += other.all_experts_bytes;
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

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.batch_bytes() == 0.0
    }

    /// Sums a term over all types: `dense` and `experts` tell it of one.
    pub(super) fn sum(
        &self,
        dense: impl Fn(Family, FamilyWork) -> f64,
        experts: impl Fn(Family, FamilyWork) -> f64,
    ) -> f64 {
        let mut sum = 0.0;
        for (at, family) in Family::ALL.into_iter().enumerate() {
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
