//! Somebody who speaks GraphQL to the gateway.

use serde_json::{Value, json};

/// Somebody, signed in or not.
#[derive(Clone)]
pub struct Actor {
    pub url: String,
    pub(super) client: reqwest::Client,
    pub token: Option<String>,
}

/// What the gateway answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer(pub Value);

impl Actor {
    pub fn nobody(url: &str, client: &reqwest::Client) -> Self {
        Self { url: url.to_owned(), client: client.clone(), token: None }
    }

    pub async fn sign_in(url: &str, client: &reqwest::Client, login: &str, password: &str) -> Self {
        let mut actor = Self::nobody(url, client);
        let query = "mutation($login: String!, $password: String!) {
            sessionCreate(input: { login: $login, password: $password }) { tokens { accessToken } userErrors { message } }
        }";
        let answer = actor.ask_with(query, json!({ "login": login, "password": password })).await;
        let token = answer.at("/data/sessionCreate/tokens/accessToken");
        actor.token = Some(token.as_str().unwrap_or_else(|| panic!("{login}: {answer:?}")).to_owned());
        actor
    }

    /// The same person at another gateway.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub async fn ask(&self, query: &str) -> Answer {
        self.ask_with(query, json!({})).await
    }

    pub async fn ask_with(&self, query: &str, variables: Value) -> Answer {
        let mut request = self.client.post(format!("{}/graphql", self.url)).json(&json!({
            "query": query,
            "variables": variables,
        }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Answer(request.send().await.unwrap().json().await.unwrap())
    }

    /// Does a mutation `name` with `input`, selecting `fields` and the user errors, and gives its payload.
    pub async fn act(&self, name: &str, input: Value, fields: &str) -> Answer {
        let mut letters = name.chars();
        let first = letters.next().unwrap().to_uppercase();
        let kind = format!("{first}{}Input", letters.as_str());
        self.act_as(name, &kind, input, fields).await
    }

    /// Like [`Actor::act`], for a mutation whose input type is shared.
    pub async fn act_as(&self, name: &str, kind: &str, input: Value, fields: &str) -> Answer {
        let query = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} userErrors {{ __typename code field message }} }} }}"
        );
        let answer = self.ask_with(&query, json!({ "input": input })).await;
        match answer.0.pointer(&format!("/data/{name}")) {
            Some(payload) if !payload.is_null() => Answer(payload.clone()),
            _ => answer,
        }
    }
}

impl Answer {
    /// The value at a JSON pointer; null when there is none.
    pub fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer.
    pub fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", self.0)).to_owned()
    }

    /// The payload, which must carry no user error.
    pub fn done(self) -> Self {
        assert_eq!(self.at("/userErrors"), &json!([]), "{}", self.0);
        self
    }

    /// The code of the only user error.
    pub fn refusal(&self) -> &str {
        assert_eq!(self.at("/userErrors").as_array().map(Vec::len), Some(1), "{}", self.0);
        self.at("/userErrors/0/code").as_str().unwrap()
    }

    /// The code of the first top-level error.
    pub fn error(&self) -> &str {
        self.at("/errors/0/extensions/code").as_str().unwrap_or_else(|| panic!("no error: {}", self.0))
    }
}
