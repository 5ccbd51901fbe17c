//! A picture read and written anew: turned as it was held, not larger than a screen needs, and without what the camera
//! wrote beside it, such as where it was taken.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits as ReadLimits};

use super::content::{MediaType, is_whole_jpeg};

/// The longer side of what is kept, in pixels: sharp on a large screen, a tenth of the bytes.
const LONG_EDGE: u32 = 2_560;

/// The longer side of a thumbnail, in pixels.
const THUMBNAIL_EDGE: u32 = 320;

/// The longest side that is read, in pixels: no camera takes one that is longer.
const SIDE_MAX: u32 = 16_384;

/// What one pixel takes at most while it is read, in bytes.
const BYTES_A_PIXEL: u64 = 8;

const JPEG_QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 75;

/// A picture as it is kept.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) media_type: MediaType,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) file: Bytes,
    pub(super) thumbnail: Bytes,
}

/// Reads a picture of this type and writes it anew; else why it cannot be taken. It computes for a while.
pub(super) fn rewrite(file: &[u8], given_as: MediaType, most_pixels: u64) -> Result<Picture, String> {
    let image = read(file, given_as, most_pixels)?;
    let image = match image.width().max(image.height()) > LONG_EDGE {
        true => image.resize(LONG_EDGE, LONG_EDGE, FilterType::Triangle),
        false => image,
    };
    let media_type = match given_as {
        MediaType::Png => MediaType::Png,
        MediaType::Webp if image.color().has_alpha() => MediaType::Png,
        _ => MediaType::Jpeg,
    };
    let thumbnail = match image.width().max(image.height()) > THUMBNAIL_EDGE {
        true => image.thumbnail(THUMBNAIL_EDGE, THUMBNAIL_EDGE),
        false => image.clone(),
    };
    let (width, height) = (image.width(), image.height());
    Ok(Picture {
        media_type,
        width,
        height,
        file: write(image, media_type, JPEG_QUALITY)?,
        thumbnail: write(thumbnail, media_type, THUMBNAIL_QUALITY)?,
    })
}

fn read(file: &[u8], given_as: MediaType, most_pixels: u64) -> Result<DynamicImage, String> {
    let format = match given_as {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
        MediaType::Webp => ImageFormat::WebP,
        MediaType::Pdf => return Err("a PDF is no picture".to_owned()),
    };
    if given_as == MediaType::Jpeg && !is_whole_jpeg(file) {
        return Err(broken());
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = ReadLimits::no_limits();
    limits.max_alloc = Some(most_pixels.saturating_mul(BYTES_A_PIXEL));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| broken())?;
    // The head says how large it will be; what is too large is not read.
    let (width, height) = decoder.dimensions();
    if width.max(height) > SIDE_MAX || u64::from(width) * u64::from(height) > most_pixels {
        return Err(format!(
            "the picture has {width} × {height} pixels; at most {most_pixels} in all and {SIDE_MAX} on a side are \
             taken"
        ));
    }
    let orientation = decoder.orientation().map_err(|_| broken())?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| broken())?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn broken() -> String {
    "the picture is broken or not whole; send it again".to_owned()
}

fn write(image: DynamicImage, media_type: MediaType, quality: u8) -> Result<Bytes, String> {
    let mut written = Cursor::new(Vec::new());
    let done = match media_type {
        MediaType::Png => image.write_to(&mut written, ImageFormat::Png),
        _ => image.into_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut written, quality)),
    };
    done.map_err(|error| format!("the picture cannot be written anew: {error}"))?;
    Ok(written.into_inner().into())
}
