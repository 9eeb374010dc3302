//! Which object names are accepted, and why a name can never leave the folder.
//!
//! Every object is a file at `DIR/objects/<key>`, so a key must read as a plain relative path: this is the one place
//! that decides it, and everything that touches a file takes a [`Key`], never a text.

use std::fmt;

/// Longest key in bytes, as in S3.
const MAX_KEY: usize = 1024;
/// Longest part between two slashes in bytes: what file systems take as one name.
const MAX_SEGMENT: usize = 255;

/// An object name that is safe to use as a path below the objects folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(String);

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// The key or one of its parts is too long.
    TooLong,
    /// A part is empty, `.` or `..`, or the key starts or ends with a slash.
    NotPlain,
    /// A control character, a backslash, or one that XML cannot carry in a listing.
    Character,
}

impl Key {
    /// Accepts `text` if it is a plain relative path of at most 1,024 bytes.
    pub(crate) fn parse(text: &str) -> Result<Self, KeyError> {
        if text.len() > MAX_KEY {
            return Err(KeyError::TooLong);
        }
        if text.chars().any(|c| c.is_control() || matches!(c, '\\' | '\u{FFFE}' | '\u{FFFF}')) {
            return Err(KeyError::Character);
        }
        for segment in text.split('/') {
            if matches!(segment, "" | "." | "..") {
                return Err(KeyError::NotPlain);
            }
            if segment.len() > MAX_SEGMENT {
                return Err(KeyError::TooLong);
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The key as the client wrote it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders the key lies in, outermost first: `a` and `a/b` for `a/b/c`.
    pub(crate) fn folders(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.match_indices('/').filter_map(|(at, _)| self.0.get(..at))
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "The key is over 1,024 bytes, or a part between slashes is over 255 bytes.",
            Self::NotPlain => "The key has an empty, '.' or '..' part, or starts or ends with a slash.",
            Self::Character => "The key contains a backslash, a control character or one that XML cannot carry.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_accepted() {
        for text in ["a", "V/h/dev", "客户/张三 (1).csv", "a..b", "...", ".hidden", "a+b%20c", &"x".repeat(255)] {
            assert_eq!(Key::parse(text).map(|key| key.as_str().to_owned()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn anything_that_could_leave_the_folder_is_refused() {
        for text in ["", "/", "/etc/passwd", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a"] {
            assert_eq!(Key::parse(text), Err(KeyError::NotPlain), "{text:?}");
        }
        for text in ["a\0b", "..\\a", "a\nb", "a\u{7f}", "a\u{FFFF}"] {
            assert_eq!(Key::parse(text), Err(KeyError::Character), "{text:?}");
        }
        assert_eq!(Key::parse(&"x".repeat(256)), Err(KeyError::TooLong));
        assert_eq!(Key::parse(&"x/".repeat(513)), Err(KeyError::TooLong));
    }

    #[test]
    fn folders_are_listed_outermost_first() {
        let key = Key::parse("a/b/c").unwrap();
        assert_eq!(key.folders().collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(Key::parse("a").unwrap().folders().count(), 0);
    }
}
