//! Names as a list compares them: their keys, packed, so that a hundred thousand of them are sorted at once.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::table::IdHasher;
use crate::domain::pinyin::write_name_key;

/// The key of one name: its beginning at hand, the rest with the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct NameKey {
    /// The first sixteen bytes, which tell most names apart.
    head: u128,
    rest: (u32, u32),
}

impl NameKey {
    #[expect(clippy::cast_possible_truncation, reason = "the halves of sixteen bytes")]
    fn halves(self) -> [u64; 2] {
        [(self.head >> 64) as u64, self.head as u64]
    }

    /// The first byte, `a` to `z` for what an index files under a letter.
    pub(super) fn first(self) -> u8 {
        self.head.to_be_bytes()[0]
    }

    /// Whether the key begins with these bytes, sixteen at most.
    pub(super) fn begins_with(self, bytes: &[u8]) -> bool {
        self.head.to_be_bytes().starts_with(bytes)
    }
}

/// The keys of many names.
#[derive(Debug, Default)]
pub(super) struct Names {
    rests: Vec<u8>,
    buffer: String,
}

impl Names {
    /// The key of a name.
    pub(super) fn key(&mut self, name: &str) -> NameKey {
        self.buffer.clear();
        write_name_key(name, &mut self.buffer);
        let bytes = self.buffer.as_bytes();
        let (first, rest) = bytes.split_at_checked(16).unwrap_or((bytes, &[]));
        let mut head = [0; 16];
        for (to, from) in head.iter_mut().zip(first) {
            *to = *from;
        }
        let from = place(self.rests.len());
        self.rests.extend_from_slice(rest);
        NameKey { head: u128::from_be_bytes(head), rest: (from, place(self.rests.len())) }
    }

    /// The order of two names in a list.
    pub(super) fn order(&self, a: NameKey, b: NameKey) -> Ordering {
        a.head.cmp(&b.head).then_with(|| self.rest(a).cmp(self.rest(b)))
    }

    /// The places of so many names in their order; `tie` decides between equal ones.
    pub(super) fn sorted(
        &self,
        many: usize,
        key: impl Fn(u32) -> NameKey,
        tie: impl Fn(u32, u32) -> Ordering,
    ) -> Vec<u32> {
        // Names of one family stand together and are many, so they are gathered before anything is compared.
        let mut families: HashMap<u64, Vec<(u64, u32)>, BuildHasherDefault<IdHasher>> = HashMap::default();
        for at in 0..place(many) {
            let [family, given] = key(at).halves();
            families.entry(family).or_default().push((given, at));
        }
        let mut families: Vec<_> = families.into_iter().collect();
        families.sort_unstable_by_key(|(family, _)| *family);
        let rests = |a: u32, b: u32| self.rest(key(a)).cmp(self.rest(key(b))).then_with(|| tie(a, b));
        let mut sorted = Vec::with_capacity(many);
        for (_, mut family) in families {
            family.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| rests(a.1, b.1)));
            sorted.extend(family.into_iter().map(|(_, at)| at));
        }
        sorted
    }

    fn rest(&self, key: NameKey) -> &[u8] {
        self.rests.get(key.rest.0 as usize..key.rest.1 as usize).unwrap_or_default()
    }
}

/// Places in less memory than the machine's word; four gigabytes of names are more than any memory here.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::pinyin::name_key;

    proptest! {
        #[test]
        fn names_are_sorted_as_their_keys_are(all in proptest::collection::vec("[张章王曾单Bb3 a]{0,12}", 0..40)) {
            let mut names = Names::default();
            let keys: Vec<_> = all.iter().map(|name| names.key(name)).collect();
            let sorted = names.sorted(keys.len(), |at| keys[at as usize], |a, b| a.cmp(&b));
            let mut expected: Vec<u32> = (0..).zip(&all).map(|(at, _)| at).collect();
            expected.sort_by_key(|at| name_key(&all[*at as usize]));
            prop_assert_eq!(sorted, expected);
            for (a, b) in keys.iter().zip(&all).zip(keys.iter().zip(&all).skip(1)) {
                prop_assert_eq!(names.order(*a.0, *b.0), name_key(a.1).cmp(&name_key(b.1)));
            }
        }
    }
}
