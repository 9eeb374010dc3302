//! What is carried by hand in the shop.

use std::cell::OnceCell;
use std::rc::Rc;

use dianbu::book::{Book, DevId, Standing};
use dianbu::remote::memory::Memory as Bucket;
use dianbu::session::Session;
use dianbu::store::Store as _;
use dianbu::store::memory::Memory as Store;
use dianbu::sync::state::Link;
use dianbu::sync::wire::{self, Role};
use minicbor::bytes::ByteVec;

use super::{Device, NOON, now, seeded};

/// What lies in such a file.
type Objects = Vec<(String, ByteVec)>;

/// Two devices write where there is no network; a third one takes in what they give it.
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Carried {
    store: Store,
    session: Session<Store>,
    /// The file of the founder, and that of a device which nobody has heard of.
    pub files: [Vec<u8>; 2],
    /// Everything that lies in them, and in one that the founder made earlier.
    pub objects: Objects,
    /// Who nobody has heard of.
    pub newcomer: DevId,
    /// How far the founder's segments and entries are known to the third device.
    pub known: [Link; 2],
    /// Where its book stands with all of it.
    pub standing: Standing,
}

/// The same every time.
pub fn carried() -> Rc<Carried> {
    thread_local!(static CARRIED: OnceCell<Rc<Carried>> = const { OnceCell::new() });
    CARRIED.with(|carried| Rc::clone(carried.get_or_init(|| Rc::new(Carried::live()))))
}

impl Carried {
    fn live() -> Self {
        let bucket = Bucket::default();
        let mut founder = Device::founder();
        let invitation = founder.invite(&bucket, Role::Manager);
        let mut third = Device::joiner(2, &invitation, &bucket);
        third.round(&bucket);
        founder.round(&bucket);
        let mut newcomer = Device::joiner(3, &invitation, &bucket);
        // From here on there is no network.
        third.sample();
        founder.sample();
        founder.edit(1);
        let earlier = founder.pack();
        founder.edit(2);
        founder.promote(third.engine.dev());
        let mut files = [founder.pack(), Vec::new()];
        founder.edit(3);
        files[0] = founder.pack();
        newcomer.sample();
        newcomer.pack();
        newcomer.edit(5);
        files[1] = newcomer.pack();

        let (store, sync) = (third.store.clone(), third.loaded().state.sync().expect("memory"));
        let cursor = sync.cursors.get(&founder.engine.dev()).cloned().unwrap_or_default();
        for file in &files {
            let report = third.unpack(file).expect("a file of the shop");
            assert!(report.held.is_empty() && report.pulled_ops > 1, "{report:?}");
        }
        let loaded = now(store.load()).expect("memory");
        Self {
            session: Session::open(store.clone(), third.engine.dev(), &loaded).expect("a book"),
            store,
            objects: [&earlier, &files[0], &files[1]].into_iter().flat_map(|file| Self::objects_of(file)).collect(),
            files,
            newcomer: newcomer.engine.dev(),
            known: [cursor.segment, cursor.control],
            standing: third.session().with(Book::standing),
        }
    }

    /// The third device, as it was before it took anything in.
    pub fn third(&self) -> Device {
        let mut device = Device::open(self.store.clone(), Box::new(seeded(4)));
        self.session.with(|book| device.engine.note_book(book));
        device
    }

    /// A file that holds these objects.
    pub fn file_of(objects: Objects) -> Vec<u8> {
        wire::to_bytes(&(1_u8, objects))
    }

    /// The objects that a file holds.
    pub fn objects_of(file: &[u8]) -> Objects {
        wire::from_bytes(file).map(|(_, objects): (u8, _)| objects).unwrap_or_default()
    }
}

impl Device {
    /// Makes another device an owner.
    fn promote(&mut self, dev: DevId) {
        let commit = self.engine.record_grant(dev, Role::Owner, NOON, &mut *self.random);
        let commit = commit.expect("it is sealed").expect("the founder may");
        now(self.store.transact(|state| commit.apply(state))).expect("memory");
    }
}
