//! The process is asked to stop while everything at once goes on in it.

use futures_util::stream;
use reqwest::{Body, Client};
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::cli::process::{Home, PATIENCE};
use crate::support::picture::PDF;
use crate::support::ws::Ws;
use crate::support::{Actor, Form};

const UPLOAD: &str = "mutation($file: Upload!) { attachmentUpload(input: { file: $file }) { attachment { status } userErrors { message } } }";

/// A connection that has asked once, and could again.
async fn idle(url: &str) -> TcpStream {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 1024];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..read]).starts_with("HTTP/1.1 200 "));
    stream
}

fn all_in(text: &str, all: &[&str]) -> bool {
    all.iter().all(|part| text.contains(part))
}

/// A body of which a test sends a piece at a time.
fn pieces() -> (mpsc::UnboundedSender<Vec<u8>>, Body) {
    let (sender, receiver) = mpsc::unbounded_channel::<Vec<u8>>();
    let pieces = stream::unfold(receiver, |mut pieces| async {
        let piece = pieces.recv().await?;
        Some((Ok::<_, std::io::Error>(piece), pieces))
    });
    (sender, Body::wrap_stream(pieces))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_runs_is_finished_and_the_rest_is_told_to_go() {
    let home = Home::new();
    home.done(&["seed", "--days", "10"]);
    let gateway = home.serve();
    let url = gateway.url.clone();
    let resident = Actor::sign_in(&url, &Client::new(), "resident", concierge::seed::PASSWORD).await;
    let unit = "{ viewer { occupant { occupancies { unit { id } } } } }";
    let unit = resident.ask(unit).await.text("/data/viewer/occupant/occupancies/0/unit/id");

    let mut quiet = idle(&url).await;
    let mut socket = Ws::ready(&url, resident.token.as_deref()).await;
    socket.subscribe("1", "subscription { myTicketsChanged { __typename } }").await;
    socket.data("1").await;

    // A request that is slow, since another program writes to the database.
    let database = format!("sqlite://{}/data/concierge.db", home.folder.display());
    let writer = Database::connect(&database).await.unwrap();
    writer.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let filing = tokio::spawn({
        let resident = resident.clone();
        let input = json!({ "kind": "ENQUIRY", "unitId": unit, "description": "几点关门？" });
        async move { resident.act("ticketFile", input, "ticket { number }").await }
    });
    // An upload of which half is there.
    let form = Form::of(UPLOAD, &json!({ "file": null }), &[("variables.file", "a.pdf", PDF)]).body();
    let (first, second) = form.split_at(form.len() / 2);
    let (sender, body) = pieces();
    let uploading = tokio::spawn(resident.posts(body).send());
    sender.send(first.to_vec()).unwrap();
    let metrics = || async { reqwest::get(format!("{url}/metrics")).await.unwrap().text().await.unwrap() };
    // Both have arrived, and the third is for the metrics; what does by the clock what is due may wait to write too.
    let busy = ["concierge_requests 3", "concierge_database_connections{pool=\"write\",state=\"used\"} 1"];
    let arrived = async { while !all_in(&metrics().await, &busy) {} };
    timeout(PATIENCE, arrived).await.unwrap();

    let stopping = tokio::task::spawn_blocking(move || gateway.terminate());
    assert_eq!(socket.closed().await, (1001, "Server is shutting down".to_owned()));
    assert_eq!(quiet.read(&mut [0; 64]).await.unwrap(), 0, "an idle connection is closed");
    let refused = async { while TcpStream::connect(url.trim_start_matches("http://")).await.is_ok() {} };
    timeout(PATIENCE, refused).await.expect("nothing new is accepted");

    writer.execute_unprepared("ROLLBACK").await.unwrap();
    writer.close().await.unwrap();
    sender.send(second.to_vec()).unwrap();
    drop((sender, socket));
    assert!(filing.await.unwrap().done().at("/ticket/number").is_string());
    let uploaded: Value = uploading.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(uploaded["data"]["attachmentUpload"]["attachment"]["status"], "PENDING", "{uploaded}");
    let (code, log) = stopping.await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("ERROR") && !log.contains("not all had ended"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_ends_is_cut_off_in_time() {
    let home = Home::new();
    home.done(&["account", "create", "--login", "me"]);
    let token = home.done(&["token", "--login", "me"]);
    let gateway = home.serve();
    let mut actor = Actor::nobody(&gateway.url, &Client::new());
    actor.token = Some(token.trim_end().to_owned());
    let form = Form::of(UPLOAD, &json!({ "file": null }), &[("variables.file", "a.pdf", PDF)]).begun();
    let (sender, body) = pieces();
    sender.send(form).unwrap();
    let uploading = tokio::spawn(actor.posts(body).send());
    let mut socket = Ws::ready(&gateway.url, actor.token.as_deref()).await;
    let stopping = tokio::task::spawn_blocking(move || gateway.terminate());
    assert_eq!(socket.closed().await.0, 1001);
    let (code, log) = stopping.await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("not all had ended"), "{log}");
    assert!(uploading.await.unwrap().is_err());
    drop(sender);
}
