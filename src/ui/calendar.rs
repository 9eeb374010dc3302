//! Things to do, handed to the calendar of the device.

use crate::book::Due;
use crate::exchange::ics;
use crate::ui::app::App;
use crate::ui::parts::Tone;
use crate::web::{clock, files};

/// Saves a calendar file with what has a day, and says what to do with it.
pub fn save(app: App, dues: &[Due]) {
    let reader = app.reader();
    let reminders = app.peek(|book| ics::reminders(book, dues, reader));
    let (text, tone) = if reminders.is_empty() {
        (app.say("没有带日期的待办。", "Nothing that waits has a day.").to_owned(), Tone::Plain)
    } else {
        let file = ics::calendar(&reminders, clock::now_ms());
        let name = format!("dianbu-{}.ics", reader.today);
        match files::download(&name, "text/calendar;charset=utf-8", file.as_bytes()) {
            Ok(()) => {
                let count = reminders.len().to_string();
                let english = if reminders.len() == 1 {
                    "{} reminder saved: open the file to take it into the calendar."
                } else {
                    "{} reminders saved: open the file to take them into the calendar."
                };
                (app.fill("已保存 {} 条提醒，打开文件即可放进日历。", english, &[&count]), Tone::Good)
            }
            Err(_) => {
                let words = app.say("浏览器不允许保存文件。", "The browser does not allow files to be saved.");
                (words.to_owned(), Tone::Due)
            }
        }
    };
    app.toast(text, tone, None);
}
