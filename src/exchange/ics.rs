//! What has a day, as a calendar file (iCalendar, RFC 5545): nothing can ring a phone whose app is closed, its own
//! calendar can.

use jiff::civil::Date;

use crate::book::{Book, Due, Reader};
use crate::domain::customer::{customer, promise, task};
use crate::domain::phone::Phone;
use crate::domain::standard::action;
use crate::words::{Lang, words};

/// The longest line, in bytes without its end.
const LINE: usize = 75;

/// One day in a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reminder {
    /// Names it for ever: a calendar that takes the file again changes its entry instead of adding one.
    pub uid: String,
    /// The day.
    pub day: Date,
    /// What the calendar shows.
    pub title: String,
    /// What stands below it; may be empty.
    pub text: String,
}

/// Things to do as reminders; what has no day has none. What is overdue is to be done today.
pub fn reminders(book: &Book, dues: &[Due], reader: Reader) -> Vec<Reminder> {
    let remind = |due: &Due| {
        let sort = match due.kind {
            task::ID => words("任务", "Task"),
            promise::ID => words("承诺", "Promise"),
            action::ID => words("整改", "Correction"),
            _ => words("下一步", "Next step"),
        };
        let whose = due.customer.map(|id| book.title(customer::ID, id, reader)).unwrap_or_default();
        let phone = due.customer.and_then(|id| book.row(customer::ID, id)).map(|row| {
            let phone = Phone::from_stored(row.text(customer::PHONE));
            phone.show(reader.lang)
        });
        let lines = [sort.r#in(reader.lang).to_owned(), phone.unwrap_or_default()];
        let title = [due.what.clone(), whose].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        Some(Reminder {
            uid: format!("{}-{}@dianbu", due.kind, due.id),
            day: due.day?.max(reader.today),
            title: title.join(" · "),
            text: lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
        })
    };
    dues.iter().filter_map(remind).collect()
}

/// The calendar file. Every day rings at nine in the morning; `now_ms` is the moment of the export, in milliseconds since
/// 1970.
pub fn calendar(reminders: &[Reminder], now_ms: u64) -> String {
    let mut file = String::new();
    let mut line = |text: &str| fold(&mut file, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Dianbu//Shop book//ZH");
    let stamp = stamp(now_ms);
    for reminder in reminders {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escaped(&reminder.uid)));
        line(&format!("DTSTAMP:{stamp}"));
        line(&format!("DTSTART;VALUE=DATE:{}", packed(reminder.day)));
        line(&format!("DTEND;VALUE=DATE:{}", packed(reminder.day.tomorrow().unwrap_or(reminder.day))));
        line(&format!("SUMMARY:{}", escaped(&reminder.title)));
        if !reminder.text.is_empty() {
            line(&format!("DESCRIPTION:{}", escaped(&reminder.text)));
        }
        line("TRANSP:TRANSPARENT");
        line("BEGIN:VALARM");
        line("ACTION:DISPLAY");
        line(&format!("DESCRIPTION:{}", escaped(&reminder.title)));
        line("TRIGGER:PT9H");
        line("END:VALARM");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    file
}

fn packed(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn stamp(now_ms: u64) -> String {
    let utc = Reader { lang: Lang::En, today: Date::default(), offset: |_| 0 };
    let at = i64::try_from(now_ms).ok().and_then(|ms| utc.local(ms)).unwrap_or_default();
    format!("{}T{:02}{:02}00Z", packed(at.0), at.1, at.2)
}

/// A text as a value: what means something to the format is escaped, what no text holds is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, folded between characters where it is too long.
fn fold(file: &mut String, text: &str) {
    let mut length = 0;
    for c in text.chars() {
        if length + c.len_utf8() > LINE {
            file.push_str("\r\n ");
            length = 1;
        }
        file.push(c);
        length += c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::book::{Book, RowId};

    fn one(title: &str, text: &str) -> Reminder {
        Reminder {
            uid: "6-a@dianbu".to_owned(),
            day: date(2026, 12, 31),
            title: title.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_reminder_is_a_day_that_rings_at_nine() {
        let file = calendar(&[one("送礼盒 · 张敏", "任务\n138 0000 0001")], 1_795_773_600_000);
        for line in [
            "DTSTAMP:20261127T100000Z",
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "SUMMARY:送礼盒 · 张敏",
            "DESCRIPTION:任务\\n138 0000 0001",
            "TRIGGER:PT9H",
        ] {
            assert!(file.split("\r\n").any(|found| found == line), "{line} in\n{file}");
        }
        assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn no_text_can_end_its_line() {
        let file = calendar(&[one("a;b,c\\d\r\nEND:VCALENDAR\rX\u{7}", "")], 0);
        assert!(file.contains("SUMMARY:a\\;b\\,c\\\\d\\nEND:VCALENDARX\r\n"), "{file}");
        assert_eq!(file.matches("\r\nEND:VCALENDAR\r\n").count(), 1);
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_come_together_again() {
        let title = "一位客户的名字很长很长".repeat(20);
        let file = calendar(&[one(&title, "")], 0);
        assert!(file.split("\r\n").all(|line| line.len() <= LINE), "{file}");
        assert!(file.replace("\r\n ", "").contains(&format!("SUMMARY:{title}\r\n")));
    }

    #[test]
    fn what_is_overdue_is_to_be_done_today_and_what_has_no_day_stays_out() {
        let due = |day| Due { day, kind: task::ID, id: RowId([1; 16]), customer: None, what: "对账".to_owned() };
        let reader = Reader { lang: Lang::Zh, today: date(2026, 11, 27), offset: |_| 480 };
        let dues = [due(Some(date(2026, 11, 1))), due(None), due(Some(date(2026, 12, 1)))];
        let days: Vec<_> =
            reminders(&Book::default(), &dues, reader).into_iter().map(|reminder| reminder.day).collect();
        assert_eq!(days, [date(2026, 11, 27), date(2026, 12, 1)]);
    }
}
