//! What a text file is written in: UTF-8, UTF-16 as spreadsheets save "Unicode text", or GB18030 (of which GBK and
//! GB2312 are parts). The whole file is looked at first: nothing is read in by guess.

use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8};

use super::{Heard, Outlet, unreadable};
use crate::exchange::refusal::{Refused, Why};

const CHUNK: usize = 64 * 1024;

/// The encoding in which every byte of the file makes sense.
pub(super) fn detect(path: &Path, outlet: &Outlet) -> Result<&'static Encoding, Refused> {
    let mut first = Vec::new();
    open(path, outlet)?.take(4).read_to_end(&mut first).map_err(|cause| unreadable(&cause))?;
    if let Some((encoding, _)) = Encoding::for_bom(&first) {
        return check(path, outlet, encoding)?.map_or(Ok(encoding), refuse);
    }
    let Some(bad) = check(path, outlet, UTF_8)? else {
        return Ok(UTF_8);
    };
    match check(path, outlet, GB18030)? {
        None => Ok(GB18030),
        Some(_) => refuse(bad),
    }
}

fn refuse(at: u64) -> Result<&'static Encoding, Refused> {
    Err(Refused::file(Why::Encoding { at }))
}

/// The line on which the file makes no sense in an encoding; none when it does everywhere.
fn check(path: &Path, outlet: &Outlet, encoding: &'static Encoding) -> Result<Option<u64>, Refused> {
    let mut text = Decoding::new(open(path, outlet)?, encoding);
    let (mut buffer, mut line) = (vec![0; CHUNK], 1);
    loop {
        let read = match text.read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(read) => &buffer[..read],
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(Some(line)),
            Err(error) => return Err(unreadable(&error)),
        };
        if read.contains(&0) {
            return Err(Refused::file(Why::NotText));
        }
        line += read.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
}

fn open(path: &Path, outlet: &Outlet) -> Result<BufReader<Heard>, Refused> {
    outlet.file(path).map(|file| BufReader::with_capacity(CHUNK, file)).map_err(|cause| unreadable(&cause))
}

/// Reads bytes as UTF-8 that are written in another encoding; fails where they make no sense in it.
pub(super) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` has not been decoded.
    pending: std::ops::Range<usize>,
    ended: bool,
    failed: bool,
    decoded: Vec<u8>,
    given: usize,
}

impl<R: Read> Decoding<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK],
            pending: 0..0,
            ended: false,
            failed: false,
            decoded: Vec::new(),
            given: 0,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut out = vec![0; CHUNK * 3];
        while self.given == self.decoded.len() && !(self.ended && self.pending.is_empty()) {
            if self.pending.is_empty() {
                let read = self.inner.read(&mut self.raw)?;
                self.pending = 0..read;
                self.ended = read == 0;
            }
            let input = &self.raw[self.pending.clone()];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(input, &mut out, self.ended);
            self.pending.start += read;
            self.decoded = out[..written].to_vec();
            self.given = 0;
            match result {
                // What is sound before it is given first, so that the line is known.
                encoding_rs::DecoderResult::Malformed(..) => {
                    self.failed = true;
                    return Ok(());
                }
                encoding_rs::DecoderResult::InputEmpty | encoding_rs::DecoderResult::OutputFull => {}
            }
            if self.ended && written == 0 && self.pending.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.decoded.len() {
            if !self.failed {
                self.fill()?;
            }
            if self.failed && self.given == self.decoded.len() {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
        }
        let left = &self.decoded[self.given..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}
