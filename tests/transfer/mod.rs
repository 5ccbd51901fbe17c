//! Imports and exports as tasks: asked for through the API, worked on, watched, fetched.

mod export;
mod import;
mod keeping;
mod killed;
mod refusals;
mod rights;
mod round_trip;
mod serving;
mod worker;

use serde_json::{Value, json};

use crate::support::ws::{Got, Ws};
use crate::support::{Actor, Answer, App};
use concierge::config::Config;

/// A list for 星河: one home that is there, with one more person, and one that is not.
pub const LIST: &str = "\
楼栋,单元,房号,楼层,面积,姓名,电话,身份,入住日期
A栋,1单元,101,1,89.5,林三,13800000021,家属,2026-02-01
A栋,1单元,301,3,120,孙新,13800000022,业主,2026-03-01
";

/// What a test asks of an import or export.
pub const FIELDS: &str = "id direction content state stage failure fileName rowsDone rowsAbout rowsRefused written \
    counts { noun made changed unchanged } community { code } resultUrl refusalsUrl revision";

/// Asks for an import of a file.
pub async fn import(actor: &Actor, what: &str, mut input: Value, file: &[u8]) -> Answer {
    input["file"] = Value::Null;
    let fields = format!("dataTransfer {{ {FIELDS} }}");
    actor.act_with(what, input, &[("file", "list.csv", file)], &fields).await
}

/// Asks for an export.
pub async fn export(actor: &Actor, what: &str, input: Value) -> Answer {
    actor.act(what, input, &format!("dataTransfer {{ {FIELDS} }}")).await
}

/// All that is told of one, until there is no more to tell.
pub async fn told(app: &App, actor: &Actor, id: &str) -> Vec<Value> {
    told_at(&app.url, actor, id).await
}

/// Like [`told`], at another gateway.
pub async fn told_at(url: &str, actor: &Actor, id: &str) -> Vec<Value> {
    let mut ws = Ws::ready(url, actor.token.as_deref()).await;
    let query = format!("subscription($id: ID!) {{ dataTransferChanged(id: $id) {{ {FIELDS} }} }}");
    ws.subscribe_with("1", &query, json!({ "id": id })).await;
    let mut told = Vec::new();
    loop {
        match ws.next().await {
            Got::Message(message) if message["type"] == "next" => {
                assert_eq!(message["payload"].get("errors"), None, "{message}");
                told.push(message["payload"]["data"]["dataTransferChanged"].clone());
            }
            Got::Message(message) if message["type"] == "complete" => return told,
            Got::Message(message) if message["type"] == "ping" => {}
            Got::Ping => {}
            other => panic!("{other:?}"),
        }
    }
}

/// How it ends.
pub async fn ended(app: &App, actor: &Actor, begun: Answer) -> Value {
    let id = begun.done().text("/dataTransfer/id");
    told(app, actor, &id).await.pop().unwrap()
}

/// What an export of this actor writes, as text.
pub async fn exported(app: &App, actor: &Actor, what: &str, input: Value) -> String {
    let end = ended(app, actor, export(actor, what, input).await).await;
    assert_eq!(end["state"], "DONE", "{end}");
    let (status, _, bytes) = actor.fetch(end["resultUrl"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    String::from_utf8(bytes).unwrap()
}

/// A gateway on each database, with settings changed.
pub async fn both(change: impl Fn(&mut Config)) -> Vec<App> {
    let apps = [Some(App::with(&change).await), App::on_postgres_with(&change).await];
    apps.into_iter().flatten().collect()
}

/// Gateways that take in and do nothing.
pub async fn idle() -> Vec<App> {
    both(|config| config.exchange.works = false).await
}

/// A long list for 星河, in a building of its own.
pub fn long_list(rows: usize) -> String {
    let mut list = "楼栋,房号,姓名,电话,身份,入住日期\n".to_owned();
    for row in 0..rows {
        list += &format!("长楼,{row},住户{row},{},业主,2026-01-01\n", 13_900_000_000_u64 + row as u64);
    }
    list
}

/// The units that the actor sees in a building.
pub async fn units_in(actor: &Actor, building: &str) -> i64 {
    let query = "{ buildings(first: 100) { nodes { name units(first: 1) { totalCount } } } }";
    let answer = actor.ask(query).await;
    let buildings = answer.at("/data/buildings/nodes").as_array().unwrap();
    let found = buildings.iter().find(|found| found["name"] == building);
    found.map_or(0, |found| found["units"]["totalCount"].as_i64().unwrap())
}
