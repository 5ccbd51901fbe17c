//! Pictures, good and bad.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// What stands in the camera's notes, to be looked for in what is kept.
pub const SECRET_PLACE: &[u8] = b"31.2304N 121.4737E";

/// Left half red, right half blue.
pub fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(
        width,
        height,
        |x, _| if x < width / 2 { Rgb([230, 20, 20]) } else { Rgb([20, 20, 230]) },
    )
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut written = Vec::new();
    halves(width, height).write_with_encoder(JpegEncoder::new_with_quality(&mut written, 90)).unwrap();
    written
}

/// A PNG whose right half lets everything through.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, _| match x < width / 2 {
        true => Rgba([230, 20, 20, 255]),
        false => Rgba([0, 0, 0, 0]),
    });
    written(&picture.into(), ImageFormat::Png)
}

pub fn webp(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height).into(), ImageFormat::WebP)
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut written = Cursor::new(Vec::new());
    picture.write_to(&mut written, format).unwrap();
    written.into_inner()
}

/// A JPEG as a phone takes it: lying on its side, with a note that says so and another that says where it was.
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut notes = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    // Two entries: the orientation, 6 for "turn it clockwise", and where the notes on the place begin.
    notes.extend(2_u16.to_le_bytes());
    notes.extend(entry(0x0112, 3, 1, 6));
    notes.extend(entry(0x8825, 4, 1, 8 + 2 + 2 * 12 + 4));
    notes.extend(0_u32.to_le_bytes());
    // One entry: the datum's text, which stands behind it.
    notes.extend(1_u16.to_le_bytes());
    let text_at = 8 + 2 + 2 * 12 + 4 + 2 + 12 + 4;
    notes.extend(entry(0x0012, 2, u32::try_from(SECRET_PLACE.len()).unwrap(), text_at));
    notes.extend(0_u32.to_le_bytes());
    notes.extend(SECRET_PLACE);
    let plain = jpeg(width, height);
    let length = u16::try_from(notes.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, &notes, &plain[2..]].concat()
}

/// A PNG that says it is this large, and holds nothing.
pub fn png_head(width: u32, height: u32) -> Vec<u8> {
    let mut head = b"IHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 6, 0, 0, 0]);
    let chunk = |content: &[u8]| {
        let length = u32::try_from(content.len() - 4).unwrap().to_be_bytes();
        [&length[..], content, &crc(content).to_be_bytes()].concat()
    };
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(&head), chunk(b"IDAT"), chunk(b"IEND")].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

pub const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// A picture that was served.
pub fn read(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// Whether a pixel is rather red than blue.
pub fn is_red(picture: &RgbImage, x: u32, y: u32) -> bool {
    let Rgb([red, _, blue]) = picture.get_pixel(x, y);
    red > blue
}

pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
