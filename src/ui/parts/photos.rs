//! Photos: small ones in a row, one large over the page.

use super::button::{Button, ButtonKind};
use super::dialog::Dialog;
use super::field::described_by;
use super::icon_button::IconButton;
use super::ids::fresh_id;
use super::keys::{ACROSS, focus_nth, led_to};
use crate::ui::icon::Icon;
use crate::web::files::{Picked, picked};
use leptos::ev::TouchEvent;
use leptos::{html, prelude::*, wasm_bindgen::JsCast};

/// What there is of a photo on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// It is being read or made smaller.
    Coming,
    /// Its address.
    Here(String),
    /// It is not here; why, in words.
    Away(String),
}

/// One photo of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Tells it from the others.
    pub id: String,
    /// Its name for the ear, such as 照片 2.
    pub label: String,
    /// The picture.
    pub picture: Picture,
}

/// The words on the controls of [`Photos`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name is the control")]
pub struct PhotoWords {
    pub add: String,
    pub close: String,
    pub previous: String,
    pub next: String,
    pub remove: String,
    /// Said of a photo that is not there yet.
    pub coming: String,
}

/// A finger that goes so far across, in px, means the next one.
const SWIPE: i32 = 48;

/// A group of photos. A press on a small picture opens it over the page, where arrows, buttons and a finger lead to the others. Without
/// `on_add` and `on_remove` they are only looked at.
///
/// Removing asks nothing: whoever hears of it asks first or offers to undo it.
#[component]
pub fn Photos(
    /// What they are photos of.
    #[prop(into)]
    label: Signal<String>,
    /// The photos, in their order.
    #[prop(into)]
    photos: Signal<Vec<Photo>>,
    /// Hears what was picked or taken; nothing of it is read yet.
    #[prop(optional, into)]
    on_add: Option<Callback<Vec<Picked>>>,
    /// Hears which one to take away. The window is closed then, and what is said about it is in reach.
    #[prop(optional, into)]
    on_remove: Option<Callback<String>>,
    /// What was picked is being worked on, and nothing is added meanwhile.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The words on the controls.
    #[prop(into)]
    words: Signal<PhotoWords>,
) -> impl IntoView {
    let (hint_id, error_id) = (fresh_id(), fresh_id());
    let described_by = described_by(&hint_id, hint, &error_id, error);
    let tiles = NodeRef::<html::Ul>::new();
    let open = RwSignal::new(None::<String>);
    let removed = RwSignal::new(None::<(String, usize)>);
    // A tile that is gone takes the focus with it; the one that comes into its place has it then.
    Effect::new(move || {
        let Some((id, place)) = removed.get() else { return };
        if photos.with(|all| all.iter().any(|photo| photo.id == id)) {
            return;
        }
        removed.set(None);
        let last = photos.with_untracked(Vec::len).saturating_sub(usize::from(on_add.is_none()));
        request_animation_frame(move || {
            if let (Some(tiles), true) = (tiles.get_untracked(), is_focus_lost()) {
                focus_nth(&tiles, ".photo:not(label), .photo input", place.min(last));
            }
        });
    });
    let tile = move |id: String| {
        let own = id.clone();
        let photo = Memo::new(move |_| photos.with(|all| all.iter().find(|photo| photo.id == own).cloned()));
        view! {
            <li>
                <button type="button" class="photo" data-picture=move || photo.with(|now| now.as_ref().map(state)) on:click=move |_| open.set(Some(id.clone()))>
                    {move || photo.get().map(|photo| view! { <Small photo words /> })}
                </button>
            </li>
        }
    };
    let add = move |on_add: Callback<Vec<Picked>>| {
        view! {
            <li>
                <label class="photo" aria-busy=move || busy.get().then_some("true")>
                    <input
                        class="hide"
                        type="file"
                        accept="image/*"
                        multiple
                        aria-describedby=described_by
                        on:click=move |event| if busy.get_untracked() { event.prevent_default() }
                        on:change=move |event| {
                            let files = picked(event.unchecked_ref());
                            if !files.is_empty() {
                                on_add.run(files);
                            }
                        }
                    />
                    {Icon::Camera.svg()}
                    <span>{move || words.with(|words| words.add.clone())}</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="field photos" aria-describedby=described_by>
            <legend>{label}</legend>
            <ul class="photo-tiles" node_ref=tiles>
                <For
                    each=move || photos.with(|all| all.iter().map(|photo| photo.id.clone()).collect::<Vec<_>>())
                    key=|id| id.clone()
                    children=tile
                />
                {on_add.map(add)}
            </ul>
            {move || hint.get().map(|words| view! { <p class="hint" id=hint_id.clone()>{words}</p> })}
            {move || error.get().map(|words| view! { <p class="error" id=error_id.clone()>{words}</p> })}
            <Viewer
                photos open words
                on_remove=on_remove.map(|on_remove| Callback::new(move |(id, place): (String, usize)| {
                    open.set(None);
                    removed.set(Some((id.clone(), place)));
                    on_remove.run(id);
                }))
            />
        </fieldset>
    }
}

/// The name that the style sheet knows.
const fn state(photo: &Photo) -> &'static str {
    match photo.picture {
        Picture::Coming => "coming",
        Picture::Here(_) => "here",
        Picture::Away(_) => "away",
    }
}

/// What a tile shows.
#[component]
fn Small(photo: Photo, words: Signal<PhotoWords>) -> impl IntoView {
    match photo.picture {
        Picture::Here(url) => view! { <img src=url alt=photo.label decoding="async" draggable="false" /> }.into_any(),
        Picture::Coming => {
            view! { <span class="hide">{photo.label}" "{move || words.with(|words| words.coming.clone())}</span> }
                .into_any()
        }
        Picture::Away(why) => {
            view! { {Icon::Photo.svg()}<span class="hide">{photo.label}</span><span class="photo-why">{why}</span> }
                .into_any()
        }
    }
}

/// The window over the page with one of the photos.
#[component]
fn Viewer(
    photos: Signal<Vec<Photo>>,
    /// Which one is shown.
    open: RwSignal<Option<String>>,
    words: Signal<PhotoWords>,
    /// Hears which one to take away, and its place.
    on_remove: Option<Callback<(String, usize)>>,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let id = open.get()?;
        photos.with(|all| {
            let place = all.iter().position(|photo| photo.id == id)?;
            Some((place, all.len(), all[place].clone()))
        })
    });
    let place = StoredValue::new(0);
    // Somebody else may take the photo away meanwhile: then the one that comes into its place is shown.
    Effect::new(move || match shown.get() {
        Some((now, _, _)) => place.set_value(now),
        None if open.with_untracked(Option::is_some) => open.set(photos.with_untracked(|all| {
            let last = all.len().checked_sub(1)?;
            Some(all[place.get_value().min(last)].id.clone())
        })),
        None => {}
    });
    let go = move |to: usize| {
        if let Some(id) = photos.with_untracked(|all| all.get(to).map(|photo| photo.id.clone())) {
            open.set(Some(id));
        }
    };
    let step = move |key: &str| {
        let (now, count) =
            shown.with_untracked(|shown| shown.as_ref().map_or((0, 0), |(now, count, _)| (*now, *count)));
        let to = led_to(key, ACROSS, now, count);
        to.inspect(|to| go(*to)).is_some()
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        // With another key they are the browser's: a page back, for one.
        let alone = !(event.alt_key() || event.ctrl_key() || event.meta_key());
        if alone && open.with_untracked(Option::is_some) && step(&event.key()) {
            event.prevent_default();
        }
    };
    // Where a finger came down alone. Two of them, or one on a picture that was made larger, look around in it.
    let touched = StoredValue::new(None::<(i32, i32)>);
    let down = move |event: TouchEvent| {
        let alone = event.touches().length() == 1 && !is_enlarged();
        touched.set_value(if alone { place_of(&event) } else { None });
    };
    let up = move |event: TouchEvent| {
        let (Some((x0, y0)), Some((x, y))) = (touched.get_value(), place_of(&event)) else { return };
        touched.set_value(None);
        let (across, along) = (x - x0, y - y0);
        if across.abs() >= SWIPE && across.abs() > 2 * along.abs() {
            step(if across < 0 { ACROSS.1 } else { ACROSS.0 });
        }
    };
    let say = move |pick: fn(&PhotoWords) -> &String| Signal::derive(move || words.with(|words| pick(words).clone()));
    let title = move || shown.with(|shown| shown.as_ref().map(|(_, _, photo)| photo.label.clone()).unwrap_or_default());
    let picture = move || {
        shown.get().map(|(_, _, Photo { label, picture, .. })| match picture {
            Picture::Here(url) => view! { <img src=url alt=label draggable="false" /> }.into_any(),
            Picture::Coming => view! { <p role="status">{say(|words| &words.coming)}</p> }.into_any(),
            Picture::Away(why) => view! { {Icon::Photo.svg()}<p>{why}</p> }.into_any(),
        })
    };
    let count =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or((0, 0), |(now, count, _)| (now + 1, *count))));
    let ways = move || {
        view! {
            <IconButton label=say(|words| &words.previous) icon=Icon::Left on_press=move |()| { step(ACROSS.0); } />
            <p role="status">{move || { let (now, count) = count.get(); format!("{now} / {count}") }}</p>
            <IconButton label=say(|words| &words.next) icon=Icon::Right on_press=move |()| { step(ACROSS.1); } />
        }
    };
    let several = Memo::new(move |_| count.get().1 > 1);
    let is_open = Memo::new(move |_| open.with(Option::is_some));
    let remove = move |on_remove: Callback<(String, usize)>| {
        let press = move |()| {
            if let Some((now, _, photo)) = shown.get_untracked() {
                on_remove.run((photo.id, now));
            }
        };
        view! { <Button label=say(|words| &words.remove) kind=ButtonKind::Danger icon=Icon::Delete on_press=press /> }
    };
    view! {
        // Keys rise out of the window to here.
        <div on:keydown=on_key>
            <Dialog open=is_open on_close=move |()| open.set(None) title=Signal::derive(title) close_label=say(|words| &words.close)>
                <div class="viewer">
                    <div class="viewer-picture" on:touchstart=down on:touchend=up>{picture}</div>
                    <div class="viewer-ways">
                        {move || several.get().then(ways)}
                        {on_remove.map(remove)}
                    </div>
                </div>
            </Dialog>
        </div>
    }
}

/// Where the finger is that an event is about.
fn place_of(event: &TouchEvent) -> Option<(i32, i32)> {
    event.changed_touches().get(0).map(|finger| (finger.client_x(), finger.client_y()))
}

/// Whether the page is looked at through a glass.
fn is_enlarged() -> bool {
    window().visual_viewport().is_some_and(|seen| seen.scale() > 1.01)
}

/// Whether what had the focus has left the page.
fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}
