//! The loop that synchronises and keeps the book tidy, in one tab of the device.
//!
//! It listens for reasons to begin a round: an edit (two seconds later, so that a burst is one segment), the network,
//! the page coming into view or leaving it. Between them it polls, often while something happens and seldom otherwise;
//! not at all while the page is hidden.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::select;
use gloo::timers::future::TimeoutFuture;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::CONNECTION_CHANGED;
use crate::book::{Batch, Book, PhotoRef, Touched};
use crate::domain::KINDS;
use crate::domain::customer::customer;
use crate::remote::s3::S3;
use crate::remote::{Bucket, RemoteError};
use crate::session::Changed;
use crate::store::photos::Lying;
use crate::store::{Store, StoreError};
use crate::sync::driver::photos::PhotoError;
use crate::sync::driver::{self, Follow, Moment};
use crate::sync::engine::Engine;
use crate::sync::report::{Report, Trouble};
use crate::sync::state::State;
use crate::ui::app::App;
use crate::ui::{later, lock};
use crate::web::{clock, locks, online, persist, random};

/// After an edit, so that a burst of them is one segment.
const DEBOUNCE_MS: u32 = 2_000;
/// The first pause after something happened; each idle round doubles it.
const SHORTEST_MS: u32 = 15_000;
/// The longest pause while the page is in view.
const LONGEST_MS: u32 = 240_000;
/// After the start of a book that is not shared.
const CALM_MS: u32 = 10_000;
/// So often a book that is being received is counted; one that is there sooner is not spoken of.
const RECEIVING: Duration = Duration::from_millis(300);
/// So often the screens follow what is being pulled: each time costs a list its order.
const FOLLOWED_MS: u64 = 1_000;
/// So many entries of the tail are worth a checkpoint.
const TAIL_ENTRIES: u64 = 64;

/// Starts the loop. In a tab that is not the one that synchronises it waits for its turn.
pub fn start(app: App) {
    listen(app);
    spawn_local(async move {
        // A browser without locks synchronises in every tab; the store keeps them from harming each other.
        let _ = locks::alone(locks::SYNC, move || async move {
            if app.sharing.connection.with_untracked(Option::is_none) {
                // Nothing to share, only to tidy: whoever begins is not kept waiting for that.
                wait(app, CALM_MS).await;
            }
            later::arrive(later::load_sync).await;
            if let Ok(beat) = later::beat(app).await {
                beat.await;
            }
        })
        .await;
    });
}

/// Rings the bell for every reason to begin a round.
fn listen(app: App) {
    let sharing = app.sharing;
    online::on_network(move |is_online| {
        sharing.online.set(is_online);
        if is_online {
            sharing.ring();
        }
    })
    .forget();
    online::on_view(move |_| sharing.ring()).forget();
    Effect::new(move || {
        if app.saved.get() > 0 {
            set_timeout(move || sharing.ring(), Duration::from_millis(DEBOUNCE_MS.into()));
        }
    });
    app.hear_tabs(move |message| {
        if lock::heard(app, &message) {
            return;
        }
        if message == CONNECTION_CHANGED {
            spawn_local(async move {
                if let Ok(loaded) = app.session().store().load_named().await {
                    sharing.connection.set(super::connection_of(&loaded.meta));
                    sharing.ring();
                }
            });
        } else {
            spawn_local(app.catch_up());
            sharing.ring();
        }
    });
}

/// The loop itself, for the one tab whose turn it is.
pub async fn beat(app: App) {
    let sharing = app.sharing;
    let mut pause = SHORTEST_MS;
    let mut engine = None;
    loop {
        let mut wanted = false;
        app.follow_calendar();
        let seen = app.saved.get_untracked();
        if let Some(connection) = sharing.connection.get_untracked() {
            sharing.busy.set(true);
            let receiving = Receiving::begin(app);
            let following = Following::new(app);
            let turn = sharing.turn().await;
            let mut report = round(app, &mut engine, &connection, &following).await;
            drop(turn);
            following.announce().await;
            app.settle();
            if report.finished
                && let Some(engine) = &engine
            {
                send_photos(app, engine, &connection, &mut report).await;
            }
            sharing.busy.set(false);
            let moved = report.pulled_ops > 0 || seen != sharing.shared.get_untracked();
            pause = if moved { SHORTEST_MS } else { (pause * 2).min(LONGEST_MS) };
            wanted = report.wants_checkpoint;
            if wanted {
                sharing.ring();
            }
            tell(app, report, seen).await;
            drop(receiving);
        }
        let tidied = tidy(app, wanted).await;
        if let Err(error) = if tidied.is_ok() { make_room(app).await } else { tidied } {
            app.trouble(&error);
        }
        wait(app, pause).await;
    }
}

/// Writes a checkpoint when it is worth one or somebody waits for it, and lets nothing lie that was erased.
async fn tidy(app: App, wanted: bool) -> Result<(), StoreError> {
    let session = app.session();
    if wanted || session.tail_length() >= TAIL_ENTRIES {
        session.checkpoint().await?;
    }
    session.purge().await
}

/// Lets go of photos that can be fetched again, before the browser's share of the disk is used up, and of those in forms
/// that nobody comes back to.
async fn make_room(app: App) -> Result<(), StoreError> {
    let session = app.session();
    // A browser that does not tell how much room there is says so when it is used up: `App::save`.
    if persist::space().await.is_ok_and(|space| space.used / 4 > space.quota / 5) {
        session.let_go_of_photos().await?;
    }
    session.let_go_of_drafts(clock::now_ms()).await
}

/// What was written is shared; now the pictures that belong to it.
async fn send_photos(app: App, engine: &Engine, connection: &crate::remote::Connection, report: &mut Report) {
    let Ok(bucket) = S3::new(connection, clock::now_ms) else { return };
    bucket.set_clock_offset(engine.clock_offset());
    let session = app.session();
    // Looked up once, and only if there is anything to send.
    let all = OnceCell::new();
    let named = |dev, id| {
        let all: &BTreeSet<_> = all.get_or_init(|| session.with(Book::photos));
        all.iter().any(|photo| (photo.dev, photo.id) == (dev, id))
    };
    match driver::photos::send(engine, session.store(), &bucket, named).await {
        Ok(waiting) => report.waiting_photos = waiting,
        Err(trouble) => {
            report.waiting_photos =
                session.store().photo_names().await.map_or(0, |names| Lying::of(names).unsent.len());
            report.troubles.push(trouble);
        }
    }
}

/// Fetches a photo that is not on this device, checks and keeps it. Returns its [body](crate::book::photo::body).
pub async fn fetch_photo(app: App, photo: PhotoRef) -> Result<Vec<u8>, PhotoError> {
    let session = app.session();
    let nowhere = || PhotoError::Remote(RemoteError::NoBucket);
    let connection = app.sharing.connection.get_untracked().ok_or_else(nowhere)?;
    let bucket = S3::new(&connection, clock::now_ms).map_err(PhotoError::Remote)?;
    let engine = driver::open(session.store()).await.ok().flatten().ok_or_else(nowhere)?;
    bucket.set_clock_offset(engine.clock_offset());
    let body = driver::photos::fetch(&engine, &bucket, &photo).await?;
    // Without room for it, it is fetched again the next time.
    let _ = session.keep_fetched(&photo, body.clone()).await;
    Ok(body)
}

/// Tells from time to time how many records have come, as long as it lives.
struct Receiving {
    app: App,
    ticks: IntervalHandle,
}

impl Receiving {
    /// For an empty book whose first round begins.
    fn begin(app: App) -> Option<Self> {
        let known = app.sharing.report.with_untracked(Option::is_some);
        if known || app.peek(|book| book.rows(customer::ID).next().is_some()) {
            return None;
        }
        let count = |book: &Book| KINDS.iter().map(|kind| book.ids(kind.id).count()).sum();
        let tick = move || app.sharing.receiving.set(Some(app.peek(count)));
        set_interval_with_handle(tick, RECEIVING).ok().map(|ticks| Self { app, ticks })
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.ticks.clear();
        self.app.sharing.receiving.set(None);
    }
}

/// What a round pulls goes into the book while it goes on, and from time to time onto the screens.
struct Following {
    app: App,
    touched: RefCell<Touched>,
    announced_ms: Cell<u64>,
}

impl Following {
    fn new(app: App) -> Self {
        Self { app, touched: RefCell::default(), announced_ms: Cell::new(clock::now_ms()) }
    }

    async fn announce(&self) {
        self.announced_ms.set(clock::now_ms());
        let touched = self.touched.take();
        if !touched.is_empty() {
            self.app.announce(&Changed::Rows(touched)).await;
        }
    }
}

impl Follow for Following {
    async fn follow(&self, state: &State, batches: &[Batch]) {
        // What cannot be applied says so when the book catches up after the round.
        if let Ok(Changed::Rows(rows)) = self.app.session().follow(state, batches).await {
            self.touched.borrow_mut().extend(rows);
        }
        if clock::now_ms() >= self.announced_ms.get() + FOLLOWED_MS {
            self.announce().await;
        }
    }
}

async fn round(
    app: App,
    engine: &mut Option<Engine>,
    connection: &crate::remote::Connection,
    following: &Following,
) -> Report {
    let session = app.session();
    let failed = |trouble| Report { troubles: vec![trouble], ..Report::default() };
    if engine.is_none() {
        match driver::open(session.store()).await {
            Ok(opened) => *engine = opened,
            Err(error) => return failed(Trouble::Store(error)),
        }
    }
    let bucket = match S3::new(connection, clock::now_ms) {
        Ok(bucket) => bucket,
        Err(error) => return failed(Trouble::Remote(error)),
    };
    let Some(engine) = engine.as_mut() else { return Report::default() };
    if app.sharing.reseed.get_untracked() {
        app.sharing.reseed.set(false);
        engine.reseed();
    }
    // Where the book stands goes into the next head, so that two books that part are noticed.
    session.count().await;
    session.with(|book| engine.note_book(book));
    let moment = Moment::new(clock::now_ms(), &mut random::fill);
    driver::round_followed(engine, session.store(), &bucket, moment, following).await
}

/// Shows what the round came to, here and in the other tabs.
async fn tell(app: App, report: Report, seen: u64) {
    if report.pulled_ops > 0 || report.read_anew || (report.finished && report.role != app.role.get_untracked()) {
        app.catch_up().await;
        app.tell_tabs("changed");
        // Without the part that knows the forms, the next look at the customers does it.
        let _ = later::sweep(app).await;
    }
    if report.finished {
        app.sharing.shared.set(seen);
    }
    let names = report.members.iter().map(|member| (member.dev, member.name.clone())).collect();
    app.devices.set(names);
    app.sharing.report.set(Some(report));
}

/// Waits for the bell, and for no longer than the pause while the page is in view.
async fn wait(app: App, pause: u32) {
    let bell: Rc<_> = app.sharing.bell.get_value();
    if online::is_visible() {
        let heard = std::pin::pin!(bell.heard());
        select(heard, TimeoutFuture::new(pause)).await;
    } else {
        bell.heard().await;
    }
}
