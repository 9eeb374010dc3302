//! Identifiers that tie a control to its label, hint and error.

use std::sync::atomic::{AtomicU32, Ordering};

/// An identifier that no other element of this page has.
pub(super) fn fresh_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("p{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
