//! One person's data, handed out and erased from the command line.

use concierge::storage::{account, occupancy, occupant, staff, ticket};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Database, EntityTrait, QueryFilter};
use serde_json::Value;

use super::process::Home;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_exported_and_after_leaving_erased() {
    let home = Home::new();
    home.done(&["seed", "--days", "10"]);
    let url = format!("sqlite://{}/data/concierge.db", home.folder.display());
    let db = Database::connect(&url).await.unwrap();
    let with_account = account::Entity::find().filter(account::Column::OccupantId.is_not_null());
    let id = with_account.one(&db).await.unwrap().unwrap().occupant_id.unwrap();
    let name = occupant::Entity::find_by_id(id).one(&db).await.unwrap().unwrap().name;
    let shown = id.to_string();

    let file = home.folder.join("person.json");
    let export = ["privacy", "export", "--occupant", &shown, "--out", "person.json"];
    assert_eq!(home.done(&export), "");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(document["occupant"]["name"], name.as_str());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = home.run(&export);
    assert_eq!((again.code, again.out.as_str()), (1, ""), "no file is written over");
    assert!(home.done(&["privacy", "export", "--occupant", &shown]).contains(&name));

    let erase = ["privacy", "erase", "--occupant", &shown, "--reason", "own-request"];
    let here = home.run(&erase);
    assert_eq!(here.code, 1);
    assert!(here.err.contains("they live or work in a unit still"), "{}", here.err);
    let member = staff::Entity::find().one(&db).await.unwrap().unwrap();
    let of_staff = home.done(&["privacy", "export", "--staff", &member.id.to_string()]);
    assert_eq!(serde_json::from_str::<Value>(&of_staff).unwrap()["staff"]["name"], member.name.as_str());
    for (line, code, said) in [
        (&["privacy", "erase", "--reason", "ordered"][..], 2, "--occupant"),
        (&["privacy", "erase", "--occupant", &shown], 2, "--reason"),
        (
            &["privacy", "erase", "--staff", &shown, "--reason", "ordered"],
            1,
            "this id is of kind \"occupant\"",
        ),
        (&["privacy", "export", "--occupant", "x"], 1, "\"x\" is not an id"),
    ] {
        let ran = home.run(line);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{line:?}");
        assert!(ran.err.contains(said), "{line:?}: {}", ran.err);
    }

    let gone = occupancy::Entity::update_many().filter(occupancy::Column::OccupantId.eq(id));
    gone.col_expr(occupancy::Column::ToOn, Expr::value("2026-01-01")).exec(&db).await.unwrap();
    let ended = ticket::Entity::update_many().filter(ticket::Column::ReporterId.eq(id));
    ended.col_expr(ticket::Column::Status, Expr::value("CANCELLED")).exec(&db).await.unwrap();
    let dry = home.done(&["privacy", "erase", "--occupant", &shown, "--reason", "own-request", "--dry-run"]);
    assert!(dry.starts_with("this would be erased:\n  1 accounts\n"), "{dry}");
    let ledger = home.folder.join("data/erasures.jsonl");
    assert!(!ledger.exists());
    assert_eq!(home.done(&erase), dry.replace("this would be erased:", "erased:"));
    assert_eq!(std::fs::read_to_string(&ledger).unwrap().lines().count(), 1);
    assert_eq!(home.done(&["privacy", "replay"]), "the database has all that the ledger of erasures has\n");
    let left = occupant::Entity::find_by_id(id).one(&db).await.unwrap().unwrap();
    assert_eq!((left.name.as_str(), left.phone), ("", None));
    db.close().await.unwrap();
}
