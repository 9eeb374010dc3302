//! The list of customers: search, filters, order, count (C13, C18, C19, C23).

use std::cell::RefCell;

use leptos::prelude::*;

use super::row::CustomerRow;
use super::window::Windowed;
use super::{card_of, position};
use crate::book::confirm::STALE_DAYS;
use crate::book::roll::{Filter, Sort};
use crate::book::{Book, Letter, RowId};
use crate::domain::customer::customer;
use crate::domain::lists;
use crate::domain::team::{entry, settings};
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::lasting::{Lasting, LastingMemo};
use crate::ui::parts::ButtonKind;
use crate::ui::parts::{Choice, EmptyState, Fab, LinkButton, ManyChips, Menu, MenuItem, PageHead, SearchBox};
use crate::ui::route;
use crate::web::clock;

/// A search shows so many at most; whoever looks for one of more types a further sign.
const MOST_FOUND: usize = 2_000;
/// So many are looked through without letters to go by: some screens of a phone.
const FEW: usize = 30;

/// What the list shows, shared with the card for "previous" and "next" (C18).
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    /// What is searched.
    pub(super) text: Lasting<String>,
    chips: RwSignal<Vec<String>>,
    sort: RwSignal<Sort>,
    /// The customers shown, in order.
    pub(super) ids: LastingMemo<Vec<RowId>>,
    /// Where each letter begins; none in another order, in what was found, and in a short list.
    letters: Memo<Vec<Letter>>,
    /// Where the list was scrolled to: the page's place and the pane's.
    scrolled: StoredValue<(f64, i32)>,
}

/// The list as it was left, for the return from another place of the app.
#[derive(Clone, Default)]
struct Left {
    text: String,
    chips: Vec<String>,
    sort: Sort,
    scrolled: (f64, i32),
}

thread_local! {
    static LEFT: RefCell<Left> = RefCell::default();
}

impl Listing {
    /// The list as it was left; `?show=clash` in the address opens it with that filter alone.
    pub(super) fn new(app: App) -> Self {
        let mut left = LEFT.with_borrow(Left::clone);
        if let Some(show) = app.route.with_untracked(|route| route.param("show").map(str::to_owned)) {
            left = Left { chips: vec![show], sort: left.sort, ..Left::default() };
        }
        let (text, chips, sort) = (Lasting::new(left.text), RwSignal::new(left.chips), RwSignal::new(left.sort));
        let ids = LastingMemo::memo(move || shown(app, &text.get(), &chips.get(), sort.get()));
        let letters = Memo::new(move |_| {
            let by_name = sort.get() == Sort::Name && text.with(|text| text.trim().is_empty());
            let long = ids.with(|ids| (by_name && ids.len() > FEW).then(|| app.roll(|_, roll| roll.letters(ids))));
            long.unwrap_or_default()
        });
        let listing = Self { text, chips, sort, ids, letters, scrolled: StoredValue::new(left.scrolled) };
        on_cleanup(move || LEFT.set(listing.left()));
        listing
    }

    fn left(self) -> Left {
        Left {
            text: self.text.get_untracked(),
            chips: self.chips.get_untracked(),
            sort: self.sort.get_untracked(),
            scrolled: self.scrolled.get_value(),
        }
    }

    /// Whether something narrows the list.
    fn is_narrowed(self) -> bool {
        !self.text.with(String::is_empty) || !self.chips.with(Vec::is_empty)
    }
}

fn shown(app: App, text: &str, chips: &[String], sort: Sort) -> Vec<RowId> {
    let filter = app.read(&[settings::ID], |book| filter(book, chips));
    if text.trim().is_empty() {
        return app.roll(|_, roll| roll.list(&filter, sort));
    }
    let found = app.find(customer::ID, text, MOST_FOUND);
    app.roll(|_, roll| found.into_iter().map(|found| found.id).filter(|id| roll.passes(*id, &filter)).collect())
}

fn filter(book: &Book, chips: &[String]) -> Filter {
    let keys = |list: &str| {
        let own = |chip: &String| chip.split_once(':').filter(|(of, _)| *of == list).map(|(_, key)| key.to_owned());
        chips.iter().filter_map(own).collect::<Vec<_>>()
    };
    let has = |name: &str| chips.iter().any(|chip| chip == name);
    Filter {
        grades: keys("grade"),
        natures: keys("nature"),
        clash: has("clash"),
        tagged: has("tagged"),
        adrift: has("adrift"),
        retired: has("retired"),
        confirmed_before: has("stale").then(|| clock::now_ms().saturating_sub(stale_ms(book))),
    }
}

/// How long a section counts as confirmed (C3), in milliseconds.
pub(super) fn stale_ms(book: &Book) -> u64 {
    let days = book.rows(settings::ID).find_map(|(_, row)| row.get(settings::STALE_DAYS)).unwrap_or(STALE_DAYS);
    u64::try_from(days).unwrap_or_default() * 86_400_000
}

fn chips(app: App) -> Vec<Choice> {
    let lang = app.lang.get();
    let of = |prefix: &str, list| {
        let entries = app.read(&[entry::ID], |book| book.entries(list, lang));
        let used = entries.into_iter().filter(|entry| !entry.retired);
        used.map(|entry| Choice::new(format!("{prefix}:{}", entry.key), entry.label)).collect::<Vec<_>>()
    };
    let own = [
        ("clash", app.say("两个版本", "Two versions")),
        ("adrift", app.say("没有下一步", "No next step")),
        ("stale", app.say("待核实", "To confirm")),
        ("tagged", app.say("有标签", "Tagged")),
        ("retired", app.say("已停用", "Retired")),
    ];
    let mut all = of("grade", lists::GRADE);
    all.extend(own.map(|(value, label)| Choice::new(value, label)));
    all.extend(of("nature", lists::NATURE));
    all
}

/// The list pane.
#[component]
pub(super) fn CustomerList(
    listing: Listing,
    /// Something stands beside the list, or on a phone in its place.
    open: Signal<bool>,
    /// The customer whose card is open.
    current: Signal<Option<RowId>>,
) -> impl IntoView {
    let app = App::here();
    let (text, ids) = (listing.text, listing.ids);
    let first = Callback::new(move |()| {
        if let Some(id) = ids.with_untracked(|ids| ids.first().copied()) {
            route::go(&card_of(id));
        }
    });
    position::keep(listing.scrolled, open, current);
    let row = Callback::new(move |id| view! { <CustomerRow id text current /> }.into_any());
    view! {
        <PageHead title=app.t("客户", "Customers") actions=move || view! { <ListMenu /> } />
        <Show when=move || app.roll(|_, roll| !roll.is_empty()) fallback=|| view! { <NoCustomers /> }>
            <div class="tools">
                <SearchBox
                    label=app.t("姓名、拼音、电话、单位", "Name, pinyin, phone, employer")
                    value=text
                    on_input=Callback::new(move |typed| text.set(typed))
                    on_submit=first
                    clear_label=app.t("清除", "Clear")
                />
                <ManyChips
                    label=app.t("筛选", "Filters")
                    values=listing.chips
                    choices=Signal::derive(move || chips(app))
                    on_change=Callback::new(move |chosen| listing.chips.set(chosen))
                    quiet=true
                />
            </div>
            <Count listing />
            <Windowed
                label=app.t("客户列表", "List of customers") ids row
                letters=listing.letters letters_label=app.t("按字母跳转", "Jump to letter")
            />
            <Show when=move || ids.with(Vec::is_empty)><NoneFound listing /></Show>
        </Show>
        <Allowed kind=customer::ID><Fab label=app.t("新客户", "New customer") href="#/customers/new" /></Allowed>
    }
}

/// How many, and in which order.
#[component]
fn Count(listing: Listing) -> impl IntoView {
    let app = App::here();
    let count = move || {
        let count = listing.ids.with(Vec::len);
        if count == MOST_FOUND {
            return app.fill("前 {} 位", "First {}", &[&count.to_string()]);
        }
        let english = if count == 1 { "{} customer" } else { "{} customers" };
        app.fill("{} 位客户", english, &[&count.to_string()])
    };
    let names = [
        ("name", Sort::Name, "按姓名", "By name"),
        ("changed", Sort::Changed, "按最近修改", "Last changed first"),
        ("next", Sort::Next, "按下一步日期", "By next step"),
    ];
    let items = Signal::derive(move || {
        let item = |(value, sort, zh, en): (&str, Sort, _, _)| MenuItem {
            value: value.to_owned(),
            label: app.say(zh, en).to_owned(),
            icon: if listing.sort.get() == sort { Icon::Check } else { Icon::Sort },
            danger: false,
        };
        names.into_iter().map(item).collect::<Vec<_>>()
    });
    let choose = Callback::new(move |value: String| {
        if let Some((_, sort, ..)) = names.into_iter().find(|(name, ..)| *name == value) {
            listing.sort.set(sort);
        }
    });
    let now = move || names.into_iter().find(|name| name.1 == listing.sort.get()).map(|name| app.say(name.2, name.3));
    view! {
        <div class="list-count">
            <span role="status">{count}</span>
            <span class="list-order">
                {now}
                <Menu label=app.t("排序", "Sort") items on_choose=choose icon=Icon::Sort />
            </span>
        </div>
    }
}

/// The ways to import and to the recycle bin.
#[component]
fn ListMenu() -> impl IntoView {
    let app = App::here();
    let items = Signal::derive(move || {
        [
            ("/more/import", Icon::Import, app.say("导入名单", "Import a list")),
            ("/customers/bin", Icon::Delete, app.say("回收站", "Recycle bin")),
        ]
        .map(|(to, icon, label)| MenuItem { value: to.to_owned(), label: label.to_owned(), icon, danger: false })
        .to_vec()
    });
    view! { <Menu label=app.t("更多", "More") items on_choose=Callback::new(|to: String| route::go(&to)) /> }
}

/// An empty book teaches how to begin.
#[component]
fn NoCustomers() -> impl IntoView {
    let app = App::here();
    view! {
        <EmptyState
            icon=Icon::Customers
            title=app.t("还没有客户", "No customers yet")
            text=app.t(
                "每位客户一张档案：怎么联系、喜欢什么、下一步做什么。有姓名和电话就能建档。",
                "One card for each customer: how to reach them, what they like, what comes next. A name and a phone are enough.",
            )
            action=move || view! {
                <Allowed kind=customer::ID><LinkButton label=app.t("新增客户", "Add a customer") href="#/customers/new" kind=ButtonKind::Primary icon=Icon::Plus />
                <LinkButton label=app.t("导入名单", "Import a list") href="#/more/import" icon=Icon::Import /></Allowed>
            }
        />
    }
}

/// Nobody fits: everything can be taken away in one tap.
#[component]
fn NoneFound(listing: Listing) -> impl IntoView {
    let app = App::here();
    let clear = Callback::new(move |()| {
        listing.text.set(String::new());
        listing.chips.set(Vec::new());
    });
    view! {
        <EmptyState
            icon=Icon::Search
            title=app.t("没有符合的客户", "Nobody fits")
            text=app.t("换个写法再试：姓名、拼音首字母、电话后四位都可以。", "Try a name, the initials of its pinyin, or the last four digits of a phone.")
            action=move || view! {
                <Show when=move || listing.is_narrowed()>
                    <crate::ui::parts::Button label=app.t("清除查找和筛选", "Clear search and filters") on_press=clear />
                </Show>
            }
        />
    }
}
