//! Photos on the device: taken into a form, owed to the bucket once a record names them, looked at, let go.

use std::collections::BTreeSet;

use super::{Session, TRIES};
use crate::book::photo::{PhotoRef, body};
use crate::book::{Book, RowWrite};
use crate::guard::Guard;
use crate::store::photos::{Lying, draft, unsent};
use crate::store::{Change, Store, StoreError};
use crate::sync::state::State;

/// A form that nobody has come back to for so long is given up, in milliseconds.
const DRAFT_MS: u64 = 30 * 86_400_000;

impl<S: Store> Session<S> {
    /// Takes a picture into a form. It is durable from here on, and is shared when a saved record names it. `salt` is
    /// random.
    pub async fn keep_photo(&self, salt: [u8; 16], content: &[u8], now_ms: u64) -> Result<PhotoRef, StoreError> {
        let body = body(salt, content);
        let photo = PhotoRef::of(self.dev, &body);
        let (key, now) = (photo.key(), now_ms.to_be_bytes().to_vec());
        let mut photos = Some(vec![(draft(&key), Some(now)), (key, Some(body))]);
        self.store.transact(|_| Some(Change { photos: photos.take()?, ..Change::default() })).await?;
        Ok(photo)
    }

    /// The body of a photo, if it lies on this device.
    pub async fn photo(&self, photo: &PhotoRef) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.photo(&photo.key()).await
    }

    /// Keeps the body of a photo that was fetched, unless no record names it any more.
    pub async fn keep_fetched(&self, photo: &PhotoRef, body: Vec<u8>) -> Result<(), StoreError> {
        let mut body = Some(body);
        for _ in 0..TRIES {
            let (applied, rebuilt) = (self.applied.get(), self.rebuilt.get());
            if !self.with(Book::photos).contains(photo) && Guard::PhotoKept.stands() {
                break;
            }
            let keep = |state: &mut State| {
                // What this book has not taken in yet may erase it, and the store may be rid of it already.
                let current = (state.lsn, state.rebuilt) == (applied, rebuilt);
                let photos = vec![(photo.key(), Some(body.take_if(|_| current)?))];
                Some(Change { photos, ..Change::default() })
            };
            if self.store.transact(keep).await?.1 {
                break;
            }
            self.catch_up().await?;
        }
        Ok(())
    }

    /// Lets go of photos that the bucket has: they are fetched again when somebody looks at them. Returns how many.
    pub async fn let_go_of_photos(&self) -> Result<usize, StoreError> {
        for _ in 0..TRIES {
            let (lying, marks) = self.lying().await?;
            let spare: Vec<_> = lying.spare().map(|key| (key.clone(), None)).collect();
            let count = spare.len();
            if self.let_go(spare, marks).await? {
                return Ok(count);
            }
        }
        Ok(0)
    }

    /// Lets go of photos in forms that nobody came back to.
    pub async fn let_go_of_drafts(&self, now_ms: u64) -> Result<(), StoreError> {
        let (lying, count) = self.lying().await?;
        let mut gone = Vec::new();
        for key in &lying.drafts {
            let taken =
                self.store.photo(&draft(key)).await?.and_then(|at| Some(u64::from_be_bytes(at.try_into().ok()?)));
            if now_ms.saturating_sub(taken.unwrap_or_default()) >= DRAFT_MS {
                gone.push(key);
            }
        }
        // It may have been saved before, with another record.
        let bodies = self.with(|book| unnamed(book, gone.iter().copied().filter(|key| !lying.unsent.contains(*key))));
        let marks = gone.into_iter().map(|key| (draft(key), None));
        // If one was saved meanwhile they wait for the next time.
        self.let_go(marks.chain(bodies.into_iter().map(|key| (key, None))).collect(), count).await.map(drop)
    }

    /// What lies in the drawer, and how often marks had been put on before.
    async fn lying(&self) -> Result<(Lying, u64), StoreError> {
        let (state, _) = self.store.transact(|_| None).await?;
        Ok((Lying::of(self.store.photo_names().await?), state.marks))
    }

    /// Takes something out of the drawer unless a mark was put on since. Returns whether it did.
    async fn let_go(&self, photos: Vec<(String, Option<Vec<u8>>)>, marks: u64) -> Result<bool, StoreError> {
        if photos.is_empty() {
            return Ok(true);
        }
        let change = || Change { photos: photos.clone(), ..Change::default() };
        let same = |state: &State| state.marks == marks || !Guard::PhotoMarked.stands();
        Ok(self.store.transact(|state| same(state).then(change)).await?.1)
    }

    /// The photos on this device that neither a record names nor a form holds: of what is erased.
    pub(super) async fn orphans(&self) -> Result<Vec<(String, Option<Vec<u8>>)>, StoreError> {
        let lying = Lying::of(self.store.photo_names().await?);
        let orphans = self.with(|book| unnamed(book, lying.bodies.difference(&lying.drafts)));
        Ok(orphans.into_iter().flat_map(|key| [(unsent(&key), None), (key, None)]).collect())
    }
}

/// Those of the photos with these keys that no record names.
fn unnamed<'k>(book: &Book, keys: impl Iterator<Item = &'k String>) -> Vec<String> {
    let named: BTreeSet<_> = book.photos().iter().map(PhotoRef::key).collect();
    keys.filter(|key| !named.contains(*key)).cloned().collect()
}

/// The marks that follow from saving rows: photos that they name are owed to the bucket.
pub(super) fn owed(rows: &[RowWrite], state: &mut State) -> Vec<(String, Option<Vec<u8>>)> {
    let mut marks = Vec::new();
    for cell in rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.value.is_nil()) {
        let mut photos: Vec<_> = cell.value.text().and_then(PhotoRef::all).unwrap_or_default();
        photos.extend(cell.elem.as_deref().and_then(|elem| PhotoRef::parse(std::str::from_utf8(elem).ok()?)));
        for key in photos.iter().map(PhotoRef::key) {
            marks.push((draft(&key), None));
            marks.push((unsent(&key), Some(Vec::new())));
        }
    }
    state.marks += u64::from(!marks.is_empty());
    marks
}
