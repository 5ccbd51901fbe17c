use serde_json::json;

use super::*;
use crate::on_both;
use crate::support::picture::jpeg;

const ALL: &str = "document { id category confidentiality title datedOn note community { code } unit { number } occupant { name }
    filedBy { name } filedAt withdrawnAt erasedAt version files { kind status fileName } }";

on_both! {
    async fn a_document_is_filed_with_its_files_in_one_step(app) {
        let assistant = app.actor("assistant").await;
        let uploaded = assistant.upload("身份证.jpg", &jpeg(10, 10)).await;
        let input = with(&contract(app), json!({
            "title": " 购房合同 ", "datedOn": "2020-05-01", "note": "原件在柜", "confidentiality": "CONFIDENTIAL",
            "attachmentIds": [uploaded], "idempotencyKey": "once",
        }));
        let files: &[(&str, &str, &[u8])] = &[("files.0", "合同.pdf", PDF)];
        let made = assistant.act_with("documentFile", input.clone(), files, ALL).await.done();
        assert_eq!(made.at("/document"), &json!({
            "id": made.text("/document/id"), "category": "CONTRACT", "confidentiality": "CONFIDENTIAL", "title": "购房合同",
            "datedOn": "2020-05-01", "note": "原件在柜", "community": { "code": "XH" }, "unit": { "number": "101" },
            "occupant": { "name": "林一" }, "filedBy": { "name": "助理小陈" }, "filedAt": "2026-11-23T02:00:00.000000Z",
            "withdrawnAt": null, "erasedAt": null, "version": 1,
            "files": [
                { "kind": "PHOTO", "status": "ATTACHED", "fileName": "身份证.jpg" },
                { "kind": "DOCUMENT", "status": "ATTACHED", "fileName": "合同.pdf" },
            ],
        }));
        let blobs = app.blobs().len();
        assert_eq!(assistant.act_with("documentFile", input, files, ALL).await.done(), made, "once");
        assert_eq!(app.blobs().len(), blobs);
        assert_eq!(listed(&assistant, json!({})).await, [made.text("/document/id")]);
    }

    async fn what_cannot_be_filed_is_refused_and_leaves_no_file(app) {
        let (assistant, good) = (app.actor("assistant").await, contract(app));
        let files: &[(&str, &str, &[u8])] = &[("files.0", "合同.pdf", PDF)];
        let nobody = |kind: &str| format!("{kind}:01900000-0000-7000-8000-000000000000");
        for (change, code, message) in [
            (json!({ "title": " " }), "INVALID", "a text is needed here; this one is empty".to_owned()),
            (json!({ "title": "长".repeat(201) }), "INVALID", "the text has 201 characters; at most 200 are kept".to_owned()),
            (json!({ "note": "\u{0}" }), "INVALID", "the text holds the control character U+0000; remove it".to_owned()),
            (json!({ "datedOn": "0026-12-01" }), "INVALID",
                "0026-12-01 is not a day that is kept here; the year goes from 1900 to 2199".to_owned()),
            (json!({ "unitId": null, "occupantId": null }), "INVALID",
                "name the occupant or the unit that it is about".to_owned()),
            (json!({ "unitId": nobody("unit") }), "NOT_FOUND", format!("there is no unit {}", nobody("unit"))),
            (json!({ "occupantId": app.world.zhao_yuan }), "NOT_FOUND", format!("there is no occupant {}", app.world.zhao_yuan)),
        ] {
            let answer = assistant.act_with("documentFile", with(&good, change.clone()), files, "").await;
            assert_eq!((answer.refusal(), &answer.text("/userErrors/0/message")), (code, &message), "{change}");
        }
        let without = assistant.act("documentFile", with(&good, json!({ "files": [] })), "").await;
        assert_eq!(without.text("/userErrors/0/message"), "a document has one file at least");
        assert_eq!(listed(&assistant, json!({ "includeWithdrawn": true })).await, [""; 0]);
        assert_eq!(app.blobs().len(), 0, "what was refused left no file");
    }

    async fn who_keeps_the_register_files_what_they_may_read(app) {
        let files: &[(&str, &str, &[u8])] = &[("files.0", "合同.pdf", PDF)];
        for (login, confidentiality, expected) in [
            ("assistant", "NORMAL", ""), ("assistant", "CONFIDENTIAL", ""), ("assistant", "SECRET", "FORBIDDEN"),
            ("supervisor", "CONFIDENTIAL", ""), ("supervisor", "SECRET", "FORBIDDEN"), ("center", "CONFIDENTIAL", ""),
            ("manager", "SECRET", ""), ("head", "SECRET", ""), ("admin", "NORMAL", ""), ("admin", "CONFIDENTIAL", "FORBIDDEN"),
            ("assistant2", "NORMAL", "FORBIDDEN"), ("desk", "NORMAL", "FORBIDDEN"), ("worker", "NORMAL", "FORBIDDEN"),
            ("group", "SECRET", "FORBIDDEN"), ("quality", "NORMAL", "FORBIDDEN"), ("lin-yi", "NORMAL", "FORBIDDEN"),
            ("wang-lin", "NORMAL", "NOT_FOUND"), ("yunshan-head", "NORMAL", "NOT_FOUND"),
        ] {
            let input = with(&contract(app), json!({ "confidentiality": confidentiality }));
            let answer = app.actor(login).await.act_with("documentFile", input, files, "").await;
            match expected {
                "" => drop(answer.done()),
                code => assert_eq!(answer.refusal(), code, "{login} {confidentiality}"),
            }
        }
        // Of an occupant alone: where they live, whoever may change them.
        let alone = with(&contract(app), json!({ "unitId": null }));
        app.actor("assistant").await.act_with("documentFile", alone, files, "").await.done();
    }
}
