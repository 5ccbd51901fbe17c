//! The clients that frontends use, npm's `graphql-ws`, `graphql-sse` and `@apollo/client`, in their own hands.

use serde_json::{Value, json};

use crate::feed::{UPDATE, act, file, in_short};
use crate::on_both;
use crate::support::node::Node;
use crate::support::relay::Relay;
use crate::support::{Actor, App};

const TRANSPORTS: [&str; 2] = ["ws", "sse"];

/// A client of one transport; `None` where there is no node.
struct Client(Node);

impl Client {
    fn of(transport: &str, url: &str, token: Option<&str>, options: &Value) -> Option<Self> {
        let arguments = [transport, url, token.unwrap_or_default(), &options.to_string()];
        Some(Self(Node::run("client.mjs", &arguments)?))
    }

    fn by(transport: &str, actor: &Actor) -> Option<Self> {
        Self::of(transport, &actor.url, actor.token.as_deref(), &json!({}))
    }

    fn ask(&mut self, id: &str, query: &str) {
        self.0.say(&json!({ "id": id, "query": query }).to_string());
    }

    fn feed(&mut self) {
        let query = format!("subscription($after: String) {{ complaintFeed(after: $after) {{ {UPDATE} }} }}");
        self.ask("feed", &query);
    }

    fn token(&mut self, actor: &Actor) {
        self.0.say(&json!({ "token": actor.token }).to_string());
    }

    /// What it tells next of its operations.
    async fn told(&mut self) -> Value {
        loop {
            let told = self.0.told().await;
            if told.get("id").is_some() {
                return told;
            }
        }
    }

    /// The next update on a ticket, in short.
    async fn ticket(&mut self) -> String {
        loop {
            let told = self.told().await;
            let update = &told["next"]["data"]["complaintFeed"];
            assert!(update.is_object(), "{told}");
            match in_short(update) {
                passing if passing == "caught up" => {}
                ticket => return ticket,
            }
        }
    }

    /// The next update of all, which must be the end of a replay.
    async fn caught_up(&mut self) {
        let told = self.told().await;
        assert_eq!(in_short(&told["next"]["data"]["complaintFeed"]), "caught up", "{told}");
    }

    /// Waits until it tells how its connection was closed.
    async fn closed(&mut self) -> Value {
        loop {
            let told = self.0.told().await;
            if let Some(code) = told.get("closed") {
                return code.clone();
            }
        }
    }
}

on_both! {
    async fn queries_mutations_and_what_is_not_valid(app) {
        for transport in TRANSPORTS {
            let desk = app.actor("desk").await;
            let Some(mut client) = Client::by(transport, &desk) else { return };
            client.ask("query", "{ viewer { login } }");
            assert_eq!(client.told().await, json!({ "id": "query", "next": { "data": { "viewer": { "login": "desk" } } } }));
            assert_eq!(client.told().await, json!({ "id": "query", "complete": true }));

            let input = format!(
                "{{ kind: COMPLAINT, unitId: {}, description: \"楼上太吵\" }}", json!(app.world.a101)
            );
            client.ask("act", &format!("mutation {{ ticketFile(input: {input}) {{ ticket {{ status }} }} }}"));
            let filed = json!({ "data": { "ticketFile": { "ticket": { "status": "NEW" } } } });
            assert_eq!(client.told().await, json!({ "id": "act", "next": filed }));
            assert_eq!(client.told().await, json!({ "id": "act", "complete": true }));

            client.ask("wrong", "{ noSuchField }");
            let told = client.told().await;
            let errors = if transport == "ws" { &told["error"] } else { &told["next"]["errors"] };
            assert_eq!(errors[0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{told}");
        }
    }

    async fn who_was_cut_off_goes_on_where_they_were(app) {
        for transport in TRANSPORTS {
            let desk = app.actor("desk").await;
            let relay = Relay::to(&app.url).await;
            let Some(mut client) = Client::by(transport, &desk.at(&relay.url)) else { return };
            client.feed();
            client.caught_up().await;
            let mut expected = Vec::new();
            for _ in 0..3 {
                let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
                expected.push(format!("FILE {}", ticket.number));
                relay.cut();
                act(&desk, "ticketAcknowledge", &ticket).await;
                expected.push(format!("ACKNOWLEDGE {}", ticket.number));
            }
            for expected in expected {
                assert_eq!(client.ticket().await, expected, "{transport}");
            }
        }
    }

    async fn a_session_that_ends_is_gone_on_with_by_the_next_token(app) {
        for transport in TRANSPORTS {
            let (desk, again) = (app.actor("desk").await, app.actor("desk").await);
            let Some(mut client) = Client::by(transport, &desk) else { return };
            client.feed();
            client.caught_up().await;
            desk.act("sessionEnd", json!({}), "done").await.done();
            let ticket = file(&again, "COMPLAINT", ("unitId", &app.world.a101)).await;
            client.token(&again);
            assert_eq!(client.ticket().await, format!("FILE {}", ticket.number), "{transport}");
        }
    }
}

on_both! {
    async fn apollo_s_client_is_told_by_multipart(app) {
        let desk = app.actor("desk").await;
        let Some(mut client) = Client::by("apollo", &desk) else { return };
        client.ask("query", "{ serverTime }");
        assert_eq!(client.told().await["next"]["data"]["serverTime"], "2026-11-23T02:00:00.000000Z");
        assert_eq!(client.told().await, json!({ "id": "query", "complete": true }));

        client.ask("wrong", "subscription { noSuchField }");
        let errors = client.told().await["next"]["error"]["errors"].take();
        assert_eq!(errors[0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{errors}");
        assert_eq!(client.told().await, json!({ "id": "wrong", "complete": true }));

        client.feed();
        client.caught_up().await;
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(client.ticket().await, format!("FILE {}", ticket.number));

        desk.act("sessionEnd", json!({}), "done").await.done();
        let cut = client.told().await["next"]["error"].take();
        assert_eq!(cut["name"], "CombinedProtocolErrors", "{cut}");
        assert_eq!(cut["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{cut}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_good_is_tried_again_with_the_next() {
    let app = App::with(|_| {}).await;
    let desk = app.actor("desk").await;
    for transport in TRANSPORTS {
        let Some(mut client) = Client::of(transport, &app.url, Some("wrong"), &json!({})) else { return };
        client.ask("query", "{ viewer { login } }");
        if transport == "ws" {
            assert_eq!(client.closed().await, 4403);
            assert_eq!(client.closed().await, 4403, "it is not fatal");
        }
        client.token(&desk);
        assert_eq!(client.told().await["next"]["data"]["viewer"]["login"], "desk");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_subscription_is_stopped_alone() {
    let app = App::with(|_| {}).await;
    let desk = app.actor("desk").await;
    for transport in TRANSPORTS {
        let Some(mut client) = Client::by(transport, &desk) else { return };
        client.feed();
        client.caught_up().await;
        client.ask("figures", "subscription { deskChanged { unassigned } }");
        assert_eq!(client.told().await["id"], "figures");
        client.0.say(r#"{ "stop": "figures" }"#);
        assert_eq!(client.told().await, json!({ "id": "figures", "complete": true }));
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(client.ticket().await, format!("FILE {}", ticket.number));
    }
    app.stop().await;
}

#[tokio::test]
async fn a_lazy_socket_comes_and_goes_with_its_operations_and_another_stays() {
    let app = App::with(|_| {}).await;
    let Some(mut lazy) = Client::of("ws", &app.url, None, &json!({ "lazy": true })) else { return };
    for _ in 0..2 {
        lazy.ask("query", "{ __typename }");
        lazy.0.expect(json!({ "connected": true })).await;
        lazy.0.expect(json!({ "id": "query", "next": { "data": { "__typename": "Query" } } })).await;
        lazy.0.expect(json!({ "id": "query", "complete": true })).await;
        lazy.0.expect(json!({ "closed": 1000 })).await;
    }
    let Some(mut eager) = Client::of("ws", &app.url, None, &json!({ "lazy": false })) else { return };
    eager.0.expect(json!({ "connected": true })).await;
    for _ in 0..2 {
        eager.ask("query", "{ __typename }");
        eager.0.expect(json!({ "id": "query", "next": { "data": { "__typename": "Query" } } })).await;
        eager.0.expect(json!({ "id": "query", "complete": true })).await;
    }
    app.running.begin_stop();
    eager.0.expect(json!({ "closed": 1001 })).await;
    app.stop().await;
}

#[tokio::test]
async fn pings_of_the_client_are_answered() {
    let app = App::with(|_| {}).await;
    let options = json!({ "lazy": false, "keepAlive": 20 });
    let Some(mut client) = Client::of("ws", &app.url, None, &options) else { return };
    client.0.expect(json!({ "connected": true })).await;
    for _ in 0..3 {
        client.0.expect(json!({ "pong": true })).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn who_says_too_much_is_told_for_good() {
    let app = App::with(|config| config.http.ws_messages_per_second = 1).await;
    let Some(mut client) = Client::of("ws", &app.url, None, &json!({ "lazy": false })) else { return };
    client.0.expect(json!({ "connected": true })).await;
    for id in 0..20 {
        client.ask(&format!("query {id}"), "{ __typename }");
    }
    // It says why and does not come again.
    loop {
        let told = client.0.told().await;
        assert_ne!(told, json!({ "connected": true }));
        if told == json!({ "error": 1008 }) {
            break;
        }
    }
    app.stop().await;
}
