//! One page of a listing, purely: prefix, delimiter, place to continue from, at most so many entries.

use std::collections::BTreeMap;
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a client asks for.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    /// Only keys that start with this.
    pub(crate) prefix: &'a str,
    /// Keys that have this after the prefix are shown as one group.
    pub(crate) delimiter: Option<&'a str>,
    /// Where the page starts.
    pub(crate) after: After,
    /// Most entries, objects and groups together.
    pub(crate) max: usize,
}

/// A place in the sorted list of keys and groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum After {
    /// Before the first.
    Start,
    /// After this key; the group it lies in, if any, is shown again.
    Key(String),
    /// After every key that starts with this.
    Group(String),
}

/// One page, both lists sorted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) objects: Vec<(String, T)>,
    pub(crate) groups: Vec<String>,
    /// Where the next page starts, if there is more.
    pub(crate) next: Option<After>,
}

/// The page of `index` that answers `query`.
pub(crate) fn page<T: Clone>(index: &BTreeMap<String, T>, query: &Query<'_>) -> Page<T> {
    let mut page = Page { objects: Vec::new(), groups: Vec::new(), next: None };
    let mut from = start(query);
    let mut last = None;
    if query.max == 0 {
        return page;
    }
    while let Some(bound) = from.take() {
        let Some((key, value)) = index.range((bound, Bound::Unbounded)).next() else {
            break;
        };
        if !key.starts_with(query.prefix) {
            break;
        }
        if page.objects.len() + page.groups.len() == query.max {
            page.next = last;
            break;
        }
        if let Some(group) = group(key, query) {
            page.groups.push(group.to_owned());
            from = beyond(group).map(Bound::Included);
            last = Some(After::Group(group.to_owned()));
        } else {
            page.objects.push((key.clone(), value.clone()));
            from = Some(Bound::Excluded(key.clone()));
            last = Some(After::Key(key.clone()));
        }
    }
    page
}

/// The first key that may be shown; nothing when no key can follow.
fn start(query: &Query<'_>) -> Option<Bound<String>> {
    let bound = match &query.after {
        After::Start => Bound::Included(String::new()),
        After::Key(key) => Bound::Excluded(key.clone()),
        After::Group(group) => Bound::Included(beyond(group)?),
    };
    let before_prefix = match &bound {
        Bound::Included(key) | Bound::Excluded(key) => key.as_str() < query.prefix,
        Bound::Unbounded => true,
    };
    Some(if before_prefix { Bound::Included(query.prefix.to_owned()) } else { bound })
}

/// The group that stands for `key`: up to and with the first delimiter after the prefix.
fn group<'k>(key: &'k str, query: &Query<'_>) -> Option<&'k str> {
    let delimiter = query.delimiter.filter(|d| !d.is_empty())?;
    let at = key.get(query.prefix.len()..)?.find(delimiter)?;
    key.get(..query.prefix.len() + at + delimiter.len())
}

/// The smallest text greater than everything that starts with `prefix`, if there is one.
fn beyond(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        // `char` ranges step over the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return Some(text);
        }
    }
    None
}

impl After {
    /// The place as a token that clients hand back unread.
    pub(crate) fn to_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(match self {
            Self::Start => String::new(),
            Self::Key(key) => format!("k{key}"),
            Self::Group(group) => format!("g{group}"),
        })
    }

    /// The place named by a token; nothing if we did not make it.
    pub(crate) fn from_token(token: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        match text.strip_prefix('k') {
            Some(key) => Some(Self::Key(key.to_owned())),
            None => Some(Self::Group(text.strip_prefix('g')?.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(keys: &[&str]) -> BTreeMap<String, u8> {
        keys.iter().map(|key| ((*key).to_owned(), 1)).collect()
    }

    /// Every entry over all pages of `max`, groups marked with `*`.
    fn all(index: &BTreeMap<String, u8>, prefix: &str, delimiter: Option<&str>, max: usize) -> Vec<String> {
        let mut after = After::Start;
        let mut seen = Vec::new();
        loop {
            let found = page(index, &Query { prefix, delimiter, after, max });
            let mut entries: Vec<_> = found.objects.into_iter().map(|(key, _)| key).collect();
            entries.extend(found.groups.iter().map(|group| format!("{group}*")));
            assert!(entries.len() <= max);
            entries.sort();
            seen.extend(entries);
            match found.next {
                Some(next) => after = After::from_token(&next.to_token()).unwrap(),
                None => return seen,
            }
        }
    }

    #[test]
    fn pages_of_any_size_give_the_same_list() {
        let index = index(&["a", "b-1", "b/1", "b/2/x", "b/2/y", "b0", "c/1", "客/一", "客/二", "\u{10FFFF}/z"]);
        let flat: Vec<_> = index.keys().cloned().collect();
        let grouped = ["a", "b-1", "b/*", "b0", "c/*", "客/*", "\u{10FFFF}/*"];
        for max in 1..12 {
            assert_eq!(all(&index, "", None, max), flat);
            assert_eq!(all(&index, "", Some("/"), max), grouped);
            assert_eq!(all(&index, "b/", Some("/"), max), ["b/1", "b/2/*"]);
            assert_eq!(all(&index, "b", None, max), ["b-1", "b/1", "b/2/x", "b/2/y", "b0"]);
        }
    }

    #[test]
    fn nothing_asked_or_nothing_there_is_an_empty_last_page() {
        let index = index(&["a", "b"]);
        assert_eq!(page(&index, &Query { prefix: "", delimiter: None, after: After::Start, max: 0 }).next, None);
        assert!(all(&index, "zz", None, 5).is_empty());
    }

    #[test]
    fn a_place_before_the_prefix_starts_at_the_prefix() {
        let index = index(&["a", "b/1", "b/2", "c"]);
        let query = |after| Query { prefix: "b/", delimiter: None, after, max: 9 };
        assert_eq!(page(&index, &query(After::Key("a".to_owned()))).objects.len(), 2);
        assert_eq!(page(&index, &query(After::Key("b/1".to_owned()))).objects.len(), 1);
        assert_eq!(page(&index, &query(After::Key("c".to_owned()))).objects.len(), 0);
    }

    #[test]
    fn a_foreign_token_is_no_place() {
        for token in ["", "%%%", "eA", "a2tr!"] {
            assert_eq!(After::from_token(token), None, "{token:?}");
        }
    }

    #[test]
    fn beyond_the_last_character_there_is_nothing() {
        assert_eq!(beyond("a/").as_deref(), Some("a0"));
        assert_eq!(beyond("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(beyond("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(beyond("\u{10FFFF}"), None);
    }
}
