//! The real hour: what a city took in one hour is filed in its order, faster than life, while clients listen, one of
//! them is cut off again and again, and the gateway itself is restarted in the middle. Each gets exactly its complaints,
//! once, in order.
//!
//! One pipeline files them, each after the answer to the one before and, where there are two gateways, in turn through
//! both: so there is one order in which they happened, and everybody who hears all must hear that one. What many
//! writers at once do is shown in `feed::writers`.

mod data;
mod estate;
mod listener;

use std::time::Instant;

use serde_json::json;
use tokio::sync::watch;

use self::data::Hour;
use self::estate::Estate;
use self::listener::Listener;
use crate::support::{Actor, App};

/// So many complaints are filed while the gateway that is restarted is away, where there is another.
const WHILE_AWAY: usize = 25;

/// Files the next complaint and gives its number.
async fn file(actor: &Actor, estate: &Estate, complaint: &data::Complaint) -> String {
    let input = json!({
        "kind": "COMPLAINT",
        "channel": complaint.channel,
        "description": complaint.words,
        "communityId": estate.communities[&complaint.district],
        "buildingId": complaint.lot.as_ref().map(|lot| &estate.buildings[lot]),
        "place": complaint.place,
        "idempotencyKey": complaint.key,
    });
    actor.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number")
}

async fn run(mut app: App, with_second: bool) {
    let begun = Instant::now();
    let hour = Hour::read();
    let estate = Estate::build(&app, &hour).await;
    let desk_of = hour.busiest();
    estate::give_desk(&app, &estate.communities[&desk_of]).await;
    eprintln!(
        "{} communities and {} buildings in {:?}",
        estate.communities.len(),
        estate.buildings.len(),
        begun.elapsed()
    );

    let second = if with_second { Some(app.second().await) } else { None };
    // Where each gateway is now; who is cut off comes back there.
    let (first_url, at_first) = watch::channel(app.url.clone());
    let (_second_url, at_second) =
        watch::channel(second.as_ref().map_or_else(String::new, |(_, url)| url.clone()));
    let (group, desk) = (app.actor("group").await, app.actor(estate::DESK).await);
    let gateways = if with_second { vec![at_first, at_second] } else { vec![at_first] };
    let all = hour.complaints.len();
    let of_desk = hour.complaints.iter().filter(|complaint| complaint.district == desk_of).count();
    let mut listening = Vec::new();
    for gateway in &gateways {
        for (actor, count, stay) in [(&group, all, all), (&desk, of_desk, all), (&group, all, 50)] {
            let listener = Listener::open(actor.clone(), gateway.clone(), stay).await;
            listening.push((count, tokio::spawn(listener.hear(count))));
        }
    }

    let begun = Instant::now();
    let mut filed = Vec::new();
    for (place, complaint) in hour.complaints.iter().enumerate() {
        if place == all / 2 {
            app = restart(app, &first_url, second.is_some(), async {
                let (_, url) = second.as_ref().unwrap();
                for complaint in &hour.complaints[place..place + WHILE_AWAY] {
                    filed.push(file(&group.at(url), &estate, complaint).await);
                }
            })
            .await;
        }
        if place < filed.len() {
            continue;
        }
        let url = match &second {
            Some((_, url)) if place % 2 == 1 => url,
            _ => &app.url,
        };
        filed.push(file(&group.at(url), &estate, complaint).await);
    }
    eprintln!("{all} complaints filed in {:?}", begun.elapsed());

    let told = |complaint: &data::Complaint, number: &String| (number.clone(), complaint.words.clone());
    let whole: Vec<_> =
        hour.complaints.iter().zip(&filed).map(|(complaint, number)| told(complaint, number)).collect();
    let desks: Vec<_> = hour
        .complaints
        .iter()
        .zip(&filed)
        .filter(|(complaint, _)| complaint.district == desk_of)
        .map(|(complaint, number)| told(complaint, number))
        .collect();
    for (count, listener) in listening {
        let heard = listener.await.unwrap();
        let expected = if count == all { &whole } else { &desks };
        assert!(heard.told == *expected, "heard {} of {}", heard.told.len(), expected.len());
        eprintln!("a listener heard {count} in order, connected {} times", heard.connected);
    }
    eprintln!("all heard everything after {:?}", begun.elapsed());
    if let Some((running, _)) = second {
        running.stop().await;
    }
    app.stop().await;
}

/// Stops the first gateway and begins it anew; where there is another, work goes on there meanwhile.
async fn restart(
    app: App,
    url: &watch::Sender<String>,
    has_other: bool,
    meanwhile: impl Future<Output = ()>,
) -> App {
    let app = if has_other {
        let (app, ()) = tokio::join!(app.restart(), meanwhile);
        app
    } else {
        app.restart().await
    };
    url.send_replace(app.url.clone());
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    Box::pin(run(App::on_sqlite().await, false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_with_two_gateways() {
    let Some(app) = App::on_postgres().await else { return };
    Box::pin(run(app, true)).await;
}
