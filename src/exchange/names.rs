//! The values of closed sets, as they are written in a sheet: in Chinese, as in the schema, and as people say.

use crate::domain::ticket::{CallBack, Channel, HoldReason, Kind, Priority, Status};
use crate::domain::{BuildingKind, OccupancyKind, OccupantKind, UnitUsage};

use super::cell::narrow;
use super::words::Language;

/// A closed set whose values have names.
pub(crate) trait Named: Copy + PartialEq + 'static {
    /// Each value: its name in the schema, its Chinese name, and other words for it.
    const NAMES: &'static [(Self, &'static str, &'static str, &'static [&'static str])];

    /// The value that a word names.
    fn named(word: &str) -> Option<Self> {
        let word = narrow(word).to_uppercase().replace([' ', '-'], "_");
        let found = Self::NAMES.iter().find(|(_, code, chinese, others)| {
            *code == word || *chinese == word || others.iter().any(|other| *other == word)
        });
        found.map(|(value, ..)| *value)
    }

    /// How a value is written.
    fn name(self, language: Language) -> &'static str {
        let found = Self::NAMES.iter().find(|(value, ..)| *value == self);
        found.map_or("", |(_, code, chinese, _)| match language {
            Language::Chinese => chinese,
            Language::English => code,
        })
    }

    /// All that can be written, for those who wrote something else.
    fn all(language: Language) -> String {
        let names = Self::NAMES.iter().map(|(value, ..)| value.name(language));
        names.collect::<Vec<_>>().join(if language == Language::Chinese { "、" } else { ", " })
    }
}

macro_rules! named {
    ($($type:ty { $($value:ident = $code:literal $chinese:literal [$($other:literal),*];)* })*) => {$(
        impl Named for $type {
            const NAMES: &'static [(Self, &'static str, &'static str, &'static [&'static str])] =
                &[$((Self::$value, $code, $chinese, &[$($other),*])),*];
        }
    )*};
}

named! {
    BuildingKind {
        Residential = "RESIDENTIAL" "住宅" ["住宅楼", "居住"];
        Office = "OFFICE" "写字楼" ["办公", "办公楼"];
        Retail = "RETAIL" "商业" ["商铺", "商场"];
        Mixed = "MIXED" "综合" ["综合楼", "商住"];
    }
    UnitUsage {
        Residence = "RESIDENCE" "住宅" ["住家", "居住", "公寓", "HOME", "RESIDENTIAL"];
        Office = "OFFICE" "办公" ["写字楼", "办公室"];
        Shop = "SHOP" "商铺" ["店铺", "商业", "门面"];
        Stall = "STALL" "档口" ["摊位", "铺位"];
    }
    OccupantKind {
        Person = "PERSON" "个人" ["自然人"];
        Company = "COMPANY" "公司" ["单位", "企业", "法人"];
    }
    OccupancyKind {
        Owner = "OWNER" "业主" ["产权人", "房东"];
        Tenant = "TENANT" "租户" ["租客", "承租人", "租住"];
        Family = "FAMILY" "家属" ["家人", "亲属", "同住人"];
        Employee = "EMPLOYEE" "员工" ["职员", "雇员"];
    }
    Kind {
        Complaint = "COMPLAINT" "投诉" [];
        Repair = "REPAIR" "报修" ["维修"];
        Service = "SERVICE" "服务" [];
        Enquiry = "ENQUIRY" "咨询" ["INQUIRY"];
        Suggestion = "SUGGESTION" "建议" [];
    }
    Status {
        New = "NEW" "新建" ["待受理", "未处理"];
        Assigned = "ASSIGNED" "已分派" ["已派单"];
        InProgress = "IN_PROGRESS" "处理中" ["进行中"];
        OnHold = "ON_HOLD" "挂起" ["暂停"];
        Resolved = "RESOLVED" "已解决" ["已处理", "待回访"];
        Closed = "CLOSED" "已关闭" ["已完成", "完结", "已办结"];
        Reopened = "REOPENED" "重新打开" [];
        Rejected = "REJECTED" "已驳回" [];
        Cancelled = "CANCELLED" "已取消" ["已撤销", "CANCELED"];
        Merged = "MERGED" "已合并" [];
    }
    Priority {
        Urgent = "URGENT" "紧急" ["特急"];
        High = "HIGH" "高" ["急"];
        Normal = "NORMAL" "普通" ["一般", "中"];
        Low = "LOW" "低" [];
    }
    Channel {
        Phone = "PHONE" "电话" ["来电"];
        Counter = "COUNTER" "前台" ["上门", "来访"];
        App = "APP" "手机应用" ["小程序", "微信"];
        Web = "WEB" "网页" ["网站"];
        Patrol = "PATROL" "巡查" [];
        Import = "IMPORT" "导入" [];
    }
    HoldReason {
        AwaitingParts = "AWAITING_PARTS" "等待配件" [];
        AwaitingConsent = "AWAITING_CONSENT" "等待同意" [];
        AwaitingAccess = "AWAITING_ACCESS" "等待入户" [];
        AwaitingContractor = "AWAITING_CONTRACTOR" "等待外单位" [];
        Other = "OTHER" "其他" [];
    }
    CallBack {
        Satisfied = "SATISFIED" "满意" [];
        Unsatisfied = "UNSATISFIED" "不满意" [];
        Unreachable = "UNREACHABLE" "联系不上" [];
    }
}
