//! The schema: every noun's queries, mutations and subscriptions, merged; and the gateway that runs operations on it.

mod batch;
mod building;
mod category;
mod change;
mod charge;
mod community;
mod connection;
mod context;
mod error;
mod fanout;
mod feed;
mod gateway;
mod loader;
mod node;
mod occupant;
mod once;
mod post;
mod scalar;
mod session;
mod staff;
mod team;
mod ticket;
mod unit;
mod viewer;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, Schema as GraphqlSchema};

pub use gateway::Gateway;

/// What can be asked.
#[derive(Default, MergedObject)]
pub(crate) struct Query(
    viewer::ViewerQuery,
    node::NodeQuery,
    category::CategoryQuery,
    staff::StaffQuery,
    team::TeamQuery,
    ticket::TicketQuery,
);

/// What can be done. One mutation an act; each takes one `input` and answers with what it made and with `userErrors`.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    session::SessionMutation,
    category::CategoryMutation,
    charge::ChargeMutation,
    post::PostMutation,
    staff::StaffMutation,
    team::TeamMutation,
    ticket::TicketMutation,
);

/// What is pushed.
#[derive(Default, MergedSubscription)]
pub(crate) struct Subscription(feed::FeedSubscription);

pub(crate) type Schema = GraphqlSchema<Query, Mutation, Subscription>;

/// The schema as text, as `concierge schema` prints it.
#[must_use]
pub fn sdl() -> String {
    let schema =
        GraphqlSchema::build(Query::default(), Mutation::default(), Subscription::default()).finish();
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by())
}
