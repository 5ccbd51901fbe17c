//! Nobody sees or does what is not theirs: every root field is tried by nobody, by a wrong viewer of the same
//! community, and by one of another community. What was refused has changed nothing.

mod registry;

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use self::registry::{Entry, Outcome, REGISTRY};
use crate::on_both;
use crate::support::contents::{Contents, contents};
use crate::support::picture::jpeg;
use crate::support::world::{PASSWORD, shown};
use crate::support::{Actor, Answer, App};

/// Those who are of another community; everybody else is of the tickets' own.
fn is_elsewhere(login: &str) -> bool {
    login.starts_with("yunshan-") || login == "zhao-yuan"
}

#[tokio::test]
async fn every_root_field_has_its_refusal() {
    let app = App::with(|_| {}).await;
    let types = "{ __schema { types { name fields(includeDeprecated: true) { name } } } }";
    let answer = app.nobody().ask(types).await;
    let mut fields = BTreeSet::new();
    for kind in answer.at("/data/__schema/types").as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        if matches!(name, "Query" | "Mutation" | "Subscription") {
            let of_kind = kind["fields"].as_array().unwrap().iter();
            fields.extend(of_kind.map(|field| format!("{name}.{}", field["name"].as_str().unwrap())));
        }
    }
    let entries: BTreeSet<_> = REGISTRY.iter().map(|entry| entry.field.to_owned()).collect();
    let missing: Vec<_> = fields.difference(&entries).collect();
    let unknown: Vec<_> = entries.difference(&fields).collect();
    assert!(missing.is_empty(), "without an entry in tests/permission/registry.rs: {missing:?}");
    assert!(unknown.is_empty(), "in tests/permission/registry.rs, but not in the schema: {unknown:?}");
    assert_eq!(entries.len(), REGISTRY.len(), "an entry stands there twice");
    for Entry { field, to, why, .. } in REGISTRY {
        let elsewhere = to.iter().filter(|(login, _)| is_elsewhere(login)).count();
        let here = to.len() - elsewhere;
        let complete = if why.is_empty() { here > 0 && elsewhere > 0 } else { to.is_empty() };
        assert!(complete, "{field} is to be refused here and elsewhere, or to say why it is not");
    }
    app.stop().await;
}

/// What the entries name with a dollar sign.
type Names = Vec<(String, String)>;

/// A round through A栋, which the supervisor is walking, with what was found, and what the supervisor judged.
async fn inspections(app: &App) -> Names {
    let (supervisor, house) = (app.actor("supervisor").await, &app.world.a);
    let plan = json!({ "buildingId": house });
    let plan = supervisor.act("patrolPlanCreate", plan, "patrolPlan { id }").await.done();
    let hung = json!({ "buildingId": house, "code": "DOOR", "place": "大门" });
    let hung = supervisor.act("checkpointCreate", hung, "checkpoint { id }").await.done();
    let walk = supervisor.act("patrolStart", json!({ "buildingId": house }), "patrol { id }").await.done();
    let walk = walk.text("/patrol/id");
    let found = json!({ "patrolId": walk, "what": "灰", "severity": "MINOR", "mendedOnSpot": true });
    let found = supervisor.act("findingReport", found, "finding { id }").await.done();
    let judged = json!({ "buildingId": house, "score": 80, "remarks": "可" });
    let judged = supervisor.act("spotCheckCreate", judged, "spotCheck { id }").await.done();
    [
        ("$plan", plan.text("/patrolPlan/id")),
        ("$hung", hung.text("/checkpoint/id")),
        ("$walk", walk),
        ("$found", found.text("/finding/id")),
        ("$judged", judged.text("/spotCheck/id")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// A complaint and a repair of 林一's, the latter assigned to the assistant, with a work order to the engineers.
async fn tickets(app: &App, actors: &HashMap<&str, Actor>) -> Names {
    let (world, resident, desk) = (&app.world, &actors["lin-yi"], &actors["desk"]);
    let cursor = desk.ask("{ feedCursor }").await.text("/data/feedCursor");
    let mut screen = app.socket(desk).await;
    let feed = "subscription { complaintFeed(filter: { acts: [DISPATCH], kinds: [REPAIR] }) { __typename } }";
    screen.subscribe("feed", feed).await;
    assert_eq!(screen.data("feed").await["complaintFeed"]["__typename"], "FeedCaughtUp");
    let file = async |kind| {
        let input = json!({ "kind": kind, "unitId": world.a101, "description": "漏水" });
        resident.act("ticketFile", input, "ticket { id number }").await.done()
    };
    let (complaint, repair) = (file("COMPLAINT").await, file("REPAIR").await);
    let id = repair.text("/ticket/id");
    let photo = resident.upload("a.jpg", &jpeg(10, 10)).await;
    let comment = json!({ "id": id, "text": "见图", "visibility": "PUBLIC", "attachmentIds": [photo] });
    resident.act("ticketComment", comment, "").await.done();
    let assign = json!({ "id": id, "ownerId": world.staff("assistant") });
    desk.act("ticketAssign", assign, "").await.done();
    let dispatch = json!({ "id": id, "teamId": world.engineering, "task": "查漏" });
    let dispatched = desk.act("workOrderDispatch", dispatch, "workOrder { id }").await.done();
    // When it has arrived, all that came before it has been numbered, and the database is at rest.
    assert_eq!(screen.data("feed").await["complaintFeed"]["__typename"], "TicketChanged");
    let input = json!({ "buildingId": world.a, "kind": "FIRE_SAFETY", "name": "消防栓" });
    let facility = actors["supervisor"].act("facilityCreate", input, "facility { id }").await.done();
    let paper = json!({
        "unitId": world.a101, "occupantId": world.lin_yi, "category": "IDENTITY", "confidentiality": "CONFIDENTIAL",
        "title": "身份证", "files": [null],
    });
    let copy = jpeg(10, 10);
    let files: &[(&str, &str, &[u8])] = &[("files.0", "b.jpg", &copy)];
    let paper = actors["supervisor"].act_with("documentFile", paper, files, "document { id }").await.done();
    let ask = json!({ "kind": "EXPORT", "password": PASSWORD });
    let request = resident.act("privacyRequest", ask, "privacyRequest { id }").await.done();
    let session = resident.ask("{ viewer { sessions { id } } }").await.text("/data/viewer/sessions/0/id");
    let head = app.actor("head").await;
    let sheet = json!({ "communityId": world.xinghe });
    let sheet =
        head.act("registerExport", sheet, "dataTransfer { id }").await.done().text("/dataTransfer/id");
    // Until it has ended, it changes.
    crate::transfer::told(app, &head, &sheet).await;
    let mut names: Names = [
        ("$sheet", sheet),
        ("$complaint", complaint.text("/ticket/id")),
        ("$number", complaint.text("/ticket/number")),
        ("$repair", id),
        ("$photo", photo),
        ("$order", dispatched.text("/workOrder/id")),
        ("$cursor", cursor),
        ("$session", session),
        ("$request", request.text("/privacyRequest/id")),
        ("$xinghe", world.xinghe.clone()),
        ("$a101", world.a101.clone()),
        ("$a", world.a.clone()),
        ("$lin-yi", world.lin_yi.clone()),
        ("$engineering", world.engineering.clone()),
        ("$assistant", world.staff("assistant")),
        ("$desk", world.staff("desk")),
        ("$b", world.b.clone()),
        ("$facility", facility.text("/facility/id")),
        ("$document", paper.text("/document/id")),
        ("$entrance", shown("entrance", "a1")),
        ("$occupancy", shown("occupancy", "lin-yi lives")),
        ("$post", shown("post", "desk post")),
        ("$charge", shown("charge", "assistant charge")),
        ("$noise", world.noise.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    names.extend(inspections(app).await);
    // The longer first, since one may begin with another.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
}

fn document(entry: &Entry, names: &Names) -> String {
    let (operation, field) = entry.field.split_once('.').unwrap();
    let mut call = entry.call.to_owned();
    for (name, value) in names {
        call = call.replace(name.as_str(), value);
    }
    let selects = call.rsplit_once(')').map_or(call.as_str(), |(_, rest)| rest).contains('{');
    let selection = if operation == "Mutation" && !selects { "{ userErrors { code } }" } else { "" };
    format!("{} {{ {field}{call} {selection} }}", operation.to_lowercase())
}

/// Asks, and gives the first answer, be it a result or a refusal to begin.
async fn ask(app: &App, actor: &Actor, document: &str) -> Answer {
    if !document.starts_with("subscription") {
        return actor.ask(document).await;
    }
    let mut socket = app.socket(actor).await;
    socket.subscribe("1", document).await;
    loop {
        let message = socket.message().await;
        match message["type"].as_str().unwrap() {
            "next" => return Answer(message["payload"].clone()),
            "error" => return Answer(json!({ "errors": message["payload"] })),
            _ => {}
        }
    }
}

/// Whether there is anything in it that somebody could learn from.
fn tells(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(told) => *told,
        Value::Number(number) => number.as_f64() != Some(0.0),
        // The replay is over and had nothing to tell.
        Value::String(text) => text != "FeedCaughtUp",
        Value::Array(items) => items.iter().any(tells),
        Value::Object(fields) => fields.values().any(tells),
    }
}

/// The codes of all errors, wherever they stand.
fn codes(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("code").and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(codes)).collect()
        }
        Value::Array(items) => items.iter().flat_map(codes).collect(),
        _ => Vec::new(),
    }
}

fn outcome(field: &str, answer: &Answer) -> Option<Outcome> {
    let value = answer.at(&format!("/data/{}", field.split_once('.').unwrap().1));
    match *codes(&answer.0) {
        ["UNAUTHENTICATED"] => Some(Outcome::Unauthenticated),
        ["NOT_FOUND"] => Some(Outcome::NotFound),
        ["FORBIDDEN"] => Some(Outcome::Forbidden),
        ["INVALID"] => Some(Outcome::Invalid),
        [] if value.is_null() => Some(Outcome::Null),
        [] if tells(value) => Some(Outcome::Told),
        [] => Some(Outcome::Empty),
        _ => None,
    }
}

/// Without the audit trail, which tells of sign-ins in vain and of what was read.
fn besides_the_trail(mut contents: Contents) -> Contents {
    contents.retain(|table, _| !table.starts_with("audit"));
    contents
}

on_both! {
    async fn the_wrong_viewer_gets_nothing_and_changes_nothing(app) {
        let logins = REGISTRY.iter().flat_map(|entry| entry.to).map(|(login, _)| *login);
        let mut actors = HashMap::new();
        for login in logins.chain(["lin-yi", "desk"]) {
            if !actors.contains_key(login) {
                actors.insert(login, app.actor(login).await);
            }
        }
        let names = tickets(app, &actors).await;
        let before = besides_the_trail(contents(app.database_url()).await);
        assert_eq!(before["ticket"].lines().count(), 2);
        let mut wrong = Vec::new();
        for entry in REGISTRY {
            let document = document(entry, &names);
            let nobody = app.nobody();
            let tries = entry.to.iter().map(|(login, expected)| (*login, &actors[login], *expected));
            for (who, actor, expected) in tries.chain([("nobody", &nobody, entry.nobody)]) {
                let answer = ask(app, actor, &document).await;
                if outcome(entry.field, &answer) != Some(expected) {
                    wrong.push(format!("{who} and {document}: expected {expected:?}, got {}", answer.0));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let after = besides_the_trail(contents(app.database_url()).await);
        assert_eq!(after, before, "what was refused has changed something");
    }
}
