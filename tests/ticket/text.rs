//! Texts that are far too long.

use serde_json::json;

use super::play::Play;
use crate::on_both;

on_both! {
    async fn a_megabyte_is_refused_by_the_wire(app) {
        let play = Play::on(app);
        let actor = play.actor("lin-yi").await;
        let query = "mutation($input: TicketFileInput!) { ticketFile(input: $input) { ticket { id } userErrors { message } } }";
        let input = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "水".repeat(350_000) });
        // The server hangs up on who sends too much: the connection is nobody else's.
        let answer = reqwest::Client::new()
            .post(format!("{}/graphql", app.url))
            .bearer_auth(actor.token.as_deref().unwrap())
            .json(&json!({ "query": query, "variables": { "input": input } }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 413);
        let total = play.asks("group", "{ tickets { totalCount } }", json!({})).await;
        assert_eq!(total, json!({ "tickets": { "totalCount": 0 } }));
    }

    async fn what_the_wire_takes_is_counted_in_characters(app) {
        let play = Play::on(app);
        let file = |words: String| json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": words });
        let payload = play.does("lin-yi", "ticketFile", file("水".repeat(80_000))).await;
        assert_eq!(
            payload["userErrors"][0]["message"],
            "the text has 80000 characters; at most 4000 are kept"
        );
        let longest = "水".repeat(4_000);
        let id = play.file("lin-yi", file(longest.clone())).await;
        assert_eq!(play.sees("desk", &id, "description").await, json!({ "description": longest }));
    }
}
