//! Going on where one was.

use std::collections::HashSet;

use concierge::base::Id;
use concierge::live::Cursor;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{Screen, act, file};
use crate::on_both;
use crate::support::App;

on_both! {
    async fn what_was_missed_comes_first(app) {
        let desk = app.actor("desk").await;
        let mut screen = Screen::open(&desk, "complaintFeed").await;
        let first = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(screen.told().await, format!("FILE {}", first.number));
        drop(screen.ws);

        act(&desk, "ticketAcknowledge", &first).await;
        file(&desk, "REPAIR", ("unitId", &app.world.a101)).await;
        let second = file(&desk, "COMPLAINT", ("unitId", &app.world.b201)).await;
        let mut again = Screen::resume(&desk, &screen.cursor).await;
        let missed = [format!("ACKNOWLEDGE {}", first.number), format!("FILE {}", second.number)];
        assert_eq!(again.tickets(2).await, missed);
        let at_second = again.cursor.clone();
        act(&desk, "ticketAcknowledge", &second).await;
        assert_eq!(again.tickets(1).await, [format!("ACKNOWLEDGE {}", second.number)]);

        // What one listener was told is numbered, and is told to the next before it is live.
        let mut later = Screen::resume(&desk, &at_second).await;
        assert_eq!(later.told_next(2).await, [format!("ACKNOWLEDGE {}", second.number), "caught up".to_owned()]);
        let mut latest = Screen::resume(&desk, &again.cursor).await;
        assert_eq!(latest.told().await, "caught up");
    }

    async fn a_ticket_is_shown_as_it_is_now(app) {
        let desk = app.actor("desk").await;
        let mut screen = Screen::open(&desk, "complaintFeed").await;
        let before = screen.cursor.clone();
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        // Rendered, and kept for others of the group.
        assert_eq!(screen.update().await["ticket"]["revision"], 1);
        act(&desk, "ticketAcknowledge", &ticket).await;
        assert_eq!(screen.update().await["ticket"]["revision"], 2);

        let mut again = Screen::resume(&desk, &before).await;
        let filed = again.update().await;
        assert_eq!((&filed["revision"], &filed["ticket"]["revision"]), (&json!(1), &json!(2)), "{filed}");
    }

    async fn a_list_and_its_feed_have_no_seam(app) {
        let desk = app.actor("desk").await;
        let all = 40;
        let writing = async {
            let write = |_| async {
                for _ in 0..all / 4 {
                    file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
                }
            };
            futures_util::future::join_all((0..4).map(write)).await;
        };
        let reading = async {
            let read = |_| async {
                let list = desk.ask("{ feedCursor tickets(first: 100) { nodes { number } } }").await;
                let listed = list.at("/data/tickets/nodes").as_array().unwrap().clone();
                let mut known: HashSet<_> = listed.iter().map(|node| format!("FILE {}", node["number"].as_str().unwrap())).collect();
                let mut screen = Screen::resume(&desk, &list.text("/data/feedCursor")).await;
                let mut told = HashSet::new();
                while known.len() < all {
                    let next = screen.told().await;
                    if next != "caught up" {
                        assert!(told.insert(next.clone()), "told twice: {next}");
                        known.insert(next);
                    }
                }
            };
            futures_util::future::join_all((0..6).map(read)).await;
        };
        tokio::join!(writing, reading);
    }

    async fn a_cursor_of_another_life_is_a_gap(app) {
        let desk = app.actor("desk").await;
        let mut all = Screen::open(&desk, "complaintFeed").await;
        let before = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(all.told().await, format!("FILE {}", before.number));
        let other = Cursor { epoch: Id::new(uuid::Uuid::from_u128(7)), seq: 0 };
        let mut screen = Screen::resume(&desk, &other.to_string()).await;
        assert_eq!(screen.told_next(2).await, ["gap CURSOR_UNKNOWN", "caught up"]);
        act(&desk, "ticketAcknowledge", &before).await;
        assert_eq!(screen.told().await, format!("ACKNOWLEDGE {}", before.number));
    }

    async fn a_cursor_from_beyond_the_end_is_a_gap(app) {
        let desk = app.actor("desk").await;
        let mut screen = Screen::open(&desk, "complaintFeed").await;
        // The last event so far: on PostgreSQL those before it may be numbered only now.
        file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        screen.tickets(1).await;
        let real = Cursor::parse(&screen.cursor).unwrap();
        let beyond = Cursor { seq: real.seq + 1_000, ..real };
        let mut screen = Screen::resume(&desk, &beyond.to_string()).await;
        assert_eq!(screen.told_next(2).await, ["gap CURSOR_UNKNOWN", "caught up"]);
        assert_eq!(Cursor::parse(&screen.cursor).unwrap(), real);
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(screen.told().await, format!("FILE {}", ticket.number));
    }

    async fn what_is_no_longer_kept_is_a_gap(app) {
        let desk = app.actor("desk").await;
        let start = Screen::open(&desk, "complaintFeed").await.cursor;
        let mut whole = Screen::resume(&desk, &start).await;
        for _ in 0..3 {
            file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        }
        whole.tickets(3).await;
        let third = Cursor::parse(&whole.cursor).unwrap().seq;
        let last = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        whole.tickets(1).await;
        let delete = format!("DELETE FROM event WHERE seq <= {third}");
        app.outside().await.execute_unprepared(&delete).await.unwrap();
        let mut screen = Screen::resume(&desk, &start).await;
        let told = ["gap CURSOR_UNKNOWN".to_owned(), format!("FILE {}", last.number), "caught up".to_owned()];
        assert_eq!(screen.told_next(3).await, told);
    }

    async fn what_is_no_cursor_is_named(app) {
        let desk = app.actor("desk").await;
        for garbage in ["", "garbage", "AAAA", "\u{0}"] {
            let mut screen = Screen::resume(&desk, garbage).await;
            let refused = screen.refused().await;
            assert_eq!(refused["extensions"]["code"], "INVALID", "{refused}");
            assert_eq!(refused["extensions"]["field"], json!(["after"]), "{refused}");
            let message = "this is not a feed cursor; use one that feedCursor or the feed itself gave out";
            assert_eq!(refused["message"], message);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gateways_that_begin_at_once_give_the_same_cursors() {
    let Some(app) = App::on_postgres().await else { return };
    app.outside().await.execute_unprepared("DELETE FROM feed_epoch").await.unwrap();
    let gateways = app.more(4).await;
    let cursors: HashSet<_> = gateways.iter().map(|gateway| gateway.live.cursor(1).to_string()).collect();
    assert_eq!(cursors.len(), 1);
    for gateway in gateways {
        gateway.stop().await;
    }
    app.stop().await;
}
