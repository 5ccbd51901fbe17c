//! Pressing for a ticket, bringing it up, and writing about it.

use serde_json::json;

use super::case::Case;
use super::play::{At, Play, refusal};
use crate::on_both;

const START: &str = "2026-11-23T02:00:00.000000Z";

on_both! {
    async fn hurry(app) {
        Case {
            mutation: "ticketHurry",
            kind: "REPAIR",
            from: At::Assigned,
            by: "lin-yi",
            input: json!({ "text": "快一点" }),
            fields: "status version",
            gives: json!({ "status": "ASSIGNED", "version": 3 }),
            told: "HURRY",
            forbidden: &["lin-er", "assistant", "supervisor", "manager", "head", "group"],
            illegal: &[(At::Resolved, &["CONFIRM", "REOPEN", "RATE", "COMMENT"]), (At::Cancelled, &["COMMENT"])],
            texts: &[("text", false)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn who_hurries_for_the_reporter_does_not_answer_them(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        play.done("desk", "ticketHurry", json!({ "id": id, "text": "又打电话来了" })).await;
        assert_eq!(play.sees("desk", &id, "respondedAt").await, json!({ "respondedAt": null }));
    }

    async fn escalate(app) {
        Case {
            mutation: "ticketEscalate",
            kind: "REPAIR",
            from: At::Assigned,
            by: "assistant",
            input: json!({ "reason": "超出权限" }),
            fields: "status version escalationLevel",
            gives: json!({ "status": "ASSIGNED", "version": 3, "escalationLevel": 1 }),
            told: "ESCALATE",
            forbidden: &["lin-yi", "lin-er", "group"],
            illegal: &[(At::Resolved, &["COMMENT"]), (At::Merged, &[])],
            texts: &[("reason", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn every_level_gives_its_receipt(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        let receipt = json!({ "id": id });
        for login in ["supervisor", "manager", "head", "group", "desk", "lin-yi"] {
            assert_eq!(refusal(&play.does(login, "ticketReceipt", receipt.clone()).await), "FORBIDDEN", "{login}");
        }
        let up = json!({ "id": id, "reason": "没人管" });
        let line = ["supervisor", "manager", "head", "group"];
        for (level, login) in line.iter().enumerate() {
            play.done("desk", "ticketEscalate", up.clone()).await;
            let mut screen = play.screen("desk").await;
            let payload =
                play.done_with(login, "ticketReceipt", receipt.clone(), "ticket { status escalationLevel }").await;
            assert_eq!(payload["ticket"], json!({ "status": "NEW", "escalationLevel": level + 1 }));
            screen.shows("RECEIPT", &id).await;
            for above in &line[level + 1..] {
                assert_eq!(refusal(&play.does(above, "ticketReceipt", receipt.clone()).await), "FORBIDDEN");
            }
        }
        let payload = play.does("desk", "ticketEscalate", up).await;
        assert_eq!(refusal(&payload), "ILLEGAL_MOVE");
        assert_eq!(refusal(&play.does("yunshan-supervisor", "ticketReceipt", receipt.clone()).await), "NOT_FOUND");
        // What has come to the group is the group's to handle.
        play.done("group", "ticketTakeOver", receipt).await;
    }

    async fn mark_major(app) {
        Case {
            mutation: "ticketMarkMajor",
            kind: "COMPLAINT",
            from: At::New,
            by: "supervisor",
            input: json!({ "reason": "媒体关注" }),
            fields: "status version escalationLevel majorAt respondedAt",
            gives: json!({ "status": "NEW", "version": 2, "escalationLevel": 2, "majorAt": START, "respondedAt": null }),
            told: "MARK_MAJOR",
            forbidden: &["lin-yi", "desk", "assistant"],
            illegal: &[(At::Resolved, &["REOPEN", "COMMENT"]), (At::Cancelled, &["COMMENT"])],
            texts: &[("reason", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn dispose(app) {
        Case {
            mutation: "ticketDispose",
            kind: "COMPLAINT",
            from: At::New,
            by: "manager",
            input: json!({ "disposition": "已停梯并派人值守" }),
            fields: "status version respondedAt",
            gives: json!({ "status": "NEW", "version": 2, "respondedAt": START }),
            told: "DISPOSE",
            forbidden: &["lin-yi", "desk", "assistant"],
            illegal: &[(At::Resolved, &["REOPEN", "COMMENT"])],
            texts: &[("disposition", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn comment(app) {
        Case {
            mutation: "ticketComment",
            kind: "REPAIR",
            from: At::New,
            by: "desk",
            input: json!({ "text": "师傅下午到", "visibility": "PUBLIC" }),
            fields: "status version revision respondedAt",
            gives: json!({ "status": "NEW", "version": 1, "revision": 2, "respondedAt": START }),
            told: "COMMENT",
            forbidden: &["lin-er"],
            illegal: &[(At::Merged, &[])],
            texts: &[("text", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn only_a_public_line_of_staff_is_a_response(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        let line = |visibility| json!({ "id": id, "text": "看一下", "visibility": visibility });
        play.done("desk", "ticketComment", line("INTERNAL")).await;
        play.done("lin-yi", "ticketComment", line("PUBLIC")).await;
        assert_eq!(play.sees("desk", &id, "respondedAt").await, json!({ "respondedAt": null }));
        play.done("assistant", "ticketComment", line("PUBLIC")).await;
        assert_eq!(play.sees("desk", &id, "respondedAt").await, json!({ "respondedAt": START }));
    }

    async fn a_resident_writes_nothing_internal(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        let payload =
            play.does("lin-yi", "ticketComment", json!({ "id": id, "text": "嘘", "visibility": "INTERNAL" })).await;
        assert_eq!(refusal(&payload), "FORBIDDEN");
        assert_eq!(payload["userErrors"][0]["message"], "only staff can write INTERNAL comments");
        assert_eq!(play.sees("desk", &id, "revision").await, json!({ "revision": 1 }));
    }

    async fn who_comments_on_what_is_resolved_is_asked_whether_to_reopen_it(app) {
        let play = Play::on(app);
        let (open, id) = (play.raise("REPAIR").await, play.at(At::Resolved, "REPAIR").await);
        for (login, id, text, asks) in [
            ("lin-yi", &open, "还在漏水", false),
            ("lin-yi", &id, "谢谢", false),
            ("lin-yi", &id, "还在漏水", true),
            ("desk", &id, "已电话确认", false),
        ] {
            let input = json!({ "id": id, "text": text, "visibility": "PUBLIC" });
            let payload = play.done_with(login, "ticketComment", input, "asksToReopen ticket { id }").await;
            assert_eq!(payload["asksToReopen"], asks, "{text}");
        }
        assert_eq!(play.sees("desk", &id, "status").await, json!({ "status": "RESOLVED" }));
    }
}
