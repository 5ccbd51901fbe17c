use chrono::TimeDelta;
use serde_json::json;

use super::{LIST, both, ended, import, units_in};
use crate::on_both;

const BROKEN: &str = "\
楼栋,单元,房号,姓名,电话,身份,入住日期
A栋,1单元,401,甲,13800000031,业主,2021-13-01
A栋,1单元,402,乙,一二三,业主,2021-01-01
A栋,1单元,403,丙,13800000033,业主,2021-01-01
";

on_both! {
    async fn refused_rows_are_told_in_the_readers_language_and_nothing_is_kept(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        let end = ended(app, &head, import(&head, "registerImport", input, BROKEN.as_bytes()).await).await;
        assert_eq!((&end["state"], &end["written"], &end["rowsRefused"]), (&json!("REFUSED"), &json!(false), &json!(2)));
        assert_eq!(units_in(&head, "A栋").await, 2, "nothing was kept");

        let query = "query($id: ID!, $after: String) { node(id: $id) { ... on DataTransfer { refusals(first: 1, after: $after) {
            totalCount pageInfo { hasNextPage endCursor } nodes { line column header value code reason inEnglish: reason(language: EN) } } } } }";
        let first = head.ask_with(query, json!({ "id": end["id"] })).await;
        let page = first.at("/data/node/refusals");
        assert_eq!((&page["totalCount"], &page["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
        assert_eq!(page["nodes"], json!([{
            "line": 2, "column": "G", "header": "入住日期", "value": "2021-13-01", "code": "NOT_A_DATE",
            "reason": "不是日期。请写成 2024-01-31 或 2024年1月31日，带时间写成 2024-01-31 08:30",
            "inEnglish": "this is not a date; write 2024-01-31, or 2024-01-31 08:30 where a time belongs to it",
        }]));
        let second = head.ask_with(query, json!({ "id": end["id"], "after": page["pageInfo"]["endCursor"] })).await;
        assert_eq!(second.at("/data/node/refusals/nodes/0/code"), "NOT_A_PHONE");
        assert_eq!(second.at("/data/node/refusals/pageInfo/hasNextPage"), false);

        let link = "query($id: ID!) { node(id: $id) { ... on DataTransfer { zh: refusalsUrl en: refusalsUrl(language: EN) } } }";
        let links = head.ask_with(link, json!({ "id": end["id"] })).await;
        let (status, headers, bytes) = head.fetch(&links.text("/data/node/en")).await;
        assert_eq!((status, &headers["content-type"]), (200, &"text/csv; charset=utf-8".parse().unwrap()));
        assert_eq!(headers["content-disposition"], "attachment; filename*=UTF-8''refused.csv");
        assert_eq!(headers["cache-control"], "private, no-store");
        let table = String::from_utf8(bytes).unwrap();
        assert!(table.starts_with("\u{feff}row,column,header,value,code,reason\r\n2,G,入住日期,2021-13-01,NOT_A_DATE,"), "{table}");
        let (_, _, bytes) = head.fetch(&links.text("/data/node/zh")).await;
        assert!(String::from_utf8(bytes).unwrap().starts_with("\u{feff}行,列,列名,值,代码,原因\r\n"));
        let forged = links.text("/data/node/en").replace("refusals-en", "result");
        assert_eq!(head.fetch(&forged).await.0, 404);
        app.advance(TimeDelta::minutes(5));
        assert_eq!(head.fetch(&links.text("/data/node/en")).await.0, 410);
    }

    async fn what_is_sound_is_kept_where_that_is_asked_for(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe, "keeps": "WHAT_IS_SOUND", "language": "EN" });
        let end = ended(app, &head, import(&head, "registerImport", input, BROKEN.as_bytes()).await).await;
        assert_eq!((&end["state"], &end["written"], &end["rowsRefused"]), (&json!("DONE"), &json!(true), &json!(2)));
        assert_eq!(units_in(&head, "A栋").await, 3);
    }

    async fn a_check_keeps_nothing(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe, "keeps": "NOTHING" });
        let end = ended(app, &head, import(&head, "registerImport", input, LIST.as_bytes()).await).await;
        assert_eq!((&end["state"], &end["written"]), (&json!("DONE"), &json!(false)));
        assert_eq!(end["counts"][0], json!({ "noun": "UNIT", "made": 1, "changed": 0, "unchanged": 1 }));
        assert_eq!(units_in(&head, "A栋").await, 2);
    }

    async fn what_is_no_table_is_refused_whole(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        for (file, code) in [
            (&b"PK\x03\x04 is no workbook"[..], "BROKEN_WORKBOOK"),
            (b"\x89PNG\r\n\x1a\n\0\0", "NOT_TEXT"),
            ("房号,什么\n1,2\n".as_bytes(), "UNKNOWN_COLUMN"),
        ] {
            let end = ended(app, &head, import(&head, "registerImport", input.clone(), file).await).await;
            assert_eq!(end["state"], "REFUSED", "{code}");
            let query = "query($id: ID!) { node(id: $id) { ... on DataTransfer { refusals { nodes { line code } } } } }";
            let told = head.ask_with(query, json!({ "id": end["id"] })).await;
            assert_eq!(told.at("/data/node/refusals/nodes/0/code"), code);
            assert!(end["refusalsUrl"].is_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_may_be_larger_than_a_photo_and_not_than_its_own_limit() {
    let limits = |config: &mut concierge::config::Config| {
        config.files.file_bytes = 1_000;
        config.exchange.file_bytes = 3_000;
    };
    for app in both(limits).await {
        let (head, input) = (app.actor("head").await, json!({ "communityId": app.world.xinghe }));
        let list = |bytes: usize| format!("楼栋,房号\n{}", "A栋,1\n".repeat(bytes / 7)).into_bytes();
        let refused = import(&head, "registerImport", input.clone(), &list(4_000)).await;
        assert_eq!(refused.at("/errors/0/extensions/code"), "PAYLOAD_TOO_LARGE");
        let end = ended(&app, &head, import(&head, "registerImport", input, &list(2_000)).await).await;
        assert_eq!(end["state"], "DONE");
        let photo = head
            .act_with("attachmentUpload", json!({ "file": null }), &[("file", "a.jpg", &list(2_000))], "")
            .await;
        assert_eq!(photo.at("/errors/0/extensions/code"), "PAYLOAD_TOO_LARGE");
        app.stop().await;
    }
}
