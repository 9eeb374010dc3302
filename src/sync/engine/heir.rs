//! What an heir of this device takes over.

use super::Engine;
use crate::book::{Batch, Op};
use crate::sync::fault::Fault;
use crate::sync::heir::Heir;
use crate::sync::keys::Random;
use crate::sync::name::Name;
use crate::sync::object::{Sealed, hash};
use crate::sync::state::State;

impl Engine {
    /// Our head's name.
    pub fn own_head(&self) -> Name {
        Name::Head(self.vault.id, self.dev)
    }

    /// Our head, our entries, and the segments that the bucket does not have.
    pub fn unsent_names(&self) -> Vec<Name> {
        let entries = (1..=self.sync.control.seq).map(|seq| Name::Control(self.vault.id, self.dev, seq));
        let sent = self.sync.pushed.segment.max(self.sync.start.segment.seq);
        let segments = (sent + 1..=self.sync.segment.seq).map(|seq| self.own_segment(seq));
        [self.own_head()].into_iter().chain(entries).chain(segments).collect()
    }

    /// The name of an own segment.
    pub fn own_segment(&self, seq: u64) -> Name {
        Name::Segment(self.vault.id, self.dev, seq)
    }

    /// The operations of an own segment from the log; the last one must be the one that we remember.
    pub fn open_own_segment(&self, seq: u64, object: &[u8]) -> Result<Vec<Op>, Fault> {
        if seq == self.sync.segment.seq && hash(object) != self.sync.segment.hash {
            return Err(Fault::BrokenChain);
        }
        let sealed = Sealed::read(object, self.own_segment(seq))?;
        sealed.verify(&self.identity.public().sign)?;
        Ok(Batch::decode(&self.unseal(&sealed)?).map_err(|_| Fault::Malformed)?.ops)
    }

    /// The heir of this device; see [`Heir::new`].
    pub fn heir(
        &self,
        state: &State,
        unsent: Vec<Op>,
        name: String,
        now_ms: u64,
        random: Random<'_>,
    ) -> Result<Heir, Fault> {
        let heir =
            Heir::new(state, (&self.identity, &self.vault, self.roster.clone()), unsent, (name, now_ms), random)?;
        Ok(heir.holding_nothing(self.held.keys()))
    }
}
