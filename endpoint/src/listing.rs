//! Both versions of the listing over one page of the index.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    CommonPrefix, ETag, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output,
    Object,
};
use s3s::{S3Result, s3_error};

use crate::condition::{hex, stamp};
use crate::list::{After, Query};
use crate::store::{Entry, Store};

/// Most entries of one page, as in S3.
const MAX_KEYS: i32 = 1000;
/// What stays as it is in a url-encoded listing.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The listing that continues from a token.
pub(crate) fn second(store: &Store, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
    let names = Names::wanted(input.encoding_type.as_ref());
    let after = match (&input.continuation_token, &input.start_after) {
        (Some(token), _) => After::from_token(token)
            .ok_or_else(|| s3_error!(InvalidArgument, "The continuation token is not one of this endpoint."))?,
        (None, Some(key)) => After::Key(key.clone()),
        (None, None) => After::Start,
    };
    let prefix = input.prefix.unwrap_or_default();
    let max = most(input.max_keys)?;
    let listed = names.page(store, &Query { prefix: &prefix, delimiter: input.delimiter.as_deref(), after, max });
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(names.show(&prefix)),
        delimiter: input.delimiter.map(|text| names.show(&text)),
        start_after: input.start_after.map(|text| names.show(&text)),
        encoding_type: input.encoding_type,
        continuation_token: input.continuation_token,
        is_truncated: Some(listed.next.is_some()),
        next_continuation_token: listed.next.map(|next| next.to_token()),
        key_count: i32::try_from(listed.objects.len() + listed.groups.len()).ok(),
        max_keys: i32::try_from(max).ok(),
        contents: Some(listed.objects),
        common_prefixes: Some(listed.groups),
        ..ListObjectsV2Output::default()
    })
}

/// The old listing, which continues from a name.
pub(crate) fn first(store: &Store, input: ListObjectsInput) -> S3Result<ListObjectsOutput> {
    let names = Names::wanted(input.encoding_type.as_ref());
    let marker = input.marker.unwrap_or_default();
    // A name that ends in the delimiter is a group the client was told before.
    let ends_group = |end: &String| !end.is_empty() && marker.ends_with(end.as_str());
    let after = match marker.as_str() {
        "" => After::Start,
        group if input.delimiter.as_ref().is_some_and(ends_group) => After::Group(group.to_owned()),
        key => After::Key(key.to_owned()),
    };
    let prefix = input.prefix.unwrap_or_default();
    let max = most(input.max_keys)?;
    let listed = names.page(store, &Query { prefix: &prefix, delimiter: input.delimiter.as_deref(), after, max });
    let next_marker = listed.next.as_ref().and_then(|next| match next {
        After::Key(name) | After::Group(name) => Some(names.show(name)),
        After::Start => None,
    });
    Ok(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(names.show(&prefix)),
        delimiter: input.delimiter.map(|text| names.show(&text)),
        marker: Some(names.show(&marker)),
        encoding_type: input.encoding_type,
        is_truncated: Some(listed.next.is_some()),
        next_marker,
        max_keys: i32::try_from(max).ok(),
        contents: Some(listed.objects),
        common_prefixes: Some(listed.groups),
        ..ListObjectsOutput::default()
    })
}

/// How many entries the client gets at most.
fn most(asked: Option<i32>) -> S3Result<usize> {
    usize::try_from(asked.unwrap_or(MAX_KEYS).min(MAX_KEYS))
        .map_err(|_| s3_error!(InvalidArgument, "max-keys must not be negative."))
}

/// How names are written in the answer.
#[derive(Clone, Copy)]
enum Names {
    Plain,
    Encoded,
}

/// A page in the words of S3.
struct Listed {
    objects: Vec<Object>,
    groups: Vec<CommonPrefix>,
    next: Option<After>,
}

impl Names {
    fn wanted(asked: Option<&EncodingType>) -> Self {
        if asked.is_some_and(|asked| asked.as_str() == EncodingType::URL) { Self::Encoded } else { Self::Plain }
    }

    fn show(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Encoded => utf8_percent_encode(name, PLAIN).to_string(),
        }
    }

    fn page(self, store: &Store, query: &Query<'_>) -> Listed {
        let page = store.list(query);
        let object = |(key, entry): (String, Entry)| Object {
            key: Some(self.show(&key)),
            size: i64::try_from(entry.size).ok(),
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..Object::default()
        };
        let group = |prefix: String| CommonPrefix { prefix: Some(self.show(&prefix)) };
        Listed {
            objects: page.objects.into_iter().map(object).collect(),
            groups: page.groups.into_iter().map(group).collect(),
            next: page.next,
        }
    }
}
