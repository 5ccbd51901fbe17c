//! What the schema tells of the size of an answer: which fields are lists, and which of them come in pages.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, OperationType, Type, TypeKind, TypeSystemDefinition,
};

/// Of each type, by its name, what its fields lead to.
#[derive(Debug, Default)]
pub struct Sizes(HashMap<String, Object>);

/// A type with fields.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// It is a page of a list: its own lists are as long as was asked for.
    pub(super) is_page: bool,
    fields: HashMap<String, Target>,
}

/// What a field leads to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) of_type: String,
    pub(super) length: Length,
}

/// How many of its target a field leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    One,
    List,
    /// Of what the schema tells of itself the sizes are known.
    Known(u64),
}

impl Object {
    pub(super) fn field(&self, name: &str) -> Option<&Target> {
        self.fields.get(name)
    }
}

impl Sizes {
    /// Reads them out of a schema. What does not parse is a schema without types, in which nothing is a list.
    #[must_use]
    pub fn of(sdl: &str) -> Self {
        let Ok(schema) = parse_schema(sdl) else { return Self::default() };
        let mut types = HashMap::new();
        let mut pages = HashSet::new();
        let mut members = Members::default();
        for definition in schema.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            members.types += 1;
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                TypeKind::Union(_) => Vec::new(),
                TypeKind::Enum(values) => {
                    members.values += values.values.len();
                    continue;
                }
                TypeKind::InputObject(input) => {
                    members.inputs += input.fields.len();
                    continue;
                }
                TypeKind::Scalar => continue,
            };
            members.fields += fields.len();
            members.arguments += fields.iter().map(|field| field.node.arguments.len()).sum::<usize>();
            pages.extend(
                fields.iter().filter(|field| is_paged(&field.node)).map(|field| named(&field.node.ty.node)),
            );
            let fields = fields.iter().map(|field| target(&field.node)).collect();
            types.insert(definition.node.name.node.to_string(), Object { is_page: false, fields });
        }
        for (name, object) in &mut types {
            object.is_page = pages.contains(name);
        }
        members.describe(&mut types);
        Self(types)
    }

    /// The type at the root of such operations.
    pub(super) fn root(&self, of: OperationType) -> Option<&Object> {
        self.object(match of {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        })
    }

    pub(super) fn object(&self, name: &str) -> Option<&Object> {
        self.0.get(name)
    }
}

fn is_paged(field: &FieldDefinition) -> bool {
    field.arguments.iter().any(|argument| matches!(argument.node.name.node.as_str(), "first" | "last"))
}

fn target(field: &FieldDefinition) -> (String, Target) {
    let length = match field.ty.node.base {
        BaseType::List(_) => Length::List,
        BaseType::Named(_) => Length::One,
    };
    (field.name.node.to_string(), Target { of_type: named(&field.ty.node), length })
}

fn named(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => named(inner),
    }
}

/// How much there is to tell of the schema itself.
#[derive(Default)]
struct Members {
    types: usize,
    fields: usize,
    arguments: usize,
    inputs: usize,
    values: usize,
}

impl Members {
    /// The types that every schema has to tell of itself. Their lists count as long as they are on the average, since
    /// nothing filters them.
    fn describe(&self, types: &mut HashMap<String, Object>) {
        let each = |members: usize, of: usize| Length::Known(members.div_ceil(of.max(1)) as u64);
        let one = Length::One;
        let mut describe = |name: &str, fields: &[(&str, &str, Length)]| {
            let fields = fields.iter().map(|(name, of_type, length)| {
                ((*name).to_owned(), Target { of_type: (*of_type).to_owned(), length: *length })
            });
            types.entry(name.to_owned()).or_default().fields.extend(fields);
        };
        describe("Query", &[("__schema", "__Schema", one), ("__type", "__Type", one)]);
        describe(
            "__Schema",
            &[
                ("description", "String", one),
                ("types", "__Type", each(self.types, 1)),
                ("queryType", "__Type", one),
                ("mutationType", "__Type", one),
                ("subscriptionType", "__Type", one),
                ("directives", "__Directive", Length::Known(6)),
            ],
        );
        describe(
            "__Type",
            &[
                ("kind", "__TypeKind", one),
                ("name", "String", one),
                ("description", "String", one),
                ("specifiedByURL", "String", one),
                ("isOneOf", "Boolean", one),
                ("fields", "__Field", each(self.fields, self.types)),
                ("inputFields", "__InputValue", each(self.inputs, self.types)),
                ("enumValues", "__EnumValue", each(self.values, self.types)),
                ("interfaces", "__Type", Length::Known(1)),
                ("possibleTypes", "__Type", Length::Known(1)),
                ("ofType", "__Type", one),
            ],
        );
        let member = [
            ("name", "String", one),
            ("description", "String", one),
            ("type", "__Type", one),
            ("isDeprecated", "Boolean", one),
            ("deprecationReason", "String", one),
            ("defaultValue", "String", one),
        ];
        for name in ["__InputValue", "__EnumValue", "__Field"] {
            describe(name, &member);
        }
        describe("__Field", &[("args", "__InputValue", each(self.arguments, self.fields))]);
        describe(
            "__Directive",
            &[
                ("name", "String", one),
                ("description", "String", one),
                ("isRepeatable", "Boolean", one),
                ("locations", "__DirectiveLocation", Length::Known(3)),
                ("args", "__InputValue", Length::Known(1)),
            ],
        );
    }
}
