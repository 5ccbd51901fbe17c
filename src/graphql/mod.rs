//! The schema: every noun's queries, mutations and subscriptions, merged; and the gateway that runs operations on it.

mod account;
mod batch;
mod building;
mod category;
mod change;
mod charge;
mod community;
mod connection;
mod context;
mod entrance;
mod error;
mod fanout;
mod feed;
mod gateway;
mod loader;
mod node;
mod occupancy;
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
    building::BuildingQuery,
    category::CategoryQuery,
    community::CommunityQuery,
    occupant::OccupantQuery,
    staff::StaffQuery,
    team::TeamQuery,
    ticket::TicketQuery,
    unit::UnitQuery,
);

/// What can be done. One mutation an act; each takes one `input` and answers with what it made and with `userErrors`.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    account::AccountMutation,
    session::SessionMutation,
    building::BuildingMutation,
    category::CategoryMutation,
    charge::ChargeMutation,
    community::CommunityMutation,
    entrance::EntranceMutation,
    occupancy::OccupancyMutation,
    occupant::OccupantMutation,
    post::PostMutation,
    staff::StaffMutation,
    team::TeamMutation,
    ticket::TicketMutation,
    unit::UnitMutation,
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
