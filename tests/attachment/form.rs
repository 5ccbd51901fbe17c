//! The form that files come in, part by part.

use serde_json::{Value, json};

use super::complaint;
use crate::on_both;
use crate::support::contents::contents;
use crate::support::picture::{PDF, jpeg};
use crate::support::{Actor, App, Form};

const UPLOAD: &str =
    "mutation($input: AttachmentUploadInput!) { attachmentUpload(input: $input) { attachment { id } } }";

fn operations() -> String {
    json!({ "query": UPLOAD, "variables": { "input": { "file": null } } }).to_string()
}

/// Status, code and message of what came back.
async fn sent(request: reqwest::RequestBuilder) -> (u16, String, String) {
    let response = request.send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/"));
    let status = response.status().as_u16();
    let body: Value = response.json().await.expect("every answer is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (status, text(&body["errors"][0]["extensions"]["code"]), text(&body["errors"][0]["message"]))
}

async fn refused(actor: &Actor, form: Form) -> (u16, String, String) {
    sent(actor.posts(form.body())).await
}

on_both! {
    async fn a_form_that_is_not_as_it_must_be_is_refused_in_words(app) {
        let resident = app.actor("lin-yi").await;
        let before = contents(app.database_url()).await;
        let map = r#"{"0":["variables.input.file"]}"#;
        let form = || Form::default().text("operations", &operations());
        let many: Value = (0..10).map(|place| (place.to_string(), json!([format!("variables.x.{place}")]))).collect::<serde_json::Map<_, _>>().into();
        let slot = |path: &str| format!(
            "`map` gives the place `{path}`, and there is no null in the variables; a place is written like \
             variables.input.file or variables.input.files.0."
        );
        for (form, message) in [
            (Form::default(), "The part `operations` must come first.".to_owned()),
            (Form::default().text("map", map).text("operations", &operations()), "The part `operations` must come first.".to_owned()),
            (Form::default().file("0", "a.pdf", PDF), "The part `operations` must come first.".to_owned()),
            (Form::default().text("operations", "nonsense"), "The body must be a JSON object with `query`.".to_owned()),
            (form(), "The part `map` must come second.".to_owned()),
            (form().file("0", "a.pdf", PDF).text("map", map), "The part `map` must come second.".to_owned()),
            (
                form().text("map", r#"{"0":"variables.input.file"}"#),
                "The part `map` must be a JSON object of lists of texts: {\"0\": [\"variables.file\"]}.".to_owned(),
            ),
            (form().text("map", &many.to_string()), "10 files are too many; at most 9 come with one request.".to_owned()),
            (form().text("map", r#"{"0":[]}"#), "`map` gives the part `0` no place.".to_owned()),
            (form().text("map", r#"{"0":["variables.file"]}"#), slot("variables.file")),
            (form().text("map", r#"{"0":["input.file"]}"#), slot("input.file")),
            (form().text("map", r#"{"0":["variables.input.file.0"]}"#), slot("variables.input.file.0")),
            (form().text("map", r#"{"0":["variables"]}"#), slot("variables")),
            (
                form().text("map", r#"{"0":["variables.input.file"],"1":["variables.input.file"]}"#),
                "`map` gives the place `variables.input.file` twice.".to_owned(),
            ),
            (form().text("map", map), "The part `0` is named in `map` and did not come.".to_owned()),
            (form().text("map", map).file("1", "a.pdf", PDF), "The part `1` is not named in `map`.".to_owned()),
            (form().text("map", map).file("0", "a.pdf", PDF).file("0", "a.pdf", PDF), "The part `0` came twice.".to_owned()),
        ] {
            assert_eq!(refused(&resident, form).await, (400, "BAD_REQUEST".to_owned(), message));
        }
        let batch = Form::default().text("operations", &format!("[{}]", operations())).text("map", map);
        assert_eq!(refused(&resident, batch).await.1, "BATCH_NOT_SUPPORTED");
        let whole = form().text("map", map).file("0", "a.pdf", PDF).body();
        let half = whole[..whole.len() / 2].to_vec();
        assert_eq!(
            sent(resident.posts(half)).await,
            (400, "BAD_REQUEST".to_owned(), "The body is no multipart/form-data, or it broke off before its end.".to_owned())
        );
        let unbound = app.client.post(format!("{}/graphql", app.url)).header("content-type", "multipart/form-data");
        let unbound = unbound.bearer_auth(resident.token.as_ref().unwrap()).body(whole);
        assert_eq!(sent(unbound).await.0, 400);
        assert_eq!(contents(app.database_url()).await, before);
        assert_eq!(app.blobs(), Vec::<String>::new());
    }

    async fn one_file_may_stand_at_several_places(app) {
        let resident = app.actor("lin-yi").await;
        let query = "mutation($a: AttachmentUploadInput!, $b: AttachmentUploadInput!) {
            a: attachmentUpload(input: $a) { attachment { bytes } }
            b: attachmentUpload(input: $b) { attachment { bytes } }
        }";
        let operations = json!({ "query": query, "variables": { "a": { "file": null }, "b": { "file": null } } });
        let form = Form::default()
            .text("operations", &operations.to_string())
            .text("map", r#"{"f":["variables.a.file","variables.b.file"]}"#)
            .file("f", "a.pdf", PDF);
        let answer: Value = resident.posts(form.body()).send().await.unwrap().json().await.unwrap();
        let one = json!({ "attachment": { "bytes": PDF.len() } });
        assert_eq!(answer, json!({ "data": { "a": one, "b": one } }));
    }

    async fn a_file_is_only_what_came_as_one(app) {
        let resident = app.actor("lin-yi").await;
        let message = "a file comes as a part of a multipart/form-data request, and is null in the variables";
        for file in [json!("#__graphql_file__:0"), json!([0, 0, 0, 0]), json!(0)] {
            let answer = resident.ask_with(UPLOAD, json!({ "input": { "file": file } })).await;
            assert_eq!(answer.at("/data"), &Value::Null, "{}", answer.0);
            assert!(answer.text("/errors/0/message").contains(message), "{}", answer.0);
        }
        let null = resident.ask_with(UPLOAD, json!({ "input": { "file": null } })).await;
        assert_eq!(null.error(), "GRAPHQL_VALIDATION_FAILED");
        // And a file is nothing else: a text is none.
        let id = complaint(app).await;
        let input = json!({ "id": id, "text": null, "visibility": "PUBLIC" });
        let answer = resident.act_with("ticketComment", input, &[("text", "a.pdf", PDF)], "ticket { id }").await;
        assert_eq!(answer.error(), "GRAPHQL_VALIDATION_FAILED");
    }

    async fn files_are_taken_from_those_who_are_signed_in_and_say_so(app) {
        let form = || Form::of(UPLOAD, &json!({ "input": { "file": null } }), &[("variables.input.file", "a.pdf", PDF)]);
        let (status, code, message) = refused(&app.nobody(), form()).await;
        assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"));
        assert_eq!(message, "Files are taken from those who are signed in: send the access token in Authorization.");
        let mut forged = app.nobody();
        forged.token = Some("forged".to_owned());
        assert_eq!(refused(&forged, form()).await.0, 401);
        // A page of another origin can make a browser send cookies with a form; they count for nothing here.
        let with_cookie = app.nobody().posts(form().body()).header("cookie", "refresh=x").header("origin", "https://evil.example");
        assert_eq!(sent(with_cookie).await.0, 401);
        assert_eq!(app.blobs(), Vec::<String>::new());
        // A query in a form is a query.
        let form = Form::of("{ viewer { login } }", &json!({}), &[]);
        let answer: Value = app.actor("lin-yi").await.posts(form.body()).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer, json!({ "data": { "viewer": { "login": "lin-yi" } } }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_not_read_to_its_end() {
    let app = App::with(|config| {
        config.files.file_bytes = 10_000;
        config.files.request_bytes = 15_000;
        config.files.memory_bytes = 15_000;
        config.http.body_bytes = 2_000;
    })
    .await;
    let resident = app.actor("lin-yi").await;
    let form = |bytes: usize| {
        Form::of(
            UPLOAD,
            &json!({ "input": { "file": null } }),
            &[("variables.input.file", "a.pdf", &vec![b'x'; bytes])],
        )
    };
    let too_large = |message: &str| (413, "PAYLOAD_TOO_LARGE".to_owned(), message.to_owned());
    // Just right: it is looked at.
    assert_eq!(refused(&resident, form(10_000)).await.0, 200);
    assert_eq!(
        refused(&resident, form(10_001)).await,
        too_large("The part `0` is larger than the 10000 bytes that are taken.")
    );
    let all = too_large("The body is larger than the 15000 bytes that are taken.");
    assert_eq!(refused(&resident, form(15_000)).await, all);
    // In chunks, so that no length is told before.
    let chunks = |bytes: usize| {
        let chunks = form(bytes)
            .body()
            .chunks(1000)
            .map(<[u8]>::to_vec)
            .map(Ok::<_, std::io::Error>)
            .collect::<Vec<_>>();
        reqwest::Body::wrap_stream(futures_util::stream::iter(chunks))
    };
    assert_eq!(sent(resident.posts(chunks(9_000))).await.0, 200);
    assert_eq!(
        sent(resident.posts(chunks(10_500))).await,
        too_large("The part `0` is larger than the 10000 bytes that are taken.")
    );
    let long = Form::default().text("operations", &" ".repeat(2_001));
    assert_eq!(
        refused(&resident, long).await,
        too_large("The part `operations` is larger than the 2000 bytes that are taken.")
    );
    // JSON without files stays as short as ever.
    let json = resident.ask(&"#".repeat(3_000)).await;
    assert_eq!(json.error(), "PAYLOAD_TOO_LARGE");
    assert_eq!(app.blobs(), Vec::<String>::new());
    // What was refused has given its room back.
    resident.upload("a.jpg", &jpeg(10, 10)).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_does_not_come_whole_is_given_up() {
    let app = App::with(|config| config.files.upload_timeout = std::time::Duration::from_millis(200)).await;
    let resident = app.actor("lin-yi").await;
    let start = Form::default().text("operations", &operations()).begun();
    let stream = futures_util::stream::once(async move { Ok::<_, std::io::Error>(start) });
    let stream = futures_util::StreamExt::chain(stream, futures_util::stream::pending());
    let answer = sent(resident.posts(reqwest::Body::wrap_stream(stream))).await;
    assert_eq!(answer, (408, "TIMEOUT".to_owned(), "The files did not come whole within 0.2 s.".to_owned()));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_when_the_room_is_taken_waits_and_is_told() {
    let app = App::with(|config| {
        config.files.file_bytes = 10_000;
        config.files.request_bytes = 20_000;
        config.files.memory_bytes = 20_000;
        config.http.body_timeout = std::time::Duration::from_millis(300);
    })
    .await;
    let resident = app.actor("lin-yi").await;
    // Begins, and does not go on until it is told to.
    let (go_on, waiting) = tokio::sync::oneshot::channel::<()>();
    let whole =
        Form::of(UPLOAD, &json!({ "input": { "file": null } }), &[("variables.input.file", "a.pdf", PDF)]);
    let (begun, rest) = {
        let whole = whole.body();
        let (begun, rest) = whole.split_at(100);
        (begun.to_vec(), rest.to_vec())
    };
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(begun)]);
    let rest = futures_util::stream::once(async move {
        let _ = waiting.await;
        Ok(rest)
    });
    let stream = reqwest::Body::wrap_stream(futures_util::StreamExt::chain(stream, rest));
    let slow = tokio::spawn(sent(resident.posts(stream)));
    // The other finds room as long as the first has not begun.
    let form =
        || Form::of(UPLOAD, &json!({ "input": { "file": null } }), &[("variables.input.file", "b.pdf", PDF)]);
    let told = loop {
        let told = refused(&resident, form()).await;
        if told.0 != 200 {
            break told;
        }
    };
    let message = "Too many files are coming in at the moment; try again.";
    assert_eq!(told, (503, "UNAVAILABLE".to_owned(), message.to_owned()));
    go_on.send(()).unwrap();
    assert_eq!(slow.await.unwrap().0, 200);
    assert_eq!(refused(&resident, form()).await.0, 200);
    app.stop().await;
}
