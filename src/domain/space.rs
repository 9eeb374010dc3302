//! Room on a device, for people.

/// Signs of the units, each 1024 times the one before.
const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];

/// Bytes in few digits: `812 kB`, `3.4 MB`, `10 GB`. Three digits at most before the unit, one after the point while
/// the number is small.
pub fn show(bytes: u64) -> String {
    // In tenths of a unit, so that nothing is ever shown as 1024 of the smaller one.
    let (mut tenths, mut unit) = (bytes.saturating_mul(10) / 1024, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1024, unit + 1);
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let sign = UNITS.get(unit).copied().unwrap_or_default();
    if whole >= 100 || tenth == 0 { format!("{whole} {sign}") } else { format!("{whole}.{tenth} {sign}") }
}

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn room_is_shown_in_few_digits() {
        for (bytes, shown) in [
            (0, "0 kB"),
            (1_500, "1.4 kB"),
            (812 << 10, "812 kB"),
            (1_020 << 10, "0.9 MB"),
            (3_565_159, "3.4 MB"),
            (10_243 << 20, "10 GB"),
            (10_445 << 20, "10.2 GB"),
            (999 << 20, "999 MB"),
            (1_100 << 30, "1 TB"),
        ] {
            assert_eq!(show(bytes), shown, "{bytes}");
        }
    }
}
