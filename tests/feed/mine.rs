//! One ticket's feed, and one's own.

use serde_json::json;

use super::{Screen, act, assign, dispatch, file};
use crate::on_both;

on_both! {
    async fn a_resident_hears_of_their_own_and_of_no_one_elses(app) {
        let (desk, resident) = (app.actor("desk").await, app.actor("lin-yi").await);
        let (household, neighbour) = (app.actor("lin-er").await, app.actor("wang-lin").await);
        let mut screen = Screen::open(&resident, "myTicketsChanged").await;
        let unit = ("unitId", app.world.a101.as_str());
        // They see their household's repair, but it is not theirs.
        file(&household, "REPAIR", unit).await;
        file(&household, "COMPLAINT", unit).await;
        file(&neighbour, "COMPLAINT", ("unitId", &app.world.a2_101)).await;
        file(&desk, "COMPLAINT", unit).await;
        let own = file(&resident, "COMPLAINT", unit).await;
        act(&desk, "ticketAcknowledge", &own).await;
        let told = [format!("FILE {}", own.number), format!("ACKNOWLEDGE {}", own.number)];
        assert_eq!(screen.told_next(2).await, told);
    }

    async fn a_worker_hears_of_their_teams_orders(app) {
        let (desk, worker, mate) = (app.actor("desk").await, app.actor("worker").await, app.actor("worker2").await);
        let cleaner = app.actor("cleaner").await;
        let mut screen = Screen::open(&worker, "myTicketsChanged").await;
        let mut mates = Screen::open(&mate, "myTicketsChanged").await;
        let mut cleaners = Screen::open(&cleaner, "myTicketsChanged").await;
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assign(&desk, &ticket, &app.world.staff("supervisor")).await;
        let order = dispatch(&desk, &ticket, &app.world.engineering).await;
        let number = &ticket.number;
        assert_eq!(screen.told().await, format!("DISPATCH {number}"));
        assert_eq!(mates.told().await, format!("DISPATCH {number}"));

        worker.act("workOrderTake", json!({ "id": order }), "").await.done();
        // Told before it goes: a ticket is shown as it is at delivery, and one that is out of sight by then is not.
        for screen in [&mut screen, &mut mates] {
            assert_eq!(screen.told().await, format!("TAKE_ORDER {number}"));
        }
        worker.act("workOrderReturn", json!({ "id": order, "reason": "不归我们管" }), "").await.done();
        for screen in [&mut screen, &mut mates] {
            assert_eq!(screen.told().await, format!("- {}", ticket.id));
        }
        // Given back, it does not exist for them any more.
        dispatch(&desk, &ticket, &app.world.cleaning).await;
        assert_eq!(cleaners.told().await, format!("DISPATCH {number}"));
        let second = dispatch(&desk, &ticket, &app.world.engineering).await;
        assert_eq!(screen.told().await, format!("DISPATCH {number}"));
        worker.act("workOrderTake", json!({ "id": second }), "").await.done();
        assert_eq!(screen.told().await, format!("TAKE_ORDER {number}"));
    }

    async fn an_owner_hears_when_it_is_taken_from_them(app) {
        let desk = app.actor("desk").await;
        // They see the whole community, and keep seeing it; but it is no longer theirs.
        let mut screen = Screen::open(&app.actor("supervisor").await, "myTicketsChanged").await;
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assign(&desk, &ticket, &app.world.staff("supervisor")).await;
        assign(&desk, &ticket, &app.world.staff("manager")).await;
        let told = [format!("ASSIGN {}", ticket.number), format!("- {}", ticket.id)];
        assert_eq!(screen.told_next(2).await, told);
    }

    async fn one_ticket_is_followed(app) {
        let (desk, resident) = (app.actor("desk").await, app.actor("lin-yi").await);
        let mut all = Screen::open(&desk, "complaintFeed(filter: { kinds: [REPAIR] })").await;
        let ticket = file(&resident, "REPAIR", ("unitId", &app.world.a101)).await;
        assert_eq!(all.told().await, format!("FILE {}", ticket.number));
        let feed = format!("ticketChanged(id: {})", json!(ticket.id));
        let mut screen = Screen::open(&resident, &feed).await;
        let other = file(&desk, "REPAIR", ("unitId", &app.world.a101)).await;
        act(&desk, "ticketAcknowledge", &other).await;
        act(&desk, "ticketAcknowledge", &ticket).await;
        assert_eq!(screen.told().await, format!("ACKNOWLEDGE {}", ticket.number));
    }

    async fn a_ticket_that_is_not_seen_does_not_exist(app) {
        let ticket = file(&app.actor("lin-yi").await, "COMPLAINT", ("unitId", &app.world.a101)).await;
        for stranger in ["wang-lin", "lin-er", "worker", "yunshan-desk", "admin"] {
            let mut screen =
                Screen::begin(&app.actor(stranger).await, &format!("ticketChanged(id: {})", json!(ticket.id))).await;
            let refused = screen.refused().await;
            assert_eq!(refused["extensions"]["code"], "NOT_FOUND", "{stranger}: {refused}");
            assert_eq!(refused["extensions"]["field"], json!(["id"]), "{stranger}: {refused}");
        }
        let mut screen =
            Screen::begin(&app.actor("desk").await, &format!("ticketChanged(id: {})", json!(app.world.a))).await;
        assert_eq!(screen.refused().await["message"], "this id is of kind \"building\"; one of kind \"ticket\" is needed here");
    }
}
