//! Heads, with the segment and the control entries that they carry.

use dianbu::sync::object::{Kind, Sealed};
use dianbu::sync::wire::HeadBody;

use super::sealed_body;
use crate::team::founder;

/// The body of a head.
pub(super) fn run(data: &[u8]) {
    let Some(head) = sealed_body::<HeadBody>(Kind::Head, data) else { return };
    for seq in [0, 1, head.segment.seq / 2, head.segment.seq, u64::MAX] {
        let pack = head.pack_of(seq).copied();
        assert!(pack.is_none_or(|pack| pack.from <= seq && seq <= pack.to));
        assert!(head.requests_after(seq) <= head.segment.seq.saturating_sub(seq), "packs never cost more");
    }
    let founder = founder();
    for pack in &head.packs {
        let name = pack.name(founder.vault.id, founder.identity.dev());
        assert_eq!(dianbu::sync::name::Name::parse(&name.to_string()), Some(name));
    }
    let inside = head.inline.iter().map(|object| (Kind::Segment, head.segment.seq, object));
    let controls = (0..).zip(head.control_inline.iter().rev());
    let controls = controls.map(|(n, object)| (Kind::Control, head.control.seq.wrapping_sub(n), object));
    for (kind, seq, object) in inside.chain(controls) {
        if let Ok(sealed) = Sealed::read(object, founder.name(kind, seq)) {
            let _ = sealed.verify(&founder.identity.public().sign);
        }
    }
}
