//! The matters of a life: what comes up on which day, whom it happens to, and what becomes of it. Nothing here touches
//! the database.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::calendar::{self, Day, Season};
use super::chance::Chance;
use super::people::People;
use super::places::{Places, SITES, Unit};
use super::story::{self, Case, Step, Story};
use super::themes::{self, Theme};
use super::weather::{self, Weather};
use super::{Life, scenes};
use crate::base::id::{BuildingId, UnitId};
use crate::domain::UnitUsage;
use crate::domain::ticket::{Channel, Kind};
use crate::domain::viewer::start_of_day;

/// One matter.
pub(super) struct Matter {
    pub(super) at: DateTime<Utc>,
    pub(super) site: usize,
    pub(super) by: By,
    /// Whose it is, by their place in the list of residents.
    pub(super) reporter: Option<usize>,
    pub(super) kind: Kind,
    pub(super) category: &'static str,
    pub(super) unit: Option<UnitId>,
    pub(super) building: Option<BuildingId>,
    pub(super) place: Option<String>,
    pub(super) words: String,
    /// The login of whom it is about.
    pub(super) about: Option<&'static str>,
    pub(super) then: Story,
}

/// Who raises it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The reporter, with the app.
    Reporter,
    /// Somebody on the staff, who was told.
    Staff(&'static str, Channel),
    /// A patrol came across it, and raises it by itself.
    Patrol,
}

/// How many matters come up in each community on a hundred working days. With the patrols it is what an unoptimised build
/// lives through in some 20 s of one core: each act is a transaction.
const A_DAY: [u32; 3] = [62, 38, 32];

/// How the time is counted on the estate.
pub(super) const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// All that comes up, and draws it.
pub(super) struct Almanac<'a> {
    pub(super) places: &'a Places,
    pub(super) people: &'a People,
    pub(super) chance: &'a mut Chance,
    pub(super) matters: Vec<Matter>,
}

/// Everything that is raised in a life which ends now, in no order.
pub(super) fn all(
    places: &Places,
    people: &People,
    life: Life,
    now: DateTime<Utc>,
    chance: &mut Chance,
) -> Vec<Matter> {
    let matters = scenes::all(places, people, now);
    let mut almanac = Almanac { places, people, chance, matters };
    for day in calendar::days_from(life.first_day(now), u64::from(life.days) + 1) {
        let weather = weather::draw(day, almanac.chance);
        for site in 0..SITES.len() {
            almanac.pass(day, site, weather);
        }
        almanac.ride_the_lift(day);
    }
    super::today::add(&mut almanac, now);
    almanac.matters
}

impl<'a> Almanac<'a> {
    /// One day of one community.
    fn pass(&mut self, day: NaiveDate, site: usize, weather: Weather) {
        let often = match calendar::sort_of(day) {
            Day::Work => A_DAY[site],
            Day::Weekend => A_DAY[site] * 13 / 10,
            Day::Holiday => A_DAY[site] * 7 / 10,
        };
        for _ in 0..self.chance.about(often) {
            self.happen(day, site, weather);
        }
        if weather == Weather::Storm {
            for _ in 0..self.chance.within(3..7) {
                self.leak(day, site);
            }
        }
        if self.chance.within(0..1_000) < 12 {
            self.misbehave(day, site);
        }
        if self.chance.within(0..1_000) < 10 {
            self.demand(day, site);
        }
    }

    fn happen(&mut self, day: NaiveDate, site: usize, weather: Weather) {
        let all =
            themes::REPAIRS.iter().chain(themes::COMPLAINTS).chain(themes::REQUESTS).collect::<Vec<_>>();
        let weights = all.iter().map(|theme| self.weight(theme, day, site, weather)).collect::<Vec<_>>();
        let theme = all[self.chance.weighted(&weights)];
        self.raise(theme, day, site);
    }

    /// How often a theme comes up there on such a day. Offices rest at weekends, and rain brings water.
    fn weight(&self, theme: &Theme, day: NaiveDate, site: usize, weather: Weather) -> u32 {
        let there = self.people.residents.iter().map(|one| &self.places.units[one.unit]);
        if !there.into_iter().any(|unit| unit.site == site && unit.usage == theme.usage) {
            return 0;
        }
        let rest = theme.usage == UnitUsage::Office && calendar::sort_of(day) != Day::Work;
        let wet = weather != Weather::Fair && matches!(theme.season, Season::Wet);
        theme.often * theme.season.weight(day.month()) * if wet { 3 } else { 1 } / if rest { 10 } else { 1 }
    }

    fn leak(&mut self, day: NaiveDate, site: usize) {
        let usable = |theme: &&'static Theme| self.weight(theme, day, site, Weather::Storm) > 0;
        let themes = themes::STORM.iter().filter(usable).collect::<Vec<_>>();
        let theme = self.chance.pick(&themes);
        self.raise(theme, day, site);
    }

    /// A matter of this sort comes up for somebody.
    fn raise(&mut self, theme: &'static Theme, day: NaiveDate, site: usize) {
        if let Some(reporter) = self.at_home(site, theme.usage) {
            self.raise_for(theme, day, reporter);
        }
    }

    /// Somebody in a unit of this use.
    pub(super) fn at_home(&mut self, site: usize, usage: UnitUsage) -> Option<usize> {
        self.one_of(|unit| unit.site == site && unit.usage == usage)
    }

    /// Somebody in such a unit.
    fn one_of(&mut self, suits: impl Fn(&Unit) -> bool) -> Option<usize> {
        let there = |one: &usize| suits(&self.places.units[self.people.residents[*one].unit]);
        let all = (0..self.people.residents.len()).filter(there).collect::<Vec<_>>();
        (!all.is_empty()).then(|| self.chance.pick(&all))
    }

    fn raise_for(&mut self, theme: &'static Theme, day: NaiveDate, reporter: usize) {
        let minute = theme.hours.draw(self.chance);
        let by = self.by(reporter);
        let unit = self.home_of(reporter);
        let building = &self.places.buildings[unit.building];
        let case = Case {
            minute,
            owner: building.assistant,
            by_app: by == By::Reporter,
            pressing: matches!(theme.category, "LIFT" | "WATER" | "HEATING" | "FIRE" | "NOISE"),
        };
        let said = self.chance.pick(theme.said);
        let then = story::tell(theme, said, &case, self.chance);
        let place = theme.place.map(|place| match place {
            "楼道" | "单元门" => format!("{}{}{place}", building.name, unit.entrance),
            _ => place.to_owned(),
        });
        let words = self.fill(said.0);
        let second = self.chance.within(0..60);
        self.matters.push(Matter {
            at: start_of_day(day, ZONE) + TimeDelta::minutes(minute) + TimeDelta::seconds(second),
            site: unit.site,
            by,
            reporter: Some(reporter),
            kind: theme.kind,
            category: theme.category,
            unit: Some(unit.id),
            building: None,
            place,
            words,
            about: None,
            then,
        });
    }

    fn home_of(&self, reporter: usize) -> &'a Unit {
        &self.places.units[self.people.residents[reporter].unit]
    }

    /// Those who have the app mostly use it; the others call, or come to the counter.
    fn by(&mut self, reporter: usize) -> By {
        let has_app = self.people.residents[reporter].viewer.is_some();
        if has_app && self.chance.percent(85) {
            return By::Reporter;
        }
        let channel = if self.chance.percent(80) { Channel::Phone } else { Channel::Counter };
        By::Staff(self.chance.pick(&["desk", "desk2"]), channel)
    }

    fn fill(&mut self, words: &str) -> String {
        let words = words.replace("{since}", self.chance.pick(themes::SINCE));
        let words = words.replace("{room}", self.chance.pick(themes::ROOMS));
        words.replace("{floor}", &self.chance.within(1..7).to_string())
    }

    /// Somebody on the staff gives cause for a complaint.
    fn misbehave(&mut self, day: NaiveDate, site: usize) {
        let (about, words) = self.chance.pick(themes::ABOUT_STAFF);
        let then = story::about_staff(self.chance);
        self.complain(day, site, ("STAFF", words), Some(about), then);
    }

    /// Somebody wants what cannot be.
    fn demand(&mut self, day: NaiveDate, site: usize) {
        let (category, words, reply) = self.chance.pick(themes::UNREASONABLE);
        let then = story::refused(reply, self.chance);
        self.complain(day, site, (category, words), None, then);
    }

    fn complain(
        &mut self,
        day: NaiveDate,
        site: usize,
        (category, words): (&'static str, &str),
        about: Option<&'static str>,
        then: Story,
    ) {
        let Some(reporter) = self.at_home(site, UnitUsage::Residence) else { return };
        let minute = calendar::Hours::Evening.draw(self.chance);
        let unit = self.home_of(reporter);
        self.matters.push(Matter {
            at: start_of_day(day, ZONE) + TimeDelta::minutes(minute),
            site,
            by: By::Staff("center", Channel::Phone),
            reporter: Some(reporter),
            kind: Kind::Complaint,
            category,
            unit: Some(unit.id),
            building: None,
            place: None,
            words: words.to_owned(),
            about,
            then,
        });
    }

    /// The lift of the first community's second building fails again and again; whoever waits for it calls, and what is
    /// said twice becomes one ticket.
    fn ride_the_lift(&mut self, day: NaiveDate) {
        if self.chance.within(0..1_000) >= 55 {
            return;
        }
        let Some(first) = self.people.named("resident2") else { return };
        self.raise_for(&themes::LIFT, day, first);
        let main = self.matters.len() - 1;
        if self.chance.percent(25) {
            self.matters[main].then.push((8, Step::MarkMajor("supervisor", "同一部电梯一个月内多次停梯")));
            self.matters[main].then.sort_by_key(|(after, _)| *after);
        }
        let (stopped, mended) = (self.matters[main].at, finished(&self.matters[main]));
        for _ in 0..self.chance.within(0..3) {
            let other = self.one_of(|unit| unit.site == 0 && unit.name.starts_with("2栋1单元"));
            let Some(other) = other.filter(|other| *other != first && mended > 8) else { continue };
            self.raise_for(&themes::LIFT, day, other);
            let again = self.chance.within(2..mended.min(20));
            let Some(matter) = self.matters.last_mut() else { continue };
            matter.at = stopped + TimeDelta::minutes(again);
            matter.then = vec![(2, Step::Merge("desk", main))];
        }
    }
}

/// How many minutes after it was raised the worker was done; nothing, when nobody was sent.
fn finished(matter: &Matter) -> i64 {
    let done = matter.then.iter().find(|(_, step)| matches!(step, Step::Finish(..)));
    done.map_or(0, |(after, _)| *after)
}
