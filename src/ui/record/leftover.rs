//! Unsaved texts of what is erased (G5): they go with it, on every device that hears of the erasure.

use crate::book::RowId;
use crate::domain::KINDS;
use crate::ui::app::App;
use crate::ui::parts::Tone;
use crate::web::drafts;

/// Drops the unsaved texts of all forms of erased records, and says so if there were any.
pub fn sweep(app: App) {
    let is_erased = |id| app.peek(|book| KINDS.iter().any(|kind| book.is_erased(kind.id, id)));
    // A form is named by the records that it is about: `customer/ID`.
    let is_about = |form: &str| form.split('/').filter_map(RowId::parse).any(is_erased);
    // A browser without this storage has kept nothing.
    if drafts::forget_those(is_about).is_ok_and(|dropped| dropped > 0) {
        let text = app.say(
            "没保存的内容里有属于已抹去客户的，已一并清除。",
            "Unsaved text about an erased customer was on this device; it is gone too.",
        );
        app.toast(text.to_owned(), Tone::Plain, None);
    }
}
