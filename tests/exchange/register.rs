//! The register in from a list as offices keep it.

use super::{Office, untold};

const LIST: &str = "\
小区代码,小区名称,楼栋,单元,房号,楼层,用途,面积,姓名,电话,身份,入住日期
XH,星河·国际,1栋,1单元,１０１,1层,住宅,89.5,张伟,138-0000-0001,业主,2020年3月1日
XH,星河·国际,1栋,1单元,101,1,住宅,89.5,李娜,１３８００００００２２,家属,2020/3/1
XH,星河·国际,1栋,1单元,102,-1,住宅,89.5,,,,
XH,星河·国际,商业街,,8,1,商铺,35,星河便利店,075588880001,租户,43891
XH,星河·国际,,,报刊亭,,档口,6,王师傅,,租户,2021-05-01
";

const FIRST: &str = "\
5 rows read, 0 refused
  communities: 1 new, 0 updated, 0 unchanged
  buildings: 2 new, 0 updated, 0 unchanged
  entrances: 1 new, 0 updated, 0 unchanged
  units: 4 new, 0 updated, 0 unchanged
  occupants: 4 new, 0 updated, 0 unchanged
  occupancies: 4 new, 0 updated, 0 unchanged
";

const AGAIN: &str = "\
5 rows read, 0 refused
  units: 0 new, 0 updated, 4 unchanged
  occupants: 0 new, 0 updated, 4 unchanged
  occupancies: 0 new, 0 updated, 4 unchanged
";

/// The register, without the references, which are ids.
fn rows(office: &Office) -> Vec<String> {
    let exported = office.exported("register");
    let mut table = csv::Reader::from_reader(exported.as_bytes());
    let rows = table.records().map(|row| {
        let row = row.unwrap();
        let cells = row.iter().enumerate().filter(|(place, _)| ![1, 2, 13].contains(place));
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join("|")
    });
    rows.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_as_it_is_kept_and_once() {
    for office in Office::all().await {
        office.write("list.csv", LIST);
        assert_eq!(office.done("import register list.csv"), FIRST);
        let expected = [
            "XH|||||报刊亭||STALL|||6|王师傅|PERSON||TENANT|2021-05-01|",
            "XH|1栋|RESIDENTIAL||1单元|101|1|RESIDENCE|||89.5|张伟|PERSON|13800000001|OWNER|2020-03-01|",
        ];
        let found = rows(&office);
        assert_eq!(found.len(), 5, "{found:#?}");
        for row in expected {
            assert!(found.contains(&row.to_owned()), "{row}: {found:#?}");
        }
        let before = untold(&office).await;
        assert_eq!(office.done("import register list.csv"), AGAIN);
        assert_eq!(untold(&office).await, before);
        assert_eq!(office.count("event").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_read_in_whatever_it_is_written() {
    for office in Office::all().await {
        office.write("list.csv", encoding_rs::GB18030.encode(LIST).0);
        assert_eq!(office.done("import register list.csv"), FIRST);
        office.write("list.csv", format!("\u{feff}{LIST}"));
        assert_eq!(office.done("import register list.csv"), AGAIN);
        office.write("list.csv", LIST.replace(',', ";"));
        assert_eq!(office.done("import register list.csv"), AGAIN);
        let utf16 = format!("\u{feff}{}", LIST.replace(',', "\t"));
        office.write("list.txt", utf16.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        assert_eq!(office.done("import register list.txt"), AGAIN);

        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet().set_name("名册").unwrap();
        for (row, line) in (0..).zip(LIST.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                match cell.parse::<f64>().ok().filter(|_| column == 7 || column == 4 && row != 1) {
                    Some(number) => sheet.write_number(row, column, number).unwrap(),
                    None => sheet.write_string(row, column, cell).unwrap(),
                };
            }
        }
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2020, 3, 1).unwrap();
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
        sheet.write_datetime_with_format(1, 11, day, &format).unwrap();
        workbook.add_worksheet().set_name("说明").unwrap();
        workbook.save(office.path("list.xlsx")).unwrap();
        assert_eq!(office.done("import register list.xlsx"), AGAIN);
        assert_eq!(office.done("import register list.xlsx --sheet 名册"), AGAIN);
        assert_eq!(
            office.refused("import register list.xlsx --sheet 数据"),
            "there is no sheet of that name; the file has 名册, 说明"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_changes_what_it_says_otherwise() {
    for office in Office::all().await {
        office.write("list.csv", LIST);
        office.done("import register list.csv");
        office.write(
            "later.csv",
            "community,building,entrance,unit,area,name,phone,role,from,to\n\
             XH,1栋,1单元,101,90.25,张伟,13800000001,OWNER,2020-03-01,2024-06-30\n\
             XH,1栋,1单元,101,,赵敏,13800000009,OWNER,2024-07-01,\n\
             XH,1栋,1单元,103,,,,,,\n\
             XH,,,报刊亭,,王师傅,13800000010,TENANT,,\n",
        );
        let expected = "\
4 rows read, 0 refused
  units: 1 new, 1 updated, 1 unchanged
  occupants: 1 new, 1 updated, 1 unchanged
  occupancies: 1 new, 1 updated, 1 unchanged
";
        assert_eq!(office.done("import register later.csv"), expected);
        let found = rows(&office);
        for row in [
            "XH|1栋|RESIDENTIAL||1单元|101|1|RESIDENCE|||90.25|张伟|PERSON|13800000001|OWNER|2020-03-01|2024-06-30",
            "XH|1栋|RESIDENTIAL||1单元|101|1|RESIDENCE|||90.25|赵敏|PERSON|13800000009|OWNER|2024-07-01|",
            "XH|1栋|RESIDENTIAL||1单元|103||RESIDENCE||||||||||",
            "XH|||||报刊亭||STALL|||6|王师傅|PERSON|13800000010|TENANT|2021-05-01|",
        ] {
            assert!(
                found.iter().any(|found| found.trim_end_matches('|') == row.trim_end_matches('|')),
                "{row}: {found:#?}"
            );
        }
        office.write(
            "overlap.csv",
            "community,building,entrance,unit,name,phone,role,from\n\
             XH,1栋,1单元,101,赵敏,13800000009,OWNER,2025-01-01\n",
        );
        assert_eq!(
            office.refused("import register overlap.csv"),
            "row 2, column H \"from\", \"2025-01-01\": this person is in this unit in the same capacity since \
             2024-07-01 already; mend the date, or delete the row"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_unless_partial() {
    for office in Office::all().await {
        let list = LIST.replace("2021-05-01", "2021-13-01");
        office.write("list.csv", &list);
        office.home.done(&["migrate"]);
        let nothing = untold(&office).await;
        let said = "row 6, column L \"入住日期\", \"2021-13-01\": this is not a date; write 2024-01-31, or \
                    2024-01-31 08:30 where a time belongs to it";
        assert_eq!(office.refused("import register list.csv"), said);
        assert_eq!(untold(&office).await, nothing);

        office.write("good.csv", LIST);
        let out = office.done("import register good.csv --dry-run");
        assert_eq!(out, format!("{FIRST}Nothing was written.\n"));
        assert_eq!(untold(&office).await, nothing);

        assert_eq!(office.refused("import register list.csv --partial --report refused.csv"), said);
        assert_eq!((office.count("unit").await, office.count("occupant").await), (3, 3));
        let report = String::from_utf8(office.read("refused.csv")).unwrap();
        assert_eq!(
            report,
            "\u{feff}row,column,header,value,code,reason\r\n6,L,入住日期,2021-13-01,NOT_A_DATE,\"this is not a date; \
             write 2024-01-31, or 2024-01-31 08:30 where a time belongs to it\"\r\n"
        );
        assert!(office.done("import register good.csv").contains("units: 1 new, 0 updated, 3 unchanged"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_of_one_name_are_two_people() {
    for office in Office::all().await {
        office.write(
            "list.csv",
            "community,community_name,building,unit,name,phone,role,from,住户编号\n\
             XH,星河,1栋,101,王芳,,OWNER,2020-01-01,\n\
             XH,星河,1栋,102,王芳,,OWNER,2020-01-01,\n\
             XH,星河,1栋,103,李强,13800000001,OWNER,2020-01-01,\n\
             XH,星河,1栋,104,李强,13800000001,OWNER,2020-01-01,\n\
             XH,星河,1栋,105,李强,13800000002,OWNER,2020-01-01,\n\
             XH,星河,1栋,106,周公,,OWNER,2020-01-01,A-7\n\
             XH,星河,1栋,107,周公,,OWNER,2020-01-01,A-7\n",
        );
        let out = office.done("import register list.csv");
        assert!(out.contains("occupants: 5 new") && out.contains("occupancies: 7 new"), "{out}");
        let again = office.done("import register list.csv");
        assert!(again.contains("occupants: 0 new, 0 updated, 5 unchanged"), "{again}");
        assert!(again.contains("occupancies: 0 new, 0 updated, 7 unchanged"), "{again}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_by_an_import_and_can_sign_in_is_told() {
    const HOME: &str = "SELECT occupant_id FROM occupancy WHERE unit_id IN (SELECT unit.id FROM unit \
                        JOIN entrance ON entrance.id = unit.entrance_id JOIN building ON building.id = unit.building_id \
                        WHERE unit.number = '101' AND entrance.name = '1单元' AND building.name = '1栋')";
    for office in Office::all().await {
        office.home.done(&["seed", "--days", "10"]);
        let told = "event WHERE topic = 'ACCESS'";
        let (before, events) = (office.count(told).await, office.count("event").await);
        let household = office.count(&format!("account WHERE occupant_id IN ({HOME})")).await;
        assert!(household > 0);
        office.write(
            "list.csv",
            "community,building,entrance,unit,name,phone,role,from\n\
             XH,1栋,1单元,101,新来的,13900000000,FAMILY,2026-01-01\n",
        );
        office.done("import register list.csv");
        assert_eq!(office.count(told).await - before, household);
        office.done("import register list.csv");
        assert_eq!(office.count("event").await - events, household);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_moved_out_moves_in_again_by_an_old_list() {
    for office in Office::all().await {
        let list = "小区代码,小区名称,楼栋,房号,姓名,身份\nXH,星河·国际,1栋,101,张伟,业主\n";
        office.write("list.csv", list);
        office.done("import register list.csv");
        let since = rows(&office)[0].rsplit('|').nth(1).unwrap().to_owned();
        let left = "小区代码,楼栋,房号,姓名,身份,入住日期,迁出日期\n";
        office.write("left.csv", format!("{left}XH,1栋,101,张伟,业主,{since},{since}\n"));
        assert!(
            office.done("import register left.csv").contains("occupancies: 0 new, 1 updated, 0 unchanged")
        );
        let before = rows(&office);
        let again = office.done("import register list.csv");
        assert!(again.contains("occupancies: 0 new, 0 updated, 1 unchanged"), "{again}");
        assert_eq!(rows(&office), before);
        // Who comes back comes back on a day.
        office.write("back.csv", format!("{left}XH,1栋,101,张伟,业主,2040-01-01,\n"));
        assert!(
            office.done("import register back.csv").contains("occupancies: 1 new, 0 updated, 0 unchanged")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_has_one_name_in_a_file() {
    for office in Office::all().await {
        let head = "小区代码,小区名称,楼栋,房号,住户编号,姓名,身份\n";
        let rows = "XH,星河·国际,1栋,201,A1,张三,业主\nXH,星河·国际,1栋,202,A1,李四,业主\n";
        office.write("list.csv", format!("{head}{rows}"));
        let refused = office.refused("import register list.csv");
        let why = "this reference belongs to \"张三\", who is called otherwise in this row; check both";
        assert_eq!(refused, format!("row 3, column E \"住户编号\", \"A1\": {why}"));
        assert_eq!(office.count("occupant").await, 0);
        // Far apart in a file as well, and for somebody who is known.
        office.write("list.csv", format!("{head}XH,星河·国际,1栋,201,A1,张三,业主\n"));
        office.done("import register list.csv");
        let others: String = (0..1_500).map(|n| format!("XH,星河·国际,1栋,9{n},,,\n")).collect();
        let rows = rows.replace("XH,星河·国际,1栋,202", &format!("{others}XH,星河·国际,1栋,202"));
        office.write("list.csv", format!("{head}{rows}"));
        assert_eq!(
            office.refused("import register list.csv"),
            format!("row 1503, column E \"住户编号\", \"A1\": {why}")
        );
        // A name that has changed since is another matter.
        office.write("list.csv", format!("{head}XH,星河·国际,1栋,201,A1,张三丰,业主\n"));
        assert!(office.done("import register list.csv").contains("occupants: 0 new, 1 updated, 0 unchanged"));
    }
}
