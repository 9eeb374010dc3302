//! Sharing between devices as the screens see it: the loop that synchronises, its state, the mark and the sheet.

pub mod bell;
pub mod mark;
pub mod pulse;
pub mod words;

use std::rc::Rc;
use std::sync::Arc;

use futures_util::lock::{Mutex, OwnedMutexGuard};
use leptos::prelude::*;

use super::parts::SyncState;
use crate::remote::Connection;
use crate::store::{Change, Store, StoreError};
use crate::sync::report::Report;
use crate::ui::app::App;
use crate::ui::lasting::Lasting;
use bell::Bell;

/// Name under which the store keeps the connection.
pub const META_CONNECTION: &str = "connection";
/// What the tabs tell each other when the connection changed.
pub const CONNECTION_CHANGED: &str = "connection";

/// The state of sharing, to be had from the app as `app.sharing`.
#[derive(Clone, Copy, Debug)]
pub struct Sharing {
    /// The bucket, once one is connected.
    pub connection: Lasting<Option<Connection>>,
    /// What the last round came to; none before the first, or while another tab synchronises.
    pub report: Lasting<Option<Report>>,
    /// How many saved actions the last finished round had seen.
    pub shared: Lasting<u64>,
    /// A round is under way.
    pub busy: Lasting<bool>,
    /// While an empty book receives a team's for the first time: how many records it has so far.
    pub receiving: Lasting<Option<usize>>,
    /// The person asked to fill an emptied bucket again.
    pub reseed: Lasting<bool>,
    /// Whether the device has a network.
    pub online: Lasting<bool>,
    /// The sheet behind the mark is open.
    pub sheet: Lasting<bool>,
    /// Wakes the loop.
    pub bell: StoredValue<Rc<Bell>, LocalStorage>,
    turn: StoredValue<Arc<Mutex<()>>>,
}

/// Whoever holds it is the only one in this tab who synchronises.
pub type Turn = OwnedMutexGuard<()>;

impl Sharing {
    /// The state before the first round.
    pub fn new(connection: Option<Connection>) -> Self {
        Self {
            sheet: Lasting::new(false),
            connection: Lasting::new(connection),
            report: Lasting::new(None),
            shared: Lasting::new(0),
            busy: Lasting::new(false),
            receiving: Lasting::new(None),
            reseed: Lasting::new(false),
            online: Lasting::new(crate::web::online::is_online()),
            bell: StoredValue::new_local(Rc::default()),
            turn: StoredValue::default(),
        }
    }

    /// Asks for a round now.
    pub fn ring(self) {
        self.bell.with_value(|bell| bell.ring());
    }

    /// Waits until nobody else in this tab synchronises. Two rounds at once would take each other's place until one of them
    /// gives up, and what a person asked for would be the one.
    pub async fn turn(self) -> Turn {
        self.turn.get_value().lock_owned().await
    }

    /// How far the last saved action has come.
    pub fn state(self, app: App) -> SyncState {
        if self.connection.with(Option::is_none) {
            return SyncState::SavedHere;
        }
        let troubled = self.report.with(|report| {
            report.as_ref().is_some_and(|report| {
                report.troubles.iter().any(|trouble| !words::is_offline(trouble))
                    || !report.held.is_empty()
                    || !report.diverged.is_empty()
            })
        });
        let waiting = self
            .report
            .with(|report| report.as_ref().is_none_or(|report| report.waiting_ops > 0 || report.waiting_photos > 0));
        if troubled {
            SyncState::Trouble
        } else if !self.online.get() {
            SyncState::Offline
        } else if waiting || self.shared.get() < app.saved.get() {
            SyncState::SavedHere
        } else {
            SyncState::Shared
        }
    }

    /// Connects this device to a bucket, or to none.
    pub async fn connect(self, app: App, connection: Option<Connection>) -> Result<(), StoreError> {
        let bytes = connection.as_ref().and_then(|connection| minicbor::to_vec(connection).ok());
        let change = || Change { meta: vec![(META_CONNECTION.to_owned(), bytes.clone())], ..Change::default() };
        app.session().store().transact(|_| Some(change())).await?;
        self.connection.set(connection);
        self.report.set(None);
        app.tell_tabs(CONNECTION_CHANGED);
        self.ring();
        Ok(())
    }
}

/// The connection among the store's named values.
pub fn connection_of(meta: &[(String, Vec<u8>)]) -> Option<Connection> {
    let (_, bytes) = meta.iter().find(|(name, _)| name == META_CONNECTION)?;
    minicbor::decode(bytes).ok()
}
