use async_graphql::parser::parse_query;
use async_graphql::parser::types::DocumentOperations;
use serde_json::json;

use super::*;

const SDL: &str = "
    type Query { now: Int  many: [Thing!]!  these(ids: [ID!]!): [Thing]!  things(first: Int, last: Int): ThingPage! }
    type Thing { id: ID!  next: Thing  things(first: Int, last: Int): ThingPage! }
    type ThingPage { nodes: [Thing!]!  edges: [ThingEdge!]!  pageInfo: Int }
    type ThingEdge { cursor: ID!  node: Thing! }
";

fn of(document: &str, variables: serde_json::Value) -> Result<Measure, Refused> {
    let document = parse_query(document).unwrap();
    let variables = Variables::from_json(variables);
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(operations) => operations.values().next().unwrap(),
    };
    measure(&document, &operation.node, &variables, &Sizes::of(SDL), &Limits::default())
}

fn whole(document: &str) -> Tally {
    of(document, json!({})).unwrap().whole
}

fn cost(document: &str, variables: serde_json::Value) -> u64 {
    of(document, variables).unwrap().cost
}

/// Fragments that spread each other twice.
fn bomb(deep: usize) -> String {
    let each =
        (0..deep).map(|n| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }} ", next = n + 1));
    format!("{{ ...F0 }} {} fragment F{deep} on Query {{ __typename }}", each.collect::<String>())
}

#[test]
fn a_cost_is_a_field_each_times_the_lists_around_it() {
    for (document, expected) in [
        ("{ now }", 1),
        ("{ __typename now }", 2),
        ("{ many { id next { id } } }", 1 + 10 * 3),
        ("{ things(first: 50) { nodes { id } } }", 2 + 50),
        ("{ things(last: 5) { nodes { id } } }", 2 + 5),
        ("{ things { nodes { id } pageInfo } }", 3 + 20),
        ("{ things(first: 3) { edges { cursor node { id } } } }", 2 + 3 * 3),
        ("{ things(first: 9) { nodes { things(first: 8) { nodes { id } } } } }", 2 + 9 * (2 + 8)),
        (
            "{ things(first: 7) { ...P } } fragment P on ThingPage { nodes { id } ... { nodes { id } } }",
            3 + 7 * 2,
        ),
        ("{ things(first: 1000000) { nodes { id } } }", 2 + 100),
        ("{ things(first: -1) { nodes { id } } }", 2 + 20),
        ("{ these(ids: [1, 2]) { id } }", 1 + 10),
        ("{ nothing { nodes { id } } }", 3),
    ] {
        assert_eq!(cost(document, json!({})), expected, "{document}");
    }
}

#[test]
fn variables_decide_over_lists_too() {
    let document = "query($n: Int) { things(first: $n) { nodes { id } } }";
    assert_eq!(cost(document, json!({ "n": 90 })), 92);
    assert_eq!(cost(document, json!({ "n": null })), 22);
    assert_eq!(cost(document, json!({ "n": "90" })), 22);
    let ids: Vec<u32> = (0..64).collect();
    assert_eq!(cost("query($ids: [ID!]!) { these(ids: $ids) { id } }", json!({ "ids": ids })), 65);
}

#[test]
fn every_fragment_counts_where_it_is_spread() {
    let tally =
        whole("{ ...A ...A } fragment A on Query { a: now @skip(if: true) b: now(x: [1, {y: \"z\"}]) }");
    assert_eq!((tally.fields, tally.width, tally.aliases), (2 + 2 * 2 + 2, 6, 6));
    assert_eq!((tally.directives, tally.directives_at_once, tally.arguments), (3, 1, 1));
    assert_eq!(tally.inputs, 3 + 3 * 4);
    assert_eq!((tally.depth, tally.height), (1, 1));
    let deep =
        whole("{ many { ... on Thing { next { ...T } } } } fragment T on Thing { next { id } nonsense }");
    assert_eq!((deep.depth, deep.height, deep.unknown), (4, 5, 2));
}

#[test]
fn a_bomb_is_counted_and_not_expanded() {
    assert_eq!(whole(&bomb(20)).fields, 9 * (1 << 20) - 46);
    let deep = of(&bomb(30), json!({})).unwrap_err();
    assert_eq!(deep, Refused::Over { limit: Limit::Recursion, value: 25, most: 24 });
    let things = |deep: usize| "things(first: 100) { nodes { ".repeat(deep) + "id" + &" } }".repeat(deep);
    assert_eq!(cost(&format!("{{ {} }}", things(11)), json!({})), {
        (0..11).fold(1_u64, |inner, _| inner.saturating_mul(100).saturating_add(2))
    });
}

#[test]
fn a_fragment_that_contains_itself_is_refused() {
    for document in [
        "{ ...A } fragment A on Query { ...A }",
        "{ now } fragment A on Query { many { ...B } } fragment B on Thing { next { ...B } }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ... { ...A } }",
    ] {
        assert!(matches!(of(document, json!({})), Err(Refused::Cycle { .. })), "{document}");
    }
}

#[test]
fn what_tools_ask_to_learn_the_schema_is_within_the_limits() {
    let of_types = "ofType { kind name ".repeat(9) + &"} ".repeat(9);
    let document = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} \
         subscriptionType {{ name kind }} types {{ ...FullType }} directives {{ name description locations \
         args(includeDeprecated: true) {{ ...InputValue }} }} }} }} fragment FullType on __Type {{ kind name description \
         specifiedByURL fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }} \
         type {{ ...TypeRef }} isDeprecated deprecationReason }} inputFields(includeDeprecated: true) {{ ...InputValue }} \
         interfaces {{ ...TypeRef }} enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} \
         possibleTypes {{ ...TypeRef }} }} fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} \
         defaultValue isDeprecated deprecationReason }} fragment TypeRef on __Type {{ kind name {of_types} }}"
    );
    let (limits, parsed) = (Limits::default(), parse_query(&document).unwrap());
    let (_, operation) = parsed.operations.iter().next().unwrap();
    check_text(&document, &limits).unwrap();
    let cost = check(&parsed, &operation.node, &Variables::default(), &limits).unwrap();
    assert!(cost > 1_000, "{cost}");
}

#[test]
fn sums_stay_at_the_top() {
    // A hundred spreads in each of eleven fragments: more than a number holds, beneath a field that counts one more.
    let spreads = |of: usize| format!("...F{of} ").repeat(100);
    let each = (0..10).map(|n| format!("fragment F{n} on Thing {{ {} }} ", spreads(n + 1)));
    let document = format!(
        "{{ all: nothing {{ many {{ {} }} }} }} {} fragment F10 on Thing {{ one: nothing }}",
        spreads(0),
        each.collect::<String>()
    );
    let Tally { fields, aliases, unknown, .. } = whole(&document);
    assert_eq!((fields, aliases, unknown), (u64::MAX, u64::MAX, u64::MAX));
}
