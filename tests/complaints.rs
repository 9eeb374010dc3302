//! Complaints from intake to close (P1–P6, P8): the rules over a real book.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use dianbu::book::{Batch, Book, DevId, Docket, Draft, Op, RowId, RowWrite, Stamp, Value};
use dianbu::domain::complaint::acts::{self, Act};
use dianbu::domain::complaint::clock::{self, Due, Rules, Urgency, What};
use dianbu::domain::complaint::{Case, ClearStep, Ending, Refusal, State, complaint, number, step};
use dianbu::domain::team::{settings, shop, staff};
use dianbu::words::Lang;
use jiff::civil::date;

const CHINA: fn(i64) -> i32 = |_| 480;
const ID: RowId = RowId([9; 16]);
const MEI: RowId = RowId([101; 16]);
const LAN: RowId = RowId([102; 16]);

/// A shop with its book and its clock, in China.
struct Shop {
    book: Book,
    opn: u64,
    now: i64,
    entries: u8,
    by: Option<RowId>,
}

/// A local time in November 2026; the 20th is a Friday.
fn at(day: i64, hour: i64, minute: i64) -> i64 {
    let epoch = date(1970, 1, 1);
    let days = i64::from(date(2026, 11, 1).since(epoch).unwrap().get_days()) + day - 1;
    ((days * 24 + hour - 8) * 60 + minute) * 60_000
}

impl Shop {
    /// A shop with two people, and a complaint taken at a moment.
    fn with_complaint(now: i64) -> Self {
        let mut shop = Self { book: Book::default(), opn: 0, now, entries: 0, by: Some(MEI) };
        shop.hire(MEI);
        shop.hire(LAN);
        shop.write(complaint::ID, ID, |draft| {
            draft.set(complaint::WORDS, &"鞋子穿三天就开胶".to_owned()).set(complaint::AT, &now);
            draft.set(complaint::STATE, &State::Received.key().to_owned());
        });
        shop
    }

    fn hire(&mut self, id: RowId) {
        self.write(staff::ID, id, |draft| {
            draft.set(staff::NAME, &"店员".to_owned());
        });
    }

    fn write(&mut self, kind: u16, id: RowId, fill: impl FnOnce(&mut Draft)) {
        let mut draft = Draft::open(&self.book, kind, id);
        fill(&mut draft);
        self.save(draft.write().into_iter().collect());
    }

    fn save(&mut self, rows: Vec<RowWrite>) {
        self.opn += 1;
        let op = Op { opn: self.opn, stamp: Stamp::at(self.opn), by: self.by, batch: None, rows };
        self.book.apply(&Batch { dev: DevId([1; 16]), ops: vec![op] });
    }

    /// First bytes of the ids in the order of the list.
    fn listed(&self) -> Vec<u8> {
        Docket::new(&self.book, CHINA).by_clock().map(|brief| brief.id.0[0]).collect()
    }

    fn act(&mut self) -> Act {
        self.entries += 2;
        let row = |n: u8| RowId([n; 16]);
        let (entry, second) = (row(self.entries), row(self.entries + 1));
        Act { entry, second, at: self.now, by: self.by, lang: Lang::En }
    }

    fn change(&mut self, to: State) -> Result<(), Refusal> {
        let act = self.act();
        let writes = acts::change(&self.book, ID, to, "因为", act)?;
        self.save(writes);
        Ok(())
    }

    fn end(&mut self, ending: Ending<'_>) -> Result<(), Refusal> {
        let act = self.act();
        let writes = acts::end(&self.book, ID, "退货", ending, act)?;
        self.save(writes);
        Ok(())
    }

    fn take(&mut self, step: ClearStep) -> Result<(), Refusal> {
        let act = self.act();
        let writes = acts::take(&self.book, ID, step, "说", "防", act)?;
        self.save(writes);
        Ok(())
    }

    fn case(&self) -> Case {
        Case::read(&self.book, ID).unwrap()
    }

    fn due(&self, now: i64) -> Due {
        clock::due(&self.case(), &Rules::of(&self.book, |_| 480), now).unwrap()
    }
}

const ACCEPTS: Ending<'_> = Ending::Customer { accepted: true, words: "行，这样可以" };

// P3

#[test]
fn numbers_run_on_by_day_and_device() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let (own, other) = (DevId([7; 16]), DevId([8; 16]));
    let day = date(2026, 11, 21);
    let first = number::next(&shop.book, own, day);
    assert!(first.starts_with("1121-") && first.ends_with("-1"), "{first}");
    assert_eq!(first.len(), "1121-K7P-1".len());
    shop.write(complaint::ID, ID, |draft| {
        draft.set(complaint::NUMBER, &first);
    });
    let second = number::next(&shop.book, own, day);
    assert_eq!(second.strip_suffix('2'), first.strip_suffix('1'), "{first} then {second}");
    assert!(number::next(&shop.book, other, day).ends_with("-1"), "another device counts for itself");
    assert!(number::next(&shop.book, own, date(2026, 11, 22)).ends_with("-1"), "every day begins anew");
    assert_eq!(number::next(&shop.book, own, date(2027, 11, 21)), second, "but a year later it goes on");
}

#[test]
fn a_deleted_complaint_keeps_its_number() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let (dev, day) = (DevId([7; 16]), date(2026, 11, 21));
    let first = number::next(&shop.book, dev, day);
    shop.write(complaint::ID, ID, |draft| {
        draft.set(complaint::NUMBER, &first);
    });
    let mut draft = Draft::open(&shop.book, complaint::ID, ID);
    draft.delete(&shop.book);
    shop.save(draft.write().into_iter().collect());
    assert!(number::next(&shop.book, dev, day).ends_with("-2"));
}

#[test]
fn device_parts_use_only_signs_that_cannot_be_mistaken_and_spread() {
    let book = Book::default();
    let mut parts = std::collections::HashSet::new();
    for n in 0..2_000_u32 {
        let mut id = [0; 16];
        // As a hash would be: every byte differs.
        for (place, byte) in id.iter_mut().enumerate() {
            *byte =
                u8::try_from((n + 1).wrapping_mul(2_654_435_761).rotate_left(u32::try_from(place).unwrap() * 5) & 255)
                    .unwrap();
        }
        let text = number::next(&book, DevId(id), date(2026, 1, 2));
        let part = text.split('-').nth(1).unwrap().to_owned();
        assert!(part.chars().all(|c| !"0OQ1ILSBZV".contains(c)), "{part}");
        parts.insert(part);
    }
    // 2,000 devices over 15,625 parts: by chance about 1,877 differ.
    assert!(parts.len() > 1_800, "{}", parts.len());
}

// P5

#[test]
fn the_main_line_goes_forward_and_every_change_is_in_the_log() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    for to in [State::Acknowledged, State::Assessed, State::Investigated, State::Answered, State::Decided] {
        shop.now += 60_000;
        shop.change(to).unwrap();
        assert_eq!(shop.case().state(), to);
    }
    shop.end(ACCEPTS).unwrap();
    let case = shop.case();
    assert_eq!(case.state(), State::Closed);
    let log: Vec<_> = case.log.iter().filter_map(dianbu::domain::complaint::Entry::state).collect();
    assert_eq!(log.len(), 6, "one entry for each change: {log:?}");
    assert!(
        case.log.iter().all(|entry| !entry.row.text(step::WORDS).is_empty() && entry.row.get(step::STAFF) == Some(MEI))
    );
    assert_eq!(case.row.text(complaint::CUSTOMER_SAYS), "行，这样可以");
    assert_eq!(case.row.get(complaint::ACCEPTED), Some(true));
    assert_eq!(case.row.text(complaint::DECISION), "退货");
    assert_eq!(case.row.get(complaint::CLOSED), Some(shop.now));
}

#[test]
fn no_way_leads_back_or_past_the_acknowledgement() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    assert_eq!(shop.end(ACCEPTS), Err(Refusal::NotNow), "nobody has spoken with the customer yet");
    shop.change(State::Answered).unwrap();
    assert_eq!(shop.change(State::Acknowledged), Err(Refusal::NotNow));
    assert_eq!(shop.change(State::Received), Err(Refusal::NotNow));
    assert_eq!(shop.change(State::Closed), Err(Refusal::NotNow), "closing asks for the customer's decision");
    assert_eq!(shop.change(State::Reopened), Err(Refusal::NotNow));
    shop.change(State::Investigated).unwrap();
    assert_eq!(shop.case().reached(), State::Investigated, "the customer did not take the answer");
}

#[test]
fn a_change_needs_a_reason() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let act = shop.act();
    assert_eq!(acts::change(&shop.book, ID, State::Acknowledged, "  ", act), Err(Refusal::NoWords));
}

#[test]
fn waiting_and_referred_lead_back_to_where_it_was() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    for to in [State::Investigated, State::Waiting, State::Referred] {
        shop.now += 60_000;
        shop.change(to).unwrap();
    }
    assert_eq!(shop.case().next_states().first(), Some(&State::Investigated));
    assert!(!shop.case().next_states().contains(&State::Referred));
    assert!(shop.case().next_states().contains(&State::Answered));
}

#[test]
fn what_is_received_and_waits_can_only_be_resumed_forward() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Waiting).unwrap();
    assert_eq!(shop.case().next_states().first(), Some(&State::Acknowledged));
    assert!(!shop.case().next_states().contains(&State::Received));
}

#[test]
fn a_reopened_complaint_begins_anew_and_forgets_nothing() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Answered).unwrap();
    shop.now += 60_000;
    shop.take(ClearStep::Control).unwrap();
    shop.end(ACCEPTS).unwrap();
    assert_eq!(shop.case().next_states(), [State::Reopened]);
    shop.now += 60_000;
    shop.change(State::Reopened).unwrap();
    let case = shop.case();
    assert_eq!((case.state(), case.reached()), (State::Reopened, State::Received));
    assert_eq!(case.row.get(complaint::CLOSED), None);
    assert_eq!(case.row.text(complaint::CUSTOMER_SAYS), "");
    assert_eq!(case.next_step(), Some(ClearStep::Control), "the steps are taken again");
    assert_eq!(case.log.len(), 4, "the log keeps all");
}

#[test]
fn praise_is_heard_and_ended() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.write(complaint::ID, ID, |draft| {
        draft.set(complaint::VOICE, &"praise".to_owned());
    });
    let case = shop.case();
    assert_eq!(case.next_step(), None);
    assert!(clock::due(&case, &Rules::of(&shop.book, |_| 480), at(29, 10, 0)).is_none());
    assert!(!case.next_states().contains(&State::Investigated));
    shop.end(Ending::Customer { accepted: true, words: "谢谢" }).unwrap();
    assert_eq!(shop.case().row.get(complaint::ACCEPTED), None, "there was nothing to accept");
}

#[test]
fn a_record_from_a_file_with_a_decision_is_settled() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.write(complaint::ID, ID, |draft| {
        draft.clear(complaint::STATE).set(complaint::DECISION, &"Closed with explanation".to_owned());
    });
    assert_eq!(shop.case().state(), State::Closed);
}

// P5, P8

#[test]
fn closing_needs_the_customers_words_or_an_approval() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Answered).unwrap();
    let mute = Ending::Customer { accepted: true, words: " " };
    assert_eq!(shop.end(mute), Err(Refusal::NoCustomerWords));
    assert_eq!(shop.end(Ending::Hopeless { approved: None, why: "联系不上" }), Err(Refusal::NoApproval));
    assert_eq!(shop.end(Ending::Hopeless { approved: Some(LAN), why: "" }), Err(Refusal::NoWords));
    shop.end(Ending::Hopeless { approved: Some(LAN), why: "联系不上" }).unwrap();
    assert_eq!(shop.case().row.get(complaint::HOPELESS), Some(LAN));
    assert_eq!(shop.case().row.get(complaint::ACCEPTED), None);
}

#[test]
fn whoever_is_the_cause_cannot_end_it_alone() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Answered).unwrap();
    shop.write(complaint::ID, ID, |draft| {
        draft.set(complaint::CAUSE, &MEI);
    });
    assert_eq!(shop.end(ACCEPTS), Err(Refusal::CauseEnds));
    assert_eq!(shop.change(State::Withdrawn), Err(Refusal::CauseEnds), "withdrawing ends it too");
    shop.change(State::Decided).unwrap();
    shop.by = None;
    assert_eq!(shop.end(ACCEPTS), Err(Refusal::WhoActs));
    shop.by = Some(LAN);
    let by_cause = Ending::Hopeless { approved: Some(MEI), why: "联系不上" };
    assert_eq!(shop.end(by_cause), Err(Refusal::CauseApproves));
    shop.end(ACCEPTS).unwrap();
}

#[test]
fn a_shop_without_a_list_of_staff_can_still_close() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    for id in [MEI, LAN] {
        let mut draft = Draft::open(&shop.book, staff::ID, id);
        draft.delete(&shop.book);
        shop.save(draft.write().into_iter().collect());
    }
    shop.by = None;
    shop.change(State::Answered).unwrap();
    shop.end(ACCEPTS).unwrap();
}

// P4, P6

#[test]
fn the_steps_of_clear_ask_for_their_words() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let mut take = |step, said, prevention| {
        let act = shop.act();
        let writes = acts::take(&shop.book, ID, step, said, prevention, act);
        writes.map(|writes| shop.save(writes))
    };
    assert_eq!(take(ClearStep::Listen, " ", ""), Err(Refusal::NoWords));
    assert_eq!(take(ClearStep::Resolve, "退货", ""), Err(Refusal::NoPrevention));
    take(ClearStep::Control, "", "").unwrap();
    take(ClearStep::Resolve, "退货", "进货时查胶").unwrap();
    let case = shop.case();
    assert_eq!(case.row.text(complaint::PREVENTION), "进货时查胶");
    assert!(case.is_done(ClearStep::Control) && !case.is_done(ClearStep::Listen));
    assert_eq!(case.next_step(), Some(ClearStep::Listen));
}

#[test]
fn the_first_step_with_the_customer_acknowledges() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.take(ClearStep::Control).unwrap();
    assert_eq!(shop.case().state(), State::Acknowledged);
    let log: Vec<_> = shop.case().log.iter().map(|entry| entry.row.text(step::STEP).to_owned()).collect();
    assert_eq!(log, ["state", "control"]);
    shop.take(ClearStep::Listen).unwrap();
    assert_eq!(shop.case().log.len(), 3, "only once");
}

#[test]
fn handing_over_changes_who_handles_it_and_says_so() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let act = shop.act();
    assert_eq!(acts::hand_over(&shop.book, ID, None, "下班", act), Err(Refusal::NoColleague));
    let writes = acts::hand_over(&shop.book, ID, Some(LAN), "下班", act).unwrap();
    assert_eq!(writes.len(), 2, "in one transaction");
    shop.save(writes);
    assert_eq!(shop.case().row.get(complaint::STAFF), Some(LAN));
    assert_eq!(shop.case().log[0].row.text(step::STEP), "handover");
}

#[test]
fn a_correction_is_an_addition() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Acknowledged).unwrap();
    let wrong = shop.case().log[0].id;
    let act = shop.act();
    let writes = acts::note(ID, Some(wrong), "其实是四天", act).unwrap();
    shop.save(writes);
    let case = shop.case();
    assert_eq!(case.log.len(), 2);
    let correction = case.log.iter().find(|entry| entry.id == act.entry).unwrap();
    assert_eq!(correction.row.get(step::CORRECTS), Some(wrong));
}

// P2, P6, G6

#[test]
fn the_list_begins_with_what_runs_over_first() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let states = [("closed", 1), ("waiting", 2), ("acknowledged", 3), ("acknowledged", 4), ("received", 5)];
    for (state, n) in states {
        shop.write(complaint::ID, RowId([n; 16]), |draft| {
            draft.set(complaint::AT, &at(20 - i64::from(n), 10, 0)).set(complaint::STATE, &state.to_owned());
        });
    }
    assert_eq!(shop.listed(), [5, 4, 3, 9, 2, 1]);
}

#[test]
fn what_is_half_read_of_the_list_follows_changes_too() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let id = |n: u8| RowId([n; 16]);
    for n in 20..60 {
        shop.write(complaint::ID, id(n), |draft| {
            draft.set(complaint::AT, &at(20, 10, i64::from(n))).set(complaint::STATE, &"received".to_owned());
        });
    }
    let act = shop.act();
    shop.save(acts::change(&shop.book, ID, State::Acknowledged, "因为", act).unwrap());
    for slices in 0..8 {
        let mut docket = Docket::empty(&shop.book, CHINA);
        for _ in 0..slices {
            docket.read_on(&shop.book, 10);
        }
        let mut rows = Vec::new();
        for (n, state) in [(21, State::Withdrawn), (58, State::Acknowledged)] {
            let act = shop.act();
            let Some(writes) = acts::change(&shop.book, id(n), state, "因为", act).ok() else { continue };
            rows.extend(writes.iter().map(|write| (write.kind, write.id)));
            shop.save(writes);
        }
        let new = id(100 + slices);
        shop.write(complaint::ID, new, |draft| {
            draft.set(complaint::AT, &at(19, 10, 0)).set(complaint::STATE, &"received".to_owned());
        });
        rows.push((complaint::ID, new));
        assert!(docket.update(&shop.book, &rows));
        while docket.read_on(&shop.book, 10) {}
        let all = |docket: &Docket| docket.by_clock().copied().collect::<Vec<_>>();
        assert_eq!(all(&docket), all(&Docket::new(&shop.book, CHINA)), "{slices} slices");
    }
}

#[test]
fn the_list_follows_every_change() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let mut docket = Docket::new(&shop.book, CHINA);
    let agrees = |docket: &Docket, shop: &Shop| {
        let all = |docket: &Docket| docket.by_clock().copied().collect::<Vec<_>>();
        let fresh = Docket::new(&shop.book, CHINA);
        assert_eq!(all(docket), all(&fresh));
        for brief in docket.by_clock() {
            assert_eq!(docket.case(&shop.book, brief.id), Case::read(&shop.book, brief.id));
        }
    };
    let many: Vec<RowId> = (0..200).map(|n| RowId([n, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])).collect();
    let take = |shop: &mut Shop, docket: &mut Docket, ids: &[RowId]| {
        for (n, id) in (0_i64..).zip(ids) {
            shop.write(complaint::ID, *id, |draft| {
                draft.set(complaint::AT, &at(20 - n % 13, 10, n % 60)).set(complaint::STATE, &"received".to_owned());
            });
        }
        let rows: Vec<_> = ids.iter().map(|id| (complaint::ID, *id)).collect();
        assert!(docket.update(&shop.book, &rows));
        agrees(docket, shop);
    };
    // One, a few, and more than are moved one by one.
    take(&mut shop, &mut docket, &many[..1]);
    take(&mut shop, &mut docket, &many[1..40]);
    take(&mut shop, &mut docket, &many[40..]);
    // A change of state is written to the complaint and its log; the log alone makes the time run or stand still.
    for state in [State::Acknowledged, State::Waiting, State::Investigated, State::Withdrawn, State::Reopened] {
        shop.now += 3_600_000;
        let act = shop.act();
        let writes = acts::change(&shop.book, ID, state, "因为", act).unwrap();
        let rows: Vec<_> = writes.iter().map(|write| (write.kind, write.id)).collect();
        shop.save(writes);
        assert!(docket.update(&shop.book, &rows));
        agrees(&docket, &shop);
    }
    // Deleted and brought back.
    for delete in [true, false] {
        shop.write(complaint::ID, ID, |draft| {
            if delete {
                draft.delete(&Book::default())
            } else {
                draft.restore()
            };
        });
        assert!(docket.update(&shop.book, &[(complaint::ID, ID)]));
        agrees(&docket, &shop);
        assert_eq!(docket.by_clock().any(|brief| brief.id == ID), !delete);
    }
    // Another working time moves all of them.
    shop.write(settings::ID, RowId([3; 16]), |draft| {
        draft.set(settings::HOURS, &"10-12".to_owned());
    });
    assert!(!docket.update(&shop.book, &[(settings::ID, RowId([3; 16]))]));
}

#[test]
fn first_it_is_acknowledged_then_answered_then_solved() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    let due = shop.due(at(20, 10, 1));
    assert_eq!((due.what, due.at, due.left), (What::Acknowledge, Some(at(20, 10, 15)), 14));
    assert_eq!(clock::answer_by(&shop.case(), &Rules::of(&shop.book, |_| 480)), Some(at(22, 10, 0)));
    shop.now = at(20, 10, 5);
    shop.change(State::Acknowledged).unwrap();
    // 24 open hours at twelve a day: Sunday at ten.
    let due = shop.due(at(20, 11, 0));
    assert_eq!((due.what, due.at, due.left), (What::Answer, Some(at(22, 10, 0)), 23 * 60));
    assert_eq!(due.urgency, Urgency::Calm);
    shop.now = at(20, 12, 0);
    shop.change(State::Answered).unwrap();
    // Five working days from Friday at ten: the next Friday at ten.
    let due = shop.due(at(20, 13, 0));
    assert_eq!((due.what, due.at, due.day), (What::Solve, Some(at(27, 10, 0)), Some(720)));
}

#[test]
fn the_clock_changes_its_colour() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Acknowledged).unwrap();
    assert_eq!(shop.due(at(21, 15, 59)).urgency, Urgency::Calm);
    assert_eq!(shop.due(at(21, 16, 0)).urgency, Urgency::Soon, "the last six of twenty-four hours");
    assert_eq!(shop.due(at(22, 10, 0)).urgency, Urgency::Soon);
    let over = shop.due(at(22, 11, 30));
    assert_eq!((over.urgency, over.left, over.at), (Urgency::Over, -90, Some(at(22, 10, 0))));
    // The night does not count, not even when it has run over.
    assert_eq!(shop.due(at(23, 3, 0)).left, -11 * 60);
}

#[test]
fn the_clock_stands_still_while_the_customer_is_awaited() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Acknowledged).unwrap();
    shop.now = at(20, 12, 0);
    shop.change(State::Waiting).unwrap();
    let due = shop.due(at(25, 12, 0));
    assert_eq!((due.urgency, due.at, due.left), (Urgency::Paused, None, 22 * 60));
    shop.now = at(21, 12, 0);
    shop.change(State::Acknowledged).unwrap();
    // Two hours are used; twenty-two are left from Saturday noon.
    assert_eq!(shop.due(at(21, 12, 0)).at, Some(at(23, 10, 0)));
}

#[test]
fn what_ran_over_before_the_pause_stays_run_over() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.change(State::Acknowledged).unwrap();
    shop.now = at(22, 12, 0);
    shop.change(State::Waiting).unwrap();
    shop.now = at(23, 12, 0);
    shop.change(State::Acknowledged).unwrap();
    let due = shop.due(at(23, 13, 0));
    assert_eq!((due.at, due.left), (Some(at(22, 10, 0)), -180));
}

#[test]
fn a_serious_one_has_half_the_time() {
    let mut shop = Shop::with_complaint(at(20, 10, 0));
    shop.write(complaint::ID, ID, |draft| {
        draft.set(complaint::SEVERITY, &"serious".to_owned());
    });
    shop.change(State::Acknowledged).unwrap();
    assert_eq!(shop.due(at(20, 10, 0)).at, Some(at(21, 10, 0)));
}

#[test]
fn limits_and_hours_are_the_shops_own() {
    let mut own = Shop::with_complaint(at(20, 10, 0));
    own.change(State::Acknowledged).unwrap();
    own.write(settings::ID, RowId([50; 16]), |draft| {
        draft.set(settings::ANSWER_HOURS, &2).set(settings::HOURS, &"10:00-11:00 14:00-20:00".to_owned());
        draft.add(settings::DAYS_OFF, b"2026-11-21", Value::Bool(true));
    });
    assert_eq!(own.due(at(20, 10, 0)).at, Some(at(20, 15, 0)));
    let branch = RowId([51; 16]);
    own.write(shop::ID, branch, |draft| {
        draft.set(shop::HOURS, &"8-11".to_owned());
    });
    own.write(complaint::ID, ID, |draft| {
        draft.set(complaint::SHOP, &branch);
    });
    assert_eq!(own.due(at(20, 10, 0)).at, Some(at(22, 9, 0)), "the branch closes at eleven, and Saturday is off");
}

#[test]
fn a_reopened_complaint_has_new_clocks() {
    let mut shop = Shop::with_complaint(at(2, 10, 0));
    shop.change(State::Answered).unwrap();
    shop.end(ACCEPTS).unwrap();
    assert!(clock::due(&shop.case(), &Rules::of(&shop.book, |_| 480), at(20, 9, 0)).is_none());
    shop.now = at(20, 10, 0);
    shop.change(State::Reopened).unwrap();
    let due = shop.due(at(20, 10, 0));
    assert_eq!((due.what, due.at), (What::Answer, Some(at(22, 10, 0))));
}
