//! The clocks: due times over service hours, holidays, weekends, changes of the clock and holds.

use chrono::{DateTime, Utc};
use concierge::base::Clock;
use concierge::base::id::CommunityId;
use concierge::domain::Community;
use concierge::domain::ticket::Priority;
use concierge::domain::ticket::sla::{Clocks, Target};
use serde_json::{Value, json};

const NINE_TO_SIX: [&str; 2] = ["09:00:00", "18:00:00"];

fn week(days: [&[[&str; 2]]; 7]) -> Value {
    json!(days)
}

fn six_days() -> Value {
    let day: &[[&str; 2]] = &[NINE_TO_SIX];
    week([day, day, day, day, day, day, &[]])
}

fn clocks_in(zone: &str, week: Value, holidays: &[&str], targets: Value) -> Clocks {
    let now = utc("2026-01-01T00:00:00Z");
    let id: CommunityId = Clock::manual(now).id();
    Clocks::of(&Community {
        id,
        code: "XH".to_owned(),
        name: "星河·国际".to_owned(),
        time_zone: zone.to_owned(),
        service_hours: Value::from_iter([("week", week), ("holidays", json!(holidays))]),
        clock_targets: targets,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    })
}

fn shanghai() -> Clocks {
    clocks_in("Asia/Shanghai", six_days(), &["2026-11-26"], json!({}))
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_ticket_of_every_priority_is_due() {
    let clocks = shanghai();
    // Filed, priority, first response, resolution; 23 November 2026 is a Monday, the 26th is a holiday.
    let table = [
        (
            "2026-11-23T10:00:00+08:00",
            Priority::Urgent,
            "2026-11-23T10:15:00+08:00",
            "2026-11-23T14:00:00+08:00",
        ),
        (
            "2026-11-22T23:50:00+08:00",
            Priority::Urgent,
            "2026-11-23T00:05:00+08:00",
            "2026-11-23T03:50:00+08:00",
        ),
        (
            "2026-11-23T10:00:00+08:00",
            Priority::High,
            "2026-11-23T11:00:00+08:00",
            "2026-11-24T10:00:00+08:00",
        ),
        // Within the day; the third service day goes over the holiday.
        (
            "2026-11-23T10:00:00+08:00",
            Priority::Normal,
            "2026-11-23T14:00:00+08:00",
            "2026-11-27T10:00:00+08:00",
        ),
        // Over the night.
        (
            "2026-11-23T16:00:00+08:00",
            Priority::Normal,
            "2026-11-24T11:00:00+08:00",
            "2026-11-27T16:00:00+08:00",
        ),
        // Before the hours, and after them: the clock begins when they do.
        (
            "2026-11-23T06:00:00+08:00",
            Priority::Normal,
            "2026-11-23T13:00:00+08:00",
            "2026-11-25T18:00:00+08:00",
        ),
        (
            "2026-11-23T20:00:00+08:00",
            Priority::Normal,
            "2026-11-24T13:00:00+08:00",
            "2026-11-27T18:00:00+08:00",
        ),
        // Saturday afternoon: over Sunday.
        (
            "2026-11-21T16:00:00+08:00",
            Priority::Normal,
            "2026-11-23T11:00:00+08:00",
            "2026-11-25T16:00:00+08:00",
        ),
        (
            "2026-11-22T12:00:00+08:00",
            Priority::Normal,
            "2026-11-23T13:00:00+08:00",
            "2026-11-25T18:00:00+08:00",
        ),
        // On the holiday itself.
        (
            "2026-11-26T12:00:00+08:00",
            Priority::Low,
            "2026-11-27T18:00:00+08:00",
            "2026-12-04T18:00:00+08:00",
        ),
        (
            "2026-11-23T10:00:00+08:00",
            Priority::Low,
            "2026-11-24T10:00:00+08:00",
            "2026-12-02T10:00:00+08:00",
        ),
    ];
    for (filed, priority, response, resolution) in table {
        let targets = clocks.targets(priority);
        assert_eq!(clocks.due(utc(filed), targets.response), utc(response), "{priority:?} {filed}: response");
        assert_eq!(
            clocks.due(utc(filed), targets.resolution),
            utc(resolution),
            "{priority:?} {filed}: resolution"
        );
    }
}

#[test]
fn a_community_sets_its_own_targets() {
    let own = json!({ "NORMAL": { "response": { "ALWAYS": 30 }, "resolution": { "SERVICE_MINUTES": 120 } } });
    let clocks = clocks_in("Asia/Shanghai", six_days(), &[], own);
    let targets = clocks.targets(Priority::Normal);
    assert_eq!(targets.response, Target::Always(30));
    assert_eq!(
        clocks.due(utc("2026-11-23T17:00:00+08:00"), targets.resolution),
        utc("2026-11-24T10:00:00+08:00")
    );
    assert_eq!(clocks.targets(Priority::Low).response, Target::ServiceDays(1));
}

#[test]
fn the_hours_follow_the_clock_when_it_changes() {
    let day: &[[&str; 2]] = &[NINE_TO_SIX];
    let berlin = clocks_in("Europe/Berlin", week([day; 7]), &[], json!({}));
    let two_hours = Target::ServiceMinutes(120);
    // Summer time begins on 29 March 2026 and ends on 25 October: nine o'clock is another moment.
    assert_eq!(berlin.due(utc("2026-03-28T17:00:00+01:00"), two_hours), utc("2026-03-29T10:00:00+02:00"));
    assert_eq!(berlin.due(utc("2026-10-24T17:00:00+02:00"), two_hours), utc("2026-10-25T10:00:00+01:00"));
    // What always runs does not care.
    assert_eq!(
        berlin.due(utc("2026-03-28T17:00:00+01:00"), Target::Always(24 * 60)),
        utc("2026-03-29T18:00:00+02:00")
    );
    // Hours that begin in the hour that is skipped begin after it, not at another zone's time.
    let night: &[[&str; 2]] = &[["02:30:00", "06:00:00"]];
    let berlin = clocks_in("Europe/Berlin", week([night; 7]), &[], json!({}));
    assert_eq!(
        berlin.due(utc("2026-03-29T00:00:00+01:00"), Target::ServiceMinutes(30)),
        utc("2026-03-29T04:00:00+02:00")
    );
}

#[test]
fn a_service_day_is_the_calendars_usual_length() {
    let (long, short): (&[[&str; 2]], &[[&str; 2]]) =
        (&[["09:00:00", "12:00:00"], ["14:00:00", "18:00:00"]], &[["09:00:00", "12:00:00"]]);
    let clocks = clocks_in("Asia/Shanghai", week([long, long, long, long, long, short, &[]]), &[], json!({}));
    // Seven hours, with the noon left out; the short Saturday has three of them.
    assert_eq!(
        clocks.due(utc("2026-11-23T09:00:00+08:00"), Target::ServiceDays(1)),
        utc("2026-11-23T18:00:00+08:00")
    );
    assert_eq!(
        clocks.due(utc("2026-11-23T11:00:00+08:00"), Target::ServiceMinutes(120)),
        utc("2026-11-23T15:00:00+08:00")
    );
    assert_eq!(
        clocks.due(utc("2026-11-28T09:00:00+08:00"), Target::ServiceDays(1)),
        utc("2026-11-30T15:00:00+08:00")
    );
}

#[test]
fn without_any_hours_time_runs_always() {
    let empty = clocks_in("Asia/Shanghai", week([&[]; 7]), &[], json!({}));
    let start = utc("2026-11-23T10:00:00+08:00");
    assert_eq!(empty.due(start, Target::ServiceMinutes(240)), utc("2026-11-23T14:00:00+08:00"));
    assert_eq!(empty.due(start, Target::ServiceDays(3)), utc("2026-11-26T10:00:00+08:00"));
}

#[test]
fn what_cannot_be_read_is_as_by_default() {
    let clocks = clocks_in("Nowhere/Land", json!("closed"), &[], json!({ "NORMAL": 3 }));
    let targets = clocks.targets(Priority::Normal);
    assert_eq!(clocks.due(utc("2026-11-23T09:00:00Z"), targets.response), utc("2026-11-23T13:00:00Z"));
}

#[test]
fn a_hold_moves_the_due_time() {
    let clocks = shanghai();
    let (service, always) = (Target::ServiceDays(3), Target::Always(24 * 60));
    // Due, target, held from, to, and where it moves.
    let table = [
        // Two hours of service were left; they begin again when the hold ends.
        (
            "2026-11-24T12:00:00+08:00",
            service,
            "2026-11-24T10:00:00+08:00",
            "2026-11-25T10:00:00+08:00",
            "2026-11-25T12:00:00+08:00",
        ),
        // It ends at night: they begin in the morning.
        (
            "2026-11-24T12:00:00+08:00",
            service,
            "2026-11-24T10:00:00+08:00",
            "2026-11-24T22:00:00+08:00",
            "2026-11-25T11:00:00+08:00",
        ),
        // A hold over the night alone takes nothing.
        (
            "2026-11-24T12:00:00+08:00",
            service,
            "2026-11-23T19:00:00+08:00",
            "2026-11-24T08:00:00+08:00",
            "2026-11-24T12:00:00+08:00",
        ),
        // What was late before stays late.
        (
            "2026-11-24T09:00:00+08:00",
            service,
            "2026-11-24T10:00:00+08:00",
            "2026-11-25T10:00:00+08:00",
            "2026-11-24T09:00:00+08:00",
        ),
        (
            "2026-11-24T12:00:00+08:00",
            always,
            "2026-11-24T10:00:00+08:00",
            "2026-11-25T13:00:00+08:00",
            "2026-11-25T15:00:00+08:00",
        ),
    ];
    for (due, target, from, to, moved) in table {
        assert_eq!(
            clocks.moved(utc(due), target, utc(from), utc(to)),
            utc(moved),
            "{due} held {from} to {to}"
        );
    }
}
