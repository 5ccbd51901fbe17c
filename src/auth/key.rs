//! One secret, a key for each purpose: what is signed for one can never pass for another.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::config::{Secret, Secrets};

/// The keys of one purpose: that of the present secret, which signs, and those of former ones, which only verify.
#[derive(Clone, Debug)]
pub struct Keys {
    current: Key,
    former: Vec<Key>,
}

impl Keys {
    /// A key of each secret for one purpose.
    #[must_use]
    pub fn derive(secrets: &Secrets, purpose: &'static str) -> Self {
        let key = |secret| Key::derive(secret, purpose);
        Self { current: key(&secrets.current), former: secrets.former.iter().map(key).collect() }
    }

    /// All of them, the one that signs first.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.former)
    }

    /// The authentication code of a message, by the key that signs.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        self.current.sign(message)
    }

    /// Whether any of them made this code for the message.
    #[must_use]
    pub fn signed(&self, message: &[u8], code: &[u8]) -> bool {
        self.iter().any(|key| key.signed(message, code))
    }
}

/// A key of 256 bits for HMAC-SHA256, derived from the secret.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The key for one purpose. Two purposes never share a name; a name that changes ends all that was signed under it.
    #[must_use]
    pub fn derive(secret: &Secret, purpose: &'static str) -> Self {
        // The secret is uniformly random, so one application of a pseudo-random function is all that HKDF would add.
        Self(Self::mac_with(secret.expose().as_bytes()).chain_update(purpose).finalize().into_bytes().into())
    }

    /// The 256 bits, for a crate that computes with them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The authentication code of a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        Self::mac_with(&self.0).chain_update(message).finalize().into_bytes().into()
    }

    /// Whether the code is that of the message; takes as long for a wrong one as for the right one.
    #[must_use]
    pub fn signed(&self, message: &[u8], code: &[u8]) -> bool {
        Self::mac_with(&self.0).chain_update(message).verify_slice(code).is_ok()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn mac_with(key: &[u8]) -> Hmac<Sha256> {
        Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_secrets_have_keys_of_their_own() {
        let key = |secret: &str, purpose| Key::derive(&Secret::new(secret), purpose).0;
        assert_eq!(key("s", "a"), key("s", "a"));
        assert_ne!(key("s", "a"), key("s", "b"));
        assert_ne!(key("s", "a"), key("t", "a"));
    }

    #[test]
    fn only_the_whole_code_of_the_very_message_is_taken() {
        let key = Key::derive(&Secret::new("s"), "a");
        let code = key.sign(b"message");
        assert!(key.signed(b"message", &code));
        assert!(!key.signed(b"massage", &code));
        assert!(!key.signed(b"message", &code[..31]));
        assert!(!key.signed(b"message", &[]));
    }
}
