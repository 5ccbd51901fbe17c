//! Texts that another program would read by guess: here they are refused, or read as what they are.

use super::{Office, untold};

const TICKETS: &str = "外部编号,小区代码,类型,状态,地点,报事时间,描述\n";

const BROKEN: &str = "the quotation mark that opens this cell is never closed, or text follows where it closes; close \
                      it or delete it. A mark that belongs to the text is written twice (\"\"), in a cell that stands \
                      in quotation marks";

/// So many good rows, each with what its last cell says.
fn rows(description: &str) -> String {
    (1..=40).map(|row| format!("{row},XH,投诉,新建,大堂,2024-01-01,{description}\n")).collect()
}

async fn offices() -> Vec<Office> {
    let offices = Office::all().await;
    for office in &offices {
        office.write("base.csv", "community,community_name\nXH,星河\n");
        office.done("import register base.csv");
    }
    offices
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quotation_mark_that_is_never_closed_swallows_no_rows() {
    for office in offices().await {
        let before = untold(&office).await;
        let opened = "901,XH,投诉,新建,大堂,2024-01-01,\"没关上的引号\n";
        for (list, row) in [
            (format!("{TICKETS}{opened}{}", rows("吵")), 2),
            // The mark that opens the next quoted cell closes this one, and text follows.
            (format!("{TICKETS}{}{opened}{}", rows("吵"), rows("\"吵3\"")), 42),
            (format!("{TICKETS}\n{}", opened.replace("引号", "引号\" 了")), 3),
        ] {
            office.write("list.csv", list);
            for how in ["", " --partial"] {
                let refused = office.refused(&format!("import tickets list.csv{how}"));
                assert!(refused.starts_with(&format!("row {row}, \"没关上的引号")), "{refused}");
                assert!(refused.ends_with(BROKEN) && refused.lines().count() == 1, "{refused}");
            }
        }
        assert_eq!(untold(&office).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_and_marks_within_a_cell_are_kept() {
    for office in offices().await {
        let said = "\"第一行\r\n第二行，\"\"很吵\"\"\",";
        office.write(
            "list.csv",
            format!(
                "{}B-1,XH,投诉,新建,5\" 管旁,2024-01-01,{said}\r\n\r\nB-2,YS,投诉,新建,大堂,2024-01-01,吵,\r\n",
                TICKETS.replace('\n', ",\r\n")
            ),
        );
        // A spreadsheet counts a cell of two lines as one row, and the blank one as another.
        let refused = office.refused("import tickets list.csv --partial");
        assert_eq!(refused, "row 4, column B \"小区代码\": there is no community with the code YS");
        let exported = office.exported("tickets");
        assert!(exported.contains("\"第一行\n第二行，\"\"很吵\"\"\""), "{exported}");
        assert!(exported.contains("\"5\"\" 管旁\""), "{exported}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_is_not_there_is_called_by_its_name() {
    for office in offices().await {
        office.write("list.csv", "小区代码,小区名称,楼栋,房号,姓名,电话\nXH,星河,1栋,101,张伟,13800000001\n");
        assert_eq!(office.refused("import register list.csv"), "a column is missing: occupancy");
        let ran = office.home.run(&["import", "register", "list.csv", "--lang", "zh"]);
        assert!(ran.err.contains("缺少列：身份"), "{}", ran.err);

        office.write("owners.csv", "小区代码,楼栋,房号,业主姓名,迁出日期\nXH,1栋,101,张伟,2024-01-31\n");
        assert_eq!(
            office.refused("import register owners.csv"),
            "row 2, column \"from_on\", which the file does not have: this must be filled in"
        );
        let ran =
            office.home.run(&["import", "register", "owners.csv", "--lang", "zh", "--report", "told.csv"]);
        assert!(ran.err.contains("第 2 行「入住日期」列（表格里没有这一列）：这里必须填写"), "{}", ran.err);
        let told = String::from_utf8(office.read("told.csv")).unwrap();
        assert!(told.contains("\r\n2,,入住日期,,MISSING,"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn formulas_and_their_errors_are_no_data() {
    for office in offices().await {
        office.write(
            "list.csv",
            "community,building,unit,layout,orientation\n\
             XH,1栋,=\"0103\",\"=\"\"a\"\"\"\"b\"\"\",'#N/A\n\
             XH,1栋,\"=\"\"0104\"\"\",'=1+1,'###\n",
        );
        assert!(office.done("import register list.csv").contains("units: 2 new"));
        let exported = office.exported("register");
        assert!(exported.contains(",0103,,RESIDENCE,\"a\"\"b\",'#N/A,"), "{exported}");
        assert!(exported.contains(",0104,,RESIDENCE,'=1+1,'###,"), "{exported}");
        office.write("again.csv", &exported);
        assert!(office.done("import register again.csv").contains("units: 0 new, 0 updated, 2 unchanged"));

        let error = "the cell holds a formula's error; mend the formula, or write the value";
        let formula = "a formula stands here and not its result; paste the values in Excel and save it again. If it \
                       is text, put an apostrophe (') before it";
        for (cell, why) in [
            ("#REF!", error),
            ("#N/A", error),
            ("#VALUE!", error),
            ("#NAME?", error),
            ("#DIV/0!", error),
            ("#NUM!", error),
            ("#NULL!", error),
            ("########", error),
            ("=A2&B2", formula),
            ("=\"1\"&\"2\"", formula),
        ] {
            office.write("bad.csv", format!("community,building,unit\nXH,1栋,{cell}\n"));
            let refused = office.refused("import register bad.csv");
            assert_eq!(refused, format!("row 2, column C \"unit\", \"{cell}\": {why}"));
        }
        // Two marks are no column that is too narrow, and a mark before a number is an English number.
        office.write("good.csv", "community,building,unit\nXH,1栋,##\nXH,1栋,#3\n");
        assert!(office.done("import register good.csv").contains("units: 2 new"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_sheet_holds_is_refused_at_once() {
    for office in offices().await {
        office.write("wide.csv", format!("unit{}\nXH\n", ",ab".repeat(5_000_000)));
        let began = std::time::Instant::now();
        assert_eq!(
            office.refused("import register wide.csv"),
            "row 1: there are more than 1000 columns; keep those that are needed"
        );
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
        office.write("unknown.csv", format!("\n\nunit{}\nXH\n", ",ab".repeat(900)));
        let refused = office.refused("import register unknown.csv");
        assert!(refused.starts_with("row 3, column B \"ab\", \"ab\": nobody knows this column"), "{refused}");
        assert_eq!(refused.lines().count(), 50);
        office.write("large.csv", format!("community,unit\nXH,1\nXH,{}\n", "1".repeat(1 << 20)));
        let refused = office.refused("import register large.csv");
        assert!(
            refused.starts_with("row 3, \"111") && refused.contains("a cell has more than 32767"),
            "{refused}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_is_no_workbook() {
    let office = Office::all().await.swap_remove(0);
    for page in ["<html><body><table>", "\u{feff}\r\n<TABLE border=1><tr>", "<!DOCTYPE html>\n"] {
        office.write("page.xls", page);
        assert_eq!(
            office.refused("import register page.xls"),
            "this is a web page under a spreadsheet's name; open it in Excel and save it as \"Excel Workbook (.xlsx)\""
        );
    }
}
