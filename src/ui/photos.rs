//! Photos as screens take and show them: a picture goes into the drawer as soon as it is chosen, and one that is not on this
//! device is fetched when it comes into view.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::app::App;
use super::later;
use super::parts::{Photo, PhotoWords, Photos, Picture, SignPad, SignWords, Tone};
use super::sharing::words::device;
use crate::book::PhotoRef;
use crate::book::photo::content;
use crate::remote::RemoteError;
use crate::sync::driver::photos::PhotoError;
use crate::web::files::Picked;
use crate::web::photo::{self, PictureUrl};
use crate::web::{clock, random};

/// Photos to be looked at.
#[component]
pub fn PhotosShown(
    /// What they are.
    #[prop(into)]
    label: Signal<String>,
    /// As the record names them.
    #[prop(into)]
    photos: Signal<Vec<PhotoRef>>,
) -> impl IntoView {
    let app = App::here();
    let album = Album::new(app, photos);
    view! { <Photos label photos=Signal::derive(move || album.shown()) words=words(app) /> }
}

/// Photos of a cell or a field, to be looked at, added and taken out.
#[component]
pub fn PhotosPut(
    /// What they are.
    #[prop(into)]
    label: Signal<String>,
    /// As they are now.
    #[prop(into)]
    photos: Signal<Vec<PhotoRef>>,
    /// Hears what they are to be.
    put: Callback<Vec<PhotoRef>>,
) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let album = Album::new(app, photos);
    let add = Callback::new(move |files: Vec<Picked>| {
        busy.set(true);
        spawn_local(async move {
            let taken = take(app, files).await;
            // The screen may be gone meanwhile.
            if let (Some(now), false) = (photos.try_get_untracked(), taken.is_empty()) {
                put.try_run(now.into_iter().chain(taken).collect());
            }
            busy.try_set(false);
        });
    });
    let remove = Callback::new(move |id: String| {
        let before = photos.get_untracked();
        put.run(before.iter().copied().filter(|photo| photo.to_string() != id).collect());
        // What is offered outlives the window in which it was asked for, so it must not belong to that.
        spawn_local(async move {
            let undo = Callback::new(move |()| {
                // Of a form that is gone there is nothing to take back.
                let _ = put.try_run(before.clone());
            });
            let text = app.say("照片已移除。", "The photo is removed.").to_owned();
            app.toast(text, Tone::Good, Some((app.say("撤销", "Undo").to_owned(), undo)));
        });
    });
    let shown = Signal::derive(move || album.shown());
    view! { <Photos label photos=shown on_add=add on_remove=remove busy words=words(app) /> }
}

/// A signature, kept as a photo is.
#[component]
pub fn SignatureOf(
    /// What is signed.
    #[prop(into)]
    label: Signal<String>,
    /// The signature that stands.
    #[prop(into)]
    signed: Signal<Option<PhotoRef>>,
    /// Hears the new one.
    sign: Callback<PhotoRef>,
) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let album = Album::new(app, Signal::derive(move || signed.get().into_iter().collect()));
    let picture = Memo::new(move |_| album.shown().into_iter().next().map(|photo| photo.picture));
    let address =
        Signal::derive(move || picture.get().and_then(|it| if let Picture::Here(url) = it { Some(url) } else { None }));
    let away =
        Signal::derive(move || picture.get().and_then(|it| if let Picture::Away(why) = it { Some(why) } else { None }));
    let done = Callback::new(move |png: Vec<u8>| {
        busy.set(true);
        spawn_local(async move {
            if let Some(photo) = keep(app, &png).await {
                sign.try_run(photo);
            }
            busy.try_set(false);
        });
    });
    view! { <SignPad label signed=address hint=away busy on_done=done words=sign_words(app) /> }
}

/// Chosen files become photos of this device. What cannot be read is said.
async fn take(app: App, files: Vec<Picked>) -> Vec<PhotoRef> {
    let mut taken = Vec::new();
    for file in files {
        let Ok(picture) = photo::shrink(&file).await else {
            let text = app.fill(
                "“{}”不是这台设备能打开的图片。请换成 JPEG 或 PNG。",
                "“{}” is no picture that this device can open. Use JPEG or PNG.",
                &[&file.name()],
            );
            app.toast(text, Tone::Due, None);
            continue;
        };
        taken.extend(keep(app, &picture).await);
    }
    taken
}

/// Keeps a picture on this device. A refusal is said.
async fn keep(app: App, picture: &[u8]) -> Option<PhotoRef> {
    let mut salt = [0; 16];
    random::fill(&mut salt);
    let kept = app.session().keep_photo(salt, picture, clock::now_ms()).await;
    kept.map_err(|error| app.trouble(&error)).ok()
}

/// The body of a photo: from this device, else from the bucket.
pub async fn find(app: App, photo: PhotoRef) -> Result<Vec<u8>, PhotoError> {
    if let Ok(Some(body)) = app.session().photo(&photo).await {
        return Ok(body);
    }
    match later::fetch_photo(app, photo).await {
        Ok(fetching) => fetching.await,
        // The part of the app that asks the bucket has not come yet.
        Err(_) => Err(PhotoError::Remote(RemoteError::Offline)),
    }
}

/// Pictures that are in view.
#[derive(Clone, Copy)]
struct Album {
    app: App,
    photos: Signal<Vec<PhotoRef>>,
    pictures: RwSignal<BTreeMap<PhotoRef, Picture>>,
    /// Let go of with the screen.
    urls: StoredValue<Vec<PictureUrl>, LocalStorage>,
}

impl Album {
    fn new(app: App, photos: Signal<Vec<PhotoRef>>) -> Self {
        let album = Self { app, photos, pictures: RwSignal::default(), urls: StoredValue::new_local(Vec::new()) };
        Effect::new(move || {
            // A photo that was not there yet may be after a round, or with a network.
            app.sharing.report.track();
            app.sharing.online.track();
            for photo in photos.get() {
                let known = album.pictures.with_untracked(|all| all.get(&photo).cloned());
                if known.is_none_or(|picture| matches!(picture, Picture::Away(_))) {
                    // It is asked for once, however often something changes meanwhile.
                    album.pictures.update_untracked(|all| {
                        all.entry(photo).or_insert(Picture::Coming);
                    });
                    spawn_local(album.load(photo));
                }
            }
        });
        album
    }

    fn shown(self) -> Vec<Photo> {
        let shown = |(n, photo): (usize, PhotoRef)| Photo {
            id: photo.to_string(),
            label: self.app.fill("照片 {}", "Photo {}", &[&(n + 1).to_string()]),
            picture: self.pictures.with(|all| all.get(&photo).cloned()).unwrap_or(Picture::Coming),
        };
        self.photos.get().into_iter().enumerate().map(shown).collect()
    }

    async fn load(self, photo: PhotoRef) {
        let picture = match find(self.app, photo).await {
            Ok(body) => match PictureUrl::of(content(&body)) {
                Ok(url) => {
                    let address = url.as_str().to_owned();
                    // The screen may be gone meanwhile, and the address with it.
                    let kept = self.urls.try_update_value(|urls| urls.push(url));
                    if kept.is_none() {
                        return;
                    }
                    Picture::Here(address)
                }
                Err(_) => Picture::Away(self.why(photo, &PhotoError::Fault(crate::sync::fault::Fault::Malformed))),
            },
            Err(error) => Picture::Away(self.why(photo, &error)),
        };
        self.pictures.try_update(|all| all.insert(photo, picture));
    }

    /// Why a photo is not here, and when it will be.
    fn why(self, photo: PhotoRef, error: &PhotoError) -> String {
        let (app, say) = (self.app, |zh, en| self.app.say(zh, en).to_owned());
        match error {
            PhotoError::Remote(RemoteError::NotFound) => {
                let from = device(app, photo.dev);
                app.fill("还没有从“{}”传上来。", "Not sent by “{}” yet.", &[&from])
            }
            PhotoError::Remote(RemoteError::NoBucket) => {
                say("不在这台设备上；连接存储桶后就能看到。", "Not on this device; connect the bucket to see it.")
            }
            PhotoError::Remote(RemoteError::Offline) => {
                say("不在这台设备上；联网后就能看到。", "Not on this device; it comes with a network.")
            }
            PhotoError::Remote(_) => say("存储桶没有给出这张照片。", "The bucket does not hand it out."),
            PhotoError::Fault(_) => {
                say("传来的照片已损坏或被换过，没有采用。", "What came is damaged or exchanged, and was not taken.")
            }
        }
    }
}

fn words(app: App) -> Signal<PhotoWords> {
    let say = move |zh, en| app.say(zh, en).to_owned();
    Signal::derive(move || PhotoWords {
        add: say("添加照片", "Add photos"),
        close: say("关闭", "Close"),
        previous: say("上一张", "Previous"),
        next: say("下一张", "Next"),
        remove: say("移除这张照片", "Remove this photo"),
        coming: say("正在取照片", "Fetching"),
    })
}

fn sign_words(app: App) -> Signal<SignWords> {
    let say = move |zh, en| app.say(zh, en).to_owned();
    Signal::derive(move || SignWords {
        done: say("确认签名", "Confirm the signature"),
        clear: say("重写", "Start over"),
        write: say("改为输入姓名", "Type the name instead"),
        draw: say("改为手写", "Draw it instead"),
        name: say("姓名", "Name"),
        again: say("重新签名", "Sign again"),
        keep: say("保留原签名", "Keep the signature"),
        failed: say(
            "这个浏览器做不出签名的图片。请改为输入文字说明。",
            "This browser cannot make the picture. Write a note instead.",
        ),
    })
}
