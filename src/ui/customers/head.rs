//! The upper edge of a card: the ways to its neighbours, to the form, out of use; phones and address below the name.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::card_of;
use super::erase::EraseSheet;
use super::list::Listing;
use crate::book::{Draft, RowId};
use crate::domain::customer::customer;
use crate::domain::lists;
use crate::domain::phone::Phone;
use crate::domain::record::Shape;
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, Dialog, IconButton, Menu, MenuItem, Select, Tone};
use crate::ui::record::field::choices;
use crate::ui::route;
use crate::web::{clipboard, share};

/// Previous, next, edit, and what is rarer.
#[component]
pub(super) fn Ways(
    id: RowId,
    listing: Listing,
    /// Hears that the card is wanted on paper.
    on_print: Callback<()>,
) -> impl IntoView {
    let app = App::here();
    let neighbour = move |by: isize| {
        listing.ids.with(|ids| {
            let at = ids.iter().position(|other| *other == id)?;
            ids.get(at.checked_add_signed(by)?).map(|id| format!("#{}", card_of(*id)))
        })
    };
    let way = move |by, icon: Icon, label: Signal<String>, key: &'static str| {
        move || {
            neighbour(by).map(|href| {
                view! {
                    <a class="icon-btn" href=href aria-label=label title=label aria-keyshortcuts=key>{icon.svg()}</a>
                }
            })
        }
    };
    let edit = app.t("修改资料", "Edit the card");
    view! {
        {way(-1, Icon::Up, app.t("上一位客户", "Previous customer"), "[")}
        {way(1, Icon::Down, app.t("下一位客户", "Next customer"), "]")}
        <Allowed kind=customer::ID>
            <a
                class="icon-btn" href=format!("#{}/edit", card_of(id))
                aria-label=edit title=edit aria-keyshortcuts="e"
            >
                {Icon::Edit.svg()}
            </a>
        </Allowed>
        <More id on_print />
    }
}

/// Copy, share, print, retire, delete, erase.
#[component]
fn More(id: RowId, on_print: Callback<()>) -> impl IntoView {
    let app = App::here();
    let retiring = RwSignal::new(false);
    let erasing = RwSignal::new(None);
    let is_retired = move || {
        app.read(&[customer::ID], |book| {
            !book.row(customer::ID, id).unwrap_or_default().text(customer::RETIRED).is_empty()
        })
    };
    let items = Signal::derive(move || {
        let retire = if is_retired() {
            ("use", Icon::Restore, app.say("恢复使用", "Use again"), false)
        } else {
            ("retire", Icon::Minus, app.say("停用…", "Retire…"), false)
        };
        let copy = ("copy", Icon::Copy, app.say("复制姓名和电话", "Copy name and phone"), false);
        let delete = ("delete", Icon::Delete, app.say("移到回收站", "Move to the recycle bin"), true);
        let erase = ("erase", Icon::Cross, app.say("彻底抹去…", "Erase for good…"), true);
        let held = ("held", Icon::Info, app.say("存了什么", "What is held"), false);
        let print = ("print", Icon::Print, app.say("打印", "Print"), false);
        let share = share::is_available().then(|| ("share", Icon::Share, app.say("分享…", "Share…"), false));
        let all = [Some(copy), share, Some(print), Some(held), Some(retire), Some(delete), Some(erase)];
        all.into_iter()
            .flatten()
            .map(|(value, icon, label, danger)| MenuItem { value: value.into(), label: label.into(), icon, danger })
            .collect::<Vec<_>>()
    });
    let choose = Callback::new(move |value: String| match value.as_str() {
        "copy" => copy(app, name_and_phone(app, id)),
        "share" => share(app, id),
        "print" => on_print.run(()),
        "held" => route::go(&format!("{}/held", card_of(id))),
        "retire" => retiring.set(true),
        "use" => retire(app, id, ""),
        "erase" => erasing.set(Some(id)),
        _ => delete(app, id),
    });
    view! {
        <Menu label=app.t("更多操作", "More actions") items on_choose=choose />
        <Retire id open=retiring />
        <EraseSheet asked=erasing then="/customers" />
    }
}

fn name_and_phone(app: App, id: RowId) -> String {
    app.peek(|book| {
        let row = book.row(customer::ID, id).unwrap_or_default();
        let phone = Phone::from_stored(row.text(customer::PHONE)).show(app.lang.get_untracked());
        format!("{} {phone}", row.text(customer::NAME)).trim().to_owned()
    })
}

/// Name, phones and address for somebody who is not at this book.
fn share(app: App, id: RowId) {
    let (name, text) = app.peek(|book| {
        let row = book.row(customer::ID, id).unwrap_or_default();
        let name = row.text(customer::NAME).to_owned();
        let parts =
            [name_and_phone(app, id), row.text(customer::EMPLOYER).to_owned(), row.text(customer::ADDRESS).to_owned()];
        (name, parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"))
    });
    spawn_local(async move {
        if share::text(&name, &text).await.is_err() {
            app.toast(
                app.say("没有分享出去，可以改用复制。", "Not shared; copying works instead.").to_owned(),
                Tone::Warn,
                None,
            );
        }
    });
}

fn copy(app: App, text: String) {
    spawn_local(async move {
        let (words, tone) = match clipboard::copy(&text).await {
            Ok(()) => (app.say("已复制。", "Copied."), Tone::Good),
            Err(_) => (app.say("浏览器不允许复制。", "The browser does not allow copying."), Tone::Due),
        };
        app.toast(words.to_owned(), tone, None);
    });
}

fn delete(app: App, id: RowId) {
    let write = app.peek(|book| Draft::open(book, customer::ID, id).delete(book).write());
    app.save_with_undo(write.into_iter().collect(), app.say("已移到回收站。", "Moved to the recycle bin.").to_owned());
    route::go("/customers");
}

/// Takes a customer out of use with a reason, or back into use without one (C19).
fn retire(app: App, id: RowId, why: &str) {
    let write = app.draft(customer::ID, id).set(customer::RETIRED, &why.to_owned()).write();
    let text = if why.is_empty() {
        app.say("已恢复使用。", "In use again.")
    } else {
        app.say("已停用，资料仍在。", "Retired; the data stays.")
    };
    app.save_with_undo(write.into_iter().collect(), text.to_owned());
}

/// Asks for the reason (C19).
#[component]
fn Retire(id: RowId, open: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let reason = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let close = Callback::new(move |()| open.set(false));
    let done = Callback::new(move |()| {
        let why = reason.get_untracked();
        missing.set(why.is_empty());
        if !why.is_empty() {
            open.set(false);
            retire(app, id, &why);
        }
    });
    let error = Signal::derive(move || {
        missing.get().then(|| app.say("请选择停用原因。", "Choose the reason, please.").to_owned())
    });
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=close />
            <Button label=app.t("停用", "Retire") on_press=done kind=ButtonKind::Primary />
        }
    };
    view! {
        <Dialog open on_close=close title=app.t("停用客户", "Retire the customer") close_label=app.t("关闭", "Close") actions>
            <p class="small">{app.t(
                "停用的客户不再出现在名单和提醒里，资料和往来都保留，随时可以恢复。",
                "A retired customer no longer shows in lists and reminders. All data stays and can be used again at any time.",
            )}</p>
            <Select
                label=app.t("停用原因", "Reason")
                value=reason
                choices=Signal::derive(move || choices(app, lists::RETIRED, ""))
                on_choose=Callback::new(move |chosen| reason.set(chosen))
                empty=app.t("— 请选择 —", "— choose —")
                error
                required=true
            />
        </Dialog>
    }
}

/// Phones and address under the name, each one tap from being used (C1). Phones are shown in full to the team; where
/// a list is public they are masked (G5).
#[component]
pub(super) fn Contact(id: RowId) -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[customer::ID], |book| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            let stored = [row.text(customer::PHONE)].into_iter().chain(row.words(customer::MORE_PHONES.field));
            let phones = stored.filter(|text| !text.is_empty()).map(Phone::from_stored);
            let mut lines: Vec<_> = phones.map(|phone| (false, phone.show(reader.lang), phone.href())).collect();
            let place = row.text(customer::ADDRESS).to_owned();
            if !place.is_empty() {
                let href = crate::ui::record::card::href(Shape::Place, &place, reader.lang);
                lines.push((true, place, href));
            }
            lines
        })
    });
    view! {
        <ul class="contact" role="list">
            <For each=move || lines.get() key=|line| line.clone() children=move |(is_place, text, href)| {
                let (icon, copied) = (if is_place { Icon::Place } else { Icon::Phone }, text.clone());
                view! {
                    <li>
                        {icon.svg()}
                        <a href=href target=is_place.then_some("_blank") rel=is_place.then_some("noopener noreferrer")>{text}</a>
                        <IconButton
                            label=app.t("复制", "Copy")
                            icon=Icon::Copy
                            on_press=Callback::new(move |()| copy(app, copied.clone()))
                        />
                    </li>
                }
            } />
        </ul>
    }
}
