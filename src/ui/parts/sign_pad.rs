//! A signature: drawn with a finger, a pen or a mouse, or the name written by whoever cannot draw.

use super::button::{Button, ButtonKind};
use super::field::{Field, FieldLinks, described_by};
use super::ids::fresh_id;
use super::keys::{focus_nth, is_composing};
use crate::exchange::picture::PictureKind;
use crate::ui::icon::Icon;
use crate::web::WebError;
use crate::web::photo::{encoded, white_canvas};
use leptos::{ev, html, prelude::*, svg, task::spawn_local};
use web_sys::{CanvasRenderingContext2d, Path2d};

/// The pad in points, whatever its size on the screen: also the size of the picture that is made.
const WIDE: u32 = 800;
const HIGH: u32 = 400;
/// Where a name stands, and the line below it.
const MIDDLE: f64 = 400.0;
const BASE: f64 = 260.0;
/// The room for a name, and its letters when there is room enough.
const ROOM: f64 = 700.0;
const LETTERS: f64 = 140.0;
/// The ink of the picture, which stands on white wherever it is shown.
const INK: &str = "#221f1b";
/// The width of a stroke; the style sheet says the same.
const STROKE: f64 = 5.0;
/// A hand that trembles less than this, in points, has not moved.
const STILL: f64 = 2.0;

/// The words on the controls of [`SignPad`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignWords {
    /// Confirms the signature.
    pub done: String,
    /// Takes the strokes away.
    pub clear: String,
    /// Leads to the field for those who cannot draw.
    pub write: String,
    /// Leads back from it.
    pub draw: String,
    /// The label of that field.
    pub name: String,
    /// Signs anew where a signature is.
    pub again: String,
    /// Keeps the signature that was there.
    pub keep: String,
    /// Said when the browser cannot make the picture.
    pub failed: String,
}

/// A signature. Without one it is a pad to draw on, or a field whose name is set on the pad; with one it is shown, and
/// can be made anew. It takes the width of its place.
#[component]
pub fn SignPad(
    /// Who signs what.
    #[prop(into)]
    label: Signal<String>,
    /// The words on the controls.
    #[prop(into)]
    words: Signal<SignWords>,
    /// Hears the signature as a PNG, dark on white, once it is confirmed.
    #[prop(into)]
    on_done: Callback<Vec<u8>>,
    /// The address of the signature that there is.
    #[prop(optional, into)]
    signed: Signal<Option<String>>,
    /// The signature is being kept.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let frame = NodeRef::<html::Fieldset>::new();
    let (hint_id, error_id) = (fresh_id(), fresh_id());
    let failed = RwSignal::new(false);
    let wrong =
        Signal::derive(move || if failed.get() { Some(words.with(|words| words.failed.clone())) } else { error.get() });
    let described_by = described_by(&hint_id, hint, &error_id, wrong);
    let anew = RwSignal::new(false);
    // A signature that has come is the one that was made here: it is shown.
    Effect::new(move |before: Option<Option<String>>| {
        let now = signed.get();
        if before.is_some_and(|before| before != now) {
            anew.set(false);
        }
        now
    });
    let is_shown = Memo::new(move |_| signed.with(Option::is_some) && !anew.get());
    // What was pressed is gone when the one takes the place of the other: the focus stays with the signature.
    let pressed = StoredValue::new(false);
    Effect::new(move |before: Option<bool>| {
        let now = is_shown.get();
        if before.is_some_and(|before| before != now) && pressed.get_value() {
            pressed.set_value(false);
            request_animation_frame(move || {
                if let Some(frame) = frame.get_untracked() {
                    focus_nth(&frame, "button:enabled", 0);
                }
            });
        }
        now
    });
    let turn = move |to: bool| {
        pressed.set_value(true);
        failed.set(false);
        anew.set(to);
    };
    let done = Callback::new(move |made: Result<Vec<u8>, WebError>| {
        failed.set(made.is_err());
        if let Ok(png) = made {
            pressed.set_value(true);
            on_done.run(png);
        }
    });
    let inside = move || {
        if is_shown.get() {
            view! {
                <img class="signature" src=move || signed.get() alt=label />
                <div class="sign-actions">
                    <Button label=say(words, |words| &words.again) icon=Icon::Edit busy on_press=move |()| turn(true) />
                </div>
            }
            .into_any()
        } else {
            let keep = move || {
                signed.with(Option::is_some).then(|| {
                    view! { <Button label=say(words, |words| &words.keep) on_press=move |()| turn(false) /> }
                })
            };
            view! { <Pad label words busy on_done=done keep=ViewFn::from(keep) /> }.into_any()
        }
    };
    view! {
        <fieldset class="field signing" aria-describedby=described_by node_ref=frame>
            <legend>{label}</legend>
            {inside}
            {move || hint.get().map(|words| view! { <p class="hint" id=hint_id.clone()>{words}</p> })}
            {move || wrong.get().map(|words| view! { <p class="error" id=error_id.clone()>{words}</p> })}
        </fieldset>
    }
}

/// One of the words.
fn say(words: Signal<SignWords>, pick: fn(&SignWords) -> &String) -> Signal<String> {
    Signal::derive(move || words.with(|words| pick(words).clone()))
}

/// What one draws on.
///
/// The strokes are a path of the page and become points only when they are done: so they are sharp on every screen, turn
/// with it, and have the colour of the ink by day and by night.
#[component]
fn Pad(
    label: Signal<String>,
    words: Signal<SignWords>,
    busy: Signal<bool>,
    /// Hears the picture, or why there is none.
    on_done: Callback<Result<Vec<u8>, WebError>>,
    /// The way back to a signature that there is.
    keep: ViewFn,
) -> impl IntoView {
    let pad = NodeRef::<svg::Svg>::new();
    let ink = RwSignal::new(String::new());
    let writes = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let making = RwSignal::new(false);
    let is_busy = Signal::derive(move || making.get() || busy.get());
    let is_empty =
        Memo::new(
            move |_| {
                if writes.get() { name.with(|name| name.trim().is_empty()) } else { ink.with(String::is_empty) }
            },
        );
    let finish = Callback::new(move |()| {
        if is_empty.get_untracked() || is_busy.get_untracked() {
            return;
        }
        making.set(true);
        let drawing = if writes.get_untracked() {
            let name = name.with_untracked(|name| name.trim().to_owned());
            Drawing::Name { size: size_of(&name, pad), name, font: font_of(pad) }
        } else {
            Drawing::Strokes(ink.get_untracked())
        };
        spawn_local(async move {
            let made = drawing.png().await;
            // The person may have gone elsewhere meanwhile: then nobody has confirmed it.
            if making.try_set(false).is_none() {
                on_done.run(made);
            }
        });
    });
    let written = move || {
        writes.get().then(|| {
            let size = move || name.with(|name| size_of(name.trim(), pad).to_string());
            view! { <text x=MIDDLE.to_string() y=BASE.to_string() font-size=size>{move || name.with(|name| name.trim().to_owned())}</text> }
        })
    };
    let drawn = move || (!writes.get()).then(|| view! { <path class="sign-ink" d=ink /> });
    let (down, moved, up) = hand(pad, ink, writes.into());
    let clear = move |()| {
        if writes.get_untracked() { name.set(String::new()) } else { ink.set(String::new()) }
    };
    // It says where it leads, so it is one button that stays, with the focus.
    let way =
        Signal::derive(move || words.with(|words| if writes.get() { words.draw.clone() } else { words.write.clone() }));
    let turn = move |()| writes.update(|on| *on = !*on);
    view! {
        {move || writes.get().then(|| view! { <NameField name words finish /> })}
        <svg
            class="sign-pad" role="img" aria-label=label node_ref=pad viewBox=format!("0 0 {WIDE} {HIGH}")
            data-writes=move || writes.get().then_some("")
            on:pointerdown=move |event| down.run(event)
            on:pointermove=move |event| moved.run(event)
            on:pointerup=move |event| up.run(event)
            on:pointercancel=move |event| up.run(event)
        >
            <path class="sign-line" d=format!("M60 {}H740", BASE + 40.0) />
            {drawn}
            {written}
        </svg>
        <div class="sign-actions">
            <Button label=way kind=ButtonKind::Plain on_press=turn />
            {keep.run()}
            // These two stay together.
            <div>
                <Button label=say(words, |words| &words.clear) icon=Icon::Undo disabled=is_empty on_press=clear />
                <Button label=say(words, |words| &words.done) kind=ButtonKind::Primary icon=Icon::Check disabled=is_empty busy=is_busy on_press=finish />
            </div>
        </div>
    }
}

/// The field for those who cannot draw; Enter confirms the name.
#[component]
fn NameField(name: RwSignal<String>, words: Signal<SignWords>, finish: Callback<()>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    // Whoever asked for it wants to write in it.
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && !is_composing(&event) {
            // Not the form around it.
            event.prevent_default();
            finish.run(());
        }
    };
    let control = Box::new(move |links: FieldLinks| {
        view! {
            <span class="line">
                <input
                    id=links.id node_ref=input type="text" autocomplete="name" maxlength="60"
                    prop:value=name
                    on:input=move |event| name.set(event_target_value(&event))
                    on:keydown=on_key
                />
            </span>
        }
        .into_any()
    });
    view! { <Field label=say(words, |words| &words.name) control /> }
}

/// Hears what a pointer does.
type Heard = Callback<ev::PointerEvent>;

/// The hand that draws: what it does when it touches the pad, moves and leaves it.
fn hand(pad: NodeRef<svg::Svg>, ink: RwSignal<String>, resting: Signal<bool>) -> (Heard, Heard, Heard) {
    // Which pointer draws, and where it was: a second finger and the ball of the hand draw nothing.
    let held = StoredValue::new(None::<(i32, f64, f64)>);
    let point = move |event: &ev::PointerEvent| {
        let frame = pad.get_untracked()?.get_bounding_client_rect();
        let scale = f64::from(WIDE) / frame.width().max(1.0);
        let at = |client: i32, edge: f64| ((f64::from(client) - edge) * scale).round();
        Some((at(event.client_x(), frame.left()), at(event.client_y(), frame.top())))
    };
    let down = Callback::new(move |event: ev::PointerEvent| {
        if resting.get_untracked() || event.button() != 0 || held.get_value().is_some() {
            return;
        }
        let Some((x, y)) = point(&event) else { return };
        // Neither a selection nor a drag begins.
        event.prevent_default();
        if let Some(pad) = pad.get_untracked() {
            // Without it a stroke only ends at the edge of the pad.
            let _ = pad.set_pointer_capture(event.pointer_id());
        }
        held.set_value(Some((event.pointer_id(), x, y)));
        // A dot is a stroke of no length with round ends.
        ink.update(|ink| ink.push_str(&format!("M{x} {y}h.01")));
    });
    let moved = Callback::new(move |event: ev::PointerEvent| {
        let (Some((id, x0, y0)), Some((x, y))) = (held.get_value(), point(&event)) else { return };
        if id == event.pointer_id() && (x - x0).hypot(y - y0) >= STILL {
            held.set_value(Some((id, x, y)));
            // Through the middle between two places, bent towards the place itself: a hand makes no corners.
            let (mx, my) = (f64::midpoint(x0, x), f64::midpoint(y0, y));
            ink.update(|ink| ink.push_str(&format!("Q{x0} {y0} {mx} {my}")));
        }
    });
    let up = Callback::new(move |event: ev::PointerEvent| {
        if let Some((id, x, y)) = held.get_value()
            && id == event.pointer_id()
        {
            held.set_value(None);
            ink.update(|ink| ink.push_str(&format!("L{x} {y}")));
        }
    });
    (down, moved, up)
}

/// The letters that the pad is written in.
fn font_of(pad: NodeRef<svg::Svg>) -> String {
    let style = pad.get_untracked().and_then(|pad| window().get_computed_style(&pad).ok().flatten());
    style.and_then(|style| style.get_property_value("font-family").ok()).unwrap_or_else(|| "serif".to_owned())
}

/// How large a name can be written on the pad.
fn size_of(name: &str, pad: NodeRef<svg::Svg>) -> f64 {
    let measured = white_canvas(1, 1).ok().and_then(|(_, pen)| {
        pen.set_font(&format!("{LETTERS}px {}", font_of(pad)));
        pen.measure_text(name).ok()
    });
    // What cannot be measured is pressed into its room.
    measured.map_or(LETTERS, |measured| (LETTERS * ROOM / measured.width().max(ROOM)).floor())
}

/// What becomes a picture.
enum Drawing {
    Strokes(String),
    Name { name: String, size: f64, font: String },
}

impl Drawing {
    async fn png(self) -> Result<Vec<u8>, WebError> {
        let (canvas, pen) = white_canvas(WIDE, HIGH)?;
        self.draw(&pen)?;
        encoded(&canvas, PictureKind::Png, 1.0).await
    }

    fn draw(&self, pen: &CanvasRenderingContext2d) -> Result<(), WebError> {
        match self {
            Self::Strokes(path) => {
                pen.set_stroke_style_str(INK);
                pen.set_line_width(STROKE);
                pen.set_line_cap("round");
                pen.stroke_with_path(&Path2d::new_with_path_string(path)?);
            }
            Self::Name { name, size, font } => {
                pen.set_fill_style_str(INK);
                pen.set_font(&format!("{size}px {font}"));
                let width = pen.measure_text(name)?.width().min(ROOM);
                pen.fill_text_with_max_width(name, MIDDLE - width / 2.0, BASE, ROOM)?;
            }
        }
        Ok(())
    }
}
