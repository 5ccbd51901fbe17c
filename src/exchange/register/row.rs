//! The columns of the register, and a row of it: a person in a unit; or a unit, a building, a community, a person.

use chrono::NaiveDate;

use crate::domain::building::ADDRESS_MAX;
use crate::domain::community::{check_code, check_time_zone};
use crate::domain::unit::{AREA_MAX, FLOORS, WORD_MAX, check_area};
use crate::domain::{BuildingKind, NAME_MAX, OccupancyKind, OccupantKind, UnitUsage};
use crate::exchange::column::Layout;
use crate::exchange::refusal::{Refused, Why};
use crate::exchange::row::Reading;
use crate::exchange::sheet::Raw;
use crate::exchange::words::Language;

/// The longest reference to another system, in characters.
pub(crate) const REFERENCE_MAX: usize = 100;

macro_rules! columns {
    ($name:ident: $($key:literal [$($chinese:literal),+] [$($english:literal),*];)*) => {
        /// The columns, in the order in which they are written.
        pub(crate) const $name: &[$crate::exchange::column::Known] = &[
            $($crate::exchange::column::Known { key: $key, chinese: &[$($chinese),+], english: &[$($english),*] }),*
        ];
    };
}
pub(crate) use columns;

columns! { COLUMNS:
    "community" ["小区代码", "项目代码"] ["community code"];
    "community_name" ["小区名称", "小区", "项目", "项目名称"] ["estate"];
    "time_zone" ["时区"] [];
    "building" ["楼栋", "楼宇", "栋", "楼号", "栋号", "座"] ["building name"];
    "building_kind" ["楼宇类型", "楼栋类型"] ["building type"];
    "address" ["地址"] ["building address"];
    "entrance" ["单元", "单元号", "梯"] ["stairwell"];
    "unit" ["房号", "房间号", "门牌", "门牌号", "室", "铺位号", "房屋"] ["unit number", "number"];
    "floor" ["楼层", "层"] [];
    "usage" ["用途", "房屋用途", "使用性质"] ["use"];
    "layout" ["户型"] [];
    "orientation" ["朝向"] [];
    "area" ["面积", "建筑面积", "面积㎡", "建筑面积㎡"] ["area m2"];
    "occupant_ref" ["住户编号", "客户编号", "业主编号"] ["occupant id"];
    "occupant" ["姓名", "业主", "住户", "业主姓名", "住户姓名", "客户名称"] ["name", "owner", "occupant name"];
    "occupant_kind" ["住户类型", "客户类型"] ["occupant type"];
    "phone" ["电话", "手机", "手机号", "联系电话", "电话号码"] ["telephone", "mobile"];
    "occupancy" ["身份", "关系", "住户身份", "与房屋关系"] ["as", "role"];
    "from_on" ["入住日期", "起始日期", "交房日期"] ["from", "since", "move in"];
    "to_on" ["迁出日期", "终止日期", "搬离日期"] ["to", "until", "move out"];
}

/// A row as it was read.
#[derive(Clone, Debug)]
pub(in crate::exchange) struct Row {
    pub(super) line: u64,
    pub(super) community: Option<String>,
    pub(super) community_name: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) building: Option<String>,
    pub(super) building_kind: Option<BuildingKind>,
    pub(super) address: Option<String>,
    pub(super) entrance: Option<String>,
    pub(super) unit: Option<UnitPart>,
    pub(super) person: Option<Person>,
}

/// What a row says of its unit.
#[derive(Clone, Debug)]
pub(super) struct UnitPart {
    pub(super) number: String,
    pub(super) floor: Option<i32>,
    pub(super) usage: Option<UnitUsage>,
    pub(super) layout: Option<String>,
    pub(super) orientation: Option<String>,
    pub(super) area_dm2: Option<i32>,
}

/// What a row says of its person.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) reference: Option<String>,
    pub(super) kind: Option<OccupantKind>,
    pub(super) phone: Option<String>,
    pub(super) occupancy: Option<OccupancyKind>,
    pub(super) from_on: Option<NaiveDate>,
    pub(super) to_on: Option<NaiveDate>,
}

impl Row {
    /// Reads a row; what is wrong with it is told all at once.
    pub(super) fn read(
        layout: &Layout,
        raw: &Raw,
        source: Option<&str>,
        language: Language,
    ) -> Result<Self, Vec<Refused>> {
        let mut reading = Reading::new(layout, raw, language);
        let community = read_code(&mut reading);
        let community_name = reading.text("community_name", NAME_MAX);
        let time_zone = reading.text("time_zone", NAME_MAX);
        if time_zone.as_deref().is_some_and(|zone| check_time_zone(zone).is_err()) {
            reading.refuse("time_zone", Why::NotAZone);
        }
        let building = reading.label("building", NAME_MAX);
        let building_kind = reading.one_of("building_kind");
        let address = reading.text("address", ADDRESS_MAX);
        let entrance = reading.label("entrance", NAME_MAX);
        if entrance.is_some() && building.is_none() {
            reading.refuse("entrance", Why::EntranceAlone);
        }
        let unit = read_unit(&mut reading);
        let person = read_person(&mut reading, layout, source, unit.is_some());
        let line = reading.line();
        reading.finish(Self {
            line,
            community,
            community_name,
            time_zone,
            building,
            building_kind,
            address,
            entrance,
            unit,
            person,
        })
    }
}

/// A community's code, which has one form.
pub(crate) fn read_code(reading: &mut Reading<'_>) -> Option<String> {
    let code = reading.text("community", NAME_MAX)?.to_uppercase();
    if check_code(&code).is_err() {
        reading.refuse("community", Why::NotACode);
    }
    Some(code)
}

fn read_unit(reading: &mut Reading<'_>) -> Option<UnitPart> {
    let number = reading.label("unit", WORD_MAX);
    let floors = (i64::from(*FLOORS.start()), i64::from(*FLOORS.end()));
    let floor = reading.floor("floor", floors);
    let usage = reading.one_of("usage");
    let layout = reading.text("layout", WORD_MAX);
    let orientation = reading.text("orientation", WORD_MAX);
    let area = reading.number("area");
    let area_dm2 = check_area(area).unwrap_or_else(|_| {
        reading.refuse("area", Why::NotAnArea { high: AREA_MAX as i64 });
        None
    });
    let said = floor.is_some() || layout.is_some() || orientation.is_some() || area.is_some();
    match number {
        Some(number) => Some(UnitPart { number, floor, usage, layout, orientation, area_dm2 }),
        None => {
            if said {
                reading.refuse("unit", Why::UnitNeedsNumber);
            }
            None
        }
    }
}

fn read_person(
    reading: &mut Reading<'_>,
    layout: &Layout,
    source: Option<&str>,
    in_unit: bool,
) -> Option<Person> {
    let name = reading.text("occupant", NAME_MAX);
    let reference = reading.text("occupant_ref", REFERENCE_MAX).map(|own| of_source(source, own));
    let kind = reading.one_of("occupant_kind");
    let phone = reading.phone("phone");
    let occupancy = reading.one_of("occupancy");
    let (from_on, to_on) = (reading.day("from_on"), reading.day("to_on"));
    let said = reference.is_some() || phone.is_some();
    let Some(name) = name else {
        if said {
            reading.refuse("occupant", Why::PersonNeedsName);
        }
        return None;
    };
    let occupancy = occupancy.or_else(|| names_owners(layout).then_some(OccupancyKind::Owner));
    if in_unit && occupancy.is_none() {
        reading.refuse("occupancy", Why::Missing);
    }
    if !in_unit && (from_on.is_some() || to_on.is_some()) {
        reading.refuse("unit", Why::UnitNeedsNumber);
    }
    if let (Some(from), Some(to)) = (from_on, to_on)
        && to < from
    {
        reading.refuse("to_on", Why::EndsBeforeBegin { from: from.to_string() });
    }
    if from_on.is_none() && to_on.is_some() {
        reading.refuse("from_on", Why::Missing);
    }
    Some(Person { name, reference, kind, phone, occupancy, from_on, to_on })
}

/// A column that is headed "业主" says who owns, without a column that says so.
pub(super) fn names_owners(layout: &Layout) -> bool {
    layout.column("occupant").is_some_and(|column| column.header.contains("业主"))
}

/// A reference with the system that it is of.
pub(crate) fn of_source(source: Option<&str>, reference: String) -> String {
    match source {
        Some(source) if !reference.starts_with(&format!("{source}:")) => format!("{source}:{reference}"),
        _ => reference,
    }
}
