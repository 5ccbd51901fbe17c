//! The table of a ticket's life, every status with every act.

use concierge::domain::ticket::{Act, Status, lifecycle};
use sea_orm::{ActiveEnum, Iterable};

/// What each act leads to from NEW, ASSIGNED, IN_PROGRESS, ON_HOLD, RESOLVED, CLOSED, REOPENED, REJECTED, CANCELLED
/// and MERGED: N A P H R C O J X M; `.` is the same status, `-` is not possible.
const TABLE: &str = "
                N A P H R C O J X M
    FILE        - - - - - - - - - -
    ACKNOWLEDGE . . . . - - . - - -
    ASSIGN      A . A A - - A - - -
    HAND_BACK   - N - - - - - - - -
    ANSWER      R - - - - - - - - -
    START       - P - - - - - - - -
    HOLD        - - H - - - - - - -
    RESUME      - - - P - - - - - -
    RESOLVE     - - R R - - - - - -
    REJECT      J J J J - - - - - -
    MERGE       M M M M - - - - - -
    CANCEL      X X X X - - - - - -
    CONFIRM     - - - - C - - - - -
    CALL_BACK   - - - - . - - - - -
    CLOSE       - - - - C - - - - -
    REOPEN      - - - - O O - O - -
    RATE        - - - - . . - - - -
    HURRY       . . . . - - . - - -
    ESCALATE    . . . . - - . - - -
    WARN        - - - - - - - - - -
    RECEIPT     . . . . - - . - - -
    TAKE_OVER   A . A A - - A - - -
    MARK_MAJOR  . . . . - - . - - -
    DISPOSE     . . . . - - . - - -
    COMMENT     . . . . . . . . . -
    DISPATCH    - . . . - - - - - -
    TAKE_ORDER  - P . . - - - - - -
    RETURN_ORDER - . . . - - - - - -
    FINISH_ORDER - . . . - - - - - -
    SCHEDULE    - . . . - - - - - -
    ORDER_LATE  - - - - - - - - - -
    REDACT      . . . . . . . . . .
    ERASE       - - - - - - - - - -
";

fn status(letter: &str) -> Status {
    match letter {
        "N" => Status::New,
        "A" => Status::Assigned,
        "P" => Status::InProgress,
        "H" => Status::OnHold,
        "R" => Status::Resolved,
        "C" => Status::Closed,
        "O" => Status::Reopened,
        "J" => Status::Rejected,
        "X" => Status::Cancelled,
        "M" => Status::Merged,
        other => panic!("{other} is no status"),
    }
}

#[test]
fn every_status_with_every_act() {
    let mut rows = TABLE.lines().map(str::split_whitespace).filter(|row| row.clone().next().is_some());
    let from = rows.next().unwrap().map(status).collect::<Vec<_>>();
    let mut acts = Act::iter();
    for mut row in rows {
        let name = row.next().unwrap();
        let act = acts.next().unwrap();
        assert_eq!(act.to_value(), name, "the table's rows stand in the order of the acts");
        let cells = row.collect::<Vec<_>>();
        assert_eq!(cells.len(), from.len(), "{name}");
        for (from, cell) in from.iter().zip(cells) {
            let expected = match cell {
                "-" => None,
                "." => Some(*from),
                letter => Some(status(letter)),
            };
            assert_eq!(lifecycle::next(*from, act), expected, "{act} in {from}");
        }
    }
    assert_eq!(acts.next(), None);
}

#[test]
fn a_status_is_open_or_ended_or_waits_for_the_reporter() {
    for status in Status::iter() {
        let (open, ended) = (lifecycle::is_open(status), lifecycle::is_ended(status));
        assert_eq!(!open && !ended, status == Status::Resolved, "{status}");
        assert!(!(open && ended), "{status}");
    }
}
