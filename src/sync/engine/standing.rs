//! Equal places, equal books: what others say their book holds is compared with what ours holds at the same place.

use super::Engine;
use crate::book::{DevId, Standing};
use crate::sync::object::hash;
use crate::sync::wire::HeadBody;

/// So many of our own standings are kept: a head that comes late is still compared.
const KEPT: usize = 64;

impl Engine {
    /// Tells where the book of this device stands. The next head says so, and what others said of the same place is
    /// compared with it. Call it before a round with the standing of the book in memory.
    pub fn note_standing(&mut self, mut standing: Standing) {
        if self.sync.stale {
            // It holds what does not count, and will be read anew.
            return;
        }
        if let Some(mark) = self.rights.mark() {
            let place = hash(&[standing.place, mark].concat());
            standing.place.copy_from_slice(&place[..16]);
        }
        if self.standings.back() == Some(&standing) {
            return;
        }
        if self.standings.len() == KEPT {
            self.standings.pop_front();
        }
        self.standings.push_back(standing);
    }

    /// The standing for our next head.
    pub(super) fn standing(&self) -> Option<Standing> {
        self.standings.back().copied()
    }

    /// What the head of a device says of its book.
    pub(super) fn note_claim(&mut self, dev: DevId, body: &HeadBody) {
        if body.standing.is_some() {
            self.cursor(dev).standing = body.standing;
            self.compare_standing(dev);
        }
    }

    /// Compares the last claims of all with where we stood. A verdict stands until an equal place gives another one.
    pub(super) fn compare_standings(&mut self) {
        let devs: Vec<_> = self.sync.cursors.keys().copied().collect();
        for dev in devs {
            self.compare_standing(dev);
        }
    }

    fn compare_standing(&mut self, dev: DevId) {
        let Some(claim) = self.sync.cursors.get(&dev).and_then(|cursor| cursor.standing) else { return };
        let Some(own) = self.standings.iter().rev().find(|own| own.place == claim.place) else { return };
        let diverged = own.digest != claim.digest;
        if self.cursor(dev).diverged != diverged {
            self.cursor(dev).diverged = diverged;
            self.touch();
        }
    }
}
