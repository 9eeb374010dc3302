//! A record as read: the filled fields of each section.

use leptos::prelude::*;

use crate::book::RowId;
use crate::book::photo::in_order;
use crate::domain::kind;
use crate::domain::phone::Phone;
use crate::domain::record::{Field, Flags, KindId, Shape};
use crate::ui::app::App;
use crate::ui::parts::{KeyValue, KeyValues, Section};
use crate::ui::photos::PhotosShown;
use crate::web::maps;
use crate::words::Lang;

/// The filled fields of a record, section by section. Sections without any are left out.
#[component]
pub fn Facts(
    /// Kind of the record.
    kind_id: KindId,
    /// The record.
    #[prop(into)]
    id: Signal<RowId>,
    /// Keys of sections that the screen shows in another way.
    #[prop(optional)]
    without: &'static [&'static str],
) -> impl IntoView {
    let app = App::here();
    let sections = kind(kind_id).map(|kind| kind.sections).unwrap_or_default();
    sections
        .iter()
        .filter(|section| !without.contains(&section.key))
        .map(|section| {
            let some = Memo::new(move |_| !filled(app, kind_id, id.get(), section.fields).is_empty());
            view! {
                <Show when=move || some.get()>
                    <Section heading=app.w(section.words)>
                        <FactsOf kind_id id fields=section.fields />
                    </Section>
                </Show>
            }
        })
        .collect_view()
}

/// The filled ones of some fields of a record.
#[component]
pub fn FactsOf(
    /// Kind of the record.
    kind_id: KindId,
    /// The record.
    #[prop(into)]
    id: Signal<RowId>,
    /// The fields.
    fields: &'static [Field],
) -> impl IntoView {
    let app = App::here();
    let facts = Memo::new(move |_| filled(app, kind_id, id.get(), fields));
    let pictures = fields.iter().filter(|field| field.shape == Shape::Photos);
    let pictures = pictures.map(move |field| view! { <PhotosFact kind_id id field /> }).collect_view();
    view! {
        <KeyValues>
            <For each=move || facts.get() key=|fact| fact.clone() children=move |fact| {
                let words = kind(kind_id).and_then(|kind| kind.field(fact.0)).map(|field| field.words);
                let label = Signal::derive(move || words.map_or("", |words| words.r#in(app.lang.get())).to_owned());
                view! { <KeyValue label>{linked(fact)}</KeyValue> }
            } />
        </KeyValues>
        {pictures}
    }
}

/// The photos of a field, if there are any.
#[component]
pub fn PhotosFact(
    /// Kind of the record.
    kind_id: KindId,
    /// The record.
    #[prop(into)]
    id: Signal<RowId>,
    /// The field.
    field: &'static Field,
) -> impl IntoView {
    let app = App::here();
    let photos = Memo::new(move |_| {
        app.read(&[kind_id], |book| {
            let row = book.row(kind_id, id.get()).unwrap_or_default();
            in_order(row.elements(field.id))
        })
    });
    view! { <Show when=move || !photos.with(Vec::is_empty)><PhotosShown label=app.w(field.words) photos /></Show> }
}

/// Field, its shown text, and where a press on it leads.
type Fact = (u16, String, Option<String>);

fn filled(app: App, kind_id: KindId, id: RowId, fields: &'static [Field]) -> Vec<Fact> {
    let reader = app.reader();
    // A reference shows the other record's title, so all kinds named by the fields are listened to.
    let mut kinds = vec![kind_id, crate::domain::team::entry::ID];
    kinds.extend(fields.iter().filter_map(|field| if let Shape::Ref(of) = field.shape { Some(of) } else { None }));
    app.read(&kinds, |book| {
        let row = book.row(kind_id, id).unwrap_or_default();
        let shown = fields.iter().filter(|field| field.shape != Shape::Photos && !field.flags.has(Flags::HIDDEN)).map(
            |field| {
                let text = book.show(&row, field, reader);
                let stored = row.value(field.id).text().unwrap_or_default();
                (field.id, text, href(field.shape, stored, reader.lang))
            },
        );
        shown.filter(|(_, text, _)| !text.is_empty()).collect()
    })
}

/// Where a press on a value leads: it calls, writes, or opens a map or a page.
pub fn href(shape: Shape, stored: &str, lang: Lang) -> Option<String> {
    let coded = || String::from(js_sys::encode_uri_component(stored));
    match shape {
        Shape::Phone => Phone::from_stored(stored).href(),
        Shape::Mail if stored.contains('@') => Some(format!("mailto:{}", coded())),
        // Only the web's own schemes: a link from a file must not run anything.
        Shape::Link if stored.starts_with("https://") || stored.starts_with("http://") => Some(stored.to_owned()),
        Shape::Place if !stored.is_empty() => Some(maps::href(stored, lang == Lang::Zh)),
        _ => None,
    }
}

fn linked((_, text, href): Fact) -> AnyView {
    match href {
        Some(href) => {
            let away = href.starts_with("http");
            view! {
                <a href=href target=away.then_some("_blank") rel=away.then_some("noopener noreferrer")>{text}</a>
            }
            .into_any()
        }
        None => view! { <span class="text">{text}</span> }.into_any(),
    }
}
