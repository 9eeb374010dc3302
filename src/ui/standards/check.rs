//! A check: being run, completed, or corrected after completion.

use leptos::prelude::*;

use super::Missing;
use super::report::Report;
use super::run::Run;
use crate::book::RowId;
use crate::domain::standard::check;
use crate::domain::standard::checks::{self, Check, READ};
use crate::domain::standard::document::Document;
use crate::domain::standard::scoring::Answers;
use crate::ui::app::App;

/// What is read of a check, once for all its parts.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    /// The check.
    pub id: RowId,
    /// Its row's own words.
    pub check: Memo<Option<Check>>,
    /// What it asks.
    pub document: Memo<Document>,
    /// What is answered.
    pub answers: Memo<Answers>,
    /// A completed check is being corrected (S4).
    pub correcting: RwSignal<bool>,
}

/// The screen of a check.
#[component]
pub fn CheckScreen(
    /// The check.
    id: RowId,
) -> impl IntoView {
    let app = App::here();
    let check = Memo::new(move |_| app.read(&[check::ID], |book| Check::read(id, &book.live(check::ID, id)?)));
    let document = Memo::new(move |_| {
        app.read(&READ, |book| book.row(check::ID, id).map(|row| checks::document(book, &row))).unwrap_or_default()
    });
    let answers = Memo::new(move |_| {
        document
            .with(|text| app.read(&[check::ID], |book| book.row(check::ID, id).map(|row| checks::answers(text, &row))))
            .unwrap_or_default()
    });
    let open = Open { id, check, document, answers, correcting: RwSignal::new(false) };
    // None: the check is gone. Else whether it is answered or read.
    let runs = Memo::new(move |_| {
        let done = check.with(|check| check.as_ref().map(|check| check.done.is_some()))?;
        Some(!done || open.correcting.get())
    });
    move || match runs.get() {
        None => view! { <Missing /> }.into_any(),
        Some(true) => view! { <Run open /> }.into_any(),
        Some(false) => view! { <Report open /> }.into_any(),
    }
}
