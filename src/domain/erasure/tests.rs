#![allow(clippy::unwrap_used)] // tests

use super::*;
use crate::book::{Batch, DevId, Draft, Op, Stamp};
use crate::domain::complaint::{complaint, step};
use crate::domain::customer::{contact, customer, deal, dealing, promise, task};
use crate::domain::record::Key;
use crate::domain::standard::{check, reception};
use crate::exchange::export;

const ZHANG: RowId = RowId([1; 16]);
const LI: RowId = RowId([2; 16]);
const PHONE: &str = "+8613800138000";

/// A shop with one device, which keeps what it wrote.
#[derive(Default)]
struct Shop {
    book: Book,
    log: Vec<Op>,
}

impl Shop {
    fn save(&mut self, rows: Vec<RowWrite>) {
        let opn = self.log.len() as u64 + 1;
        let op = Op { opn, stamp: Stamp::at(opn * 1_000), by: None, batch: None, rows };
        self.book.apply(&Batch { dev: DevId([9; 16]), ops: vec![op.clone()] });
        self.log.push(op);
    }

    fn edit(&mut self, kind: KindId, id: RowId, edit: impl FnOnce(&mut Draft)) -> RowId {
        let mut draft = Draft::open(&self.book, kind, id);
        edit(&mut draft);
        self.save(vec![draft.write().unwrap()]);
        id
    }

    fn customer(&mut self, id: RowId, name: &str, phone: &str) {
        self.edit(customer::ID, id, |row| {
            row.set(customer::NAME, &name.to_owned()).set(customer::PHONE, &phone.to_owned());
        });
    }

    /// A row that names a customer.
    fn naming(&mut self, key: Key<RowId>, n: u8, of: RowId) -> RowId {
        self.edit(key.kind, RowId([n; 16]), |row| {
            row.set(key, &of);
        })
    }

    /// A complaint of nobody in the file.
    fn complaint(&mut self, n: u8, who: &str, phone: &str) -> RowId {
        self.edit(complaint::ID, RowId([n; 16]), |row| {
            row.set(complaint::WORDS, &"茶叶受潮".to_owned());
            row.set(complaint::WHO, &who.to_owned()).set(complaint::PHONE, &phone.to_owned());
        })
    }

    fn delete(&mut self, kind: KindId, id: RowId) {
        let mut draft = Draft::open(&self.book, kind, id);
        draft.delete(&self.book);
        self.save(vec![draft.write().unwrap()]);
    }

    fn plan(&self, id: RowId) -> Plan {
        plan(&self.book, customer::ID, id)
    }

    fn erase(&mut self, id: RowId) {
        self.save(self.plan(id).writes());
    }

    fn archive(&self) -> String {
        String::from_utf8_lossy(&export::Archive::default().finish(&self.book)).into_owned()
    }
}

fn two() -> Shop {
    let mut shop = Shop::default();
    shop.customer(ZHANG, "张三", PHONE);
    shop.customer(LI, "李四", "+8613900139000");
    shop
}

fn counted(plan: &Plan) -> Vec<(&'static str, usize, usize)> {
    plan.counts().into_iter().map(|count| (count.kind.key, count.whole, count.partly)).collect()
}

#[test]
fn what_belongs_to_a_customer_goes_and_what_names_one_stays_without_the_name() {
    let mut shop = two();
    let owned = [contact::CUSTOMER, dealing::CUSTOMER, deal::CUSTOMER, task::CUSTOMER, promise::CUSTOMER];
    let (mine, theirs): (Vec<_>, Vec<_>) =
        (10..).zip(owned).map(|(n, key)| (shop.naming(key, n, ZHANG), shop.naming(key, n + 10, LI))).unzip();
    let case = shop.complaint(30, "张三", PHONE);
    shop.naming(complaint::CUSTOMER, 30, ZHANG);
    let (visit, seen) = (shop.naming(reception::CUSTOMER, 31, ZHANG), shop.naming(check::CUSTOMER, 32, ZHANG));
    assert_eq!(
        counted(&shop.plan(ZHANG)),
        [
            ("customer", 1, 0),
            ("contact", 1, 0),
            ("dealing", 1, 0),
            ("deal", 1, 0),
            ("task", 1, 0),
            ("promise", 1, 0),
            ("check", 0, 1),
            ("reception", 0, 1),
            ("complaint", 0, 1)
        ]
    );
    shop.erase(ZHANG);
    for ((key, mine), theirs) in owned.iter().zip(mine).zip(theirs) {
        assert!(shop.book.is_erased(key.kind, mine) && shop.book.live(key.kind, theirs).is_some());
    }
    let row = shop.book.live(complaint::ID, case).unwrap();
    assert_eq!(
        (row.text(complaint::WORDS), row.text(complaint::WHO), row.text(complaint::PHONE)),
        ("茶叶受潮", "", "")
    );
    assert_eq!(row.get(complaint::CUSTOMER), None);
    assert_eq!(shop.book.live(reception::ID, visit).unwrap().get(reception::CUSTOMER), None);
    assert_eq!(shop.book.live(check::ID, seen).unwrap().get(check::CUSTOMER), None);
    let left = shop.archive();
    assert!(!left.contains("张三") && !left.contains(PHONE) && !left.contains(&ZHANG.to_string()));
    assert!(left.contains("李四") && left.contains("茶叶受潮"));
    assert_eq!(shop.plan(ZHANG), Plan::default(), "nothing is left to do");
}

#[test]
fn what_is_written_goes_if_it_is_asked_for() {
    let mut shop = two();
    let (case, other) = (shop.complaint(30, "张三", PHONE), shop.complaint(31, "李四", ""));
    shop.naming(complaint::CUSTOMER, 30, ZHANG);
    let entry = |shop: &mut Shop, n: u8, of: RowId| {
        shop.edit(step::ID, RowId([n; 16]), |row| {
            row.set(step::COMPLAINT, &of)
                .set(step::WORDS, &"张三来电".to_owned())
                .set(step::STEP, &"listen".to_owned());
        })
    };
    let (said, others) = (entry(&mut shop, 40, case), entry(&mut shop, 41, other));
    let plan = shop.plan(ZHANG).with_words(&shop.book);
    assert_eq!(counted(&plan), [("customer", 1, 0), ("complaint", 0, 1), ("step", 0, 1)]);
    shop.save(plan.writes());
    let words = |id| shop.book.live(step::ID, id).unwrap().text(step::WORDS).to_owned();
    assert_eq!((words(said), words(others)), (String::new(), "张三来电".to_owned()));
    assert_eq!(shop.book.live(step::ID, said).unwrap().text(step::STEP), "listen");
    assert_eq!(shop.book.live(complaint::ID, case).unwrap().text(complaint::WORDS), "");
    assert_eq!(shop.book.live(complaint::ID, other).unwrap().text(complaint::WORDS), "茶叶受潮");
}

#[test]
fn what_names_nobody_is_known_by_the_telephone_number() {
    let mut shop = two();
    shop.edit(customer::ID, ZHANG, |row| {
        row.add(customer::MORE_PHONES, b"+862158881234", true.store());
    });
    shop.edit(customer::ID, LI, |row| {
        row.set(customer::PHONE, &"无".to_owned());
    });
    let same = [shop.complaint(30, "张先生", PHONE), shop.complaint(31, "张先生", "+862158881234")];
    let other = [shop.complaint(32, "王五", "+8613700137000"), shop.complaint(33, "赵六", "无")];
    // One of another customer who called with this number.
    let hers = shop.complaint(34, "李四", PHONE);
    shop.naming(complaint::CUSTOMER, 34, LI);
    assert_eq!(counted(&shop.plan(ZHANG)), [("customer", 1, 0), ("complaint", 0, 2)]);
    assert_eq!(counted(&shop.plan(LI)), [("customer", 1, 0), ("complaint", 0, 1)], "a word is no number");
    shop.erase(ZHANG);
    let who = |id| shop.book.live(complaint::ID, id).unwrap().text(complaint::WHO).to_owned();
    assert_eq!(same.map(who), ["", ""]);
    assert_eq!(other.map(who), ["王五", "赵六"]);
    assert_eq!(who(hers), "李四");
}

#[test]
fn a_branch_keeps_what_is_said_of_itself() {
    let mut shop = two();
    shop.naming(customer::PARENT, 2, ZHANG);
    let plan = shop.plan(ZHANG);
    assert_eq!(plan.parts[1], Part { kind: customer::ID, id: LI, fields: Some(vec![customer::PARENT.field]) });
    shop.erase(ZHANG);
    let row = shop.book.live(customer::ID, LI).unwrap();
    assert_eq!((row.get(customer::PARENT), row.text(customer::NAME)), (None, "李四"));
}

#[test]
fn what_lies_in_the_recycle_bin_goes_too() {
    let mut shop = two();
    let noted = shop.naming(dealing::CUSTOMER, 10, ZHANG);
    let case = shop.complaint(30, "张三", PHONE);
    for (kind, id) in [(dealing::ID, noted), (complaint::ID, case), (customer::ID, ZHANG)] {
        shop.delete(kind, id);
    }
    assert_eq!(counted(&shop.plan(ZHANG)), [("customer", 1, 0), ("dealing", 1, 0), ("complaint", 0, 1)]);
    shop.erase(ZHANG);
    assert!(!shop.archive().contains("张三"));
    assert_eq!(shop.book.deleted(customer::ID).count(), 0);
}

#[test]
fn one_of_two_values_beside_each_other_is_enough() {
    let mut shop = two();
    let drafts = [ZHANG, LI].map(|of| {
        let mut draft = Draft::open(&shop.book, complaint::ID, RowId([30; 16]));
        draft.set(complaint::CUSTOMER, &of);
        draft.write().unwrap()
    });
    for write in drafts {
        shop.save(vec![write]);
    }
    assert_eq!(counted(&shop.plan(ZHANG)), [("customer", 1, 0), ("complaint", 0, 1)]);
}

#[test]
fn what_comes_after_the_erasure_is_found() {
    let mut shop = two();
    shop.erase(ZHANG);
    assert!(named_after(&shop.book, customer::ID).is_empty());
    // From a device that did not know yet.
    let late = shop.naming(dealing::CUSTOMER, 10, ZHANG);
    shop.naming(dealing::CUSTOMER, 11, LI);
    assert_eq!(named_after(&shop.book, customer::ID).into_iter().collect::<Vec<_>>(), [ZHANG]);
    assert_eq!(shop.plan(ZHANG).parts, [Part { kind: dealing::ID, id: late, fields: None }]);
    shop.erase(ZHANG);
    assert!(named_after(&shop.book, customer::ID).is_empty());
}

#[test]
fn a_name_is_typed_as_people_type() {
    for typed in ["Anna Ｌee", " anna lee ", "ANNALEE"] {
        assert!(is_named(typed, "Anna Lee"), "{typed}");
    }
    assert!(
        is_named("张　三", "张三") && !is_named("张", "张三") && !is_named("", "张三") && !is_named("李四", "张三")
    );
}
