//! What was exported and is imported into an empty database is exported as the same file.

use chrono::NaiveDate;
use concierge::storage::{occupancy, occupant, ticket};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Database, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::Office;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_estate_goes_out_in_and_out_again() {
    for (office, other) in Office::all().await.into_iter().zip(Office::all().await) {
        office.home.done(&["seed", "--days", "10"]);
        lose_two(&office).await;
        for format in ["csv", "xlsx"] {
            for what in ["register", "tickets"] {
                office.done(&format!("export {what} --out {what}.{format}"));
                other.write(&format!("{what}.{format}"), office.read(&format!("{what}.{format}")));
            }
        }
        other.done("import register register.csv");
        let refused = other.refused("import tickets tickets.csv");
        assert!(refused.contains("there is no category \"WATER\""), "{refused}");
        let out = other.done("import tickets tickets.csv --create categories,staff");
        let tickets = office.count("ticket").await;
        assert!(out.contains(&format!("tickets: {tickets} new, 0 updated, 0 unchanged")), "{out}");
        for what in ["register", "tickets"] {
            for format in ["csv", "xlsx"] {
                let name = format!("{what}.{format}");
                other.done(&format!("export {what} --out again-{name}"));
                assert!(office.read(&name) == other.read(&format!("again-{name}")), "{name}");
            }
        }
        // The workbook says the same as the text.
        assert!(other.done("import register register.xlsx").contains("units: 0 new, 0 updated"));
        let out = other.done("import tickets tickets.xlsx");
        assert!(out.contains(&format!("tickets: 0 new, 0 updated, {tickets} unchanged")), "{out}");
    }
}

/// One who raised something that has ended is erased, and another one is closed.
async fn lose_two(office: &Office) {
    let db = Database::connect(&office.database.url).await.unwrap();
    let matters = ticket::Entity::find().order_by_asc(ticket::Column::Number).all(&db).await.unwrap();
    let of = |id| matters.iter().filter(move |row| row.reporter_id == Some(id));
    let mut leaving = matters.iter().filter_map(|row| row.reporter_id).collect::<Vec<_>>();
    leaving.retain(|id| of(*id).all(|row| row.ended_at.is_some()));
    leaving.dedup();
    let [erased, closed, ..] = leaving[..] else { panic!("nobody's matters have ended") };
    for id in [erased, closed] {
        let left = occupancy::Entity::update_many().filter(occupancy::Column::OccupantId.eq(id));
        left.col_expr(occupancy::Column::ToOn, Expr::value(NaiveDate::from_ymd_opt(2026, 1, 1)))
            .exec(&db)
            .await
            .unwrap();
    }
    let mut gone = occupant::Entity::find_by_id(closed).one(&db).await.unwrap().unwrap().into_active_model();
    gone.closed_at = Set(Some(gone.created_at.take().unwrap()));
    gone.update(&db).await.unwrap();
    db.close().await.unwrap();
    office.home.done(&["privacy", "erase", "--occupant", &erased.to_string(), "--reason", "own-request"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_becomes_a_formula() {
    for office in Office::all().await {
        let name = "'=HYPERLINK(\"\"http://example\"\",\"\"x\"\")";
        office.write(
            "list.csv",
            format!(
                "community,community_name,building,unit,name,phone,role,from\n\
                 XH,星河,1栋,101,\"{name}\",+8613800000001,OWNER,2020-01-01\n"
            ),
        );
        office.done("import register list.csv");
        let exported = office.exported("register");
        assert!(exported.contains("\"'=HYPERLINK(\"\"http://example\"\",\"\"x\"\")\""), "{exported}");
        assert!(exported.contains(",'+8613800000001,"), "{exported}");
        office.write("again.csv", &exported);
        let out = office.done("import register again.csv");
        assert!(out.contains("occupants: 0 new, 0 updated, 1 unchanged"), "{out}");
        assert_eq!(office.exported("register"), exported);
    }
}
