//! The customers' list, links and duties as screens ask for them (C4, C13, C14, C19, C23, C24, C28).
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use dianbu::book::confirm;
use dianbu::book::roll::{Filter, Sort};
use dianbu::book::{Agenda, Batch, Book, DevId, Draft, Finder, Links, Op, Roll, RowId, RowWrite, Stamp, Value};
use dianbu::domain::annual::AnnualDay;
use dianbu::domain::customer::{contact, customer, dealing, promise, task};
use jiff::civil::{Date, date};

const TODAY: Date = date(2025, 11, 21);

fn id(n: u8) -> RowId {
    RowId([n; 16])
}

/// A shop with one device.
#[derive(Default)]
struct Shop {
    book: Book,
    opn: u64,
}

impl Shop {
    fn save(&mut self, rows: Vec<RowWrite>) {
        self.opn += 1;
        let op = Op { opn: self.opn, stamp: Stamp::at(self.opn * 1_000), by: None, batch: None, rows };
        self.book.apply(&Batch { dev: DevId([1; 16]), ops: vec![op] });
    }

    fn edit(&mut self, kind: u16, n: u8, edit: impl FnOnce(&mut Draft)) {
        let mut draft = Draft::open(&self.book, kind, id(n));
        edit(&mut draft);
        self.save(vec![draft.write().unwrap()]);
    }

    fn customer(&mut self, n: u8, name: &str, edit: impl FnOnce(&mut Draft)) {
        self.edit(customer::ID, n, |draft| {
            draft.set(customer::NAME, &name.to_owned());
            edit(draft);
        });
    }

    fn delete(&mut self, kind: u16, n: u8) {
        let mut draft = Draft::open(&self.book, kind, id(n));
        draft.delete(&self.book);
        self.save(vec![draft.write().unwrap()]);
    }
}

fn three() -> Shop {
    let mut shop = Shop::default();
    shop.customer(1, "张三", |draft| {
        draft.set(customer::GRADE, &"a".to_owned()).set(customer::NEXT_DAY, &date(2025, 12, 1));
    });
    shop.customer(2, "李四", |draft| {
        draft.set(customer::NEXT_DAY, &TODAY).set(customer::NEXT_STEP, &"送样品".to_owned());
    });
    shop.customer(3, "曾五", |draft| {
        draft.set(customer::RETIRED, &"moved".to_owned());
    });
    shop
}

#[test]
fn the_list_is_sorted_and_leaves_out_the_retired() {
    let shop = three();
    let roll = Roll::new(&shop.book);
    let list = |sort| roll.list(&Filter::default(), sort);
    assert_eq!(list(Sort::Name), [id(2), id(1)]);
    assert_eq!(list(Sort::Changed), [id(2), id(1)]);
    assert_eq!(list(Sort::Next), [id(2), id(1)]);
    assert_eq!(roll.list(&Filter { retired: true, ..Filter::default() }, Sort::Name), [id(3)]);
    assert!(roll.passes(id(3), &Filter::default()), "a search finds the retired too");
    let of_grade = Filter { grades: vec!["a".to_owned()], ..Filter::default() };
    assert_eq!(roll.list(&of_grade, Sort::Name), [id(1)]);
}

#[test]
fn letters_begin_in_the_list_that_is_shown() {
    let mut shop = three();
    shop.customer(4, "单雄信", |draft| {
        draft.set(customer::GRADE, &"a".to_owned());
    });
    let mut roll = Roll::new(&shop.book);
    let letters = |roll: &Roll, filter: &Filter| {
        let filled = roll.letters(&roll.list(filter, Sort::Name)).into_iter().filter(|letter| !letter.is_empty);
        filled.map(|letter| (letter.sign, letter.first)).collect::<Vec<_>>()
    };
    let everybody = Filter::default();
    assert_eq!(letters(&roll, &everybody), [('L', 0), ('S', 1), ('Z', 2)]);
    assert_eq!(letters(&roll, &Filter { grades: vec!["a".to_owned()], ..Filter::default() }), [('S', 0), ('Z', 1)]);
    shop.customer(2, "赵四", |_| ());
    roll.update(&shop.book, [id(2)]);
    assert_eq!(letters(&roll, &everybody), [('S', 0), ('Z', 1)]);
}

#[test]
fn the_roll_follows_changes_as_if_it_were_read_anew() {
    let mut shop = three();
    let mut roll = Roll::new(&shop.book);
    shop.customer(4, "白六", |_| ());
    shop.customer(2, "周四", |draft| {
        draft.set(customer::NEXT_STEP, &String::new());
        draft.clear(customer::NEXT_DAY);
    });
    shop.delete(customer::ID, 1);
    roll.update(&shop.book, [id(4), id(2), id(1)]);
    assert_eq!(roll.list(&Filter::default(), Sort::Name), [id(4), id(2)]);
    assert_eq!(roll.list(&Filter { adrift: true, ..Filter::default() }, Sort::Name), [id(4), id(2)]);
    let anew = Roll::new(&shop.book);
    for sort in [Sort::Name, Sort::Changed, Sort::Next] {
        assert_eq!(roll.list(&Filter::default(), sort), anew.list(&Filter::default(), sort));
    }
}

#[test]
fn what_is_half_read_follows_changes_too() {
    const SURNAMES: [&str; 5] = ["王", "曾", "白", "单", "李"];
    let mut shop = Shop::default();
    for n in 1..=150 {
        shop.customer(n, &format!("{}{}", SURNAMES[usize::from(n) % 5], n / 5), |_| ());
    }
    shop.delete(customer::ID, 7);
    for read in [0, 1, 60, 149, 150, 151] {
        let (mut roll, mut finder) = (Roll::empty(), Finder::empty(customer::ID));
        let all = shop.book.ids(customer::ID).count();
        assert_eq!(roll.read_on(&shop.book, read), read <= all);
        assert_eq!(finder.read_on(&shop.book, read), read <= all);
        // Of what is read, of what is not, and what is new or was deleted.
        let change = |shop: &mut Shop, roll: &mut Roll, finder: &mut Finder, n: u8, edit: &dyn Fn(&mut Draft)| {
            shop.customer(n, &format!("周{n}{read}"), edit);
            roll.update(&shop.book, [id(n)]);
            finder.update(&shop.book, id(n));
        };
        let new = 160 + u8::try_from(read % 50).unwrap();
        change(&mut shop, &mut roll, &mut finder, 40, &|_| ());
        change(&mut shop, &mut roll, &mut finder, 7, &|draft| _ = draft.restore());
        change(&mut shop, &mut roll, &mut finder, 100, &|_| ());
        let first = roll.list(&Filter::default(), Sort::Name).len();
        assert!(first >= 100, "all up to the last that changed are read");
        change(&mut shop, &mut roll, &mut finder, new, &|_| ());
        shop.delete(customer::ID, new);
        shop.delete(customer::ID, 7);
        roll.update(&shop.book, [id(new), id(7)]);
        finder.update(&shop.book, id(new));
        finder.update(&shop.book, id(7));
        while roll.read_on(&shop.book, 20) {}
        while finder.read_on(&shop.book, 20) {}
        let anew = (Roll::new(&shop.book), Finder::new(&shop.book, customer::ID));
        for sort in [Sort::Name, Sort::Changed] {
            assert_eq!(roll.list(&Filter::default(), sort), anew.0.list(&Filter::default(), sort), "{read} read");
        }
        assert_eq!(finder.by_name(), anew.1.by_name(), "{read} read");
        assert_eq!(finder.find("zhou", 300), anew.1.find("zhou", 300), "{read} read");
    }
}

#[test]
fn the_agenda_follows_changes_and_leaves_out_who_is_gone() {
    let mut shop = three();
    let born = AnnualDay::solar(None, 11, 22).unwrap();
    for n in 1..=3 {
        shop.edit(customer::ID, n, |draft| {
            draft.set(customer::NEXT_DAY, &TODAY).set(customer::BIRTHDAY, &born);
        });
    }
    let mut agenda = Agenda::new(&shop.book);
    let steps = |agenda: &Agenda| agenda.steps(TODAY).into_iter().map(|(_, id)| id).collect::<Vec<_>>();
    let born = |agenda: &Agenda| {
        let mut all: Vec<_> = agenda.birthdays().map(|(id, _)| id).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(
        (steps(&agenda), born(&agenda)),
        (vec![id(1), id(2)], vec![id(1), id(2)]),
        "the retired wait for nobody"
    );
    assert_eq!((agenda.ids().count(), agenda.clashes()), (3, 0));

    shop.delete(customer::ID, 1);
    agenda.update(&shop.book, id(1));
    assert_eq!((steps(&agenda), born(&agenda), agenda.ids().count()), (vec![id(2)], vec![id(2)], 2));

    // Another device names the same customer without having seen this one's name.
    let mut draft = Draft::new(customer::ID, id(2));
    draft.set(customer::NAME, &"李思".to_owned());
    let rows = vec![draft.write().unwrap()];
    let op = Op { opn: 1, stamp: Stamp::at(1), by: None, batch: None, rows };
    shop.book.apply(&Batch { dev: DevId([2; 16]), ops: vec![op] });
    agenda.update(&shop.book, id(2));
    assert_eq!((agenda.clashes(), Agenda::new(&shop.book).clashes()), (1, 1));
    assert!(!agenda.is_empty());
}

#[test]
fn links_follow_a_row_that_changes_what_it_refers_to() {
    // All of them are read before they change, or none, or the first alone.
    for read in [usize::MAX, 0, 1] {
        let mut shop = three();
        for n in [10, 11] {
            shop.edit(dealing::ID, n, |draft| {
                draft.set(dealing::CUSTOMER, &id(1));
            });
        }
        let mut links = Links::empty(dealing::CUSTOMER);
        assert_eq!(links.read_on(&shop.book, read), read > 0);
        assert_eq!(links.to(id(1)), &[id(10), id(11)][..read.min(2)]);
        shop.edit(dealing::ID, 10, |draft| {
            draft.set(dealing::CUSTOMER, &id(2));
        });
        shop.delete(dealing::ID, 11);
        shop.edit(dealing::ID, 12, |draft| {
            draft.set(dealing::CUSTOMER, &id(3));
        });
        for n in [10, 11, 12] {
            links.update(&shop.book, id(n));
        }
        while links.read_on(&shop.book, 1) {}
        assert_eq!((links.to(id(1)), links.to(id(2))), (&[][..], &[id(10)][..]), "{read} read");
        assert_eq!(links.to(id(3)), [id(12)], "{read} read");
    }
}

#[test]
fn what_is_due_comes_by_day_and_leaves_out_what_is_settled_or_deleted() {
    let mut shop = three();
    let mut add = |n, customer, what: &str, due: Option<Date>| {
        shop.edit(task::ID, n, |draft| {
            draft.set(task::WHAT, &what.to_owned()).set(task::CUSTOMER, &id(customer));
            if let Some(due) = due {
                draft.set(task::DUE, &due);
            }
        });
    };
    add(20, 1, "没有日期", None);
    add(21, 1, "明天", Some(TODAY.tomorrow().unwrap()));
    add(22, 2, "昨天", Some(TODAY.yesterday().unwrap()));
    add(23, 3, "客户已删除", Some(TODAY));
    add(24, 1, "已完成", Some(TODAY));
    shop.edit(task::ID, 24, |draft| {
        draft.set(task::DONE, &1);
    });
    shop.delete(customer::ID, 3);
    let tasks = shop.book.open_tasks();
    assert_eq!(tasks.iter().map(|due| due.id).collect::<Vec<_>>(), [id(22), id(21), id(20)]);
    assert_eq!(tasks.iter().filter(|due| due.is_due(TODAY)).count(), 1);
    let agenda = Agenda::new(&shop.book);
    let steps = shop.book.due_steps(&agenda, TODAY);
    assert_eq!(steps.iter().map(|due| due.what.as_str()).collect::<Vec<_>>(), ["送样品"]);
}

#[test]
fn a_promise_waits_until_somebody_says_whether_it_was_kept() {
    let mut shop = three();
    shop.edit(promise::ID, 30, |draft| {
        draft.set(promise::WHAT, &"周五送到".to_owned()).set(promise::DUE, &TODAY).set(promise::CUSTOMER, &id(1));
    });
    assert_eq!(shop.book.open_promises().len(), 1);
    shop.edit(promise::ID, 30, |draft| {
        draft.set(promise::KEPT, &false).set(promise::SETTLED, &1);
    });
    assert!(shop.book.open_promises().is_empty());
}

#[test]
fn birthdays_come_within_their_days_for_customers_and_key_persons() {
    let mut shop = three();
    let born = AnnualDay::solar(Some(1990), 11, 24).unwrap();
    shop.edit(customer::ID, 1, |draft| {
        draft.set(customer::BIRTHDAY, &born);
    });
    shop.edit(contact::ID, 40, |draft| {
        // The second day of the tenth lunar month is 21 November in 2025.
        draft.set(contact::CUSTOMER, &id(2)).set(contact::BIRTHDAY, &AnnualDay::lunar(None, 10, false, 2).unwrap());
    });
    let agenda = Agenda::new(&shop.book);
    let found = |days| shop.book.birthdays(&agenda, TODAY, days).iter().map(|b| (b.day, b.id)).collect::<Vec<_>>();
    assert_eq!(found(7), [(TODAY, id(40)), (date(2025, 11, 24), id(1))]);
    assert_eq!(found(2), [(TODAY, id(40))]);
}

#[test]
fn a_section_is_confirmed_by_a_change_or_by_saying_so() {
    let mut shop = Shop::default();
    shop.customer(1, "张三", |draft| {
        draft.set(customer::SALUTATION, &"张姐".to_owned());
    });
    shop.edit(customer::ID, 1, |draft| {
        draft.set(customer::NEEDS, &"礼盒".to_owned());
    });
    let oldest = |shop: &Shop| confirm::oldest(&shop.book.row(customer::ID, id(1)).unwrap());
    assert_eq!(oldest(&shop), Some(Stamp::at(1_000)));
    shop.edit(customer::ID, 1, |draft| {
        draft.add(customer::CONFIRMED, b"basic", Value::Int(20_251_121));
    });
    assert_eq!(oldest(&shop), Some(Stamp::at(2_000)));
    let stale = Filter { confirmed_before: Some(2_001), ..Filter::default() };
    assert_eq!(Roll::new(&shop.book).list(&stale, Sort::Name), [id(1)]);
}

#[test]
fn completeness_counts_what_the_nature_asks_for() {
    let mut shop = Shop::default();
    shop.customer(1, "张三", |_| ());
    let of = |shop: &Shop| confirm::completeness(&shop.book.row(customer::ID, id(1)).unwrap());
    let before = of(&shop);
    // Legal form is asked of organisations only.
    shop.edit(customer::ID, 1, |draft| {
        draft.set(customer::LEGAL_FORM, &"有限公司".to_owned());
    });
    assert_eq!(of(&shop), before);
    shop.edit(customer::ID, 1, |draft| {
        draft.set(customer::PHONE, &"+8613800138000".to_owned()).set(customer::WECHAT, &"zs".to_owned());
    });
    assert!(of(&shop) > before);
}

#[test]
fn names_that_sound_the_same_are_found_however_they_are_written() {
    let mut shop = three();
    shop.customer(4, "章叁", |_| ());
    let finder = Finder::new(&shop.book, customer::ID);
    assert_eq!(finder.with_name("张三"), [id(1), id(4)]);
    assert_eq!(finder.with_name("曾"), []);
    assert_eq!(finder.with_name(""), []);
}
