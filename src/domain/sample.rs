//! Sample data on request: a few customers with what belongs to them, to try the app with, gone without trace when
//! they are no longer wanted.

use jiff::civil::Date;

use super::annual::AnnualDay;
use super::complaint::complaint;
use super::customer::{contact, customer, deal, dealing, promise, task};
use super::record::KindId;
use crate::book::{Book, Draft, Row, RowId, RowWrite};
use crate::words::{Lang, Words, words};

/// The undertaking of sample data has an id that begins so, whichever device made it.
const MARK: &[u8] = b"sample\0\0";

/// The undertaking's id, from a random one.
pub fn undertaking(random: RowId) -> RowId {
    let mut id = random;
    for (byte, mark) in id.0.iter_mut().zip(MARK) {
        *byte = *mark;
    }
    id
}

/// The undertakings that made sample data.
pub fn undertakings(book: &Book) -> impl Iterator<Item = crate::book::Span> {
    let own = book.undertakings().iter().filter(|(id, _)| id.0.starts_with(MARK));
    own.map(|(_, whole)| crate::book::Span { dev: whole.dev, stamps: whole.stamps })
}

/// Whether a row came with sample data.
pub fn is_of_sample(book: &Book, row: &Row) -> bool {
    let Some(made) = row.created().map(|mark| book.dot(mark)) else { return false };
    undertakings(book).any(|span| span.dev == made.dev && (span.stamps.0..=span.stamps.1).contains(&made.stamp))
}

/// Whether sample data is among the customers.
pub fn is_there(book: &Book) -> bool {
    undertakings(book).next().is_some() && book.rows(customer::ID).any(|(_, row)| is_of_sample(book, &row))
}

struct Person {
    name: Words,
    phone: &'static str,
    employer: Words,
    grade: &'static str,
    spent: i64,
    next: Words,
    /// Days from today.
    next_in: i32,
    born_in: i32,
}

const NONE: Words = words("", "");

#[rustfmt::skip] // a table
static PERSONS: [Person; 6] = [
    Person { name: words("张敏", "Zhang Min"), phone: "+8613800000001", employer: NONE, grade: "a", spent: 1_286_000, next: words("新茶到货，请她来试饮", "New tea is in: invite her to taste"), next_in: 0, born_in: 3 },
    Person { name: words("李卫国", "Li Weiguo"), phone: "+8613800000002", employer: words("城东小学", "East Primary School"), grade: "b", spent: 458_000, next: words("送教师节礼盒报价", "Bring the offer for gift boxes"), next_in: -1, born_in: 40 },
    Person { name: words("曾阿姨", "Aunt Zeng"), phone: "+8613800000003", employer: NONE, grade: "b", spent: 320_000, next: NONE, next_in: 0, born_in: 5 },
    Person { name: words("顺达贸易", "Shunda Trading"), phone: "+861068000000", employer: NONE, grade: "a", spent: 2_560_000, next: words("续签年度供货", "Renew the yearly supply"), next_in: 6, born_in: 100 },
    Person { name: words("王小明", "Wang Xiaoming"), phone: "+8613800000005", employer: NONE, grade: "c", spent: 68_000, next: NONE, next_in: 0, born_in: 200 },
    Person { name: words("单雪", "Shan Xue"), phone: "+8613800000006", employer: words("云上花店", "Cloud Florist"), grade: "c", spent: 0, next: words("电话约上门", "Call to arrange a visit"), next_in: 2, born_in: 300 },
];

/// The rows of the sample. `new_id` gives random ids; `now_ms` is the moment in milliseconds since 1970.
pub fn rows(lang: Lang, today: Date, now_ms: i64, mut new_id: impl FnMut() -> RowId) -> Vec<RowWrite> {
    let day = |days: i32| today.checked_add(jiff::Span::new().days(days)).unwrap_or(today);
    let say = |words: Words| words.r#in(lang).to_owned();
    let mut writes = Vec::new();
    let mut ids = Vec::new();
    let mut add = |kind: KindId, fill: &dyn Fn(&mut Draft)| {
        let mut draft = Draft::new(kind, new_id());
        fill(&mut draft);
        writes.extend(draft.write());
        draft.id()
    };
    for person in &PERSONS {
        ids.push(add(customer::ID, &|draft| {
            draft.set(customer::NAME, &say(person.name)).set(customer::PHONE, &person.phone.to_owned());
            draft.set(customer::EMPLOYER, &say(person.employer)).set(customer::GRADE, &person.grade.to_owned());
            draft.set(customer::NEXT_STEP, &say(person.next)).set(customer::SPENT, &person.spent);
            if person.next != NONE {
                draft.set(customer::NEXT_DAY, &day(person.next_in));
            }
            let born = day(person.born_in);
            if let Some(born) = AnnualDay::solar(None, born.month(), born.day()) {
                draft.set(customer::BIRTHDAY, &born);
            }
        }));
    }
    let [zhang, li, zeng, firm, ..] = ids[..] else { return writes };
    add(contact::ID, &|draft| {
        draft.set(contact::CUSTOMER, &firm).set(contact::NAME, &say(words("周经理", "Manager Zhou")));
        draft
            .set(contact::POSITION, &say(words("采购经理", "Head of purchasing")))
            .set(contact::PART, &"decides".to_owned());
    });
    add(dealing::ID, &|draft| {
        draft.set(dealing::CUSTOMER, &zhang).set(dealing::AT, &(now_ms - 2 * 86_400_000));
        draft.set(dealing::MANNER, &"in_shop".to_owned()).set(dealing::SATISFACTION, &"very".to_owned());
        draft.set(
            dealing::POINTS,
            &say(words("买了两盒龙井，问起新茶", "Bought two boxes of Longjing, asked for the new tea")),
        );
    });
    add(deal::ID, &|draft| {
        draft.set(deal::CUSTOMER, &zhang).set(deal::DAY, &day(-2)).set(deal::AMOUNT, &57_600);
        draft.set(deal::ITEMS, &say(words("龙井两盒", "Two boxes of Longjing")));
    });
    add(promise::ID, &|draft| {
        draft.set(promise::CUSTOMER, &li).set(promise::DUE, &day(-1));
        draft.set(promise::WHAT, &say(words("补寄发票", "Send the missing invoice")));
    });
    add(task::ID, &|draft| {
        draft.set(task::CUSTOMER, &firm).set(task::DUE, &today);
        draft.set(task::WHAT, &say(words("准备年度对账单", "Prepare the yearly statement")));
    });
    add(complaint::ID, &|draft| {
        draft.set(complaint::CUSTOMER, &zeng).set(complaint::AT, &(now_ms - 3 * 3_600_000));
        draft.set(complaint::WHO, &say(words("曾阿姨", "Aunt Zeng"))).set(complaint::VOICE, &"complaint".to_owned());
        draft.set(
            complaint::WORDS,
            &say(words("茶叶罐的盖子合不上，漏了一半", "The lid of the tin does not close; half of it was spilt")),
        );
        draft.set(complaint::KIND, &"quality".to_owned()).set(complaint::STATE, &"received".to_owned());
    });
    writes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Batch, DevId, Op, Stamp};

    #[test]
    fn sample_data_is_known_as_such_and_reverts_to_nothing() {
        let (mut book, mut n) = (Book::default(), 0);
        let mut new_id = || {
            n += 1;
            RowId([n; 16])
        };
        let batch = Some(undertaking(RowId([200; 16])));
        let rows = rows(Lang::Zh, jiff::civil::date(2025, 11, 21), 1_763_000_000_000, &mut new_id);
        let dev = DevId([1; 16]);
        let save = |book: &mut Book, opn, batch, rows| {
            book.apply(&Batch { dev, ops: vec![Op { opn, stamp: Stamp::at(opn), by: None, batch, rows }] });
        };
        let mut own = Draft::new(customer::ID, RowId([100; 16]));
        own.set(customer::NAME, &"真客户".to_owned());
        save(&mut book, 1, None, vec![own.write().unwrap()]);
        save(&mut book, 2, batch, rows);
        assert!(is_there(&book));
        assert_eq!(book.count(customer::ID), PERSONS.len() + 1);
        let spans: Vec<_> = undertakings(&book).collect();
        let undo = spans.into_iter().flat_map(|span| book.revert(span, None)).collect();
        save(&mut book, 3, None, undo);
        assert!(!is_there(&book));
        for kind in crate::domain::KINDS {
            let left: Vec<_> = book.rows(kind.id).map(|(id, _)| id).collect();
            assert_eq!(left, if kind.id == customer::ID { vec![RowId([100; 16])] } else { vec![] }, "{}", kind.key);
        }
        assert!(book.deleted(customer::ID).all(|(_, row)| is_of_sample(&book, &row)), "the bin shows none of it");
    }
}
