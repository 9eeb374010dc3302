//! What becomes of the columns, and a look at the first rows.

use leptos::prelude::*;

use super::desk::Desk;
use crate::book::RowId;
use crate::exchange::import::Duplicates;
use crate::exchange::mapping::{KINDS, Mapping, Target, fillable};
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Chips, Choice, Section, Select};
use crate::words::beside;

/// Marks one of the shop's own fields among the choices.
const OWN: &str = "own:";

/// The mapping, guessed and to be changed.
#[component]
pub fn Columns(
    /// The import.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let kind = Signal::derive(move || desk.mapping.get().map_or("", |mapping| mapping.kind.key).to_owned());
    let kinds =
        Signal::derive(move || KINDS.map(|kind| Choice::new(kind.key, kind.words.r#in(app.lang.get()))).to_vec());
    let choose_kind = Callback::new(move |key: String| {
        let chosen = KINDS.into_iter().find(|kind| kind.key == key);
        if let (Some(kind), Some(source)) = (chosen, desk.source()) {
            desk.mapping.set(Some(app.peek(|book| Mapping::guess_for(book, kind, &source.sheet))));
        }
    });
    let policy =
        Signal::derive(move || if desk.duplicates.get() == Duplicates::Fill { "fill" } else { "skip" }.to_owned());
    let policies = Signal::derive(move || {
        vec![
            Choice::new("skip", app.say("跳过", "Leave out")),
            Choice::new("fill", app.say("补上空白项", "Fill what is empty")),
        ]
    });
    let choose_policy = Callback::new(move |key: String| {
        desk.duplicates.set(if key == "fill" { Duplicates::Fill } else { Duplicates::Skip });
    });
    let found = move || {
        desk.source().map(|source| {
            let rows = source.sheet.rows.len().to_string();
            app.fill(
                "{}：{} 行，编码 {}。",
                "{}: {} rows, encoding {}.",
                &[&desk.name.get(), &rows, source.encoding.name()],
            )
        })
    };
    let left_out = move || desk.source().and_then(|source| source.remark(app.lang.get()));
    view! {
        <p>{found}</p>
        {move || left_out().map(|text| view! { <p class="hint">{text}</p> })}
        <Chips label=app.t("导入为", "Import as") value=kind choices=kinds on_choose=choose_kind />
        <Section heading=app.t("各列的去向", "Where each column goes")>
            // A column's control is made anew when the kind changes, for its choices differ.
            {move || kind.get().is_empty().then_some(()).map_or_else(|| view! { <Targets desk /> }.into_any(), |()| ().into_any())}
        </Section>
        <Chips label=app.t("已有的客户", "Records that are there already") value=policy choices=policies on_choose=choose_policy />
        <div class="form-actions">
            <Button label=app.t("换一个文件", "Another file") on_press=Callback::new(move |()| desk.leave()) />
            <Button label=app.t("试运行", "Dry run") kind=ButtonKind::Primary on_press=Callback::new(move |()| desk.plan()) />
        </div>
    }
}

#[component]
fn Targets(desk: Desk) -> impl IntoView {
    let columns = desk.source().map_or(0, |source| source.sheet.header.len());
    (0..columns).map(|column| view! { <Column desk column /> }).collect_view()
}

/// One column: its name, what stands in it, where it goes.
#[component]
fn Column(desk: Desk, column: usize) -> impl IntoView {
    let app = App::here();
    let (name, example) = desk.source().map_or_else(Default::default, |source| {
        let name = source.sheet.header.get(column).cloned().unwrap_or_default();
        let example = beside(source.sheet.column(column).take(2).map(shortened));
        (if name.trim().is_empty() { format!("{}", column + 1) } else { name }, example)
    });
    let value = Signal::derive(move || {
        let target =
            desk.mapping.with(|mapping| mapping.as_ref().and_then(|mapping| mapping.columns.get(column).copied()));
        match target {
            Some(Target::Field(id)) => id.to_string(),
            Some(Target::Extra(id)) => format!("{OWN}{id}"),
            Some(Target::Note) => "note".to_owned(),
            _ => "nothing".to_owned(),
        }
    });
    let choices = Signal::derive(move || {
        let kind = desk.mapping.with(|mapping| mapping.as_ref().map(|mapping| mapping.kind));
        let fields = kind.into_iter().flat_map(fillable);
        let fields = fields.map(|field| Choice::new(field.id.to_string(), field.words.r#in(app.lang.get())));
        let own = app.peek(|book| book.extras(kind.map_or("", |kind| kind.key)));
        let own = own.into_iter().map(|extra| Choice::new(format!("{OWN}{}", extra.id), extra.name));
        let rest = [
            Choice::new("note", app.say("写入备注", "Into the note")),
            Choice::new("nothing", app.say("不导入", "Left out")),
        ];
        fields.chain(own).chain(rest).collect::<Vec<_>>()
    });
    let choose = Callback::new(move |chosen: String| {
        let target = match chosen.as_str() {
            "note" => Target::Note,
            "nothing" => Target::Nothing,
            id => match id.strip_prefix(OWN) {
                Some(own) => RowId::parse(own).map_or(Target::Nothing, Target::Extra),
                None => id.parse().map_or(Target::Nothing, Target::Field),
            },
        };
        desk.mapping.update(|mapping| {
            let Some(mapping) = mapping else { return };
            // A field is filled by one column: the other one goes to the note.
            if let Some(other) = mapping
                .columns
                .iter_mut()
                .find(|other| **other == target && !matches!(target, Target::Note | Target::Nothing))
            {
                *other = Target::Note;
            }
            if let Some(own) = mapping.columns.get_mut(column) {
                *own = target;
            }
        });
    });
    view! { <Select label=Signal::stored(name) value choices on_choose=choose hint=Signal::stored(Some(example)) /> }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.trim().chars().take(24).collect();
    if short.chars().count() < text.trim().chars().count() {
        short.push('…');
    }
    short
}
