//! Tickets of an old system.

use concierge::storage::ticket::{Entity, Status};
use sea_orm::EntityTrait;

use super::{Office, untold};

const REGISTER: &str = "\
community,community_name,building,entrance,unit,name,phone,role,from
XH,星河·国际,1栋,1单元,101,张伟,13800000001,OWNER,2020-01-01
";

const OLD: &str = "\
外部编号,小区代码,类型,状态,优先级,内容,楼栋,单元,房号,报事人,联系电话,报事时间,解决时间,处理结果,评分,关闭时间
A-1,XH,投诉,已关闭,高,楼上装修太吵,1栋,1单元,101,张伟,13800000001,2024-01-05 21:30,2024-01-05 22:10,已劝停,5,2024-01-06 09:00
A-2,XH,报修,新建,普通,水管滴水,1栋,1单元,101,张伟,13800000001,2024-02-01 08:00,,,,
A-3,XH,咨询,已解决,低,物业费何时开票,1栋,,,路人,13911112222,2024-03-01 10:00,2024-03-01 10:20,每月五号,,
";

async fn offices() -> Vec<Office> {
    let offices = Office::all().await;
    for office in &offices {
        office.write("register.csv", REGISTER);
        office.done("import register register.csv");
        office.write("old.csv", OLD);
    }
    offices
}

/// The cells of an exported ticket in some columns.
fn cells(office: &Office, reference: &str, columns: &[&str]) -> Vec<String> {
    let exported = office.exported("tickets");
    let mut table = csv::Reader::from_reader(exported.as_bytes());
    let headers = table.headers().unwrap().clone();
    let place = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let row =
        table.records().map(Result::unwrap).find(|row| &row[place("external_ref")] == reference).unwrap();
    columns.iter().map(|column| row[place(column)].to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn history_keeps_its_times_and_makes_no_news() {
    for office in offices().await {
        let out = office.done("import tickets old.csv");
        assert_eq!(out, "3 rows read, 0 refused\n  tickets: 3 new, 0 updated, 0 unchanged\n");
        assert_eq!((office.count("event").await, office.count("ticket_event").await), (0, 7));
        assert_eq!(
            cells(
                &office,
                "A-1",
                &["number", "status", "created_at", "responded_at", "ended_at", "rating", "reporter"]
            ),
            [
                "XH-20240105-0001",
                "CLOSED",
                "2024-01-05 21:30:00",
                "2024-01-05 22:10:00",
                "2024-01-06 09:00:00",
                "5",
                "张伟"
            ]
        );
        assert_eq!(
            cells(&office, "A-2", &["number", "status", "responded_at", "escalation_level", "channel"]),
            ["XH-20240201-0001", "NEW", "", "", "IMPORT"]
        );
        // Nobody has objected for seven days.
        assert_eq!(
            cells(&office, "A-3", &["status", "ended_at", "reporter", "contact_name", "contact_phone"]),
            ["CLOSED", "2024-03-08 10:20:00", "", "路人", "13911112222"]
        );
        let before = untold(&office).await;
        let again = office.done("import tickets old.csv");
        assert_eq!(again, "3 rows read, 0 refused\n  tickets: 0 new, 0 updated, 3 unchanged\n");
        assert_eq!(untold(&office).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_of_the_open_ones_start_when_they_are_told_to() {
    for office in offices().await {
        office.done("import tickets old.csv --clocks-from 2040-01-02T09:00:00+08:00");
        let connection = sea_orm::Database::connect(&office.database.url).await.unwrap();
        let all = Entity::find().all(&connection).await.unwrap();
        let ticket = all.iter().find(|ticket| ticket.status == Status::New).unwrap();
        // From Monday, 2 January 2040, 09:00: three service days of nine hours. For a first answer, which would be due in four
        // hours for all of them at once, there is no time of its own.
        assert_eq!(ticket.resolution_due_at.to_rfc3339(), "2040-01-04T10:00:00+00:00");
        assert_eq!(ticket.response_due_at, ticket.resolution_due_at);
        assert_eq!(ticket.response_warn_at, ticket.resolution_warn_at);
        connection.close().await.unwrap();
        let ran = office.run("import tickets old.csv --clocks-from monday");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("--clocks-from \"monday\" is not a moment"), "{}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_add_up_is_refused() {
    for office in offices().await {
        office.write(
            "bad.csv",
            "external_ref,community,kind,status,description,building,unit,place,owner,created_at,resolved_at,merged_into\n\
             B-1,XH,COMPLAINT,ASSIGNED,x,1栋,,,,2024-01-05 21:30,,\n\
             B-2,XH,COMPLAINT,RESOLVED,x,1栋,,,,2024-01-05 21:30,2024-01-05 20:00,\n\
             B-3,XH,COMPLAINT,NEW,x,9栋,,,,2024-01-05 21:30,,\n\
             B-4,XH,COMPLAINT,NEW,x,,,,,2024-01-05 21:30,,\n\
             B-5,XH,COMPLAINT,NEW,x,,999,,,2024-01-05 21:30,,\n\
             B-6,XH,COMPLAINT,NEW,,,,garden,,2099-01-05 21:30,,\n\
             ,XH,COMPLAINT,NEW,x,,,garden,,2024-01-05 21:30,,\n\
             B-8,XH,COMPLAINT,NEW,x,,,garden,,2024-01-05 21:30,,XH-20200101-0001\n\
             B-9,YS,COMPLAINT,NEW,x,,,garden,,2024-01-05 21:30,,\n",
        );
        office.home.done(&["migrate"]);
        let before = untold(&office).await;
        let refused = office.refused("import tickets bad.csv");
        let expected = [
            "row 2, column I \"owner\": a ticket that is ASSIGNED is in somebody's hands; name the owner, or make it NEW",
            "row 3, column K \"resolved_at\": this is before \"created_at\"; mend one of them",
            "row 4, column F \"building\": the community has no building \"9栋\"; import the register first, or mend the name",
            "row 5, column H \"place\": say where it is: a unit, a building, or the place in words",
            "row 6, column G \"unit\", \"999\": there is no unit \"999\"; import the register first, or mend the number",
            "row 7, column E \"description\": this must be filled in",
            "row 8, column A \"external_ref\": fill in \"number\" or \"external_ref\"; without either a second import \
             would make doubles",
            "row 9, column L \"merged_into\", \"XH-20200101-0001\": there is no ticket XH-20200101-0001, here or in \
             the file; mend it",
            "row 10, column B \"community\": there is no community with the code YS",
        ];
        assert_eq!(refused.lines().collect::<Vec<_>>(), expected);
        assert_eq!(untold(&office).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_of_a_file_are_not_one_ticket() {
    for office in offices().await {
        let head = "external_ref,community,kind,status,description,place,created_at\n";
        let row =
            |reference: &str, text: &str| format!("{reference},XH,COMPLAINT,NEW,{text},garden,2024-01-05\n");
        let others: String = (0..1_500).map(|n| row(&format!("C-{n}"), "x")).collect();
        for between in ["", &others] {
            let (first, second) = (row("B-1", "too loud"), row("B-1", "a leak"));
            office.write("twice.csv", format!("{head}{first}{between}{second}"));
            let line = 3 + between.lines().count();
            assert_eq!(
                office.refused("import tickets twice.csv"),
                format!(
                    "row {line}, column A \"external_ref\", \"B-1\": an earlier row is this ticket already; keep one of them"
                )
            );
        }
        assert_eq!(office.count("ticket").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_whose_words_were_erased_has_none() {
    for office in offices().await {
        let good = "external_ref,community,kind,status,description,created_at,ended_at,erased_at\n\
                    B-1,XH,COMPLAINT,CLOSED,,2024-01-05,2024-01-06,2024-02-01\n";
        office.write(
            "erased.csv",
            format!("{good}B-2,XH,COMPLAINT,CLOSED,words,2024-01-05,2024-01-06,2024-02-01\n"),
        );
        assert_eq!(
            office.refused("import tickets erased.csv"),
            "row 3, column E \"description\", \"words\": the words of this ticket were erased with a person's data; leave this \
             empty, or take \"erased_at\" out"
        );
        office.write("erased.csv", good);
        assert!(office.done("import tickets erased.csv").contains("tickets: 1 new"));
        assert!(office.exported("tickets").contains(",CLOSED,NORMAL,IMPORT,,,"), "no words");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_came_is_not_given_out_again() {
    for office in offices().await {
        office.write(
            "numbered.csv",
            "number,external_ref,community,kind,description,place,created_at\n\
             XH-20240105-0007,C-1,XH,REPAIR,x,garden,2024-01-05 08:00\n\
             ,C-2,XH,REPAIR,x,garden,2024-01-05 09:00\n\
             YS-20240105-0001,C-3,XH,REPAIR,x,garden,2024-01-05 09:00\n",
        );
        let refused = office.refused("import tickets numbered.csv --partial");
        assert!(
            refused
                .starts_with("row 4, column A \"number\", \"YS-20240105-0001\": this is not a ticket number")
        );
        assert_eq!(cells(&office, "C-2", &["number"]), ["XH-20240105-0008"]);
    }
}
