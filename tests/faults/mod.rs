//! What breaks: a resolver, the database, the disk, the process. Each test breaks the real thing.

mod cable;
mod disk;
mod locked;
mod outage;
mod panics;
mod shutdown;

use reqwest::header::RETRY_AFTER;
use serde_json::Value;

/// Status, `Retry-After` and the code of the first error.
pub async fn fault(request: reqwest::RequestBuilder) -> (u16, Option<String>, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let after = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
    let body: Value = response.json().await.expect("every answer is JSON");
    (status, after, body["errors"][0]["extensions"]["code"].clone())
}
