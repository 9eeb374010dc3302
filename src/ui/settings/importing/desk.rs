//! The state of an import, and its work in slices that leave the screen free.

use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::book::{RowId, RowWrite};
use crate::exchange::import::{Duplicates, Line, Outcome, Planner};
use crate::exchange::mapping::Mapping;
use crate::exchange::{Source, open_slowly};
use crate::session::Saved;
use crate::store::Store;
use crate::ui::app::App;
use crate::web::files::{Picked, decode_gb18030};
use crate::web::turn::in_turns;
use crate::web::{clock, given};

/// A slice of work; longer ones are felt while typing.
const SLICE_MS: u64 = 8;

/// How far the import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A file is to be chosen.
    Choose,
    /// The columns are to be looked at.
    Columns,
    /// Rows are being read.
    Working,
    /// The dry run is to be looked at.
    DryRun,
    /// It is in the book.
    Done,
}

/// An import.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    app: App,
    source: StoredValue<Option<Rc<Source>>, LocalStorage>,
    writes: StoredValue<Vec<RowWrite>, LocalStorage>,
    stopped: StoredValue<bool>,
    /// How far it is.
    pub step: RwSignal<Step>,
    /// Why the file cannot be read.
    pub error: RwSignal<Option<String>>,
    /// What becomes of the columns.
    pub mapping: RwSignal<Option<Mapping>>,
    /// What becomes of rows that are there already.
    pub duplicates: RwSignal<Duplicates>,
    /// Rows read, of how many.
    pub progress: RwSignal<(usize, usize)>,
    /// What becomes of the rows.
    pub lines: RwSignal<Rc<Vec<Line>>, LocalStorage>,
    /// What the import wrote.
    pub saved: RwSignal<Option<Saved>>,
    /// Name of the file.
    pub name: RwSignal<String>,
}

impl Desk {
    /// An import that has not begun.
    pub fn new(app: App) -> Self {
        Self {
            app,
            source: StoredValue::new_local(None),
            writes: StoredValue::new_local(Vec::new()),
            stopped: StoredValue::new(false),
            step: RwSignal::new(Step::Choose),
            error: RwSignal::default(),
            mapping: RwSignal::default(),
            duplicates: RwSignal::default(),
            progress: RwSignal::default(),
            lines: RwSignal::new_local(Rc::default()),
            saved: RwSignal::default(),
            name: RwSignal::default(),
        }
    }

    /// The file as opened.
    pub fn source(self) -> Option<Rc<Source>> {
        self.source.get_value()
    }

    /// Opens a file and guesses its columns.
    pub fn open(self, file: Picked) {
        self.name.set(file.name());
        self.error.set(None);
        spawn_local(async move {
            let opened = match file.read(|_| true).await {
                Ok(Some(bytes)) => {
                    let gb18030 = |bytes: &[u8]| decode_gb18030(bytes).ok();
                    let lang = self.app.lang.get_untracked();
                    let session = self.app.session();
                    let opened = open_slowly(&bytes, &gb18030, lang, || session.store().rest()).await;
                    opened.map_err(|error| error.message(lang))
                }
                Ok(None) => return,
                Err(error) => Err(error.to_string()),
            };
            match opened {
                Ok(source) => {
                    self.mapping.set(Some(self.app.peek(|book| Mapping::guess(book, &source.sheet))));
                    self.source.set_value(Some(Rc::new(source)));
                    self.step.set(Step::Columns);
                }
                Err(why) => self.error.set(Some(why)),
            }
        });
    }

    /// Opens the file that the system handed over.
    pub fn open_given(self) {
        spawn_local(async move {
            match given::take().await {
                Some(file) => self.open(file),
                None => self.error.set(Some(
                    self.app
                        .say(
                            "没有收到文件，请再分享或打开一次。",
                            "The file did not arrive; share or open it once more.",
                        )
                        .to_owned(),
                )),
            }
        });
    }

    /// Plans every row; nothing is written.
    pub fn plan(self) {
        let (Some(source), Some(mapping)) = (self.source(), self.mapping.get_untracked()) else { return };
        let all = source.sheet.rows.len();
        self.stopped.set_value(false);
        self.progress.set((0, all));
        self.step.set(Step::Working);
        spawn_local(async move {
            let duplicates = self.duplicates.get_untracked();
            let mut planner = self.app.peek(|book| Planner::new(book, &source.sheet, mapping, duplicates));
            let mut lines = Vec::with_capacity(all);
            while lines.len() < all {
                TimeoutFuture::new(0).await;
                if self.stopped.try_get_value() != Some(false) {
                    return;
                }
                let until = clock::now_ms() + SLICE_MS;
                for (number, cells) in source.sheet.rows.iter().skip(lines.len()) {
                    let line = self.app.peek(|book| planner.row(book, *number, cells, self.app.new_id()));
                    // What was read is in the plan; letting go of all of it at once would be felt.
                    lines.push(Line { cells: Vec::new(), ..line });
                    if clock::now_ms() >= until {
                        break;
                    }
                }
                self.progress.set((lines.len(), all));
            }
            let (writes, pieces) = planner.finish();
            self.writes.set_value(in_turns(writes).await);
            in_turns(pieces).await;
            if self.stopped.try_get_value() != Some(false) {
                return;
            }
            self.lines.set(Rc::new(lines));
            self.step.set(Step::DryRun);
        });
    }

    /// Stops the reading and goes back to the columns.
    pub fn stop(self) {
        self.stopped.set_value(true);
        self.step.set(Step::Columns);
    }

    /// Gives the file up.
    pub fn leave(self) {
        self.step.set(Step::Choose);
    }

    /// Writes the plan as one undertaking: all of it or nothing.
    pub fn import(self) {
        let writes = self.writes.try_update_value(std::mem::take).unwrap_or_default();
        let batch: RowId = self.app.new_id();
        self.progress.set((0, 0));
        self.step.set(Step::Working);
        spawn_local(async move {
            // The bar is drawn before the work begins.
            TimeoutFuture::new(50).await;
            match self.app.save_as(&writes, Some(batch)).await {
                Some(saved) => {
                    self.saved.set(Some(saved));
                    self.step.set(Step::Done);
                    in_turns(writes.into_iter().map(drop)).await;
                }
                None => {
                    self.writes.set_value(writes);
                    self.step.set(Step::DryRun);
                }
            }
        });
    }

    /// Takes the import back.
    pub fn undo(self) {
        let Some(saved) = self.saved.get_untracked() else { return };
        spawn_local(async move {
            self.app.revert(saved.span, None).await;
            self.step.set(Step::Choose);
        });
    }

    /// How many rows have an outcome.
    pub fn count(self, of: fn(&Outcome) -> bool) -> usize {
        self.lines.with(|lines| lines.iter().filter(|line| of(&line.outcome)).count())
    }
}
