//! What an import came to.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::refusal::Refused;
use super::words::Language;

/// So many refusals are kept in words; all are counted.
const KEPT: usize = 10_000;

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows refused.
    pub refused_rows: u64,
    /// The refusals, the first ten thousand of them.
    pub refused: Vec<Refused>,
    /// What became of the things that the rows tell of, by the noun.
    pub counts: BTreeMap<Noun, Count>,
    /// Whether anything was kept.
    pub written: bool,
    /// Whether it was broken off before the end.
    pub stopped: bool,
}

/// What a report had counted at some time.
pub(crate) struct Counted {
    rows: u64,
    counts: BTreeMap<Noun, Count>,
}

/// What an import makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "they are the nouns")]
pub enum Noun {
    Community,
    Building,
    Entrance,
    Unit,
    Occupant,
    Occupancy,
    Category,
    Staff,
    Team,
    Ticket,
}

/// What became of things of one noun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Made.
    pub new: u64,
    /// Changed.
    pub updated: u64,
    /// There already, as the row says.
    pub unchanged: u64,
}

impl Report {
    pub(crate) fn refuse(&mut self, refused: impl IntoIterator<Item = Refused>) {
        self.refused_rows += 1;
        let room = KEPT.saturating_sub(self.refused.len());
        self.refused.extend(refused.into_iter().take(room));
    }

    pub(crate) fn of(&mut self, noun: Noun) -> &mut Count {
        self.counts.entry(noun).or_default()
    }

    /// What was counted so far.
    pub(crate) fn counted(&self) -> Counted {
        Counted { rows: self.rows, counts: self.counts.clone() }
    }

    /// Forgets what was counted since.
    pub(crate) fn go_back(&mut self, before: Counted) {
        self.rows = before.rows;
        self.counts = before.counts;
    }

    /// The rows in the file's order: what only the database could tell was told late.
    pub(crate) fn sorted(mut self) -> Self {
        self.refused.sort_by_key(|refused| refused.line);
        self
    }

    /// A few lines for a person.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let mut lines = Vec::new();
        let (rows, refused) = (self.rows, self.refused_rows);
        lines.push(match language {
            Language::Chinese => format!("读取 {rows} 行，拒绝 {refused} 行"),
            Language::English => format!("{rows} rows read, {refused} refused"),
        });
        for (noun, Count { new, updated, unchanged }) in &self.counts {
            lines.push(match language {
                Language::Chinese => {
                    format!("  {}：新增 {new}，更新 {updated}，未变 {unchanged}", noun.words(language))
                }
                Language::English => {
                    format!("  {}: {new} new, {updated} updated, {unchanged} unchanged", noun.words(language))
                }
            });
        }
        if !self.written {
            lines.push(language.pick("没有写入任何内容。", "Nothing was written.").to_owned());
        }
        lines.join("\n")
    }

    /// The refusals as a table, for a spreadsheet.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_csv(&self, out: impl Write, language: Language) -> Result<(), csv::Error> {
        write_csv(&self.refused, out, language)
    }
}

/// Refusals as a table, for a spreadsheet.
///
/// # Errors
/// When it cannot be written.
pub fn write_csv(refusals: &[Refused], out: impl Write, language: Language) -> Result<(), csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    table.write_record(match language {
        Language::Chinese => ["\u{feff}行", "列", "列名", "值", "代码", "原因"],
        Language::English => ["\u{feff}row", "column", "header", "value", "code", "reason"],
    })?;
    for refused in refusals {
        let column = refused.column.as_ref();
        let line = refused.line.map(|line| line.to_string()).unwrap_or_default();
        let letters = column.map(ToString::to_string).unwrap_or_default();
        let header = column.map(|column| super::out::harmless(&column.header)).unwrap_or_default();
        let value = super::out::harmless(&refused.value);
        let words = refused.why.words(language);
        table.write_record([&line, &letters, &header, &value, refused.why.code(), &words])?;
    }
    Ok(table.flush()?)
}

impl Noun {
    fn words(self, language: Language) -> &'static str {
        match self {
            Self::Community => language.pick("小区", "communities"),
            Self::Building => language.pick("楼栋", "buildings"),
            Self::Entrance => language.pick("单元", "entrances"),
            Self::Unit => language.pick("房屋", "units"),
            Self::Occupant => language.pick("住户", "occupants"),
            Self::Occupancy => language.pick("入住", "occupancies"),
            Self::Category => language.pick("分类", "categories"),
            Self::Staff => language.pick("员工", "staff"),
            Self::Team => language.pick("部门", "teams"),
            Self::Ticket => language.pick("工单", "tickets"),
        }
    }
}
