//! Erasing for good: people do it, and whoever says that nothing is left of it is searched.

use std::collections::{BTreeMap, BTreeSet};

use dianbu::book::erase::{ERASED, erasing};
use dianbu::book::{Batch, Book, CellWrite, DevId, Op, RowId, RowWrite};
use dianbu::domain::customer::customer;
use dianbu::session::Act;
use dianbu::store::Change;
use dianbu::sync::name::Name;
use dianbu::sync::object::Sealed;
use dianbu::sync::report::{Report, Trouble as Told};
use dianbu::sync::wire::{self, HeadBody, Manifest, Objects, Role};

use crate::check::Check;
use crate::desk::now;
use crate::fault::Trouble;
use crate::ledger::Ledger;
use crate::record::Record;
use crate::rules;
use crate::world::{Done, World};

/// What is erased: rows by kind, whole or a field of them.
pub type Erasures = BTreeSet<(u16, RowId, Option<Vec<u8>>)>;

/// Housekeeping for it is not begun twice within an hour.
const LATER_MS: u64 = 2 * 3_600_000;

/// What these operations erase.
pub fn erasures<'o>(ops: impl Iterator<Item = &'o Op>) -> Erasures {
    let rows = ops.flat_map(|op| &op.rows);
    let cells = rows.flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
    let erase = cells.filter(|(_, cell)| cell.field == ERASED);
    erase.map(|(row, cell)| (row.kind, row.id, cell.elem.clone())).collect()
}

/// Whether a cell is one of those.
pub fn is_erased(erasures: &Erasures, row: &RowWrite, field: u16) -> bool {
    let whole = erasures.contains(&(row.kind, row.id, None));
    field != ERASED && (whole || erasures.contains(&(row.kind, row.id, Some(field.to_be_bytes().to_vec()))))
}

/// An operation without what is erased.
pub fn without(erasures: &Erasures, op: &Op) -> Op {
    let mut op = op.clone();
    for row in &mut op.rows {
        let of = RowWrite { cells: Vec::new(), ..row.clone() };
        row.cells.retain(|cell| !is_erased(erasures, &of, cell.field));
    }
    op
}

/// Whether an operation holds something erased.
fn holds(erasures: &Erasures, op: &Op) -> bool {
    let says = |cell: &CellWrite| !cell.value.is_nil() || cell.elem.is_some();
    op.rows.iter().any(|row| row.cells.iter().any(|cell| says(cell) && is_erased(erasures, row, cell.field)))
}

impl Ledger {
    /// Entries of the tail were written anew: they lose what is erased, and nothing else.
    pub fn redacted(&mut self, profile: usize, record: &mut Record, sealed_opn: u64, change: &Change) {
        let erasures = erasures(record.ops.values().map(|op| &**op));
        for batch in change.tail_anew.iter().filter_map(|(_, bytes)| Batch::decode(bytes).ok()) {
            for op in batch.ops {
                let before = record.ops.get(&(batch.dev, op.opn)).cloned();
                let fine = before.as_ref().is_some_and(|before| without(&erasures, before) == without(&erasures, &op));
                self.expect(fine && !holds(&erasures, &op), Check::Gone, || {
                    format!("profile {profile} made {op:?} of {before:?}")
                });
                // What was not sealed yet is sealed so.
                if batch.dev == record.dev && op.opn > sealed_opn {
                    self.write_anew(record, op);
                }
            }
        }
    }

    /// Whether an object holds something that is erased, of what a record has taken in.
    fn tells(&self, name: Name, object: &[u8], erasures: &Erasures, record: &Record) -> bool {
        let Ok(sealed) = Sealed::read(object, name) else { return false };
        let Some(vault) = &self.vault else { return false };
        let place = sealed.place;
        let keys = vault.object_keys(place.epoch, place.kind, place.dev, place.seq);
        let Ok(body) = sealed.open_with(keys) else { return false };
        let segment =
            |seq: u64, object: &[u8]| self.tells(Name::Segment(place.vault, place.dev, seq), object, erasures, record);
        match name {
            Name::Segment(_, dev, _) => Batch::decode(&body).is_ok_and(|batch| {
                // What its author's role did not allow is in no book, so an erasure cannot know of it.
                let taken_in = |op: &Op| record.ops.get(&(dev, op.opn)).is_some_and(|taken| !taken.rows.is_empty());
                batch.ops.iter().any(|op| taken_in(op) && holds(erasures, op))
            }),
            Name::Pack(..) => wire::from_bytes::<Objects>(&body)
                .is_ok_and(|Objects(all)| (place.seq..).zip(all).any(|(seq, object)| segment(seq, &object))),
            Name::Head(..) => wire::from_bytes::<HeadBody>(&body)
                .is_ok_and(|head| head.inline.is_some_and(|object| segment(head.segment.seq, &object))),
            // The pages of a snapshot are as its base says.
            Name::Manifest(..) => wire::from_bytes::<Manifest>(&body).is_ok_and(|manifest| {
                let mut erased = record.ops.iter().filter(|(_, op)| holds(erasures, op));
                let kept =
                    |book: &Book, dev: &DevId, op: &Op| book.erased().last(*dev).is_none_or(|last| last < op.stamp);
                Book::open(&manifest.base, &[]).is_ok_and(|(book, _)| erased.any(|((dev, _), op)| kept(&book, dev, op)))
            }),
            _ => false,
        }
    }
}

impl World {
    /// Whether anybody ever erased anything.
    pub fn has_erased(&self) -> bool {
        self.troubles.contains_key(&Trouble::Erased)
    }

    /// An owner erases a row, or one field of it; now and then somebody tries who may not.
    pub fn erase(&mut self, profile: usize, tab: usize) {
        if self.role(profile) != Role::Owner && !self.chance.percent(20) || !self.strikes(Trouble::Erased, 50) {
            return;
        }
        let (id, field) = (self.chance.below(4), self.chance.pick(&[customer::NAME.field, customer::NOTE.field]));
        let id = RowId([u8::try_from(id).unwrap_or_default() + 1; 16]);
        let field = field.filter(|_| self.chance.percent(70)).map(|field| [field]);
        let write = erasing(customer::ID, id, field.as_ref().map(<[u16; 1]>::as_slice));
        self.tell(&|| format!("profile {profile} tab {tab} erases {field:?} of {id}"));
        let session = self.profiles[profile].tabs[tab].session.clone();
        let act = Act { now_ms: self.profiles[profile].disk.clock.get(), ..Act::default() };
        self.begin((profile, tab), "erase", async move {
            Done::Saved(session.save(&[write], act).await, vec![rules::ERASING])
        });
    }

    /// A tab takes what is erased out of its store.
    pub fn purge(&mut self, profile: usize, tab: usize) {
        let session = self.profiles[profile].tabs[tab].session.clone();
        self.begin((profile, tab), "purge", async move { Done::Checkpoint(session.purge().await) });
    }

    /// The same, with nothing in between, and a checkpoint if the last round asked for one. Whether it did.
    pub fn purge_now(&mut self, profile: usize, report: &Report) -> bool {
        let session = self.profiles[profile].tabs[0].session.clone();
        if report.wants_checkpoint {
            let done = now(session.checkpoint());
            self.finished((profile, 0), Done::Checkpoint(done));
        }
        let done = now(session.purge());
        self.finished((profile, 0), Done::Checkpoint(done));
        report.wants_checkpoint
    }

    /// Everything that is due for it is done, and the apps are opened once more: a bucket may have been set back.
    pub fn rest_erased(&mut self, mut reports: BTreeMap<usize, Report>) -> BTreeMap<usize, Report> {
        if !self.has_erased() {
            return reports;
        }
        for profile in self.honest() {
            self.reopen(profile);
        }
        for _ in 0..3 {
            self.pass(LATER_MS);
            reports = self.settle();
        }
        reports
    }

    /// Where nobody is a copy, lies or rebels, everybody comes to say so, as long as an owner is there.
    fn check_all_rest(&mut self, reports: &BTreeMap<usize, Report>) {
        let mut ledger = self.ledger.borrow_mut();
        let strange = !ledger.split.is_empty() || !ledger.liars.is_empty() || !ledger.rebels.is_empty();
        let sound = |report: &&Report| report.finished && report.held.is_empty() && report.role != Role::Removed;
        let sound: Vec<_> = reports.values().filter(sound).collect();
        if strange || sound.len() < reports.len() || !sound.iter().any(|report| report.role == Role::Owner) {
            return;
        }
        for report in sound {
            let late = report.members.iter().find(|member| member.at_rest == Some(false));
            ledger.expect(late.is_none(), Check::Gone, || format!("never at rest: {late:?}"));
        }
    }

    /// Who says that nothing is left of what was erased has nothing left of it.
    pub fn check_gone(&mut self, reports: &BTreeMap<usize, Report>) {
        if !self.has_erased() {
            return;
        }
        let mut rested = 0;
        for (profile, report) in reports {
            let dev = self.profiles[*profile].dev;
            let copied = report.troubles.contains(&Told::Cloned) || self.ledger.borrow().split.contains(&dev);
            let says = report.members.iter().any(|member| member.own && member.at_rest == Some(true));
            // Who is out has nothing more to say; owners clear away what lies there.
            if !says || copied || report.role == Role::Removed {
                continue;
            }
            rested += 1;
            let record = self.profiles[*profile].disk.record();
            let erasures = erasures(record.ops.values().map(|op| &**op));
            let own = format!("/{dev}");
            let mut objects: Vec<_> =
                self.cloud.objects().into_iter().filter(|(name, _)| name.contains(&own)).collect();
            let segments = 1..=self.profiles[*profile].disk.sync().segment.seq;
            let (disk, name) = (&self.profiles[*profile].disk, |seq| self.segment_name(*profile, seq));
            objects.extend(segments.filter_map(|seq| Some((name(seq), disk.kept(&name(seq))?))));
            let ledger = self.ledger.borrow();
            let mut found: Vec<String> = objects
                .into_iter()
                .filter(|(name, object)| {
                    Name::parse(name).is_some_and(|name| ledger.tells(name, object, &erasures, &record))
                })
                .map(|(name, _)| name)
                .collect();
            let tail = self.profiles[*profile].disk.tail();
            let entry =
                |bytes: &Vec<u8>| Batch::decode(bytes).is_ok_and(|it| it.ops.iter().any(|op| holds(&erasures, op)));
            found.extend(tail.iter().filter(|(_, bytes)| entry(bytes)).map(|(lsn, _)| format!("tail {lsn}")));
            drop(ledger);
            found.extend(self.photos_left(*profile, &record));
            self.ledger.borrow_mut().expect(found.is_empty(), Check::Gone, || {
                format!("profile {profile} says that nothing is left of what was erased, and it is in {found:?}")
            });
            if report.role == Role::Owner && report.finished {
                self.check_removed(*profile, &record);
            }
        }
        self.check_all_rest(reports);
        let mut ledger = self.ledger.borrow_mut();
        for _ in 0..rested {
            ledger.count("came to rest after an erasure");
        }
    }
}
