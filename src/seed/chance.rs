//! Chance that comes in from outside: the same seed draws the same life.

use std::ops::Range;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};

/// Draws. Its numbers are the same on every machine and in every build.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// One of a range, which is not empty.
    pub(super) fn within(&mut self, range: Range<i64>) -> i64 {
        self.0.random_range(range)
    }

    /// So often in a hundred.
    pub(super) fn percent(&mut self, often: u32) -> bool {
        self.0.random_ratio(often.min(100), 100)
    }

    /// One of a list, which is not empty.
    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.0.random_range(0..of.len())]
    }

    /// A place in a list of weights, drawn as often as the weight says; not all of them are nothing.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.0.random_range(0..weights.iter().sum::<u32>());
        weights
            .iter()
            .position(|weight| match left.checked_sub(*weight) {
                Some(rest) => {
                    left = rest;
                    false
                }
                None => true,
            })
            .unwrap_or_default()
    }

    /// How many there are where a hundredfold of them is usual: now fewer, now more.
    pub(super) fn about(&mut self, hundredfold: u32) -> usize {
        const DRAWS: u32 = 6;
        let times = |chance: &mut Self| chance.0.random_ratio(hundredfold.min(100 * DRAWS), 100 * DRAWS);
        (0..DRAWS).filter(|_| times(self)).count()
    }
}
