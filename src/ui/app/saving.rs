//! Saving what a person did, and taking it back.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::App;
use crate::book::{RowId, RowWrite, Span};
use crate::domain::record::KindId;
use crate::session::{Act, Changed, Saved};
use crate::store::StoreError;
use crate::ui::later;
use crate::ui::parts::Tone;
use crate::web::{clock, persist};

impl App {
    /// Saves a user action. On failure the person has been told why and what to do, and nothing has changed.
    pub async fn save(self, rows: Vec<RowWrite>) -> Option<Saved> {
        self.save_as(&rows, None).await
    }

    /// Saves an undertaking that can later be undone as one.
    pub async fn save_as(self, rows: &[RowWrite], batch: Option<RowId>) -> Option<Saved> {
        let act = Act { now_ms: clock::now_ms(), by: self.me.get_untracked(), batch };
        let mut result = self.session().save(rows, act).await;
        // Photos that can be fetched again make room for what was written.
        if result.as_ref().err() == Some(&StoreError::Full)
            && let Ok(making) = later::make_room(self).await
            && making.await.is_ok_and(|gone| gone > 0)
        {
            result = self.session().save(rows, act).await;
        }
        match result {
            Ok(saved) => {
                self.announce(&saved.changed).await;
                self.settle();
                self.saved.update(|count| *count += 1);
                self.ask_to_stay();
                self.tell_tabs("changed");
                Some(saved)
            }
            Err(error) => {
                self.trouble(&error);
                None
            }
        }
    }

    /// Asks the browser, once there is something to lose, not to clear the book when space runs out.
    fn ask_to_stay(self) {
        if self.saved.get_untracked() == 1 {
            // What it answers is shown in the settings.
            spawn_local(async { drop(persist::persist().await) });
        }
    }

    /// Saves a user action without waiting, says so and offers to take it back for ten seconds.
    pub fn save_with_undo(self, rows: Vec<RowWrite>, text: String) {
        spawn_local(async move {
            if let Some(saved) = self.save(rows).await {
                self.offer_undo(saved, text);
            }
        });
    }

    /// Says that something was done and offers to take it back for ten seconds.
    pub fn offer_undo(self, saved: Saved, text: String) {
        let rows = match saved.changed {
            Changed::Rows(rows) => Some(rows),
            Changed::All => None,
        };
        let undo = Callback::new(move |()| {
            let rows = rows.clone();
            spawn_local(async move {
                match later::revert(self, saved.span, rows).await {
                    Ok(work) => work.await,
                    Err(_) => self.toast(later::MISSING.r#in(self.lang.get_untracked()).to_owned(), Tone::Due, None),
                }
            });
        });
        self.toast(text, Tone::Good, Some((self.say("撤销", "Undo").to_owned(), undo)));
    }

    /// Takes a user action back.
    pub async fn revert(self, span: Span, rows: Option<&[(KindId, RowId)]>) {
        let writes = self.peek(|book| book.revert(span, rows));
        if !writes.is_empty() && self.save(writes).await.is_some() {
            self.toast(self.say("已撤销。", "Undone.").to_owned(), Tone::Good, None);
        }
    }
}
