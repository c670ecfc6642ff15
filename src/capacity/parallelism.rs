use std::fmt;

/// How a model lies over the GPUs of one replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parallelism {
    /// Tensor parallelism: GPUs that share each layer.
    pub tensor: u32,
    /// So many groups of those, one after the other.
    pub pipeline: u32,
    /// Whether each GPU attends for sequences of its own and holds their cache.
    pub data_attention: bool,
    /// Whole routed experts are spread over so many GPUs; 1 where each expert is split.
    pub expert: u32,
}

impl Parallelism {
    /// Each layer over all of this many GPUs.
    #[must_use]
    pub const fn tensor(gpus: u32) -> Self {
        Self { tensor: gpus, pipeline: 1, data_attention: false, expert: 1 }
    }

    /// The same, but each GPU attends for sequences of its own, and whole experts lie on each.
    #[must_use]
    pub const fn data_attention(gpus: u32) -> Self {
        Self { tensor: gpus, pipeline: 1, data_attention: true, expert: gpus }
    }

    /// One layer after the other over this many GPUs.
    #[must_use]
    pub const fn pipeline(gpus: u32) -> Self {
        Self { tensor: 1, pipeline: gpus, data_attention: false, expert: 1 }
    }

    /// How many GPUs.
    #[must_use]
    pub const fn gpus(self) -> u32 {
        self.tensor * self.pipeline
    }

    /// Ranks that each attend for sequences of their own.
    #[must_use]
    pub const fn ranks(self) -> u32 {
        if self.data_attention { self.tensor } else { 1 }
    }
}

impl fmt::Display for Parallelism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.data_attention {
            write!(f, "DEP{}", self.tensor)?;
        } else {
            write!(f, "TP{}", self.tensor)?;
            if self.expert > 1 {
                write!(f, " EP{}", self.expert)?;
            }
        }
        if self.pipeline > 1 {
            write!(f, " PP{}", self.pipeline)?;
        }
        Ok(())
    }
}
