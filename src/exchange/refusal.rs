//! Why a file or a row of it is refused: a code and what belongs to it, put into words by `words`.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One refused row, or the whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The line, as a spreadsheet counts; none: the file.
    pub line: Option<u64>,
    /// The column, if it is one column's fault.
    pub column: Option<Column>,
    /// What stands there, cut short.
    pub value: String,
    /// Why.
    pub why: Why,
}

/// A column as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its place, from 0; none: the file does not have it.
    pub index: Option<u32>,
    /// Its header, cut short; if the file does not have it, what it is called.
    pub header: String,
}

macro_rules! whys {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$of:meta])* $param:ident: $type:ty),+ $(,)? })? = $code:literal;)*) => {
        /// Why, with what the words need.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "why")]
        #[expect(missing_docs, reason = "each parameter is named for what it is")]
        pub enum Why { $($(#[$doc])* #[serde(rename = $code)] $name $({ $($(#[$of])* $param: $type),+ })?,)* }

        impl Why {
            /// The stable name for programs.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name $({ $($param: _),+ })? => $code,)* }
            }
        }
    };
}

whys! {
    // The file.
    /// It cannot be opened.
    Unreadable { cause: String } = "UNREADABLE";
    /// It is larger than any list of this kind.
    TooLarge { megabytes: u64, limit: u64 } = "TOO_LARGE";
    /// Packed small, it is larger unpacked than any list of this kind.
    Bomb { limit: u64 } = "UNPACKS_TOO_LARGE";
    /// Packed small, it holds next to nothing, very often.
    Hollow = "HOLLOW_WORKBOOK";
    /// It has more rows than are read.
    TooManyRows { limit: u64 } = "TOO_MANY_ROWS";
    /// An .xls of 2003 or older, or one under a password.
    OldWorkbook = "OLD_WORKBOOK";
    /// It is no spreadsheet that can be read.
    BrokenWorkbook { cause: String } = "BROKEN_WORKBOOK";
    /// Neither UTF-8 nor GB18030.
    Encoding { at: u64 } = "ENCODING";
    /// Something that is no text.
    NotText = "NOT_TEXT";
    /// A page of HTML that is called a workbook.
    WebPage = "WEB_PAGE";
    /// Nothing is in it.
    NothingThere = "EMPTY";
    /// No sheet of this name.
    NoSheet { sheets: String } = "NO_SHEET";
    /// Two columns of one meaning.
    TwoColumns { other: String } = "COLUMN_TWICE";
    /// A column that nobody knows.
    UnknownColumn { near: String } = "UNKNOWN_COLUMN";
    /// A column that must be there.
    MissingColumn { names: String } = "MISSING_COLUMN";
    /// A column that the map names and the file does not have.
    MapColumn { map: String } = "COLUMN_OF_MAP";
    // A cell.
    /// More cells than the header has.
    TooManyCells { columns: usize } = "TOO_MANY_CELLS";
    /// More columns than are read.
    TooManyColumns { limit: usize } = "TOO_MANY_COLUMNS";
    /// More characters than a spreadsheet's cell holds.
    CellTooLarge { limit: usize } = "CELL_TOO_LARGE";
    /// A quotation mark that was never closed, or is followed by text where it closes.
    BrokenLine = "BROKEN_LINE";
    /// A merged cell.
    MergedCell { range: String } = "MERGED_CELL";
    /// `#REF!`.
    ErrorCell = "ERROR_CELL";
    /// A formula without its result.
    FormulaCell = "FORMULA_WITHOUT_VALUE";
    /// A formula where its result should stand.
    FormulaText = "FORMULA_AS_TEXT";
    /// TRUE or FALSE.
    BoolCell = "TRUE_OR_FALSE";
    /// A date where words should be: the spreadsheet has turned `1-2` into one.
    DateCell = "DATE_IN_TEXT";
    /// A long number that the spreadsheet has rounded.
    Scientific = "ROUNDED_NUMBER";
    /// It must be there.
    Missing = "MISSING";
    /// More characters than are kept.
    TooLong { length: usize, max: usize } = "TOO_LONG";
    /// A character that no text has.
    ControlCharacter = "CONTROL_CHARACTER";
    /// Not a number.
    NotANumber = "NOT_A_NUMBER";
    /// Not a whole number.
    NotWhole { low: i64, high: i64 } = "NOT_A_WHOLE_NUMBER";
    /// No floor.
    NotAFloor { low: i64, high: i64 } = "NOT_A_FLOOR";
    /// No area.
    NotAnArea { high: i64 } = "NOT_AN_AREA";
    /// No date.
    NotADate = "NOT_A_DATE";
    /// A moment that the clocks skipped.
    NoSuchTime { zone: String } = "NO_SUCH_TIME";
    /// No telephone number.
    NotAPhone = "NOT_A_PHONE";
    /// None of the values that there are.
    NotOneOf { of: String } = "NOT_ONE_OF";
    /// No community's code.
    NotACode = "NOT_A_CODE";
    /// No time zone.
    NotAZone = "NOT_A_TIME_ZONE";
    // A row.
    /// A community that is not there.
    NoCommunity { code: String } = "NO_COMMUNITY";
    /// A community that was given no name to be made with.
    CommunityNeedsName { code: String } = "COMMUNITY_NEEDS_NAME";
    /// A unit's row that names a stairwell and no building.
    EntranceAlone = "ENTRANCE_WITHOUT_BUILDING";
    /// Something about a unit without its number.
    UnitNeedsNumber = "UNIT_WITHOUT_NUMBER";
    /// Something about a person without the name.
    PersonNeedsName = "PERSON_WITHOUT_NAME";
    /// They moved out before they moved in.
    EndsBeforeBegin { from: String } = "ENDS_BEFORE_BEGIN";
    /// They are there already, at another time.
    ThereAlready { from: String, to: String } = "THERE_ALREADY";
    /// The reference belongs to somebody with another name.
    OtherName { name: String } = "REFERENCE_OF_ANOTHER";
    /// An id that nothing here has.
    NoReference = "NO_SUCH_REFERENCE";
    /// A building that is not there.
    NoBuilding { building: String } = "NO_BUILDING";
    /// A stairwell that is not there.
    NoEntrance { entrance: String } = "NO_ENTRANCE";
    /// A unit that is not there.
    NoUnit { unit: String } = "NO_UNIT";
    /// A place or a person that was closed, and is not made again by an old list.
    ClosedOn { day: String } = "CLOSED";
    /// No place at all.
    PlaceNeeded = "PLACE_NEEDED";
    /// A ticket that nothing tells from another.
    TicketNeedsReference = "TICKET_WITHOUT_REFERENCE";
    /// A number that is not one of the community's.
    NotATicketNumber { example: String } = "NOT_A_TICKET_NUMBER";
    /// A reference that belongs to a ticket with another number.
    OtherTicket { number: String } = "REFERENCE_OF_ANOTHER_TICKET";
    /// The same ticket twice in a file.
    TicketTwice = "TICKET_TWICE";
    /// A category that is not there.
    NoCategory { category: String } = "NO_CATEGORY";
    /// A category for another kind of ticket.
    CategoryOfOtherKind = "CATEGORY_OF_OTHER_KIND";
    /// A name that no member of staff has.
    NoStaff { name: String } = "NO_STAFF";
    /// A name that several members of staff have.
    ManyStaff { name: String } = "SEVERAL_STAFF";
    /// A name that no team has.
    NoTeam { name: String } = "NO_TEAM";
    /// A ticket that is in hand and in nobody's.
    OwnerNeeded { status: String } = "OWNER_NEEDED";
    /// A time that the status asks for.
    TimeNeeded { status: String } = "TIME_NEEDED";
    /// Something happened before what it follows.
    BeforeItsCause { cause: String } = "BEFORE_ITS_CAUSE";
    /// Something that has not happened yet.
    InFuture = "IN_FUTURE";
    /// A ticket that another one refers to.
    NoTicket { number: String } = "NO_TICKET";
    /// Ratings go from 1 to 5, and only what is done has one.
    RatingTooEarly { status: String } = "RATING_TOO_EARLY";
    /// Words of a ticket whose words were erased.
    WordsOfErased = "WORDS_OF_ERASED";
}

impl Why {
    pub(crate) fn closed(day: NaiveDate) -> Self {
        Self::ClosedOn { day: day.to_string() }
    }
}

impl Refused {
    /// The whole file.
    #[must_use]
    pub fn file(why: Why) -> Self {
        Self { line: None, column: None, value: String::new(), why }
    }

    /// The whole row.
    #[must_use]
    pub fn line(line: u64, why: Why) -> Self {
        Self { line: Some(line), column: None, value: String::new(), why }
    }

    /// One cell of a row.
    #[must_use]
    pub fn cell(line: u64, column: Option<Column>, value: &str, why: Why) -> Self {
        Self { line: Some(line), column, value: short(value), why }
    }
}

/// What stands somewhere, in one line and cut short.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(MOST + 1).collect();
    if let Some((end, _)) = short.char_indices().nth(MOST) {
        short.truncate(end);
        short.push('…');
    }
    short
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.index.map(|index| letters(index as usize)).unwrap_or_default())
    }
}

/// A column's letters, as spreadsheets name it: A, B, … Z, AA.
#[must_use]
pub fn letters(index: usize) -> String {
    let mut rest = index + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}
