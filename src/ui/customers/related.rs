//! What belongs to a customer: dealings, deals, tasks, promises, key persons, and where the customer is named (C6, C20,
//! C24, C26, P12).

use leptos::prelude::*;

use super::{card_of, new_of, part_of};
use crate::book::{Book, Reader, Row, RowId};
use crate::domain::complaint::complaint;
use crate::domain::customer::{contact, customer, deal, dealing, promise, task};
use crate::domain::record::{Field, Key, Kind, KindId};
use crate::domain::standard::{check, reception};
use crate::domain::{kind, lists, money};
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Badge, Button, ButtonKind, LinkButton, List, ListRow, Section, Stat, Stats, Tone};
use crate::words::{Words, beside, words};

/// So many are shown until all are asked for.
const FIRST: usize = 5;

/// One line of a list: the record, its title, its second line, its mark.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Line {
    id: RowId,
    title: String,
    second: String,
    mark: Option<(Tone, String)>,
}

/// What is worth and what was said, promised and done.
#[component]
pub(super) fn Dealings(id: RowId) -> impl IntoView {
    view! {
        <Worth id />
        <Related id key=dealing::CUSTOMER heading=words("往来", "Dealings") />
        <Related id key=task::CUSTOMER heading=words("任务", "Tasks") />
        <Related id key=promise::CUSTOMER heading=words("承诺", "Promises") />
        <Related id key=deal::CUSTOMER heading=words("成交", "Deals") />
    }
}

/// Who stands around the customer: key persons and branches of an organisation, complaints and checks.
#[component]
pub(super) fn Surroundings(id: RowId) -> impl IntoView {
    let app = App::here();
    let is_org = move || {
        let nature = app.read(&[customer::ID], |book| {
            book.row(customer::ID, id).unwrap_or_default().text(customer::NATURE).to_owned()
        });
        !matches!(nature.as_str(), "" | "individual") || !app.linked(contact::CUSTOMER, id).is_empty()
    };
    view! {
        <Show when=is_org><Related id key=contact::CUSTOMER heading=words("关键人", "Key persons") /></Show>
        <Related id key=customer::PARENT heading=words("下属单位", "Branches") named=true />
        <Related id key=complaint::CUSTOMER heading=words("投诉与建议", "Complaints and suggestions") named=true />
        <Related id key=check::CUSTOMER heading=words("接待检查", "Checks of the service") named=true />
    }
}

/// What was spent in all and how often (C4, C26).
#[component]
fn Worth(id: RowId) -> impl IntoView {
    let app = App::here();
    let facts = Memo::new(move |_| super::classes::facts(app, id));
    let spent = move || facts.with(|facts| whole(facts.spent));
    let deals = move || facts.with(|facts| facts.deals.to_string());
    let last = move || {
        let last = facts.with(|facts| facts.last_deal);
        last.map_or_else(|| "—".to_owned(), |day| app.reader().short_day(day))
    };
    view! {
        <Show when=move || facts.with(crate::domain::axes::Facts::has_dealt)>
            <div class="worth">
                <Stats>
                    <Stat value=Signal::derive(spent) label=app.t("累计消费", "Spent in all") />
                    <Stat value=Signal::derive(deals) label=app.t("成交次数", "Deals") />
                    <Stat value=Signal::derive(last) label=app.t("最近成交", "Last deal") />
                </Stats>
            </div>
        </Show>
    }
}

/// An amount without the fen that are none.
fn whole(fen: i64) -> String {
    let shown = money::show(fen);
    shown.strip_suffix(".00").map_or(shown.clone(), str::to_owned)
}

/// The records of one kind that refer to the customer, newest first.
#[component]
fn Related(
    id: RowId,
    /// The field that refers to the customer.
    key: Key<RowId>,
    heading: Words,
    /// They only name the customer: they are entered at another place, and nothing shows while there is none.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let app = App::here();
    let of = key.kind;
    let all = RwSignal::new(false);
    let lines = Memo::new(move |_| lines(app, key, id));
    let count = Memo::new(move |_| lines.with(Vec::len));
    let shown = move || {
        lines.with(|lines| lines.iter().take(if all.get() { usize::MAX } else { FIRST }).cloned().collect::<Vec<_>>())
    };
    let row = move |line: Line| {
        let mark = line.mark;
        let trail = move || mark.clone().map(|(tone, label)| view! { <Badge label tone /> });
        view! { <ListRow title=line.title second=line.second href=address(of, id, line.id) trail /> }
    };
    let add = move || {
        (!named).then(|| {
            let label = Signal::derive(move || {
                let name = kind(of).map(|kind| kind.words.r#in(app.lang.get()).to_lowercase()).unwrap_or_default();
                app.fill("新增{}", "Add {}", &[&name])
            });
            view! { <Allowed kind=of><LinkButton label href=format!("#{}", new_of(id, of)) kind=ButtonKind::Plain icon=Icon::Plus /></Allowed> }
        })
    };
    let remark = move || (count.get() > 0).then(|| count.get().to_string());
    view! {
        <Show when=move || !named || { count.get() > 0 }>
            <Section heading=app.w(heading) remark=Signal::derive(remark) action=add>
                <Show when=move || { count.get() > 0 }>
                    <List label=app.w(heading)><For each=shown key=Line::clone children=row /></List>
                </Show>
                <Show when=move || !all.get() && { count.get() > FIRST }>
                    <Button label=app.t("显示全部", "Show all") on_press=Callback::new(move |()| all.set(true)) kind=ButtonKind::Plain />
                </Show>
            </Section>
        </Show>
    }
}

/// Where a record that belongs to a customer or names one is shown.
pub(super) fn address(of: KindId, customer: RowId, id: RowId) -> String {
    match of {
        customer::ID => format!("#{}", card_of(id)),
        complaint::ID => format!("#/complaints/{id}"),
        check::ID => format!("#/standards/check/{id}"),
        reception::ID => format!("#/standards/reception/{id}"),
        _ => format!("#{}", part_of(customer, of, id)),
    }
}

fn lines(app: App, key: Key<RowId>, to: RowId) -> Vec<Line> {
    let reader = app.reader();
    let ids = app.linked(key, to);
    let mut rows: Vec<_> =
        app.peek(|book| ids.into_iter().filter_map(|id| Some((id, book.live(key.kind, id)?))).collect());
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(order(key.kind, row)));
    app.peek(|book| rows.iter().map(|(id, row)| line(book, key.kind, *id, row, reader)).collect())
}

/// The later or the more pressing, the greater.
fn order(of: KindId, row: &Row) -> (bool, i64) {
    let day = |key: Key<jiff::civil::Date>| row.value(key.field).int().unwrap_or_default();
    let open = match of {
        task::ID => row.get(task::DONE).is_none(),
        promise::ID => row.get(promise::SETTLED).is_none(),
        _ => true,
    };
    let at = match of {
        dealing::ID => row.get(dealing::AT).unwrap_or_default(),
        complaint::ID => row.get(complaint::AT).unwrap_or_default(),
        check::ID => row.get(check::AT).unwrap_or_default(),
        deal::ID => day(deal::DAY),
        // What waits longest is the first of the open ones.
        task::ID => {
            if open {
                -day(task::DUE)
            } else {
                day(task::DUE)
            }
        }
        promise::ID => {
            if open {
                -day(promise::DUE)
            } else {
                day(promise::DUE)
            }
        }
        _ => 0,
    };
    (open, at)
}

fn line(book: &Book, of: KindId, id: RowId, row: &Row, reader: Reader) -> Line {
    let say = |zh, en| words(zh, en).r#in(reader.lang).to_owned();
    let declared: Option<&'static Kind> = kind(of);
    let show = |field: u16| {
        let field: Option<&Field> = declared.and_then(|kind| kind.field(field));
        field.map(|field| book.show(row, field, reader)).unwrap_or_default()
    };
    let all = |fields: &[u16]| beside(fields.iter().map(|field| show(*field)));
    let (mark, fields): (_, &[u16]) = match of {
        dealing::ID => {
            (None, &[dealing::AT.field, dealing::MANNER.field, dealing::STAFF.field, dealing::SATISFACTION.field])
        }
        deal::ID => (Some((Tone::Plain, show(deal::AMOUNT.field))), &[deal::DAY.field, deal::STAFF.field]),
        contact::ID => {
            let part = row.text(contact::PART);
            let part = (!part.is_empty()).then(|| (Tone::Plain, book.label(lists::PART, part, reader.lang)));
            (part, &[contact::POSITION.field, contact::PHONE.field])
        }
        task::ID => {
            (row.get(task::DONE).map(|_| (Tone::Good, say("已完成", "Done"))), &[task::DUE.field, task::STAFF.field])
        }
        promise::ID => {
            let settled = row.get(promise::SETTLED).map(|_| match row.get(promise::KEPT) {
                Some(true) => (Tone::Good, say("已兑现", "Kept")),
                _ => (Tone::Due, say("未兑现", "Not kept")),
            });
            (settled, &[promise::DUE.field, promise::STAFF.field])
        }
        complaint::ID => {
            let state = show(complaint::STATE.field);
            let mark = (!state.is_empty()).then_some((Tone::Plain, state));
            (mark, &[complaint::AT.field, complaint::KIND.field, complaint::NUMBER.field])
        }
        check::ID => (None, &[check::AT.field, check::USE.field]),
        _ => (None, &[customer::PHONE.field]),
    };
    let title = if of == deal::ID && row.text(deal::ITEMS).is_empty() {
        say("成交", "Deal")
    } else {
        book.title(of, id, reader)
    };
    Line { id, title, second: all(fields), mark }
}
