//! Files in S3: a small store that speaks enough of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use concierge::config::Secret;
use concierge::domain::attachment::{Swept, sweep};

use super::{comment, complaint, link};
use crate::support::App;
use crate::support::picture::{PDF, jpeg};

/// What is in the store, by bucket and key.
type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

async fn object(
    State(objects): State<Objects>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signed = headers["authorization"].to_str().unwrap();
    assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=key-of-tests/"), "{signed}");
    let (mut objects, key) = (objects.lock().unwrap(), uri.path().trim_start_matches('/').to_owned());
    let described = [("etag", "\"tag\""), ("last-modified", "Mon, 23 Nov 2026 02:00:00 GMT")];
    match method {
        Method::PUT if objects.contains_key(&key) && headers.contains_key("if-none-match") => {
            StatusCode::PRECONDITION_FAILED.into_response()
        }
        Method::PUT => {
            objects.insert(key, body);
            (described, "").into_response()
        }
        Method::GET if uri.query().is_some_and(|query| query.contains("list-type=2")) => {
            list(&objects, uri.query().unwrap()).into_response()
        }
        Method::GET => match objects.get(&key) {
            Some(content) => (described, content.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        Method::DELETE => {
            objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        other => panic!("{other} {uri}"),
    }
}

fn list(objects: &BTreeMap<String, Bytes>, query: &str) -> String {
    let part = |name: &str| {
        let found = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
        found.map(|(_, value)| value.replace("%2F", "/")).unwrap_or_default()
    };
    let (prefix, whole) = (part("prefix"), part("delimiter").is_empty());
    let mut lines = std::collections::BTreeSet::new();
    for key in
        objects.keys().filter_map(|key| key.strip_prefix("bucket/")).filter(|key| key.starts_with(&prefix))
    {
        match key[prefix.len()..].split_once('/').filter(|_| !whole) {
            Some((folder, _)) => {
                lines.insert(format!("<CommonPrefixes><Prefix>{prefix}{folder}/</Prefix></CommonPrefixes>"))
            }
            None => lines.insert(format!(
                "<Contents><Key>{key}</Key><LastModified>2026-11-23T02:00:00.000Z</LastModified><Size>1</Size><ETag>tag</ETag></Contents>"
            )),
        };
    }
    let lines = lines.into_iter().collect::<String>();
    format!("<ListBucketResult><IsTruncated>false</IsTruncated>{lines}</ListBucketResult>")
}

async fn store() -> (String, Objects) {
    let objects = Objects::default();
    let router = Router::new().fallback(object).with_state(Arc::clone(&objects));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, objects)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_kept_in_a_bucket() {
    let (url, objects) = store().await;
    let keys = || objects.lock().unwrap().keys().cloned().collect::<Vec<_>>();
    let app = App::with(|config| {
        config.files.url = Some("s3://bucket/of/estates/".to_owned());
        config.files.endpoint = Some(url);
        config.files.key_id = Some("key-of-tests".to_owned());
        config.files.secret = Some(Secret::new("secret-of-tests"));
    })
    .await;
    let (resident, supervisor) = (app.actor("lin-yi").await, app.actor("supervisor").await);
    let ticket = complaint(&app).await;
    let (photo, document) =
        (resident.upload("a.jpg", &jpeg(10, 10)).await, resident.upload("b.pdf", PDF).await);
    let key = |id: &str| format!("bucket/of/estates/2026-11-23/{}", id.strip_prefix("attachment:").unwrap());
    let mut expected = vec![key(&photo), format!("{}.thumbnail", key(&photo)), key(&document)];
    expected.sort();
    assert_eq!(keys(), expected);
    assert_eq!(resident.fetch(&link(&resident, &document, "url").await).await.2, PDF);
    comment(&resident, &ticket, "PUBLIC", &[&photo]).await;
    let input = serde_json::json!({ "id": photo, "reason": "x" });
    supervisor.act("attachmentRedact", input, "").await.done();
    assert_eq!(keys(), [key(&document)]);

    let orphan = "bucket/of/estates/2026-11-22/01a201d7-0b00-7000-8000-000000000000".to_owned();
    objects.lock().unwrap().insert(orphan, Bytes::new());
    app.advance(TimeDelta::days(1));
    assert_eq!(sweep(&app.running.domain).await.unwrap(), Swept { pending: 1, redacted: 0, orphans: 1 });
    assert_eq!(keys(), Vec::<String>::new());
    app.stop().await;
}
