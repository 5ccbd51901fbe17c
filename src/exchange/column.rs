//! The columns that a table knows, under their Chinese and English names, and the header of a file matched to them.

use std::collections::BTreeMap;

use super::cell::{Cell, narrow};
use super::map::Map;
use super::refusal::{Column, Refused, Why, short};
use super::words::Language;

/// So many faults of a header are told: who has more has another list than they think.
const FAULTS_TOLD: usize = 50;

/// A column of a table: its key, and the names it goes by. The first Chinese one is what is written.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) key: &'static str,
    pub(crate) chinese: &'static [&'static str],
    pub(crate) english: &'static [&'static str],
}

/// Where the value of a column comes from.
#[derive(Clone, Debug)]
enum Source {
    Column(usize),
    /// These, one behind the other; what is empty is left out.
    Join(Vec<usize>, String),
    /// The first of these that is not empty.
    First(Vec<usize>),
}

/// How a file's columns are read as a table's.
#[derive(Debug)]
pub(crate) struct Layout {
    known: &'static [Known],
    language: Language,
    headers: Vec<String>,
    sources: BTreeMap<&'static str, Source>,
    constants: BTreeMap<&'static str, Cell>,
    values: BTreeMap<&'static str, BTreeMap<String, String>>,
    pub(crate) formats: Vec<String>,
}

impl Known {
    /// The name that is written above the column.
    pub(crate) fn name(&self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.chinese.first().copied().unwrap_or(self.key),
            Language::English => self.key,
        }
    }

    fn goes_by(&self, name: &str) -> bool {
        let alike = |own: &&str| folded(own) == name;
        alike(&self.key) || self.chinese.iter().any(alike) || self.english.iter().any(alike)
    }
}

/// Names are compared without case, spaces and marks.
fn folded(name: &str) -> String {
    narrow(name).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Layout {
    /// Matches a header, which stands on a line, to the columns of a table.
    ///
    /// # Errors
    /// All that is wrong with it at once: columns that nobody knows, or of which there are two.
    pub(crate) fn read(
        line: u64,
        headers: Vec<String>,
        known: &'static [Known],
        map: &Map,
        language: Language,
    ) -> Result<Self, Vec<Refused>> {
        let mut layout = Self {
            known,
            language,
            headers,
            sources: BTreeMap::new(),
            constants: BTreeMap::new(),
            values: BTreeMap::new(),
            formats: map.date_formats.clone(),
        };
        let mut wrong = Vec::new();
        for index in 0..layout.headers.len() {
            if let Err(why) = layout.place(index, map) {
                wrong.push(Refused::cell(line, layout.column_at(index), &layout.headers[index], why));
            }
            if wrong.len() == FAULTS_TOLD {
                return Err(wrong);
            }
        }
        let find = |key: &str| known.iter().find(|column| column.key == key).map(|column| column.key);
        for (key, join) in &map.join {
            let places = layout.places(&join.columns, &mut wrong);
            if let Some(key) = find(key) {
                layout.sources.insert(key, Source::Join(places, join.with.clone()));
            }
        }
        for (key, columns) in &map.first {
            let places = layout.places(columns, &mut wrong);
            if let Some(key) = find(key) {
                layout.sources.insert(key, Source::First(places));
            }
        }
        for theirs in map.columns.keys() {
            layout.places(std::slice::from_ref(theirs), &mut wrong);
        }
        for (key, constant) in &map.constants {
            if let Some(key) = find(key) {
                layout.constants.insert(key, Cell::text(constant));
            }
        }
        for (key, values) in &map.values {
            if let Some(key) = find(key) {
                layout.values.insert(key, values.clone());
            }
        }
        if wrong.is_empty() { Ok(layout) } else { Err(wrong) }
    }

    fn place(&mut self, index: usize, map: &Map) -> Result<(), Why> {
        let header = &self.headers[index];
        if header.is_empty() {
            return Ok(());
        }
        let mapped = map.columns.get(header);
        let name = folded(mapped.unwrap_or(header));
        let Some(column) = self.known.iter().find(|column| column.goes_by(&name)) else {
            if mapped.is_none() && map.takes_no_notice_of(header) {
                return Ok(());
            }
            return Err(Why::UnknownColumn { near: nearest(&name, self.known, self.language) });
        };
        if mapped.is_none() && map.is_used_otherwise(header) {
            return Ok(());
        }
        match self.sources.insert(column.key, Source::Column(index)) {
            Some(Source::Column(other)) => Err(Why::TwoColumns { other: self.headers[other].clone() }),
            _ => Ok(()),
        }
    }

    fn places(&self, names: &[String], wrong: &mut Vec<Refused>) -> Vec<usize> {
        let mut places = Vec::new();
        for name in names {
            match self.headers.iter().position(|header| header == name) {
                Some(place) => places.push(place),
                None => wrong.push(Refused::file(Why::MapColumn { map: name.clone() })),
            }
        }
        places
    }

    /// Whether the file, or the map, says anything of a column.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.sources.contains_key(key) || self.constants.contains_key(key)
    }

    /// The column that a value came from; one that the file does not have goes by its own name.
    pub(crate) fn column(&self, key: &str) -> Option<Column> {
        let place = match self.sources.get(key) {
            Some(Source::Column(index)) => Some(*index),
            Some(Source::Join(places, _) | Source::First(places)) => places.first().copied(),
            None => None,
        };
        let absent = || Some(Column { index: None, header: self.name(key)?.to_owned() });
        place.and_then(|index| self.column_at(index)).or_else(absent)
    }

    /// What a column of the table is called in a report.
    pub(crate) fn name(&self, key: &str) -> Option<&'static str> {
        self.known.iter().find(|column| column.key == key).map(|column| column.name(self.language))
    }

    fn column_at(&self, index: usize) -> Option<Column> {
        let header = short(self.headers.get(index)?);
        Some(Column { index: u32::try_from(index).ok(), header })
    }

    /// What a row says in a column.
    pub(crate) fn cell(&self, cells: &[Cell], key: &str) -> Cell {
        let at = |index: &usize| cells.get(*index).cloned().unwrap_or_default();
        let cell = match self.sources.get(key) {
            None => Cell::Empty,
            Some(Source::Column(index)) => at(index),
            Some(Source::First(places)) => {
                places.iter().map(at).find(|cell| !cell.is_empty()).unwrap_or_default()
            }
            Some(Source::Join(places, with)) => join(&places.iter().map(at).collect::<Vec<_>>(), with),
        };
        if cell.is_empty() {
            return self.constants.get(key).cloned().unwrap_or_default();
        }
        let translated = self.values.get(key).and_then(|values| values.get(&cell.shown()));
        translated.map_or(cell, |text| Cell::text(text))
    }
}

fn join(cells: &[Cell], with: &str) -> Cell {
    // What is no text stays what it is, so that it is refused and not taken into a sentence.
    if let Some(odd) = cells.iter().find(|cell| !cell.is_empty() && cell.words().is_none()) {
        return odd.clone();
    }
    let texts = cells.iter().filter_map(Cell::words);
    Cell::text(&texts.collect::<Vec<_>>().join(with))
}

/// The names most like one that nobody knows.
fn nearest(name: &str, known: &[Known], language: Language) -> String {
    let name = &short(name);
    let mut by_distance = known
        .iter()
        .map(|column| {
            let names = column.chinese.iter().chain(column.english).chain([&column.key]);
            (names.map(|own| distance(name, &folded(own))).min().unwrap_or(usize::MAX), column)
        })
        .collect::<Vec<_>>();
    by_distance.sort_by_key(|(distance, _)| *distance);
    let names = by_distance.iter().take(3).map(|(_, column)| column.name(language));
    names.collect::<Vec<_>>().join(if language == Language::Chinese { "、" } else { ", " })
}

/// How many letters must be put in, taken away or changed; in hundredths of the longer name, so that short Chinese
/// names are compared fairly.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()] * 100 / one.len().max(other.len()).max(1)
}
