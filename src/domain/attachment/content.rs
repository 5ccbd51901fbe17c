//! What a file is, by what stands in it; neither its name nor what its sender says of it counts.

use crate::storage::attachment::Kind;

/// The media types that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// A photo.
    Jpeg,
    /// A screenshot.
    Png,
    /// A picture from the web.
    Webp,
    /// A document.
    Pdf,
}

impl MediaType {
    /// As headers write it.
    #[must_use]
    pub fn essence(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// How the names of such files end.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => Kind::Photo,
            Self::Pdf => Kind::Document,
        }
    }
}

const TAKEN: &str = "photos are taken as JPEG, PNG or WebP, documents as PDF";

/// What the file is, or why it is not taken.
pub(super) fn sniff(file: &[u8]) -> Result<MediaType, String> {
    match file {
        [] => Err(format!("the file is empty; {TAKEN}")),
        [0xff, 0xd8, 0xff, ..] => Ok(MediaType::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(MediaType::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(MediaType::Webp),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(MediaType::Pdf),
        _ => Err(match name(file) {
            Some(name) => format!("this is {name}; {TAKEN}"),
            None => format!("this is no picture and no PDF; {TAKEN}"),
        }),
    }
}

/// What people send besides, so that they are told what it is that they have.
fn name(file: &[u8]) -> Option<&'static str> {
    match file {
        [b'G', b'I', b'F', b'8', ..] => Some("a GIF"),
        [b'B', b'M', ..] => Some("a BMP"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some("a TIFF"),
        [b'P', b'K', 3, 4, ..] => Some("a ZIP or an office document"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => Some(match brand {
            [b'h', b'e', b'i' | b'v', ..] | [b'm', b'i', b'f', b'1', ..] | [b'm', b's', b'f', b'1', ..] => {
                "a HEIC picture"
            }
            [b'a', b'v', b'i', ..] => "an AVIF picture",
            _ => "a video",
        }),
        _ => None,
    }
}

/// Whether a PDF has its end.
pub(super) fn is_whole_pdf(file: &[u8]) -> bool {
    let tail = &file[file.len().saturating_sub(1024)..];
    tail.windows(5).any(|window| window == b"%%EOF")
}

/// Whether a JPEG has its end. The decoder fills up what is missing with grey and says nothing. Within the picture's
/// data the end's two bytes cannot stand; before it, a thumbnail of the camera's has an end of its own.
pub(super) fn is_whole_jpeg(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = file.get(at..at + 4) {
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        at += 2 + length;
        if marker == 0xda {
            return file.get(at..).is_some_and(|data| data.windows(2).any(|pair| pair == [0xff, 0xd9]));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_stands_in_it() {
        for (file, expected) in [
            (&b"\xff\xd8\xff\xe0"[..], Ok(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0", Ok(MediaType::Png)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Ok(MediaType::Webp)),
            (b"%PDF-1.7", Ok(MediaType::Pdf)),
            (b"", Err("the file is empty")),
            (b"GIF89a", Err("this is a GIF")),
            (b"\0\0\0\x18ftypheic", Err("this is a HEIC picture")),
            (b"\0\0\0\x18ftypmif1", Err("this is a HEIC picture")),
            (b"\0\0\0\x18ftypavif", Err("this is an AVIF picture")),
            (b"\0\0\0\x18ftypisom", Err("this is a video")),
            (b"PK\x03\x04", Err("this is a ZIP or an office document")),
            (b"<svg onload=\"x\">", Err("this is no picture and no PDF")),
            (b"hello", Err("this is no picture and no PDF")),
        ] {
            let expected = expected.map_err(|what| format!("{what}; {TAKEN}"));
            assert_eq!(sniff(file), expected, "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn a_jpeg_that_broke_off_has_no_end() {
        let whole = b"\xff\xd8\xff\xe1\x00\x04\xff\xd9\xff\xda\x00\x03\x01\x12\x34\xff\xd9";
        assert!(is_whole_jpeg(whole));
        for cut in 2..whole.len() {
            assert!(!is_whole_jpeg(&whole[..cut]), "{cut}");
        }
    }
}
