//! The number of a complaint (P3): made offline, easy to say on the phone.
//!
//! `1121-K7P-3` is the third complaint that this device took on the 21st of November. The middle part comes from the
//! device's id, in an alphabet of 25 signs of which no two look alike (no 0 O Q, 1 I L, 5 S, 8 B, 2 Z, U V).
//!
//! # How unique it is
//! A device never gives a number twice: it takes the next one after all that its book has, of every year, deleted ones
//! included. Two devices can only meet in a number if their middle parts are the same, which happens by chance to two
//! devices in 15,625 (for a shop of 30 devices: 2.8 % that any two of them share theirs), *and* if both take as many
//! complaints on the same day without having heard of each other. Nothing breaks then: records are known by their row
//! ids, and a search for the number shows both.

use jiff::civil::Date;

use super::complaint;
use crate::book::{Book, DevId};

/// Signs of which no two look alike.
const ALPHABET: [char; 25] = [
    '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P', 'R', 'T', 'U',
    'W', 'X',
];

/// The number of the next complaint that a device takes on a day.
pub fn next(book: &Book, dev: DevId, day: Date) -> String {
    let start = format!("{:02}{:02}-{}-", day.month(), day.day(), device_part(dev));
    let all = book.rows(complaint::ID).chain(book.deleted(complaint::ID));
    let running = all.filter_map(|(_, row)| row.text(complaint::NUMBER).strip_prefix(&start)?.parse::<u32>().ok());
    format!("{start}{}", running.max().unwrap_or(0) + 1)
}

/// Three signs for a device. Its id is a hash, so every part is as likely as any other.
fn device_part(dev: DevId) -> String {
    let mut rest = dev.0.iter().fold(0_usize, |rest, byte| (rest * 256 + usize::from(*byte)) % ALPHABET.len().pow(3));
    let mut part = String::new();
    for _ in 0..3 {
        part.push(ALPHABET[rest % ALPHABET.len()]);
        rest /= ALPHABET.len();
    }
    part
}
