//! Who wrote what: names of staff and devices for a write.

use crate::book::{Book, DevId, Mark, Reader};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::words::{beside, words};

/// A device's name: as its member gave it, else the start of its id.
pub fn device(app: App, dev: DevId, reader: Reader) -> String {
    if dev == app.session().dev() {
        return words("本机", "this device").r#in(reader.lang).to_owned();
    }
    app.device_name(dev).unwrap_or_else(|| dev.to_string().chars().take(6).collect())
}

/// Who and on which device: `张敏 · 前台平板`.
pub fn author(app: App, book: &Book, mark: Mark, reader: Reader) -> String {
    let Some(author) = book.author_of(mark) else { return String::new() };
    let device = device(app, author.dev, reader);
    match author.by {
        Some(by) => beside([book.title(staff::ID, by, reader), device]),
        None => device,
    }
}

/// Who, on which device and when.
pub fn origin(app: App, book: &Book, mark: Mark, reader: Reader) -> String {
    let when = reader.moment(i64::try_from(mark.stamp.ms()).unwrap_or(i64::MAX));
    beside([author(app, book, mark, reader), when])
}
