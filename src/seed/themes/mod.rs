//! What comes up again and again, in the words of those whom it happens to. In them `{since}` is a time, `{room}` a room
//! of a home, `{place}` where it is.

mod complaints;
mod repairs;
mod requests;

use super::calendar::{Hours, Season};
use crate::domain::UnitUsage;
use crate::domain::ticket::Kind;

pub(super) use complaints::{ABOUT_STAFF, COMPLAINTS, UNREASONABLE};
pub(super) use repairs::{LIFT, REPAIRS, STORM};
pub(super) use requests::REQUESTS;

/// A sort of matter.
pub(super) struct Theme {
    pub(super) kind: Kind,
    pub(super) category: &'static str,
    /// In what sort of unit.
    pub(super) usage: UnitUsage,
    /// The common place it is at; none: in the unit itself.
    pub(super) place: Option<&'static str>,
    pub(super) often: u32,
    pub(super) season: Season,
    pub(super) hours: Hours,
    pub(super) said: &'static [Said],
    pub(super) work: Work,
}

/// What is said of one matter: by the reporter when it is raised, by the worker when it is done, and to the reporter in the
/// end.
pub(super) type Said = (&'static str, &'static str, &'static str);

/// What is done about it.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// Who goes there, team and login, and with what task.
    Order(&'static str, &'static str, &'static str),
    /// The owner sees to it.
    Owner,
    /// It is answered, by this login.
    Answer(&'static str),
}

/// What a time is called.
pub(super) const SINCE: &[&str] = &["昨晚", "今天早上", "前天", "上周末", "昨天下午", "昨天", "这两天"];

/// What a room is called.
pub(super) const ROOMS: &[&str] = &["厨房", "主卫", "客卫", "阳台", "主卧", "次卧", "客厅", "书房"];

/// What is said with so many stars, from one to five; some say nothing.
pub(super) const PRAISE: [&[&str]; 5] = [
    &["等了太久，没有人给我一个说法。", "修了等于没修。"],
    &["态度可以，但是来得太晚。", "催了几次才有人来。"],
    &["一般，希望下次快一点。", "问题解决了，过程有点折腾。"],
    &["不错。", "处理得还算快。", "师傅很专业，就是晚了一会儿。", "", "比上次好。"],
    &[
        "",
        "师傅很快就到了，谢谢！",
        "服务很好，还把地面擦干净了。",
        "满意。",
        "助理一直跟进，很放心。",
        "点赞！",
        "",
    ],
];

/// Why it is not done yet, as reporters say it.
pub(super) const NOT_DONE: &[&str] = &[
    "今天又出现了，跟没修一样。",
    "只好了一天，现在又不行了。",
    "说已经处理，可我刚看过，还是老样子。",
    "师傅说会再来，没有来。",
];

/// Why it need not be done any more.
pub(super) const NEVER_MIND: &[&str] = &[
    "自己弄好了，不用来了，谢谢。",
    "是我家里的开关没合上，不好意思。",
    "约的时间我不在家，先取消，以后再报。",
];

/// What is done the second time.
pub(super) const AGAIN: &[&str] = &[
    "已由工程主管到场复查，换了整套配件，观察两天正常。",
    "重新处理并请您现场看过，三天后我再来电确认。",
    "查到了真正的原因，已经彻底处理，抱歉让您多等。",
];
