//! One item of a check being run: the answer by its kind, and what a failure asks for.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::check::Open;
use super::follow_up::FollowUp;
use super::kept::{KeptWords, Lines, kept_as};
use crate::book::PhotoRef;
use crate::domain::standard::checks;
use crate::domain::standard::document::{Item, ItemKind};
use crate::domain::standard::scoring::{Answer, Missing};
use crate::ui::app::App;
use crate::ui::parts::{Chips, Choice, PassFail, ScoreDots, TextKind, Tick, Verdict};
use crate::ui::photos::{PhotosPut, SignatureOf};

/// One item with everything that belongs to it.
#[component]
pub fn ItemView(
    /// The check.
    open: Open,
    /// The item.
    item: Item,
    /// What the check still needs.
    lacking: Memo<Vec<Missing>>,
) -> impl IntoView {
    let app = App::here();
    let key = StoredValue::new(item.key.clone());
    let answer = Memo::new(move |_| key.with_value(|key| open.answers.with(|all| all.get(key).cloned())));
    let failed = Memo::new(move |_| answer.with(|answer| answer.as_ref().is_some_and(Answer::is_failure)));
    let lack =
        Memo::new(move |_| key.with_value(|key| lacking.with(|all| all.iter().find(|one| one.key() == key).cloned())));
    let tip = item.tip.clone();
    let tip = (!tip.is_empty()).then(|| view! { <p class="tip">{move || tip.r#in(app.lang.get()).to_owned()}</p> });
    let lack_words = move || {
        Some(match lack.get()? {
            Missing::Answer(_) => app.say("请回答这一项。", "Please answer this."),
            Missing::Note(_) => app.say("请说明不合格的原因。", "Please say why it failed."),
            Missing::Photo(_) => app.say("请拍下不合格的地方。", "Please take a photo of what failed."),
            Missing::Action(_) => app.say("请为这一项安排整改。", "Please make a corrective action."),
        })
    };
    let item = StoredValue::new(item);
    view! {
        <li id=format!("item-{}", key.get_value()) tabindex="-1">
            <AnswerView open item answer />
            {tip}
            {move || lack_words().map(|words| view! { <p class="error">{words}</p> })}
            <FollowUp open item failed />
        </li>
    }
}

/// The control for the answer, by the kind of the item.
#[component]
fn AnswerView(open: Open, item: StoredValue<Item>, answer: Memo<Option<Answer>>) -> impl IntoView {
    let app = App::here();
    let label = Signal::derive(move || item.with_value(|item| item.text.r#in(app.lang.get()).to_owned()));
    let give = Callback::new(move |answer: Answer| give(app, open, &item.with_value(|item| item.key.clone()), &answer));
    let (kind, na) = item.with_value(|item| (item.kind.clone(), item.na));
    match kind {
        ItemKind::Pass => {
            let value = Signal::derive(move || match answer.get()? {
                Answer::Passed(true) => Some(Verdict::Pass),
                Answer::Passed(false) => Some(Verdict::Fail),
                _ => Some(Verdict::NotApplicable),
            });
            let on_change = Callback::new(move |verdict| {
                give.run(match verdict {
                    Verdict::Pass => Answer::Passed(true),
                    Verdict::Fail => Answer::Passed(false),
                    Verdict::NotApplicable => Answer::NotApplicable,
                });
            });
            let (pass_label, fail_label) = (app.t("合格", "Pass"), app.t("不合格", "Fail"));
            if na {
                let na_label = app.t("不适用", "N/A");
                view! { <PassFail label value on_change pass_label fail_label na_label /> }.into_any()
            } else {
                view! { <PassFail label value on_change pass_label fail_label /> }.into_any()
            }
        }
        ItemKind::Score => view! { <ScoreView label item answer give na /> }.into_any(),
        ItemKind::Choice => view! { <OptionView label item answer give na /> }.into_any(),
        ItemKind::Number => view! { <WordsView label open item lines=Lines::One(TextKind::Decimal) /> }.into_any(),
        ItemKind::Photo => {
            let photos = photos_of(answer);
            let put = Callback::new(move |photos: Vec<PhotoRef>| give.run(Answer::Photos(photos)));
            view! { <PhotosPut label photos put /> }.into_any()
        }
        ItemKind::Signature => {
            let signed = Signal::derive(move || photos_of(answer).get().first().copied());
            let sign = Callback::new(move |photo: PhotoRef| give.run(Answer::Photos(vec![photo])));
            view! { <SignatureOf label signed sign /> }.into_any()
        }
        ItemKind::Words | ItemKind::Newer(_) => view! { <WordsView label open item lines=Lines::Many /> }.into_any(),
    }
}

fn photos_of(answer: Memo<Option<Answer>>) -> Signal<Vec<PhotoRef>> {
    Signal::derive(move || match answer.get() {
        Some(Answer::Photos(photos)) => photos,
        _ => Vec::new(),
    })
}

#[component]
fn ScoreView(
    label: Signal<String>,
    item: StoredValue<Item>,
    answer: Memo<Option<Answer>>,
    give: Callback<Answer>,
    na: bool,
) -> impl IntoView {
    let app = App::here();
    let value = Signal::derive(move || if let Some(Answer::Score(score)) = answer.get() { Some(score) } else { None });
    let sentences = Signal::derive(move || {
        let lang = app.lang.get();
        item.with_value(|item| item.options.iter().map(|text| text.r#in(lang).to_owned()).collect::<Vec<_>>())
    });
    view! {
        <ScoreDots label value sentences on_change=Callback::new(move |score| give.run(Answer::Score(score))) />
        {na.then(|| view! { <NotApplicable answer give /> })}
    }
}

#[component]
fn OptionView(
    label: Signal<String>,
    item: StoredValue<Item>,
    answer: Memo<Option<Answer>>,
    give: Callback<Answer>,
    na: bool,
) -> impl IntoView {
    let app = App::here();
    let value = Signal::derive(move || match answer.get() {
        Some(Answer::Option(place)) => place.to_string(),
        _ => String::new(),
    });
    let choices = Signal::derive(move || {
        let lang = app.lang.get();
        let option = |(place, text): (usize, &crate::domain::standard::document::Text)| {
            Choice::new(place.to_string(), text.r#in(lang))
        };
        item.with_value(|item| item.options.iter().enumerate().map(option).collect::<Vec<_>>())
    });
    let on_choose = Callback::new(move |place: String| {
        if let Ok(place) = place.parse() {
            give.run(Answer::Option(place));
        }
    });
    view! {
        <Chips label value choices on_choose />
        {na.then(|| view! { <NotApplicable answer give /> })}
    }
}

/// The tick that takes an item out of the count. It cannot be taken back but by an answer.
#[component]
fn NotApplicable(answer: Memo<Option<Answer>>, give: Callback<Answer>) -> impl IntoView {
    let app = App::here();
    let checked = Signal::derive(move || answer.get() == Some(Answer::NotApplicable));
    view! {
        <Tick
            label=app.t("不适用", "Not applicable")
            checked
            disabled=checked
            on_change=Callback::new(move |_| give.run(Answer::NotApplicable))
        />
    }
}

#[component]
fn WordsView(label: Signal<String>, open: Open, item: StoredValue<Item>, lines: Lines) -> impl IntoView {
    let app = App::here();
    let key = StoredValue::new(item.with_value(|item| item.key.clone()));
    let stored = Signal::derive(move || {
        key.with_value(|key| {
            open.answers
                .with(|all| if let Some(Answer::Words(text)) = all.get(key) { text.clone() } else { String::new() })
        })
    });
    let write = Callback::new(move |text: String| {
        let given = (!text.is_empty()).then_some(Answer::Words(text));
        key.with_value(|key| app.peek(|book| checks::answer(book, open.id, key, given.as_ref())))
    });
    let form = key.with_value(|key| kept_as(app, open.id, "answer", key));
    view! { <KeptWords label stored form write lines /> }
}

/// Saves one answer.
fn give(app: App, open: Open, key: &str, answer: &Answer) {
    let write = app.peek(|book| checks::answer(book, open.id, key, Some(answer)));
    if let Some(write) = write {
        // A refusal has been said by the app, and the answer counts as not given.
        spawn_local(async move { drop(app.save(vec![write]).await) });
    }
}
