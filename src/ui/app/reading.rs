//! Reading from the book: screens listen to the kinds of record that they show, and what is kept beside the rows follows.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{App, offset, runs_again};
use crate::book::{Agenda, Book, Docket, Finder, Found, Roll, RowId};
use crate::domain::KINDS;
use crate::domain::complaint::{complaint, step};
use crate::domain::customer::{customer, dealing};
use crate::domain::record::{Key, KindId};
use crate::domain::team::{settings, shop};
use crate::session::Changed;
use crate::store::Store;
use crate::ui::beside::Beside;

/// So many changed rows are followed between two rests.
const SLICE: usize = 500;

impl App {
    /// Reads from the book and runs again when a row of one of these kinds changes.
    pub fn read<R>(self, kinds: &[KindId], read: impl FnOnce(&Book) -> R) -> R {
        self.track(kinds);
        self.peek(read)
    }

    fn track(self, kinds: &[KindId]) {
        if !runs_again() {
            return;
        }
        self.versions.with_value(|versions| {
            for signal in kinds.iter().filter_map(|kind| versions.get(kind)) {
                signal.track();
            }
        });
    }

    /// Reads from the book without listening.
    pub fn peek<R>(self, read: impl FnOnce(&Book) -> R) -> R {
        self.session.with_value(|session| session.with(read))
    }

    /// Finds records of a kind while one types (C13), and again when one of them changes.
    pub fn find(self, kind: KindId, text: &str, limit: usize) -> Vec<Found> {
        self.finder(kind, |finder| finder.find(text, limit))
    }

    /// What is searched of a kind.
    pub fn finder<R>(self, kind: KindId, look: impl FnOnce(&Finder) -> R) -> R {
        self.read(&[kind], |book| look(self.beside.write_value().finder(book, kind)))
    }

    /// Reads in slices what the list, the search and the cards of customers need, so that whoever opens them finds it ready.
    pub async fn prepare_customers(self) {
        let steps = [
            |beside: &mut Beside, book: &Book| beside.read_roll_on(book, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_on(book, customer::ID, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_links_on(book, customer::PARENT, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_links_on(book, dealing::CUSTOMER, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_links_on(book, complaint::CUSTOMER, SLICE),
        ];
        for step in steps {
            self.in_slices(step).await;
        }
    }

    /// Reads in slices what the clocks of complaints need.
    pub async fn prepare_clocks(self) {
        self.in_slices(|beside, book| beside.read_docket_on(book, offset, SLICE)).await;
    }

    /// Does this as long as it says that there is more to do, with rests.
    async fn in_slices(self, step: impl Fn(&mut Beside, &Book) -> bool) {
        while self.peek(|book| step(&mut self.beside.write_value(), book)) {
            self.session().store().rest().await;
        }
    }

    /// The rows whose field refers to a row, such as the dealings of a customer, in the order they came; runs again
    /// when one of their kind changes.
    pub fn linked(self, key: Key<RowId>, to: RowId) -> Vec<RowId> {
        self.read(&[key.kind], |book| self.beside.write_value().links(book, key).to(to).to_vec())
    }

    /// The customers as lists need them.
    pub fn roll<R>(self, look: impl FnOnce(&Book, &Roll) -> R) -> R {
        self.read(&[customer::ID], |book| look(book, self.beside.write_value().roll(book)))
    }

    /// The customers as the day needs them.
    pub fn agenda<R>(self, look: impl FnOnce(&Book, &Agenda) -> R) -> R {
        self.read(&[customer::ID], |book| look(book, self.beside.write_value().agenda(book)))
    }

    /// The complaints in the order of their clocks.
    pub fn docket<R>(self, look: impl FnOnce(&Book, &Docket) -> R) -> R {
        self.read(&[complaint::ID, step::ID, settings::ID, shop::ID], |book| {
            look(book, self.beside.write_value().docket(book, offset))
        })
    }

    /// Applies what another tab or the synchronisation wrote.
    pub async fn catch_up(self) {
        match self.session().catch_up().await {
            Ok(changed) => self.announce(&changed).await,
            Err(error) => self.trouble(&error),
        }
        self.settle();
        let role = self.session().role();
        if self.role.get_untracked() != role {
            self.role.set(role);
        }
    }

    /// What is kept beside the rows reads on, a slice at a time, behind whatever the person does: screens that use it sooner
    /// need not wait for that.
    pub fn settle(self) {
        spawn_local(self.in_slices(|beside, book| beside.read_all_on(book, SLICE)));
    }

    /// What is kept beside the rows follows, a slice at a time; then the screens do.
    pub async fn announce(self, changed: &Changed) {
        let all = match changed {
            Changed::Rows(_) => Vec::new(),
            Changed::All => self.peek(|book| {
                self.beside.write_value().empty(book);
                KINDS.iter().flat_map(|kind| book.ids(kind.id).map(|id| (kind.id, id))).collect()
            }),
        };
        let rows = if let Changed::Rows(rows) = changed { rows } else { &all };
        for (n, slice) in rows.chunks(SLICE).enumerate() {
            if n > 0 {
                self.session().store().rest().await;
            }
            self.peek(|book| self.beside.write_value().follow(book, slice));
        }
        let signals = self.versions.get_value();
        let mut kinds: Vec<KindId> = match changed {
            Changed::Rows(rows) => rows.iter().map(|(kind, _)| *kind).collect(),
            Changed::All => signals.keys().copied().collect(),
        };
        kinds.sort_unstable();
        kinds.dedup();
        for signal in kinds.iter().filter_map(|kind| signals.get(kind)) {
            signal.update(|version| *version += 1);
        }
    }
}
