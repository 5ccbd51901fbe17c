use concierge::base::id::OccupantId;
use concierge::storage::account;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use super::{activate, invite, who};
use crate::on_both;

fn forbidden(message: &str) -> Value {
    json!([{ "__typename": "Forbidden", "code": "FORBIDDEN", "field": null, "message": message }])
}

on_both! {
    async fn those_who_meet_residents_hand_out_codes(app) {
        for login in ["desk", "assistant", "supervisor", "center", "manager", "head", "admin"] {
            let made = invite(&app.actor(login).await, "occupantId", &app.world.lin_yi).await.done();
            assert_eq!(made.at("/expiresAt"), &json!("2026-11-30T02:00:00.000000Z"), "{login}");
            assert_eq!(made.text("/code").len(), 11);
        }
        let message = "activation codes are handed out by the front desk";
        for login in ["worker", "group", "quality", "executive", "lin-yi"] {
            let refused = invite(&app.actor(login).await, "occupantId", &app.world.lin_yi).await;
            assert_eq!(refused.at("/userErrors"), &forbidden(message), "{login}");
        }
    }

    async fn whom_one_does_not_see_is_not_there(app) {
        for login in ["wang-lin", "lin-er", "zhao-yuan", "yunshan-desk", "yunshan-head", "personnel"] {
            let refused = invite(&app.actor(login).await, "occupantId", &app.world.lin_yi).await;
            assert_eq!(
                refused.at("/userErrors"),
                &json!([{
                    "__typename": "NotFound", "code": "NOT_FOUND", "field": ["input", "occupantId"],
                    "message": format!("there is no occupant {}", app.world.lin_yi),
                }]),
                "{login}"
            );
            assert_eq!(refused.at("/code"), &json!(null));
        }
    }

    async fn accounts_of_staff_are_made_by_admin(app) {
        let whom = app.world.staff("worker");
        for login in ["desk", "head", "group", "personnel"] {
            let refused = invite(&app.actor(login).await, "staffId", &whom).await;
            assert_eq!(refused.at("/userErrors"), &forbidden("accounts of staff are made by ADMIN"), "{login}");
        }
        for login in ["yunshan-head", "lin-yi"] {
            let refused = invite(&app.actor(login).await, "staffId", &whom).await;
            assert_eq!(refused.refusal(), "NOT_FOUND", "{login}");
        }
        let made = invite(&app.actor("admin").await, "staffId", &whom).await.done();
        let claimed = activate(app, &made.text("/code"), "old-zhang", "a password of mine").await.done();
        assert_eq!(who(app, &claimed.text("/tokens/accessToken")).await, (200, "old-zhang".to_owned()));
    }

    async fn exactly_one_is_named(app) {
        let desk = app.actor("desk").await;
        let both = json!({ "occupantId": app.world.lin_yi, "staffId": app.world.staff("worker") });
        for input in [json!({}), both] {
            let refused = desk.act("accountInvite", input, "code").await;
            assert_eq!(refused.at("/userErrors/0/message"), "give either occupantId or staffId");
        }
        for wrong in ["", "occupant:x", &app.world.a101] {
            assert_eq!(invite(&desk, "occupantId", wrong).await.refusal(), "INVALID", "{wrong}");
        }
        let unknown = "occupant:00000000-0000-7000-8000-000000000000";
        assert_eq!(invite(&desk, "occupantId", unknown).await.refusal(), "NOT_FOUND");
    }

    /// Else the desk could make itself a code for the project head who lives here.
    async fn the_account_of_a_resident_who_works_here_is_staffs(app) {
        let connection = sea_orm::Database::connect(app.database_url()).await.unwrap();
        let lin_yi = OccupantId::parse(&app.world.lin_yi).unwrap();
        let of_lin_yi = account::Column::OccupantId.eq(lin_yi);
        let row = account::Entity::find().filter(of_lin_yi).one(&connection).await.unwrap().unwrap();
        let mut change = row.into_active_model();
        change.occupant_id = Set(None);
        change.update(&connection).await.unwrap();
        let of_head = account::Column::Login.eq("head");
        let row = account::Entity::find().filter(of_head).one(&connection).await.unwrap().unwrap();
        let mut change = row.into_active_model();
        change.occupant_id = Set(Some(lin_yi));
        change.update(&connection).await.unwrap();
        connection.close().await.unwrap();

        let refused = invite(&app.actor("desk").await, "occupantId", &app.world.lin_yi).await;
        assert_eq!(refused.at("/userErrors"), &forbidden("accounts of staff are made by ADMIN"));
        invite(&app.actor("admin").await, "occupantId", &app.world.lin_yi).await.done();
    }
}
