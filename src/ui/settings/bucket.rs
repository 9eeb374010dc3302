//! The bucket: three things to fill in and a test that says what is wrong.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use crate::remote::Connection;
use crate::remote::probe::{ProbeFault, probe};
use crate::remote::s3::S3;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, Form, TextField, TextKind, Tone};
use crate::ui::sharing::words;
use crate::web::{clock, random};

/// What the test came to.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Outcome {
    Works,
    Fails(ProbeFault),
}

/// Connects a bucket. A link may have brought what is to be filled in.
#[component]
pub fn BucketPage() -> impl IntoView {
    let app = App::here();
    let form = RwSignal::new(first(app));
    let outcome = RwSignal::new(None::<Outcome>);
    let busy = RwSignal::new(false);
    let submit = Callback::new(move |()| {
        let connection = form.get_untracked();
        busy.set(true);
        outcome.set(None);
        spawn_local(async move {
            let found = test(&connection).await;
            if found == Outcome::Works
                && let Err(error) = app.sharing.connect(app, Some(connection)).await
            {
                app.trouble(&error);
            }
            busy.set(false);
            outcome.set(Some(found));
        });
    });
    let disconnect = Callback::new(move |()| {
        spawn_local(async move {
            if let Err(error) = app.sharing.connect(app, None).await {
                app.trouble(&error);
            }
            outcome.set(None);
        });
    });
    let connected = move || app.sharing.connection.with(Option::is_some);
    view! {
        <Head title=app.t("存储桶", "Bucket") />
        <p>{app.t(
            "任何 S3 兼容的存储桶都可以。内容在本机加密后才放进去，桶看不懂也改不了。",
            "Any S3-compatible bucket will do. Everything is encrypted on this device before it goes there; the bucket can neither read nor alter it.",
        )}</p>
        {move || outcome.get().map(|outcome| view! { <OutcomeView outcome /> })}
        <Inputs form busy submit />
        <Show when=connected>
            <Button label=app.t("断开连接", "Disconnect") kind=ButtonKind::Danger on_press=disconnect />
        </Show>
    }
}

/// What the link brought, else the connection as it is, else the endpoint that serves this page.
fn first(app: App) -> Connection {
    let own = app.sharing.connection.get_untracked();
    app.route.with_untracked(|route| {
        let param = |name: &str| route.param(name).map(str::to_owned);
        let here = window().location().origin().unwrap_or_default();
        let own = own.unwrap_or(Connection { endpoint: here, bucket: "dianbu".to_owned(), ..Connection::default() });
        Connection {
            endpoint: param("endpoint").unwrap_or(own.endpoint),
            bucket: param("bucket").unwrap_or(own.bucket),
            region: param("region").unwrap_or(own.region),
            prefix: param("prefix").unwrap_or(own.prefix),
            access_key: param("key").unwrap_or(own.access_key),
            secret_key: param("secret").unwrap_or(own.secret_key),
        }
    })
}

async fn test(connection: &Connection) -> Outcome {
    let bucket = match S3::new(connection, clock::now_ms) {
        Ok(bucket) => bucket,
        Err(error) => return Outcome::Fails(ProbeFault::Other(crate::remote::probe::Right::List, error)),
    };
    let mut nonce = [0; 16];
    random::fill(&mut nonce);
    probe(&bucket, clock::now_ms(), nonce).await.map_or_else(Outcome::Fails, |_| Outcome::Works)
}

#[component]
fn Inputs(form: RwSignal<Connection>, busy: RwSignal<bool>, submit: Callback<()>) -> impl IntoView {
    let app = App::here();
    let value = move |read: fn(&Connection) -> &String| Signal::derive(move || form.with(|form| read(form).clone()));
    let put = move |write: fn(&mut Connection) -> &mut String| {
        Callback::new(move |text: String| form.update(|form| *write(form) = text))
    };
    let actions = move || {
        view! { <Button label=app.t("测试并连接", "Test and connect") kind=ButtonKind::Primary submit=true busy /> }
    };
    view! {
        <Form on_submit=submit actions>
            <TextField label=app.t("服务地址", "Service address") kind=TextKind::Web
                value=value(|c| &c.endpoint) on_input=put(|c| &mut c.endpoint) required=true />
            <TextField label=app.t("桶名", "Bucket") kind=TextKind::Code
                value=value(|c| &c.bucket) on_input=put(|c| &mut c.bucket) required=true />
            <TextField label=app.t("访问密钥", "Access key") kind=TextKind::Code
                value=value(|c| &c.access_key) on_input=put(|c| &mut c.access_key) required=true />
            <TextField label=app.t("私有密钥", "Secret key") kind=TextKind::Secret
                value=value(|c| &c.secret_key) on_input=put(|c| &mut c.secret_key) required=true />
            <details>
                <summary>{app.t("更多选项", "More options")}</summary>
                <TextField label=app.t("区域", "Region") kind=TextKind::Code
                    value=value(|c| &c.region) on_input=put(|c| &mut c.region)
                    hint=Signal::derive(move || Some(app.say("不清楚就留空。", "Leave empty if you do not know it.").to_owned())) />
                <TextField label=app.t("前缀", "Prefix") kind=TextKind::Code
                    value=value(|c| &c.prefix) on_input=put(|c| &mut c.prefix) />
            </details>
        </Form>
    }
}

#[component]
fn OutcomeView(outcome: Outcome) -> impl IntoView {
    let app = App::here();
    match outcome {
        Outcome::Works => view! {
            <Banner tone=Tone::Good icon=Icon::Bucket title=app.t("已连接", "Connected")
                text=Signal::derive(move || Some(app.say(
                    "现在可以在“团队与设备”里邀请其他设备。",
                    "You can now invite other devices under Team and devices.",
                ).to_owned())) />
        }
        .into_any(),
        Outcome::Fails(fault) => {
            let cors = fault == ProbeFault::Cors;
            let text = Signal::derive(move || Some(words::probe(app, &fault)));
            view! {
                <Banner tone=Tone::Due title=app.t("连接没有成功", "It did not connect") text />
                {cors.then(|| view! { <pre class="cors" tabindex="0">{cors_rule()}</pre> })}
            }
            .into_any()
        }
    }
}

/// The rule that a bucket elsewhere needs for this page's address.
fn cors_rule() -> String {
    let origin = window().location().origin().unwrap_or_default();
    let rule = serde_json::json!([{
        "AllowedOrigins": [origin],
        "AllowedMethods": ["GET", "PUT", "HEAD", "DELETE"],
        // By name and in small letters, as browsers send them: services are strict in different ways.
        "AllowedHeaders": ["if-none-match", "content-type"],
        "ExposeHeaders": ["ETag", "Date"],
        "MaxAgeSeconds": 86400,
    }]);
    serde_json::to_string_pretty(&rule).unwrap_or_default()
}
