//! The PIN: what wraps the data key, and what opens it again.
//!
//! A PIN of a few digits is guessed quickly by whoever has a copy of the database, so every guess is made as dear as an
//! old phone can bear: Argon2id with 64 MiB and three passes. Whether a PIN is right is told by the seal on the data key, before
//! anything else is touched. Whoever only has the screen waits longer after every few wrong attempts.

use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::key::{META_KEY, Tries, Wrap};
use super::seal::{DataKey, Fill, Seal, place};
use crate::domain::width::narrowed;

/// The fewest signs of a PIN.
pub const SHORTEST: usize = 4;
/// More digits than this are a passphrase like any other.
const DIGITS: usize = 12;
/// So many wrong attempts cost no pause.
const FREE: u32 = 4;
/// The first pause, in milliseconds; every further wrong attempt doubles it.
const PAUSE_MS: u64 = 30_000;
/// The longest pause, in milliseconds.
const LONGEST_MS: u64 = 15 * 60_000;

/// Why a PIN could not be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinError {
    /// It is not the right one.
    Wrong,
    /// The device has no memory for the derivation.
    Memory,
    /// The wrap is not one that this version can read.
    Unreadable,
}

/// What a person typed as a PIN: full-width signs are narrow, and no space is around it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// Reads it; none if it is too short to be one.
    pub fn read(typed: &str) -> Option<Self> {
        let text = narrowed(typed);
        (text.chars().count() >= SHORTEST).then_some(Self(text))
    }

    /// Whether it is typed on a keyboard of digits.
    fn is_digits(&self) -> bool {
        self.0.len() <= DIGITS && self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// What a guess costs. It stands in the wrap, so that it can be raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What new wraps cost.
    pub const NOW: Self = Self { memory_kib: 64 << 10, passes: 3, lanes: 1 };
}

impl Wrap {
    /// Wraps the data key so that this PIN opens it.
    pub fn new(key: &DataKey, pin: &Pin, cost: Cost, fill: Fill) -> Result<Self, PinError> {
        let mut salt = [0; 16];
        fill(&mut salt);
        let Cost { memory_kib, passes, lanes } = cost;
        let digits = pin.is_digits();
        let mut wrap = Self { digits, memory_kib, passes, lanes, salt, sealed: Vec::new() };
        wrap.sealed = wrap.seal(pin, fill)?.seal(&here(), key.0.to_vec());
        Ok(wrap)
    }

    /// The data key, if the PIN is right.
    pub fn open(&self, pin: &Pin, fill: Fill) -> Result<DataKey, PinError> {
        let opened = self.seal(pin, fill)?.open(&here(), self.sealed.clone()).ok_or(PinError::Wrong)?;
        opened.try_into().map(DataKey).map_err(|_| PinError::Unreadable)
    }

    /// The seal whose key follows from the PIN.
    fn seal(&self, pin: &Pin, fill: Fill) -> Result<Seal, PinError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(|_| PinError::Unreadable)?;
        let mut memory: Vec<Block> = Vec::new();
        // A phone may refuse, and should say so rather than stop the app.
        memory.try_reserve_exact(params.block_count()).map_err(|_| PinError::Memory)?;
        memory.resize(params.block_count(), Block::default());
        let mut key = DataKey([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(pin.0.as_bytes(), &self.salt, &mut key.0, &mut memory)
            .map_err(|_| PinError::Unreadable)?;
        Ok(Seal::new(&key, fill))
    }
}

impl Tries {
    /// With one more wrong attempt.
    pub fn failed(self, now_ms: u64) -> Self {
        Self { wrong: self.wrong.saturating_add(1), at_ms: now_ms }
    }

    /// How long the next attempt has to wait, in milliseconds. A clock that was put back ends the pause, as one that was put
    /// forward does: it keeps people at the screen from trying, not those who have the bytes.
    pub fn wait_ms(self, now_ms: u64) -> u64 {
        let Some(doublings) = self.wrong.checked_sub(FREE + 1) else { return 0 };
        let pause = PAUSE_MS.checked_shl(doublings.min(16)).unwrap_or(LONGEST_MS).min(LONGEST_MS);
        now_ms.checked_sub(self.at_ms).map_or(0, |passed| pause.saturating_sub(passed))
    }
}

fn here() -> Vec<u8> {
    place("meta", META_KEY.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::key::KeyRecord;
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    const KEY: DataKey = DataKey([5; 32]);

    fn fill(bytes: &mut [u8]) {
        bytes.fill(9);
    }

    fn pin(text: &str) -> Pin {
        Pin::read(text).unwrap()
    }

    fn wrapped(text: &str) -> Wrap {
        Wrap::new(&KEY, &pin(text), CHEAP, fill).unwrap()
    }

    #[test]
    fn the_right_pin_opens_and_no_other() {
        let wrap = wrapped("2580");
        assert_eq!(wrap.open(&pin("2580"), fill), Ok(KEY));
        for other in ["2581", "02580", "25800", "258O"] {
            assert_eq!(wrap.open(&pin(other), fill), Err(PinError::Wrong), "{other}");
        }
    }

    #[test]
    fn a_pin_typed_in_full_width_is_the_same() {
        assert_eq!(wrapped("2580").open(&pin("２５８０ "), fill), Ok(KEY));
        assert_eq!(wrapped("长安 回望").open(&pin("长安　回望"), fill), Ok(KEY));
    }

    #[test]
    fn what_is_too_short_is_no_pin() {
        assert_eq!(Pin::read(" 123 "), None);
        assert_eq!(Pin::read("長安"), None);
        assert!(Pin::read("長安回望").is_some());
    }

    #[test]
    fn a_phone_is_told_of_digits_only() {
        assert!(wrapped("123456789012").digits);
        assert!(!wrapped("1234567890123").digits);
        assert!(!wrapped("12a4").digits);
    }

    #[test]
    fn any_other_parameter_or_salt_opens_nothing() {
        let wrap = wrapped("2580");
        let others = [
            Wrap { memory_kib: 128, ..wrap.clone() },
            Wrap { passes: 2, ..wrap.clone() },
            Wrap { lanes: 2, ..wrap.clone() },
            Wrap { salt: [8; 16], ..wrap.clone() },
            Wrap { sealed: wrap.sealed[1..].to_vec(), ..wrap.clone() },
        ];
        for other in others {
            assert_eq!(other.open(&pin("2580"), fill), Err(PinError::Wrong));
        }
        assert_eq!(Wrap { passes: 0, ..wrap }.open(&pin("2580"), fill), Err(PinError::Unreadable));
    }

    #[test]
    fn new_wraps_cost_what_the_protocol_says() {
        let wrap = Wrap::new(&KEY, &pin("2580"), Cost::NOW, fill).unwrap();
        assert_eq!((wrap.memory_kib, wrap.passes, wrap.lanes), (65_536, 3, 1));
        assert_eq!(wrap.open(&pin("2580"), fill), Ok(KEY));
    }

    /// Made with other libraries, from docs/protocol.md alone.
    const RECORD: &str = "820181a600f401190100020203010450000102030405060708090a0b0c0d0e0f\
        055848b798352d8f2bc9e49363b9af3c1b1faf0f6c6111c2415238a338092ce1fb7057477c4679a38815371e1f01ae3157786d\
        6465666768696a6b6c6d6e6f707172737475767778797a7b";

    #[test]
    fn a_record_made_elsewhere_is_read_and_written_alike() {
        let digit = |at| u8::from_str_radix(RECORD.get(at..at + 2).unwrap(), 16).unwrap();
        let record: Vec<u8> = (0..RECORD.len()).step_by(2).map(digit).collect();
        let read = KeyRecord::of(&[(META_KEY.to_owned(), record.clone())]).unwrap().unwrap();
        assert_eq!(read.entry().1, Some(record));
        let KeyRecord::Wrapped(wrap) = read else { panic!("it is wrapped") };
        let key: Vec<u8> = (0..32).collect();
        assert_eq!(wrap.open(&pin("长安 2580"), fill).unwrap().0.to_vec(), key);
    }

    #[test]
    fn pauses_grow_and_end() {
        let tries = |wrong| Tries { wrong, at_ms: 1_000_000 };
        let waits = |wrong| tries(wrong).wait_ms(1_000_000);
        assert_eq!((0..=4).map(waits).max(), Some(0));
        assert_eq!([5, 6, 7].map(waits), [30_000, 60_000, 120_000]);
        assert_eq!([20, u32::MAX].map(waits), [LONGEST_MS; 2]);
        assert_eq!(tries(5).wait_ms(1_029_999), 1);
        assert_eq!(tries(5).wait_ms(1_030_000), 0);
        assert_eq!(tries(5).wait_ms(999_999), 0);
        assert_eq!(tries(4).failed(2_000_000), Tries { wrong: 5, at_ms: 2_000_000 });
    }
}
