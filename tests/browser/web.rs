//! The browser's capabilities do what they say.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use dianbu::book::RowId;
use dianbu::store::seal::{DataKey, Seal};
use dianbu::web::drafts::{self, Draft};
use dianbu::web::files::{self, Picked};
use dianbu::web::photo::{self, PictureUrl, shrink};
use dianbu::web::prefs::Pref;
use dianbu::web::tabs::Tabs;
use dianbu::web::{clipboard, clock, install, locks, online, persist, random, share, sw};
use futures::channel::{mpsc, oneshot};
use futures::{FutureExt, StreamExt};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_day_is_the_one_on_the_wall() {
    let now = clock::now_ms();
    #[allow(clippy::cast_precision_loss)] // milliseconds fit
    let ms = now as f64;
    let wall = js_sys::Function::new_with_args("ms", "return new Date(ms).toLocaleDateString('sv')");
    let wall = wall.call1(&JsValue::NULL, &ms.into()).unwrap();
    assert_eq!(clock::day_of(now).to_string(), wall.as_string().unwrap());
    assert!(clock::today() >= clock::day_of(now));
    // Noon UTC of the leap day is the leap day wherever the test runs within twelve hours of UTC.
    assert_eq!(clock::day_of(1_709_208_000_000), jiff::civil::date(2024, 2, 29));
    assert_eq!(clock::day_of(u64::MAX), jiff::civil::Date::MAX);
}

#[wasm_bindgen_test]
fn china_is_eight_hours_ahead_also_for_whoever_has_just_come() {
    let now = clock::now_ms();
    let before = clock::offset_minutes(now);
    js_sys::eval("globalThis.zone = Date.prototype.getTimezoneOffset; Date.prototype.getTimezoneOffset = () => -480")
        .unwrap();
    clock::today();
    let minutes = clock::offset_minutes(now);
    js_sys::eval("Date.prototype.getTimezoneOffset = zone").unwrap();
    clock::today();
    assert_eq!((minutes, clock::offset_minutes(now)), (480, before));
}

#[wasm_bindgen_test]
fn a_day_on_which_the_clocks_change_has_two_offsets() {
    const CHANGE: u64 = 1_900_000_000_000;
    js_sys::eval(
        "globalThis.zone = Date.prototype.getTimezoneOffset;
         Date.prototype.getTimezoneOffset = function () { return this.getTime() < 1900000000000 ? -60 : -120 }",
    )
    .unwrap();
    let day = 86_400_000;
    let offsets = [CHANGE - day, CHANGE - 1, CHANGE, CHANGE + day].map(clock::offset_minutes);
    // Asked again, it is the same.
    assert_eq!(offsets, [CHANGE - day, CHANGE - 1, CHANGE, CHANGE + day].map(clock::offset_minutes));
    js_sys::eval("Date.prototype.getTimezoneOffset = zone").unwrap();
    assert_eq!(offsets, [60, 60, 120, 120]);
}

#[wasm_bindgen_test]
fn random_ids_differ() {
    assert_ne!(RowId::random().unwrap(), RowId::random().unwrap());
    assert_ne!(random::bytes::<32>().unwrap(), [0; 32]);
}

fn file(bytes: &[u8]) -> Picked {
    let parts = Array::of1(&Uint8Array::from(bytes));
    web_sys::File::new_with_u8_array_sequence(&parts, "客户.csv").unwrap().into()
}

#[wasm_bindgen_test]
async fn a_picked_file_is_read_whole_in_chunks_or_stopped() {
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    let picked = file(&bytes);
    assert_eq!((picked.name().as_str(), picked.size()), ("客户.csv", 2_500_000));
    let mut seen = Vec::new();
    let read = picked.read(|so_far| {
        seen.push(so_far);
        true
    });
    assert!(read.await.unwrap().unwrap() == bytes);
    assert_eq!(seen, [1 << 20, 2 << 20, 2_500_000]);
    assert_eq!(picked.read(|_| false).await.unwrap(), None);
    assert_eq!(file(b"").read(|_| true).await.unwrap(), Some(Vec::new()));
    assert!(picked.chunk(u64::MAX).await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn a_download_carries_name_type_and_bytes() {
    let (send, receive) = oneshot::channel();
    let send = Cell::new(Some(send));
    // The link never stands in the page, so its click is caught at its source.
    let caught = wasm_bindgen::prelude::Closure::<dyn Fn(String, String)>::new(move |name, url| {
        if let Some(send) = send.take() {
            send.send((name, url)).unwrap();
        }
    });
    js_sys::Reflect::set(&js_sys::global(), &"caught".into(), caught.as_ref()).unwrap();
    let restore = js_sys::eval(
        "(() => { const p = HTMLAnchorElement.prototype; p.click = function () { caught(this.download, this.href) };
         return () => { delete p.click } })()",
    );
    files::download("客户.csv", "text/csv;charset=utf-8", "姓名\r\n王芳".as_bytes()).unwrap();
    restore.unwrap().unchecked_into::<js_sys::Function>().call0(&JsValue::NULL).unwrap();

    let (name, url) = receive.await.unwrap();
    assert_eq!(name, "客户.csv");
    let read = js_sys::Function::new_with_args(
        "url",
        "return fetch(url).then(async (got) => [got.headers.get('content-type'), await got.text()].join('|'))",
    );
    let read = read.call1(&JsValue::NULL, &url.into()).unwrap().unchecked_into::<js_sys::Promise>();
    let read = wasm_bindgen_futures::JsFuture::from(read).await.unwrap().as_string().unwrap();
    assert_eq!(read, "text/csv;charset=utf-8|姓名\r\n王芳");
}

#[wasm_bindgen_test]
fn gb18030_is_read_and_anything_else_refused() {
    assert_eq!(files::decode_gb18030(b"\xb5\xea\xb2\xbe,\x81\x30\x81\x30").unwrap(), "店簿,\u{80}");
    assert_eq!(files::decode_gb18030(b"\xff\xff").unwrap_err().name, "TypeError");
}

/// What a script gives, once it has it.
async fn scripted(script: &str, with: &JsValue) -> JsValue {
    let made = js_sys::Function::new_with_args("given", script).call1(&JsValue::NULL, with).unwrap();
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&made)).await.unwrap()
}

/// A picture of a canvas as a file: `paint` has `pen`, `width` and `height`.
async fn painted(width: u32, height: u32, mime: &str, paint: &str) -> web_sys::File {
    let script = format!(
        "const [width, height] = [{width}, {height}];
         const canvas = Object.assign(document.createElement('canvas'), {{ width, height }});
         const pen = canvas.getContext('2d');
         {paint}
         return new Promise((give) => canvas.toBlob((blob) => give(new File([blob], 'p', {{ type: '{mime}' }})), '{mime}'))"
    );
    scripted(&script, &JsValue::NULL).await.unchecked_into()
}

/// The markers of a JPEG before its points, and its size.
fn parts_of(jpeg: &[u8]) -> (Vec<u8>, (u16, u16)) {
    assert_eq!(jpeg[..2], [0xff, 0xd8]);
    let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    let (mut at, mut markers, mut size) = (2, Vec::new(), (0, 0));
    while jpeg[at + 1] != 0xda {
        markers.push(jpeg[at + 1]);
        if matches!(jpeg[at + 1], 0xc0..=0xc2) {
            size = (number(at + 7), number(at + 5));
        }
        at += 2 + usize::from(number(at + 2));
    }
    (markers, size)
}

/// The colour of a picture at a place, from 0 to 1.
async fn colour(picture: &[u8], (x, y): (f64, f64)) -> Vec<u8> {
    let script = format!(
        "return createImageBitmap(new Blob([given])).then((bitmap) => {{
           const canvas = Object.assign(document.createElement('canvas'), {{ width: bitmap.width, height: bitmap.height }});
           const pen = canvas.getContext('2d');
           pen.drawImage(bitmap, 0, 0);
           return pen.getImageData(bitmap.width * {x}, bitmap.height * {y}, 1, 1).data.slice(0, 3);
         }})"
    );
    js_sys::Uint8Array::new(&scripted(&script, &Uint8Array::from(picture)).await).to_vec()
}

#[wasm_bindgen_test]
async fn a_large_picture_becomes_a_photo_that_is_small_enough() {
    // Noise is what no encoder makes small.
    let noise = "const image = pen.createImageData(width, height);
        for (let at = 0; at < image.data.length; at += 1) image.data[at] = at % 4 === 3 ? 255 : Math.random() * 256;
        pen.putImageData(image, 0, 0);";
    let file = painted(2400, 1800, "image/png", noise).await;
    assert!(file.size() > 6e6);
    let kept = shrink(&file.into()).await.unwrap();
    assert!(kept.len() <= photo::MOST_BYTES, "{} bytes", kept.len());
    let (markers, (width, height)) = parts_of(&kept);
    assert!(u32::from(width) <= photo::LONG_EDGE && width > 600, "{width} px");
    assert_eq!(u32::from(width) * 3, u32::from(height) * 4);
    assert!(!markers.contains(&0xe1));

    let calm = "pen.fillStyle = '#246'; pen.fillRect(0, 0, width, height);";
    let tall = shrink(&painted(1000, 4000, "image/webp", calm).await.into()).await.unwrap();
    assert_eq!(parts_of(&tall).1, (400, 1600));
    // A small one is never made larger, and what can be seen through is white.
    let small = shrink(&painted(30, 20, "image/png", "").await.into()).await.unwrap();
    assert_eq!(parts_of(&small).1, (30, 20));
    assert_eq!(colour(&small, (0.5, 0.5)).await, [255, 255, 255]);
}

/// The picture lies on its side in the file, which says so, and where it was taken.
async fn from_a_phone() -> Picked {
    let halves = "pen.fillStyle = '#f00'; pen.fillRect(0, 0, width, height);
        pen.fillStyle = '#00f'; pen.fillRect(width / 2, 0, width, height);";
    let lying = painted(80, 40, "image/jpeg", halves).await;
    let lying: Picked = lying.into();
    let plain = lying.read(|_| true).await.unwrap().unwrap();
    let mut turned =
        b"\xff\xd8\xff\xe1\0\x2cExif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0at 31.2 N "
            .to_vec();
    turned.extend_from_slice(&plain[2..]);
    file(&turned)
}

#[wasm_bindgen_test]
async fn a_photo_stands_upright_and_says_nothing_of_its_place() {
    let check = async || {
        let photo = from_a_phone().await;
        assert!(photo.read(|_| true).await.unwrap().unwrap().windows(7).any(|part| part == b"at 31.2"));
        let kept = shrink(&photo).await.unwrap();
        let (markers, size) = parts_of(&kept);
        assert_eq!(size, (40, 80));
        assert!(!markers.contains(&0xe1) && !kept.windows(7).any(|part| part == b"at 31.2"));
        let (top, bottom) = (colour(&kept, (0.5, 0.2)).await, colour(&kept, (0.5, 0.8)).await);
        assert!(top[0] > 200 && top[2] < 60 && bottom[0] < 60 && bottom[2] > 200, "{top:?} {bottom:?}");
    };
    check().await;
    // Where a file becomes no bitmap, an image decodes it.
    js_sys::eval("globalThis.bitmaps = createImageBitmap; createImageBitmap = async (of, wish) => { if (wish) throw new TypeError('no'); return bitmaps(of) }").unwrap();
    check().await;
    js_sys::eval("createImageBitmap = bitmaps").unwrap();
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>1</script></svg>";

#[wasm_bindgen_test]
async fn what_is_no_photo_is_refused_as_that() {
    let typed = |text: &str, mime: &str| {
        let options = web_sys::FilePropertyBag::new();
        options.set_type(mime);
        let parts = Array::of1(&text.into());
        Picked::from(web_sys::File::new_with_str_sequence_and_options(&parts, "照片.jpg", &options).unwrap())
    };
    for (text, mime) in
        [("姓名,电话", "text/csv"), ("姓名", "image/jpeg"), ("", ""), (SVG, "image/svg+xml"), (SVG, "image/png")]
    {
        let refused = shrink(&typed(text, mime)).await.unwrap_err();
        assert!(refused.is_unreadable_picture() && !refused.is_missing(), "{mime}: {refused}");
    }
}

#[wasm_bindgen_test]
async fn a_picture_has_an_address_as_long_as_it_is_kept() {
    for bytes in [SVG.as_bytes(), b"<html></html>", b"GIF89a", b""] {
        assert!(PictureUrl::of(bytes).unwrap_err().is_unreadable_picture());
    }
    let photo: Picked = painted(30, 20, "image/png", "").await.into();
    let jpeg = shrink(&photo).await.unwrap();
    let png = photo.read(|_| true).await.unwrap().unwrap();
    for (bytes, mime) in [(jpeg, "image/jpeg"), (png, "image/png")] {
        let url = PictureUrl::of(&bytes).unwrap();
        let address = url.as_str().to_owned();
        let fetched = "return fetch(given).then((got) => got.headers.get('content-type'), () => 'gone')";
        assert_eq!(scripted(fetched, &address.as_str().into()).await.as_string().unwrap(), mime);
        drop(url);
        assert_eq!(scripted(fetched, &address.into()).await.as_string().unwrap(), "gone");
    }
}

#[wasm_bindgen_test]
async fn storage_says_how_safe_and_large_it_is() {
    assert!(persist::space().await.unwrap().quota > 0);
    assert_eq!(persist::persist().await.unwrap(), persist::persisted().await.unwrap());
}

#[wasm_bindgen_test]
async fn only_one_at_a_time_holds_a_lock() {
    let order = Rc::new(RefCell::new(Vec::new()));
    let (open, gate) = oneshot::channel::<()>();
    let (entered, has_entered) = oneshot::channel();
    let first = {
        let order = order.clone();
        locks::alone("test-lock", move || async move {
            order.borrow_mut().push("first in");
            entered.send(()).unwrap();
            gate.await.unwrap();
            order.borrow_mut().push("first out");
        })
    };
    spawn_local(first.map(Result::unwrap));
    has_entered.await.unwrap();
    let second = {
        let order = order.clone();
        locks::alone("test-lock", move || async move { order.borrow_mut().push("second in") })
    };
    let mut second = Box::pin(second);
    assert!(second.as_mut().now_or_never().is_none());
    // Another lock is free meanwhile.
    locks::alone("test-other", || async {}).await.unwrap();
    open.send(()).unwrap();
    second.await.unwrap();
    assert_eq!(*order.borrow(), ["first in", "first out", "second in"]);
}

#[wasm_bindgen_test]
async fn tabs_hear_each_other_and_not_themselves() {
    let (one, other) = (Tabs::join("test").unwrap(), Tabs::join("test").unwrap());
    let (send, mut heard) = mpsc::unbounded();
    let echo = send.clone();
    let _own = one.listen(move |message| echo.unbounded_send(format!("own {message}")).unwrap());
    let _others = other.listen(move |message| send.unbounded_send(message).unwrap());
    one.post("新").unwrap();
    one.post("更新").unwrap();
    assert_eq!(heard.next().await.unwrap(), "新");
    assert_eq!(heard.next().await.unwrap(), "更新");
}

#[wasm_bindgen_test]
fn going_offline_is_heard_until_nobody_listens() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let listening = online::on_network({
        let heard = heard.clone();
        move |online| heard.borrow_mut().push(online)
    });
    let fire = |name| gloo::utils::window().dispatch_event(&web_sys::Event::new(name).unwrap()).unwrap();
    fire("offline");
    fire("online");
    drop(listening);
    fire("offline");
    assert_eq!(*heard.borrow(), [false, true]);
}

#[wasm_bindgen_test]
fn preferences_are_remembered() {
    Pref::Theme.set("dark").unwrap();
    assert_eq!(Pref::Theme.get().as_deref(), Some("dark"));
    assert_eq!(Pref::Language.get(), None);
    Pref::Theme.clear().unwrap();
    assert_eq!(Pref::Theme.get(), None);
}

#[wasm_bindgen_test]
fn drafts_are_kept_per_form_and_version_behind_the_seal() {
    let sealed_by = |key: u8| Arc::new(Seal::new(&DataKey([key; 32]), random::fill));
    let seal = sealed_by(1);
    let draft = Draft::of(&seal, "complaint/new", 2);
    draft.keep("水太烫").unwrap();
    assert_eq!(Draft::of(&seal, "complaint/new", 2).find().unwrap().as_deref(), Some("水太烫"));
    assert_eq!(Draft::of(&seal, "complaint/new", 1).find().unwrap(), None);
    assert_eq!(draft.keep(&"长".repeat(drafts::LONGEST)).unwrap_err().name, "QuotaExceededError");
    assert_eq!(draft.find().unwrap().as_deref(), Some("水太烫"));

    let stored = gloo::utils::window().local_storage().unwrap().unwrap();
    let at_rest = stored.get_item("dianbu.draft.v2.complaint/new").unwrap().unwrap();
    assert!(!at_rest.contains("水太烫") && at_rest.is_ascii(), "{at_rest}");
    assert_eq!(Draft::of(&sealed_by(2), "complaint/new", 2).find().unwrap_err().name, "Damaged");
    stored.set_item("dianbu.draft.v1.complaint/new", &at_rest).unwrap();
    assert_eq!(Draft::of(&seal, "complaint/new", 1).find().unwrap_err().name, "Damaged");

    Pref::Density.set("close").unwrap();
    Draft::of(&seal, "customer/new", 1).keep("王").unwrap();
    drafts::forget_all().unwrap();
    assert_eq!((draft.find().unwrap(), Draft::of(&seal, "customer/new", 1).find().unwrap()), (None, None));
    assert_eq!(Pref::Density.get().as_deref(), Some("close"));
    Pref::Density.clear().unwrap();
}

#[wasm_bindgen_test]
async fn without_a_waiting_version_there_is_nothing_to_apply() {
    assert!(!sw::is_waiting().await.unwrap());
    assert!(!sw::apply().await.unwrap());
    let heard = Rc::new(Cell::new(0));
    let _listening = sw::on_update({
        let heard = heard.clone();
        move || heard.set(heard.get() + 1)
    });
    gloo::utils::window().dispatch_event(&web_sys::CustomEvent::new("dianbu:update-ready").unwrap()).unwrap();
    assert_eq!(heard.get(), 1);
}

#[wasm_bindgen_test]
async fn an_offer_to_install_is_kept_and_taken_once() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let offer = install::Offer::listen({
        let heard = heard.clone();
        move |there| heard.borrow_mut().push(there)
    });
    assert!(!install::is_installed());
    assert!(!offer.take().await.unwrap());
    js_sys::eval(
        "{ const offer = new Event('beforeinstallprompt', { cancelable: true });
           offer.prompt = async () => {}; offer.userChoice = Promise.resolve({ outcome: 'accepted' });
           globalThis.held = !dispatchEvent(offer); }",
    )
    .unwrap();
    assert!(js_sys::eval("held").unwrap().is_truthy());
    assert!(offer.is_there());
    assert!(offer.take().await.unwrap());
    assert!(!offer.is_there());
    assert_eq!(*heard.borrow(), [true]);
}

/// A refusal is an answer in the browser's words, never a crash.
#[wasm_bindgen_test]
async fn what_a_browser_does_not_have_is_called_missing() {
    js_sys::eval("Object.defineProperty(navigator, 'share', { value: undefined, configurable: true })").unwrap();
    assert!(!share::is_available());
    assert!(share::text("店簿", "你好").await.unwrap_err().is_missing());
    js_sys::eval("delete navigator.share").unwrap();
    js_sys::eval("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })").unwrap();
    assert!(clipboard::copy("13800138000").await.unwrap_err().is_missing());
    js_sys::eval("delete navigator.clipboard").unwrap();
    js_sys::eval("Object.defineProperty(navigator, 'storage', { value: undefined, configurable: true })").unwrap();
    assert!(persist::space().await.unwrap_err().is_missing());
    js_sys::eval("delete navigator.storage").unwrap();
    js_sys::eval("Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })").unwrap();
    let done = Rc::new(Cell::new(false));
    let work = done.clone();
    locks::alone("test-missing", move || async move { work.set(true) }).await.unwrap();
    assert!(done.get());
    js_sys::eval("delete navigator.locks").unwrap();
}
