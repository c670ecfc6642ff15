//! Random weights that are valid blocks of each type, spread about as trained weights are.
//!
//! The packed values are random bits; only the scales are chosen, so that no weight is NaN or infinite, no
//! scale is a denormal (which some kernels would be slower on), and a layer's output stays near its input in
//! size. Block structures: `ggml-common.h`.

use fastrand::Rng;
use half::{bf16, f16};

use super::GgmlType;

/// The spread of trained weights that the scales aim for; it keeps 8192 inputs from blowing up.
const SPREAD: f32 = 0.02;

/// Fills `out`, whole blocks of `kind`, with random weights.
pub(super) fn fill(kind: GgmlType, out: &mut [u8], random: &mut Rng) {
    debug_assert!((out.len() as u64).is_multiple_of(kind.block_bytes()));
    match kind {
        GgmlType::F32 => each::<4>(out, |cell| cell.copy_from_slice(&weight(random).to_le_bytes())),
        GgmlType::F16 => {
            each::<2>(out, |cell| cell.copy_from_slice(&f16::from_f32(weight(random)).to_le_bytes()));
        }
        GgmlType::BF16 => {
            each::<2>(out, |cell| cell.copy_from_slice(&bf16::from_f32(weight(random)).to_le_bytes()));
        }
        _ => {
            random.fill(out);
            for block in out.chunks_exact_mut(kind.block_bytes() as usize) {
                set_scales(kind, block, random);
            }
        }
    }
}

fn each<const N: usize>(out: &mut [u8], mut set: impl FnMut(&mut [u8])) {
    out.chunks_exact_mut(N).for_each(&mut set);
}

/// Uniform with the aimed spread: cheap, and no kernel cares.
fn weight(random: &mut Rng) -> f32 {
    (random.f32() - 0.5) * SPREAD * 12.0_f32.sqrt()
}

fn set_scales(kind: GgmlType, block: &mut [u8], random: &mut Rng) {
    let mut put = |at: usize, scale: f32| {
        let jitter = 0.8 + 0.4 * random.f32();
        block[at..at + 2].copy_from_slice(&f16::from_f32(scale * jitter).to_le_bytes());
    };
    match kind {
        // Signed 4 and 5 bits around 8 and 16: root mean squares of 4.6 and 9.2 steps.
        GgmlType::Q4_0 => put(0, SPREAD / 4.6),
        GgmlType::Q5_0 => put(0, SPREAD / 9.2),
        GgmlType::Q8_0 => put(0, SPREAD / 74.0),
        // Unsigned with a minimum, which stands where the middle of the range becomes zero.
        GgmlType::Q4_1 => {
            put(0, SPREAD / 4.6);
            put(2, -7.5 * SPREAD / 4.6);
        }
        GgmlType::Q5_1 => {
            put(0, SPREAD / 9.2);
            put(2, -15.5 * SPREAD / 9.2);
        }
        // Super-blocks: the scale of 16 or 32 weights is itself 4 to 8 random bits.
        GgmlType::Q2_K => {
            put(80, SPREAD / 12.0);
            put(82, 1.5 * SPREAD / 12.0);
        }
        GgmlType::Q3_K => put(108, SPREAD / 43.0),
        GgmlType::Q4_K => {
            put(0, SPREAD / 200.0);
            put(2, 7.5 * SPREAD / 200.0);
        }
        GgmlType::Q5_K => {
            put(0, SPREAD / 250.0);
            put(2, 15.5 * SPREAD / 250.0);
        }
        GgmlType::Q6_K => {
            // Eight bits of sub-scale would need a denormal scale above them: take five.
            for scale in &mut block[192..208] {
                *scale = (*scale % 32).wrapping_sub(16);
            }
            let at = 208;
            let scale = f16::from_f32(SPREAD / 171.0);
            block[at..at + 2].copy_from_slice(&scale.to_le_bytes());
        }
        GgmlType::IQ4_NL => put(0, SPREAD / 66.0),
        GgmlType::IQ4_XS => {
            put(0, SPREAD / 250.0);
            // The sub-scales' upper bits: 0b10 each, so that they run from 0 to 15 above their zero of 32.
            block[2..4].copy_from_slice(&[0xaa, 0xaa]);
        }
        GgmlType::IQ3_XXS | GgmlType::IQ3_S => put(0, SPREAD / 120.0),
        GgmlType::IQ2_XXS | GgmlType::IQ2_XS | GgmlType::IQ2_S => put(0, SPREAD / 50.0),
        GgmlType::IQ1_S => put(0, SPREAD / 8.0),
        GgmlType::IQ1_M => {
            // The scale is spread over the top four bits of the four 16-bit sub-scales at 48.
            let bits = f16::from_f32(SPREAD / 8.0).to_bits();
            for part in 0..4 {
                let at = 48 + 2 * part;
                let nibble = (bits >> (4 * part)) & 0xf;
                block[at + 1] = (block[at + 1] & 0x0f) | u8::try_from(nibble << 4).unwrap_or(0);
            }
        }
        GgmlType::F32 | GgmlType::F16 | GgmlType::BF16 => {}
    }
}
