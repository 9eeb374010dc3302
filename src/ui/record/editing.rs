//! A form's state: what was typed, what is wrong with it, and the draft that it becomes.
//!
//! The text is kept as typed, so that nothing is lost by reading it. All of it, with what was chosen by chips, selects,
//! ticks and searches, survives a closed tab and a new version until the form is saved or given up.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::book::read::{Read, plain_elements, plain_text, read};
use crate::book::value::Value;
use crate::book::{Book, Draft, RowId, RowWrite};
use crate::domain::day::DayOrder;
use crate::domain::kind;
use crate::domain::record::{Field, Flags, Key, Kind, Shape, Stored};
use crate::ui::app::{App, runs_again};
use crate::web::drafts;
use crate::words::words;

/// Format of what is kept.
const KEPT: u32 = 2;

/// A field, an element of it, and the value in CBOR.
type Chosen = (u16, Option<Vec<u8>>, Vec<u8>);

/// What is kept of a form.
#[derive(Default, Serialize, Deserialize)]
struct Left {
    typed: BTreeMap<u16, String>,
    chosen: Vec<Chosen>,
    said: BTreeMap<String, String>,
}

/// A record being edited.
#[derive(Clone, Copy, Debug)]
pub struct Editing {
    app: App,
    draft: RwSignal<Draft>,
    /// The draft as the screen began it.
    begun: StoredValue<Draft>,
    typed: RwSignal<BTreeMap<u16, String>>,
    /// What the screen asks beside the fields.
    said: RwSignal<BTreeMap<String, String>>,
    errors: RwSignal<BTreeMap<u16, String>>,
    /// What is wrong with the shop's own fields (G3), by their rows.
    extra_errors: RwSignal<BTreeMap<RowId, String>>,
    kept: StoredValue<drafts::Draft>,
}

impl Editing {
    /// Starts editing, where it was left. `form` names the form among the kept ones: `customer/new`.
    pub fn new(app: App, mut draft: Draft, form: &str) -> Self {
        let kept = app.kept(form, KEPT);
        let found = kept.find().ok().flatten().and_then(|text| serde_json::from_str(&text).ok());
        let Left { typed, chosen, said } = found.unwrap_or_default();
        let begun = StoredValue::new(draft.clone());
        for (field, elem, value) in chosen {
            if let Ok(value) = minicbor::decode(&value) {
                draft.put(field, elem, value);
            }
        }
        Self {
            app,
            draft: RwSignal::new(draft),
            begun,
            typed: RwSignal::new(typed),
            said: RwSignal::new(said),
            errors: RwSignal::default(),
            extra_errors: RwSignal::default(),
            kept: StoredValue::new(kept),
        }
    }

    /// The declaration of the record.
    pub fn kind(self) -> Option<&'static Kind> {
        kind(self.draft.with_untracked(Draft::kind))
    }

    /// The row.
    pub fn id(self) -> RowId {
        self.draft.with_untracked(Draft::id)
    }

    /// Whether a field of the record is erased: what would be written to it is dropped.
    pub fn is_erased(self, field: u16) -> bool {
        let (of, id) = self.with(|draft| (draft.kind(), draft.id()));
        self.app.read(&[of], |book| book.row(of, id).is_some_and(|row| row.drops(field)))
    }

    /// Whether there is something to save.
    pub fn is_changed(self) -> bool {
        !self.typed.with(BTreeMap::is_empty) || self.draft.with(Draft::is_changed)
    }

    /// The text of a field as the form shows it.
    pub fn text(self, field: &Field) -> String {
        let typed = self.typed.with(|typed| typed.get(&field.id).cloned());
        typed.unwrap_or_else(|| self.draft.with(|draft| edit_text(draft, field)))
    }

    /// What is wrong with a field, in words.
    pub fn error(self, field: u16) -> Option<String> {
        self.errors.with(|errors| errors.get(&field).cloned())
    }

    /// The person typed.
    pub fn type_text(self, field: &Field, text: String) {
        self.errors.update(|errors| drop(errors.remove(&field.id)));
        self.typed.update(|typed| drop(typed.insert(field.id, text)));
        self.keep();
    }

    /// Sets a field from a control that cannot be wrong.
    pub fn set<T: Stored>(self, key: Key<T>, value: &T) {
        self.typed.update(|typed| drop(typed.remove(&key.field)));
        self.errors.update(|errors| drop(errors.remove(&key.field)));
        self.change(|draft| {
            draft.set(key, value);
        });
    }

    /// What was said to a question of the screen that is no field of the record; empty if nothing was.
    pub fn said(self, question: &str) -> String {
        self.said.with(|said| said.get(question).cloned().unwrap_or_default())
    }

    /// The person says something to such a question.
    pub fn say(self, question: &str, answer: String) {
        self.assume(question, answer);
        self.keep();
    }

    /// An answer that the screen begins with. It is kept only with what the person does.
    pub fn assume(self, question: &str, answer: String) {
        self.said.update(|said| drop(said.insert(question.to_owned(), answer)));
    }

    /// Sets one of the shop's own fields (G3), or says why what was typed cannot be read.
    pub fn set_extra(self, field: RowId, read: Result<Value, String>) {
        self.extra_errors.update(|errors| drop(errors.remove(&field)));
        match read {
            Ok(value) => self.change(|draft| {
                draft.set_extra(field, value);
            }),
            Err(why) => self.extra_errors.update(|errors| drop(errors.insert(field, why))),
        }
    }

    /// What is wrong with one of the shop's own fields.
    pub fn extra_error(self, field: RowId) -> Option<String> {
        self.extra_errors.with(|errors| errors.get(&field).cloned())
    }

    /// Changes the draft itself.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.keep();
    }

    /// Reads the draft, with what was typed but is not read yet left out.
    pub fn with<R>(self, look: impl FnOnce(&Draft) -> R) -> R {
        if runs_again() { self.draft.with(look) } else { self.draft.with_untracked(look) }
    }

    fn keep(self) {
        let chosen = self.begun.with_value(|begun| self.draft.with_untracked(|draft| chosen(begun, draft)));
        let left = Left { typed: self.typed.get_untracked(), chosen, said: self.said.get_untracked() };
        // Without room for it all of it lives as long as the page.
        let _ = serde_json::to_string(&left).map(|text| self.kept.with_value(|kept| kept.keep(&text)));
    }

    /// The form was saved or given up: nothing of it is kept any more.
    pub fn forget(self) {
        let _ = self.kept.with_value(drafts::Draft::forget);
    }

    /// Reads what was typed into the draft. Returns the writes: the record's own, and those of names that the
    /// dictionaries do not have yet. None if something is wrong; the fields then say what.
    pub fn writes(self) -> Option<Vec<RowWrite>> {
        let kind = self.kind()?;
        let lang = self.app.lang.get_untracked();
        let mut draft = self.draft.get_untracked();
        let mut errors = BTreeMap::new();
        let mut writes = Vec::new();
        self.typed.with_untracked(|typed| {
            for (field, text) in typed.iter().filter_map(|(id, text)| Some((kind.field(*id)?, text))) {
                match self.app.peek(|book| take(book, &mut draft, field, text)) {
                    Ok(extra) => writes.extend(extra),
                    Err(why) => drop(errors.insert(field.id, why.r#in(lang).to_owned())),
                }
            }
        });
        for field in kind.with(Flags::REQUIRED).filter(|field| !self.is_erased(field.id)) {
            let value = draft.value(field.id, None);
            if value.is_nil() || value.text().is_some_and(|text| text.trim().is_empty()) {
                let why = words("请填写这一项。", "Please fill this in.").r#in(lang);
                errors.entry(field.id).or_insert_with(|| why.to_owned());
            }
        }
        let right = errors.is_empty() && self.extra_errors.with_untracked(BTreeMap::is_empty);
        self.errors.set(errors);
        if !right {
            return None;
        }
        writes.extend(draft.write());
        self.draft.set(draft);
        Some(writes)
    }

    /// The first field that is wrong, to move the focus to.
    pub fn first_error(self) -> Option<u16> {
        let kind = self.kind()?;
        self.errors.with_untracked(|errors| kind.fields().map(|field| field.id).find(|id| errors.contains_key(id)))
    }
}

/// What was chosen since the screen began the draft. What it began with, such as who is at work, is as it is when the form is
/// opened again.
fn chosen(begun: &Draft, draft: &Draft) -> Vec<Chosen> {
    let changes = draft.changes().filter(|(field, elem, value)| begun.value(*field, elem.as_deref()) != *value);
    changes.filter_map(|(field, elem, value)| Some((field, elem, minicbor::to_vec(value).ok()?))).collect()
}

/// Puts what was typed for a field into the draft. Returns the write of a new dictionary entry, if one is needed.
fn take(book: &Book, draft: &mut Draft, field: &Field, text: &str) -> Result<Option<RowWrite>, crate::words::Words> {
    match read(book, field.shape, text, DayOrder::Unknown)? {
        Read::Value(value) => {
            draft.put(field.id, None, value);
            Ok(None)
        }
        Read::Elements(elems) => {
            for (elem, _) in draft.elements(field.id) {
                if !elems.iter().any(|kept| kept.as_bytes() == elem) {
                    draft.put(field.id, Some(elem), Value::Nil);
                }
            }
            for elem in elems {
                draft.put(field.id, Some(elem.into_bytes()), Value::Bool(true));
            }
            Ok(None)
        }
        Read::NewEntry(name) => {
            let Shape::Choice(list) = field.shape else { return Ok(None) };
            draft.put(field.id, None, Value::Text(name.clone()));
            Ok(book.add_entry(list, &name))
        }
    }
}

/// A field's value as text that [`read`] takes back unchanged.
fn edit_text(draft: &Draft, field: &Field) -> String {
    if field.shape.is_set() {
        let elems = draft.elements(field.id);
        return plain_elements(field.shape, elems.iter().map(|(elem, _)| String::from_utf8_lossy(elem)));
    }
    plain_text(field.shape, draft.value(field.id, None))
}
