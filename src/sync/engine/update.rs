//! After an update: entries of a type that an earlier version of the app did not know were kept, and are read now.

use super::Engine;
use super::pull::{held_fault, held_object};
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::Sealed;
use crate::sync::wire::{self, Control};

/// An entry as it was kept.
pub(super) type Kept = (Name, Vec<u8>);

/// The entries of unknown types in the drawer of held objects.
pub(super) fn kept(held: &[(String, Vec<u8>)]) -> Vec<Kept> {
    let unknown = held.iter().filter(|(_, record)| held_fault(record) == Some(Fault::UnknownEntry));
    unknown.filter_map(|(name, record)| Some((Name::parse(name)?, held_object(record).to_vec()))).collect()
}

impl Engine {
    /// Takes in those whose type is known by now. Their signature and place in the chain were checked when they came.
    pub(super) fn read_kept(&mut self) {
        for (name, object) in std::mem::take(&mut self.kept) {
            let sealed = Sealed::read(&object, name);
            let entry = sealed.and_then(|sealed| wire::from_bytes::<Control>(&self.unseal(&sealed)?));
            let (Ok(entry), Some(dev), Some(seq)) = (entry, name.dev(), name.seq()) else { continue };
            if matches!(entry, Control::Unknown(_)) {
                continue;
            }
            let epoch = if let Control::Epoch(epoch) = &entry { Some(epoch.clone()) } else { None };
            if self.roster.apply(&self.vault, dev, seq, entry).is_ok() {
                self.held.remove(&name.to_string());
                self.work.change.held.push((name.to_string(), None));
                self.save_roster();
                if let Some(epoch) = epoch {
                    self.learn_epoch(&epoch);
                }
            }
        }
        self.flush();
    }
}
