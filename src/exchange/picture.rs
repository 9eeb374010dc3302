//! Pictures as files: which kinds the app shows, and how large a photo is kept.

/// A kind of picture that the app shows. No other is: a drawing that is text (SVG) can hold a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PictureKind {
    /// Photos.
    Jpeg,
    /// Signatures.
    Png,
    /// What some cameras and chats make.
    Webp,
}

impl PictureKind {
    /// What the first bytes say; a name and a type that a file brings along say nothing.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// How the names of such files end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// The media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// The size of a picture whose longer edge is at most `most`, in the same proportions; a smaller one stays as it is.
pub fn fitted(width: u32, height: u32, most: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= most {
        return (width.max(1), height.max(1));
    }
    let scaled = |edge: u32| {
        let rounded = (u64::from(edge) * u64::from(most) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(rounded).unwrap_or(most).max(1)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::{PictureKind, fitted};

    #[test]
    fn the_first_bytes_say_what_a_picture_is() {
        assert_eq!(PictureKind::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(PictureKind::Jpeg));
        assert_eq!(PictureKind::of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(PictureKind::Png));
        assert_eq!(PictureKind::of(b"RIFF\x24\0\0\0WEBPVP8 "), Some(PictureKind::Webp));
        let others: [&[u8]; 9] = [
            b"",
            b"\xff\xd8",
            b"\x89PNG",
            b"RIFF\x24\0\0\0WAVEfmt ",
            b"GIF89a",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"<?xml version=\"1.0\"?><svg/>",
            b"\xef\xbb\xbf<svg/>",
            "照片".as_bytes(),
        ];
        for bytes in others {
            assert_eq!(PictureKind::of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_a_small_one_is_left() {
        assert_eq!(fitted(4000, 3000, 1600), (1600, 1200));
        assert_eq!(fitted(3000, 4000, 1600), (1200, 1600));
        assert_eq!(fitted(1601, 1601, 1600), (1600, 1600));
        assert_eq!(fitted(1600, 900, 1600), (1600, 900));
        assert_eq!(fitted(20, 10, 1600), (20, 10));
        // A strip keeps a line of its own, and nothing overflows.
        assert_eq!(fitted(40_000, 2, 1600), (1600, 1));
        assert_eq!(fitted(u32::MAX, u32::MAX, 1600), (1600, 1600));
        assert_eq!(fitted(0, 0, 1600), (1, 1));
    }
}
