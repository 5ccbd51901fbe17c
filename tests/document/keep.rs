use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn what_is_said_of_it_changes_and_the_slower_hears_of_it(app) {
        let supervisor = app.actor("supervisor").await;
        let (id, _) = filed(app, "assistant", "NORMAL").await;
        let change = json!({ "id": id, "expectedVersion": 1, "category": "OTHER", "confidentiality": "CONFIDENTIAL",
            "title": "租约", "datedOn": "2021-01-01", "note": "复印件" });
        let fields = "category confidentiality title datedOn note version";
        let done = supervisor.act("documentUpdate", change.clone(), &format!("document {{ {fields} }}")).await.done();
        let now = json!({ "category": "OTHER", "confidentiality": "CONFIDENTIAL", "title": "租约", "datedOn": "2021-01-01",
            "note": "复印件", "version": 2 });
        assert_eq!(done.at("/document"), &now);
        let query = "mutation($input: DocumentUpdateInput!) { documentUpdate(input: $input) {
            userErrors { code ... on Conflict { current { ... on Document { title version } } } } } }";
        let late = supervisor.ask_with(query, json!({ "input": change })).await;
        assert_eq!(late.at("/data/documentUpdate/userErrors"),
            &json!([{ "code": "CONFLICT", "current": { "title": "租约", "version": 2 } }]));
        let emptied = supervisor.act("documentUpdate", json!({ "id": id, "datedOn": null, "note": null }), "document { datedOn note }");
        assert_eq!(emptied.await.done().at("/document"), &json!({ "datedOn": null, "note": null }));
        for (change, code, message) in [
            (json!({ "title": "" }), "INVALID", "a text is needed here; this one is empty"),
            (json!({ "confidentiality": "SECRET" }), "FORBIDDEN", "you could not read it yourself, were it SECRET; "),
        ] {
            let refused = supervisor.act("documentUpdate", with(&json!({ "id": id }), change), "").await;
            assert_eq!(refused.refusal(), code);
            assert!(refused.text("/userErrors/0/message").starts_with(message), "{}", refused.0);
        }
    }

    async fn a_withdrawn_document_keeps_its_line_and_loses_its_content(app) {
        let assistant = app.actor("assistant").await;
        let (id, file) = filed(app, "assistant", "NORMAL").await;
        let open = link(&assistant, &id).await;
        let stale = assistant.act("documentWithdraw", json!({ "id": id, "expectedVersion": 7 }), "").await;
        assert_eq!(stale.refusal(), "CONFLICT");
        let fields = "document { title withdrawnAt version files { status url fileName } }";
        let done = assistant.act("documentWithdraw", json!({ "id": id, "expectedVersion": 1 }), fields).await.done();
        assert_eq!(done.at("/document"), &json!({
            "title": "购房合同", "withdrawnAt": "2026-11-23T02:00:00.000000Z", "version": 2,
            "files": [{ "status": "REDACTED", "url": null, "fileName": null }],
        }));
        assert_eq!(assistant.fetch(&open).await.0, 410);
        assert_eq!(app.blobs().len(), 0);
        assert_eq!(listed(&assistant, json!({})).await, [""; 0]);
        assert_eq!(listed(&assistant, json!({ "includeWithdrawn": true })).await, std::slice::from_ref(&id));
        let unit = "query($id: ID!) { node(id: $id) { ... on Unit { documents { id } } } }";
        assert_eq!(assistant.ask_with(unit, json!({ "id": app.world.a101 })).await.at("/data/node/documents"), &json!([]));
        let message = "it was withdrawn at 2026-11-23T02:00:00+00:00 already";
        for (act, input) in [("documentWithdraw", json!({ "id": id })), ("documentUpdate", json!({ "id": id, "title": "x" }))] {
            assert_eq!(assistant.act(act, input, "").await.text("/userErrors/0/message"), message, "{act}");
        }
        let redact = app.actor("supervisor").await.act("attachmentRedact", json!({ "id": file, "reason": "x" }), "").await;
        assert_eq!(redact.text("/userErrors/0/message"), "it is in the archives; withdraw its document");
    }

    async fn who_does_not_keep_the_archives_changes_nothing(app) {
        let (id, _) = filed(app, "manager", "NORMAL").await;
        let (secret, _) = filed(app, "manager", "SECRET").await;
        for (login, of_normal, of_secret) in [
            ("desk", "FORBIDDEN", "NOT_FOUND"), ("assistant2", "FORBIDDEN", "NOT_FOUND"), ("quality", "FORBIDDEN", "NOT_FOUND"),
            ("group", "FORBIDDEN", "FORBIDDEN"), ("lin-yi", "FORBIDDEN", "NOT_FOUND"), ("supervisor", "", "NOT_FOUND"),
            ("wang-lin", "NOT_FOUND", "NOT_FOUND"), ("yunshan-head", "NOT_FOUND", "NOT_FOUND"),
        ] {
            let actor = app.actor(login).await;
            for (id, code) in [(&id, of_normal), (&secret, of_secret)] {
                if code.is_empty() {
                    continue;
                }
                assert_eq!(actor.act("documentUpdate", json!({ "id": id, "title": "x" }), "").await.refusal(), code, "{login}");
                assert_eq!(actor.act("documentWithdraw", json!({ "id": id }), "").await.refusal(), code, "{login}");
            }
        }
        assert_eq!(again(&app.actor("head").await, &id, "version title").await, json!({ "version": 1, "title": "购房合同" }));
    }
}
