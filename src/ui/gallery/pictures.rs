//! Photos and signatures, of pictures that are drawn here.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Path2d;

use crate::exchange::picture::PictureKind;
use crate::ui::app::App;
use crate::ui::parts::{Photo, PhotoWords, Photos, Picture, Section, SignPad, SignWords};
use crate::web::WebError;
use crate::web::files::Picked;
use crate::web::photo::{PictureUrl, encoded, shrink, white_canvas};

/// Width, height and the colours of sky, hill and sun.
const LANDSCAPES: [(u32, u32, [&str; 3]); 3] = [
    (960, 540, ["#dfe7ea", "#4d6a5b", "#c0402d"]),
    (480, 800, ["#f3dcc0", "#6b4a3a", "#b8862d"]),
    (640, 640, ["#26303d", "#12171f", "#ebe5d8"]),
];
const SIGNATURE: &str = "M140 250Q150 120 210 110Q250 110 230 180Q200 270 190 250Q200 180 260 190Q290 200 270 240\
    Q290 260 320 200Q330 190 330 240Q360 250 380 180Q400 120 400 250Q430 250 460 200Q500 180 500 240Q560 260 660 220";

/// A photo of this page.
#[derive(Debug)]
struct Kept {
    id: String,
    url: Option<PictureUrl>,
}

/// Groups of photos and signatures in all their states.
#[component]
pub fn Pictures() -> impl IntoView {
    let app = App::here();
    let coming = |at: usize| Kept { id: at.to_string(), url: None };
    let kept = RwSignal::new((0..LANDSCAPES.len()).map(coming).collect::<Vec<_>>());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    spawn_local(async move {
        for (at, (width, height, colours)) in LANDSCAPES.into_iter().enumerate() {
            let url = landscape(width, height, colours).await.ok();
            kept.try_update(|all| {
                if let Some(kept) = all.iter_mut().find(|kept| kept.id == at.to_string()) {
                    kept.url = url;
                }
            });
        }
    });
    let words = Signal::derive(move || PhotoWords {
        add: app.say("添加照片", "Add photos").into(),
        close: app.say("关闭", "Close").into(),
        previous: app.say("上一张", "Previous").into(),
        next: app.say("下一张", "Next").into(),
        remove: app.say("去掉这张", "Remove").into(),
        coming: app.say("正在读取…", "Reading…").into(),
    });
    let label = move |at: usize| app.fill("照片 {}", "Photo {}", &[&(at + 1).to_string()]);
    let here = move || {
        kept.with(|all| {
            let photo = |(at, kept): (usize, &Kept)| Photo {
                id: kept.id.clone(),
                label: label(at),
                picture: kept.url.as_ref().map_or(Picture::Coming, |url| Picture::Here(url.as_str().to_owned())),
            };
            all.iter().enumerate().map(photo).collect::<Vec<_>>()
        })
    };
    let all = Signal::derive(move || {
        let mut all = here();
        let why = app.say("在王芳的手机上，还没有传来", "Still on Wang Fang’s phone");
        let others = [("away", Picture::Away(why.into())), ("coming", Picture::Coming)];
        all.extend(others.into_iter().enumerate().map(|(at, (id, picture))| Photo {
            id: id.into(),
            label: label(LANDSCAPES.len() + at),
            picture,
        }));
        all
    });
    let add = Callback::new(move |files: Vec<Picked>| {
        busy.set(true);
        spawn_local(async move {
            let mut wrong = None;
            for file in files {
                match shrink(&file).await.and_then(|bytes| PictureUrl::of(&bytes)) {
                    Ok(url) => {
                        let id = url.as_str().to_owned();
                        kept.try_update(|all| all.push(Kept { id, url: Some(url) }));
                    }
                    Err(why) if why.is_unreadable_picture() => wrong = Some(file.name()),
                    Err(why) => wrong = Some(why.to_string()),
                }
            }
            busy.try_set(false);
            error.try_set(wrong);
        });
    });
    let remove = Callback::new(move |id: String| kept.update(|all| all.retain(|kept| kept.id != id)));
    let hint = Signal::derive(move || {
        Some(app.say("手机上可以当场拍。", "A phone lets you take one on the spot.").to_owned())
    });
    let wrong = Signal::derive(move || {
        Some(match error.get() {
            Some(file) => app.fill("读不了：{}", "Cannot be read: {}", &[&file]),
            None => app.say("这不是照片，请另选一张。", "This is no photo. Choose another.").to_owned(),
        })
    });
    view! {
        <Section heading=app.t("照片", "Photos")>
            <Photos label=app.t("现场照片", "Photos of the place") photos=all words hint busy on_add=add on_remove=remove />
            <Photos label=app.t("只能看的照片", "Photos to look at") photos=Signal::derive(here) words />
            <Photos label=app.t("还没有照片", "No photos yet") photos=Vec::new() words error=wrong on_add=add />
            <Photos label=app.t("正在保存照片", "Photos being kept") photos=Vec::new() words busy=true on_add=add />
        </Section>
        <Section heading=app.t("签名", "Signatures")><Signatures /></Section>
    }
}

/// A pad to sign on, and a signature that is there.
#[component]
fn Signatures() -> impl IntoView {
    let app = App::here();
    let signed = RwSignal::new(None::<PictureUrl>);
    let own = RwSignal::new(None::<PictureUrl>);
    spawn_local(async move {
        signed.try_set(signature().await.ok());
    });
    let words = Signal::derive(move || SignWords {
        done: app.say("签好了", "Sign").into(),
        clear: app.say("重来", "Start again").into(),
        write: app.say("改为写名字", "Write the name instead").into(),
        draw: app.say("改为手写", "Draw instead").into(),
        name: app.say("名字", "Name").into(),
        again: app.say("重新签名", "Sign again").into(),
        keep: app.say("保留原来的", "Keep the one before").into(),
        failed: app.say("没能存成图片，请再试一次。", "It could not be made a picture. Try again.").into(),
    });
    let address = |of: RwSignal<Option<PictureUrl>>| {
        Signal::derive(move || of.with(|url| url.as_ref().map(|url| url.as_str().to_owned())))
    };
    let keep = |of: RwSignal<Option<PictureUrl>>| Callback::new(move |png: Vec<u8>| of.set(PictureUrl::of(&png).ok()));
    let hint =
        Signal::derive(move || Some(app.say("用手指、笔或鼠标写。", "With a finger, a pen or the mouse.").to_owned()));
    let wrong = Signal::derive(move || Some(app.say("请客人签名。", "Let the customer sign.").to_owned()));
    view! {
        <SignPad label=app.t("客人签名", "Signature of the customer") words hint signed=address(own) on_done=keep(own) />
        <SignPad label=app.t("签好的名", "A signature that is there") words signed=address(signed) on_done=keep(signed) />
        <SignPad label=app.t("缺的签名", "A signature that is missing") words error=wrong on_done=Callback::new(|_| ()) />
    }
}

/// A hill and a sun, each one thick stroke.
async fn landscape(width: u32, height: u32, [sky, hill, sun]: [&str; 3]) -> Result<PictureUrl, WebError> {
    let (canvas, pen) = white_canvas(width, height)?;
    let (wide, high) = (f64::from(width), f64::from(height));
    pen.set_fill_style_str(sky);
    pen.fill_rect(0.0, 0.0, wide, high);
    pen.set_line_cap("round");
    let stroke = |colour: &str, thick: f64, path: String| {
        pen.set_stroke_style_str(colour);
        pen.set_line_width(thick);
        pen.stroke_with_path(&Path2d::new_with_path_string(&path)?);
        Ok::<_, WebError>(())
    };
    stroke(sun, wide.min(high) * 0.24, format!("M{} {}h.01", wide * 0.7, high * 0.3))?;
    let (left, middle, right) = (high * 1.1, high * 0.75, high * 1.15);
    stroke(hill, high * 0.7, format!("M0 {left}Q{} {middle} {wide} {right}", wide * 0.4))?;
    PictureUrl::of(&encoded(&canvas, PictureKind::Jpeg, 0.8).await?)
}

/// Some strokes.
async fn signature() -> Result<PictureUrl, WebError> {
    let (canvas, pen) = white_canvas(800, 400)?;
    pen.set_stroke_style_str("#221f1b");
    pen.set_line_width(5.0);
    pen.set_line_cap("round");
    pen.stroke_with_path(&Path2d::new_with_path_string(SIGNATURE)?);
    PictureUrl::of(&encoded(&canvas, PictureKind::Png, 1.0).await?)
}
