//! Refresh tokens: opaque to clients; to us a session, a generation, and our signature over both.
//!
//! So the database holds no token, only the session and the generation that counts. An older generation is a token used
//! twice, and ends the session.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::key::Keys;
use crate::{base::id::SessionId, config::Secrets};

/// The first byte, so that another form can be told from this one.
const FORM: u8 = 1;
const SESSION: usize = 1;
const GENERATION: usize = SESSION + 16;
const CODE: usize = GENERATION + 4;

/// What a refresh token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session that it prolongs.
    pub session: SessionId,
    /// Which of the session's tokens it is, the first being 0. Only the newest is good.
    pub generation: i32,
}

/// The text is no refresh token of ours. Why not is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the refresh token is not valid; sign in again")]
pub struct InvalidRefreshToken;

/// Writes and reads refresh tokens.
#[derive(Clone, Debug)]
pub struct RefreshTokens(Keys);

impl RefreshTokens {
    /// Those of this deployment's secrets.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self(Keys::derive(secrets, "concierge refresh token 1"))
    }

    /// The token as the client keeps it: 71 characters of base64url. The same session and generation give the same.
    #[must_use]
    pub fn write(&self, token: RefreshToken) -> String {
        let mut bytes = Vec::with_capacity(CODE + 32);
        bytes.push(FORM);
        bytes.extend(token.session.uuid().as_bytes());
        bytes.extend(token.generation.to_be_bytes());
        bytes.extend(self.0.sign(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token that we wrote. Whether its generation still counts, the session's row tells.
    ///
    /// # Errors
    /// [`InvalidRefreshToken`] for anything that we did not write, to the letter.
    pub fn read(&self, text: &str) -> Result<RefreshToken, InvalidRefreshToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidRefreshToken)?;
        let (message, code) = bytes.split_at_checked(CODE).ok_or(InvalidRefreshToken)?;
        if !self.0.signed(message, code) || message[0] != FORM {
            return Err(InvalidRefreshToken);
        }
        let session = Uuid::from_slice(&message[SESSION..GENERATION]).map_err(|_| InvalidRefreshToken)?;
        let generation = message[GENERATION..].try_into().map_err(|_| InvalidRefreshToken)?;
        Ok(RefreshToken { session: SessionId::new(session), generation: i32::from_be_bytes(generation) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn token(generation: i32) -> RefreshToken {
        RefreshToken {
            session: SessionId::new(Uuid::from_u128(0x0190_a0b1_0000_7000_8000_0000_0000_0001)),
            generation,
        }
    }

    fn ours() -> RefreshTokens {
        RefreshTokens::new(&Secret::new("0123456789-0123456789-0123456789").into())
    }

    #[test]
    fn what_is_written_is_read() {
        for generation in [0, 1, i32::MAX] {
            let text = ours().write(token(generation));
            assert_eq!(text.len(), 71);
            assert_eq!(ours().read(&text), Ok(token(generation)));
        }
        assert_ne!(ours().write(token(0)), ours().write(token(1)));
    }

    #[test]
    fn no_bit_can_be_changed() {
        let bytes = URL_SAFE_NO_PAD.decode(ours().write(token(3))).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(ours().read(&URL_SAFE_NO_PAD.encode(changed)), Err(InvalidRefreshToken), "bit {bit}");
        }
    }

    #[test]
    fn only_the_whole_text_is_a_token() {
        let text = ours().write(token(3));
        for end in 0..text.len() {
            assert_eq!(ours().read(&text[..end]), Err(InvalidRefreshToken));
        }
        for other in
            [format!("{text}A"), format!("{text}="), format!(" {text}"), "\0".repeat(71), "票".into()]
        {
            assert_eq!(ours().read(&other), Err(InvalidRefreshToken), "{other}");
        }
        // The last character holds two bits that no byte uses; another character there would be the same bytes.
        let last = text.chars().last().unwrap();
        for other in ('A'..='Z').chain('a'..='z').filter(|c| *c != last) {
            assert_eq!(ours().read(&format!("{}{other}", &text[..70])), Err(InvalidRefreshToken));
        }
    }

    #[test]
    fn another_secret_reads_nothing() {
        let theirs = RefreshTokens::new(&Secret::new("another").into());
        assert_eq!(theirs.read(&ours().write(token(0))), Err(InvalidRefreshToken));
    }
}
