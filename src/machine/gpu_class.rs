use serde::{Deserialize, Serialize};

macro_rules! gpu_classes {
    ($($(#[doc = $doc:literal])+ $class:ident => $name:literal $(like $kin:ident)?,)+) => {
        /// GPUs whose kernels behave alike: one generation with one kind of memory.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum GpuClass {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $class,)+
        }

        impl GpuClass {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$class,)+];

            /// The name in the catalog.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$class => $name,)+
                }
            }

            /// The class that this one is like where it was not measured.
            #[must_use]
            pub const fn kin(self) -> Option<Self> {
                match self {
                    $($(Self::$class => Some(Self::$kin),)?)+
                    _ => None,
                }
            }
        }
    };
}

gpu_classes! {
    /// NVIDIA, 2012.
    Kepler => "kepler",
    /// NVIDIA, 2014.
    Maxwell => "maxwell",
    /// NVIDIA, 2016: 8-bit dot products, no matrix units.
    Pascal => "pascal",
    /// The P100.
    PascalHbm => "pascal_hbm" like Pascal,
    /// NVIDIA, 2017: the first matrix units, for FP16.
    Volta => "volta",
    /// NVIDIA, 2018: matrix units for 8-bit integers too.
    Turing => "turing",
    /// GTX 16: Turing without matrix units.
    TuringPlain => "turing_plain" like Turing,
    /// NVIDIA, 2020.
    Ampere => "ampere",
    /// A100, A30: few shaders beside their matrix units and bandwidth.
    AmpereHbm => "ampere_hbm",
    /// Jetson Orin.
    AmpereIntegrated => "ampere_integrated" like Ampere,
    /// NVIDIA, 2022.
    Ada => "ada",
    /// H100, H200, H20.
    Hopper => "hopper" like AmpereHbm,
    /// RTX 50 and RTX PRO.
    Blackwell => "blackwell",
    /// B200, B300.
    BlackwellHbm => "blackwell_hbm" like Hopper,
    /// GB10, Thor.
    BlackwellIntegrated => "blackwell_integrated" like Blackwell,
    /// AMD, up to the Radeon VII and MI60.
    Gcn => "gcn",
    /// MI100, MI200.
    Cdna => "cdna",
    /// MI300 and later.
    Cdna3 => "cdna3" like Cdna,
    /// Radeon RX 5000.
    Rdna1 => "rdna1" like Rdna2,
    /// Radeon RX 6000.
    Rdna2 => "rdna2",
    /// The same in a processor.
    Rdna2Integrated => "rdna2_integrated" like Rdna2,
    /// Radeon RX 7000: the first with matrix instructions.
    Rdna3 => "rdna3",
    /// RDNA 3 and 3.5 in a processor.
    Rdna3Integrated => "rdna3_integrated" like Rdna3,
    /// Radeon RX 9000.
    Rdna4 => "rdna4",
    /// Intel Arc A.
    Xe => "xe",
    /// The same in a processor, without matrix units.
    XeIntegrated => "xe_integrated" like Xe,
    /// Intel Arc B.
    Xe2 => "xe2",
    /// The same in a processor.
    Xe2Integrated => "xe2_integrated" like Xe2,
    /// Intel Data Center GPU Max.
    XeHpc => "xe_hpc" like Xe2,
    /// Apple M.
    Apple => "apple",
    /// Two of them in one.
    AppleUltra => "apple_ultra" like Apple,
}
