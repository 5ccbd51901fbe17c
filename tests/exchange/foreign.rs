//! The real file of another system, with the map that is given as an example.

use std::path::PathBuf;

use super::Office;

const FILE: &str = "nyc311-2022-05-01-first-hour.csv";

fn real_file() -> Option<PathBuf> {
    let given = std::env::var_os("CONCIERGE_REAL_DATA").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    Some(folder.join(FILE)).filter(|file| file.exists())
}

fn map(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/import").join(name).display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_of_a_city_is_imported_whole() {
    let Some(file) = real_file() else {
        eprintln!("no real data; the example map for it is not tried");
        return;
    };
    let line = format!("import tickets {} --map {}", file.display(), map("nyc311-tickets.toml"));
    for office in Office::all().await {
        let out = office.done(&line);
        let expected = "\
924 rows read, 0 refused
  communities: 65 new, 0 updated, 0 unchanged
  buildings: 643 new, 0 updated, 0 unchanged
  categories: 37 new, 0 updated, 0 unchanged
  tickets: 924 new, 0 updated, 0 unchanged
";
        assert_eq!(out, expected);
        let again = office.done(&line);
        assert_eq!(again, "924 rows read, 0 refused\n  tickets: 0 new, 0 updated, 924 unchanged\n");
        assert_eq!(office.count("ticket WHERE status = 'CLOSED'").await, 480);
        assert_eq!(office.count("event").await, 0);
        let exported = office.exported("tickets");
        assert!(
            exported.contains("nyc311:54049402,BX04,04 BRONX,COMPLAINT,NEW,NORMAL,WEB,"),
            "{}",
            &exported[..2000]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_list_with_headers_of_its_own_is_imported() {
    for office in Office::all().await {
        office.write("base.csv", "community,community_name\nXH,星河·国际\n");
        office.done("import register base.csv");
        office.write(
            "list.csv",
            "序号,业主代码,业主名称,联系方式,楼宇名称,单元名称,房间编号,所在楼层,房间类型,计费面积,与业主关系,收楼日期,备注\n\
             1,Y001,张伟,13800000001,1栋,1单元,101,1,普通住宅,89.5,本人,2020-03-01,好\n\
             2,Y002,李娜,13800000002,1栋,1单元,101,1,普通住宅,89.5,家庭成员,2020-03-01,\n\
             3,Y003,王芳,,2栋,,8,1,底商,30,,2020-03-01,\n",
        );
        let out = office.done(&format!("import register list.csv --map {}", map("register-zh.toml")));
        assert!(out.contains("units: 2 new") && out.contains("occupancies: 3 new"), "{out}");
        let exported = office.exported("register");
        assert!(
            exported.contains("2栋,RETAIL,,,8,1,SHOP,,,30,oldsystem:Y003,王芳,PERSON,,OWNER,2020-03-01,"),
            "{exported}"
        );
    }
}
