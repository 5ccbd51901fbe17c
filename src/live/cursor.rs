//! A place in the feed of one database's life.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::base::Id;
use crate::base::id::EpochId;

/// A place in the feed of one database's life; clients get it as an opaque text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which life: after a restore the database has a new one, and old cursors no longer fit.
    pub epoch: EpochId,
    /// The place; what has a greater one came later.
    pub seq: i64,
}

/// The text is no cursor of any feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a feed cursor; use one that feedCursor or the feed itself gave out")]
pub struct CursorError;

impl Cursor {
    /// Reads the text that a client hands back.
    ///
    /// # Errors
    /// [`CursorError`] when it is none.
    pub fn parse(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let (epoch, seq) = bytes.split_first_chunk::<16>().ok_or(CursorError)?;
        let seq = i64::from_be_bytes(seq.try_into().map_err(|_| CursorError)?);
        if seq < 0 {
            return Err(CursorError);
        }
        Ok(Self { epoch: Id::new(Uuid::from_bytes(*epoch)), seq })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 24];
        bytes[..16].copy_from_slice(self.epoch.uuid().as_bytes());
        bytes[16..].copy_from_slice(&self.seq.to_be_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}
