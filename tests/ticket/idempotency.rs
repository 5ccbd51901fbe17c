//! What is sent twice is made once.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::play::{At, Play, refusal};
use crate::on_both;

fn leak(app: &crate::support::App, key: &str, words: &str) -> Value {
    json!({ "idempotencyKey": key, "kind": "REPAIR", "unitId": app.world.a101, "description": words })
}

async fn total(play: &Play<'_>) -> Value {
    play.asks("group", "{ tickets { totalCount } }", json!({})).await["tickets"]["totalCount"].clone()
}

on_both! {
    async fn the_same_key_gives_the_same_ticket(app) {
        let play = Play::on(app);
        let mut desk = play.screen("desk").await;
        let first = play.file("lin-yi", leak(app, "draft-1", "漏水")).await;
        let again = play.file("lin-yi", leak(app, "draft-1", "漏水")).await;
        assert_eq!(first, again);
        // The key is another's, or another mutation's, or another key.
        let other = play.file("lin-er", leak(app, "draft-1", "漏水")).await;
        let next = play.file("lin-yi", leak(app, "draft-2", "漏水")).await;
        assert_eq!(total(&play).await, json!(3));
        for id in [&first, &other, &next] {
            desk.shows("FILE", id).await;
        }
    }

    async fn a_key_is_not_for_another_input(app) {
        let play = Play::on(app);
        play.file("lin-yi", leak(app, "draft-1", "漏水")).await;
        let payload = play.does("lin-yi", "ticketFile", leak(app, "draft-1", "停电")).await;
        assert_eq!(
            payload["userErrors"],
            json!([{
                "__typename": "KeyReused",
                "code": "KEY_REUSED",
                "field": ["input", "idempotencyKey"],
                "message": "the idempotency key \"draft-1\" was used before with another input; use a new key",
            }])
        );
        assert_eq!(total(&play).await, json!(1));
        for (key, message) in [
            ("一\u{0}".to_owned(), "the text holds the control character U+0000; remove it"),
            ("k".repeat(201), "the text has 201 characters; at most 200 are kept"),
        ] {
            let payload = play.does("lin-yi", "ticketFile", leak(app, &key, "漏水")).await;
            assert_eq!(payload["userErrors"][0]["message"], message);
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "idempotencyKey"]));
        }
    }

    async fn what_was_refused_uses_up_no_key(app) {
        let play = Play::on(app);
        assert_eq!(refusal(&play.does("lin-yi", "ticketFile", leak(app, "draft-1", " ")).await), "INVALID");
        play.file("lin-yi", leak(app, "draft-1", "漏水")).await;
    }

    async fn sixteen_at_once_make_one_ticket(app) {
        let play = Play::on(app);
        play.actor("lin-yi").await;
        let mut desk = play.screen("desk").await;
        let filed = join_all((0..16).map(|_| play.file("lin-yi", leak(app, "draft-1", "漏水")))).await;
        assert!(filed.iter().all(|id| *id == filed[0]), "{filed:?}");
        assert_eq!(total(&play).await, json!(1));
        let last = play.raise("REPAIR").await;
        desk.shows("FILE", &filed[0]).await;
        desk.shows("FILE", &last).await;
    }

    async fn a_work_order_is_dispatched_once(app) {
        let play = Play::on(app);
        let id = play.at(At::Assigned, "REPAIR").await;
        let input = json!({ "id": id, "teamId": app.world.engineering, "task": "换水管", "idempotencyKey": "order-1" });
        let first = play.done_with("desk", "workOrderDispatch", input.clone(), "workOrder { id }").await;
        let again = play.done_with("desk", "workOrderDispatch", input.clone(), "workOrder { id }").await;
        assert_eq!(first, again);
        let mut other = input;
        other["task"] = json!("换阀门");
        assert_eq!(refusal(&play.does("desk", "workOrderDispatch", other).await), "KEY_REUSED");
        assert_eq!(play.state(&id).await["workOrders"].as_array().unwrap().len(), 1);
    }
}
