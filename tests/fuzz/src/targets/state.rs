//! What a device remembers, from a store that may be damaged.

use dianbu::store::Loaded;
use dianbu::sync::engine::Engine;
use dianbu::sync::member::{META_IDENTITY, META_ROSTER, META_VAULT};
use dianbu::sync::roster::Roster;
use dianbu::sync::state::State;

use super::body;
use crate::memory::{SHARE, limited};
use crate::team::founder;

/// A list in the roster that promises more than it has takes 1 MiB before its first item is read, and a list in an item of
/// it as much again; nobody but the device itself writes it. That much counts as if it were there to decode.
const PROMISED: usize = (2 << 20) / SHARE;

/// The first byte says which drawer the others lie in.
pub(super) fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    let founder = founder();
    let written = |name: &str, bytes: Result<Vec<u8>, _>| (name.to_owned(), bytes.unwrap_or_default());
    let mut loaded = Loaded {
        meta: vec![
            written(META_IDENTITY, minicbor_serde::to_vec(&founder.identity)),
            written(META_VAULT, minicbor_serde::to_vec(&founder.vault)),
            written(META_ROSTER, minicbor_serde::to_vec(Roster::default())),
        ],
        ..Loaded::default()
    };
    let mut held = Vec::new();
    match mode % 5 {
        0 => match body::<State>(rest) {
            Some(state) => loaded.state = state,
            None => return,
        },
        1 => held.push(("V/h/x".to_owned(), rest.to_vec())),
        drawer => {
            if let Some((_, bytes)) = loaded.meta.get_mut(usize::from(drawer) - 2) {
                rest.clone_into(bytes);
            }
        }
    }
    let Ok(Some(engine)) = limited(rest.len() + PROMISED, || Engine::open(&loaded, &held)) else { return };
    let _ = engine.report();
    let again = minicbor_serde::to_vec(engine.roster()).expect("a roster can be written");
    assert!(minicbor_serde::from_slice::<Roster>(&again).is_ok_and(|again| again == *engine.roster()));
    let _ = (loaded.state.sync().map(|sync| sync.reach(engine.dev())), loaded.state.covered());
    let _ = (loaded.state.now(0), loaded.state.now(u64::MAX), loaded.state.waiting(), loaded.state.droppable());
}
