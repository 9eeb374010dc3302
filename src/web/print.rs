//! Printing.

use super::WebError;

/// Opens the print dialog for the page as it is; the print style sheet decides what of it is printed.
pub fn print() -> Result<(), WebError> {
    Ok(gloo::utils::window().print()?)
}
