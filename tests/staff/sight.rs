//! Rights are made anew at once, for tokens and sockets that are there already.

use serde_json::{Value, json};

use super::{changed, complaint, complaint_about, node, post_of, screen, seen, sight_changed, told};
use crate::on_both;
use crate::support::{Actor, App};

/// Grants a role at 星河 from the first of the month and gives the post's id.
async fn grant(app: &App, login: &str, role: &str) -> String {
    let input = json!({
        "staffId": app.world.staff(login), "role": role, "communityId": app.world.xinghe, "fromOn": "2026-11-01",
    });
    app.actor("admin").await.act("postGrant", input, "post { id }").await.done().text("/post/id")
}

async fn is_seen(actor: &Actor, ticket: &str) -> bool {
    node(actor, ticket, "Ticket", "id").await != Value::Null
}

async fn put_under(app: &App, who: &str, above: &str) {
    let input = json!({ "id": app.world.staff(who), "managerId": app.world.staff(above) });
    app.actor("head").await.act("staffUpdate", input, "").await.done();
}

on_both! {
    async fn a_granted_post_is_in_force_at_once_and_an_ended_one_no_longer(app) {
        let (resident, elsewhere) = (app.actor("lin-yi").await, app.actor("zhao-yuan").await);
        complaint(&resident, &app.world.a101, "一").await;
        let desk = app.actor("yunshan-desk").await;
        let mut screen = screen(&app.url, &desk).await;
        assert_eq!(seen(&desk).await, json!([]));

        let post = grant(app, "yunshan-desk", "SUPERVISOR").await;
        assert_eq!(seen(&desk).await, json!(["一"]));
        assert_eq!(told(&mut screen).await, sight_changed());
        complaint(&resident, &app.world.a101, "二").await;
        // The first one may be on its way to them still, and then is judged by what they see now.
        let mut heard = told(&mut screen).await;
        if heard == changed("一") {
            heard = told(&mut screen).await;
        }
        assert_eq!(heard, changed("二"));

        let end = json!({ "id": post, "toOn": "2026-11-22" });
        app.actor("admin").await.act("postEnd", end, "").await.done();
        assert_eq!(seen(&desk).await, json!([]));
        assert_eq!(told(&mut screen).await, sight_changed());
        complaint(&resident, &app.world.a101, "三").await;
        complaint(&elsewhere, &app.world.c101, "四").await;
        assert_eq!(told(&mut screen).await, changed("四"));
        assert_eq!(seen(&desk).await, json!(["四"]));
    }

    async fn a_post_granted_by_mistake_is_withdrawn_at_once(app) {
        complaint(&app.actor("lin-yi").await, &app.world.a101, "一").await;
        let desk = app.actor("yunshan-desk").await;
        let admin = app.actor("admin").await;
        let today = json!({
            "staffId": app.world.staff("yunshan-desk"), "role": "SUPERVISOR", "communityId": app.world.xinghe, "fromOn": "2026-11-23",
        });
        let id = admin.act("postGrant", today.clone(), "post { id }").await.done().text("/post/id");
        assert_eq!(seen(&desk).await, json!(["一"]));
        admin.act("postEnd", json!({ "id": id, "toOn": "2026-11-22" }), "").await.done();
        assert_eq!(seen(&desk).await, json!([]));
        admin.act("postGrant", today, "").await.done();
        assert_eq!(seen(&desk).await, json!(["一"]), "it can be granted again");
    }

    async fn a_building_in_charge_is_watched_at_once_and_no_longer_once_it_is_taken_away(app) {
        let assistant = app.actor("assistant2").await;
        let (resident, tenant) = (app.actor("lin-yi").await, app.actor("chen-zu").await);
        let supervisor = app.actor("supervisor").await;
        let charge = |building: &str| json!({ "staffId": app.world.staff("assistant2"), "buildingId": building });
        supervisor.act("chargeGrant", charge(&app.world.a), "").await.done();
        let mut screen = screen(&app.url, &assistant).await;

        let made = supervisor.act("chargeGrant", charge(&app.world.b), "charge { id }").await.done();
        assert_eq!(told(&mut screen).await, sight_changed());
        complaint(&tenant, &app.world.b201, "一").await;
        assert_eq!(told(&mut screen).await, changed("一"));

        supervisor.act("chargeEnd", made.at("/charge").clone(), "").await.done();
        assert_eq!(told(&mut screen).await, sight_changed());
        complaint(&tenant, &app.world.b201, "二").await;
        complaint(&resident, &app.world.a101, "三").await;
        assert_eq!(told(&mut screen).await, changed("三"));
        assert_eq!(seen(&assistant).await, json!(["三"]));
    }

    async fn an_assistant_whose_post_ends_keeps_no_building(app) {
        let assistant = app.actor("assistant").await;
        let mut screen = screen(&app.url, &assistant).await;
        complaint(&app.actor("lin-yi").await, &app.world.a101, "一").await;
        assert_eq!(told(&mut screen).await, changed("一"));
        assert_eq!(seen(&assistant).await, json!(["一"]));
        let end = json!({ "id": post_of(app, "assistant").await, "toOn": "2026-11-22" });
        app.actor("head").await.act("postEnd", end, "").await.done();
        assert_eq!(told(&mut screen).await, sight_changed());
        assert_eq!(seen(&assistant).await, json!([]));
    }

    async fn whoever_comes_to_answer_to_somebody_no_longer_sees_complaints_about_them(app) {
        let desk = app.actor("desk").await;
        let mut screen = screen(&app.url, &desk).await;
        let about = complaint_about(app, "supervisor").await;
        assert_eq!(told(&mut screen).await, changed("态度不好"));
        assert!(is_seen(&desk, &about).await);
        put_under(app, "desk", "supervisor").await;
        assert!(!is_seen(&desk, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
        let input = json!({ "id": app.world.staff("desk"), "managerId": null });
        app.actor("head").await.act("staffUpdate", input, "").await.done();
        assert!(is_seen(&desk, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
    }

    async fn a_new_line_manager_stands_above_all_who_answer_to_the_person(app) {
        let assistant = app.actor("assistant").await;
        put_under(app, "assistant", "supervisor").await;
        let mut screen = screen(&app.url, &assistant).await;
        let about = complaint_about(app, "center").await;
        assert_eq!(told(&mut screen).await, changed("态度不好"));
        assert!(is_seen(&assistant, &about).await);
        put_under(app, "supervisor", "center").await;
        assert!(!is_seen(&assistant, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
    }

    async fn whoever_is_raised_is_above_those_below_their_new_role(app) {
        let supervisor = app.actor("supervisor").await;
        let mut screen = screen(&app.url, &supervisor).await;
        let about = complaint_about(app, "center").await;
        assert_eq!(told(&mut screen).await, changed("态度不好"));
        assert!(is_seen(&supervisor, &about).await);
        let post = grant(app, "center", "SERVICE_MANAGER").await;
        assert!(!is_seen(&supervisor, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
        let end = json!({ "id": post, "toOn": "2026-11-22" });
        app.actor("admin").await.act("postEnd", end, "").await.done();
        assert!(is_seen(&supervisor, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
    }

    async fn whoever_takes_a_lower_role_too_answers_to_its_superiors(app) {
        let desk = app.actor("desk").await;
        let mut screen = screen(&app.url, &desk).await;
        let about = complaint_about(app, "supervisor").await;
        assert_eq!(told(&mut screen).await, changed("态度不好"));
        assert!(is_seen(&desk, &about).await);
        grant(app, "desk", "ASSISTANT").await;
        assert!(!is_seen(&desk, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
    }

    async fn a_new_lead_stands_above_the_members_of_the_team(app) {
        // A worker who is at the front desk too sees the community's complaints.
        grant(app, "worker", "FRONT_DESK").await;
        let worker = app.actor("worker").await;
        let mut screen = screen(&app.url, &worker).await;
        let about = complaint_about(app, "supervisor").await;
        assert_eq!(told(&mut screen).await, changed("态度不好"));
        assert!(is_seen(&worker, &about).await);
        let lead = json!({ "id": app.world.engineering, "leadId": app.world.staff("supervisor") });
        app.actor("head").await.act("teamUpdate", lead, "").await.done();
        assert!(!is_seen(&worker, &about).await);
        assert_eq!(told(&mut screen).await, sight_changed());
    }
}
