//! A list of any length: only the rows in sight are in the page, at the places they would have.

use std::ops::Range;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::{html, prelude::*};

use super::position::{find, focus, scroll_by};
use crate::book::{Letter, RowId};
use crate::ui::lasting::LastingMemo;
use crate::ui::parts::LetterIndex;

/// Rows come and go together in blocks: a block in front of the others moves none of them, so the focus stays.
const BLOCK: usize = 8;
/// Rows kept beyond each edge, so that scrolling shows no gaps.
const BEYOND: usize = 12;
/// Height of a row until one was measured, in CSS pixels.
const ROW: f64 = 64.0;
/// What stays above the list while it scrolls, the lowest of it.
const BARS: &str = ".list-pane .tools";

/// What is known of the place of the list on the screen, in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Sight {
    /// How far the head of the list is above the upper edge.
    above: f64,
    /// Height of the screen.
    height: f64,
    /// How much of its upper part lies under the bars.
    covered: f64,
    /// Height of a row.
    row: f64,
}

impl Sight {
    /// The blocks of rows that are in the page.
    fn blocks(self, count: usize) -> Range<usize> {
        let first = self.place(self.above).saturating_sub(BEYOND).min(count);
        let last = (self.place(self.above + self.height) + BEYOND).min(count);
        first / BLOCK..last.div_ceil(BLOCK)
    }

    /// The first row in sight. Places are rounded to the points of a screen.
    fn first(self) -> usize {
        self.place(self.above + self.covered + 1.0)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places of rows, not below 0")]
    fn place(self, pixels: f64) -> usize {
        (pixels / self.row).max(0.0) as usize
    }

    /// Where a row begins below the head of the list.
    #[expect(clippy::cast_precision_loss, reason = "a list is shorter than 2^52 rows")]
    fn begin(self, row: usize) -> f64 {
        row as f64 * self.row
    }
}

/// A list whose rows have one height. It scrolls with whatever it stands in, and says to assistive technology how
/// long it is and where each row stands.
#[component]
pub(super) fn Windowed(
    /// Its name for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The rows.
    ids: LastingMemo<Vec<RowId>>,
    /// What stands in a row: an element of the class `row`.
    #[prop(into)]
    row: Callback<RowId, AnyView>,
    /// Where its letters begin; none where no letter leads anywhere.
    #[prop(into)]
    letters: Signal<Vec<Letter>>,
    /// The name of the letters for the ear.
    #[prop(into)]
    letters_label: Signal<String>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let sight = RwSignal::new(Sight { above: 0.0, height: 800.0, covered: 0.0, row: ROW });
    let look = move || {
        let Some(seen) = frame.try_get_untracked().flatten().and_then(|frame| measure(&frame)) else { return };
        if sight.try_get_untracked().is_some_and(|before| before != seen) {
            sight.set(seen);
        }
    };
    frame.on_load(move |_| request_animation_frame(look));
    follow_scrolling(look);
    let count = LastingMemo::memo(move || ids.with(Vec::len));
    let blocks = Memo::new(move |_| sight.get().blocks(count.get()));
    let pixels = move |rows: usize| format!("{}px", sight.get().begin(rows));
    let first = Memo::new(move |_| sight.get().first());
    let jump = Callback::new(move |row: usize| {
        let Some(frame) = frame.get_untracked() else { return };
        // Once more where a notice above the list scrolled away, and the bars moved up.
        for _ in 0..2 {
            if let Some(seen) = measure(&frame) {
                scroll_by(seen.begin(row) - seen.above - seen.covered);
            }
        }
        look();
    });
    let enter = Callback::new(|row: usize| focus(find(&format!(".windowed [aria-posinset=\"{}\"] .row", row + 1))));
    let index = move || view! { <LetterIndex label=letters_label letters row=first on_jump=jump on_enter=enter /> };
    let block = move |number: usize| {
        let rows = move || {
            let range = number * BLOCK..((number + 1) * BLOCK).min(count.get());
            ids.with(|ids| range.clone().zip(ids.get(range).unwrap_or_default().to_vec()).collect::<Vec<_>>())
        };
        view! {
            <For each=rows key=|row| *row children=move |(at, id)| view! {
                <li aria-setsize=move || count.get() aria-posinset=at + 1>{row.run(id)}</li>
            } />
        }
    };
    view! {
        <div class="lettered">
            <Show when=move || !letters.with(Vec::is_empty)>{index}</Show>
            <div class="windowed" node_ref=frame style:height=move || pixels(count.get())>
                <ul
                    role="list"
                    aria-label=label
                    style:transform=move || format!("translateY({})", pixels(blocks.get().start * BLOCK))
                >
                    <For each=move || blocks.get() key=|number| *number children=block />
                </ul>
            </div>
        </div>
    }
}

/// Where the list is; none while it is not shown.
fn measure(frame: &web_sys::HtmlDivElement) -> Option<Sight> {
    let place = frame.get_bounding_client_rect();
    let height = window().inner_height().ok()?.as_f64()?;
    let row = frame.query_selector(".row").ok().flatten().map(|row| row.get_bounding_client_rect().height());
    let covered = find(BARS).map_or(0.0, |bars| bars.get_bounding_client_rect().bottom());
    let row = row.filter(|height| *height > 1.0).unwrap_or(ROW);
    (place.width() > 0.0).then(|| Sight { above: -place.top(), height, covered, row })
}

/// Scrolling of the page or of any pane in it: it does not bubble, so it is caught on the way down.
fn follow_scrolling(look: impl Fn() + Copy + 'static) {
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: true };
    let scroll = EventListener::new_with_options(&document(), "scroll", options, move |_| look());
    let resize = EventListener::new(&window(), "resize", move |_| look());
    // They stop listening with the component.
    let _listening = StoredValue::new_local([scroll, resize]);
}
