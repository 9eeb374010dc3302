//! The only source of chance: everything that happens in a run follows from one number.

/// A generator that gives the same numbers for the same seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Begins with a seed. Seeds next to each other have nothing in common.
    pub fn new(seed: u64) -> Self {
        let mut chance = Self(seed ^ 0x5851_F42D_4C95_7F2D);
        chance.draw();
        chance
    }

    /// The chance of one step: it does not depend on how many numbers the other steps used, so a run from which steps
    /// are left out does the same in those that remain.
    pub fn of_step(seed: u64, step: u32) -> Self {
        Self::new(seed.rotate_left(17).wrapping_mul(0xD134_2543_DE82_EF95) ^ (u64::from(step) << 1 | 1))
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`; zero if there is none.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.draw() % limit }
    }

    /// A place in a list of so many.
    pub fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// Whether something happens that happens so often in a hundred times.
    pub fn percent(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = self.place(from.len());
        from.get(at).cloned()
    }

    /// Fills bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.draw().to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(word) {
                *to = from;
            }
        }
    }
}
