//! A column of texts, one for each row, in one piece of memory: it is searched in one go.

use memchr::memmem;

use super::names::place;

/// Stands between two texts.
const BETWEEN: u8 = b'\n';
/// The owner of a text that was replaced.
const NOBODY: u32 = u32::MAX;

/// Texts by the places of their rows.
#[derive(Debug, Default)]
pub(super) struct Column {
    bytes: Vec<u8>,
    /// Where each piece begins, and whose it is; in the order of the bytes.
    pieces: Vec<(u32, u32)>,
    /// The piece of each row.
    of: Vec<u32>,
    replaced: usize,
}

impl Column {
    /// Gives a row its text.
    pub(super) fn put(&mut self, row: u32, text: &str) {
        let at = row as usize;
        if self.of.len() <= at {
            self.of.resize(at + 1, NOBODY);
        }
        if self.of.get(at).is_some_and(|piece| *piece != NOBODY) {
            if self.get(row) == text.as_bytes() {
                return;
            }
            let old = self.of.get(at).and_then(|piece| self.pieces.get_mut(*piece as usize));
            if let Some(old) = old {
                old.1 = NOBODY;
                self.replaced += 1;
            }
        }
        if let Some(piece) = self.of.get_mut(at) {
            *piece = place(self.pieces.len());
        }
        self.pieces.push((place(self.bytes.len()), row));
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(BETWEEN);
        if self.replaced > 1000 + self.of.len() / 4 {
            self.pack();
        }
    }

    /// Lets go of what was replaced.
    fn pack(&mut self) {
        let mut packed = Self::default();
        for row in 0..place(self.of.len()) {
            // What lies here was text.
            packed.put(row, std::str::from_utf8(self.get(row)).unwrap_or_default());
        }
        *self = packed;
    }

    /// The text of a row, as bytes.
    pub(super) fn get(&self, row: u32) -> &[u8] {
        self.of.get(row as usize).map(|piece| self.piece(*piece as usize)).unwrap_or_default()
    }

    /// The text of a row.
    pub(super) fn text(&self, row: u32) -> &str {
        std::str::from_utf8(self.get(row)).unwrap_or_default()
    }

    fn piece(&self, piece: usize) -> &[u8] {
        let begin = self.pieces.get(piece).map_or(self.bytes.len(), |(begin, _)| *begin as usize);
        self.bytes.get(begin..self.end(piece)).unwrap_or_default()
    }

    /// Where a piece ends, without what stands behind it.
    fn end(&self, piece: usize) -> usize {
        let next = self.pieces.get(piece + 1).map_or(self.bytes.len(), |(begin, _)| *begin as usize);
        next.saturating_sub(1)
    }

    /// Calls `each` with every row whose text holds `words`, in the order of the bytes.
    pub(super) fn search(&self, words: &str, mut each: impl FnMut(u32, &[u8])) {
        let finder = memmem::Finder::new(words);
        let (mut at, mut piece) = (0, 0);
        while let Some(found) = self.bytes.get(at..).and_then(|rest| finder.find(rest)) {
            let begin = at + found;
            piece += self.ahead(piece, begin);
            let end = self.end(piece);
            if begin + words.len() <= end
                && let Some((_, owner)) = self.pieces.get(piece).filter(|(_, owner)| *owner != NOBODY)
            {
                each(*owner, self.piece(piece));
            }
            at = end + 1;
        }
    }

    /// How many pieces from this one lies the one that holds a byte.
    fn ahead(&self, piece: usize, byte: usize) -> usize {
        let rest = self.pieces.get(piece + 1..).unwrap_or_default();
        let begins_before = |(begin, _): &(u32, u32)| *begin as usize <= byte;
        // What is found often is found near.
        let mut reach = 1;
        while rest.get(reach - 1).is_some_and(begins_before) {
            reach *= 2;
        }
        rest.get(..reach.min(rest.len())).unwrap_or_default().partition_point(begins_before)
    }

    /// All bytes, each text followed by a line feed.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whose text the byte belongs to, looked for from a piece onwards, which moves there; none for a replaced one.
    pub(super) fn owner(&self, piece: &mut usize, byte: usize) -> Option<u32> {
        *piece += self.ahead(*piece, byte);
        self.pieces.get(*piece).map(|(_, owner)| *owner).filter(|owner| *owner != NOBODY)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_column_finds_what_looking_at_each_text_finds(
            texts in proptest::collection::vec((0_u32..6, "[ab张三\n]{0,6}"), 0..40),
            words in "[ab张三\n]{1,3}",
            packs in any::<bool>(),
        ) {
            let (mut column, mut plain) = (Column::default(), std::collections::BTreeMap::new());
            for row in 0..6 {
                column.put(row, "");
                plain.insert(row, String::new());
            }
            for (row, text) in texts {
                column.put(row, &text);
                plain.insert(row, text);
            }
            if packs {
                column.pack();
            }
            let mut found = Vec::new();
            column.search(&words, |row, text| found.push((row, String::from_utf8(text.to_vec()).unwrap())));
            found.sort();
            let expected: Vec<_> = plain.into_iter().filter(|(_, text)| text.contains(&words)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
