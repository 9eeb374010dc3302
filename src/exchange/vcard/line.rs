//! From the text of a file to its properties: lines joined, names, parameters and values told apart and decoded.

use crate::exchange::text::Gb18030;

/// One property of a card.
#[derive(Debug, Default)]
pub(super) struct Property {
    /// `item1` of `item1.TEL`: ties a label to it.
    pub(super) group: String,
    /// In capitals.
    pub(super) name: String,
    /// Names in capitals; those of vCard 2.1 without a name are types.
    parameters: Vec<(String, String)>,
    /// As it stands in the file.
    raw: String,
}

impl Property {
    /// The values of a parameter, also those divided by commas.
    pub(super) fn parameter<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_name = self.parameters.iter().filter(move |(known, _)| known == name);
        of_name.flat_map(|(_, value)| value.split(',')).map(str::trim)
    }

    /// Whether a type is set, in whatever way the version writes it: `TYPE=HOME`, `type=home,pref`, `HOME`.
    pub(super) fn is(&self, kind: &str) -> bool {
        self.parameter("TYPE").any(|known| known.eq_ignore_ascii_case(kind))
    }

    fn encoding_is(&self, names: [&str; 2]) -> bool {
        let mut encodings = self.parameter("ENCODING");
        encodings.any(|known| names.iter().any(|name| known.eq_ignore_ascii_case(name)))
    }

    /// Whether the value is bytes, such as a picture.
    pub(super) fn is_binary(&self) -> bool {
        self.encoding_is(["BASE64", "B"]) || self.raw.starts_with("data:")
    }

    /// The value, decoded.
    pub(super) fn text(&self, gb18030: Gb18030<'_>) -> String {
        unescaped(&self.decoded(&self.raw, gb18030))
    }

    /// The parts of a value that a sign divides, each decoded.
    pub(super) fn parts(&self, sign: char, gb18030: Gb18030<'_>) -> Vec<String> {
        // A divider is never encoded; an encoded one belongs to its part.
        let parts = split(&self.raw, sign).into_iter();
        parts.map(|part| unescaped(&self.decoded(part, gb18030)).trim().to_owned()).collect()
    }

    fn decoded(&self, raw: &str, gb18030: Gb18030<'_>) -> String {
        if !self.encoding_is(["QUOTED-PRINTABLE", "Q"]) {
            return raw.to_owned();
        }
        let bytes = quoted_printable(raw);
        let chinese = self.parameter("CHARSET").any(|name| name.to_ascii_uppercase().starts_with("GB"));
        let utf8 = || std::str::from_utf8(&bytes).ok().map(str::to_owned);
        let text = if chinese { gb18030(&bytes).or_else(utf8) } else { utf8().or_else(|| gb18030(&bytes)) };
        text.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The properties of a file in their order.
pub(super) fn properties(text: &str) -> Vec<Property> {
    let mut properties: Vec<Property> = Vec::new();
    for line in text.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        let Some(last) = properties.last_mut() else {
            properties.extend(property(line));
            continue;
        };
        if last.encoding_is(["QUOTED-PRINTABLE", "Q"]) && last.raw.ends_with('=') {
            // A soft line end; what follows is the value, be it a space.
            last.raw.pop();
            last.raw.push_str(line);
        } else if let Some(folded) = line.strip_prefix([' ', '\t']) {
            last.raw.push_str(folded);
        } else if let Some(next) = property(line) {
            properties.push(next);
        } else {
            // Some services fold without the space that says so.
            last.raw.push_str(line);
        }
    }
    properties
}

/// A line that begins a property: `group.NAME;PARAMETER=value:value`.
fn property(line: &str) -> Option<Property> {
    let (head, raw) = split_once_unquoted(line, ':')?;
    let mut pieces = split_unquoted(head, ';').into_iter();
    let name = pieces.next()?.trim();
    let (group, name) = name.rsplit_once('.').unwrap_or(("", name));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return None;
    }
    let parameters = pieces.filter(|piece| !piece.is_empty()).map(|piece| match piece.split_once('=') {
        Some((name, value)) => (name.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()),
        None if is_encoding(piece) => ("ENCODING".to_owned(), piece.trim().to_owned()),
        None => ("TYPE".to_owned(), piece.trim().to_owned()),
    });
    Some(Property {
        group: group.to_ascii_uppercase(),
        name: name.to_ascii_uppercase(),
        parameters: parameters.collect(),
        raw: raw.to_owned(),
    })
}

/// Whether a parameter of vCard 2.1 without a name is an encoding; others are types.
fn is_encoding(piece: &str) -> bool {
    ["QUOTED-PRINTABLE", "BASE64"].iter().any(|name| piece.trim().eq_ignore_ascii_case(name))
}

/// The pieces of a text between signs outside quotation marks.
fn split_unquoted(text: &str, sign: char) -> Vec<&str> {
    let mut quoted = false;
    let divides = |c: char| {
        quoted ^= c == '"';
        c == sign && !quoted
    };
    text.split(divides).collect()
}

fn split_once_unquoted(text: &str, sign: char) -> Option<(&str, &str)> {
    let head = split_unquoted(text, sign).first()?.len();
    let (head, rest) = text.split_at_checked(head)?;
    Some((head, rest.strip_prefix(sign)?))
}

/// The pieces of a value between signs that no backslash stands before.
fn split(text: &str, sign: char) -> Vec<&str> {
    let mut escaped = false;
    let divides = |c: char| {
        let divides = c == sign && !escaped;
        escaped = c == '\\' && !escaped;
        divides
    };
    text.split(divides).collect()
}

/// Without backslashes: `\n` is a line end, any other sign after one is itself.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            out.push(sign);
            continue;
        }
        match signs.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(next @ ('\\' | ',' | ';' | ':' | '"')) => out.push(next),
            // Not an escape: a path, or a sign of another convention.
            Some(next) => out.extend(['\\', next]),
            None => out.push('\\'),
        }
    }
    out
}

/// The bytes of a quoted-printable text; what is not well formed stays as it is.
fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let coded = hex(0).zip(hex(1)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        if let Some(coded) = coded.filter(|_| *byte == b'=') {
            bytes.push(coded);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    bytes
}
