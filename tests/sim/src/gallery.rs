//! Photos at rest: whoever a record shows them to can see them, and nothing is left of those that were erased. And a
//! bucket or a member that shows others.

use std::collections::{BTreeMap, BTreeSet};

use dianbu::book::PhotoRef;
use dianbu::book::photo::body;
use dianbu::remote::RemoteError;
use dianbu::sync::driver::photos::PhotoError;
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::photo;
use dianbu::sync::report::{Report, Trouble as Told};

use crate::check::Check;
use crate::erase::erasures;
use crate::fault::Trouble;
use crate::ledger::SECRET;
use crate::record::Record;
use crate::tamper::Trio;
use crate::world::{Kind, World};

/// A photo that a bucket which was put back does not have, while the head of a profile that has it is there as it was,
/// and how often everything had to be put again there until then: that profile cannot know.
pub type Unaware = (usize, String, u64);

impl World {
    fn photo_name(&self, photo: &PhotoRef) -> String {
        let vault = self.ledger.borrow().vault.as_ref().map(|vault| vault.id).unwrap_or_default();
        photo::name(vault, photo).to_string()
    }

    /// The bucket was put back: who cannot know what it lacks.
    pub fn note_unaware(&mut self) {
        let photos: Vec<_> = self.ledger.borrow().photos.values().map(|known| known.photo).collect();
        let lacks: Vec<_> = photos.into_iter().filter(|it| self.cloud.object(&self.photo_name(it)).is_none()).collect();
        for profile in self.honest() {
            let sync = self.profiles[profile].disk.sync();
            let head = self.cloud.object(&self.head_name(profile)).map(|head| dianbu::sync::object::hash(&head));
            if head == Some(sync.head.hash) {
                self.unaware.extend(lacks.iter().map(|photo| (profile, photo.key(), sync.refills)));
            }
        }
    }

    /// Whether a profile has a photo and brings it to a bucket that lacks it.
    fn brings(&self, profile: usize, key: &str, report: &Report) -> bool {
        let it = &self.profiles[profile];
        let sound = it.kind != Kind::Liar && report.finished && !report.troubles.contains(&Told::Cloned);
        let since =
            |(of, photo, refills): &Unaware| *of == profile && photo == key && it.disk.sync().refills == *refills;
        sound && self.is_in(profile) && self.lying(profile).bodies.contains(key) && !self.unaware.iter().any(since)
    }

    /// Everybody who is of the vault can see every photo that a record shows.
    pub fn check_photos(&mut self, reports: &BTreeMap<usize, Report>) {
        if !self.has(Trouble::Photos) {
            return;
        }
        // A copy does not hear of the roles that the original gives.
        let hears = |(_, report): &(&usize, &Report)| !report.troubles.contains(&Told::Cloned);
        let readers: Vec<_> = reports.iter().filter(hears).map(|(it, _)| *it).filter(|it| self.is_in(*it)).collect();
        let erased = self.ledger.borrow().erased.clone();
        for reader in readers {
            for key in self.profiles[reader].disk.record().named() {
                let Some(known) = self.ledger.borrow().photos.get(&key).cloned() else {
                    self.ledger.borrow_mut().violate(Check::Refused, format!("{key}: nobody took it"));
                    continue;
                };
                let Err(error) = self.look_now(reader, &known.photo) else { continue };
                // Who thought for a moment that it is erased may have deleted it.
                if known.is_gone(&erased) {
                    continue;
                }
                let dev = known.photo.dev;
                let holder = reports.iter().find(|(profile, report)| self.brings(**profile, &key, report));
                let alive = self.honest().into_iter().any(|it| self.profiles[it].dev == dev && self.is_in(it));
                // Of two histories of one device one may have been lost with its photos, but not by housekeeping.
                let doubtful = self.ledger.borrow().doubtful.contains(&key);
                let split = self.ledger.borrow().split.contains(&dev) && !doubtful;
                let lost = self.bucket_lost || split || !alive && !known.put;
                let mut ledger = self.ledger.borrow_mut();
                ledger.expect(holder.is_none() && lost, Check::Pictured, || {
                    let holder = holder.map(|(profile, _)| profile);
                    format!(
                        "profile {reader} cannot see {key}: {error:?}; profile {holder:?} has it, put {}",
                        known.put
                    )
                });
                ledger.count("photos that nobody has");
            }
        }
    }

    /// The photos of what is erased that are left on a device, or under its name.
    pub fn photos_left(&self, profile: usize, record: &Record) -> Vec<String> {
        let lying = self.lying(profile);
        let bodies = lying.bodies.difference(&lying.drafts).map(|key| (key.clone(), format!("the drawer, {key}")));
        let dev = self.profiles[profile].dev;
        self.gone(record, bodies.chain(self.photos_under(dev)))
    }

    /// The photos under a name in the bucket, by their keys.
    fn photos_under(&self, dev: dianbu::book::DevId) -> Vec<(String, String)> {
        let parsed = |name: String| match Name::parse(&name)? {
            Name::Photo(_, of, id) if of == dev => Some((format!("{of}.{id}"), name)),
            _ => None,
        };
        self.cloud.objects().into_keys().filter_map(parsed).collect()
    }

    fn gone(&self, record: &Record, photos: impl IntoIterator<Item = (String, String)>) -> Vec<String> {
        let (named, erasures) = (record.named(), erasures(record.ops.values().map(|op| &**op)));
        let ledger = self.ledger.borrow();
        let gone = |key: &String| ledger.photos.get(key).is_some_and(|known| known.is_gone(&erasures));
        photos.into_iter().filter(|(key, _)| !named.contains(key) && gone(key)).map(|(_, place)| place).collect()
    }

    /// Owners who are at rest have cleared away what was erased under the names of removed devices.
    pub fn check_removed(&mut self, profile: usize, record: &Record) {
        let verdict = self.ledger.borrow().verdict(record);
        let devices: BTreeSet<_> = verdict.devices().filter(|dev| verdict.cut(*dev) > 0).collect();
        for dev in devices {
            let left = self.gone(record, self.photos_under(dev));
            self.ledger.borrow_mut().expect(left.is_empty(), Check::Gone, || {
                format!("profile {profile}, an owner, says that nothing is left of what was erased, and {left:?} is")
            });
        }
    }

    /// A photo of the author, or of anybody, that the reader's book names and the bucket has.
    fn photo_for(&mut self, trio: Trio) -> Option<PhotoRef> {
        let named = self.profiles[trio.reader].disk.record().named();
        let ledger = self.ledger.borrow();
        let photos: Vec<_> = named.iter().filter_map(|key| Some(ledger.photos.get(key)?.photo)).collect();
        drop(ledger);
        let mut there: Vec<_> =
            photos.into_iter().filter(|photo| self.cloud.object(&self.photo_name(photo)).is_some()).collect();
        let author = self.profiles[trio.author].dev;
        if there.iter().any(|photo| photo.dev == author) {
            there.retain(|photo| photo.dev == author);
        }
        self.chance.pick(&there)
    }

    /// A photo is flipped, cut, lengthened, exchanged or gone: whoever looks at it is told, and everything else goes on.
    /// Whether there was one.
    pub fn damage_photo(&mut self, trio: Trio, gone: bool) -> bool {
        let Some(photo) = self.photo_for(trio) else { return false };
        let name = self.photo_name(&photo);
        let Some(mut bytes) = self.cloud.object(&name) else { return false };
        let other = self.photo_for(trio).filter(|other| *other != photo).map(|other| self.photo_name(&other));
        let at = self.chance.place(bytes.len());
        let faults: &[Fault] = match self.chance.below(5) {
            0 => {
                bytes[at] ^= 1 << self.chance.below(8);
                &[]
            }
            1 => {
                bytes.truncate(at);
                &[Fault::Truncated, Fault::Foreign]
            }
            2 => {
                bytes.push(0);
                &[Fault::Truncated]
            }
            3 if other.is_some() => {
                bytes = other.and_then(|other| self.cloud.object(&other)).unwrap_or_default();
                &[Fault::Misplaced]
            }
            _ => {
                bytes = self.foreign(false).unwrap_or_default();
                &[Fault::Misplaced]
            }
        };
        self.cloud.tamper(&name, (!gone).then_some(bytes));
        self.expect_refused(trio, &photo, (!gone).then_some(faults));
        true
    }

    /// A member knows the secret of a photo, and seals another picture with it. Whether there was a photo.
    pub fn other_picture(&mut self, trio: Trio) -> bool {
        let Some(photo) = self.photo_for(trio) else { return false };
        let Some(vault) = self.ledger.borrow().vault.as_ref().map(|vault| vault.id) else { return false };
        let other = body([7; 16], format!("{SECRET}: another").as_bytes());
        let Ok(object) = photo::sealed(vault, &photo, &other) else { return false };
        self.cloud.tamper(&self.photo_name(&photo), Some(object));
        self.expect_refused(trio, &photo, Some(&[Fault::Malformed]));
        true
    }

    fn expect_refused(&mut self, trio: Trio, photo: &PhotoRef, faults: Option<&[Fault]>) {
        self.tell(&|| format!("{} is tampered with", photo.key()));
        let shown = self.look_now(trio.reader, photo);
        let right = match (&shown, faults) {
            (Err(PhotoError::Fault(fault)), Some(faults)) => faults.is_empty() || faults.contains(fault),
            (Err(PhotoError::Remote(RemoteError::NotFound)), None) => true,
            _ => false,
        };
        self.ledger.borrow_mut().expect(right, Check::Reason, || format!("{}: {shown:?}", photo.key()));
        if self.chance.percent(30) {
            self.tried(trio);
        }
        if self.chance.percent(60) {
            self.cloud.heal();
            let shown = self.look_now(trio.reader, photo);
            self.ledger.borrow_mut().expect(shown.is_ok(), Check::Pictured, || {
                format!("{} was put right, and is not shown: {shown:?}", photo.key())
            });
        }
    }
}
