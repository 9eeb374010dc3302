//! One attempt at the PIN.

use gloo::timers::future::TimeoutFuture;

use crate::store::idb::Idb;
use crate::store::key::{KeyRecord, META_KEY, Tries};
use crate::store::pin::{Pin, PinError};
use crate::store::seal::DataKey;
use crate::store::{Change, Store, StoreError};
use crate::ui::trouble;
use crate::web::{clock, random};
use crate::words::{Lang, Words, fill, words};

/// Time for the screen to show that the work has begun: it holds everything else up, in milliseconds.
const SHOW_MS: u32 = 50;

/// Why nothing was opened or set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Too few signs for a PIN.
    Short,
    /// Not the right one; then how many seconds the next attempt has to wait.
    Wrong(u64),
    /// Too soon after wrong ones: so many seconds are left.
    Wait(u64),
    /// The device has no memory for it.
    Memory,
    /// The store refused.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PinError> for Refused {
    fn from(error: PinError) -> Self {
        match error {
            PinError::Wrong => Self::Wrong(0),
            PinError::Memory => Self::Memory,
            PinError::Unreadable => Self::Store(StoreError::Damaged(META_KEY.to_owned())),
        }
    }
}

impl Refused {
    /// What is wrong and what to do.
    pub fn say(&self, lang: Lang) -> String {
        let with = |text: Words, seconds: &u64| fill(text.r#in(lang), &[&seconds.to_string()]);
        match self {
            Self::Short => SHORT.r#in(lang).to_owned(),
            Self::Wrong(0) => {
                words("密码不对，请再试一次。", "This PIN is not right; try again.").r#in(lang).to_owned()
            }
            Self::Wrong(seconds) => with(
                words("密码不对。请等 {} 秒再试。", "This PIN is not right. Wait {} seconds before the next attempt."),
                seconds,
            ),
            Self::Wait(seconds) => with(
                words(
                    "错了好几次，还要等 {} 秒才能再试。",
                    "After several wrong ones, {} more seconds until the next attempt.",
                ),
                seconds,
            ),
            Self::Memory => words(
                "这台设备的内存不够。请关掉别的网页和应用，再试一次。",
                "This device is out of memory. Close other pages and apps, and try again.",
            )
            .r#in(lang)
            .to_owned(),
            Self::Store(error) => trouble::store(error).r#in(lang).to_owned(),
        }
    }
}

/// Said of a PIN with too few signs.
pub const SHORT: Words = words("密码至少要 4 位。", "A PIN has at least 4 signs.");

/// The data key of a store, if what was typed is its PIN. A wrong attempt is counted, and changes nothing else.
pub async fn open(store: &Idb, typed: &str) -> Result<DataKey, Refused> {
    let named = store.load_named().await?.meta;
    let wrap = match KeyRecord::of(&named)?.ok_or_else(|| StoreError::Damaged(META_KEY.to_owned()))? {
        KeyRecord::Bare(key) => return Ok(key),
        KeyRecord::Wrapped(wrap) => wrap,
    };
    let pin = Pin::read(typed).ok_or(Refused::Short)?;
    let tries = Tries::of(&named)?;
    let wait = tries.wait_ms(clock::now_ms());
    if wait > 0 {
        return Err(Refused::Wait(seconds(wait)));
    }
    show().await;
    let opened = wrap.open(&pin, random::fill);
    let after = match opened {
        Ok(_) => Tries::default(),
        Err(PinError::Wrong) => tries.failed(clock::now_ms()),
        Err(error) => return Err(error.into()),
    };
    if after != tries {
        store.transact(|_| Some(Change { meta: vec![after.entry()], ..Change::default() })).await?;
    }
    opened.map_err(|_| Refused::Wrong(seconds(after.wait_ms(after.at_ms))))
}

/// Lets the screen show what is about to be worked on.
pub async fn show() {
    TimeoutFuture::new(SHOW_MS).await;
}

fn seconds(ms: u64) -> u64 {
    ms.div_ceil(1000)
}
