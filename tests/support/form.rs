//! Requests with files, written by hand, so that a test can write them wrongly too.

use reqwest::Body;
use serde_json::{Value, json};

use super::{Actor, Answer};

const BOUNDARY: &str = "a-boundary-that-no-file-has";

/// A `multipart/form-data` body.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<u8>);

impl Form {
    /// A text part.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.part(&format!("name=\"{name}\""), text.as_bytes())
    }

    /// A file part.
    pub fn file(self, name: &str, file_name: &str, content: &[u8]) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"{file_name}\""), content)
    }

    fn part(mut self, disposition: &str, content: &[u8]) -> Self {
        self.0.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
        self.0.extend_from_slice(format!("Content-Disposition: form-data; {disposition}\r\n\r\n").as_bytes());
        self.0.extend_from_slice(content);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// The parts so far, without the end.
    pub fn begun(self) -> Vec<u8> {
        self.0
    }

    pub fn body(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }

    /// As the specification has it: the operation, where each file belongs, the files.
    pub fn of(query: &str, variables: &Value, files: &[(&str, &str, &[u8])]) -> Self {
        let paths = files.iter().enumerate().map(|(place, (path, ..))| (place.to_string(), json!([path])));
        let map = Value::Object(paths.collect());
        let operations = json!({ "query": query, "variables": variables });
        let form = Self::default().text("operations", &operations.to_string()).text("map", &map.to_string());
        let numbered = files.iter().enumerate();
        numbered.fold(form, |form, (place, (_, name, content))| form.file(&place.to_string(), name, content))
    }
}

impl Actor {
    /// A POST of a form, to be sent.
    pub fn posts(&self, body: impl Into<Body>) -> reqwest::RequestBuilder {
        let request = self
            .client
            .post(format!("{}/graphql", self.url))
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(body);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Does a mutation with files, each at its path in the input, and gives its payload.
    pub async fn act_with(
        &self,
        name: &str,
        input: Value,
        files: &[(&str, &str, &[u8])],
        fields: &str,
    ) -> Answer {
        let mut letters = name.chars();
        let first = letters.next().unwrap().to_uppercase();
        let query = format!(
            "mutation($input: {first}{}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ __typename code field message }} }} }}",
            letters.as_str()
        );
        let paths: Vec<_> = files.iter().map(|(path, ..)| format!("variables.input.{path}")).collect();
        let files: Vec<_> = files
            .iter()
            .zip(&paths)
            .map(|((_, name, content), path)| (path.as_str(), *name, *content))
            .collect();
        let form = Form::of(&query, &json!({ "input": input }), &files);
        let answer: Value = self.posts(form.body()).send().await.unwrap().json().await.unwrap();
        match answer.pointer(&format!("/data/{name}")) {
            Some(payload) if !payload.is_null() => Answer(payload.clone()),
            _ => Answer(answer),
        }
    }

    /// Uploads a file and gives the attachment's id.
    pub async fn upload(&self, name: &str, content: &[u8]) -> String {
        let input = json!({ "file": null });
        let done =
            self.act_with("attachmentUpload", input, &[("file", name, content)], "attachment { id }").await;
        done.done().text("/attachment/id")
    }

    /// What is behind a link: status, headers and bytes. No token is sent.
    pub async fn fetch(&self, link: &str) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
        let response = self.client.get(format!("{}{link}", self.url)).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.bytes().await.unwrap().to_vec())
    }
}
