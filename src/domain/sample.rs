//! Sample data on request: a few customers with what belongs to them, to try the app with, gone without trace when
//! they are no longer wanted.

use jiff::civil::Date;

use super::KINDS;
use super::annual::AnnualDay;
use super::complaint::complaint;
use super::customer::{contact, customer, deal, dealing, promise, task};
use super::day;
use super::record::{Kind, KindId, Shape, Stored};
use crate::book::{Book, Draft, Row, RowId, RowWrite};
use crate::words::{Lang, Words, words};

/// The id of a sample row begins so, whichever device made it.
const MARK: &[u8] = b"sample\0\0";

/// A sample row's id, from a random one.
fn marked(mut random: RowId) -> RowId {
    for (byte, mark) in random.0.iter_mut().zip(MARK) {
        *byte = *mark;
    }
    random
}

/// Whether a row came with sample data.
pub fn is_sample(id: RowId) -> bool {
    id.0.starts_with(MARK)
}

/// The writes that take sample data away, with everything that was tried on it: what refers to a sample row goes too.
pub fn clear(book: &Book) -> Vec<RowWrite> {
    let refers = |kind: &'static Kind, row: &Row| {
        let references = kind.fields().filter(|field| matches!(field.shape, Shape::Ref(_)));
        references.filter_map(|field| RowId::read(row.value(field.id))).any(is_sample)
    };
    let mut writes = Vec::new();
    for kind in KINDS {
        let rows = book.rows(kind.id).filter(|(id, row)| is_sample(*id) || refers(kind, row));
        writes.extend(rows.filter_map(|(id, _)| Draft::open(book, kind.id, id).delete(book).write()));
    }
    writes
}

struct Person {
    name: Words,
    phone: &'static str,
    nature: &'static str,
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
    Person { name: words("张敏", "Zhang Min"), phone: "+8613800000001", nature: "individual", employer: NONE, grade: "a", spent: 1_286_000, next: words("新茶到货，请她来试饮", "New tea is in: invite her to taste"), next_in: 0, born_in: 3 },
    Person { name: words("李卫国", "Li Weiguo"), phone: "+8613800000002", nature: "individual", employer: words("城东小学", "East Primary School"), grade: "b", spent: 458_000, next: words("送教师节礼盒报价", "Bring the offer for gift boxes"), next_in: -1, born_in: 40 },
    Person { name: words("曾阿姨", "Aunt Zeng"), phone: "+8613800000003", nature: "individual", employer: NONE, grade: "b", spent: 320_000, next: NONE, next_in: 0, born_in: 5 },
    Person { name: words("顺达贸易", "Shunda Trading"), phone: "+861068000000", nature: "company", employer: NONE, grade: "a", spent: 2_560_000, next: words("续签年度供货", "Renew the yearly supply"), next_in: 6, born_in: 100 },
    Person { name: words("王小明", "Wang Xiaoming"), phone: "+8613800000005", nature: "individual", employer: NONE, grade: "c", spent: 68_000, next: NONE, next_in: 0, born_in: 200 },
    Person { name: words("单雪", "Shan Xue"), phone: "+8613800000006", nature: "individual", employer: words("云上花店", "Cloud Florist"), grade: "c", spent: 0, next: words("电话约上门", "Call to arrange a visit"), next_in: 2, born_in: 300 },
];

/// The rows of the sample. `new_id` gives random ids; `now_ms` is the moment in milliseconds since 1970.
pub fn rows(lang: Lang, today: Date, now_ms: i64, mut new_id: impl FnMut() -> RowId) -> Vec<RowWrite> {
    let day = |days: i32| day::days_later(today, i64::from(days)).unwrap_or(today);
    let say = |words: Words| words.r#in(lang).to_owned();
    let mut writes = Vec::new();
    let mut ids = Vec::new();
    let mut add = |kind: KindId, fill: &dyn Fn(&mut Draft)| {
        let mut draft = Draft::new(kind, marked(new_id()));
        fill(&mut draft);
        writes.extend(draft.write());
        draft.id()
    };
    for person in &PERSONS {
        ids.push(add(customer::ID, &|draft| {
            draft.set(customer::NAME, &say(person.name)).set(customer::PHONE, &person.phone.to_owned());
            draft.set(customer::EMPLOYER, &say(person.employer)).set(customer::GRADE, &person.grade.to_owned());
            draft.set(customer::NEXT_STEP, &say(person.next)).set(customer::SPENT, &person.spent);
            draft.set(customer::NATURE, &person.nature.to_owned());
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
    fn sample_data_goes_with_everything_that_was_tried_on_it_and_nothing_else() {
        let (mut book, mut n) = (Book::default(), 0);
        let mut new_id = || {
            n += 1;
            RowId([n; 16])
        };
        let save = |book: &mut Book, opn, rows| {
            let ops = vec![Op { opn, stamp: Stamp::at(opn), by: None, batch: None, rows }];
            book.apply(&Batch { dev: DevId([1; 16]), ops });
        };
        let own = RowId([100; 16]);
        let mut draft = Draft::new(customer::ID, own);
        draft.set(customer::NAME, &"真客户".to_owned());
        save(&mut book, 1, vec![draft.write().unwrap()]);
        save(&mut book, 2, rows(Lang::Zh, jiff::civil::date(2025, 11, 21), 1_763_000_000_000, &mut new_id));
        assert_eq!(book.count(customer::ID), PERSONS.len() + 1);
        // Somebody tries: a dealing of a sample customer, and one of her own.
        let tried = book.rows(customer::ID).map(|(id, _)| id).find(|id| is_sample(*id)).unwrap();
        for (at, customer) in [(101, tried), (102, own)] {
            let mut draft = Draft::new(dealing::ID, RowId([at; 16]));
            draft.set(dealing::CUSTOMER, &customer);
            save(&mut book, u64::from(at), vec![draft.write().unwrap()]);
        }
        let writes = clear(&book);
        save(&mut book, 200, writes);
        let left: Vec<_> = KINDS.iter().flat_map(|kind| book.rows(kind.id).map(|(id, _)| id)).collect();
        assert_eq!(left, [own, RowId([102; 16])]);
    }
}
