//! What every action on a complaint shares: who acts, what was typed, saving it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::now;
use crate::book::{Book, RowId};
use crate::domain::complaint::Refusal;
use crate::domain::complaint::acts::{Act, Writes};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::parts::{Banner, Choice, Select, Tone};
use crate::ui::record::form::focus_error;
use crate::web::drafts;

/// Format of the kept text.
const KEPT: u32 = 1;

/// Text or choice of an action that survives a closed tab.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    text: RwSignal<String>,
    draft: StoredValue<drafts::Draft>,
}

impl Kept {
    /// The text of a form, as it was left.
    pub fn of(app: App, form: &str) -> Self {
        let draft = app.kept(form, KEPT);
        let text = draft.find().ok().flatten().unwrap_or_default();
        Self { text: RwSignal::new(text), draft: StoredValue::new(draft) }
    }

    /// The text, for a field.
    pub fn signal(self) -> Signal<String> {
        self.text.into()
    }

    /// Now.
    pub fn get(self) -> String {
        self.text.get_untracked()
    }

    /// Keeps what is typed or chosen.
    pub fn put(self, text: String) {
        // Without room for it the text lives as long as the page.
        let _ = self.draft.with_value(|draft| draft.keep(&text));
        self.text.set(text);
    }

    /// Hears what is typed or chosen.
    pub fn on_input(self) -> Callback<String> {
        Callback::new(move |text| self.put(text))
    }

    /// It is saved.
    pub fn forget(self) {
        let _ = self.draft.with_value(drafts::Draft::forget);
        self.text.set(String::new());
    }
}

/// Carries an action out: saves what it writes, or says why not.
#[derive(Clone, Copy, Debug)]
pub struct Doing {
    app: App,
    refused: RwSignal<Option<Refusal>>,
    /// It is being saved.
    pub busy: RwSignal<bool>,
}

impl Doing {
    /// Nothing refused, nothing under way.
    pub fn new(app: App) -> Self {
        Self { app, refused: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    /// The words of a refusal, for the field that can mend it.
    pub fn error(self, mended: &'static [Refusal]) -> Signal<Option<String>> {
        Signal::derive(move || {
            let why = self.refused.get().filter(|why| mended.contains(why));
            why.map(|why| why.words().r#in(self.app.lang.get()).to_owned())
        })
    }

    /// A refusal before anything is tried.
    pub fn refuse(self, why: Refusal) {
        self.refused.set(Some(why));
        focus_error();
    }

    /// Carries it out; `done` runs when it is saved.
    pub fn run(self, writes: impl FnOnce(&Book, Act) -> Writes, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let app = self.app;
        let act = Act {
            entry: app.new_id(),
            second: app.new_id(),
            at: now(),
            by: app.me.get_untracked(),
            lang: app.lang.get_untracked(),
        };
        match app.peek(|book| writes(book, act)) {
            Ok(rows) => {
                self.refused.set(None);
                self.busy.set(true);
                spawn_local(async move {
                    let saved = app.save(rows).await;
                    self.busy.set(false);
                    // No undo: the log only grows (P6).
                    if saved.is_some() {
                        done();
                        keep_focus();
                    }
                });
            }
            Err(why) => self.refuse(why),
        }
    }
}

/// Moves the focus, once the page shows it, to the first of these that is there.
pub fn focus(wanted: &'static [&'static str]) {
    request_animation_frame(move || {
        let find = |selector: &&str| document().query_selector(selector).ok().flatten();
        let found = wanted.iter().find_map(find).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = found {
            let _ = element.focus();
        }
    });
}

/// Where the work goes on: at the open step, else at what is next.
pub const ONWARD: &[&str] = &[".step-card textarea", ".next .btn"];

/// What was pressed may be gone when its work is done: then the focus goes where the work goes on, so that the keyboard
/// is never lost.
fn keep_focus() {
    request_animation_frame(|| {
        if document().active_element().is_none_or(|active| active.tag_name() == "BODY") {
            focus(ONWARD);
        }
    });
}

/// People of the shop, for a choice.
pub fn people(app: App) -> Vec<Choice> {
    let reader = app.reader();
    app.read(&[staff::ID], |book| {
        let here = book.rows(staff::ID).filter(|(_, row)| row.get(staff::LEFT).is_none_or(|left| left > reader.today));
        here.map(|(id, _)| Choice::new(id.to_string(), book.title(staff::ID, id, reader))).collect()
    })
}

/// Refusals that no field can mend.
const FINAL: &[Refusal] = &[Refusal::Gone, Refusal::NotNow, Refusal::CauseEnds, Refusal::CauseApproves];

/// Says why an action was refused, and asks who acts while nobody is chosen at the device and there is somebody to
/// choose.
#[component]
pub fn WhoActs(
    /// The action.
    doing: Doing,
) -> impl IntoView {
    let app = App::here();
    let choices = Signal::derive(move || people(app));
    let refused = doing.error(FINAL);
    view! {
        {move || refused.get().map(|why| view! { <Banner tone=Tone::Due title=why /> })}
        <Show when=move || app.me.get().is_none() && !choices.with(Vec::is_empty)>
            <Select
                label=app.t("是谁在处理", "Who is acting")
                value=Signal::derive(String::new)
                choices
                on_choose=Callback::new(move |id: String| app.choose_me(RowId::parse(&id)))
                empty=app.t("— 请选择 —", "— please choose —")
                hint=Signal::derive(move || Some(app.say("选定后，这台设备就记住是您。", "This device then remembers that it is you.").to_owned()))
                error=doing.error(&[Refusal::WhoActs])
            />
        </Show>
    }
}
