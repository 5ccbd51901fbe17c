//! One operation: parsed once, its type known before anything runs, and run within the time it has.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, VariableDefinition,
};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Extensions, Request, Response, ServerError, Value, Variables, value};
use futures_util::FutureExt;
use futures_util::stream::BoxStream;

use super::documents::{Document, Documents, Hash, Meant};
use super::metrics::{self, Outcome, Transport};
use super::observe::{RequestId, panic_message};
use super::request::Parameters;
use super::response::{brief, clip, code, error, is_request_error, request_error};
use super::{State, limits, once};
use crate::auth::Caller;
use crate::config::Limits;
use crate::graphql::Update;

/// Of what validation finds wrong, so much is told: the first errors are the ones to mend.
const ERRORS_TOLD: usize = 20;

/// A document that parses, with the operation chosen.
pub(super) struct Operation {
    request: Request,
    kind: OperationType,
    cost: u64,
    /// To be known by its hash from now on, if it turns out to be good.
    register: Option<(Hash, Document)>,
}

/// For whom and on whose behalf an operation runs.
pub(super) struct Context<'a> {
    pub(super) state: &'a State,
    pub(super) caller: Caller,
    pub(super) transport: Transport,
    pub(super) request_id: &'a RequestId,
}

impl Operation {
    /// Finds the document that is meant, parses it if it is new, chooses the operation, and holds it to the limits; the
    /// gateway gets it parsed.
    pub(super) fn parse(
        mut parameters: Parameters,
        documents: &Documents,
        limits: &Limits,
    ) -> Result<Self, ServerError> {
        let (Document { text, parsed: mut document }, register_as) = match documents.find(&mut parameters)? {
            Meant::Known(document) => (Document::clone(&document), None),
            Meant::Sent { text, register_as } => {
                limits::check_text(&text, limits)?;
                let parsed = parse_query(&text).map_err(|error| syntax_error(&error))?;
                (Document { text, parsed }, register_as)
            }
        };
        documents.admit(&document)?;
        let Parameters { operation_name, variables, extensions, .. } = parameters;
        let operation = choose(&document, operation_name.as_deref())?;
        let kind = operation.ty;
        let mut variables = variables.unwrap_or_default();
        require_variables(operation, &variables)?;
        add_defaults(operation, &mut variables);
        let cost = limits::check(&document, operation, &variables, limits)?;
        let register =
            register_as.map(|hash| (hash, Document { text: text.clone(), parsed: document.clone() }));
        if kind == OperationType::Mutation {
            once::merge(&mut document, operation_name.as_deref(), &variables)?;
        }
        let mut request = Request::new(text).variables(variables);
        request.operation_name = operation_name;
        request.extensions = extensions.unwrap_or_default();
        request.set_parsed_query(document);
        Ok(Self { request, kind, cost, register })
    }

    /// The same operation with something that its resolvers will find.
    pub(super) fn with(self, data: impl std::any::Any + Send + Sync) -> Self {
        Self { request: self.request.data(data), ..self }
    }

    /// Query, mutation or subscription.
    pub(super) fn kind(&self) -> OperationType {
        self.kind
    }

    /// Runs a query or mutation to its end. What panics or takes too long is an answer too.
    pub(super) async fn execute(self, context: Context<'_>) -> Response {
        let Context { state, caller, transport, request_id } = context;
        let started = Instant::now();
        let tells_cost = wants_cost(&self.request.extensions);
        let (gateway, request, for_whom) = (state.gateway.clone(), self.request, caller.clone());
        let is_dear = state.turns.is_dear(self.cost);
        let operation = async move {
            match is_dear {
                true => gateway.execute_apart(request, for_whom).await,
                false => gateway.execute(request, for_whom).await,
            }
        }
        .boxed();
        let run = state.turns.run(&caller, self.cost, operation);
        let mut answer = match tokio::time::timeout(state.settings.http.request_timeout, run).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => request_error(panicked(&*panic, request_id)),
            Err(_) => request_error(timed_out(state)),
        };
        complete_errors(&mut answer, request_id);
        if tells_cost {
            let (_, most) = limits::most(self.kind, &state.settings.limits);
            answer.extensions.insert("cost".into(), value!({ "requested": self.cost, "most": most }));
        }
        if let Some((hash, document)) = self.register.filter(|_| !is_request_error(&answer)) {
            state.documents.register(hash, document);
        }
        metrics::operation(transport, self.kind, Outcome::of(&answer), started.elapsed());
        answer
    }

    /// Begins a subscription. What comes after, the stream tells; that it may run on for ever is its nature.
    pub(super) async fn subscribe(
        self,
        context: Context<'_>,
    ) -> Result<BoxStream<'static, Update>, Box<Response>> {
        let Context { state, caller, transport, request_id } = context;
        let started = Instant::now();
        let begin = AssertUnwindSafe(state.gateway.stream(self.request, caller)).catch_unwind();
        let mut begun = match tokio::time::timeout(state.settings.http.request_timeout, begin).await {
            Ok(Ok(begun)) => begun,
            Ok(Err(panic)) => Err(Box::new(request_error(panicked(&*panic, request_id)))),
            Err(_) => Err(Box::new(request_error(timed_out(state)))),
        };
        if let Err(answer) = &mut begun {
            complete_errors(answer, request_id);
        }
        if let Some((hash, document)) = self.register.filter(|_| begun.is_ok()) {
            state.documents.register(hash, document);
        }
        let outcome = begun.as_ref().map_or_else(|answer| Outcome::of(answer), |_| Outcome::Ok);
        metrics::operation(transport, self.kind, outcome, started.elapsed());
        begun
    }
}

impl Outcome {
    fn of(answer: &Response) -> Self {
        match answer.errors.first() {
            None => Self::Ok,
            Some(error) if code(error) == Some("TIMEOUT") => Self::Timeout,
            Some(error) if code(error) == Some("INTERNAL") => Self::Fault,
            Some(_) if is_request_error(answer) => Self::Refused,
            Some(_) => Self::Errors,
        }
    }
}

/// What validation refuses gets its code here, and so does an argument that a scalar cannot read: all other errors of
/// execution have one. An internal fault is known to the client by the request's id alone; the
/// log has the rest under it.
fn complete_errors(answer: &mut Response, request_id: &RequestId) {
    let refused = is_request_error(answer);
    if refused {
        answer.errors.truncate(ERRORS_TOLD);
    }
    for error in &mut answer.errors {
        error.message = brief(&error.message);
        match code(error) {
            None if refused => {
                error.extensions.get_or_insert_default().set("code", "GRAPHQL_VALIDATION_FAILED");
            }
            None => error.extensions.get_or_insert_default().set("code", "INVALID"),
            Some("INTERNAL") => {
                error.extensions.get_or_insert_default().set("requestId", request_id.as_str());
            }
            _ => {}
        }
    }
}

/// The error of a resolver or stream that panicked.
pub(super) fn panicked(panic: &(dyn std::any::Any + Send), request_id: &RequestId) -> ServerError {
    tracing::error!(panic = panic_message(panic), "an operation panicked");
    let mut error = error("INTERNAL", "Something went wrong on our side.");
    error.extensions.get_or_insert_default().set("requestId", request_id.as_str());
    error
}

fn timed_out(state: &State) -> ServerError {
    let seconds = state.settings.http.request_timeout.as_secs_f32();
    let message = format!(
        "The operation took longer than {seconds} s and was given up. A mutation may or may not have taken effect: \
         send it again with the same idempotencyKey, or look."
    );
    error("TIMEOUT", message)
}

/// The specification's GetOperation().
fn choose<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, ServerError> {
    const CODE: &str = "OPERATION_NOT_FOUND";
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => {
            Err(error(CODE, "The document's only operation has no name: leave operationName out."))
        }
        (DocumentOperations::Multiple(operations), Some(name)) => match operations.get(name) {
            Some(operation) => Ok(&operation.node),
            None => Err(error(CODE, format!("The document has no operation named \"{}\".", clip(name)))),
        },
        (DocumentOperations::Multiple(operations), None) => {
            let mut each = operations.values();
            match (each.next(), each.next()) {
                (Some(only), None) => Ok(&only.node),
                _ => Err(error(
                    CODE,
                    format!("The document has {} operations: name one in operationName.", operations.len()),
                )),
            }
        }
    }
}

/// Of the specification's CoerceVariableValues() what validation leaves out: a variable that must have a value, and has
/// none, is an error of the request and not of the field that wants it.
fn require_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), ServerError> {
    let missing = operation.variable_definitions.iter().find(|definition| {
        let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
        !var_type.node.nullable && default_value.is_none() && !variables.contains_key(&name.node)
    });
    let Some(definition) = missing else { return Ok(()) };
    let VariableDefinition { name, var_type, .. } = &definition.node;
    let (name, kind) = (clip(&name.node), var_type.node.to_string());
    let message =
        format!("The variable \"${name}\" of type \"{}\" is not given, and has no default.", clip(&kind));
    let mut missing = error("GRAPHQL_VALIDATION_FAILED", message);
    missing.locations.push(definition.pos);
    Err(missing)
}

/// Of CoerceVariableValues() as well: the library looks for a default where a field takes the variable, and not where
/// `@skip` or `@include` does.
fn add_defaults(operation: &OperationDefinition, variables: &mut Variables) {
    for definition in &operation.variable_definitions {
        let VariableDefinition { name, default_value, .. } = &definition.node;
        if let Some(default) = default_value {
            variables.entry(name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
}

/// `{"cost": true}` in the request's extensions.
fn wants_cost(extensions: &Extensions) -> bool {
    matches!(extensions.get("cost"), Some(Value::Boolean(true)))
}

/// The parser draws its message over several lines of the client's own text; its last line says what was expected.
fn syntax_error(parse_error: &ParseError) -> ServerError {
    const CODE: &str = "GRAPHQL_PARSE_FAILED";
    let mut located = match parse_error {
        ParseError::Syntax { message, start, .. } => {
            let (line, column) = (start.line, start.column);
            let expected = message.rsplit_once("= ").map(|(_, expected)| expected.replace('_', " "));
            let expected = expected.map(|expected| format!(": {}", clip(&expected))).unwrap_or_default();
            error(CODE, format!("The document does not parse at line {line}, column {column}{expected}"))
        }
        ParseError::OperationDuplicated { .. } => error(CODE, "The document has two operations of one name."),
        ParseError::FragmentDuplicated { .. } => error(CODE, "The document has two fragments of one name."),
        ParseError::MultipleOperations { .. } => {
            error(CODE, "The document has an operation without a name beside another one.")
        }
        ParseError::MissingOperation => error(CODE, "The document has no operation."),
        ParseError::RecursionLimitExceeded => error(CODE, "The document is nested too deep."),
        _ => error(CODE, "The document does not parse."),
    };
    located.locations = parse_error.positions().collect();
    located
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(query: &str, name: Option<&str>) -> Result<OperationType, String> {
        let parameters = Parameters {
            query: Some(query.to_owned()),
            operation_name: name.map(str::to_owned),
            ..Parameters::default()
        };
        let documents = Documents::new(Default::default(), &Default::default());
        Operation::parse(parameters, &documents, &Limits::default())
            .map(|operation| operation.kind())
            .map_err(|error| error.message)
    }

    #[test]
    fn the_operation_is_chosen_by_name() {
        let two = "query A { a } mutation B { b }";
        assert_eq!(kind(two, Some("A")), Ok(OperationType::Query));
        assert_eq!(kind(two, Some("B")), Ok(OperationType::Mutation));
        assert_eq!(kind("subscription S { s }", None), Ok(OperationType::Subscription));
        assert_eq!(kind(two, None).unwrap_err(), "The document has 2 operations: name one in operationName.");
        assert_eq!(kind(two, Some("C")).unwrap_err(), "The document has no operation named \"C\".");
        assert!(kind("{ a }", Some("A")).unwrap_err().contains("leave operationName out"));
        assert!(kind(two, Some(&"x".repeat(9_000))).unwrap_err().len() < 200);
    }

    #[test]
    fn a_syntax_error_is_one_line_that_says_where() {
        for document in ["{", "", "{ a(", "query { a } }", "type T { a: Int }", "{ \u{7} }"] {
            let message = kind(document, None).unwrap_err();
            assert!(message.starts_with("The document") && !message.contains('\n'), "{message}");
            assert!(message.len() < 200, "{message}");
        }
    }
}
