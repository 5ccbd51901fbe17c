//! One act on a ticket, proved from every side: it works, it is refused to whom it must be, it is not possible
//! everywhere, bad input changes nothing, and who listens is told once.

use serde_json::{Value, json};

use super::play::{At, Play, refusal, unknown};
use crate::support::App;

/// An act that is to be proved. The ticket is 林一's; the assistant owns it once it is assigned.
pub struct Case {
    pub mutation: &'static str,
    pub kind: &'static str,
    /// Where the act begins, who does it, and with what besides the id.
    pub from: At,
    pub by: &'static str,
    pub input: Value,
    /// What is selected of the ticket, and what comes.
    pub fields: &'static str,
    pub gives: Value,
    /// What the feed tells.
    pub told: &'static str,
    /// Who see the ticket and may not do this.
    pub forbidden: &'static [&'static str],
    /// Where `by` could not do it, and what they could do there instead.
    pub illegal: &'static [(At, &'static [&'static str])],
    /// The texts of the input, and whether each must be there.
    pub texts: &'static [(&'static str, bool)],
    /// Other values that are wrong: what is put in, the field and the message.
    pub bad: Vec<(Value, &'static str, &'static str)>,
}

/// These see the ticket and may do nothing.
const ONLY_READ: [&str; 2] = ["quality", "executive"];

/// These do not see it: a neighbour, workers without an order, an assistant of another building, and another
/// community's people.
const BLIND: [&str; 10] = [
    "wang-lin",
    "zhao-yuan",
    "worker",
    "cleaner",
    "assistant2",
    "yunshan-desk",
    "yunshan-supervisor",
    "yunshan-head",
    "personnel",
    "admin",
];

/// Puts fields in the place of those with the same names.
pub fn overlay(input: &mut Value, other: Value) {
    let Value::Object(fields) = other else { panic!("{other} has no fields") };
    input.as_object_mut().unwrap().extend(fields);
}

impl Case {
    pub async fn prove(&self, app: &App) {
        let play = Play::on(app);
        let id = play.at(self.from, self.kind).await;
        self.is_not_possible_elsewhere(&play).await;
        let mut desk = play.screen("desk").await;
        let mut reporter = play.watching("lin-yi", &id).await;
        let before = play.state(&id).await;

        self.is_refused(&play, &id).await;
        self.takes_no_bad_input(&play, &id).await;
        self.meets_a_conflict(&play, &id, &before).await;
        assert_eq!(play.state(&id).await, before, "a refusal has changed something");

        let input = self.with(&id, json!({ "expectedVersion": before["version"] }));
        let payload =
            play.done_with(self.by, self.mutation, input, &format!("ticket {{ {} }}", self.fields)).await;
        assert_eq!(payload["ticket"], self.gives, "{}", self.mutation);
        let after = play.state(&id).await;
        let lines = after["timeline"].as_array().unwrap();
        assert_eq!(lines.len(), before["timeline"].as_array().unwrap().len() + 1);
        assert_eq!(lines.last().unwrap()["act"], self.told);
        // Had a refusal made an event, it would come first.
        assert_eq!(desk.shows(self.told, &id).await, after["revision"]);
        assert_eq!(reporter.shows(self.told, &id).await, after["revision"]);
    }

    /// The input with some of it put otherwise.
    fn with(&self, id: &str, other: Value) -> Value {
        let mut input = self.input.clone();
        input["id"] = id.into();
        overlay(&mut input, other);
        input
    }

    async fn is_refused(&self, play: &Play<'_>, id: &str) {
        for login in self.forbidden.iter().chain(&ONLY_READ) {
            let payload = play.does(login, self.mutation, self.with(id, json!({}))).await;
            assert_eq!(refusal(&payload), "FORBIDDEN", "{login}: {payload}");
            assert_eq!(payload["userErrors"][0]["__typename"], "Forbidden");
        }
        for login in BLIND {
            let payload = play.does(login, self.mutation, self.with(id, json!({}))).await;
            self.is_not_found(&payload, id);
        }
        let payload = play.does("nobody", self.mutation, self.with(id, json!({}))).await;
        assert_eq!(payload["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{payload}");
    }

    fn is_not_found(&self, payload: &Value, id: &str) {
        let expected = json!([{
            "__typename": "NotFound",
            "code": "NOT_FOUND",
            "field": ["input", "id"],
            "message": format!("there is no ticket {id}"),
        }]);
        assert_eq!(payload["userErrors"], expected, "{payload}");
    }

    async fn takes_no_bad_input(&self, play: &Play<'_>, id: &str) {
        let nothing = unknown("ticket");
        let payload = play.does(self.by, self.mutation, self.with(&nothing, json!({}))).await;
        self.is_not_found(&payload, &nothing);
        let unit = play.app.world.a101.clone();
        for (wrong, message) in [
            (unit.as_str(), "this id is of kind \"unit\"; one of kind \"ticket\" is needed here"),
            ("42", "\"42\" is not an id; an id of this kind looks like ticket:"),
        ] {
            let payload = play.does(self.by, self.mutation, self.with(wrong, json!({}))).await;
            self.is_invalid(&payload, "id", message);
        }
        for (text, needed) in self.texts {
            let long = "长".repeat(4001);
            let mut wrong = vec![
                ("一\u{0}二", "the text holds the control character U+0000; remove it"),
                (long.as_str(), "the text has 4001 characters; at most 4000 are kept"),
            ];
            if *needed {
                wrong.push(("", "a text is needed here; this one is empty"));
                wrong.push((" \n　", "a text is needed here; this one is empty"));
            }
            for (value, message) in wrong {
                let payload = play.does(self.by, self.mutation, self.with(id, json!({ *text: value }))).await;
                self.is_invalid(&payload, text, message);
            }
        }
        for (other, field, message) in &self.bad {
            let payload = play.does(self.by, self.mutation, self.with(id, other.clone())).await;
            self.is_invalid(&payload, field, message);
        }
    }

    fn is_invalid(&self, payload: &Value, field: &str, message: &str) {
        assert_eq!(refusal(payload), "INVALID", "{payload}");
        let error = &payload["userErrors"][0];
        let path = ["input"].into_iter().chain(field.split('.')).collect::<Vec<_>>();
        assert_eq!(error["field"], json!(path), "{payload}");
        let told = error["message"].as_str().unwrap();
        assert!(told.starts_with(message), "{}: {told:?} is not {message:?}", self.mutation);
    }

    async fn meets_a_conflict(&self, play: &Play<'_>, id: &str, now: &Value) {
        for stale in [0, now["version"].as_i64().unwrap() + 1] {
            let input = self.with(id, json!({ "expectedVersion": stale }));
            let payload = play.does(self.by, self.mutation, input).await;
            let expected = json!([{
                "__typename": "Conflict",
                "code": "CONFLICT",
                "field": null,
                "message": format!("somebody else has changed it: version {stale} is no longer the present one"),
                "current": { "__typename": "Ticket", "id": id, "version": now["version"], "status": now["status"] },
            }]);
            assert_eq!(payload["userErrors"], expected, "{payload}");
        }
    }

    async fn is_not_possible_elsewhere(&self, play: &Play<'_>) {
        for (at, legal) in self.illegal {
            let id = play.at(*at, self.kind).await;
            let before = play.state(&id).await;
            let payload = play.does(self.by, self.mutation, self.with(&id, json!({}))).await;
            assert_eq!(refusal(&payload), "ILLEGAL_MOVE", "{at:?}: {payload}");
            let error = &payload["userErrors"][0];
            assert_eq!((&error["status"], &error["legal"]), (&before["status"], &json!(legal)), "{at:?}");
            assert_eq!(play.state(&id).await, before, "{at:?}");
        }
    }
}
