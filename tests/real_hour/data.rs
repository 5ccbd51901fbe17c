//! The complaints of one real hour, or as many made ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use csv::StringRecord;

const FILE: &str = "nyc311-2022-05-01-first-hour.csv";

/// What one hour brought, in its order.
pub struct Hour {
    /// The districts, each of which becomes a community.
    pub districts: BTreeSet<String>,
    /// The lots with their districts; each becomes a building.
    pub lots: BTreeMap<String, String>,
    pub complaints: Vec<Complaint>,
}

pub struct Complaint {
    /// The city's own number for it.
    pub key: String,
    pub district: String,
    /// A place in the street has none.
    pub lot: Option<String>,
    pub place: String,
    pub words: String,
    pub channel: &'static str,
}

impl Hour {
    pub fn read() -> Self {
        let given = std::env::var_os("CONCIERGE_REAL_DATA").map(PathBuf::from);
        let folder =
            given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
        match csv::Reader::from_path(folder.join(FILE)) {
            Ok(mut reader) => {
                let columns = reader.headers().unwrap().clone();
                let rows = reader.records().map(|row| complaint(&columns, &row.unwrap()));
                Self::of(rows.collect())
            }
            Err(error) => {
                eprintln!("no real data ({error}); made complaints take their place");
                Self::of((0..924).map(made).collect())
            }
        }
    }

    fn of(complaints: Vec<Complaint>) -> Self {
        let districts: BTreeSet<_> = complaints.iter().map(|complaint| complaint.district.clone()).collect();
        let lots: BTreeMap<_, _> = complaints
            .iter()
            .filter_map(|complaint| Some((complaint.lot.clone()?, complaint.district.clone())))
            .collect();
        assert_eq!((complaints.len(), districts.len(), lots.len()), (924, 65, 643));
        Self { districts, lots, complaints }
    }

    /// The district with the most complaints.
    pub fn busiest(&self) -> String {
        let of = |district: &String| self.complaints.iter().filter(|c| c.district == *district).count();
        self.districts.iter().max_by_key(|district| of(district)).unwrap().clone()
    }
}

fn complaint(columns: &StringRecord, row: &StringRecord) -> Complaint {
    let field = |name: &str| {
        let column = columns.iter().position(|column| column == name).unwrap();
        row[column].trim().to_owned()
    };
    let or = |first: String, second: &str| if first.is_empty() { field(second) } else { first };
    Complaint {
        key: field("Unique Key"),
        district: field("Community Board"),
        lot: Some(field("BBL")).filter(|lot| !lot.is_empty()),
        place: or(or(field("Incident Address"), "Location Type"), "Borough"),
        words: format!("{}: {}", field("Complaint Type"), or(field("Descriptor"), "Location Type")),
        channel: match field("Open Data Channel Type").as_str() {
            "PHONE" => "PHONE",
            "MOBILE" => "APP",
            _ => "WEB",
        },
    }
}

/// Of the same size and shape: 112 have no lot, the first 643 others each one of their own.
fn made(number: usize) -> Complaint {
    let without_lot = number % 8 == 7 && number < 896;
    let with_lot = number - number.min(896) / 8;
    let lot = with_lot % 643;
    Complaint {
        key: format!("{number}"),
        district: format!("{:02} MADE", if without_lot { number % 65 } else { lot % 65 }),
        lot: (!without_lot).then(|| format!("{lot:010}")),
        place: format!("{number} MAIN STREET"),
        words: format!("Noise: made complaint {number}"),
        channel: "WEB",
    }
}
