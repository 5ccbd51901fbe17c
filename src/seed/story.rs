//! What becomes of a matter: who does what, and how many minutes after it was raised.

use super::chance::Chance;
use super::themes::{self, Said, Theme, Work};
use crate::domain::ticket::{HoldReason, Kind};

/// What is done, and by whom, by the login that they have in the first community; what no login is given for, the
/// reporter does.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Acknowledge(&'static str),
    Assign(&'static str, &'static str),
    Start(&'static str),
    Dispatch(&'static str, &'static str, &'static str),
    /// The same with an appointment, from and to so many minutes after the matter was raised.
    Appoint(&'static str, &'static str, &'static str, i64, i64),
    Take(&'static str),
    Finish(&'static str, &'static str),
    Hold(&'static str, HoldReason, i64),
    Resolve(&'static str, &'static str),
    Answer(&'static str, &'static str),
    Say(&'static str, &'static str),
    Note(&'static str, &'static str),
    Hurry,
    Escalate(&'static str, &'static str),
    Receipt(&'static str),
    MarkMajor(&'static str, &'static str),
    Confirm(i32, &'static str),
    CallBack(&'static str, i32),
    /// Nobody answers the telephone.
    Unreachable(&'static str),
    /// The call back finds somebody who says why it is not done.
    CalledInVain(&'static str, &'static str),
    Reopen(&'static str),
    Reject(&'static str, &'static str),
    Cancel(&'static str),
    /// The same as another matter, by its place in the list.
    Merge(&'static str, usize),
}

/// Each step with the minutes after the matter was raised, in order.
pub(super) type Story = Vec<(i64, Step)>;

pub(super) const DAY: i64 = 24 * 60;

/// What a story depends on besides its theme.
pub(super) struct Case {
    /// The minute of the day at which it is raised.
    pub(super) minute: i64,
    /// Who owns it.
    pub(super) owner: &'static str,
    /// The reporter has the app, and speaks for themselves.
    pub(super) by_app: bool,
    /// It cannot wait for the morning.
    pub(super) pressing: bool,
}

/// A story as it is being told: how far it has come.
struct Telling<'a> {
    said: Said,
    case: &'a Case,
    chance: &'a mut Chance,
    at: i64,
    story: Story,
}

/// What becomes of a matter of this sort.
pub(super) fn tell(theme: &'static Theme, said: Said, case: &Case, chance: &mut Chance) -> Story {
    let mut telling = Telling { said, case, chance, at: 0, story: Vec::new() };
    match theme.work {
        Work::Answer(who) => telling.answered(who, theme),
        _ if telling.chance.percent(2) => telling.cancelled(),
        Work::Owner => {
            telling.assigned(theme);
            telling.then(20..180, Step::Start(case.owner));
            telling.resolved(theme);
        }
        Work::Order(team, worker, task) => {
            telling.assigned(theme);
            telling.ordered(theme, (team, worker, task));
            telling.resolved(theme);
        }
    }
    telling.story
}

/// A complaint about somebody on the staff, which their superiors see to.
pub(super) fn about_staff(chance: &mut Chance) -> Story {
    let mut at = chance.within(4..40);
    let mut story = vec![(at, Step::Acknowledge("center"))];
    at += chance.within(2..30);
    story.push((at, Step::Assign("center", "manager")));
    at += chance.within(30..400);
    story.push((at, Step::Start("manager")));
    at += chance.within(60..900);
    story.push((at, Step::Resolve("manager", "已和当事人谈话并当面道歉，列入本月考核。")));
    at += chance.within(300..DAY);
    story.push((at, Step::CallBack("center", i32::from(chance.percent(70)) + 4)));
    story
}

/// What cannot be done.
pub(super) fn refused(reply: &'static str, chance: &mut Chance) -> Story {
    let assigned = chance.within(10..60);
    let answered = assigned + chance.within(30..300);
    vec![(assigned, Step::Assign("desk", "supervisor")), (answered, Step::Reject("supervisor", reply))]
}

/// What a patrol found, until it is mended.
pub(super) fn found(
    owner: &'static str,
    (team, worker, task, result): (&'static str, &'static str, &'static str, &'static str),
    chance: &mut Chance,
) -> Story {
    let mut at = chance.within(20..60);
    let mut story = vec![(at, Step::Assign(owner, owner))];
    let steps = [
        Step::Dispatch(owner, team, task),
        Step::Take(worker),
        Step::Finish(worker, result),
        Step::Resolve(owner, result),
    ];
    for step in steps {
        at += chance.within(5..240);
        story.push((at, step));
    }
    story
}

impl Telling<'_> {
    fn then(&mut self, after: std::ops::Range<i64>, step: Step) {
        self.at += self.chance.within(after);
        self.story.push((self.at, step));
    }

    /// Waits until people are at work, unless it is pressing.
    fn by_day(&mut self) {
        let minute = (self.case.minute + self.at).rem_euclid(DAY);
        let wait = match minute / 60 {
            0..8 => 8 * 60 - minute,
            21.. => 32 * 60 - minute,
            _ => return,
        };
        if !self.case.pressing {
            self.at += wait + self.chance.within(5..70);
        }
    }

    fn desk(&mut self) -> &'static str {
        self.chance.pick(&["desk", "desk", "desk2"])
    }

    fn answered(&mut self, who: &'static str, theme: &'static Theme) {
        if theme.kind == Kind::Suggestion {
            self.at += self.chance.within(200..2 * DAY);
        }
        self.by_day();
        self.then(5..90, Step::Answer(who, self.said.2));
        if self.case.by_app && self.chance.percent(50) {
            self.rated();
        }
    }

    fn cancelled(&mut self) {
        let desk = self.desk();
        self.then(3..30, Step::Acknowledge(desk));
        let why = self.chance.pick(themes::NEVER_MIND);
        self.then(10..120, Step::Cancel(why));
    }

    fn assigned(&mut self, theme: &'static Theme) {
        let desk = self.desk();
        let within = if self.case.pressing { 1..12 } else { 3..50 };
        if theme.kind == Kind::Complaint && self.chance.percent(60) {
            self.then(within, Step::Acknowledge(desk));
            self.then(1..20, Step::Assign(desk, self.case.owner));
        } else {
            self.then(within, Step::Assign(desk, self.case.owner));
        }
    }

    fn ordered(
        &mut self,
        theme: &'static Theme,
        (team, worker, task): (&'static str, &'static str, &'static str),
    ) {
        let owner = self.case.owner;
        self.by_day();
        self.at += self.chance.within(1..25);
        let from_home = theme.place.is_none() && !self.case.pressing;
        if from_home && self.chance.percent(if theme.kind == Kind::Service { 80 } else { 30 }) {
            // The next day on the hour, for two hours.
            let hour = self.chance.pick(&[9, 10, 14, 16, 19]);
            let from = (self.case.minute + self.at) / DAY * DAY + DAY + hour * 60 - self.case.minute;
            self.story.push((self.at, Step::Appoint(owner, team, task, from, from + 120)));
            self.then(5..60, Step::Take(worker));
            self.at = from + if self.chance.percent(94) { 0 } else { 190 };
        } else {
            self.story.push((self.at, Step::Dispatch(owner, team, task)));
            self.then(3..45, Step::Take(worker));
        }
        if !self.case.pressing {
            self.delayed();
        }
        self.by_day();
        self.then(if self.case.pressing { 15..80 } else { 20..110 }, Step::Finish(worker, self.said.1));
    }

    /// Now and then a part is missing, or it simply takes too long.
    fn delayed(&mut self) {
        let owner = self.case.owner;
        match self.chance.within(0..100) {
            0..4 => {
                self.then(20..60, Step::Hold(owner, HoldReason::AwaitingParts, 3));
                self.then(1..5, Step::Say(owner, "配件要向厂家订，预计三天到，到了马上给您装。"));
                self.at += self.chance.within(DAY..3 * DAY);
            }
            4..6 => {
                self.then(20..60, Step::Hold(owner, HoldReason::AwaitingAccess, 1));
                self.then(1..5, Step::Note(owner, "敲门无人，电话约改天。"));
                self.at += DAY;
            }
            6..10 => {
                self.at += self.chance.within(DAY..2 * DAY);
                self.story.push((self.at, Step::Hurry));
                self.then(20..90, Step::Escalate("desk", "住户再次来催，已超过约定时间"));
                self.then(10..120, Step::Receipt("supervisor"));
                self.at += self.chance.within(200..2 * DAY);
            }
            _ => {}
        }
    }

    fn resolved(&mut self, theme: &'static Theme) {
        let owner = self.case.owner;
        if matches!(theme.work, Work::Owner) {
            self.at += self.chance.within(200..DAY);
        }
        self.then(3..40, Step::Resolve(owner, self.said.2));
        if self.chance.percent(3) {
            self.again();
        }
        self.closed(theme.kind);
    }

    fn again(&mut self) {
        let (owner, why, how) =
            (self.case.owner, self.chance.pick(themes::NOT_DONE), self.chance.pick(themes::AGAIN));
        self.at += self.chance.within(400..2 * DAY);
        let step = if self.case.by_app { Step::Reopen(why) } else { Step::CalledInVain("desk2", why) };
        self.story.push((self.at, step));
        self.then(5..60, Step::Assign("supervisor", owner));
        self.then(10..200, Step::Start(owner));
        self.then(100..DAY, Step::Resolve(owner, how));
    }

    /// The reporter agrees, or is called; else seven days pass. A complaint is not closed without a word.
    fn closed(&mut self, kind: Kind) {
        let rates = self.case.by_app && self.chance.percent(60);
        if rates {
            return self.rated();
        }
        if kind != Kind::Complaint && self.chance.percent(45) {
            return;
        }
        self.at += self.chance.within(300..DAY);
        self.by_day();
        if self.chance.percent(5) {
            self.then(1..30, Step::Unreachable("desk2"));
            self.at += DAY;
        }
        let stars = self.stars();
        self.then(1..60, Step::CallBack("desk2", stars));
    }

    fn rated(&mut self) {
        let stars = self.stars();
        let comments = usize::try_from(stars - 1).map_or(themes::PRAISE[4], |place| themes::PRAISE[place]);
        let comment = self.chance.pick(comments);
        self.then(20..DAY, Step::Confirm(stars, comment));
    }

    /// Nearly everybody is content.
    fn stars(&mut self) -> i32 {
        match self.chance.within(0..1_000) {
            0..4 => 1,
            4..9 => 2,
            9..22 => 3,
            22..250 => 4,
            _ => 5,
        }
    }
}
