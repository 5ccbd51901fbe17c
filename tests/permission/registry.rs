//! Who is refused what. Every root field stands here; a new one without an entry fails the suite.
//!
//! An entry names the field, how it is called, and what comes of it for those who must get nothing: at least one of
//! the tickets' own community (星河) and one of another (云山: `yunshan-…`, `zhao-yuan`). For nobody it is
//! UNAUTHENTICATED. A mutation without a selection gets `{ userErrors { code } }`. Names with a dollar sign are put in:
//! the list is in `tickets` beside this file.

use Outcome::{Empty, Forbidden, Invalid, NotFound, Null, Told, Unauthenticated};

/// What comes of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Unauthenticated,
    NotFound,
    Forbidden,
    Invalid,
    /// `null`, and no error.
    Null,
    /// Lists without an item, counts of zero, a feed without an event.
    Empty,
    /// It is answered.
    Told,
}

pub struct Entry {
    pub field: &'static str,
    pub call: &'static str,
    pub nobody: Outcome,
    pub to: &'static [(&'static str, Outcome)],
    /// Why nobody is refused it, or no wrong viewer; else empty.
    pub why: &'static str,
}

/// Refused to nobody, and to each of these.
const fn refused(field: &'static str, call: &'static str, to: &'static [(&'static str, Outcome)]) -> Entry {
    Entry { field, call, nobody: Unauthenticated, to, why: "" }
}

/// About whoever asks, so that there is no wrong viewer.
const fn own(field: &'static str, call: &'static str, why: &'static str) -> Entry {
    Entry { field, call, nobody: Unauthenticated, to: &[], why }
}

/// For everybody, signed in or not.
const fn open(field: &'static str, call: &'static str, nobody: Outcome, why: &'static str) -> Entry {
    Entry { field, call, nobody, to: &[], why }
}

/// A neighbour does not see the ticket; an executive does, and acts on none; nothing is seen from another community.
const ACT: &[(&str, Outcome)] =
    &[("wang-lin", NotFound), ("executive", Forbidden), ("yunshan-head", NotFound), ("zhao-yuan", NotFound)];

/// Another crew, an onlooker, and another community's worker.
const ORDER: &[(&str, Outcome)] =
    &[("cleaner", NotFound), ("executive", Forbidden), ("yunshan-worker", NotFound)];

/// The desk reads the register and does not change it.
const REGISTER: &[(&str, Outcome)] = &[("desk", Forbidden), ("yunshan-head", NotFound)];

/// Those of the desk read who works there, and change nothing of it.
const STAFF: &[(&str, Outcome)] = &[("desk2", Forbidden), ("lin-yi", NotFound), ("yunshan-head", NotFound)];

/// Patrols and spot checks before they are published are not the desk's to see, nor any resident's.
const INSPECTIONS: &[(&str, Outcome)] =
    &[("lin-yi", Empty), ("desk", Empty), ("admin", Empty), ("yunshan-head", Empty)];

/// An executive sees what is inspected, and inspects nothing.
const INSPECTS: &[(&str, Outcome)] =
    &[("executive", Forbidden), ("lin-yi", NotFound), ("desk", NotFound), ("yunshan-head", NotFound)];

/// An assistant walks the round and does not lay it.
const ROUND: &[(&str, Outcome)] = &[("assistant", Forbidden), ("desk", NotFound), ("yunshan-head", NotFound)];

/// The group reads what is confidential and keeps none of it.
const ARCHIVES: &[(&str, Outcome)] = &[("group", Forbidden), ("desk", NotFound), ("yunshan-head", NotFound)];

#[rustfmt::skip]
pub const REGISTRY: &[Entry] = &[
    open("Query.viewer", "{ login }", Null, "it is how a client learns that it is nobody"),
    open("Query.serverTime", "", Told, "a clock tells nothing of anybody"),
    own("Query.feedCursor", "", "a place in the feed; what is seen from there is asked at each delivery"),
    refused("Query.node", "(id: \"$complaint\") { id }",
        &[("wang-lin", Null), ("lin-er", Null), ("yunshan-head", Null)]),
    refused("Query.nodes", "(ids: [\"$complaint\", \"$order\"]) { id }",
        &[("wang-lin", Empty), ("yunshan-head", Empty)]),
    refused("Query.ticket", "(number: \"$number\") { id }",
        &[("wang-lin", Null), ("worker", Null), ("zhao-yuan", Null)]),
    refused("Query.tickets", "{ totalCount nodes { id } edges { cursor } }",
        &[("wang-lin", Empty), ("admin", Empty), ("yunshan-desk", Empty)]),
    refused("Query.ticketCounts", "{ status count }",
        &[("wang-lin", Empty), ("admin", Empty), ("yunshan-desk", Empty)]),
    refused("Query.communities", "(filter: { search: \"星河\" }) { totalCount nodes { id } }",
        &[("personnel", Empty), ("yunshan-desk", Empty), ("zhao-yuan", Empty)]),
    refused("Query.buildings", "(filter: { search: \"A栋\" }) { totalCount nodes { id } }",
        &[("zhou-zhu", Empty), ("personnel", Empty), ("yunshan-desk", Empty)]),
    refused("Query.facilities", "(filter: { communityIds: [\"$xinghe\"] }) { totalCount nodes { id } }",
        &[("lin-yi", Empty), ("personnel", Empty), ("yunshan-desk", Empty)]),
    refused("Query.documents", "(filter: { communityIds: [\"$xinghe\"] }) { totalCount nodes { id } }",
        &[("wang-lin", Empty), ("desk", Empty), ("personnel", Empty), ("yunshan-head", Empty)]),
    refused("Query.units", "(filter: { buildingIds: [\"$a\"] }) { totalCount nodes { id } }",
        &[("zhou-zhu", Empty), ("personnel", Empty), ("yunshan-desk", Empty)]),
    refused("Query.occupants", "(filter: { search: \"林\" }) { totalCount nodes { id } }",
        &[("wang-lin", Empty), ("personnel", Empty), ("yunshan-desk", Empty)]),
    refused("Query.staffMembers", "(filter: { search: \"前台小\" }) { totalCount nodes { id } }",
        &[("wang-lin", Empty), ("worker", Empty), ("yunshan-head", Empty)]),
    refused("Query.teams", "(filter: { communityIds: [\"$xinghe\"] }) { totalCount nodes { id } }",
        &[("wang-lin", Empty), ("yunshan-head", Empty)]),
    refused("Query.auditTrail", "{ totalCount nodes { id } }",
        &[("lin-yi", Empty), ("supervisor", Empty), ("quality", Empty), ("yunshan-head", Empty), ("yunshan-desk", Empty)]),
    refused("Query.privacyRequests", "{ totalCount nodes { id } }",
        &[("wang-lin", Empty), ("head", Empty), ("yunshan-head", Empty), ("zhao-yuan", Empty)]),
    refused("Query.patrolPlans", "{ totalCount nodes { id } }", INSPECTIONS),
    refused("Query.checkpoints", "{ totalCount nodes { id } }", INSPECTIONS),
    refused("Query.patrols", "{ totalCount nodes { id } }", INSPECTIONS),
    refused("Query.findings", "{ totalCount nodes { id } }", INSPECTIONS),
    refused("Query.spotChecks", "{ totalCount nodes { id } }", INSPECTIONS),
    refused("Query.patrolCompliance", "(communityId: \"$xinghe\", weekOf: \"2026-11-23\") { owed done }",
        &[("lin-yi", Empty), ("desk", Empty), ("admin", Empty), ("yunshan-head", NotFound)]),
    own("Query.categories", "{ id }", "the tree is the same for everybody who is signed in"),
    open("Mutation.sessionCreate", "(input: { login: \"desk\", password: \"not this one\" })", Invalid,
        "it is how somebody becomes a viewer"),
    open("Mutation.sessionRefresh", "(input: { refreshToken: \"made up\" })", Invalid,
        "the refresh token says who it is"),
    refused("Mutation.sessionEnd", "(input: { id: \"$session\" })",
        &[("lin-er", NotFound), ("admin", NotFound), ("zhao-yuan", NotFound)]),
    open("Mutation.accountActivate", "(input: { code: \"00000-00000\", login: \"me\", password: \"a new password\" })", Invalid,
        "the code says who it is"),
    own("Mutation.accountChangePassword", "(input: { presentPassword: \"x\", newPassword: \"y\" })",
        "it changes the viewer's own"),
    refused("Mutation.accountInvite", "(input: { occupantId: \"$lin-yi\" })",
        &[("wang-lin", NotFound), ("worker", Forbidden), ("yunshan-desk", NotFound)]),
    refused("Mutation.accountLink", "(input: { staffId: \"$desk\", subject: \"ann\" })",
        &[("head", Forbidden), ("desk", Forbidden), ("yunshan-head", Forbidden)]),
    refused("Mutation.communityCreate", "(input: { code: \"ZZ\", name: \"x\", timeZone: \"Asia/Shanghai\" })",
        &[("head", Forbidden), ("yunshan-head", Forbidden)]),
    refused("Mutation.communityUpdate", "(input: { id: \"$xinghe\", name: \"x\" })", REGISTER),
    refused("Mutation.buildingCreate", "(input: { communityId: \"$xinghe\", name: \"x\", kind: OFFICE })", REGISTER),
    refused("Mutation.buildingUpdate", "(input: { id: \"$a\", name: \"x\" })", REGISTER),
    refused("Mutation.buildingClose", "(input: { id: \"$a\" })", REGISTER),
    refused("Mutation.entranceCreate", "(input: { buildingId: \"$a\", name: \"x\" })", REGISTER),
    refused("Mutation.entranceUpdate", "(input: { id: \"$entrance\", name: \"x\" })", REGISTER),
    refused("Mutation.entranceClose", "(input: { id: \"$entrance\" })", REGISTER),
    refused("Mutation.facilityCreate", "(input: { buildingId: \"$a\", kind: SHARED, name: \"x\" })", REGISTER),
    refused("Mutation.facilityUpdate", "(input: { id: \"$facility\", name: \"x\" })", REGISTER),
    refused("Mutation.facilityClose", "(input: { id: \"$facility\" })", REGISTER),
    refused("Mutation.documentFile", "(input: { unitId: \"$a101\", category: OTHER, title: \"x\", attachmentIds: [] })", REGISTER),
    refused("Mutation.documentUpdate", "(input: { id: \"$document\", title: \"x\" })", ARCHIVES),
    refused("Mutation.documentWithdraw", "(input: { id: \"$document\" })", ARCHIVES),
    refused("Mutation.unitCreate", "(input: { buildingId: \"$a\", number: \"x\", usage: SHOP })", REGISTER),
    refused("Mutation.unitUpdate", "(input: { id: \"$a101\", number: \"x\" })", REGISTER),
    refused("Mutation.unitClose", "(input: { id: \"$a101\" })", REGISTER),
    refused("Mutation.occupantCreate", "(input: { communityId: \"$xinghe\", kind: PERSON, name: \"x\" })", REGISTER),
    refused("Mutation.occupantUpdate", "(input: { id: \"$lin-yi\", name: \"x\" })", REGISTER),
    refused("Mutation.occupantClose", "(input: { id: \"$lin-yi\" })", REGISTER),
    refused("Mutation.occupancyMoveIn", "(input: { unitId: \"$a101\", occupantId: \"$lin-yi\", kind: TENANT, fromOn: \"2026-12-01\" })",
        REGISTER),
    refused("Mutation.occupancyMoveOut", "(input: { id: \"$occupancy\", toOn: \"2026-12-01\" })", REGISTER),
    refused("Mutation.categoryCreate", "(input: { code: \"NEW\", names: [{ language: \"zh-CN\", name: \"x\" }] })",
        &[("head", Forbidden), ("yunshan-head", Forbidden)]),
    refused("Mutation.categoryUpdate", "(input: { id: \"$noise\", position: 9 })",
        &[("head", Forbidden), ("yunshan-head", Forbidden)]),
    refused("Mutation.staffCreate", "(input: { name: \"x\" })",
        &[("supervisor", Forbidden), ("yunshan-supervisor", Forbidden)]),
    refused("Mutation.staffUpdate", "(input: { id: \"$desk\", name: \"x\" })", STAFF),
    refused("Mutation.staffClose", "(input: { id: \"$desk\" })", STAFF),
    refused("Mutation.teamCreate", "(input: { communityId: \"$xinghe\", kind: SECURITY, name: \"x\" })",
        &[("desk2", Forbidden), ("lin-yi", Forbidden), ("yunshan-head", NotFound)]),
    refused("Mutation.teamUpdate", "(input: { id: \"$engineering\", name: \"x\" })", STAFF),
    refused("Mutation.teamClose", "(input: { id: \"$engineering\" })", STAFF),
    refused("Mutation.postGrant", "(input: { staffId: \"$desk\", role: ASSISTANT, communityId: \"$xinghe\", fromOn: \"2026-12-01\" })",
        STAFF),
    refused("Mutation.postEnd", "(input: { id: \"$post\", toOn: \"2026-12-01\" })", STAFF),
    refused("Mutation.chargeGrant", "(input: { staffId: \"$assistant\", buildingId: \"$b\" })", STAFF),
    refused("Mutation.chargeEnd", "(input: { id: \"$charge\" })", STAFF),
    open("Mutation.attachmentUpload", "(input: { file: \"x\" })", Invalid,
        "a file comes in a form, which nobody is let send; tests/attachment tries that"),
    own("Query.dataTransfers", "{ nodes { id } }", "only what the viewer has asked for; tests/transfer tries others"),
    open("Mutation.registerImport", "(input: { file: \"x\" })", Invalid,
        "a file comes in a form, which nobody is let send; tests/transfer tries that, and every role"),
    open("Mutation.ticketsImport", "(input: { file: \"x\" })", Invalid,
        "a file comes in a form, which nobody is let send; tests/transfer tries that, and every role"),
    refused("Mutation.registerExport", "(input: { communityId: \"$xinghe\" })",
        &[("desk", Forbidden), ("executive", Forbidden), ("yunshan-head", NotFound)]),
    refused("Mutation.ticketsExport", "(input: { communityId: \"$xinghe\" })",
        &[("desk", Forbidden), ("executive", Forbidden), ("yunshan-head", NotFound)]),
    refused("Mutation.dataTransferCancel", "(input: { id: \"$sheet\" })",
        &[("manager", NotFound), ("admin", NotFound), ("yunshan-head", NotFound)]),
    refused("Subscription.dataTransferChanged", "(id: \"$sheet\") { id }",
        &[("manager", NotFound), ("admin", NotFound), ("yunshan-head", NotFound)]),
    refused("Mutation.attachmentRedact", "(input: { id: \"$photo\", reason: \"x\" })",
        &[("wang-lin", NotFound), ("desk", Forbidden), ("yunshan-head", NotFound)]),
    refused("Mutation.privacyRequest", "(input: { kind: EXPORT, password: \"open-sesame-1\" })",
        &[("desk", Forbidden), ("yunshan-head", Forbidden)]),
    refused("Mutation.privacyRequestFulfil", "(input: { id: \"$request\" })",
        &[("lin-yi", Forbidden), ("wang-lin", NotFound), ("head", NotFound), ("yunshan-head", NotFound)]),
    refused("Mutation.privacyRequestRefuse", "(input: { id: \"$request\", reason: \"x\" })",
        &[("lin-yi", Forbidden), ("wang-lin", NotFound), ("head", NotFound), ("yunshan-head", NotFound)]),
    refused("Mutation.ticketFile", "(input: { kind: REPAIR, unitId: \"$a101\", description: \"x\" })",
        &[("wang-lin", NotFound), ("executive", Forbidden), ("yunshan-desk", NotFound), ("zhao-yuan", NotFound)]),
    refused("Mutation.ticketAcknowledge", "(input: { id: \"$complaint\" })", ACT),
    refused("Mutation.ticketAssign", "(input: { id: \"$complaint\", ownerId: \"$assistant\" })", ACT),
    refused("Mutation.ticketTakeOver", "(input: { id: \"$repair\" })", ACT),
    refused("Mutation.ticketHandBack", "(input: { id: \"$repair\", reason: \"x\" })", ACT),
    refused("Mutation.ticketAnswer", "(input: { id: \"$complaint\", answer: \"x\" })", ACT),
    refused("Mutation.ticketStart", "(input: { id: \"$repair\" })", ACT),
    refused("Mutation.ticketHold", "(input: { id: \"$repair\", reason: AWAITING_PARTS, resumeAt: \"2026-11-24T00:00:00Z\" })",
        ACT),
    refused("Mutation.ticketResume", "(input: { id: \"$repair\" })", ACT),
    refused("Mutation.ticketResolve", "(input: { id: \"$repair\", resolution: \"x\" })", ACT),
    refused("Mutation.ticketReject", "(input: { id: \"$complaint\", reply: \"x\" })", ACT),
    refused("Mutation.ticketMerge", "(input: { id: \"$complaint\", intoId: \"$repair\" })", ACT),
    refused("Mutation.ticketCancel", "(input: { id: \"$complaint\" })", ACT),
    refused("Mutation.ticketConfirm", "(input: { id: \"$complaint\" })", ACT),
    refused("Mutation.ticketCallBack", "(input: { id: \"$complaint\", outcome: SATISFIED })", ACT),
    refused("Mutation.ticketReopen", "(input: { id: \"$complaint\", reason: \"x\" })", ACT),
    refused("Mutation.ticketRate", "(input: { id: \"$complaint\", rating: 1 })", ACT),
    refused("Mutation.ticketHurry", "(input: { id: \"$complaint\" })", ACT),
    refused("Mutation.ticketEscalate", "(input: { id: \"$complaint\", reason: \"x\" })", ACT),
    refused("Mutation.ticketReceipt", "(input: { id: \"$complaint\" })", ACT),
    refused("Mutation.ticketMarkMajor", "(input: { id: \"$complaint\", reason: \"x\" })", ACT),
    refused("Mutation.ticketDispose", "(input: { id: \"$complaint\", disposition: \"x\" })", ACT),
    refused("Mutation.ticketComment", "(input: { id: \"$complaint\", text: \"x\", visibility: PUBLIC })", ACT),
    refused("Mutation.ticketsAssign", "(input: { tickets: [{ id: \"$complaint\" }], ownerId: \"$assistant\" }) { results { userErrors { code } } }",
        ACT),
    refused("Mutation.ticketsAcknowledge", "(input: { tickets: [{ id: \"$complaint\" }] }) { results { userErrors { code } } }",
        ACT),
    refused("Mutation.workOrderDispatch", "(input: { id: \"$repair\", teamId: \"$engineering\", task: \"x\" })", ACT),
    refused("Mutation.workOrderTake", "(input: { id: \"$order\" })", ORDER),
    refused("Mutation.workOrderReturn", "(input: { id: \"$order\", reason: \"x\" })", ORDER),
    refused("Mutation.workOrderFinish", "(input: { id: \"$order\", result: \"x\" })", ORDER),
    refused("Mutation.workOrderSchedule", "(input: { id: \"$order\", appointment: { from: \"2026-11-24T01:00:00Z\", to: \"2026-11-24T02:00:00Z\" } })",
        ORDER),
    refused("Mutation.patrolPlanCreate", "(input: { buildingId: \"$b\" })", REGISTER),
    refused("Mutation.patrolPlanUpdate", "(input: { id: \"$plan\", staffId: null })", ROUND),
    refused("Mutation.patrolPlanClose", "(input: { id: \"$plan\" })", ROUND),
    refused("Mutation.checkpointCreate", "(input: { buildingId: \"$b\", code: \"x\", place: \"x\" })", REGISTER),
    refused("Mutation.checkpointUpdate", "(input: { id: \"$hung\", place: \"x\" })", ROUND),
    refused("Mutation.checkpointClose", "(input: { id: \"$hung\" })", ROUND),
    refused("Mutation.patrolStart", "(input: { buildingId: \"$b\" })",
        &[("assistant", Forbidden), ("desk", Forbidden), ("lin-yi", NotFound), ("yunshan-head", NotFound)]),
    refused("Mutation.patrolPass", "(input: { patrolId: \"$walk\", code: \"DOOR\" })", INSPECTS),
    refused("Mutation.patrolFinish", "(input: { patrolId: \"$walk\" })", INSPECTS),
    refused("Mutation.patrolSync", "(input: { clientId: \"x\", buildingId: \"$b\", startedAt: \"2026-11-23T00:00:00Z\", finishedAt: \"2026-11-23T01:00:00Z\", steps: [] })",
        &[("assistant", Forbidden), ("desk", Forbidden), ("lin-yi", Forbidden), ("yunshan-head", NotFound)]),
    refused("Mutation.findingReport", "(input: { patrolId: \"$walk\", what: \"x\", severity: MINOR, mendedOnSpot: true })", INSPECTS),
    refused("Mutation.findingCheck", "(input: { id: \"$found\", result: MENDED })", INSPECTS),
    refused("Mutation.spotCheckCreate", "(input: { buildingId: \"$a\", score: 1, remarks: \"x\" })", REGISTER),
    refused("Mutation.spotCheckPublish", "(input: { id: \"$judged\" })", INSPECTS),
    refused("Mutation.spotCheckRectify", "(input: { id: \"$judged\", rectification: \"x\" })", INSPECTS),
    refused("Mutation.spotCheckConfirm", "(input: { id: \"$judged\" })", INSPECTS),
    refused("Subscription.complaintFeed", "(after: \"$cursor\", filter: { kinds: [COMPLAINT, REPAIR] }) { __typename }",
        &[("wang-lin", Empty), ("admin", Empty), ("yunshan-desk", Empty)]),
    refused("Subscription.ticketChanged", "(id: \"$complaint\", after: \"$cursor\") { __typename }",
        &[("wang-lin", NotFound), ("worker", NotFound), ("yunshan-head", NotFound)]),
    refused("Subscription.myTicketsChanged", "(after: \"$cursor\") { __typename }",
        &[("wang-lin", Empty), ("desk", Empty), ("yunshan-worker", Empty)]),
    refused("Subscription.deskChanged", "{ waiting unassigned overdue }",
        &[("wang-lin", Empty), ("admin", Empty), ("yunshan-desk", Empty)]),
];
