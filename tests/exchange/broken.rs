//! Spreadsheets that cannot be taken, and what is said of them.

use rust_xlsxwriter::{Format, Formula, Workbook};

use super::Office;

const HEADER: [&str; 4] = ["community", "building", "unit", "floor"];

/// One office, on SQLite: what a file is, is found out before any database is asked.
async fn office() -> Office {
    let office = Office::all().await.swap_remove(0);
    office.write("good.csv", "community,community_name,building,unit\nXH,星河,1栋,101\n");
    office.done("import register good.csv");
    office
}

/// A formula as the library of the tests writes it, which gives it a result of its own.
const WITH_A_RESULT: &str = "<f>1+1</f><v>0</v>";

/// And as programs write one that they have not worked out.
const WITHOUT: &str = "<f>1+1</f><v></v>";

/// The workbook as a program leaves it that writes formulas and does not calculate.
fn without_results(office: &Office, from: &str, to: &str) {
    let mut whole = zip::ZipArchive::new(std::fs::File::open(office.path(from)).unwrap()).unwrap();
    let mut copy = zip::ZipWriter::new(std::fs::File::create(office.path(to)).unwrap());
    for place in 0..whole.len() {
        let mut entry = whole.by_index(place).unwrap();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut entry, &mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        copy.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut copy, content.replace(WITH_A_RESULT, WITHOUT).as_bytes()).unwrap();
    }
    copy.finish().unwrap();
}

/// Both languages' first line.
fn both(office: &Office, file: &str) -> (String, String) {
    let english = office.refused(&format!("import register {file}"));
    let chinese = office.home.run(&["import", "register", file, "--lang", "zh"]);
    assert_eq!(chinese.code, 1);
    (chinese.err.split_once("error: ").unwrap().1.trim_end().to_owned(), english)
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_texts_are_refused_in_words() {
    let office = office().await;
    let large = 257 << 20;
    std::fs::File::create(office.path("large.csv")).unwrap().set_len(large).unwrap();
    std::fs::File::create(office.path("zeros.csv")).unwrap().set_len(1 << 20).unwrap();
    office.write("empty.csv", "");
    office.write("blank.csv", "\n,,\n \n");
    office.write("odd.csv", b"community,unit\nXH,\xff\xff\xff\n");
    office.write("old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on");
    office.write("cut.xlsx", b"PK\x03\x04 and no more");
    office.write("unknown.csv", "小区代码,房间,电活\nXH,1,2\n");
    office.write("twice.csv", "小区代码,房号,门牌号\nXH,1,2\n");
    office.write("none.csv", "楼栋,房号\n1栋,101\n");
    for (file, chinese, english) in [
        (
            "large.csv",
            "文件有 257 MB，超过上限 256 MB。请拆成几个文件分别导入",
            "the file has 257 MB, and 256 MB are the most; split it and import the parts",
        ),
        (
            "zeros.csv",
            "这不是表格文件。请用 .xlsx 工作簿，或者“CSV UTF-8（逗号分隔）”文件",
            "this is no table; use an .xlsx workbook or a \"CSV UTF-8 (comma delimited)\" file",
        ),
        (
            "empty.csv",
            "文件里没有内容。第一行应是列名，下面每行一条记录",
            "there is nothing in the file; the first row holds the names of the columns, each row below one record",
        ),
        (
            "blank.csv",
            "文件里没有内容。第一行应是列名，下面每行一条记录",
            "there is nothing in the file; the first row holds the names of the columns, each row below one record",
        ),
        (
            "odd.csv",
            "第 2 行附近的文字既不是 UTF-8 也不是 GBK/GB18030 编码。请用 Excel 打开，另存为“CSV UTF-8（逗号分隔）”再导入",
            "near row 2 the text is neither UTF-8 nor GBK/GB18030; open the file in Excel and save it as \"CSV UTF-8 \
             (comma delimited)\"",
        ),
        (
            "old.xls",
            "这是旧版 .xls 文件，或者加了打开密码。请用 Excel 打开，取消密码，另存为“Excel 工作簿 (.xlsx)”再导入",
            "this is an old .xls, or under a password; open it in Excel, take the password off and save it as \
             \"Excel Workbook (.xlsx)\"",
        ),
        (
            "unknown.csv",
            "第 1 行 B 列「房间」“房间”：不认识这个列名，最接近的有：房号、楼层、住户编号。请改列名，或在对照文件（--map）里说明，或删掉这一列\n\
             第 1 行 C 列「电活」“电活”：不认识这个列名，最接近的有：电话、小区代码、小区名称。请改列名，或在对照文件（--map）里说明，或删掉这一列",
            "",
        ),
        (
            "twice.csv",
            "第 1 行 C 列「门牌号」“门牌号”：这一列和“房号”列是同一个意思。请只留一列",
            "row 1, column C \"门牌号\", \"门牌号\": this column means the same as the column \"房号\"; keep one of them",
        ),
        (
            "none.csv",
            "没有说明是哪个小区。请填“小区代码”列，或者导入时加 --community 代码",
            "which community? fill in the column \"community\", or import with --community CODE",
        ),
    ] {
        let (zh, en) = both(&office, file);
        if file == "unknown.csv" {
            assert!(zh.contains("「电活」") && zh.contains("最接近的有：电话"), "{zh}");
            assert!(en.contains("nobody knows this column; the nearest are phone"), "{en}");
            continue;
        }
        assert_eq!((zh.as_str(), en.as_str()), (chinese, english), "{file}");
    }
    let (zh, en) = both(&office, "cut.xlsx");
    assert!(
        zh.starts_with("这个工作簿读不出来（") && en.starts_with("this workbook cannot be read ("),
        "{zh} {en}"
    );
    let (zh, en) = both(&office, "not-there.csv");
    assert!(zh.starts_with("文件打不开（") && en.starts_with("the file cannot be opened ("), "{zh} {en}");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_cells_are_refused_by_their_address() {
    let office = office().await;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string(0, column, name).unwrap();
    }
    for row in 1..=6 {
        sheet.write_string(row, 0, "XH").unwrap();
        sheet.write_string(row, 1, "1栋").unwrap();
        sheet.write_number(row, 2, 200 + row).unwrap();
        sheet.write_number(row, 3, 2).unwrap();
    }
    sheet.merge_range(1, 1, 2, 1, "1栋", &Format::new()).unwrap();
    sheet.write_formula(3, 3, Formula::new("=Z1/0").set_result("#REF!")).unwrap();
    sheet.write_formula(4, 3, Formula::new("=1+1").set_result("")).unwrap();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 1, 2).unwrap();
    sheet.write_datetime_with_format(5, 2, day, &Format::new().set_num_format("m-d")).unwrap();
    sheet.write_boolean(6, 3, true).unwrap();
    workbook.save(office.path("whole.xlsx")).unwrap();
    without_results(&office, "whole.xlsx", "cells.xlsx");
    let (zh, en) = both(&office, "cells.xlsx");
    let merged = "B2:B3 is a merged cell, and it is not known whose value it holds; unmerge it and fill in every row, \
                  and delete a title above the header";
    let lines = en.lines().collect::<Vec<_>>();
    assert_eq!(lines[0], format!("row 2, column B \"building\", \"B2:B3\": {merged}"));
    assert_eq!(lines[1], format!("row 3, column B \"building\", \"B2:B3\": {merged}"));
    assert_eq!(
        lines[2],
        "row 4, column D \"floor\", \"#REF!\": the cell holds a formula's error; mend the formula, or write the value"
    );
    assert_eq!(
        lines[3],
        "row 5, column D \"floor\", \"=…\": the formula was saved without its result; open and save the file in \
         Excel, or paste the values"
    );
    assert_eq!(
        lines[4],
        "row 6, column C \"unit\", \"2024-01-02 00:00:00\": the spreadsheet has turned this into a date; set the \
         column to \"Text\" and write it again"
    );
    assert_eq!(
        lines[5],
        "row 7, column D \"floor\", \"TRUE\": TRUE or FALSE stands here; write text or a number"
    );
    assert_eq!(lines.len(), 6, "{en}");
    assert!(zh.contains("第 2 行 B 列「building」“B2:B3”：B2:B3 是合并单元格，分不清值属于哪一行"), "{zh}");
}

/// A workbook whose one part is so many times the same.
fn repeated(office: &Office, file: &str, part: &str, same: &[u8], times: usize) {
    let mut archive = zip::ZipWriter::new(std::fs::File::create(office.path(file)).unwrap());
    archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..times {
        std::io::Write::write_all(&mut archive, same).unwrap();
    }
    archive.finish().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gigabyte_of_nothing_is_refused_before_it_is_read() {
    let office = office().await;
    let (spaces, rows) = (vec![b' '; 1 << 20], b"<row/>".repeat(200_000));
    let sheet = "xl/worksheets/sheet1.xml";
    repeated(&office, "texts.xlsx", "xl/sharedStrings.xml", &spaces, 20);
    repeated(&office, "between.xlsx", sheet, &[b"<c/>", spaces.as_slice()].concat(), 40);
    repeated(&office, "rows.xlsx", sheet, &rows, 11);
    for (file, chinese, english) in [
        ("texts.xlsx", "这个工作簿里几乎全是空格", "this workbook is almost nothing but spaces"),
        ("between.xlsx", "这个工作簿里几乎全是空格", "this workbook is almost nothing but spaces"),
        ("rows.xlsx", "行数超过上限 2000000 行", "there are more than 2000000 rows"),
    ] {
        let (zh, en) = both(&office, file);
        assert!(zh.starts_with(chinese) && en.starts_with(english), "{file}: {zh} {en}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_is_refused_where_it_stands() {
    let office = office().await;
    for (file, columns) in [("unknown.xlsx", 1), ("wide.xlsx", 1_001)] {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for column in 0..columns {
            sheet.write_string(2, column, "ab").unwrap();
        }
        workbook.save(office.path(file)).unwrap();
    }
    let (zh, en) = both(&office, "unknown.xlsx");
    assert!(zh.starts_with("第 3 行 A 列「ab」“ab”：不认识这个列名"), "{zh}");
    assert!(en.starts_with("row 3, column A \"ab\", \"ab\": nobody knows this column"), "{en}");
    let (zh, en) = both(&office, "wide.xlsx");
    assert_eq!(zh, "第 3 行：列数超过上限 1000 列。请只留需要的列");
    assert_eq!(en, "row 3: there are more than 1000 columns; keep those that are needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_that_is_none_is_wrong_usage() {
    let office = office().await;
    office.write("list.csv", "community,unit\nXH,1\n");
    for (map, said) in [
        ("columns = 3", "invalid type"),
        (
            "[columns]\n\"房间\" = \"room\"",
            "columns names \"room\", which is no column here; there are community,",
        ),
        ("[colums]\n", "unknown field `colums`"),
    ] {
        office.write("map.toml", map);
        let ran = office.run("import register list.csv --map map.toml");
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("the map map.toml: ") && ran.err.contains(said), "{map}: {}", ran.err);
    }
    office.write("map.toml", "[columns]\n\"房间\" = \"unit\"");
    assert_eq!(
        office.refused("import register list.csv --map map.toml"),
        "the map names the column \"房间\", and the file does not have it"
    );
    let ran = office.run("export register --out list.pdf");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("list.pdf ends in neither .csv nor .xlsx"), "{}", ran.err);
}
