//! How much memory a decoder takes.

use std::sync::atomic::{AtomicUsize, Ordering};

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// What a decoder may always take, in bytes: tables, buffers, small change.
pub const ALWAYS: usize = 1 << 20;
/// Bytes that a decoder may take for each byte that it decodes.
pub const SHARE: usize = 64;

static MOST: AtomicUsize = AtomicUsize::new(0);

/// Runs something and tells how much memory it took at most at one moment, in bytes.
pub fn taken<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let result = run();
    (result, HEAP.peak_usage().saturating_sub(before))
}

/// Runs a decoder over so many bytes.
///
/// # Panics
/// If it takes more memory at one moment than it may.
pub fn limited<T>(bytes: usize, decode: impl FnOnce() -> T) -> T {
    let (decoded, taken) = taken(decode);
    MOST.fetch_max(taken, Ordering::Relaxed);
    let limit = ALWAYS.saturating_add(bytes.saturating_mul(SHARE));
    assert!(taken <= limit, "{taken} bytes of memory to decode {bytes}");
    decoded
}

/// The most that any decoder has taken at one moment, in bytes.
pub fn most() -> usize {
    MOST.load(Ordering::Relaxed)
}
