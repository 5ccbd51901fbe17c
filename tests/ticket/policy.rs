//! The table of roles, every role with every act and every way to stand to a ticket.

use concierge::domain::Role;
use concierge::domain::ticket::Act;
use concierge::domain::ticket::policy::{Relation, may};
use sea_orm::{ActiveEnum, Iterable};

/// Who may do what. `y` always, `-` never; else only so: `o` as the owner, `c` when the building is in their charge,
/// `e` either of these, `w` with a work order to them or their team, `g` when it has come to the group, `k` unless they
/// resolved it, `l` when it has come to their level, `s` as the owner or when it has come to the group.
const TABLE: &str = "
                DESK WORKER ASSIST SUPER CENTER MANAGER HEAD GROUP
    FILE         -    -      -      -     -      -       -    -
    ACKNOWLEDGE  y    -      c      y     y      y       y    g
    ASSIGN       y    -      c      y     y      y       y    g
    HAND_BACK    -    -      o      o     o      o       o    o
    ANSWER       y    -      y      y     y      y       y    -
    START        -    w      o      o     o      o       o    o
    HOLD         -    w      o      o     o      o       o    o
    RESUME       -    w      o      o     o      o       o    o
    RESOLVE      -    w      o      o     o      o       o    o
    REJECT       -    -      -      y     y      y       y    y
    MERGE        y    -      c      y     y      y       y    -
    CANCEL       y    -      -      -     y      -       -    -
    CONFIRM      -    -      -      -     -      -       -    -
    CALL_BACK    k    -      -      -     k      -       -    -
    CLOSE        -    -      -      -     -      -       -    -
    REOPEN       -    -      -      y     -      y       y    y
    RATE         -    -      -      -     -      -       -    -
    HURRY        y    -      -      -     y      -       -    -
    ESCALATE     y    y      y      y     y      y       y    -
    WARN         -    -      -      -     -      -       -    -
    RECEIPT      -    -      -      l     l      l       l    g
    TAKE_OVER    -    -      -      y     y      y       y    g
    MARK_MAJOR   -    -      -      y     y      y       y    y
    DISPOSE      -    -      -      y     y      y       y    y
    COMMENT      y    w      e      y     y      y       y    y
    DISPATCH     y    -      c      y     y      y       y    g
    TAKE_ORDER   -    w      -      -     -      -       -    -
    RETURN_ORDER -    w      -      -     -      -       -    -
    FINISH_ORDER -    w      -      -     -      -       -    -
    SCHEDULE     y    w      e      y     y      y       y    s
    ORDER_LATE   -    -      -      -     -      -       -    -
    REDACT       -    -      -      y     y      y       y    y
    ERASE        -    -      -      -     -      -       -    -
";

const ROLES: [Role; 8] = [
    Role::FrontDesk,
    Role::Worker,
    Role::Assistant,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
];

/// The level at which each role of the line is told.
fn told_at(role: Role) -> i32 {
    match role {
        Role::Supervisor | Role::CenterSupervisor => 1,
        Role::ServiceManager => 2,
        Role::ProjectHead => 3,
        _ => 4,
    }
}

/// Every way to stand to a ticket but as its reporter.
fn relations(role: Role) -> impl Iterator<Item = Relation> {
    (0..32).flat_map(move |bits: u8| {
        (0..=4).map(move |level| Relation {
            roles: vec![role],
            reporter: false,
            owner: bits & 1 > 0,
            in_charge: bits & 2 > 0,
            ordered: bits & 4 > 0,
            resolver: bits & 8 > 0,
            with_group: level == 4,
            level,
        })
    })
}

fn expected(cell: &str, role: Role, how: &Relation) -> bool {
    match cell {
        "y" => true,
        "-" => false,
        "o" => how.owner,
        "c" => how.in_charge,
        "e" => how.owner || how.in_charge,
        "w" => how.ordered,
        "g" => how.with_group,
        "k" => !how.resolver,
        "l" => how.level >= told_at(role),
        "s" => how.owner || how.with_group,
        other => panic!("{other} is no answer"),
    }
}

#[test]
fn every_role_with_every_act() {
    let rows = TABLE.lines().map(str::split_whitespace).filter(|row| row.clone().next().is_some()).skip(1);
    let mut acts = Act::iter();
    for mut row in rows {
        let (name, act) = (row.next().unwrap(), acts.next().unwrap());
        assert_eq!(act.to_value(), name, "the table's rows stand in the order of the acts");
        for (role, cell) in ROLES.into_iter().zip(row) {
            for how in relations(role) {
                assert_eq!(may(&how, act), expected(cell, role, &how), "{role:?} {act} {how:?}");
            }
        }
    }
    assert_eq!(acts.next(), None);
}

#[test]
fn some_roles_act_on_no_ticket() {
    for role in [Role::QualityOffice, Role::Executive, Role::Personnel, Role::Admin] {
        for how in relations(role) {
            assert!(Act::iter().all(|act| !may(&how, act)), "{role:?} {how:?}");
        }
    }
}

#[test]
fn what_a_reporter_may() {
    let reporter = Relation { reporter: true, ..Relation::default() };
    let acts = Act::iter().filter(|act| may(&reporter, *act)).collect::<Vec<_>>();
    let expected = [Act::Cancel, Act::Confirm, Act::Reopen, Act::Rate, Act::Hurry, Act::Comment];
    assert_eq!(acts, expected);
    assert!(Act::iter().all(|act| !may(&Relation::default(), act)));
}

#[test]
fn rights_are_the_union_of_the_roles() {
    let both = Relation { roles: vec![Role::FrontDesk, Role::Supervisor], ..Relation::default() };
    assert!(may(&both, Act::CallBack) && may(&both, Act::Reopen));
}
