//! Every decoder takes any bytes, and every encoder's work comes back as it went in.

use std::collections::BTreeMap;

use dianbu::book::{Batch, Book, DevId, Stamp, Standing, VaultId};
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::{Identity, PublicKeys, Vault};
use dianbu::sync::name::{InviteId, Name};
use dianbu::sync::object::{HEADER, Kind, MAX_INFLATED, Place, Sealed, seal};
use dianbu::sync::state::Link;
use dianbu::sync::wire::{
    self, Bundle, Control, Cut, Enrol, Epoch, Floor, Grant, HeadBody, Invite, Manifest, Objects, Offer, Packed, Pages,
    PartHash, Reach, Role, VaultBody, Withdraw,
};
use proptest::prelude::*;

use crate::kit::seeded;

fn dev() -> impl Strategy<Value = DevId> {
    any::<[u8; 16]>().prop_map(DevId)
}

fn name() -> impl Strategy<Value = Name> {
    let vault = any::<[u8; 16]>().prop_map(VaultId);
    (vault, dev(), any::<u64>(), any::<u16>(), 0..8).prop_map(|(vault, dev, seq, part, which)| match which {
        0 => Name::Vault(vault),
        1 => Name::Control(vault, dev, seq),
        2 => Name::Invite(vault, InviteId(dev.0)),
        3 => Name::Head(vault, dev),
        4 => Name::Manifest(vault, dev, seq),
        5 => Name::Part(vault, dev, seq >> 16, part),
        6 => Name::Pack(vault, dev, seq, u64::from(part), dev.0),
        _ => Name::Segment(vault, dev, seq),
    })
}

fn link() -> impl Strategy<Value = Link> {
    (any::<u64>(), any::<[u8; 32]>()).prop_map(|(seq, hash)| Link { seq, hash })
}

fn keys() -> impl Strategy<Value = PublicKeys> {
    (any::<[u8; 32]>(), any::<[u8; 32]>()).prop_map(|(sign, seal)| PublicKeys { sign, seal })
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

/// Objects or pages: none is shorter than 20 bytes.
fn several() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 20..50), 0..4)
}

fn head() -> impl Strategy<Value = HeadBody> {
    let seen = prop::collection::btree_map(dev(), link(), 0..8);
    let inline = (prop::option::of(bytes(40)), several());
    let gone = (prop::option::of(reach()), prop::option::of(any::<[u8; 16]>()));
    let book = (packs(), prop::option::of(offer()), prop::option::of(standing()), gone);
    (link(), any::<u64>(), any::<u64>(), link(), seen, ".{0,8}", inline, book).prop_map(
        |(
            segment,
            opn,
            stamp,
            control,
            seen,
            app,
            (inline, entries),
            ((packs, floor), snapshot, standing, (start, rest)),
        )| HeadBody {
            segment,
            opn,
            stamp: Stamp(stamp),
            control,
            seen,
            app,
            inline: inline.map(Into::into),
            control_inline: entries.into_iter().map(Into::into).collect(),
            packs,
            snapshot,
            floor,
            standing,
            start,
            rest,
        },
    )
}

fn standing() -> impl Strategy<Value = Standing> {
    (any::<[u8; 16]>(), any::<[u8; 16]>()).prop_map(|(place, digest)| Standing { place, digest })
}

fn offer() -> impl Strategy<Value = Offer> {
    let erased = prop::option::of(any::<[u8; 16]>());
    ((link(), any::<u64>(), any::<u64>(), any::<u64>(), any::<u16>()), erased)
        .prop_map(|((manifest, ops, bytes, size, parts), erased)| Offer { manifest, ops, bytes, size, parts, erased })
}

fn packs() -> impl Strategy<Value = (Vec<Packed>, Option<Floor>)> {
    let pack = (any::<u64>(), any::<u64>(), any::<[u8; 32]>()).prop_map(|(from, to, hash)| Packed { from, to, hash });
    let floor = (any::<u64>(), any::<u64>()).prop_map(|(seq, since_ms)| Floor { seq, since_ms });
    (prop::collection::vec(pack, 0..4), prop::option::of(floor))
}

fn reach() -> impl Strategy<Value = Reach> {
    (link(), any::<u64>(), any::<u64>(), any::<u64>()).prop_map(|(segment, opn, stamp, bytes)| Reach {
        segment,
        opn,
        stamp: Stamp(stamp),
        bytes,
    })
}

fn manifest() -> impl Strategy<Value = Manifest> {
    let frontier = prop::collection::btree_map(dev(), reach(), 0..5);
    let parts = prop::collection::vec(any::<[u8; 32]>().prop_map(PartHash), 0..4);
    (frontier, parts, bytes(60), standing()).prop_map(|(frontier, parts, base, standing)| Manifest {
        frontier,
        parts,
        base: base.into(),
        mark: (standing.place[0] % 2 == 0).then_some(standing.place),
        standing,
    })
}

fn control() -> impl Strategy<Value = Control> {
    let enrol = (keys(), ".{0,12}", prop::option::of(any::<[u8; 32]>()), any::<u64>()).prop_map(
        |(keys, name, invite, at_ms)| {
            Control::Enrol(Enrol {
                keys,
                name,
                invite,
                inviter: invite.map(|_| DevId([4; 16])),
                proof: invite.map(|_| [7; 64]),
                at_ms,
                heir_of: invite.map(|_| DevId([3; 16])),
            })
        },
    );
    let invite = (any::<[u8; 32]>(), any::<u32>(), any::<u64>()).prop_map(|(public, uses, expires_ms)| {
        let (seal, epoch, recovery) = (public, uses, uses % 2 == 0);
        Control::Invite(Invite { public, role: Role::Keeper, uses, expires_ms, seal, epoch, recovery })
    });
    let grant = (dev(), any::<u64>(), prop::collection::vec(dev(), 0..4)).prop_map(|(dev, seq, kept)| {
        let (segment, control) = (Link { seq, hash: [1; 32] }, Link { seq: 1, hash: [2; 32] });
        Control::Grant(Grant { dev, role: Role::Removed, segment, control, kept, at_ms: seq })
    });
    let epoch = (any::<u32>(), prop::collection::vec(dev(), 0..4)).prop_map(|(number, without)| {
        let keys = without.iter().map(|dev| (*dev, vec![7; 80].into())).collect();
        Control::Epoch(Epoch { number, keys, without, id: [5; 16] })
    });
    let withdraw = (dev(), prop::collection::vec(dev(), 0..4))
        .prop_map(|(DevId(id), came)| Control::Withdraw(Withdraw { invite: InviteId(id), came }));
    let cut = (dev(), reach()).prop_map(|(dev, start)| Control::Cut(Cut { dev, start }));
    prop_oneof![enrol, invite, withdraw, grant, epoch, cut, (7..u32::MAX).prop_map(Control::Unknown)]
}

fn place(name: Name) -> Place {
    let dev = name.dev().unwrap_or_default();
    Place { kind: name.kind(), vault: name.vault(), dev, seq: name.seq().unwrap_or(3), prev: [9; 32], epoch: 1 }
}

proptest! {
    #[test]
    fn names_come_back_and_have_one_spelling(name in name()) {
        let text = name.to_string();
        prop_assert_eq!(Name::parse(&text), Some(name));
        for other in [format!("{text}/"), format!("/{text}"), format!("{text}0"), text.replacen("/0", "/", 1)] {
            let read = Name::parse(&other);
            prop_assert!(read.is_none_or(|read| read.to_string() == other && (read != name || other == text)));
        }
    }

    #[test]
    fn objects_come_back(name in name(), body in bytes(3_000), key: [u8; 32], nonce: [u8; 24], seed: u64) {
        let identity = Identity::new(&mut seeded(seed));
        let object = seal(&place(name), &body, Some(&key), nonce, &identity.signer()).unwrap();
        let sealed = Sealed::read(&object, name).unwrap();
        prop_assert_eq!(sealed.place, place(name));
        prop_assert_eq!(sealed.verify(&identity.public().sign), Ok(()));
        prop_assert_eq!(sealed.open(&key), Ok(body));
        prop_assert_eq!(sealed.open(&[1; 32]), Err(Fault::BadSeal));
    }

    #[test]
    fn no_object_survives_a_change_of_one_byte(body in bytes(200), at: prop::sample::Index, flip in 1..=255_u8) {
        let identity = Identity::new(&mut seeded(1));
        let name = Name::Segment(VaultId([1; 16]), identity.dev(), 5);
        let mut object = seal(&place(name), &body, Some(&[2; 32]), [3; 24], &identity.signer()).unwrap();
        let at = at.index(object.len());
        object[at] ^= flip;
        let read = Sealed::read(&object, name).and_then(|sealed| {
            sealed.verify(&identity.public().sign)?;
            sealed.open(&[2; 32])
        });
        prop_assert!(read.is_err(), "byte {}", at);
    }

    #[test]
    fn bodies_come_back(
        head in head(),
        control in control(),
        manifest in manifest(),
        pages in several(),
        owner in keys(),
        salt: [u8; 16],
    ) {
        let pages = Pages(pages.into_iter().map(Into::into).collect());
        prop_assert_eq!(wire::from_bytes::<Pages>(&wire::to_bytes(&pages)), Ok(pages));
        prop_assert_eq!(wire::from_bytes::<Manifest>(&wire::to_bytes(&manifest)), Ok(manifest));
        for seq in [0, 1, head.segment.seq.wrapping_sub(9), u64::MAX] {
            prop_assert!(head.requests_after(seq) <= head.segment.seq.saturating_sub(seq));
        }
        prop_assert_eq!(wire::from_bytes::<HeadBody>(&wire::to_bytes(&head)), Ok(head));
        prop_assert_eq!(wire::from_bytes::<Control>(&wire::to_bytes(&control)), Ok(control));
        let vault = VaultBody { owner, salt, created_ms: 5, format: 1 };
        prop_assert_eq!(wire::from_bytes::<VaultBody>(&wire::to_bytes(&vault)), Ok(vault));
    }

    #[test]
    fn arbitrary_bytes_are_an_error_and_never_a_panic(bytes in bytes(600), name in name(), text in ".{0,80}") {
        let _ = Sealed::read(&bytes, name).map(|sealed| (sealed.verify(&[1; 32]), sealed.open(&[1; 32])));
        let _ = wire::from_bytes::<HeadBody>(&bytes);
        let _ = wire::from_bytes::<Control>(&bytes);
        let _ = wire::from_bytes::<Bundle>(&bytes).is_ok();
        let _ = wire::from_bytes::<VaultBody>(&bytes);
        let _ = wire::from_bytes::<Manifest>(&bytes);
        let _ = wire::from_bytes::<Pages>(&bytes);
        let _ = wire::from_bytes::<Objects>(&bytes);
        let _ = Book::open(&bytes, &[(0, bytes.clone())]).map(|(book, _)| book.count_digest());
        let _ = Batch::decode(&bytes);
        let _ = Name::parse(&text);
        let _ = Invitation::from_link_payload(&text).is_some();
    }

    #[test]
    fn damaged_bodies_are_an_error_or_a_body_and_never_a_panic(head in head(), at: prop::sample::Index, byte: u8) {
        let mut bytes = wire::to_bytes(&head);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = wire::from_bytes::<HeadBody>(&bytes);
    }

    #[test]
    fn a_header_of_any_numbers_is_never_a_panic(tail in bytes(400), name in name()) {
        let mut bytes = b"dianbu\x01\x01".to_vec();
        bytes.push(name.kind() as u8);
        bytes.extend([0; 3]);
        bytes.extend(tail);
        if let Ok(sealed) = Sealed::read(&bytes, name) {
            let _ = (sealed.verify(&[1; 32]), sealed.open(&[1; 32]));
        }
    }
}

#[test]
fn an_object_is_read_only_where_it_belongs() {
    let identity = Identity::new(&mut seeded(1));
    let (vault, dev) = (VaultId([1; 16]), identity.dev());
    let name = Name::Segment(vault, dev, 5);
    let object = seal(&place(name), b"body", Some(&[2; 32]), [3; 24], &identity.signer()).unwrap();
    assert!(Sealed::read(&object, name).is_ok());
    for other in [
        Name::Segment(VaultId([2; 16]), dev, 5),
        Name::Segment(vault, DevId([2; 16]), 5),
        Name::Segment(vault, dev, 6),
        Name::Control(vault, dev, 5),
        Name::Head(vault, dev),
    ] {
        assert_eq!(Sealed::read(&object, other).err(), Some(Fault::Misplaced), "{other}");
    }
}

#[test]
fn an_inflating_bomb_is_refused() {
    let identity = Identity::new(&mut seeded(1));
    let name = Name::Segment(VaultId([1; 16]), identity.dev(), 5);
    let most = vec![0; MAX_INFLATED];
    let object = seal(&place(name), &most, Some(&[2; 32]), [3; 24], &identity.signer()).unwrap();
    assert!(object.len() < 40_000);
    assert_eq!(Sealed::read(&object, name).unwrap().open(&[2; 32]).map(|body| body.len()), Ok(MAX_INFLATED));
    let more = vec![0; MAX_INFLATED + 1];
    assert_eq!(seal(&place(name), &more, Some(&[2; 32]), [3; 24], &identity.signer()), Err(Fault::TooLarge));
}

#[test]
fn a_newer_object_asks_for_an_update_and_compatible_features_do_not() {
    let identity = Identity::new(&mut seeded(1));
    let name = Name::Segment(VaultId([1; 16]), identity.dev(), 5);
    let object = seal(&place(name), b"body", Some(&[2; 32]), [3; 24], &identity.signer()).unwrap();
    for at in [6, 7, 9] {
        let mut newer = object.clone();
        newer[at] |= 2;
        assert_eq!(Sealed::read(&newer, name).err(), Some(Fault::Newer), "byte {at}");
    }
    for at in [10, 11] {
        let mut newer = object.clone();
        newer[at] |= 2;
        assert!(Sealed::read(&newer, name).is_ok(), "byte {at}");
    }
    assert_eq!(object.get(..6), Some(b"dianbu".as_slice()));
    assert!(object.len() >= HEADER);
}

#[test]
fn unknown_fields_of_a_body_are_skipped_and_absent_ones_are_empty() {
    // {0: [1, h'00…'], 1: 2, 2: 3, 3: [0, h'00…'], 4: {}, 5: "", 99: [1, {2: 3}]}
    let mut body = vec![0xa7, 0x00, 0x82, 0x01, 0x58, 0x20];
    body.extend([0; 32]);
    body.extend([0x01, 0x02, 0x02, 0x03, 0x03, 0x82, 0x00, 0x58, 0x20]);
    body.extend([0; 32]);
    body.extend([0x04, 0xa0, 0x05, 0x60, 0x18, 0x63, 0x82, 0x01, 0xa1, 0x02, 0x03]);
    let head: HeadBody = wire::from_bytes(&body).unwrap();
    assert_eq!((head.segment.seq, head.opn, head.inline, head.control_inline.len()), (1, 2, None, 0));
    body.push(0);
    assert_eq!(wire::from_bytes::<HeadBody>(&body), Err(Fault::Malformed), "nothing may follow");
}

#[test]
fn derived_keys_and_ids_are_what_the_document_says() {
    let vault =
        Vault::new(VaultId([1; 16]), String::new(), PublicKeys::default(), BTreeMap::from([(1, [[3; 32]].into())]));
    let key = vault.object_key(1, Kind::Segment, DevId([4; 16]), 9).unwrap();
    assert_ne!(vault.object_key(1, Kind::Head, DevId([4; 16]), 9).unwrap(), key);
    assert_ne!(vault.object_key(1, Kind::Segment, DevId([5; 16]), 9).unwrap(), key);
    assert_ne!(vault.object_key(1, Kind::Segment, DevId([4; 16]), 8).unwrap(), key);
    assert_eq!(vault.object_key(2, Kind::Segment, DevId([4; 16]), 9), None);
    for fault in Fault::ALL {
        assert_eq!(Fault::try_from(fault.code()), Ok(*fault));
    }
}

#[test]
fn names_that_are_almost_right_are_none() {
    let vault = VaultId([0; 16]);
    for name in ["", "vault", "v", "h", "k//0000000001", "d/x/s/1"] {
        assert_eq!(Name::parse(&format!("{vault}/{name}")).is_some(), name == "vault", "{name}");
    }
    let segment = Name::Segment(vault, DevId([0; 16]), 1).to_string();
    for (from, to) in [
        ("0000000001", "1"),
        ("0000000001", "+000000001"),
        ("0000000001", "00000000001"),
        ("/s/", "/p/"),
        ("/s/", "/n/"),
    ] {
        assert_eq!(Name::parse(&segment.replace(from, to)), None, "{to}");
    }
}
