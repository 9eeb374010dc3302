//! The PIN of this device, and when it locks itself.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use crate::store::key::{KeyRecord, Tries, Wrap};
use crate::store::pin::{Cost, Pin};
use crate::store::seal::DataKey;
use crate::store::{Change, Store};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::lock::attempt::{self, Refused, SHORT};
use crate::ui::lock::{self, watch};
use crate::ui::parts::{Banner, Button, ButtonKind, Chips, Choice, Form, Section, TextField, TextKind, Tick, Tone};
use crate::ui::shell::focus_heading;
use crate::web::prefs::Pref;
use crate::web::random;
use crate::words::{Words, words};

/// What a PIN holds against.
const STRENGTH: Words = words(
    "4 到 12 位数字挡得住路人；要挡住会拷走数据的人，请用更长的一句话。",
    "4 to 12 digits stop a passer-by. To stop somebody who copies the data, take a phrase of several words.",
);

/// Sets, changes and takes away the PIN.
#[component]
pub fn Lock() -> impl IntoView {
    let app = App::here();
    let has_pin = Memo::new(move |_| app.has_pin.get());
    view! {
        <Head title=app.t("锁", "Lock") />
        {move || if has_pin.get() { set(app) } else { unset(app) }}
    }
}

/// A form of PINs: what was typed, what is wrong, what is under way.
#[derive(Clone, Copy)]
struct Typed {
    app: App,
    old: RwSignal<String>,
    new: RwSignal<String>,
    again: RwSignal<String>,
    old_error: RwSignal<Option<String>>,
    new_error: RwSignal<Option<String>>,
    again_error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Typed {
    fn new(app: App) -> Self {
        let text = || RwSignal::new(String::new());
        let error = || RwSignal::new(None);
        let (old_error, new_error, again_error) = (error(), error(), error());
        Self {
            app,
            old: text(),
            new: text(),
            again: text(),
            old_error,
            new_error,
            again_error,
            busy: RwSignal::new(false),
        }
    }

    /// The new PIN, if it is one and was typed twice alike.
    fn pin(self) -> Option<Pin> {
        let lang = self.app.lang.get_untracked();
        let pin = self.new.with_untracked(|typed| Pin::read(typed));
        let alike = pin == self.again.with_untracked(|typed| Pin::read(typed));
        self.new_error.set(pin.is_none().then(|| SHORT.r#in(lang).to_owned()));
        let differ = words("两次输入的不一样。", "The two are not the same.");
        self.again_error.set((pin.is_some() && !alike).then(|| differ.r#in(lang).to_owned()));
        pin.filter(|_| alike)
    }

    /// Writes the key record anew, once the old PIN was right.
    fn submit(self, new: Option<Pin>, done: Words) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.old_error.set(None);
        spawn_local(async move {
            let app = self.app;
            let has_pin = new.is_some();
            match replace(app, &self.old.get_untracked(), new).await {
                Ok(()) => {
                    // The form is gone as soon as this is known.
                    lock::changed(app, has_pin);
                    app.toast(done.r#in(app.lang.get_untracked()).to_owned(), Tone::Good, None);
                    for text in [self.old, self.new, self.again] {
                        text.try_set(String::new());
                    }
                    focus_heading();
                }
                Err(why) => {
                    self.old_error.try_set(Some(why.say(app.lang.get_untracked())));
                }
            }
            self.busy.try_set(false);
        });
    }
}

/// A field for a PIN. Whether it will be digits is not known, so the keyboard is the whole one. The browser keeps no
/// passwords of a device on the device itself.
fn field(
    app: App,
    label: Words,
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
    hint: Option<Words>,
) -> AnyView {
    view! {
        <TextField
            label=app.w(label)
            value
            on_input=Callback::new(move |text| {
                error.set(None);
                value.set(text);
            })
            kind=TextKind::Secret
            hint=Signal::derive(move || hint.map(|hint| hint.r#in(app.lang.get()).to_owned()))
            error
            required=true
        />
    }
    .into_any()
}

/// Rewrites the key record, and nothing else, in one transaction.
async fn replace(app: App, old: &str, new: Option<Pin>) -> Result<(), Refused> {
    let session = app.session();
    let store = session.store().beneath();
    let key = attempt::open(store, old).await?;
    let record = match new {
        Some(pin) => wrapped(&key, &pin).await?,
        None => KeyRecord::Bare(key),
    };
    let change = Change { meta: vec![record.entry(), Tries::default().entry()], ..Change::default() };
    store.transact(|_| Some(change.clone())).await?;
    Ok(())
}

async fn wrapped(key: &DataKey, pin: &Pin) -> Result<KeyRecord, Refused> {
    attempt::show().await;
    Ok(KeyRecord::Wrapped(Wrap::new(key, pin, Cost::NOW, random::fill)?))
}

/// What a form of PINs does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Set,
    Change,
    Remove,
}

impl Deed {
    const fn name(self) -> Words {
        match self {
            Self::Set => words("设置密码", "Set the PIN"),
            Self::Change => words("更换密码", "Change the PIN"),
            Self::Remove => words("取消密码", "Take the PIN away"),
        }
    }

    const fn done(self) -> Words {
        match self {
            Self::Set => words("已设置密码。", "The PIN is set."),
            Self::Change => words("已更换密码。", "The PIN is changed."),
            Self::Remove => words("已取消密码。", "The PIN is taken away."),
        }
    }
}

/// The form of a deed: the old PIN, where there is one, and the new one, where there will be one.
fn form(app: App, deed: Deed) -> AnyView {
    let typed = Typed::new(app);
    let submit = Callback::new(move |()| {
        let new = (deed != Deed::Remove).then(|| typed.pin());
        if new != Some(None) {
            typed.submit(new.flatten(), deed.done());
        }
    });
    let kind = match deed {
        Deed::Set => ButtonKind::Primary,
        Deed::Change => ButtonKind::Quiet,
        Deed::Remove => ButtonKind::Danger,
    };
    let actions = move || view! { <Button label=app.w(deed.name()) kind submit=true busy=typed.busy /> };
    let old = match deed {
        Deed::Set => {
            (move || typed.old_error.get().map(|why| view! { <Banner tone=Tone::Due title=why /> })).into_any()
        }
        Deed::Change => field(app, words("现在的密码", "Present PIN"), typed.old, typed.old_error, None),
        Deed::Remove => field(app, words("要取消的密码", "PIN to take away"), typed.old, typed.old_error, None),
    };
    let new = (deed != Deed::Remove).then(|| {
        [
            field(app, words("新密码", "New PIN"), typed.new, typed.new_error, Some(STRENGTH)),
            field(app, words("再输一次", "Once more"), typed.again, typed.again_error, None),
        ]
    });
    view! {
        <Form on_submit=submit actions inline=true label=deed.name().r#in(app.lang.get_untracked())>
            {old}
            {new.map(Vec::from)}
        </Form>
    }
    .into_any()
}

/// Before there is a PIN: what one does, and the form.
fn unset(app: App) -> AnyView {
    view! {
        <p>{app.t(
            "本机的内容总是加密存放。设了密码，打开店簿要先输入它；别人拿到这台设备，没有密码就看不到客户。",
            "What is on this device is always kept encrypted. With a PIN, opening Dianbu asks for it first: whoever gets hold of the device sees no customer without it.",
        )}</p>
        <Banner
            tone=Tone::Warn
            title=app.t("请记住密码", "Remember the PIN")
            text=Signal::derive(move || Some(app.say(
                "忘了就打不开，没有别的办法。没有共享过的内容会丢失，所以最好先连接存储桶。",
                "If it is forgotten nothing opens, and there is no other way in. What was never shared is then lost, so better connect a bucket first.",
            ).to_owned()))
        />
        {form(app, Deed::Set)}
    }
    .into_any()
}

/// With a PIN: when it locks, and what can be done with the PIN.
fn set(app: App) -> AnyView {
    view! {
        <WhenLocked />
        <Section heading=app.w(Deed::Change.name())>{form(app, Deed::Change)}</Section>
        <Section heading=app.w(Deed::Remove.name())>
            <p>{app.t(
                "取消以后，拿到这台设备的人都能打开店簿。",
                "After that, whoever has this device can open Dianbu.",
            )}</p>
            {form(app, Deed::Remove)}
        </Section>
    }
    .into_any()
}

/// Lock now, and when it locks by itself.
#[component]
fn WhenLocked() -> impl IntoView {
    let app = App::here();
    let after = RwSignal::new(Pref::LockAfter.get().unwrap_or_else(|| watch::MINUTES.to_owned()));
    let away = RwSignal::new(Pref::LockAway.get().is_some());
    let choices = Signal::derive(move || {
        let mut choices: Vec<_> = ["1", "5", "15", "60"]
            .map(|minutes| Choice::new(minutes, app.fill("{} 分钟", "{} min", &[minutes])))
            .into();
        choices.push(Choice::new("never", app.say("从不", "Never")));
        choices
    });
    let choose = Callback::new(move |chosen: String| {
        // A browser that keeps nothing stays with what it does by itself.
        let _ = Pref::LockAfter.set(&chosen);
        after.set(chosen);
    });
    let put_away = Callback::new(move |on: bool| {
        let _ = if on { Pref::LockAway.set("on") } else { Pref::LockAway.clear() };
        away.set(on);
    });
    view! {
        <Section heading=app.t("上锁", "Locking")>
            <Chips label=app.t("多久不用就自动上锁", "Lock by itself when not used for") value=after choices on_choose=choose />
            <Tick
                label=app.t("切到别的应用时上锁", "Lock when the app is put away")
                hint=Signal::derive(move || Some(app.say(
                    "从相册选文件、分享出去时也会上锁。没写完的内容会保留。",
                    "Also when a file is picked or shared. What you are writing is kept.",
                ).to_owned()))
                checked=away
                on_change=put_away
                switch=true
            />
            <div class="form-row">
                <Button
                    label=app.t("立即上锁", "Lock now") icon=Icon::Lock kind=ButtonKind::Primary
                    on_press=Callback::new(move |()| lock::now(app))
                />
            </div>
        </Section>
    }
}
