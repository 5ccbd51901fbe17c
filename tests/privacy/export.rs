use concierge::base::Id;
use concierge::domain::audit::By;
use concierge::domain::privacy::{Subject, export};
use serde_json::{Value, json};

use super::Person;
use crate::on_both;

on_both! {
    async fn an_export_has_all_that_is_the_persons_and_nothing_that_is_not(app) {
        let person = Person::settle(app).await;
        // The readings are written in the background.
        let admin = app.actor("admin").await;
        while admin.ask("{ auditTrail(filter: { actions: [PERSONAL_DATA_READ] }) { totalCount } }").await.at("/data/auditTrail/totalCount") != 2 {
            tokio::task::yield_now().await;
        }
        let id = Id::parse(&person.id).unwrap();
        let all = export(&app.running.domain, By::System("COMMAND_LINE"), Subject::Occupant(id)).await.unwrap();
        let mut keys: Vec<_> = all.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            ["accounts", "documents", "exportedAt", "occupancies", "occupant", "privacyRequests", "readings", "sessions", "signIns", "tickets"]
        );
        assert_eq!(all["occupancies"], json!([{
            "community": "星河·国际", "building": "B栋", "unit": "201", "kind": "TENANT", "fromOn": "2026-11-01", "toOn": null,
        }]));
        assert_eq!((&all["accounts"][0]["login"], &all["accounts"][0]["subject"]), (&json!("zyx-login"), &json!("zyx-subject")));
        assert_eq!(all["occupant"]["references"], json!(["zyx-reference"]));
        assert_eq!(all["sessions"][0]["client"], "zyx-client");
        let acts: Vec<_> = all["signIns"].as_array().unwrap().iter().map(|line| (line["action"].as_str().unwrap(), line["address"].as_str())).collect();
        assert!(acts.contains(&("SIGNED_IN", Some("127.0.0.1"))), "{acts:?}");
        let tickets = all["tickets"].as_array().unwrap();
        assert_eq!(tickets.len(), 2, "not the one that only names their number");
        let repair = tickets.iter().find(|ticket| ticket["kind"] == "REPAIR").unwrap();
        assert_eq!((&repair["rating"], &repair["ratingComment"]), (&json!(4), &json!("zyx-rating")));
        let texts: Vec<_> = repair["timeline"].as_array().unwrap().iter().filter_map(|line| line["text"].as_str()).collect();
        assert!(texts.contains(&"zyx-comment") && texts.contains(&"zyx-resolution"), "{texts:?}");
        assert!(!all.to_string().contains("zyx-internal"), "what is INTERNAL is the company's");
        let read = |what: &str| json!({ "at": "2026-11-23T02:00:00Z", "what": what, "name": "前台小刘", "title": "前台小刘" });
        let mut readings = all["readings"].as_array().unwrap().clone();
        readings.sort_by_key(Value::to_string);
        assert_eq!(readings, [read("CONTACT_PHONE"), read("OCCUPANT_PHONE")]);
        let mut papers = all["documents"].as_array().unwrap().clone();
        papers.sort_by_key(|paper| paper["confidentiality"].to_string());
        let shown: Vec<_> = papers.iter().map(|paper| (&paper["confidentiality"], &paper["title"], &paper["files"][0]["fileName"])).collect();
        // Of what is secret they learn that it is there.
        assert_eq!(shown, [
            (&json!("NORMAL"), &json!("zyx-title"), &json!("zyx-paper.pdf")), (&json!("SECRET"), &Value::Null, &Value::Null),
        ]);
        assert!(!all.to_string().contains("zyx-note"), "the company's notes are the company's");
        assert_eq!(all["privacyRequests"][0]["state"], "REFUSED");
        assert!(!all.to_string().contains("$argon2"), "no hash of a password");
        let unknown = export(&app.running.domain, By::System("COMMAND_LINE"), Subject::Occupant(Id::new(uuid::Uuid::nil()))).await;
        assert!(unknown.unwrap_err().to_string().starts_with("there is no occupant "));
    }
}
