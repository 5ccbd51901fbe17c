//! The schema: every noun's queries, mutations and subscriptions, merged; and the gateway that runs operations on it.

mod account;
mod attachment;
mod audit;
mod batch;
mod building;
mod category;
mod change;
mod charge;
mod community;
mod connection;
mod context;
mod document;
mod entrance;
mod error;
mod facility;
mod fanout;
mod feed;
mod gateway;
mod inspection;
mod loader;
mod node;
mod occupancy;
mod occupant;
mod once;
mod post;
mod privacy;
mod scalar;
mod session;
mod staff;
mod team;
mod ticket;
mod transfer;
mod unit;
mod upload;
mod validate;
mod viewer;

use async_graphql::{
    ID, MergedObject, MergedSubscription, SDLExportOptions, Schema as GraphqlSchema, SchemaBuilder,
};

use self::connection::List;

pub(crate) use connection::{PAGE_DEFAULT, PAGE_MAX};
pub use fanout::Update;
pub use feed::ResumeAfter;
pub use gateway::{Gateway, Told};
pub use upload::{Incoming, Uploads, takes_a_sheet};
pub use validate::Validator;

/// What can be asked.
#[derive(Default, MergedObject)]
pub(crate) struct Query(
    viewer::ViewerQuery,
    node::NodeQuery,
    audit::AuditQuery,
    privacy::PrivacyQuery,
    building::BuildingQuery,
    category::CategoryQuery,
    community::CommunityQuery,
    document::DocumentQuery,
    facility::FacilityQuery,
    occupant::OccupantQuery,
    staff::StaffQuery,
    team::TeamQuery,
    ticket::TicketQuery,
    unit::UnitQuery,
    inspection::PatrolPlanQuery,
    inspection::CheckpointQuery,
    inspection::PatrolQuery,
    inspection::FindingQuery,
    inspection::SpotCheckQuery,
    inspection::ComplianceQuery,
    transfer::TransferQuery,
);

/// What can be done. One mutation an act; each takes one `input` and answers with what it made and with `userErrors`.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    account::AccountMutation,
    session::SessionMutation,
    attachment::AttachmentMutation,
    building::BuildingMutation,
    category::CategoryMutation,
    charge::ChargeMutation,
    community::CommunityMutation,
    entrance::EntranceMutation,
    document::DocumentMutation,
    facility::FacilityMutation,
    occupancy::OccupancyMutation,
    occupant::OccupantMutation,
    post::PostMutation,
    privacy::PrivacyMutation,
    staff::StaffMutation,
    team::TeamMutation,
    ticket::TicketMutation,
    unit::UnitMutation,
    inspection::InspectionMutation,
    inspection::FindingMutation,
    transfer::TransferMutation,
);

/// What is pushed.
#[derive(Default, MergedSubscription)]
pub(crate) struct Subscription(feed::FeedSubscription, transfer::TransferSubscription);

pub(crate) type Schema = GraphqlSchema<Query, Mutation, Subscription>;

/// The schema, before what its resolvers need. What the library makes by itself is described here.
fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    GraphqlSchema::build(Query::default(), Mutation::default(), Subscription::default())
        .override_output_type_description::<ID>(
            "What tells one thing from all others, of the form kind:uuid; to clients it is opaque.",
        )
        .override_output_type_description::<List<community::Community>>("A page of a list of communities.")
        .override_output_type_description::<List<audit::AuditEntry>>("A page of the audit trail.")
        .override_output_type_description::<List<privacy::PrivacyRequest>>(
            "A page of a list of requests about personal data.",
        )
        .override_output_type_description::<List<building::Building>>("A page of a list of buildings.")
        .override_output_type_description::<List<document::Document>>("A page of a list of documents.")
        .override_output_type_description::<List<facility::Facility>>("A page of a list of facilities.")
        .override_output_type_description::<List<unit::Unit>>("A page of a list of units.")
        .override_output_type_description::<List<occupant::Occupant>>("A page of a list of occupants.")
        .override_output_type_description::<List<staff::Staff>>("A page of a list of members of staff.")
        .override_output_type_description::<List<team::Team>>("A page of a list of teams.")
        .override_output_type_description::<List<ticket::Ticket>>("A page of a list of tickets.")
        .override_output_type_description::<List<inspection::PatrolPlan>>("A page of a list of patrol plans.")
        .override_output_type_description::<List<inspection::Checkpoint>>("A page of a list of checkpoints.")
        .override_output_type_description::<List<inspection::Patrol>>("A page of a list of patrols.")
        .override_output_type_description::<List<inspection::Finding>>("A page of a list of findings.")
        .override_output_type_description::<List<inspection::SpotCheck>>("A page of a list of spot checks.")
        .override_output_type_description::<List<transfer::DataTransfer>>(
            "A page of a list of imports and exports.",
        )
        .override_output_type_description::<List<transfer::RowRefusal>>("A page of what an import refused.")
}

/// The schema as text, as `concierge schema` prints it.
#[must_use]
pub fn sdl() -> String {
    let schema = builder().finish();
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by())
}
