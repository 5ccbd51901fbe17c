use serde_json::{Value, json};

use super::{Person, erase_occupant};
use crate::on_both;
use crate::support::world::PASSWORD;
use crate::support::{Actor, Answer};

const SHOWN: &str = "privacyRequest { id kind state reason version export }";

async fn ask(actor: &Actor, kind: &str, password: &str) -> Answer {
    actor.act("privacyRequest", json!({ "kind": kind, "password": password }), SHOWN).await
}

on_both! {
    async fn a_resident_asks_for_their_data_and_fetches_them(app) {
        let person = Person::settle(app).await;
        let actor = &person.actor;
        for password in ["", "not this one"] {
            let refused = ask(actor, "EXPORT", password).await;
            assert_eq!((refused.refusal(), refused.at("/userErrors/0/field")), ("INVALID", &json!(["input", "password"])));
        }
        let asked = ask(actor, "EXPORT", "zyx-password-1").await.done();
        assert_eq!((asked.at("/privacyRequest/state"), asked.at("/privacyRequest/export")), (&json!("REQUESTED"), &Value::Null));
        assert_eq!(ask(actor, "EXPORT", "zyx-password-1").await.refusal(), "DUPLICATE");
        let id = asked.text("/privacyRequest/id");
        let fulfil = json!({ "id": id, "expectedVersion": 1 });
        assert_eq!(actor.act("privacyRequestFulfil", fulfil.clone(), "").await.refusal(), "FORBIDDEN");
        assert_eq!(app.actor("head").await.act("privacyRequestFulfil", fulfil.clone(), "").await.refusal(), "NOT_FOUND");
        let admin = app.actor("admin").await;
        let open = admin.ask("{ privacyRequests(filter: { states: [REQUESTED] }) { totalCount nodes { id kind occupant { name } } } }").await;
        assert_eq!(open.at("/data/privacyRequests"), &json!({ "totalCount": 1, "nodes": [{ "id": id, "kind": "EXPORT", "occupant": { "name": "Zyxwanda 张" } }] }));
        let stale = json!({ "id": id, "expectedVersion": 7 });
        assert_eq!(admin.act("privacyRequestFulfil", stale, "").await.refusal(), "CONFLICT");
        let done = admin.act("privacyRequestFulfil", fulfil.clone(), SHOWN).await.done();
        assert_eq!((done.at("/privacyRequest/state"), done.at("/privacyRequest/export")), (&json!("DONE"), &Value::Null));
        assert_eq!(admin.act("privacyRequestFulfil", json!({ "id": id }), "").await.refusal(), "INVALID");

        let own = "{ privacyRequests(filter: { kinds: [EXPORT] }) { nodes { state export } } }";
        let fetched = actor.ask(own).await;
        let export = fetched.at("/data/privacyRequests/nodes/0/export");
        assert_eq!(export["occupant"]["name"], "Zyxwanda 张");
        assert_eq!(export["accounts"][0]["login"], "zyx-login");
        let told = admin.ask("{ auditTrail(filter: { actions: [PERSONAL_DATA_EXPORTED] }) { nodes { subjects accountId } } }").await;
        assert_eq!(told.at("/data/auditTrail/nodes"), &json!([{ "subjects": [person.id], "accountId": person.account }]));
        app.advance(chrono::TimeDelta::days(14));
        let later = app.actor_with("zyx-login", "zyx-password-1").await.ask(own).await;
        assert_eq!(later.at("/data/privacyRequests/nodes/0"), &json!({ "state": "DONE", "export": null }));
    }

    async fn an_erasure_is_refused_with_words_and_granted_when_they_have_left(app) {
        let person = Person::settle(app).await;
        // What is asked for later stands later in the list.
        app.advance(chrono::TimeDelta::seconds(1));
        let admin = app.actor("admin").await;
        let asked = ask(&person.actor, "ERASE", "zyx-password-1").await.done();
        let id = asked.text("/privacyRequest/id");
        let refused = admin.act("privacyRequestFulfil", json!({ "id": id }), "").await;
        assert_eq!(refused.refusal(), "INVALID");
        assert!(refused.text("/userErrors/0/message").starts_with("they live or work in a unit still"));
        assert_eq!(admin.act("privacyRequestRefuse", json!({ "id": id, "reason": " " }), "").await.refusal(), "INVALID");
        let refuse = json!({ "id": id, "reason": "您还住在这里" });
        admin.act("privacyRequestRefuse", refuse, "").await.done();
        let own = person.actor.ask("{ privacyRequests(orderBy: CREATED_ASC) { nodes { state reason } } }").await;
        assert_eq!(own.at("/data/privacyRequests/nodes/1"), &json!({ "state": "REFUSED", "reason": "您还住在这里" }));

        person.leave(app).await;
        let actor = app.actor_with("zyx-login", "zyx-password-1").await;
        let again = ask(&actor, "ERASE", "zyx-password-1").await.done().text("/privacyRequest/id");
        let done = app.actor("admin").await.act("privacyRequestFulfil", json!({ "id": again }), SHOWN).await.done();
        assert_eq!(done.at("/privacyRequest/state"), "DONE");
        assert_eq!(actor.ask("{ viewer { login } }").await.error(), "UNAUTHENTICATED");
        assert!(app.folder().join("erasures.jsonl").exists());
    }

    async fn an_erasure_at_the_command_line_decides_what_waits(app) {
        let person = Person::settle(app).await;
        person.leave(app).await;
        let actor = app.actor_with("zyx-login", "zyx-password-1").await;
        for kind in ["EXPORT", "ERASE"] {
            ask(&actor, kind, "zyx-password-1").await.done();
        }
        erase_occupant(app, &person.id, false).await.unwrap();
        let admin = app.actor("admin").await;
        let all = "{ privacyRequests(orderBy: CREATED_ASC) { nodes { kind state reason decidedAt } } }";
        let all = admin.ask(all).await;
        let mut decided = all.at("/data/privacyRequests/nodes").as_array().unwrap().clone();
        decided.retain(|request| request["decidedAt"].as_str().unwrap().starts_with("2026-11-24"));
        decided.sort_by_key(|request| request["kind"].to_string());
        let shown = decided.iter().map(|request| (&request["kind"], &request["state"])).collect::<Vec<_>>();
        assert_eq!(shown, [(&json!("ERASE"), &json!("DONE")), (&json!("EXPORT"), &json!("REFUSED"))]);
        let told = "{ auditTrail(filter: { actions: [PRIVACY_GRANTED, PRIVACY_REFUSED], subjectId: $ }) { totalCount } }";
        let told = admin.ask(&told.replace('$', &format!("\"{}\"", person.id))).await;
        assert_eq!(told.at("/data/auditTrail/totalCount"), 3, "the one of before, and these two");
    }

    async fn a_request_sent_twice_is_made_once_and_staff_ask_elsewhere(app) {
        let resident = app.actor("lin-yi").await;
        let input = json!({ "kind": "EXPORT", "password": PASSWORD, "idempotencyKey": "once" });
        let first = resident.act("privacyRequest", input.clone(), "privacyRequest { id }").await.done();
        let second = resident.act("privacyRequest", input, "privacyRequest { id }").await.done();
        assert_eq!(first.at("/privacyRequest/id"), second.at("/privacyRequest/id"));
        assert_eq!(ask(&app.actor("desk").await, "EXPORT", PASSWORD).await.refusal(), "FORBIDDEN");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let id = json!({ "id": first.text("/privacyRequest/id") });
        assert_eq!(app.actor("lin-er").await.ask_with(node, id.clone()).await.at("/data/node"), &Value::Null);
        assert_eq!(app.actor("admin").await.ask_with(node, id.clone()).await.at("/data/node"), &id);
    }
}
