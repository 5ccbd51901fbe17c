//! What was exported and is imported into an empty database is exported as the same file.

use super::Office;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_estate_goes_out_in_and_out_again() {
    for (office, other) in Office::all().await.into_iter().zip(Office::all().await) {
        office.home.done(&["seed", "--days", "10"]);
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
