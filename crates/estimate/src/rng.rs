//! Random numbers that are arguments: a seed and an index give a stream, so threads never matter.
//!
//! The generator is xoshiro256++ (Blackman and Vigna 2021, ACM Transactions on Mathematical Software 47(4)),
//! seeded through SplitMix64. It is written out here so that an update of a dependency can never change a
//! published p-value.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream {
    state: [u64; 4],
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Stream {
    /// Returns the stream of replicate `index` under `seed`.
    #[must_use]
    pub fn new(seed: u64, index: u64) -> Self {
        let mut s = seed;
        let mut t = split_mix(&mut s) ^ index.wrapping_mul(0xd134_2543_de82_ef95);
        let state = [
            split_mix(&mut t),
            split_mix(&mut t),
            split_mix(&mut t),
            split_mix(&mut t),
        ];
        Self { state }
    }

    /// Returns the next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Returns a number in [0, 1) with 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Returns an integer in `0..bound` without modulo bias (Lemire 2019); 0 if `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            return 0;
        }
        let bound = bound as u64;
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(bound);
            if (wide as u64) >= bound.wrapping_neg() % bound {
                return (wide >> 64) as usize;
            }
        }
    }

    /// Returns −1 or 1 with equal probability (Rademacher).
    pub fn sign(&mut self) -> f64 {
        if self.next_u64() >> 63 == 0 { -1.0 } else { 1.0 }
    }

    /// Returns a standard normal draw (Marsaglia's polar method, the second of each pair thrown away so that
    /// the stream has no hidden state).
    pub fn normal(&mut self) -> f64 {
        loop {
            let u = 2.0 * self.uniform() - 1.0;
            let v = 2.0 * self.uniform() - 1.0;
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * s.ln() / s).sqrt();
            }
        }
    }

    /// Shuffles `items` in place (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;

    #[test]
    fn a_stream_depends_on_seed_and_index_only() {
        let draw = |seed, index| {
            let mut s = Stream::new(seed, index);
            (s.next_u64(), s.next_u64())
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(2, 1));
        assert_ne!(draw(1, 0), draw(1, 1));
    }

    #[test]
    fn moments_of_normal_draws_are_near_zero_and_one() {
        let mut s = Stream::new(7, 0);
        let n = 100_000;
        let (mut sum, mut square) = (0.0, 0.0);
        for _ in 0..n {
            let z = s.normal();
            sum += z;
            square += z * z;
        }
        let (mean, var) = (sum / f64::from(n), square / f64::from(n));
        // Three standard errors: 3/√n and 3·√(2/n).
        assert!(mean.abs() < 0.0095 && (var - 1.0).abs() < 0.0135, "{mean} {var}");
    }
}
