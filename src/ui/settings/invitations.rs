//! Invitations that are still good, and taking one back.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::devices::{at_work, failure};
use crate::domain::role::Role;
use crate::sync::driver;
use crate::sync::engine::Engine;
use crate::sync::name::InviteId;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, Lead, List, ListRow, Section, Tone};
use crate::web::{clock, random};

/// An invitation as the list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Open {
    id: InviteId,
    came: usize,
    uses: u32,
    expires_ms: u64,
    role: Role,
    recovery: bool,
}

/// The invitations that somebody could still come with and this device may take back.
#[component]
pub fn Invitations(
    /// Changes when another invitation was made.
    #[prop(into)]
    made: Signal<Option<String>>,
    /// Hears that one was taken back: a link that is still shown may be its own, and opens nothing now.
    on_taken_back: Callback<()>,
) -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(Vec::<Open>::new());
    let came = Memo::new(move |_| app.sharing.report.with(|report| report.as_ref().map(|report| report.members.len())));
    let look = move || {
        spawn_local(async move {
            // What cannot be read now is read at the next visit.
            if let Ok(Some(engine)) = driver::open(app.session().store()).await {
                open.try_set(still_good(&engine));
            }
        });
    };
    Effect::new(move || {
        made.track();
        came.track();
        look();
    });
    let row = move |one: Open| view! { <Invitation one on_taken_back on_end=Callback::new(move |()| look()) /> };
    view! {
        <Show when=move || open.with(|open| !open.is_empty())>
            <Section heading=app.t("还有效的邀请", "Invitations that are still good")>
                <List label=app.t("还有效的邀请", "Invitations that are still good")>
                    <For each=move || open.get() key=|one| format!("{one:?}") children=row />
                </List>
            </Section>
        </Show>
    }
}

fn still_good(engine: &Engine) -> Vec<Open> {
    let roster = engine.roster();
    let now = clock::now_ms().saturating_add_signed(engine.clock_offset());
    let good = roster.invites.iter().filter(|(id, invited)| {
        invited.expires_ms > now && engine.may_withdraw(**id) && roster.withdrawn(engine.rights(), **id).is_none()
    });
    let shown = good.map(|(id, invited)| Open {
        id: *id,
        came: roster.came(*id).count(),
        uses: invited.uses,
        expires_ms: invited.expires_ms,
        role: invited.role,
        recovery: invited.recovery,
    });
    shown.filter(|one| u32::try_from(one.came).unwrap_or(u32::MAX) < one.uses).collect()
}

#[component]
fn Invitation(one: Open, on_taken_back: Callback<()>, on_end: Callback<()>) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let title = if one.recovery {
        app.say("恢复单", "Recovery sheet").to_owned()
    } else {
        let until = app.reader().moment(i64::try_from(one.expires_ms).unwrap_or(i64::MAX));
        let role = one.role.words().r#in(app.lang.get());
        app.fill("{}，有效至 {}", "{}, good until {}", &[role, &until])
    };
    let second = app.fill(
        "已加入 {} 台，还可加入 {} 台",
        "{} came, {} more may",
        &[&one.came.to_string(), &(one.uses as usize - one.came.min(one.uses as usize)).to_string()],
    );
    let take_back = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match withdraw(app, one.id).await {
                Ok(()) => {
                    on_taken_back.run(());
                    let said = app
                        .say("邀请已收回，链接不能再用。", "The invitation is taken back; its link opens nothing now.");
                    app.toast(said.to_owned(), Tone::Good, None);
                }
                Err(why) => app.toast(why, Tone::Due, None),
            }
            busy.try_set(false);
            on_end.run(());
        });
    });
    view! {
        <ListRow
            title
            second
            lead=Lead::Icon(Icon::Qr)
            trail=move || view! { <Button label=app.t("收回", "Take back") busy on_press=take_back /> }
        />
    }
}

async fn withdraw(app: App, id: InviteId) -> Result<(), String> {
    let (mut engine, bucket, _turn) = at_work(app).await?;
    let session = app.session();
    let done = driver::withdraw(&mut engine, session.store(), &bucket, id, clock::now_ms(), &mut random::fill).await;
    app.sharing.ring();
    match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(failure(app, driver::InviteError::NotAllowed)),
        Err(error) => Err(failure(app, error)),
    }
}
