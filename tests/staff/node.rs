use serde_json::{Value, json};

use super::{node, post_of};
use crate::on_both;

on_both! {
    async fn staff_teams_posts_charges_and_categories_are_found_again_by_those_who_see_them(app) {
        let charges = node(&app.actor("admin").await, &app.world.staff("assistant"), "Staff", "charges { id }").await;
        let charge = charges["charges"][0]["id"].as_str().unwrap().to_owned();
        let things = [
            ("Staff", app.world.staff("desk"), false, false),
            ("Team", app.world.engineering.clone(), true, false),
            ("Post", post_of(app, "desk").await, false, false),
            ("Charge", charge, false, false),
            ("Category", app.world.lift.clone(), true, true),
        ];
        let (desk, worker) = (app.actor("desk").await, app.actor("worker").await);
        let (elsewhere, resident) = (app.actor("yunshan-head").await, app.actor("lin-yi").await);
        for (kind, id, to_worker, to_all) in things {
            let shown = |seen: bool| if seen { json!({ "id": id, "__typename": kind }) } else { Value::Null };
            assert_eq!(node(&desk, &id, kind, "id __typename").await, shown(true));
            assert_eq!(node(&worker, &id, kind, "id __typename").await, shown(to_worker));
            assert_eq!(node(&elsewhere, &id, kind, "id __typename").await, shown(to_all));
            assert_eq!(node(&resident, &id, kind, "id __typename").await, shown(to_all));
        }
    }
}
