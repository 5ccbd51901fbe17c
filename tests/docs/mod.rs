//! What the documents show is true: their examples run, in order, and answer what they say.

mod limits;
mod markdown;

use std::collections::HashMap;

use chrono::TimeDelta;
use serde_json::Value;

use self::markdown::{Step, steps};
use crate::on_both;
use crate::support::picture::jpeg;
use crate::support::world::PASSWORD;
use crate::support::{Actor, App, Form, ws::Ws};

/// What stands for a list.
const LIST: &str = "楼栋,房号,姓名,电话,身份\nA栋,801,甲,13800000041,业主\nA栋,802,乙,一二三,业主\n";

/// Somebody who reads a document from the top, and does what it says.
struct Reader<'a> {
    app: &'a App,
    actors: HashMap<String, Actor>,
    /// The last subscription of each person.
    screens: HashMap<String, Ws>,
    /// What stands for `{{name}}`: what the document takes for given, then what its examples keep.
    known: HashMap<String, String>,
}

impl<'a> Reader<'a> {
    fn new(app: &'a App) -> Self {
        let world = &app.world;
        let given = [
            ("password", PASSWORD.to_owned()),
            ("communityId", world.xinghe.clone()),
            ("unitId", world.a101.clone()),
            ("occupantId", world.lin_yi.clone()),
            ("tenantId", world.chen_zu.clone()),
            ("noiseId", world.noise.clone()),
            ("supervisorId", world.staff("supervisor")),
            ("managerId", world.staff("manager")),
        ];
        let known = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { app, actors: HashMap::new(), screens: HashMap::new(), known }
    }

    async fn read(&mut self, document: &str) {
        for step in steps(document) {
            // What is filed one after the other is sorted so.
            self.app.advance(TimeDelta::seconds(1));
            let shown = step.answer.as_ref().map(|shown| self.parse(&step, shown));
            let told = match &step.document {
                Some(query) if query.starts_with("subscription") => {
                    self.subscribe(&step, query).await;
                    self.hear(&step.who, shown.as_ref()).await
                }
                Some(query) => self.ask(&step, query).await,
                None => self.hear(&step.who, shown.as_ref()).await,
            };
            match shown {
                Some(shown) => {
                    assert!(is_shown(&shown, &told), "{}: shown {shown}\nbut it is {told}", step.place);
                }
                None => assert_eq!(trouble(&told), None, "{}: {told}", step.place),
            }
            for (name, pointer) in &step.keep {
                let value =
                    told.pointer(pointer).unwrap_or_else(|| panic!("{}: no {pointer}: {told}", step.place));
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.known.insert(name.clone(), text);
            }
        }
    }

    async fn ask(&mut self, step: &Step, query: &str) -> Value {
        let variables = self.variables(step);
        let actor = self.actor(&step.who).await;
        let Some(files) = &step.files else { return actor.ask_with(query, variables).await.0 };
        let (photo, list, files) = (jpeg(40, 30), LIST.as_bytes(), self.parse(step, files));
        let files = files.as_object().unwrap().iter();
        let files: Vec<_> = files.map(|(path, name)| (path.as_str(), name.as_str().unwrap())).collect();
        let content = |name: &str| if name.ends_with(".csv") { list } else { photo.as_slice() };
        let files: Vec<_> = files.into_iter().map(|(path, name)| (path, name, content(name))).collect();
        let form = Form::of(query, &variables, &files);
        actor.posts(form.body()).send().await.unwrap().json().await.unwrap()
    }

    async fn subscribe(&mut self, step: &Step, query: &str) {
        let variables = self.variables(step);
        let actor = self.actor(&step.who).await;
        let mut screen = self.app.socket(&actor).await;
        screen.subscribe_with("1", query, variables).await;
        self.screens.insert(step.who.clone(), screen);
    }

    /// What is pushed. What was under way before, as after a cursor that is a moment old, is passed over.
    async fn hear(&mut self, who: &str, shown: Option<&Value>) -> Value {
        let screen = self.screens.get_mut(who).unwrap_or_else(|| panic!("{who} has subscribed to nothing"));
        loop {
            let told = screen.result("1").await;
            if trouble(&told).is_some() || shown.is_none_or(|shown| is_shown(shown, &told)) {
                return told;
            }
        }
    }

    fn variables(&self, step: &Step) -> Value {
        self.parse(step, step.variables.as_deref().unwrap_or("{}"))
    }

    async fn actor(&mut self, who: &str) -> Actor {
        if who == "nobody" {
            return self.app.nobody();
        }
        if !self.actors.contains_key(who) {
            self.actors.insert(who.to_owned(), self.app.actor(who).await);
        }
        self.actors[who].clone()
    }

    fn parse(&self, step: &Step, json: &str) -> Value {
        let filled = self
            .known
            .iter()
            .fold(json.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
        assert!(!filled.contains("{{"), "{}: nothing keeps what stands in {filled}", step.place);
        serde_json::from_str(&filled).unwrap_or_else(|error| panic!("{}: {error} in {filled}", step.place))
    }
}

/// Whether the answer is what is shown; `…` at a text's end stands for the rest of it, `"…"` for anything at all.
fn is_shown(shown: &Value, real: &Value) -> bool {
    match (shown, real) {
        (Value::String(shown), _) if shown == "…" => !real.is_null(),
        (Value::String(shown), Value::String(real)) => match shown.strip_suffix('…') {
            Some(start) => real.starts_with(start),
            None => shown == real,
        },
        (Value::Array(shown), Value::Array(real)) => {
            shown.len() == real.len() && shown.iter().zip(real).all(|(shown, real)| is_shown(shown, real))
        }
        (Value::Object(shown), Value::Object(real)) => {
            shown.len() == real.len()
                && shown.iter().all(|(key, shown)| real.get(key).is_some_and(|real| is_shown(shown, real)))
        }
        _ => shown == real,
    }
}

/// The first error in an answer, on top or in a payload.
fn trouble(answer: &Value) -> Option<&Value> {
    match answer {
        Value::Object(fields) => fields.iter().find_map(|(key, value)| match key.as_str() {
            "errors" => Some(value),
            "userErrors" => value.get(0),
            _ => trouble(value),
        }),
        Value::Array(items) => items.iter().find_map(trouble),
        _ => None,
    }
}

on_both! {
    async fn the_examples_of_the_api_run(app) {
        Reader::new(app).read("docs/API.md").await;
    }

    async fn the_first_steps_of_the_readme_run(app) {
        Reader::new(app).read("README.md").await;
    }
}

#[test]
fn both_readmes_show_the_same_examples() {
    let documents = |path| steps(path).into_iter().map(|step| (step.who, step.document)).collect::<Vec<_>>();
    assert_eq!(documents("README.md"), documents("README.zh-CN.md"));
    assert_eq!(documents("README.md").len(), 2, "the first query and the first subscription");
}
