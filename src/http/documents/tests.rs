use std::mem::size_of;

use async_graphql::Positioned;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{Field, Selection};

use super::*;

fn document(text: String) -> Document {
    Document { parsed: parse_query(&text).unwrap(), text }
}

#[test]
fn a_hash_is_64_digits_in_lower_case_with_or_without_its_kind() {
    let text = "query($id:ID!){user(id:$id){name}}";
    let id = "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b";
    let hash = Hash::of(text);
    assert_eq!(hash.to_string(), id, "the example of the specification");
    assert_eq!(Hash::parse(id), Some(hash));
    assert_eq!(Hash::parse(&id[7..]), Some(hash));
    for wrong in
        ["", "sha256:", &id[8..], &id.to_uppercase(), &format!("x-{id}"), &format!("{id}0"), &"é".repeat(32)]
    {
        assert_eq!(Hash::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn what_clients_register_never_weighs_more_than_it_may() {
    let settings = config::Documents { cache_bytes: 100_000, ..config::Documents::default() };
    let documents = Documents::new(HashMap::new(), &settings);
    for number in 0..1_000 {
        let document = document(format!("{{ a{number} b {{ c }} }}"));
        documents.register(Hash::of(&document.text), document);
        assert!(documents.registered.weighted_size() <= 100_000);
    }
    assert!(documents.registered.entry_count() > 10);
    let large = document(format!("{{ {} }}", "a ".repeat(10_000)));
    let hash = Hash::of(&large.text);
    documents.register(hash, large);
    assert!(documents.registered.get(&hash).is_none(), "it alone is more than there is room for");
}

#[test]
fn a_document_weighs_at_least_what_it_takes() {
    for text in
        ["{ a }".to_owned(), format!("{{{}}}", "a ".repeat(999)), format!("{{{}}}", "a{b}".repeat(999))]
    {
        let Document { parsed, text } = document(text);
        let mut fields = 0;
        for (_, operation) in parsed.operations.iter() {
            count(&operation.node.selection_set.node, &mut fields);
        }
        assert!(
            weight::of(&text) as usize
                >= fields * (size_of::<Positioned<Selection>>() + size_of::<Field>()) / 2
        );
        assert!((weight::of(&text) as usize) < 8 * 1_024 * fields, "and not out of all proportion");
    }
    assert_eq!(weight::of("query($a:Int){a(b:$a)}"), weight::of("query ($a: Int) { a(b: $a) }") - 6);
    assert!(weight::of(&"{".repeat(100_000_000)) == u32::MAX);
}

fn count(set: &async_graphql::parser::types::SelectionSet, fields: &mut usize) {
    for item in &set.items {
        if let Selection::Field(field) = &item.node {
            *fields += 1;
            count(&field.node.selection_set.node, fields);
        }
    }
}

#[test]
fn the_schema_is_asked_for_wherever_it_stands() {
    for text in [
        "{ __schema { types { name } } }",
        "{ x: __type(name: \"Query\") { name } }",
        "{ ... { ... on Query { __schema { types { name } } } } }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { __schema { types { name } } }",
        "query A { a } query B { __schema { types { name } } }",
    ] {
        assert!(introspection::is_asked_by(&parse_query(text).unwrap()), "{text}");
    }
    for text in ["{ __typename a { __typename } }", "{ __schema: a, schema(x: \"__schema\") }"] {
        assert!(!introspection::is_asked_by(&parse_query(text).unwrap()), "{text}");
    }
}
