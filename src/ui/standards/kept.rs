//! Words that are saved when the writer goes on, and survive a closed tab until then: a note is one transaction, not
//! one for every letter.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::book::{RowId, RowWrite};
use crate::ui::app::App;
use crate::ui::parts::{TextArea, TextField, TextKind};
use crate::web::drafts::Draft;

/// How the words are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lines {
    /// On one line.
    One(TextKind),
    /// On many.
    Many,
}

/// The field of a check among the kept texts: `of` names the field, `key` the item.
pub fn kept_as(app: App, check: RowId, of: &str, key: &str) -> Draft {
    app.kept(&format!("check/{check}/{of}/{key}"), 1)
}

/// A field of words.
#[component]
pub fn KeptWords(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The words in the book.
    #[prop(into)]
    stored: Signal<String>,
    /// The field among the kept texts; see [`kept_as`].
    form: Draft,
    /// The write of new words.
    #[prop(into)]
    write: Callback<String, Option<RowWrite>>,
    /// How they are written.
    lines: Lines,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let app = App::here();
    // None while the field shows what is in the book.
    let typed = RwSignal::new(form.find().ok().flatten());
    let kept = StoredValue::new(form);
    let save = move || {
        let Some(text) = typed.get_untracked() else { return };
        let rows: Vec<_> = write.run(text.trim().to_owned()).into_iter().collect();
        spawn_local(async move {
            let saved = rows.is_empty() || app.save(rows).await.is_some();
            // Words that were added meanwhile are still to be saved.
            if saved && typed.try_get_untracked().flatten().as_deref() == Some(text.as_str()) {
                let _ = kept.try_with_value(Draft::forget);
                typed.try_set(None);
            }
        });
    };
    // What a closed tab left is saved as soon as the field is seen again.
    save();
    let on_input = Callback::new(move |text: String| {
        // Without room for it the text lives as long as the page.
        let _ = kept.with_value(|kept| kept.keep(&text));
        typed.set(Some(text));
    });
    let value = Signal::derive(move || typed.get().unwrap_or_else(|| stored.get()));
    view! {
        <div on:change=move |_| save()>
            {match lines {
                Lines::One(kind) => view! { <TextField label value on_input kind error /> }.into_any(),
                Lines::Many => view! { <TextArea label value on_input rows=2 error /> }.into_any(),
            }}
        </div>
    }
}
