//! What another app shares as mere text: somebody's name and number, perhaps with a few words.

use crate::domain::phone::Phone;

#[cfg(test)]
mod tests;

/// The longest line that is taken for a name, in characters.
const LONGEST_NAME: usize = 20;
/// What may stand before a number or a name and says no more than what it is.
const LABELS: [&str; 9] = ["姓名", "联系人", "联系电话", "电话", "手机", "Name", "Telephone", "Phone", "Tel"];

/// A text taken apart for the form of a new customer. Nothing of it is lost: what is neither name nor number is the note.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shared {
    /// Who it is; empty if nothing in the text looks like it.
    pub name: String,
    /// The first telephone number of the text.
    pub phone: String,
    /// All the rest.
    pub note: String,
}

/// Takes a text apart: the first number that fits a numbering plan, the first short line beside it, the rest.
pub fn read(text: &str) -> Shared {
    let mut shared = Shared::default();
    let mut rest = Vec::new();
    for line in text.lines() {
        let number = number_in(line).filter(|_| shared.phone.is_empty());
        let words = match number {
            Some(number) => {
                number.clone_into(&mut shared.phone);
                without_label_behind(&line.replacen(number, " ", 1)).to_owned()
            }
            None => line.trim().to_owned(),
        };
        let name = behind_label(&words);
        let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
        if is_name && shared.name.is_empty() && rest.is_empty() {
            name.clone_into(&mut shared.name);
        } else if !words.is_empty() {
            rest.push(words);
        }
    }
    shared.note = rest.join("\n");
    shared
}

/// A telephone number in a line.
fn number_in(line: &str) -> Option<&str> {
    let runs = line.split(|c: char| !(c.is_ascii_digit() || "+-() ".contains(c))).map(str::trim);
    runs.filter(|run| run.len() > 6).find(|run| !Phone::read(run).doubtful)
}

/// Without spaces and marks around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ",，;；:：、".contains(c))
}

/// What is left of a line whose number was taken out: without the label that stood before the number.
fn without_label_behind(line: &str) -> &str {
    let line = bare(line);
    // A Latin label is a word of its own: a hotel is no telephone.
    let is_whole = |cut: &&str| !cut.ends_with(|c: char| c.is_ascii_alphanumeric());
    LABELS.iter().find_map(|label| line.strip_suffix(label).filter(is_whole)).map_or(line, bare)
}

/// What stands behind a label and its colon; the whole line where there is none.
fn behind_label(line: &str) -> &str {
    let behind = |label: &&str| line.strip_prefix(*label)?.trim_start().strip_prefix([':', '：']);
    LABELS.iter().find_map(behind).map_or_else(|| bare(line), bare)
}
