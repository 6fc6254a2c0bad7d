//! The inverse DCT, to 8 × 8 samples or straight to a smaller block.
//!
//! A block reduced to N × N is the N-point inverse transform of its N × N lowest frequencies: the
//! same averages, without the detail that the smaller picture could not show. Nothing is decoded
//! that would be thrown away by the resize that follows.

/// Zigzag index to place in a block, row by row (T.81 figure A.6), with 16 more entries for runs
/// that lead past the end.
pub(super) const NATURAL: [u8; 80] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63,
];

/// cos(k π / 16) for k = 0 … 8.
const COSINES: [f32; 9] = [
    1.0,
    0.980_785_25,
    0.923_879_5,
    0.831_469_6,
    0.707_106_77,
    0.555_570_24,
    0.382_683_43,
    0.195_090_32,
    0.0,
];

const fn cosine(sixteenths: usize) -> f32 {
    let k = sixteenths % 32;
    let k = if k > 16 { 32 - k } else { k };
    if k > 8 { -COSINES[16 - k] } else { COSINES[k] }
}

/// `BASIS[u][x]`: frequency `u` at sample `x` of `N`.
const fn basis<const N: usize>() -> [[f32; N]; N] {
    let mut table = [[0.0; N]; N];
    let mut u = 0;
    while u < N {
        let mut x = 0;
        while x < N {
            table[u][x] = cosine((2 * x + 1) * u * (8 / N));
            x += 1;
        }
        u += 1;
    }
    table
}

/// Quantization steps with the transform's constant factors folded in: C(u) C(v) / 4 (T.81
/// A.3.3), the same for every block size.
pub(super) fn factors(quantizer: &[u16; 64]) -> [f32; 64] {
    let c = |frequency: usize| if frequency == 0 { COSINES[4] } else { 1.0 };
    std::array::from_fn(|at| f32::from(quantizer[at]) * c(at / 8) * c(at % 8) / 4.0)
}

/// Writes the `N` × `N` samples of `block` to `out`, whose rows are `stride` apart.
#[inline(always)]
pub(super) fn block<const N: usize>(
    block: &[i16; 64],
    factors: &[f32; 64],
    out: &mut [u8],
    stride: usize,
) {
    let basis = const { basis::<N>() };
    // Down the columns, all columns at once; symmetric samples share their sums.
    let mut half = [[0.0_f32; N]; N];
    let row = |v: usize| -> [f32; N] {
        std::array::from_fn(|u| f32::from(block[v * 8 + u]) * factors[v * 8 + u])
    };
    let rows: [[f32; N]; N] = std::array::from_fn(row);
    for y in 0..N.div_ceil(2) {
        let (mut even, mut odd) = ([0.0; N], [0.0; N]);
        for v in (0..N).step_by(2) {
            for u in 0..N {
                even[u] += basis[v][y] * rows[v][u];
            }
        }
        for v in (1..N).step_by(2) {
            for u in 0..N {
                odd[u] += basis[v][y] * rows[v][u];
            }
        }
        for u in 0..N {
            half[N - 1 - y][u] = even[u] - odd[u];
            half[y][u] = even[u] + odd[u];
        }
    }
    // Along the rows, all samples of a row at once.
    for (y, line) in half.iter().enumerate() {
        let mut sums = [128.0_f32; N];
        for u in 0..N {
            for x in 0..N {
                sums[x] += line[u] * basis[u][x];
            }
        }
        let target = &mut out[y * stride..y * stride + N];
        for x in 0..N {
            target[x] = sample(sums[x]);
        }
    }
}

/// Writes `N` × `N` equal samples: a block that has a mean only.
#[inline(always)]
pub(super) fn flat<const N: usize>(mean: i16, factors: &[f32; 64], out: &mut [u8], stride: usize) {
    let value = sample(f32::from(mean) * factors[0] + 128.0);
    for y in 0..N {
        out[y * stride..y * stride + N].fill(value);
    }
}

/// Rounds and clamps to a byte. Adding 2²³ leaves the rounded number in the lowest bits; unlike a
/// cast, it compiles to vector code.
#[inline(always)]
fn sample(value: f32) -> u8 {
    (value.clamp(0.0, 255.0) + 8_388_608.0).to_bits() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of the inverse DCT, slowly and in double precision.
    fn reference(block: &[i16; 64]) -> [[f64; 8]; 8] {
        let c = |n: usize| if n == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let angle = |x: usize, u: usize| {
            ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos()
        };
        std::array::from_fn(|y| {
            std::array::from_fn(|x| {
                let mut sum = 0.0;
                for v in 0..8 {
                    for u in 0..8 {
                        let f = f64::from(block[v * 8 + u]);
                        sum += c(u) * c(v) * f * angle(x, u) * angle(y, v);
                    }
                }
                (sum / 4.0 + 128.0).clamp(0.0, 255.0)
            })
        })
    }

    fn some_block() -> [i16; 64] {
        let mut block = [0; 64];
        for (at, value) in [
            (0, 120),
            (1, -70),
            (2, 33),
            (8, 45),
            (9, 20),
            (10, -15),
            (16, 9),
            (27, 30),
            (63, -12),
        ] {
            block[at] = value;
        }
        block
    }

    #[test]
    fn a_full_block_agrees_with_the_definition() {
        let block_in = some_block();
        let mut out = [0; 64];
        block::<8>(&block_in, &factors(&[1; 64]), &mut out, 8);
        for (y, row) in reference(&block_in).iter().enumerate() {
            for (x, exact) in row.iter().enumerate() {
                let got = f64::from(out[y * 8 + x]);
                assert!((got - exact).abs() <= 0.51, "at {x},{y}: {got} for {exact}");
            }
        }
    }

    #[test]
    fn a_reduced_block_keeps_the_mean_and_the_slope() {
        let mut ramp = [0; 64];
        (ramp[0], ramp[1]) = (160, 200);
        let full = reference(&ramp);
        let mut out = [0; 16];
        block::<4>(&ramp, &factors(&[1; 64]), &mut out, 4);
        for x in 0..4 {
            let mean = (full[0][2 * x] + full[0][2 * x + 1]) / 2.0;
            assert!(
                (f64::from(out[x]) - mean).abs() <= 1.5,
                "{} for {mean}",
                out[x]
            );
        }
        let mut one = [0];
        block::<1>(&ramp, &factors(&[1; 64]), &mut one, 1);
        assert_eq!(one[0], 148);
    }

    #[test]
    fn a_flat_block_is_what_the_transform_would_give() {
        for mean in [-2000, -37, 0, 5, 6, 900, 2000] {
            let mut block_in = [0; 64];
            block_in[0] = mean;
            let (mut slow, mut quick) = ([0; 16], [0; 16]);
            block::<4>(&block_in, &factors(&[3; 64]), &mut slow, 4);
            flat::<4>(mean, &factors(&[3; 64]), &mut quick, 4);
            assert_eq!(slow, quick);
        }
    }
}
