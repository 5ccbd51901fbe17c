use serde_json::json;

use super::{ended, export, exported};
use crate::on_both;

on_both! {
    async fn the_register_goes_out_as_its_reader_sees_it(app) {
        let all = json!({ "communityId": app.world.xinghe });
        let whole = exported(app, &app.actor("head").await, "registerExport", all.clone()).await;
        assert!(whole.starts_with("\u{feff}小区代码,"), "{whole}");
        assert!(whole.contains("林一") && whole.contains("13800000001") && !whole.contains("赵远"), "{whole}");
        let masked = exported(app, &app.actor("group").await, "registerExport", all.clone()).await;
        assert!(masked.contains("林一") && masked.contains("138******01") && !masked.contains("13800000001"), "{masked}");
        let everywhere = exported(app, &app.actor("group").await, "registerExport", json!({ "language": "EN" })).await;
        assert!(everywhere.starts_with("\u{feff}community,") && everywhere.contains("赵远"), "{everywhere}");
        let trail = "{ auditTrail(filter: { actions: [EXPORTED] }, orderBy: AT_ASC) { nodes { details community { code } } } }";
        let trail = app.actor("admin").await.ask(trail).await;
        let lines = trail.at("/data/auditTrail/nodes").as_array().unwrap();
        assert_eq!(lines.len(), 3, "{trail:?}");
        let of_all = json!({ "details": { "rows": 6, "what": "REGISTER" }, "community": null });
        assert!(lines.contains(&of_all), "{lines:?}");
        let of_one = json!({ "details": { "rows": 5, "what": "REGISTER" }, "community": { "code": "XH" } });
        assert_eq!(lines.iter().filter(|line| **line == of_one).count(), 2);
    }

    async fn a_complaint_about_them_is_in_nobodys_file(app) {
        let (lin, group) = (app.actor("lin-yi").await, app.actor("group").await);
        for (text, about) in [("水管漏了", None), ("主管不理人", Some(app.world.staff("supervisor")))] {
            let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": text, "aboutStaffId": about });
            lin.act("ticketFile", input, "").await.done();
        }
        let all = json!({ "communityId": app.world.xinghe });
        let theirs = exported(app, &app.actor("supervisor").await, "ticketsExport", all.clone()).await;
        assert!(theirs.contains("水管漏了") && theirs.contains("13800000001") && !theirs.contains("主管不理人"), "{theirs}");
        let above = exported(app, &group, "ticketsExport", all.clone()).await;
        assert!(above.contains("主管不理人") && above.contains("138******01") && !above.contains("13800000001"), "{above}");
        let admin = exported(app, &app.actor("admin").await, "ticketsExport", all.clone()).await;
        assert_eq!(admin.lines().count(), 1, "an ADMIN sees no tickets by that role alone");
        let days = json!({ "communityId": app.world.xinghe, "from": "2026-11-24" });
        assert_eq!(exported(app, &group, "ticketsExport", days).await.lines().count(), 1);
    }

    async fn a_workbook_is_saved_as_one(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe, "format": "XLSX" });
        let end = ended(app, &head, export(&head, "registerExport", input).await).await;
        assert_eq!((&end["fileName"], &end["rowsDone"]), (&json!("register-XH.xlsx"), &json!(5)));
        let (status, headers, bytes) = head.fetch(end["resultUrl"].as_str().unwrap()).await;
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        assert_eq!(headers["content-disposition"], "attachment; filename*=UTF-8''register-XH.xlsx");
        assert_eq!(headers["content-length"], bytes.len().to_string().as_str());
        assert!(bytes.starts_with(b"PK\x03\x04"));
    }
}
