//! Text with the found places marked.
#![expect(clippy::needless_pass_by_value, reason = "the props of a part are its own")]

use leptos::prelude::*;
use std::ops::Range;

/// Text in which the ranges (counted in characters, ascending, apart) are marked.
#[component]
pub fn Highlight(
    /// The text.
    #[prop(into)]
    text: String,
    /// Which characters a search found.
    #[prop(optional)]
    found: Vec<Range<usize>>,
) -> impl IntoView {
    runs(&text, &found)
        .into_iter()
        .map(|(marked, run)| if marked { view! { <mark>{run}</mark> }.into_any() } else { run.into_any() })
        .collect_view()
}

/// Cuts the text into runs, each marked or not.
fn runs(text: &str, found: &[Range<usize>]) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for (place, letter) in text.chars().enumerate() {
        let marked = found.iter().any(|range| range.contains(&place));
        match runs.last_mut() {
            Some((last, run)) if *last == marked => run.push(letter),
            _ => runs.push((marked, letter.to_string())),
        }
    }
    runs
}
