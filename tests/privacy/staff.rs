use concierge::base::Id;
use concierge::domain::audit::By;
use concierge::domain::privacy::{Reason, Subject, erase, export};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::contents::contents;

on_both! {
    async fn a_member_of_staff_is_erased_after_leaving(app) {
        let admin = app.actor("admin").await;
        let post = json!({ "role": "FRONT_DESK", "communityId": app.world.xinghe, "fromOn": "2026-11-01" });
        let input = json!({ "name": "Zyxwanda", "phone": "13912345678", "title": "zyx-title", "post": post });
        let made = admin.act("staffCreate", input, "staff { id posts { id } }").await.done();
        let (id, post) = (made.text("/staff/id"), made.text("/staff/posts/0/id"));
        let code = admin.act("accountInvite", json!({ "staffId": id }), "code").await.done().text("/code");
        let input = json!({ "code": code, "login": "zyx-login", "password": "zyx-password-1", "client": "zyx-client" });
        let signed_in = app.nobody().act("accountActivate", input, "tokens { accessToken }").await.done();
        let mut actor = app.nobody();
        actor.token = Some(signed_in.text("/tokens/accessToken"));
        let input = json!({ "kind": "ENQUIRY", "communityId": app.world.xinghe, "place": "大堂", "description": "问路" });
        let ticket = actor.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        actor.act("ticketComment", json!({ "id": ticket, "text": "已答复", "visibility": "INTERNAL" }), "").await.done();

        let whose = Subject::Staff(Id::parse(&id).unwrap());
        let domain = &app.running.domain;
        let all = export(domain, By::System("COMMAND_LINE"), whose).await.unwrap();
        assert_eq!((&all["staff"]["name"], &all["staff"]["title"]), (&json!("Zyxwanda"), &json!("zyx-title")));
        assert_eq!(all["posts"], json!([{ "role": "FRONT_DESK", "community": "星河·国际", "fromOn": "2026-11-01", "toOn": null }]));
        assert_eq!((&all["accounts"][0]["login"], &all["sessions"][0]["client"]), (&json!("zyx-login"), &json!("zyx-client")));
        assert!(!all.to_string().contains("已答复"), "what is said at work is the company's");
        let told = admin.ask("{ auditTrail(filter: { actions: [PERSONAL_DATA_EXPORTED] }) { nodes { subjects } } }").await;
        assert_eq!(told.at("/data/auditTrail/nodes"), &json!([{ "subjects": [id] }]));
        let refused = erase(domain, whose, Reason::NoLongerNeeded, false).await.unwrap_err().to_string();
        assert!(refused.starts_with("they hold a post still"), "{refused}");
        admin.act("postEnd", json!({ "id": post, "toOn": "2026-11-22" }), "").await.done();
        let erased = erase(domain, whose, Reason::NoLongerNeeded, false).await.unwrap();
        assert_eq!((erased["staff"], erased["accounts"], erased["sessions"]), (1, 1, 1));
        assert_eq!(actor.ask("{ viewer { login } }").await.error(), "UNAUTHENTICATED");
        for (table, rows) in contents(app.database_url()).await {
            assert!(!["Zyxwanda", "13912345678", "zyx-"].iter().any(|word| rows.contains(word)), "{table}: {rows}");
        }
        let query = "query($id: ID!, $ticket: ID!) {
            staff: node(id: $id) { ... on Staff { name phone title erasedAt } }
            ticket: node(id: $ticket) { ... on Ticket { erasedAt timeline { text actor { name } } } }
        }";
        let now = app.actor("head").await.ask_with(query, json!({ "id": id, "ticket": ticket })).await;
        assert_eq!(now.at("/data/staff"), &json!({ "name": "", "phone": null, "title": null, "erasedAt": "2026-11-23T02:00:00.000000Z" }));
        // What the company said stays its own.
        assert_eq!(now.at("/data/ticket/erasedAt"), &Value::Null);
        assert_eq!(now.at("/data/ticket/timeline/1"), &json!({ "text": "已答复", "actor": { "name": "" } }));
        let rename = json!({ "id": id, "name": "Zyxwanda" });
        assert_eq!(app.actor("admin").await.act("staffUpdate", rename, "").await.refusal(), "INVALID");
    }
}
