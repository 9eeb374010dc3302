//! Control entries, and the roster that follows from them.

use dianbu::sync::object::Kind;
use dianbu::sync::rights::Rights;
use dianbu::sync::roster::Roster;
use dianbu::sync::wire::Control;

use super::sealed_body;
use crate::team::founder;

/// An entry in the founder's chain, after which the roster is written down and read back.
pub(super) fn run(data: &[u8]) {
    let Some(entry) = sealed_body::<Control>(Kind::Control, data) else { return };
    let founder = founder();
    let author = match &entry {
        // Everybody enrols in a chain of their own.
        Control::Enrol(enrol) => enrol.keys.dev(),
        _ => founder.identity.dev(),
    };
    let mut roster = Roster::default();
    let _ = roster.apply(&founder.vault, author, 2, entry);
    let bytes = minicbor_serde::to_vec(&roster).expect("a roster can be written");
    assert!(minicbor_serde::from_slice::<Roster>(&bytes).is_ok_and(|again| again == roster));
    let rights = Rights::of(&roster);
    let _ = (rights.role(author), rights.mark(), rights.removed().count());
    for dev in roster.members.keys().copied().chain([author]) {
        let _ = (rights.turns_at(dev), rights.differ(&Rights::default(), dev, u64::MAX));
    }
    for invite in roster.invites.keys() {
        let _ = (roster.withdrawn(&rights, *invite), roster.used(*invite));
    }
}
