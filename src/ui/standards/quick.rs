//! Quick ticks (S6): the seven steps for one served customer, one screen, one thumb, under 20 seconds.
//!
//! The ticks begin empty. Beginning with all of them set would save at most seven taps, and a screen that says "all
//! done" before anything is remembered measures the thumb and not the service.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose::AskMe;
use crate::book::{Draft, RowId};
use crate::domain::standard::check;
use crate::domain::standard::checks::{self, Check, QUICK, READ};
use crate::domain::standard::document::{Document, Item};
use crate::domain::standard::scoring::{Answer, Answers, Tally};
use crate::domain::standard::shelf::Standard;
use crate::domain::standard::shipped;
use crate::session::{Changed, Saved};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, PageHead, Tick};
use crate::web::clock;

/// What is ticked: the steps done, and the steps that did not apply.
#[derive(Clone, Copy)]
struct Ticks {
    done: RwSignal<BTreeSet<String>>,
    na: RwSignal<BTreeSet<String>>,
}

/// The screen of quick ticks.
#[component]
pub fn QuickTicks() -> impl IntoView {
    let app = App::here();
    let steps = Memo::new(move |_| {
        let standard = app.read(&READ, |book| Standard::find(book, shipped::id(shipped::RECEPTION)));
        standard.and_then(|standard| standard.current).map(|now| now.text.by_step()).unwrap_or_default()
    });
    let ticks = Ticks { done: RwSignal::default(), na: RwSignal::default() };
    let who = RwSignal::new(app.me.get_untracked());
    let today = Memo::new(move |_| {
        let reader = app.reader();
        let is_today = |check: &Check| reader.local(check.at).is_some_and(|(day, ..)| day == reader.today);
        let all = app.read(&[check::ID], Check::all);
        all.iter().filter(|check| check.usage == QUICK && is_today(check)).count()
    });
    let saving = RwSignal::new(false);
    let last = RwSignal::new(None::<(Saved, String)>);
    let save = Callback::new(move |()| {
        if !saving.get_untracked() {
            saving.set(true);
            spawn_local(async move {
                if let Some(noted) = save(app, steps.get_untracked(), ticks, who.get_untracked()).await {
                    last.try_set(Some(noted));
                }
                saving.try_set(false);
            });
        }
    });
    let items = move || steps.with(|steps| steps.items().cloned().collect::<Vec<_>>());
    let label = Signal::derive(move || {
        let (all, done) = (steps.with(|steps| steps.items().count()), ticks.done.with(BTreeSet::len));
        let all = all - ticks.na.with(BTreeSet::len);
        app.fill("保存 {} / {}", "Save {} / {}", &[&done.to_string(), &all.to_string()])
    });
    let title = app.t("七步快记", "Quick ticks");
    view! {
        <PageHead title back="#/standards" back_label=app.t("返回标准", "Back to standards") />
        <p class="tip">{move || app.fill(
            "想着刚接待的这一位顾客，做到的打勾。今日已记 {} 位。",
            "Think of the customer you have just served and tick what you did. {} noted today.",
            &[&today.get().to_string()],
        )}</p>
        <AskMe label=app.t("接待人", "Served by") value=who />
        <div class="quick" role="group" aria-label=title>
            <For each=items key=|item| item.clone() children=move |item| view! { <StepTick item ticks /> } />
        </div>
        <div class="finish">
            <LastNoted last />
            <Button label kind=ButtonKind::Primary wide=true busy=saving on_press=save />
        </div>
    }
}

/// What was noted last, with its undo. It stands above the button: a toast would lie over it while the next customer
/// is noted.
#[component]
fn LastNoted(last: RwSignal<Option<(Saved, String)>>) -> impl IntoView {
    let app = App::here();
    let words = move || {
        last.with(|last| {
            last.as_ref().map(|(_, count)| app.fill("已记录，{} 步做到。", "Noted: {} steps done.", &[count]))
        })
    };
    let undo = Callback::new(move |()| {
        let Some((saved, _)) = last.get_untracked() else { return };
        last.set(None);
        let rows = match saved.changed {
            Changed::Rows(rows) => Some(rows),
            Changed::All => None,
        };
        spawn_local(async move { app.revert(saved.span, rows.as_deref()).await });
    });
    view! {
        <div class="noted" role="status">
            {move || words().map(|words| view! {
                <span>{words}</span>
                <Button label=app.t("撤销", "Undo") icon=Icon::Undo kind=ButtonKind::Plain on_press=undo />
            })}
        </div>
    }
}

/// One step: its tick, and where it may not apply, the tick for that.
#[component]
fn StepTick(item: Item, ticks: Ticks) -> impl IntoView {
    let app = App::here();
    let key = StoredValue::new(item.key.clone());
    let (text, na) = (StoredValue::new(item.text), item.na);
    let name = move || text.with_value(|text| text.r#in(app.lang.get()).to_owned());
    let is = move |set: RwSignal<BTreeSet<String>>| key.with_value(|key| set.with(|set| set.contains(key)));
    let put = move |set: RwSignal<BTreeSet<String>>, on: bool| {
        set.update(|set| {
            if on {
                set.insert(key.get_value())
            } else {
                set.remove(&key.get_value())
            };
        });
    };
    let skip = Signal::derive(move || is(ticks.na));
    let skip_words = Signal::derive(move || app.fill("不适用：{}", "Not applicable: {}", &[&name()]));
    view! {
        <Tick
            label=Signal::derive(name)
            checked=Signal::derive(move || is(ticks.done))
            disabled=skip
            on_change=Callback::new(move |on| put(ticks.done, on))
        />
        {na.then(|| view! {
            <div class="skip-step"><Tick
                label=skip_words
                checked=skip
                on_change=Callback::new(move |on| {
                    put(ticks.na, on);
                    put(ticks.done, false);
                })
            /></div>
        })}
    }
}

/// Saves the ticks as a completed check and makes the screen ready for the next customer.
async fn save(app: App, steps: Document, ticks: Ticks, who: Option<RowId>) -> Option<(Saved, String)> {
    let given: Answers = steps
        .items()
        .map(|item| {
            let na = ticks.na.with_untracked(|set| set.contains(&item.key));
            let done = ticks.done.with_untracked(|set| set.contains(&item.key));
            (item.key.clone(), if na { Answer::NotApplicable } else { Answer::Passed(done) })
        })
        .collect();
    let now = i64::try_from(clock::now_ms()).unwrap_or(i64::MAX);
    let tally = Tally::of(&steps, &given);
    let rows = app.peek(|book| {
        let standard = Standard::find(book, shipped::id(shipped::RECEPTION))?;
        checks::start(book, &standard, app.new_id(), |draft| fill(draft, &given, &tally, who, now))
    });
    let saved = app.save(rows?).await?;
    let count = given.values().filter(|answer| **answer == Answer::Passed(true)).count();
    ticks.done.try_set(BTreeSet::new());
    ticks.na.try_set(BTreeSet::new());
    Some((saved, count.to_string()))
}

fn fill(draft: &mut Draft, given: &Answers, tally: &Tally, who: Option<RowId>, now: i64) {
    draft.set(check::USE, &QUICK.to_owned()).set(check::AT, &now).set(check::DONE, &now);
    if let Some(who) = who {
        draft.set(check::STAFF, &who);
    }
    for (key, answer) in given {
        draft.add(check::ANSWERS, key.as_bytes(), answer.store());
    }
    checks::put_score(draft, tally);
}
