//! What every store keeps to: one suite, stamped on each of them.
//!
//! A rule gets two handles on one empty book. What is written through the first is read through the second, as if
//! they stood in two tabs.

use dianbu::book::{DevId, Stamp};
use dianbu::store::{Change, Loaded, Store, StoreError};
use dianbu::sync::state::{Cursor, Link, Pushed, State, Sync};
use dianbu::sync::wire::Reach;
use futures::future::join_all;

/// Stamps a test for every rule: `$stamp!(name)` must make a test that calls the rule of that name.
#[macro_export]
macro_rules! for_each_rule {
    ($stamp:ident) => {
        $stamp!(a_new_book_is_empty);
        $stamp!(batches_are_appended_in_order);
        $stamp!(nothing_decided_writes_nothing);
        $stamp!(the_tail_is_dropped_up_to_a_place);
        $stamp!(places_are_not_given_twice_after_a_drop);
        $stamp!(named_things_are_put_replaced_and_deleted);
        $stamp!(names_are_any_text_and_never_touch_the_state);
        $stamp!(named_things_come_without_pages_and_tail);
        $stamp!(pages_come_back_by_number);
        $stamp!(pages_from_a_number_on_go_before_others_are_written);
        $stamp!(one_drawer_does_not_touch_another);
        $stamp!(the_state_comes_back_whole);
        $stamp!(numbers_are_gapless_and_unique_between_tabs);
        $stamp!(what_was_seen_before_is_not_trusted);
        $stamp!(nobody_overtakes_an_optimist);
        $stamp!(photos_are_named_read_one_by_one_and_deleted);
        $stamp!(large_pages_come_back_byte_for_byte);
    };
}

type Result = std::result::Result<(), StoreError>;

/// Decides once on `change`.
pub(crate) async fn write<S: Store>(store: &S, change: Change) -> std::result::Result<State, StoreError> {
    let (state, written) = store.transact(|_| Some(change.clone())).await?;
    assert!(written);
    Ok(state)
}

fn tail(batches: &[&str]) -> Change {
    Change { tail: batches.iter().map(|text| text.as_bytes().to_vec()).collect(), ..Change::default() }
}

fn named(entries: &[(&str, Option<&str>)]) -> Vec<(String, Option<Vec<u8>>)> {
    entries.iter().map(|(name, value)| ((*name).to_owned(), value.map(|text| text.as_bytes().to_vec()))).collect()
}

fn texts<K: Clone>(entries: &[(K, Vec<u8>)]) -> Vec<(K, String)> {
    entries.iter().map(|(key, bytes)| (key.clone(), String::from_utf8(bytes.clone()).unwrap())).collect()
}

fn owned<K: Clone>(entries: &[(K, &str)]) -> Vec<(K, String)> {
    entries.iter().map(|(key, text)| (key.clone(), (*text).to_owned())).collect()
}

fn names(entries: &[(&str, &str)]) -> Vec<(String, String)> {
    entries.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

pub(crate) async fn a_new_book_is_empty<S: Store>(_: &S, other: &S) -> Result {
    let Loaded { state, meta, pages, tail } = other.load().await?;
    assert_eq!(state, State::default());
    assert!(meta.is_empty() && pages.is_empty() && tail.is_empty());
    assert!(other.tail_after(0).await?.is_empty());
    assert_eq!(other.log("anything").await?, None);
    assert!(other.held().await?.is_empty());
    Ok(())
}

pub(crate) async fn batches_are_appended_in_order<S: Store>(one: &S, other: &S) -> Result {
    assert_eq!(write(one, tail(&["甲", "乙"])).await?.lsn, 2);
    assert_eq!(write(other, tail(&["丙"])).await?.lsn, 3);
    let loaded = other.load().await?;
    assert_eq!(loaded.state.lsn, 3);
    assert_eq!(texts(&loaded.tail), owned(&[(1, "甲"), (2, "乙"), (3, "丙")]));
    assert_eq!(texts(&one.tail_after(1).await?), owned(&[(2, "乙"), (3, "丙")]));
    assert!(one.tail_after(3).await?.is_empty());
    // Twelve is after nine, which it is not as text.
    for _ in 4..=12 {
        write(one, tail(&["丁"])).await?;
    }
    let places: Vec<u64> = other.load().await?.tail.iter().map(|(lsn, _)| *lsn).collect();
    assert_eq!(places, (1..=12).collect::<Vec<_>>());
    Ok(())
}

pub(crate) async fn nothing_decided_writes_nothing<S: Store>(one: &S, other: &S) -> Result {
    write(one, Change { meta: named(&[("name", Some("before"))]), ..tail(&["甲"]) }).await?;
    let before = other.load().await?;
    let answer = one
        .transact(|state| {
            state.opn = 77;
            state.lsn = 99;
            None
        })
        .await?;
    assert_eq!(answer, (before.state.clone(), false));
    let after = other.load().await?;
    assert_eq!((after.state, after.meta, after.tail), (before.state, before.meta, before.tail));
    // And the store works on.
    assert_eq!(write(one, tail(&["乙"])).await?.lsn, 2);
    Ok(())
}

pub(crate) async fn the_tail_is_dropped_up_to_a_place<S: Store>(one: &S, other: &S) -> Result {
    write(one, tail(&["甲", "乙", "丙"])).await?;
    write(one, Change { drop_tail: Some(2), ..tail(&["丁"]) }).await?;
    assert_eq!(texts(&other.load().await?.tail), owned(&[(3, "丙"), (4, "丁")]));
    write(one, Change { drop_tail: Some(0), ..Change::default() }).await?;
    assert_eq!(other.load().await?.tail.len(), 2);
    // What the pages cover is not read at a start, but stays for whoever has use for it.
    one.transact(|state| {
        state.base = 3;
        Some(Change::default())
    })
    .await?;
    assert_eq!(texts(&other.load().await?.tail), owned(&[(4, "丁")]));
    assert_eq!(other.tail_after(0).await?.len(), 2);
    Ok(())
}

pub(crate) async fn places_are_not_given_twice_after_a_drop<S: Store>(one: &S, other: &S) -> Result {
    write(one, tail(&["甲", "乙"])).await?;
    write(one, Change { drop_tail: Some(2), ..Change::default() }).await?;
    assert!(other.load().await?.tail.is_empty());
    assert_eq!(write(other, tail(&["丙"])).await?.lsn, 3);
    assert_eq!(texts(&one.load().await?.tail), owned(&[(3, "丙")]));
    Ok(())
}

pub(crate) async fn named_things_are_put_replaced_and_deleted<S: Store>(one: &S, other: &S) -> Result {
    let entries = named(&[("b", Some("二")), ("a", Some("一")), ("c", Some(""))]);
    let change = Change { meta: entries.clone(), log: entries.clone(), held: entries, ..Change::default() };
    write(one, change).await?;
    let expected = names(&[("a", "一"), ("b", "二"), ("c", "")]);
    assert_eq!(texts(&other.load().await?.meta), expected);
    assert_eq!(texts(&other.held().await?), expected);
    assert_eq!(other.log("a").await?.as_deref(), Some("一".as_bytes()));
    assert_eq!(other.log("c").await?, Some(Vec::new()));

    let entries = named(&[("a", Some("壹")), ("b", None), ("absent", None)]);
    let change = Change { meta: entries.clone(), log: entries.clone(), held: entries, ..Change::default() };
    write(one, change).await?;
    let expected = names(&[("a", "壹"), ("c", "")]);
    assert_eq!(texts(&other.load().await?.meta), expected);
    assert_eq!(texts(&other.held().await?), expected);
    assert_eq!(other.log("a").await?.as_deref(), Some("壹".as_bytes()));
    assert_eq!(other.log("b").await?, None);
    Ok(())
}

pub(crate) async fn names_are_any_text_and_never_touch_the_state<S: Store>(one: &S, other: &S) -> Result {
    let awkward = ["", "0", "state", "店/簿", "v1/seg/AbC_-9", "😀"];
    let meta = awkward.iter().map(|name| ((*name).to_owned(), Some(b"x".to_vec()))).collect();
    let state = write(one, Change { meta, ..tail(&["甲"]) }).await?;
    let loaded = other.load().await?;
    assert_eq!(loaded.state, state);
    assert_eq!(loaded.meta.len(), awkward.len());
    assert!(awkward.iter().all(|name| loaded.meta.iter().any(|(stored, _)| stored == name)));
    let meta = awkward.iter().map(|name| ((*name).to_owned(), None)).collect();
    write(one, Change { meta, ..Change::default() }).await?;
    let loaded = other.load().await?;
    assert_eq!((loaded.state, loaded.meta), (state, Vec::new()));
    Ok(())
}

pub(crate) async fn named_things_come_without_pages_and_tail<S: Store>(one: &S, other: &S) -> Result {
    let pages = vec![(1, Some(vec![1]))];
    write(one, Change { meta: named(&[("名", Some("值"))]), pages, ..tail(&["甲"]) }).await?;
    let (all, some) = (other.load().await?, other.load_named().await?);
    assert_eq!((some.state, some.meta), (all.state, all.meta));
    assert!(some.pages.is_empty() && some.tail.is_empty());
    Ok(())
}

pub(crate) async fn pages_come_back_by_number<S: Store>(one: &S, other: &S) -> Result {
    let page = |number, text: &str| (number, Some(text.as_bytes().to_vec()));
    let pages = vec![page(10, "十"), page(9, "九"), page(u32::MAX, "末"), page(0, "零")];
    write(one, Change { pages, ..Change::default() }).await?;
    let expected = owned(&[(0, "零"), (9, "九"), (10, "十"), (u32::MAX, "末")]);
    assert_eq!(texts(&other.load().await?.pages), expected);
    let pages = vec![(9, None), page(10, "拾"), (77, None)];
    write(one, Change { pages, ..Change::default() }).await?;
    assert_eq!(texts(&other.load().await?.pages), owned(&[(0, "零"), (10, "拾"), (u32::MAX, "末")]));
    Ok(())
}

pub(crate) async fn one_drawer_does_not_touch_another<S: Store>(one: &S, other: &S) -> Result {
    write(one, filled()).await?;
    write(one, Change { log: named(&[("same", None)]), ..Change::default() }).await?;
    let loaded = other.load().await?;
    assert_eq!((loaded.meta.len(), loaded.pages.len(), loaded.tail.len()), (1, 1, 2));
    assert_eq!(other.held().await?.len(), 1);
    assert_eq!(other.log("same").await?, None);
    Ok(())
}

pub(crate) async fn the_state_comes_back_whole<S: Store>(one: &S, other: &S) -> Result {
    let full = full_state();
    let (answered, _) = one
        .transact(|state| {
            *state = full.clone();
            Some(Change::default())
        })
        .await?;
    assert_eq!(answered, full);
    assert_eq!(other.load().await?.state, full);
    let mut seen = State::default();
    other
        .transact(|state| {
            seen = state.clone();
            None
        })
        .await?;
    assert_eq!(seen, full);
    Ok(())
}

/// Many writers at once on two handles, every third of them thinking better of it.
pub(crate) async fn numbers_are_gapless_and_unique_between_tabs<S: Store>(one: &S, other: &S) -> Result {
    const WRITERS: u64 = 120;
    let writers = (0..WRITERS).map(|writer| {
        let store = if writer % 2 == 0 { one } else { other };
        async move {
            let mut given = Vec::new();
            let (state, written) = store
                .transact(|state| {
                    if writer % 3 == 0 {
                        state.opn += 1000;
                        return None;
                    }
                    given = vec![state.opn + 1, state.opn + 2];
                    state.opn += 2;
                    Some(Change {
                        tail: given.iter().map(|opn| opn.to_be_bytes().to_vec()).collect(),
                        ..Change::default()
                    })
                })
                .await?;
            assert_eq!(written, writer % 3 != 0);
            assert!(!written || given.last() <= Some(&state.opn));
            Ok::<_, StoreError>(if written { given } else { Vec::new() })
        }
    });
    let mut given = Vec::new();
    for answer in join_all(writers).await {
        given.extend(answer?);
    }
    let last = WRITERS / 3 * 2 * 2;
    given.sort_unstable();
    assert_eq!(given, (1..=last).collect::<Vec<_>>());
    let loaded = other.load().await?;
    assert_eq!((loaded.state.opn, loaded.state.lsn), (last, last));
    let expected: Vec<_> = (1..=last).map(|number| (number, number.to_be_bytes().to_vec())).collect();
    assert_eq!(loaded.tail, expected);
    Ok(())
}

/// Whoever remembers a state decides anew when another one is there, and the last decision alone is written.
pub(crate) async fn what_was_seen_before_is_not_trusted<S: Store>(one: &S, other: &S) -> Result {
    write(one, tail(&["甲"])).await?;
    write(other, tail(&["乙"])).await?;
    let mut decisions = Vec::new();
    let (state, written) = one
        .transact_optimistic(|state| {
            decisions.push(state.lsn);
            state.opn = 10 + state.lsn;
            Some(Change { meta: named(&[(&format!("seen {}", state.lsn), Some(""))]), ..tail(&["丙"]) })
        })
        .await?;
    assert_eq!(decisions.last(), Some(&2), "decided on {decisions:?}");
    assert!(written && (state.lsn, state.opn) == (3, 12));
    let loaded = other.load().await?;
    assert_eq!(loaded.state, state);
    assert_eq!(texts(&loaded.tail), owned(&[(1, "甲"), (2, "乙"), (3, "丙")]));
    assert_eq!(texts(&loaded.meta), names(&[("seen 2", "")]));

    // To write nothing is decided on the state as it is, too.
    other
        .transact(|state| {
            state.generation = 7;
            Some(Change::default())
        })
        .await?;
    let mut seen = 0;
    let decide = |state: &mut State| {
        seen = state.generation;
        None
    };
    assert!(!one.transact_optimistic(decide).await?.1);
    assert_eq!((seen, other.load().await?.state.lsn), (7, 3));
    Ok(())
}

/// Two handles in turn and at once: each number is given once, whether it was decided on what is remembered or not.
pub(crate) async fn nobody_overtakes_an_optimist<S: Store>(one: &S, other: &S) -> Result {
    const WRITERS: u64 = 60;
    let next = async |store: &S| {
        let mut given = 0;
        let decide = |state: &mut State| {
            state.opn += 1;
            given = state.opn;
            Some(Change { tail: vec![given.to_be_bytes().to_vec()], ..Change::default() })
        };
        assert!(store.transact_optimistic(decide).await?.1);
        Ok::<_, StoreError>(given)
    };
    let mut given = Vec::new();
    for writer in 0..WRITERS {
        // Mostly alone, as a device is, and now and then with another tab in between.
        given.push(next(if writer % 7 == 3 { other } else { one }).await?);
    }
    for answer in join_all((0..WRITERS).map(|writer| next(if writer % 2 == 0 { one } else { other }))).await {
        given.push(answer?);
    }
    given.sort_unstable();
    assert_eq!(given, (1..=2 * WRITERS).collect::<Vec<_>>());
    let expected: Vec<_> = given.iter().map(|number| (*number, number.to_be_bytes().to_vec())).collect();
    assert_eq!(other.load().await?.tail, expected);
    Ok(())
}

pub(crate) async fn pages_from_a_number_on_go_before_others_are_written<S: Store>(one: &S, other: &S) -> Result {
    let page = |number: u32, text: &str| (number, Some(text.as_bytes().to_vec()));
    let pages = vec![page(0, "零"), page(1, "一"), page(2, "二"), page(u32::MAX, "末")];
    write(one, Change { pages, ..Change::default() }).await?;
    write(one, Change { pages: vec![page(1, "壹"), page(3, "三")], drop_pages: Some(2), ..Change::default() }).await?;
    assert_eq!(texts(&other.load().await?.pages), owned(&[(0, "零"), (1, "壹"), (3, "三")]));
    write(one, Change { drop_pages: Some(0), ..Change::default() }).await?;
    assert!(other.load().await?.pages.is_empty());
    Ok(())
}

pub(crate) async fn large_pages_come_back_byte_for_byte<S: Store>(one: &S, other: &S) -> Result {
    const SIZE: usize = 8 << 20;
    let page = |seed: u8| (0..SIZE).map(|at| (at.to_le_bytes()[0] ^ at.to_le_bytes()[2]).wrapping_add(seed)).collect();
    let pages: Vec<(u32, Vec<u8>)> = vec![(0, page(1)), (1, page(2))];
    let change = pages.iter().map(|(number, bytes)| (*number, Some(bytes.clone()))).collect();
    write(one, Change { pages: change, ..Change::default() }).await?;
    // Compared by hand: a failed comparison must not print 16 million numbers.
    assert!(other.load().await?.pages == pages);
    Ok(())
}

pub(crate) async fn photos_are_named_read_one_by_one_and_deleted<S: Store>(one: &S, other: &S) -> Result {
    assert!(other.photo_names().await?.is_empty());
    let photos = named(&[("甲", Some("图")), ("unsent/甲", Some("")), ("乙", Some("画"))]);
    write(one, Change { photos, ..Change::default() }).await?;
    assert_eq!(other.photo("甲").await?.as_deref(), Some("图".as_bytes()));
    assert_eq!(other.photo("unsent/甲").await?.as_deref(), Some(&b""[..]));
    assert_eq!(other.photo("丙").await?, None);
    let mut names = other.photo_names().await?;
    names.sort_unstable();
    let mut expected = vec!["甲", "unsent/甲", "乙"];
    expected.sort_unstable();
    assert_eq!(names, expected);
    write(other, Change { photos: named(&[("甲", None), ("unsent/甲", None)]), ..Change::default() }).await?;
    assert_eq!(one.photo_names().await?, ["乙"]);
    Ok(())
}

/// Something in every drawer.
pub(crate) fn filled() -> Change {
    let same = named(&[("same", Some("同"))]);
    Change {
        meta: same.clone(),
        pages: vec![(1, Some("页".into()))],
        log: same.clone(),
        held: same.clone(),
        photos: same,
        ..tail(&["甲", "乙"])
    }
}

/// A state with nothing left at its default, at the edges where it can be.
pub(crate) fn full_state() -> State {
    let link = |seq, byte| Link { seq, hash: [byte; 32] };
    let mut state = State {
        opn: u64::MAX,
        stamp: Stamp::at(1_795_000_000_000),
        lsn: (1 << 53) - 2,
        base: 2,
        rebuilt: 3,
        generation: 4,
        ..State::default()
    };
    state.cover(&[(DevId([6; 16]), Reach { segment: link(9, 2), opn: 8, stamp: Stamp(7), bytes: 6 })].into());
    let cursor = |device| Cursor { segment: link(10, device), opn: 11, etag: "\"页\"".into(), ..Cursor::default() };
    state.set_sync(&Sync {
        revision: 1,
        sealed_opn: 3,
        sealed_lsn: 2,
        segment: link(4, 0xff),
        control: link(5, 1),
        pushed: Pushed { opn: 2, etag: "\"头\"".into(), ..Pushed::default() },
        cursors: (0..3).map(|device| (DevId([device; 16]), cursor(device))).collect(),
        clock_offset: -15,
        ..Sync::default()
    });
    state
}
