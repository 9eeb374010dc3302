//! What a new device reads: the link, the vault object, the bundle.

use std::sync::OnceLock;

use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::InviteKeys;
use dianbu::sync::member::Welcome;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Place, seal};
use dianbu::sync::wire::{Bundle, VaultBody};

use super::body;
use crate::memory::limited;
use crate::team::{NOON, founder, shop};

/// An open invitation of the founder's, and the true vault object.
fn invitation() -> &'static (Invitation, Vec<u8>) {
    static OPEN: OnceLock<(Invitation, Vec<u8>)> = OnceLock::new();
    OPEN.get_or_init(|| {
        let shop = shop();
        let vault = shop.objects.into_iter().find(|(name, _)| matches!(name, Name::Vault(_)));
        (shop.invitation, vault.map(|(_, object)| object).unwrap_or_default())
    })
}

/// The first byte says which.
pub(super) fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    match mode % 3 {
        0 => link(rest),
        1 => vault(rest),
        _ => bundle(rest),
    }
}

fn link(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(link) = limited(data.len(), || Invitation::from_link_payload(text)) else { return };
    let again = Invitation::from_link_payload(&link.to_link_payload());
    assert!(again.is_some_and(|again| again == link), "written and read again it is another");
    let _ = link.name();
}

fn vault(data: &[u8]) {
    if body::<VaultBody>(data).is_none() {
        return;
    }
    let ((invitation, _), founder) = (invitation(), founder());
    let object = seal(&founder.place(Kind::Vault, 1), data, None, [9; 24], &founder.identity.signer());
    let Ok(object) = object else { return };
    let _ = limited(object.len(), || Welcome::read(invitation, object.clone(), &[], NOON));
}

fn bundle(data: &[u8]) {
    if body::<Bundle>(data).is_none() {
        return;
    }
    let ((invitation, vault), founder) = (invitation(), founder());
    let place = Place { kind: Kind::Invite, seq: 1, ..founder.place(Kind::Invite, 1) };
    let key = InviteKeys::new(&invitation.secret).seal;
    let Ok(object) = seal(&place, data, Some(&key), [9; 24], &founder.identity.signer()) else { return };
    // Deflated by the harness, so it may be longer inside than outside.
    let welcome =
        limited(data.len() + object.len() + vault.len(), || Welcome::read(invitation, vault.clone(), &object, NOON));
    if let Ok(welcome) = welcome {
        let mut zero = |bytes: &mut [u8]| bytes.fill(7);
        let joiner = dianbu::sync::keys::Identity::new(&mut zero);
        let _ = welcome.join(&dianbu::sync::state::State::default(), &joiner, "平板".into(), NOON, &mut zero);
    }
}
