//! Language and look of this device.

use leptos::prelude::*;

use super::Head;
use crate::ui::app::App;
use crate::ui::parts::{ButtonKind, Chips, Choice, LinkButton, Section};
use crate::web::prefs::Pref;
use crate::words::Lang;

/// The attribute by which the style sheet knows the chosen look.
const THEME: &str = "data-theme";

/// Chooses language and look; both change at once and stay on this device.
#[component]
pub fn Language() -> impl IntoView {
    let app = App::here();
    let langs = Lang::ALL.map(|(lang, name)| Choice::new(lang.tag(), name)).to_vec();
    let theme = RwSignal::new(Pref::Theme.get().unwrap_or_default());
    let themes = Signal::derive(move || {
        vec![
            Choice::new("", app.say("跟随系统", "As the system")),
            Choice::new("light", app.say("日间", "Day")),
            Choice::new("dark", app.say("夜间", "Night")),
        ]
    });
    let choose_theme = Callback::new(move |chosen: String| {
        // A browser that keeps nothing still shows the look for this visit.
        let _ = if chosen.is_empty() { Pref::Theme.clear() } else { Pref::Theme.set(&chosen) };
        apply_theme(&chosen);
        theme.set(chosen);
    });
    view! {
        <Head title=app.t("语言与外观", "Language and look") />
        <Section heading=app.t("语言", "Language")>
            <Chips
                label="语言 · Language"
                value=Signal::derive(move || app.lang.get().tag().to_owned())
                choices=Signal::stored(langs)
                on_choose=Callback::new(move |tag: String| app.choose_lang(Lang::of_tag(&tag)))
                quiet=true
            />
        </Section>
        <Section heading=app.t("外观", "Look")>
            <Chips label=app.t("外观", "Look") value=theme choices=themes on_choose=choose_theme quiet=true />
        </Section>
        <div class="foot">
            <LinkButton
                label=app.t("界面部件一览（给参与改进的人）", "All parts of the screens, for those who work on them")
                href="#/more/gallery"
                kind=ButtonKind::Plain
            />
        </div>
    }
}

/// Shows the look that the person chose; nothing chosen leaves it to the system.
pub fn apply_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = if theme.is_empty() { root.remove_attribute(THEME) } else { root.set_attribute(THEME, theme) };
    }
}
