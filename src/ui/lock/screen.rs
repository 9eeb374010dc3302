//! The screen before a locked book.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::Gate;
use super::attempt;
use crate::store::StoreError;
use crate::store::idb::{Idb, NAME};
use crate::ui::parts::{Banner, Button, ButtonKind, Form, TextField, TextKind, Tone};
use crate::ui::{route, trouble};
use crate::web::drafts;
use crate::web::prefs::Pref;
use crate::words::{Words, fill, words};

/// What has to be typed before everything is erased.
const ERASE: Words = words("清除", "erase");

/// Asks for the PIN.
#[component]
pub fn LockScreen(
    /// Where the start waits.
    gate: Gate,
) -> impl IntoView {
    let (typed, error, busy) = (RwSignal::new(String::new()), RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match attempt::open(&gate.store(), &typed.get_untracked()).await {
                Ok(key) => gate.open(key),
                Err(why) => {
                    busy.set(false);
                    typed.set(String::new());
                    error.set(Some(why.say(gate.lang.get_untracked())));
                    focus();
                }
            }
        });
    });
    Effect::new(|_| focus());
    let say = move |text: Words| Signal::derive(move || text.r#in(gate.lang.get()).to_owned());
    let actions = move || {
        view! { <Button label=say(words("解锁", "Unlock")) kind=ButtonKind::Primary submit=true busy wide=true /> }
    };
    view! {
        <main><div class="lock">
            <img src={"icons/seal.svg"} width="72" height="72" alt="" />
            <h1>{say(words("店簿已上锁", "Dianbu is locked"))}</h1>
            <Form on_submit=submit actions inline=true>
                <TextField
                    label=say(words("密码", "PIN"))
                    value=typed
                    on_input=Callback::new(move |text| typed.set(text))
                    kind=if gate.digits { TextKind::Pin } else { TextKind::Secret }
                    error
                    required=true
                />
            </Form>
            <details>
                <summary>{say(words("忘了密码？", "Forgot the PIN?"))}</summary>
                <Forgotten gate />
            </details>
        </div></main>
    }
}

/// What can still be done without the PIN, said as it is.
#[component]
fn Forgotten(gate: Gate) -> impl IntoView {
    let (typed, error, busy) = (RwSignal::new(String::new()), RwSignal::new(None::<String>), RwSignal::new(false));
    let say = move |text: Words| Signal::derive(move || text.r#in(gate.lang.get()).to_owned());
    let is_meant = move || typed.with(|typed| typed.trim().eq_ignore_ascii_case(ERASE.r#in(gate.lang.get())));
    let submit = Callback::new(move |()| {
        if !is_meant() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match erase().await {
                Ok(()) => route::restart(),
                Err(why) => error.set(Some(trouble::store(&why).r#in(gate.lang.get_untracked()).to_owned())),
            }
            busy.set(false);
        });
    });
    let actions = move || {
        view! {
            <Button
                label=say(words("清除本机数据", "Erase this device's data"))
                kind=ButtonKind::Danger submit=true busy disabled=Signal::derive(move || !is_meant())
            />
        }
    };
    view! {
        <p>{say(words(
            "没有密码，谁也打不开这台设备上的内容，我们也不能。",
            "Without the PIN nobody can open what is on this device, and neither can we.",
        ))}</p>
        <p>{say(words(
            "已经共享的内容还在：请队友发一个邀请，或用恢复单；清除后重新加入，就会收回来。只存在本机、没有共享过的内容，清除后就没有了。",
            "What was shared is not lost: ask a colleague for an invitation or take the recovery sheet, erase this device and join again. What was only here and never shared is gone once it is erased.",
        ))}</p>
        {move || error.get().map(|why| view! {
            <Banner tone=Tone::Due title=say(words("没有清除", "Not erased")) text=Signal::stored(Some(why)) />
        })}
        <Form on_submit=submit actions inline=true>
            <TextField
                label=Signal::derive(move || {
                    let lang = gate.lang.get();
                    let ask = words("要清除本机的全部内容，请输入“{}”", "To erase everything on this device, type “{}”");
                    fill(ask.r#in(lang), &[ERASE.r#in(lang)])
                })
                value=typed
                on_input=Callback::new(move |text| typed.set(text))
                kind=TextKind::Code
            />
        </Form>
    }
}

/// Erases everything that this device keeps of the shop. How it likes the app stays.
pub async fn erase() -> Result<(), StoreError> {
    Idb::erase(NAME).await?;
    // A browser without this storage has nothing in it.
    let _ = drafts::forget_all();
    for pref in [Pref::Staff, Pref::LockAfter, Pref::LockAway, Pref::LastUse] {
        let _ = pref.clear();
    }
    Ok(())
}

/// Where one types.
fn focus() {
    request_animation_frame(|| {
        let field = document().query_selector(".lock input").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}
