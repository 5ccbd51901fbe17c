//! The examples in a document. A comment before a block says what it is:
//!
//! ```text
//! <!-- as desk -->                                   desk (or `nobody`) runs the GraphQL of the block
//! <!-- as desk, keep id = /data/ticketFile/… -->     and what it answers there is `{{id}}` from now on
//! <!-- pushed to desk -->                            the block is the next result of desk's last subscription
//! ```
//!
//! Blocks marked `json variables`, `json files` and `json answer` belong to the GraphQL before them. In a shell or JavaScript block
//! the GraphQL is what stands between the quotes after `query`.

use std::path::PathBuf;

/// One example.
pub struct Step {
    /// Where it stands, for who has to mend it.
    pub place: String,
    pub who: String,
    /// What is run; nothing is when something is pushed.
    pub document: Option<String>,
    pub variables: Option<String>,
    /// Where in the variables a photo goes along, and what it is called.
    pub files: Option<String>,
    /// What comes, as it is shown.
    pub answer: Option<String>,
    /// Names, and where in the answer what they stand for is.
    pub keep: Vec<(String, String)>,
}

/// All examples of a document, in order.
pub fn steps(path: &str) -> Vec<Step> {
    let text = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let mut lines = text.lines().enumerate();
    let mut steps: Vec<Step> = Vec::new();
    let mut comment = None;
    while let Some((number, line)) = lines.next() {
        let place = format!("{path}:{}", number + 1);
        if let Some(said) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
            comment = Some(said);
        }
        let Some(kind) = line.strip_prefix("```") else { continue };
        let block = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        let block = block.collect::<Vec<_>>().join("\n");
        match (kind, comment.take()) {
            ("json variables", _) => steps.last_mut().expect(&place).variables = Some(block),
            ("json files", _) => steps.last_mut().expect(&place).files = Some(block),
            ("json answer", None) => steps.last_mut().expect(&place).answer = Some(block),
            (kind, Some(said)) => steps.extend(step(place, kind, said, block)),
            ("graphql", None) => panic!("{place}: nobody runs this; say `<!-- as desk -->` before it"),
            _ => {}
        }
    }
    steps
}

fn step(place: String, kind: &str, said: &str, block: String) -> Option<Step> {
    let mut said = said.split(", keep ");
    let who = said.next().unwrap_or_default();
    let keep = said.map(|kept| kept.split_once(" = ").expect(kept));
    let keep = keep.map(|(name, pointer)| (name.to_owned(), pointer.to_owned())).collect();
    let (who, document, answer) = match (who.strip_prefix("as "), who.strip_prefix("pushed to ")) {
        (Some(who), _) => (who, Some(document(kind, block)), None),
        (_, Some(who)) => (who, None, Some(block)),
        _ => return None,
    };
    Some(Step { place, who: who.to_owned(), document, variables: None, files: None, answer, keep })
}

fn document(kind: &str, block: String) -> String {
    let quoted = |start, end| {
        let (_, behind) = block.split_once(start).expect(start);
        behind.split_once(end).expect(end).0.to_owned()
    };
    match kind {
        "sh" => quoted("query='", "'").trim_start().to_owned(),
        "js" => quoted("query: `", "`").trim_start().to_owned(),
        _ => block,
    }
}
