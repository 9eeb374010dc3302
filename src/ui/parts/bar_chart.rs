//! Bars with their table.

use leptos::prelude::*;

/// One bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length, not below 0.
    pub value: f64,
    /// The value in words: "12", "86 %".
    pub text: String,
    /// The records behind it.
    pub href: Option<String>,
}

/// Lying bars, and below them, on request, the table they were drawn from with the ways to the
/// records behind each.
#[component]
pub fn BarChart(
    /// What the chart shows.
    #[prop(into)]
    title: Signal<String>,
    /// The bars.
    #[prop(into)]
    bars: Signal<Vec<Bar>>,
    /// The words that open the table.
    #[prop(into)]
    table_label: Signal<String>,
    /// The heads of the two columns.
    #[prop(into)]
    heads: Signal<(String, String)>,
) -> impl IntoView {
    let most =
        Memo::new(move |_| bars.with(|all| all.iter().map(|bar| bar.value).fold(0.0, f64::max)));
    let draw = move |bar: Bar| {
        let share = if most.get() > 0.0 {
            bar.value / most.get() * 100.0
        } else {
            0.0
        };
        view! {
            <span class="bar-label">{bar.label}</span>
            <svg class="bar"><rect width=format!("{share:.1}%") height="100%"></rect></svg>
            <span class="num">{bar.text}</span>
        }
    };
    let line = |bar: Bar| {
        let name = match bar.href {
            Some(href) => view! { <a href=href>{bar.label}</a> }.into_any(),
            None => bar.label.into_any(),
        };
        view! { <tr><th scope="row">{name}</th><td class="num">{bar.text}</td></tr> }
    };
    view! {
        <figure class="chart">
            <figcaption>{title}</figcaption>
            <div class="bars" aria-hidden="true">
                {move || bars.get().into_iter().map(draw).collect_view()}
            </div>
            <details>
                <summary>{table_label}</summary>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{move || heads.get().0}</th>
                            <th scope="col" class="num">{move || heads.get().1}</th>
                        </tr>
                    </thead>
                    <tbody>{move || bars.get().into_iter().map(line).collect_view()}</tbody>
                </table>
            </details>
        </figure>
    }
}
