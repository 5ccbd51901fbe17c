//! Complaints about somebody: invisible to them and to those who answer to them, by every path, and handled one rung
//! above.

use serde_json::{Value, json};

use super::case::overlay;
use super::play::{Play, refusal};
use crate::on_both;

const WORDS: &str = "态度恶劣之极";

/// 林一 complains about somebody; gives the ticket's id and number.
async fn complain(play: &Play<'_>, about: Value) -> (String, String) {
    let mut input = json!({ "kind": "COMPLAINT", "unitId": play.app.world.a101, "description": WORDS });
    overlay(&mut input, about);
    let payload = play.done_with("lin-yi", "ticketFile", input, "ticket { id number }").await;
    let text = |name: &str| payload["ticket"][name].as_str().unwrap().to_owned();
    (text("id"), text("number"))
}

/// How often the ticket is met on the ways that lead to one; all of them or none.
async fn is_seen(play: &Play<'_>, login: &str, id: &str, number: &str) -> bool {
    let query = "query($id: ID!, $number: String!, $words: String!) {
        node(id: $id) { id }
        nodes(ids: [$id]) { id }
        ticket(number: $number) { id }
        tickets(filter: { kinds: [COMPLAINT] }) { totalCount nodes { id } }
        found: tickets(filter: { search: $words }) { totalCount nodes { id } }
        ticketCounts(filter: { kinds: [COMPLAINT] }) { count }
    }";
    let seen = play.asks(login, query, json!({ "id": id, "number": number, "words": WORDS })).await;
    let one = json!({ "id": id });
    let (all, nothing) = (
        json!({
            "node": one,
            "nodes": [one],
            "ticket": one,
            "tickets": { "totalCount": 1, "nodes": [one] },
            "found": { "totalCount": 1, "nodes": [one] },
            "ticketCounts": [{ "count": 1 }],
        }),
        json!({
            "node": null,
            "nodes": [null],
            "ticket": null,
            "tickets": { "totalCount": 0, "nodes": [] },
            "found": { "totalCount": 0, "nodes": [] },
            "ticketCounts": [],
        }),
    );
    assert!(seen == all || seen == nothing, "{login}: {seen}");
    seen == all
}

async fn is_seen_by(play: &Play<'_>, id: &str, number: &str, seeing: &[&str], blind: &[&str]) {
    for login in seeing {
        assert!(is_seen(play, login, id, number).await, "{login}");
    }
    for login in blind {
        assert!(!is_seen(play, login, id, number).await, "{login}");
        let payload =
            play.does(login, "ticketComment", json!({ "id": id, "text": "?", "visibility": "PUBLIC" })).await;
        assert_eq!(refusal(&payload), "NOT_FOUND", "{login}");
    }
}

on_both! {
    async fn about_a_supervisor(app) {
        let play = Play::on(app);
        let (mut blind, mut desk) = (play.screen("supervisor").await, play.screen("desk").await);
        let about = json!({ "aboutStaffId": app.world.staff("supervisor") });
        let (id, number) = complain(&play, about).await;
        is_seen_by(
            &play,
            &id,
            &number,
            &["desk", "center", "manager", "head", "group", "quality", "lin-yi"],
            &["supervisor", "assistant", "assistant2", "worker", "lin-er", "wang-lin", "yunshan-head", "admin"],
        )
        .await;
        // Not even through another ticket that names it.
        let ended = json!({ "id": id, "reply": "已核实" });
        play.done("manager", "ticketReject", ended).await;
        let next = json!({ "kind": "SERVICE", "unitId": app.world.a101, "description": "再谈", "previousId": id });
        let next = play.file("lin-yi", next).await;
        assert_eq!(play.sees("supervisor", &next, "previous { id }").await, json!({ "previous": null }));
        assert_eq!(play.sees("desk", &next, "previous { id }").await, json!({ "previous": { "id": id } }));
        blind.shows("FILE", &next).await;
        desk.shows("FILE", &id).await;
    }

    async fn it_is_handled_one_rung_above(app) {
        let play = Play::on(app);
        let able = |login: &'static str| app.world.staff(login);
        // About whom, the level told at once, who can own it, and who cannot though they see it.
        let table: [(&str, i32, &[&str], &[&str]); 4] = [
            ("worker", 1, &["supervisor", "center", "manager", "head"], &["assistant"]),
            ("supervisor", 2, &["manager", "head"], &["center"]),
            ("manager", 3, &["head"], &["center"]),
            ("head", 4, &["group"], &[]),
        ];
        for (about, level, owners, others) in table {
            let (id, _) = complain(&play, json!({ "aboutStaffId": able(about) })).await;
            let by = if about == "head" { "group" } else { "desk" };
            let seen = play.sees(by, &id, "escalationLevel assignableStaff { id }").await;
            assert_eq!(seen["escalationLevel"], level, "{about}");
            let can = |login: &str| seen["assignableStaff"].as_array().unwrap().contains(&json!({ "id": app.world.staff(login) }));
            for login in others {
                assert!(!can(login), "{about} {login}");
                let payload = play.does(by, "ticketAssign", json!({ "id": id, "ownerId": able(login) })).await;
                assert_eq!(
                    payload["userErrors"][0]["message"],
                    "the matter is about a member of staff or a team; it goes to somebody above them"
                );
            }
            for login in owners {
                assert!(can(login), "{about} {login}");
                play.done(by, "ticketAssign", json!({ "id": id, "ownerId": able(login) })).await;
                assert_ne!(play.sees(login, &id, "status").await, json!(null), "{login}");
            }
        }
    }

    async fn nobody_takes_over_what_is_about_their_rung(app) {
        let play = Play::on(app);
        let (id, _) = complain(&play, json!({ "aboutStaffId": app.world.staff("supervisor") })).await;
        let payload = play.does("center", "ticketTakeOver", json!({ "id": id })).await;
        assert_eq!(refusal(&payload), "INVALID");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", "id"]));
        play.done("manager", "ticketTakeOver", json!({ "id": id })).await;
    }

    async fn about_the_head_of_the_project(app) {
        let play = Play::on(app);
        let (id, number) = complain(&play, json!({ "aboutStaffId": app.world.staff("head") })).await;
        is_seen_by(
            &play,
            &id,
            &number,
            &["group", "quality", "lin-yi"],
            &["head", "manager", "center", "supervisor", "assistant", "desk", "worker"],
        )
        .await;
        play.done("group", "ticketTakeOver", json!({ "id": id })).await;
        play.done("group", "ticketStart", json!({ "id": id })).await;
        play.done("group", "ticketResolve", json!({ "id": id, "resolution": "已谈话" })).await;
    }

    async fn about_a_team(app) {
        let play = Play::on(app);
        let (id, number) = complain(&play, json!({ "aboutTeamId": app.world.engineering })).await;
        is_seen_by(&play, &id, &number, &["desk", "supervisor", "assistant"], &["worker", "worker2", "cleaner"]).await;
        assert_eq!(play.sees("desk", &id, "escalationLevel").await, json!({ "escalationLevel": 1 }));
        let payload = play.does("desk", "ticketAssign", json!({ "id": id, "ownerId": app.world.staff("assistant") })).await;
        assert_eq!(refusal(&payload), "INVALID");
        play.done("desk", "ticketAssign", json!({ "id": id, "ownerId": app.world.staff("supervisor") })).await;
        // A work order gives the team no sight of what is about it.
        play.dispatch(&id, &app.world.engineering).await;
        play.dispatch(&id, &app.world.cleaning).await;
        is_seen_by(&play, &id, &number, &["cleaner"], &["worker", "worker2"]).await;
    }

    async fn about_a_neighbour(app) {
        let play = Play::on(app);
        let mut neighbour = play.screen("wang-lin").await;
        let (id, number) = complain(&play, json!({ "aboutUnitId": app.world.a2_101, "categoryId": app.world.noise })).await;
        is_seen_by(&play, &id, &number, &["desk", "assistant", "lin-yi"], &["wang-lin", "lin-er"]).await;
        assert_eq!(
            play.sees("desk", &id, "aboutUnit { number } reporter { name }").await,
            json!({ "aboutUnit": { "number": "101" }, "reporter": { "name": "林一" } })
        );
        let own = play.file("wang-lin", json!({ "kind": "REPAIR", "unitId": app.world.a2_101, "description": "漏水" })).await;
        neighbour.shows("FILE", &own).await;
    }

    async fn nor_does_a_neighbour_who_works_here_learn_of_it(app) {
        let play = Play::on(app);
        app.execute("UPDATE account SET occupant_id = NULL WHERE login = 'wang-lin'").await;
        app.execute(
            "UPDATE account SET occupant_id = (SELECT id FROM occupant WHERE name = '王邻') WHERE login = 'desk2'",
        )
        .await;
        let mut desk = play.screen("desk2").await;
        let (id, number) = complain(&play, json!({ "aboutUnitId": app.world.a2_101 })).await;
        is_seen_by(&play, &id, &number, &["desk"], &["desk2"]).await;
        let other = play.raise("REPAIR").await;
        desk.shows("FILE", &other).await;
    }
}
