//! Links to files: an `<img>` sends no token, so the address itself says, for a few minutes and signed, for whom it is.
//! What it opens is asked again when it is opened: a link lends no right that its owner has no longer.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::Auth;
use super::key::Keys;
use crate::base::id::{AccountId, AttachmentId, DataTransferId};
use crate::config::Secrets;
use crate::domain::attachment::Variant;
use crate::domain::transfer::Language;
use crate::domain::{Error, Viewer};

/// Where files are served.
pub const FILES_PATH: &str = "/files";

/// Where the files of imports and exports are served.
pub const SHEETS_PATH: &str = "/files/transfers";

/// A link ends at a whole fifth of its life: so a picture that is shown twice within a minute has one address, and the
/// browser has it already.
const STEPS: i64 = 5;

/// Signs links to files.
pub(super) struct Links {
    keys: Keys,
    ttl: TimeDelta,
}

/// What stands behind the question mark of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct LinkQuery {
    /// Which of the blobs.
    pub variant: Option<String>,
    /// For whom.
    pub account: Option<String>,
    /// Until when, in seconds since 1970.
    pub expires: Option<String>,
    /// The signature of all of it.
    pub signature: Option<String>,
}

/// What a good link opens.
#[derive(Debug)]
pub struct Linked {
    /// The attachment.
    pub id: AttachmentId,
    /// Which of its blobs.
    pub variant: Variant,
    /// For whom, with the rights that they have now.
    pub viewer: Arc<Viewer>,
    /// How long it will be good.
    pub left: Duration,
}

/// What can be fetched of an import or export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFile {
    /// The file that was written.
    Result,
    /// What was refused, in a language.
    Refusals(Language),
}

impl SheetFile {
    fn variant(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Refusals(Language::Zh) => "refusals-zh",
            Self::Refusals(Language::En) => "refusals-en",
        }
    }

    fn named(variant: &str) -> Option<Self> {
        let all = [Self::Result, Self::Refusals(Language::Zh), Self::Refusals(Language::En)];
        all.into_iter().find(|file| file.variant() == variant)
    }
}

/// What a good link to a file of an import or export opens.
#[derive(Debug)]
pub struct LinkedSheet {
    /// The import or export.
    pub id: DataTransferId,
    /// Which file.
    pub file: SheetFile,
    /// For whom, with the rights that they have now.
    pub viewer: Arc<Viewer>,
}

/// Why a link opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It is none of ours, or not for this file, or its owner has no account any more.
    #[error("there is no such file")]
    Invalid,
    /// It was good once.
    #[error("this link was good for a few minutes; ask for the file's url again")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Links {
    pub(super) fn new(secrets: &Secrets, ttl: Duration) -> Self {
        let ttl = TimeDelta::from_std(ttl).unwrap_or(TimeDelta::MAX);
        Self { keys: Keys::derive(secrets, "file link v1"), ttl }
    }

    /// `variant` is none for the only, or the first, file of an id.
    fn sign(
        &self,
        path: &str,
        id: Uuid,
        variant: Option<&str>,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> String {
        let step = (self.ttl.num_seconds() / STEPS).max(1);
        let expires = (now + self.ttl).timestamp() / step * step;
        let signature = self.keys.sign(message(id, variant, account, expires).as_bytes());
        let (account, signature) = (account.uuid(), URL_SAFE_NO_PAD.encode(signature));
        let mut link = format!("{path}/{id}?");
        if let Some(variant) = variant {
            let _ = write!(link, "variant={variant}&");
        }
        let _ = write!(link, "account={account}&expires={expires}&signature={signature}");
        link
    }

    fn verify(&self, id: &str, query: &LinkQuery, now: DateTime<Utc>) -> Option<Verified> {
        let id = Uuid::try_parse(id).ok()?;
        let account = AccountId::new(Uuid::try_parse(query.account.as_deref()?).ok()?);
        let expires = query.expires.as_deref()?.parse().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(query.signature.as_deref()?).ok()?;
        let signed =
            self.keys.signed(message(id, query.variant.as_deref(), account, expires).as_bytes(), &signature);
        let ends = DateTime::from_timestamp(expires, 0)?;
        signed.then_some(Verified { id, account, ends, is_good: now < ends })
    }
}

/// A link that is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Verified {
    id: Uuid,
    account: AccountId,
    ends: DateTime<Utc>,
    is_good: bool,
}

/// What is signed: every part at its place, so that none can be taken for another.
fn message(id: Uuid, variant: Option<&str>, account: AccountId, expires: i64) -> String {
    let variant = variant.unwrap_or("file");
    format!("{id} {variant} {} {expires}", account.uuid())
}

/// The word for which of an attachment's blobs; the file itself has none.
fn variant_of(query: &LinkQuery) -> Option<Variant> {
    match query.variant.as_deref() {
        None => Some(Variant::File),
        Some("thumbnail") => Some(Variant::Thumbnail),
        Some(_) => None,
    }
}

impl Auth {
    /// A link to a file for this viewer, without scheme and host.
    #[must_use]
    pub fn file_link(&self, viewer: &Viewer, id: AttachmentId, variant: Variant) -> String {
        let variant = (variant == Variant::Thumbnail).then_some("thumbnail");
        self.sign_link(FILES_PATH, viewer, id.uuid(), variant)
    }

    /// A link to a file of an import or export for this viewer, without scheme and host.
    #[must_use]
    pub fn sheet_link(&self, viewer: &Viewer, id: DataTransferId, file: SheetFile) -> String {
        self.sign_link(SHEETS_PATH, viewer, id.uuid(), Some(file.variant()))
    }

    fn sign_link(&self, path: &str, viewer: &Viewer, id: Uuid, variant: Option<&str>) -> String {
        self.0.links.sign(path, id, variant, viewer.account.id, self.0.domain.clock().now())
    }

    /// What a link opens, and for whom.
    ///
    /// # Errors
    /// When it opens nothing, or not any more, or the database fails.
    pub async fn linked_file(&self, id: &str, query: &LinkQuery) -> Result<Linked, LinkError> {
        let variant = variant_of(query).ok_or(LinkError::Invalid)?;
        let (verified, viewer) = self.opened(id, query).await?;
        let left = (verified.ends - self.0.domain.clock().now()).to_std().unwrap_or_default();
        Ok(Linked { id: AttachmentId::new(verified.id), variant, viewer, left })
    }

    /// What a link to a file of an import or export opens, and for whom.
    ///
    /// # Errors
    /// When it opens nothing, or not any more, or the database fails.
    pub async fn linked_sheet(&self, id: &str, query: &LinkQuery) -> Result<LinkedSheet, LinkError> {
        let file = query.variant.as_deref().and_then(SheetFile::named).ok_or(LinkError::Invalid)?;
        let (verified, viewer) = self.opened(id, query).await?;
        Ok(LinkedSheet { id: DataTransferId::new(verified.id), file, viewer })
    }

    async fn opened(&self, id: &str, query: &LinkQuery) -> Result<(Verified, Arc<Viewer>), LinkError> {
        let now = self.0.domain.clock().now();
        let verified = self.0.links.verify(id, query, now).ok_or(LinkError::Invalid)?;
        if !verified.is_good {
            return Err(LinkError::Expired);
        }
        let viewer = self.viewer(verified.account).await?.ok_or(LinkError::Invalid)?;
        Ok((verified, viewer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(link: &str) -> (String, LinkQuery) {
        let (path, query) = link.split_once('?').unwrap();
        let part = |name: &str| {
            let found =
                query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
            found.map(|(_, value)| value.to_owned())
        };
        let query = LinkQuery {
            variant: part("variant"),
            account: part("account"),
            expires: part("expires"),
            signature: part("signature"),
        };
        (path.strip_prefix("/files/").unwrap().to_owned(), query)
    }

    #[test]
    fn a_link_is_good_as_it_was_made_and_for_its_time() {
        let now = DateTime::from_timestamp(1_795_399_230, 0).unwrap();
        let links = Links::new(&crate::config::Secret::new("s").into(), Duration::from_secs(300));
        let (id, account) = (Uuid::from_u128(1), AccountId::new(Uuid::from_u128(2)));
        let sign = |now| links.sign(FILES_PATH, id, Some("thumbnail"), account, now);
        let link = sign(now);
        assert_eq!(link, sign(now + TimeDelta::seconds(20)));
        let (path, query) = parsed(&link);
        let ends = DateTime::from_timestamp(1_795_399_500, 0).unwrap();
        let good = links.verify(&path, &query, now);
        assert_eq!(good, Some(Verified { id, account, ends, is_good: true }));
        assert_eq!(links.verify(&path, &query, ends).map(|verified| verified.is_good), Some(false));

        let other = Uuid::from_u128(3).to_string();
        assert_eq!(links.verify(&other, &query, now), None);
        for wrong in [
            LinkQuery { variant: None, ..query.clone() },
            LinkQuery { variant: Some("file".into()), ..query.clone() },
            LinkQuery { account: Some(other), ..query.clone() },
            LinkQuery { account: None, ..query.clone() },
            LinkQuery { expires: Some("1795399560".into()), ..query.clone() },
            LinkQuery { signature: Some("AAAA".into()), ..query.clone() },
            LinkQuery { signature: None, ..query.clone() },
        ] {
            assert_eq!(links.verify(&path, &wrong, now), None, "{wrong:?}");
        }
        let others = Links::new(&crate::config::Secret::new("t").into(), Duration::from_secs(300));
        assert_eq!(others.verify(&path, &query, now), None);
    }
}
