//! The columns of the tickets, and a row of them: one ticket.

use chrono::{DateTime, Utc};

use crate::domain::NAME_MAX;
use crate::domain::ticket::{CallBack, Channel, HoldReason, Kind, LAST_LEVEL, Priority, Status, TEXT_MAX};
use crate::domain::unit::WORD_MAX;
use crate::exchange::cell::Written;
use crate::exchange::column::Layout;
use crate::exchange::names::Named;
use crate::exchange::refusal::{Refused, Why};
use crate::exchange::register::{REFERENCE_MAX, columns, of_source, read_code};
use crate::exchange::row::Reading;
use crate::exchange::sheet::Raw;
use crate::exchange::words::Language;

/// The longest place in words, in characters.
const PLACE_MAX: usize = 200;

/// The longest label of a member of staff: the name and a telephone number.
const STAFF_MAX: usize = NAME_MAX + 25;

columns! { COLUMNS:
    "number" ["工单编号", "工单号"] ["ticket number"];
    "external_ref" ["外部编号", "原编号", "原系统编号"] ["external id", "reference"];
    "community" ["小区代码", "项目代码"] ["community code"];
    "community_name" ["小区名称", "小区", "项目"] ["estate"];
    "kind" ["类型", "工单类型"] ["type"];
    "status" ["状态"] [];
    "priority" ["优先级", "紧急程度"] [];
    "channel" ["渠道", "来源"] [];
    "category" ["分类", "类别"] [];
    "description" ["内容", "描述", "问题描述", "诉求内容"] ["text", "matter"];
    "building" ["楼栋", "楼宇", "栋"] [];
    "entrance" ["单元"] [];
    "unit" ["房号", "房间号", "门牌号"] ["unit number"];
    "place" ["地点", "位置"] ["location"];
    "reporter_ref" ["报事人编号", "住户编号"] ["reporter id"];
    "reporter" ["报事人", "业主姓名", "投诉人", "报修人"] ["reporter name"];
    "reporter_phone" ["报事人电话", "联系电话", "电话"] ["phone"];
    "contact_name" ["联系人"] ["contact"];
    "contact_phone" ["联系人电话"] [];
    "owner" ["负责人"] [];
    "about_staff" ["投诉对象员工", "被投诉员工"] [];
    "about_team" ["投诉对象部门", "被投诉部门"] [];
    "about_building" ["投诉对象楼栋"] [];
    "about_entrance" ["投诉对象单元"] [];
    "about_unit" ["投诉对象房号"] [];
    "created_at" ["报事时间", "受理时间", "创建时间", "登记时间"] ["created", "filed"];
    "responded_at" ["响应时间", "首次响应时间"] ["responded"];
    "hold_reason" ["挂起原因"] [];
    "held_at" ["挂起时间"] [];
    "resume_at" ["恢复时间"] [];
    "resolution" ["处理结果", "处理情况"] [];
    "resolved_at" ["解决时间", "完成时间"] ["resolved"];
    "resolved_by" ["处理人"] [];
    "call_back" ["回访结果"] [];
    "call_back_tries" ["回访未接次数"] [];
    "rating" ["评分", "满意度"] [];
    "rating_comment" ["评价"] ["comment"];
    "rated_at" ["评价时间"] [];
    "ended_at" ["关闭时间", "结束时间", "办结时间"] ["closed", "ended"];
    "reopen_count" ["重开次数"] [];
    "escalation_level" ["升级级别"] [];
    "major_at" ["重大标记时间"] [];
    "previous" ["原工单"] [];
    "repeat_of" ["重复于"] [];
    "merged_into" ["合并到"] [];
    "erased_at" ["抹除时间"] ["erased"];
}

/// The columns that hold moments.
pub(super) const MOMENTS: [&str; 9] = [
    "created_at",
    "responded_at",
    "held_at",
    "resume_at",
    "resolved_at",
    "rated_at",
    "ended_at",
    "major_at",
    "erased_at",
];

/// The columns that hold words of people. A ticket whose words were erased has none of them.
const WORDS: [&str; 9] = [
    "description",
    "place",
    "reporter_ref",
    "reporter",
    "reporter_phone",
    "contact_name",
    "contact_phone",
    "resolution",
    "rating_comment",
];

/// The columns that name another ticket.
pub(super) const LINKS: [&str; 3] = ["previous", "repeat_of", "merged_into"];

/// A row as it was read.
#[derive(Clone, Debug)]
pub(in crate::exchange) struct Row {
    pub(super) line: u64,
    pub(super) number: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) community: Option<String>,
    pub(super) community_name: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) status: Status,
    pub(super) priority: Option<Priority>,
    pub(super) channel: Option<Channel>,
    pub(super) category: Option<String>,
    pub(super) description: String,
    pub(super) at: At,
    pub(super) place: Option<String>,
    pub(super) reporter_ref: Option<String>,
    pub(super) reporter: Option<String>,
    pub(super) reporter_phone: Option<String>,
    pub(super) contact_name: Option<String>,
    pub(super) contact_phone: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) about_staff: Option<String>,
    pub(super) about_team: Option<String>,
    pub(super) about: At,
    pub(super) resolved_by: Option<String>,
    pub(super) hold_reason: Option<HoldReason>,
    pub(super) resolution: Option<String>,
    pub(super) call_back: Option<CallBack>,
    pub(super) call_back_tries: i32,
    pub(super) rating: Option<i32>,
    pub(super) rating_comment: Option<String>,
    pub(super) reopen_count: i32,
    pub(super) escalation_level: i32,
    /// In the order of [`MOMENTS`].
    pub(super) moments: [Option<Written>; MOMENTS.len()],
    /// In the order of [`LINKS`].
    pub(super) links: [Option<String>; LINKS.len()],
}

/// A place as a row names it.
#[derive(Clone, Debug, Default)]
pub(super) struct At {
    pub(super) building: Option<String>,
    pub(super) entrance: Option<String>,
    pub(super) unit: Option<String>,
}

/// The moments of a ticket, in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) created: DateTime<Utc>,
    pub(super) responded: Option<DateTime<Utc>>,
    pub(super) held: Option<DateTime<Utc>>,
    pub(super) resume: Option<DateTime<Utc>>,
    pub(super) resolved: Option<DateTime<Utc>>,
    pub(super) rated: Option<DateTime<Utc>>,
    pub(super) ended: Option<DateTime<Utc>>,
    pub(super) major: Option<DateTime<Utc>>,
    pub(super) erased: Option<DateTime<Utc>>,
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
        let r = &mut reading;
        let number = r.text("number", REFERENCE_MAX);
        let reference = r.text("external_ref", REFERENCE_MAX).map(|own| of_source(source, own));
        if number.is_none() && reference.is_none() {
            r.refuse("external_ref", Why::TicketNeedsReference);
        }
        let status = r.one_of("status").unwrap_or_else(|| {
            if layout.has("status") && r.is_empty("status") {
                r.refuse("status", Why::Missing);
            }
            Status::New
        });
        let description = r.text("description", TEXT_MAX).unwrap_or_else(|| {
            if r.is_empty("description") && r.is_empty("erased_at") {
                r.refuse("description", Why::Missing);
            }
            String::new()
        });
        let row = Self {
            line: r.line(),
            number,
            reference,
            community: read_code(r),
            community_name: r.text("community_name", NAME_MAX),
            kind: r.one_of("kind"),
            status,
            priority: r.one_of("priority"),
            channel: r.one_of("channel"),
            category: r.text("category", NAME_MAX),
            description,
            at: read_place(r, ["building", "entrance", "unit"]),
            place: r.text("place", PLACE_MAX),
            reporter_ref: r.text("reporter_ref", REFERENCE_MAX).map(|own| of_source(source, own)),
            reporter: r.text("reporter", NAME_MAX),
            reporter_phone: r.phone("reporter_phone"),
            contact_name: r.text("contact_name", NAME_MAX),
            contact_phone: r.phone("contact_phone"),
            owner: r.text("owner", STAFF_MAX),
            about_staff: r.text("about_staff", STAFF_MAX),
            about_team: r.text("about_team", NAME_MAX),
            about: read_place(r, ["about_building", "about_entrance", "about_unit"]),
            resolved_by: r.text("resolved_by", STAFF_MAX),
            hold_reason: r.one_of("hold_reason"),
            resolution: r.text("resolution", TEXT_MAX),
            call_back: r.one_of("call_back"),
            call_back_tries: r.small("call_back_tries", 99),
            rating: r.whole("rating", 1, 5).and_then(|rating| i32::try_from(rating).ok()),
            rating_comment: r.text("rating_comment", TEXT_MAX),
            reopen_count: r.small("reopen_count", 99),
            escalation_level: r.small("escalation_level", i64::from(LAST_LEVEL)),
            moments: MOMENTS.map(|key| r.moment(key)),
            links: LINKS.map(|key| r.text(key, REFERENCE_MAX)),
        };
        row.check(r, language);
        reading.finish(row)
    }

    fn has(&self, key: &str) -> bool {
        MOMENTS.iter().zip(self.moments).any(|(name, moment)| *name == key && moment.is_some())
    }

    /// Its words were erased with a person's data.
    pub(super) fn is_erased(&self) -> bool {
        self.has("erased_at")
    }

    /// What must be there for the status, and what must not be there, or not yet.
    fn check(&self, reading: &mut Reading<'_>, language: Language) {
        let status = || self.status.name(language).to_owned();
        let has = |key| self.has(key);
        for words in WORDS.into_iter().filter(|_| self.is_erased()) {
            if !reading.is_empty(words) {
                reading.refuse(words, Why::WordsOfErased);
            }
        }
        if self.kind.is_none() && reading.is_empty("kind") {
            reading.refuse("kind", Why::Missing);
        }
        if !has("created_at") && reading.is_empty("created_at") {
            reading.refuse("created_at", Why::Missing);
        }
        if matches!(self.status, Status::Assigned | Status::InProgress | Status::OnHold)
            && self.owner.is_none()
        {
            reading.refuse("owner", Why::OwnerNeeded { status: status() });
        }
        if self.status == Status::Resolved && !has("resolved_at") && reading.is_empty("resolved_at") {
            reading.refuse("resolved_at", Why::TimeNeeded { status: status() });
        }
        let ends =
            matches!(self.status, Status::Closed | Status::Rejected | Status::Cancelled | Status::Merged);
        let closed = self.status == Status::Closed && has("resolved_at");
        if ends && !has("ended_at") && !closed && reading.is_empty("ended_at") {
            reading.refuse("ended_at", Why::TimeNeeded { status: status() });
        }
        if self.status == Status::Merged && self.links[2].is_none() {
            reading.refuse("merged_into", Why::Missing);
        }
        let may_be_rated = matches!(self.status, Status::Resolved | Status::Closed) || self.reopen_count > 0;
        if self.rating.is_some() && !may_be_rated {
            reading.refuse("rating", Why::RatingTooEarly { status: status() });
        }
    }
}

fn read_place(reading: &mut Reading<'_>, [building, entrance, unit]: [&'static str; 3]) -> At {
    let at = At {
        building: reading.label(building, NAME_MAX),
        entrance: reading.label(entrance, NAME_MAX),
        unit: reading.label(unit, WORD_MAX),
    };
    if at.entrance.is_some() && at.building.is_none() {
        reading.refuse(entrance, Why::EntranceAlone);
    }
    at
}
