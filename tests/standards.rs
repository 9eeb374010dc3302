//! The rules of standards: what is frozen, how a check is added up, what keeps it from being completed (S1–S4, S6).
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use std::collections::BTreeSet;

use dianbu::book::{Batch, Book, DevId, Draft, Op, PhotoRef, Reader, RowId, RowWrite, Stamp, Value};
use dianbu::domain::lists;
use dianbu::domain::standard::checks::{self, Check};
use dianbu::domain::standard::correction::{State, is_overdue};
use dianbu::domain::standard::document::{Document, Fault, Item, ItemKind, Section, Text, Weight};
use dianbu::domain::standard::scoring::{Answer, Answers, Missing, Tally, gaps, missing};
use dianbu::domain::standard::shelf::{Standard, editions};
use dianbu::domain::standard::shipped::{self, Shipped};
use dianbu::domain::standard::{action, check, edition, reception, standard, tips, visits};
use dianbu::words::Lang;
use jiff::civil::{Date, date};

/// A device with its log, so that another can read it.
#[derive(Default)]
struct Device {
    n: u8,
    book: Book,
    log: Vec<Op>,
}

impl Device {
    fn new(n: u8) -> Self {
        Self { n, ..Self::default() }
    }

    fn save(&mut self, rows: Vec<RowWrite>) {
        let opn = self.log.len() as u64 + 1;
        let op = Op { opn, stamp: Stamp::at(opn * 1000 + u64::from(self.n)), by: None, batch: None, rows };
        self.log.push(op.clone());
        self.book.apply(&Batch { dev: DevId([self.n + 1; 16]), ops: vec![op] });
    }

    fn hear(&mut self, other: &Self) {
        self.book.apply(&Batch { dev: DevId([other.n + 1; 16]), ops: other.log.clone() });
    }

    fn reception(&self) -> Standard {
        Standard::find(&self.book, seven_steps()).unwrap()
    }

    /// Begins a check of the reception and says its row.
    fn start(&mut self, id: u8, usage: &str, at: i64, staff: u8) -> RowId {
        let id = RowId([id; 16]);
        let fill = |draft: &mut Draft| {
            draft.set(check::USE, &usage.to_owned()).set(check::AT, &at).set(check::STAFF, &RowId([staff; 16]));
        };
        let rows = checks::start(&self.book, &self.reception(), id, fill).unwrap();
        self.save(rows);
        id
    }

    fn answer(&mut self, check: RowId, key: &str, answer: Option<&Answer>) {
        let write = checks::answer(&self.book, check, key, answer).unwrap();
        self.save(vec![write]);
    }

    fn pass_all(&mut self, id: RowId) {
        let document = checks::document(&self.book, &self.book.row(check::ID, id).unwrap());
        let items: Vec<_> = document.items().cloned().collect();
        for item in items {
            let full = if item.kind == ItemKind::Score { Answer::Score(4) } else { Answer::Passed(true) };
            self.answer(id, &item.key, Some(&full));
        }
    }

    fn score(&self, id: RowId) -> Option<i64> {
        self.book.row(check::ID, id).unwrap().get(check::SCORE)
    }

    fn edit(&mut self, text: &str) -> Document {
        let mut document = self.reception().text();
        document.sections[0].items[0].text.write(Lang::Zh, text);
        let mut draft = Draft::open(&self.book, standard::ID, seven_steps());
        draft.set(standard::DRAFT, &document.write());
        self.save(vec![draft.write().unwrap()]);
        document
    }

    fn publish(&mut self, now: i64) {
        let rows = self.reception().publish(&self.book, "改了问候", now).unwrap();
        self.save(rows);
    }
}

fn seven_steps() -> RowId {
    shipped::id(shipped::RECEPTION)
}

fn item(key: &str, kind: ItemKind) -> Item {
    Item { key: key.to_owned(), text: Text::own(Lang::En, key), kind, ..Item::default() }
}

fn of(items: Vec<Item>) -> Document {
    Document { sections: vec![Section { key: "s".into(), items, ..Section::default() }], ..Document::default() }
}

fn answers(all: &[(&str, Answer)]) -> Answers {
    all.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect()
}

#[test]
fn the_shipped_standards_are_whole() {
    let empty = Book::default();
    let all = Standard::all(&empty);
    assert_eq!(all.len(), Shipped::ALL.len());
    let mut keys = BTreeSet::new();
    for standard in &all {
        let text = &standard.current.as_ref().unwrap().text;
        assert_eq!(text.faults(), [], "{:?}", standard.name);
        for section in &text.sections {
            assert!(!section.tip.zh.is_empty() && !section.tip.en.is_empty(), "{}", section.key);
            for item in &section.items {
                assert!(keys.insert((standard.id, item.key.clone())), "{} twice", item.key);
                let words = [&item.text].into_iter().chain(&item.options);
                assert!(words.into_iter().all(|text| !text.zh.is_empty() && !text.en.is_empty()), "{}", item.key);
                assert_eq!(item.options.len(), if item.kind == ItemKind::Score { 5 } else { 0 }, "{}", item.key);
            }
        }
    }
    assert_eq!(all[0].current.as_ref().unwrap().text.sections.len(), 7);
    assert_eq!(Standard::find(&empty, RowId([9; 16])), None);
}

#[test]
fn a_document_reads_back_and_keeps_what_is_newer() {
    let text = Shipped::ALL[0].document();
    assert_eq!(Document::read(&text.write()), Some(text));
    let newer =
        r#"{"format":1,"sections":[{"key":"s","items":[{"key":"p","kind":"hologram","text":{"en":"Front"}}]}]}"#;
    let read = Document::read(newer).unwrap();
    assert_eq!(read.sections[0].items[0].kind, ItemKind::Newer("hologram".into()));
    assert_eq!(Document::read(&read.write()), Some(read.clone()));
    assert!(read.write().contains(r#""kind":"hologram""#));
    assert!(!read.is_newer());
    assert!(Document::read(r#"{"format":2}"#).unwrap().is_newer());
    assert_eq!(Document::read("not a document"), None);
    assert_eq!(read.item("p").map(|item| item.weight), Some(Weight(1)));
}

#[test]
fn an_own_text_stands_for_both_languages() {
    let mut text = Text { zh: "问候".into(), en: "Greeting".into() };
    text.write(Lang::Zh, " 问候 ");
    assert_eq!(text.r#in(Lang::En), "Greeting");
    text.write(Lang::Zh, "先问候");
    assert_eq!((text.r#in(Lang::Zh), text.r#in(Lang::En)), ("先问候", "先问候"));
}

#[test]
fn a_score_weighs_and_leaves_out_what_does_not_count() {
    let mut heavy = item("heavy", ItemKind::Score);
    heavy.weight = Weight(3);
    let mut hidden = item("hidden", ItemKind::Pass);
    hidden.hidden = true;
    let rest = [item("a", ItemKind::Pass), item("b", ItemKind::Pass), item("n", ItemKind::Words), hidden];
    let text = of([heavy].into_iter().chain(rest).collect());
    let given = answers(&[
        ("heavy", Answer::Score(3)),
        ("a", Answer::Passed(false)),
        ("b", Answer::NotApplicable),
        ("n", Answer::Words("4".into())),
        ("hidden", Answer::Passed(false)),
    ]);
    let tally = Tally::of(&text, &given);
    // 3 of 4 three times and 0 of 4 once: 9 of 16.
    assert_eq!((tally.earned, tally.possible, tally.percent()), (9, 16, Some(56)));
    assert_eq!((tally.answered, tally.asked), (4, 4));
    assert_eq!(tally.failed, ["a"]);
    assert_eq!(Tally::of(&text, &Answers::new()).percent(), None);
}

#[test]
fn one_critical_failure_fails_all() {
    let mut critical = item("c", ItemKind::Score);
    critical.critical = true;
    let text = of(vec![critical, item("a", ItemKind::Pass)]);
    let given = |score| answers(&[("c", Answer::Score(score)), ("a", Answer::Passed(true))]);
    assert_eq!(Tally::of(&text, &given(2)).percent(), Some(75));
    assert_eq!(Tally::of(&text, &given(1)).percent(), Some(0));
    let tally = Tally::of(&text, &answers(&[("c", Answer::NotApplicable), ("a", Answer::Passed(true))]));
    assert_eq!(tally.percent(), Some(100));
}

#[test]
fn a_check_is_complete_when_nothing_is_missing() {
    let mut asks = item("asks", ItemKind::Pass);
    (asks.ask_note, asks.ask_photo, asks.ask_action) = (true, true, true);
    let mut optional = item("optional", ItemKind::Words);
    optional.optional = true;
    let text = of(vec![asks, optional, item("a", ItemKind::Pass)]);
    let (no, yes) = (|_: &str| false, |_: &str| true);
    let key = |key: &str| key.to_owned();
    assert_eq!(
        missing(&text, &Answers::new(), no, no, no),
        [Missing::Answer(key("asks")), Missing::Answer(key("a"))],
        "the optional one is not missing"
    );
    let failed = answers(&[("asks", Answer::Passed(false)), ("a", Answer::Passed(false))]);
    assert_eq!(missing(&text, &failed, no, no, no), [Missing::Note(key("asks"))]);
    assert_eq!(missing(&text, &failed, yes, no, no), [Missing::Photo(key("asks"))]);
    assert_eq!(missing(&text, &failed, yes, yes, no), [Missing::Action(key("asks"))]);
    assert_eq!(missing(&text, &failed, yes, yes, yes), []);
    let passed = answers(&[("asks", Answer::Passed(true)), ("a", Answer::NotApplicable)]);
    assert_eq!(missing(&text, &passed, no, no, no), []);
}

#[test]
fn an_answer_reads_back_and_another_type_is_none() {
    let photo = PhotoRef::of(DevId([1; 16]), b"a body");
    for (kind, answer) in [
        (ItemKind::Pass, Answer::Passed(false)),
        (ItemKind::Score, Answer::Score(0)),
        (ItemKind::Score, Answer::NotApplicable),
        (ItemKind::Choice, Answer::Option(2)),
        (ItemKind::Number, Answer::Words("36.5".into())),
        // The word that marks "not applicable" elsewhere is a word here.
        (ItemKind::Words, Answer::Words("na".into())),
        (ItemKind::Newer("hologram".into()), Answer::Words("none".into())),
        (ItemKind::Photo, Answer::Photos(vec![photo, PhotoRef { dev: DevId([2; 16]), ..photo }])),
        (ItemKind::Signature, Answer::Photos(vec![photo])),
    ] {
        assert_eq!(Answer::read(&kind, &answer.store()), Some(answer));
    }
    assert_eq!(Answer::read(&ItemKind::Score, &Value::Int(5)), None);
    assert_eq!(Answer::read(&ItemKind::Pass, &Value::Int(1)), None);
    assert_eq!(Answer::read(&ItemKind::Words, &Value::Nil), None);
    assert_eq!(Answer::read(&ItemKind::Photo, &Value::Text("a word".into())), None);
    assert!(Answer::Photos(Vec::new()).store().is_nil());
}

#[test]
fn a_check_keeps_the_text_it_was_made_by() {
    let mut shop = Device::new(0);
    let first = shop.start(1, "self_check", 0, 7);
    let before = checks::document(&shop.book, &shop.book.row(check::ID, first).unwrap());
    let after = shop.edit("三秒内说欢迎");
    assert_eq!(shop.reception().current.unwrap().text, before, "a draft is not published");
    shop.publish(50);
    let now = shop.reception();
    let current = now.current.clone().unwrap();
    assert_eq!((current.number, current.text, now.draft.clone()), (2, after.clone(), None));
    assert_eq!(now.publish(&shop.book, "", 60), None, "nothing to publish");
    let second = shop.start(2, "self_check", 0, 7);
    let text = |id| checks::document(&shop.book, &shop.book.row(check::ID, id).unwrap());
    assert_eq!((text(first), text(second)), (before, after));
}

#[test]
fn two_devices_freeze_the_same_shipped_text_once() {
    let (mut a, mut b) = (Device::new(0), Device::new(1));
    a.start(1, "self_check", 0, 7);
    b.start(2, "inspection", 0, 7);
    a.hear(&b);
    assert_eq!(a.book.rows(edition::ID).count(), 1);
    assert_eq!(a.book.conflicts(edition::ID).count(), 0);
}

#[test]
fn two_texts_under_one_number_are_both_kept_and_one_counts() {
    let (mut a, mut b) = (Device::new(0), Device::new(1));
    let (_, later) = (a.edit("甲"), b.edit("乙"));
    a.publish(50);
    b.publish(60);
    a.hear(&b);
    b.hear(&a);
    assert_eq!(editions(&a.book, seven_steps()).count(), 2);
    for device in [&a, &b] {
        assert_eq!(device.reception().current.unwrap().text, later);
    }
    a.edit("丙");
    a.publish(70);
    assert_eq!(a.reception().current.unwrap().number, 3);
}

#[test]
fn the_shops_name_and_retirement_stand_over_the_shipped_ones() {
    let mut shop = Device::new(0);
    let mut draft = Draft::open(&shop.book, standard::ID, seven_steps());
    draft.set(standard::NAME, &"本店接待".to_owned()).set(standard::RETIRED, &true);
    shop.save(vec![draft.write().unwrap()]);
    let now = shop.reception();
    assert_eq!((now.name.r#in(Lang::En), now.retired), ("本店接待", true));
    let mut draft = Draft::open(&shop.book, standard::ID, seven_steps());
    draft.delete(&shop.book);
    shop.save(vec![draft.write().unwrap()]);
    assert_eq!(Standard::find(&shop.book, seven_steps()), None);
}

#[test]
fn completing_stores_the_score_and_a_later_edit_changes_both() {
    let mut shop = Device::new(0);
    let id = shop.start(1, "inspection", 0, 7);
    shop.pass_all(id);
    assert_eq!(shop.score(id), None, "not completed yet");
    let done = checks::complete(&shop.book, id, 99).unwrap();
    shop.save(vec![done]);
    assert_eq!(shop.score(id), Some(100));
    let row = |shop: &Device| shop.book.row(check::ID, id).unwrap();
    assert!(checks::edited_after(&row(&shop)).is_empty());
    shop.answer(id, "show.honest", Some(&Answer::Passed(false)));
    assert_eq!(shop.score(id), Some(0), "a critical item failed");
    assert_eq!(checks::edited_after(&row(&shop)).into_keys().collect::<Vec<_>>(), ["show.honest"]);
    shop.answer(id, "show.honest", None);
    assert_eq!(shop.score(id), Some(100));
}

#[test]
fn quick_ticks_are_the_seven_steps() {
    let mut shop = Device::new(0);
    let id = shop.start(1, checks::QUICK, 0, 7);
    let text = checks::document(&shop.book, &shop.book.row(check::ID, id).unwrap());
    let keys: Vec<_> = text.items().map(|item| (item.key.as_str(), item.na)).collect();
    // Only payment may not apply: somebody left without buying.
    let steps = ["greet", "approach", "show", "advise", "close", "pay", "farewell"];
    assert_eq!(keys, steps.map(|key| (key, key == "pay")));
    for (key, answer) in steps.into_iter().zip(0..) {
        let answer = match answer {
            5 => Answer::NotApplicable,
            n => Answer::Passed(n != 3),
        };
        shop.answer(id, key, Some(&answer));
    }
    let done = checks::complete(&shop.book, id, 99).unwrap();
    shop.save(vec![done]);
    assert_eq!(shop.score(id), Some(83), "5 of 6");
}

#[test]
fn self_check_and_inspection_of_one_week_are_laid_side_by_side() {
    const DAY: i64 = 86_400_000;
    let day = |ms: i64| -> Option<Date> { date(2026, 11, 16).checked_add(jiff::Span::new().days(ms / DAY)).ok() };
    let mut shop = Device::new(0);
    let own = shop.start(1, checks::SELF_CHECK, 0, 7);
    let seen = shop.start(2, "inspection", 6 * DAY, 7);
    let next_week = shop.start(3, "inspection", 7 * DAY, 7);
    let other = shop.start(4, "inspection", DAY, 8);
    let ticks = shop.start(5, checks::QUICK, DAY, 7);
    let open = shop.start(6, "inspection", 6 * DAY, 7);
    for id in [own, seen, next_week, other, ticks] {
        let done = checks::complete(&shop.book, id, 99).unwrap();
        shop.save(vec![done]);
    }
    let all = Check::all(&shop.book);
    let beside = |id| {
        let check = all.iter().find(|check| check.id == id).unwrap();
        check.counterpart(&all, day).map(|check| check.id)
    };
    assert_eq!(beside(own), Some(seen));
    assert_eq!(beside(seen), Some(own));
    assert_eq!([beside(next_week), beside(other), beside(ticks), beside(open)], [None; 4]);

    let text = of(vec![item("a", ItemKind::Pass), item("b", ItemKind::Score), item("n", ItemKind::Words)]);
    let own = answers(&[("a", Answer::Passed(true)), ("b", Answer::Score(4)), ("n", Answer::Words("x".into()))]);
    let seen = answers(&[("a", Answer::Passed(true)), ("b", Answer::Score(1))]);
    let apart: Vec<_> = gaps(&text, &own, &seen).iter().map(|gap| (gap.item.key.clone(), gap.is_apart())).collect();
    assert_eq!(apart, [("a".to_owned(), false), ("b".to_owned(), true)]);
}

#[test]
fn the_most_failed_item_comes_first() {
    let mut shop = Device::new(0);
    for n in 1..=3 {
        let id = shop.start(n, "inspection", i64::from(n), 7);
        shop.pass_all(id);
        shop.answer(id, "greet.post", Some(&Answer::Passed(false)));
        if n == 1 {
            shop.answer(id, "pay.wrap", Some(&Answer::Passed(false)));
        }
        if n == 2 {
            shop.answer(id, "pay.wrap", Some(&Answer::NotApplicable));
        }
        if n < 3 {
            let done = checks::complete(&shop.book, id, 99).unwrap();
            shop.save(vec![done]);
        }
    }
    let all = checks::most_failed(&shop.book, |_| true);
    let counts: Vec<_> = all.iter().map(|f| (f.failed, f.answered)).collect();
    assert_eq!(counts, [(2, 2), (1, 1)], "the third is not completed");
    assert_eq!(all[0].text, shop.reception().text().item("greet.post").unwrap().text);
    assert_eq!(checks::most_failed(&shop.book, |check| check.at == 2).len(), 1);
}

#[test]
fn an_action_goes_its_way_and_can_come_back() {
    use State::{Done, Open, Reopened, Verified};
    let all = [Open, Done, Verified, Reopened];
    let ways = |from: State| all.into_iter().filter(|next| from.leads_to(*next)).collect::<Vec<_>>();
    assert_eq!(ways(Open), [Done]);
    assert_eq!(ways(Done), [Verified, Reopened]);
    assert_eq!(ways(Verified), [Reopened]);
    assert_eq!(ways(Reopened), [Done]);

    let mut shop = Device::new(0);
    let id = RowId([1; 16]);
    let mut draft = Draft::new(action::ID, id);
    draft.set(action::WHAT, &"重贴价签".to_owned()).set(action::DUE, &date(2026, 11, 20));
    shop.save(vec![draft.write().unwrap()]);
    let row = |shop: &Device| shop.book.row(action::ID, id).unwrap();
    assert_eq!(State::of(&row(&shop)), Open);
    assert!(!is_overdue(&row(&shop), date(2026, 11, 20)));
    assert!(is_overdue(&row(&shop), date(2026, 11, 21)));
    let mut draft = Draft::open(&shop.book, action::ID, id);
    draft.set(action::STATE, &Done.key().to_owned());
    shop.save(vec![draft.write().unwrap()]);
    assert!(!is_overdue(&row(&shop), date(2026, 11, 21)));
}

#[test]
fn a_text_says_what_keeps_it_from_being_published() {
    assert_eq!(Document::default().faults(), [Fault::Empty]);
    let mut bare = item("b", ItemKind::Choice);
    bare.options = vec![Text::own(Lang::En, "one"), Text::default()];
    let mut text = of(vec![Item { text: Text::default(), ..item("a", ItemKind::Pass) }, bare]);
    assert_eq!(text.faults(), [Fault::Section("s".into()), Fault::Item("a".into()), Fault::Options("b".into())]);
    text.sections[0].title = Text::own(Lang::En, "S");
    text.sections[0].items.truncate(1);
    text.sections[0].items[0].text = Text::own(Lang::En, "A");
    assert_eq!(text.faults(), []);
}

#[test]
fn receptions_say_where_visitors_are_lost_and_what_succeeds() {
    let mut shop = Device::new(0);
    for (n, visitor, outcome, stage) in [
        (1, "just_looking", "left", "compare"),
        (2, "just_looking", "bought", ""),
        // The stage of one who bought after all does not count as a loss.
        (3, "came_to_buy", "bought", "compare"),
        (4, "", "will_return", "compare"),
    ] {
        let mut draft = Draft::new(reception::ID, RowId([n; 16]));
        draft.set(reception::VISITOR, &visitor.to_owned()).set(reception::OUTCOME, &outcome.to_owned());
        draft.set(reception::STAGE, &stage.to_owned());
        shop.save(vec![draft.write().unwrap()]);
    }
    assert_eq!(visits::losses(&shop.book).into_iter().collect::<Vec<_>>(), [("compare".to_owned(), 2)]);
    let success: Vec<_> = visits::success(&shop.book, reception::VISITOR).into_iter().collect();
    assert_eq!(success, [("came_to_buy".to_owned(), (1, 1)), ("just_looking".to_owned(), (1, 2))]);
}

#[test]
fn every_shipped_kind_of_visitor_approach_and_stage_has_its_tip() {
    for list in [lists::VISITOR, lists::APPROACH, lists::STAGE] {
        for entry in list.entries {
            assert!(tips::tip(list, entry.key).is_some(), "{} {}", list.key, entry.key);
        }
    }
    assert_eq!(tips::tip(lists::STAGE, "own entry"), None);
    assert_eq!(tips::tip(lists::ROLE, "owner"), None);
}

#[test]
fn a_shipped_standard_has_its_name_before_anything_is_written() {
    let mut shop = Device::new(0);
    let reader = Reader { lang: Lang::En, today: date(2026, 11, 21), offset: |_| 480 };
    let title = |shop: &Device, id| shop.book.title(standard::ID, id, reader);
    assert_eq!(title(&shop, seven_steps()), "Reception in seven steps");
    assert_eq!(title(&shop, RowId([9; 16])), "");
    shop.edit("甲");
    assert_eq!(title(&shop, seven_steps()), "Reception in seven steps");
}
