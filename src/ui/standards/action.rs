//! One corrective action (S4): done with evidence, re-checked, verified or reopened with a reason.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Missing;
use super::actions::badge;
use super::words::{joined, standard_name};
use crate::book::photo::{self, PhotoRef};
use crate::book::{Draft, Reader, Row, RowId};
use crate::domain::standard::checks::{self, Check};
use crate::domain::standard::correction::State;
use crate::domain::standard::{action, check, edition, standard};
use crate::domain::team::entry;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Banner, Button, ButtonKind, CardHead, Form, KeyValue, KeyValues, Menu, MenuItem, PageHead, Section,
    TextArea, Tone,
};
use crate::ui::photos::PhotosPut;
use crate::ui::record::{Conflicts, FactsOf, RecordTimeline};
use crate::ui::route;
use crate::web::clock;

/// The card of an action.
#[component]
pub fn ActionCard(
    /// The action.
    id: RowId,
) -> impl IntoView {
    let app = App::here();
    let row = Memo::new(move |_| app.read(&[action::ID], |book| book.live(action::ID, id)));
    let there = Memo::new(move |_| row.with(Option::is_some));
    move || {
        if there.get() { view! { <Card id row /> }.into_any() } else { view! { <Missing /> }.into_any() }
    }
}

#[component]
fn Card(id: RowId, row: Memo<Option<Row>>) -> impl IntoView {
    let app = App::here();
    let title = Signal::derive(move || {
        row.with(|row| row.as_ref().map(|row| row.text(action::WHAT).to_owned())).unwrap_or_default()
    });
    let mark = Signal::derive(move || {
        let reader = app.reader();
        row.with(|row| row.as_ref().map(|row| app.read(&[entry::ID], |book| badge(book, row, reader))))
            .unwrap_or_default()
    });
    let marks = move || {
        move || {
            let (label, tone) = mark.get();
            view! { <Badge label=Signal::stored(label) tone /> }
        }
    };
    let items = Signal::derive(move || {
        let label = app.say("删除这项整改", "Delete this action").to_owned();
        vec![MenuItem { value: "delete".to_owned(), label, icon: Icon::Delete, danger: true }]
    });
    let delete = Callback::new(move |_| {
        let write = app.peek(|book| Draft::open(book, action::ID, id).delete(book).write());
        route::replace("/standards/actions");
        let text = app.say("整改已移到回收站。", "The action is in the recycle bin.").to_owned();
        app.save_with_undo(write.into_iter().collect(), text);
    });
    let actions = move || view! { <Menu label=app.t("更多操作", "More actions") items on_choose=delete /> };
    // The title says what is to be done, the origin which item it is about.
    let all = action::RECORD.sections.first().map(|section| section.fields).unwrap_or_default();
    let who = all.iter().position(|field| field.id == action::STAFF.field);
    let fields = who.and_then(|at| all.get(at..)).unwrap_or(all);
    view! {
        <PageHead
            title=app.t("整改", "Corrective action") bare=true actions
            back="#/standards/actions" back_label=app.t("返回整改", "Back to actions")
        />
        <CardHead title marks />
        <Conflicts kind_id=action::ID id=Signal::stored(id) />
        <FactsOf kind_id=action::ID id=Signal::stored(id) fields />
        <Origin row />
        <NextStep id row />
        <Section heading=app.t("修改记录", "History")>
            <RecordTimeline kind_id=action::ID id=Signal::stored(id) />
        </Section>
    }
}

/// The check and the item it came from.
#[component]
fn Origin(row: Memo<Option<Row>>) -> impl IntoView {
    let app = App::here();
    let from = Memo::new(move |_| {
        let reader = app.reader();
        row.with(|row| {
            let row = row.as_ref()?;
            app.read(&[check::ID, edition::ID, standard::ID], |book| origin(book, row, reader))
        })
    });
    move || {
        from.get().map(|(id, words, item)| {
            view! {
                <KeyValues>
                    <KeyValue label=app.t("来自检查", "From check")>
                        <a href=format!("#/standards/check/{id}")>{words}</a>
                    </KeyValue>
                    <KeyValue label=app.t("条目", "Item")>{item}</KeyValue>
                </KeyValues>
            }
        })
    }
}

fn origin(book: &crate::book::Book, row: &Row, reader: Reader) -> Option<(RowId, String, String)> {
    let id = row.get(action::CHECK)?;
    let of = book.row(check::ID, id)?;
    let check = Check::read(id, &of)?;
    let text = checks::document(book, &of);
    let item = text.item(row.text(action::ITEM)).map(|item| item.text.r#in(reader.lang).to_owned());
    let words = joined([Some(standard_name(book, check.standard, reader)), Some(reader.moment(check.at))]);
    Some((id, words, item.unwrap_or_default()))
}

/// What can be done now: one form, by the state.
#[component]
fn NextStep(id: RowId, row: Memo<Option<Row>>) -> impl IntoView {
    let app = App::here();
    let state = Memo::new(move |_| row.with(|row| row.as_ref().map(State::of)).unwrap_or_default());
    let reason = Memo::new(move |_| {
        row.with(|row| row.as_ref().map(|row| row.text(action::REOPENED).to_owned())).unwrap_or_default()
    });
    let reopening = RwSignal::new(false);
    move || {
        let again = move || {
            view! {
                <Button label=app.t("重新整改", "Reopen") on_press=Callback::new(move |()| reopening.set(true)) />
            }
        };
        match (state.get(), reopening.get()) {
            (State::Open | State::Reopened, _) => view! {
                <Show when=move || state.get() == State::Reopened>
                    <Banner tone=Tone::Warn title=app.t("重新整改", "Reopened") text=Signal::derive(move || Some(reason.get())) />
                </Show>
                <StepForm id to=State::Done ended=reopening />
            }
            .into_any(),
            (_, true) => view! { <StepForm id to=State::Reopened ended=reopening /> }.into_any(),
            (State::Done, false) => {
                let verify = Callback::new(move |()| {
                    let mut draft = app.draft(action::ID, id);
                    draft.set(action::STATE, &State::Verified.key().to_owned());
                    let text = app.say("复查通过。", "Verified.").to_owned();
                    app.save_with_undo(draft.write().into_iter().collect(), text);
                });
                view! {
                    <div class="actions">
                        <Button label=app.t("复查通过", "Verified") kind=ButtonKind::Primary icon=Icon::Check on_press=verify />
                        {again()}
                    </div>
                }
                .into_any()
            }
            (State::Verified, false) => view! { <div class="actions">{again()}</div> }.into_any(),
        }
    }
}

/// The form of a step that must say something: the evidence, or why it is reopened.
#[component]
fn StepForm(id: RowId, to: State, ended: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let done = to == State::Done;
    let key = if done { action::EVIDENCE } else { action::REOPENED };
    let text = RwSignal::new(if done { app.draft(action::ID, id).get(key).unwrap_or_default() } else { String::new() });
    let error = RwSignal::new(None::<String>);
    let save = move |()| {
        let words = text.get_untracked().trim().to_owned();
        if words.is_empty() {
            error.set(Some(app.say("请填写这一项。", "Please fill this in.").to_owned()));
            return;
        }
        let mut draft = app.draft(action::ID, id);
        draft.set(key, &words).set(action::STATE, &to.key().to_owned());
        if done {
            draft.set(action::DONE, &i64::try_from(clock::now_ms()).unwrap_or(i64::MAX));
        }
        let rows = draft.write().into_iter().collect();
        spawn_local(async move {
            if app.save(rows).await.is_some() {
                ended.try_set(false);
            }
        });
    };
    let label = if done {
        app.t("整改结果（做了什么，凭什么说做好了）", "Evidence: what was done, how it can be seen")
    } else {
        app.t("重新整改的原因", "Why it is reopened")
    };
    let button = if done { app.t("整改完成", "Mark as done") } else { app.t("重新整改", "Reopen") };
    let actions = move || {
        view! {
            {(!done).then(|| view! {
                <Button label=app.t("取消", "Cancel") on_press=Callback::new(move |()| ended.set(false)) />
            })}
            <Button label=button kind=ButtonKind::Primary submit=true />
        }
    };
    view! {
        <Form on_submit=Callback::new(save) inline=true label=app.say("下一步", "Next step") actions>
            <TextArea
                label value=text error required=true
                on_input=Callback::new(move |words| { error.set(None); text.set(words); })
            />
            {done.then(|| view! { <ResultPhotos id /> })}
        </Form>
    }
}

/// Photos that show the result, saved as they are taken.
#[component]
fn ResultPhotos(id: RowId) -> impl IntoView {
    let app = App::here();
    let photos = Memo::new(move |_| {
        let row = app.read(&[action::ID], |book| book.row(action::ID, id)).unwrap_or_default();
        photo::in_order(row.elements(action::PHOTOS.field))
    });
    let put = Callback::new(move |now: Vec<PhotoRef>| {
        let mut draft = app.draft(action::ID, id);
        photo::put(&mut draft, action::PHOTOS.field, &now, i64::try_from(clock::now_ms()).unwrap_or(i64::MAX));
        spawn_local(async move { drop(app.save(draft.write().into_iter().collect()).await) });
    });
    view! { <PhotosPut label=app.t("整改照片", "Photos of the result") photos put /> }
}
