//! Who may use whom, as docs/ARCHITECTURE.md tells it.

use super::source::Source;

/// A folder of `src`: the folders that it may use besides itself and `base`, and the crates that it never uses.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    never: &'static [&'static str],
}

const DATABASE: &[&str] = &["sea_orm", "sqlx", "migrations"];
const WIRE: &[&str] = &["async_graphql", "axum", "migrations"];

const ROOMS: &[Room] = &[
    Room {
        name: "http",
        may_use: &["config", "auth", "graphql", "live", "exchange", "domain"],
        never: DATABASE,
    },
    Room {
        name: "graphql",
        may_use: &["config", "auth", "live", "exchange", "domain"],
        never: &["sea_orm", "sqlx", "migrations", "axum"],
    },
    Room { name: "auth", may_use: &["config", "domain", "storage"], never: WIRE },
    Room { name: "backup", may_use: &["storage"], never: WIRE },
    Room { name: "jobs", may_use: &["config", "domain", "storage"], never: WIRE },
    Room { name: "seed", may_use: &["config", "domain", "storage", "auth"], never: WIRE },
    Room { name: "exchange", may_use: &["config", "domain", "storage"], never: WIRE },
    Room { name: "live", may_use: &["config", "domain", "storage"], never: WIRE },
    Room { name: "domain", may_use: &["storage"], never: WIRE },
    Room { name: "storage", may_use: &[], never: WIRE },
    Room { name: "config", may_use: &[], never: &["async_graphql", "axum", "sea_orm", "sqlx", "migrations"] },
    Room { name: "base", may_use: &[], never: &["async_graphql", "axum", "sea_orm", "sqlx", "migrations"] },
];

/// They know everything.
const FREE: &[&str] = &["app", "cli", "lib", "main"];

/// The nouns in their order: one uses those before it; what it must know of a later one comes in as an argument.
const NOUNS: &[&str] = &[
    "audit",
    "community",
    "building",
    "entrance",
    "facility",
    "unit",
    "occupancy",
    "occupant",
    "post",
    "staff",
    "team",
    "charge",
    "category",
    "attachment",
    "document",
    "ticket",
    "inspection",
    "transfer",
    "privacy",
];

/// What the nouns of `domain` have in common; each of it is below them all, or joins them.
const COMMON: &[&str] = &[
    "change", "close", "error", "event", "find", "list", "redact", "register", "row", "sla", "sought",
    "text", "tx", "viewer",
];

/// What a row's own table shows of itself, and nobody above `domain` may hold.
const INSIDES: &[&str] = &["Entity", "ActiveModel", "Column", "Relation", "PrimaryKey", "*"];

fn rank(noun: &str) -> Option<usize> {
    NOUNS.iter().position(|known| *known == noun)
}

/// What is wrong in `file`, such as `src/domain/ticket/file.rs`; a line each.
pub fn broken(file: &str, text: &str) -> Vec<String> {
    let module = module_of(file);
    let room = module.first().copied().unwrap_or("lib");
    // A module of tests may do what tests do.
    if FREE.contains(&room) || module.last() == Some(&"tests") {
        return Vec::new();
    }
    let Some(room) = ROOMS.iter().find(|known| known.name == room) else {
        return vec![format!("{file}: {room} stands in no row of the table; give it one")];
    };
    let source = Source::read(&module, text);
    let mut broken = Vec::new();
    let mut say = |line: usize, what: String| broken.push(format!("{file}:{line}: {what}"));
    for reference in &source.references {
        let path: Vec<_> = reference.path.iter().map(String::as_str).collect();
        match *path {
            ["crate", used, ..] if !may(room, used) => {
                say(reference.line, format!("{} never uses {used}", room.name));
            }
            ["crate", "domain", used, ..] if room.name == "domain" => {
                let own = module.get(1).copied();
                if let Some(what) = out_of_order(own, used) {
                    say(reference.line, what);
                }
            }
            ["crate", "storage", .., last]
                if room.name == "domain" && reference.exported && is_more_than_a_row(last) =>
            {
                say(reference.line, format!("domain re-exports rows, never {}", path[1..].join("::")));
            }
            [krate, ..] if room.never.contains(&krate) => {
                say(reference.line, format!("{} never uses the crate {krate}", room.name));
            }
            _ => {}
        }
    }
    for (member, line) in &source.members {
        if member == "db" && matches!(room.name, "http" | "graphql") {
            say(*line, format!("{} never reaches through the domain into the database", room.name));
        }
    }
    for line in &source.unexcused {
        say(*line, "an unwrap or expect without #[expect(…, reason = …)]".to_owned());
    }
    let noun = module.get(1).filter(|_| room.name == "domain");
    if let Some(own) = noun.filter(|own| rank(own).is_none() && !COMMON.contains(own)) {
        say(1, format!("{own} has no place in the order of nouns; give it one"));
    }
    broken
}

fn is_more_than_a_row(name: &str) -> bool {
    INSIDES.contains(&name) || name.starts_with(char::is_lowercase)
}

fn may(room: &Room, used: &str) -> bool {
    let is_room = ROOMS.iter().any(|known| known.name == used) || FREE.contains(&used);
    !is_room || used == room.name || used == "base" || room.may_use.contains(&used)
}

fn out_of_order(own: Option<&str>, used: &str) -> Option<String> {
    let (own, own_rank) = own.and_then(|own| Some((own, rank(own)?)))?;
    (rank(used)? > own_rank).then(|| format!("{own} comes before {used} and does not use it"))
}

fn module_of(file: &str) -> Vec<&str> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    path.split('/').filter(|name| !matches!(*name, "mod" | "lib")).collect()
}
