//! What the frontends ask is far from every limit: half of each is enough for all that the documents show.

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;
use concierge::config::Limits;
use concierge::http::limits::{check, check_text};

use super::markdown::steps;

/// Less than half of each.
fn half() -> Limits {
    let Limits {
        document_bytes,
        tokens,
        nesting,
        name_bytes,
        operations,
        fragments,
        depth,
        recursion,
        fields,
        root_fields,
        aliases,
        directives,
        directives_at_once,
        arguments,
        variables,
        inputs,
        cost,
        subscription_cost,
        ..
    } = Limits::default();
    let half = |limit: u64| (limit - 1) / 2;
    Limits {
        document_bytes: half(document_bytes),
        tokens: half(tokens),
        nesting: half(nesting),
        name_bytes: half(name_bytes),
        operations: half(operations),
        fragments: half(fragments),
        depth: half(depth),
        recursion: half(recursion),
        fields: half(fields),
        root_fields: half(root_fields),
        aliases: half(aliases),
        directives: half(directives),
        directives_at_once: half(directives_at_once),
        arguments: half(arguments),
        unknown_fields: 0,
        variables: half(variables),
        inputs: half(inputs),
        cost: half(cost),
        subscription_cost: half(subscription_cost),
        ..Limits::default()
    }
}

#[test]
fn the_frontends_documents_meet_less_than_half_of_each_limit() {
    let limits = half();
    let mut dearest = 0;
    let all = ["docs/API.md", "README.md"].into_iter().flat_map(steps).filter_map(|step| {
        if step.answer.is_some_and(|answer| answer.contains("LIMIT_EXCEEDED")) {
            return None;
        }
        let variables = serde_json::from_str(step.variables.as_deref().unwrap_or("{}")).unwrap_or_default();
        Some((step.place, step.document?, Variables::from_json(variables)))
    });
    let all: Vec<_> = all.collect();
    assert!(all.len() > 40, "the examples are found");
    for (place, text, variables) in all {
        check_text(&text, &limits).unwrap_or_else(|over| panic!("{place}: {over:?}"));
        let document = parse_query(&text).unwrap();
        for (_, operation) in document.operations.iter() {
            let cost = check(&document, &operation.node, &variables, &limits);
            let cost = cost.unwrap_or_else(|over| panic!("{place}: {over:?}"));
            assert!(cost <= limits.light_cost, "{place}: a page waits for nobody, and this costs {cost}");
            if operation.node.ty == OperationType::Query {
                dearest = dearest.max(cost);
            }
        }
    }
    assert!(dearest > 50, "lists are counted: {dearest}");
}
