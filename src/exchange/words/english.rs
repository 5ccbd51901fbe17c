//! English.

use crate::exchange::refusal::Why;

pub(super) fn say(why: &Why) -> String {
    match why {
        Why::Unreadable { cause } => {
            format!("the file cannot be opened ({cause}); is it there, and does no other program hold it?")
        }
        Why::TooLarge { megabytes, limit } => {
            format!("the file has {megabytes} MB, and {limit} MB are the most; split it and import the parts")
        }
        Why::Bomb { limit } => format!(
            "unpacked this workbook is larger than {limit} MB, which no list is; copy the data into a new workbook"
        ),
        Why::Hollow => "this workbook is almost nothing but spaces, empty rows or repetition, which no list is; copy the \
                        rows and columns with data into a new workbook"
            .into(),
        Why::TooManyRows { limit } => {
            format!("there are more than {limit} rows; split the file and import the parts")
        }
        Why::OldWorkbook => "this is an old .xls, or under a password; open it in Excel, take the password off and \
                             save it as \"Excel Workbook (.xlsx)\""
            .into(),
        Why::BrokenWorkbook { cause } => format!(
            "this workbook cannot be read ({cause}); open it in Excel and save it as \"Excel Workbook (.xlsx)\""
        ),
        Why::Encoding { at } => format!(
            "near row {at} the text is neither UTF-8 nor GBK/GB18030; open the file in Excel and save it as \
             \"CSV UTF-8 (comma delimited)\""
        ),
        Why::NotText => "this is no table; use an .xlsx workbook or a \"CSV UTF-8 (comma delimited)\" file".into(),
        Why::WebPage => "this is a web page under a spreadsheet's name; open it in Excel and save it as \"Excel Workbook \
                         (.xlsx)\""
            .into(),
        Why::NothingThere => {
            "there is nothing in the file; the first row holds the names of the columns, each row below one record"
                .into()
        }
        Why::NoSheet { sheets } => format!("there is no sheet of that name; the file has {sheets}"),
        Why::TwoColumns { other } => {
            format!("this column means the same as the column \"{other}\"; keep one of them")
        }
        Why::UnknownColumn { near } => format!(
            "nobody knows this column; the nearest are {near}. Rename it, say in a map (--map) what it is, or delete it"
        ),
        Why::MissingColumn { names } => format!("a column is missing: {names}"),
        Why::MapColumn { map } => {
            format!("the map names the column \"{map}\", and the file does not have it")
        }
        Why::TooManyCells { columns } => format!(
            "this row goes on where the header, of {columns} columns, has ended; in a CSV, text with a comma in it \
             stands in quotation marks"
        ),
        Why::TooManyColumns { limit } => {
            format!("there are more than {limit} columns; keep those that are needed")
        }
        Why::CellTooLarge { limit } => format!(
            "a cell has more than {limit} characters; does each quotation mark have its partner? else shorten the text"
        ),
        Why::BrokenLine => "the quotation mark that opens this cell is never closed, or text follows where it closes; \
                            close it or delete it. A mark that belongs to the text is written twice (\"\"), in a cell \
                            that stands in quotation marks"
            .into(),
        Why::MergedCell { range } => format!(
            "{range} is a merged cell, and it is not known whose value it holds; unmerge it and fill in every row, \
             and delete a title above the header"
        ),
        Why::ErrorCell => "the cell holds a formula's error; mend the formula, or write the value".into(),
        Why::FormulaCell => {
            "the formula was saved without its result; open and save the file in Excel, or paste the values".into()
        }
        Why::FormulaText => "a formula stands here and not its result; paste the values in Excel and save it again. If \
                             it is text, put an apostrophe (') before it"
            .into(),
        Why::BoolCell => "TRUE or FALSE stands here; write text or a number".into(),
        Why::DateCell => {
            "the spreadsheet has turned this into a date; set the column to \"Text\" and write it again".into()
        }
        Why::Scientific => "the spreadsheet has rounded this number and its last digits are lost; set the column to \
                            \"Text\" and write it again"
            .into(),
        Why::Missing => "this must be filled in".into(),
        Why::TooLong { length, max } => format!("the text has {length} characters; at most {max} are kept"),
        Why::ControlCharacter => "there is an invisible control character in it; delete it and write it again".into(),
        Why::NotANumber => "this is not a number; write digits only, such as 89.5".into(),
        Why::NotWhole { low, high } => format!("write a whole number from {low} to {high}"),
        Why::NotAFloor { low, high } => {
            format!("this is not a floor; write a whole number from {low} to {high}, -1 or B1 for the first basement")
        }
        Why::NotAnArea { high } => format!("this is not an area; write square metres from 0.01 to {high}"),
        Why::NotADate => {
            "this is not a date; write 2024-01-31, or 2024-01-31 08:30 where a time belongs to it".into()
        }
        Why::NoSuchTime { zone } => format!("the clocks of {zone} were put forward then, and never showed this time"),
        Why::NotAPhone => {
            "this is not a telephone number; write 3 to 20 digits, with a + in front at most, one number in a cell"
                .into()
        }
        Why::NotOneOf { of } => format!("write one of these: {of}"),
        Why::NotACode => {
            "this is not a community's code; write 2 to 8 capital letters and digits, such as XH".into()
        }
        Why::NotAZone => "this is not a time zone; write a name such as Asia/Shanghai".into(),
        Why::NoCommunity { code } if code.is_empty() => {
            "which community? fill in the column \"community\", or import with --community CODE".into()
        }
        Why::NoCommunity { code } => format!("there is no community with the code {code}"),
        Why::CommunityNeedsName { code } => format!(
            "there is no community with the code {code}; to make it, give its name in \"community_name\", else mend \
             the code"
        ),
        Why::EntranceAlone => "an entrance is named and no building; name the building".into(),
        Why::UnitNeedsNumber => "this row tells of a unit and does not give its number; fill it in".into(),
        Why::PersonNeedsName => "this row tells of a person and does not give the name; fill it in".into(),
        Why::EndsBeforeBegin { from } => format!("this is before the first day, {from}; mend one of them"),
        Why::ThereAlready { from, to } if to.is_empty() => format!(
            "this person is in this unit in the same capacity since {from} already; mend the date, or delete the row"
        ),
        Why::ThereAlready { from, to } => format!(
            "this person was in this unit in the same capacity from {from} to {to}, which overlaps; mend the date"
        ),
        Why::OtherName { name } => {
            format!("this reference belongs to \"{name}\", who is called otherwise in this row; check both")
        }
        Why::ClosedOn { day } => format!(
            "this was closed on {day}, and an old list does not open it again; delete the row, or make it anew in the app"
        ),
        Why::NoReference => "no occupant has this reference".into(),
        Why::NoBuilding { building } => {
            format!("the community has no building \"{building}\"; import the register first, or mend the name")
        }
        Why::NoEntrance { entrance } => {
            format!("the building has no entrance \"{entrance}\"; import the register first, or mend the name")
        }
        Why::NoUnit { unit } => {
            format!("there is no unit \"{unit}\"; import the register first, or mend the number")
        }
        Why::PlaceNeeded => "say where it is: a unit, a building, or the place in words".into(),
        Why::TicketNeedsReference => {
            "fill in \"number\" or \"external_ref\"; without either a second import would make doubles".into()
        }
        Why::NotATicketNumber { example } => format!(
            "this is not a ticket number; one looks like {example}. Another system's numbers go into \"external_ref\""
        ),
        Why::OtherTicket { number } => format!("this reference belongs to the ticket {number} already"),
        Why::TicketTwice => "an earlier row is this ticket already; keep one of them".into(),
        Why::NoCategory { category } => format!(
            "there is no category \"{category}\"; make it first, mend it, or let it be made with --create categories"
        ),
        Why::CategoryOfOtherKind => "this category is for another kind of ticket; change one of them".into(),
        Why::NoStaff { name } => format!(
            "no member of staff is called \"{name}\"; make them first, mend it, or let them be made with --create staff"
        ),
        Why::ManyStaff { name } => {
            format!("several members of staff are called \"{name}\"; write \"name (telephone)\"")
        }
        Why::NoTeam { name } => format!(
            "the community has no team \"{name}\"; make it first, mend it, or let it be made with --create staff"
        ),
        Why::OwnerNeeded { status } => {
            format!("a ticket that is {status} is in somebody's hands; name the owner, or make it NEW")
        }
        Why::TimeNeeded { status } => format!("a ticket that is {status} needs this time; fill it in"),
        Why::BeforeItsCause { cause } => format!("this is before \"{cause}\"; mend one of them"),
        Why::InFuture => "this time is still to come; mend it".into(),
        Why::NoTicket { number } => format!("there is no ticket {number}, here or in the file; mend it"),
        Why::RatingTooEarly { status } => {
            format!("a ticket that is {status} cannot be rated yet; take the rating out, or mend the status")
        }
        Why::WordsOfErased => {
            "the words of this ticket were erased with a person's data; leave this empty, or take \"erased_at\" out".into()
        }
    }
}
