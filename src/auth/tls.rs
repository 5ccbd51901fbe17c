//! The one TLS backend of this process.

/// Installs it; to be called first thing in `main`. Two backends get linked, and `rustls` does not choose between them.
/// Calling it again changes nothing.
pub fn install_tls() {
    // An error says that one was installed before, which is all that is wanted.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
