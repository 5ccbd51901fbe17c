//! What a person asks to be done with their data: kept until an ADMIN of the group has decided.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::erase::{Mode, Subject, erase_in, scrub};
use super::{Kind, PrivacyRequest, Reason, State};
use crate::base::id::{OccupantId, PrivacyRequestId};
use crate::domain::audit::{self, Action, By, Note};
use crate::domain::list::listed;
use crate::domain::{Domain, Once, Refusal, Result, Role, Tx, Viewer, required, row};
use crate::storage::privacy_request::{Column, Entity};

/// The longest reason for a refusal, in characters.
const REASON_MAX: usize = 1_000;

/// Which requests; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// For one of these.
    pub kinds: Option<Vec<Kind>>,
    /// Standing so.
    pub states: Option<Vec<State>>,
}

listed! {
    /// By when it was asked for.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let narrowed = Condition::all()
        .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
        .add_option(filter.states.as_ref().map(|states| Column::State.is_in(states.iter().copied())));
    Entity::visible_to(&viewer.scope, domain.db.backend()).filter(narrowed)
}

/// Asks for one's own data, or that they be erased. Whoever calls this has made sure that it is the person themself.
///
/// # Errors
/// When it is refused, above all when they ask for the same already, or the database fails.
pub async fn request(
    domain: &Domain,
    viewer: &Viewer,
    kind: Kind,
    once: Option<&Once>,
) -> Result<PrivacyRequest> {
    let message = "only residents ask here for their data; staff ask PERSONNEL";
    let own = viewer.occupant.as_ref().ok_or_else(|| Refusal::forbidden(message))?;
    let now = domain.clock.now();
    let request = PrivacyRequest {
        id: domain.clock.id(),
        account_id: viewer.account.id,
        occupant_id: own.id,
        kind,
        state: State::Requested,
        reason: None,
        decided_by_id: None,
        decided_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, request.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let message = || "this was asked for already and waits to be decided".to_owned();
    let made = request.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.kind", message))?;
    let line = Note::of(Action::PrivacyRequested).about(own.id).about(made.id);
    let line = line.with("kind", sea_orm::ActiveEnum::to_value(&kind));
    audit::note(domain, &tx, viewer, line).await?;
    tx.commit().await?;
    Ok(made)
}

/// Carries out a request: the person can fetch their export, or is erased.
///
/// # Errors
/// When it is refused, above all for somebody who still lives here, or the database fails.
pub async fn fulfil(
    domain: &Domain,
    viewer: &Viewer,
    id: PrivacyRequestId,
    expected_version: Option<i32>,
) -> Result<PrivacyRequest> {
    let tx = domain.begin().await?;
    let was = open(domain, viewer, &tx, id, expected_version).await?;
    let done = decide(domain, viewer, &tx, &was, State::Done, None).await?;
    if was.kind == Kind::Erase {
        let whose = Subject::Occupant(was.occupant_id);
        erase_in(domain, &tx, By::Viewer(viewer), whose, Reason::OwnRequest, Mode::First).await?;
    }
    let line = Note::of(Action::PrivacyGranted).about(was.occupant_id).about(id);
    audit::note(domain, &tx, viewer, line).await?;
    tx.commit().await?;
    if done.kind == Kind::Erase {
        scrub(domain).await;
    }
    Ok(done)
}

/// Refuses a request and says why.
///
/// # Errors
/// When it is refused, above all without a reason, or the database fails.
pub async fn refuse(
    domain: &Domain,
    viewer: &Viewer,
    id: PrivacyRequestId,
    expected_version: Option<i32>,
    reason: &str,
) -> Result<PrivacyRequest> {
    let reason = required("input.reason", reason, REASON_MAX)?;
    let tx = domain.begin().await?;
    let was = open(domain, viewer, &tx, id, expected_version).await?;
    let refused = decide(domain, viewer, &tx, &was, State::Refused, Some(reason)).await?;
    let line = Note::of(Action::PrivacyRefused).about(was.occupant_id).about(id);
    audit::note(domain, &tx, viewer, line).await?;
    tx.commit().await?;
    Ok(refused)
}

/// An erasure decides what waits: it does what one request asks for, and leaves nothing to hand out for the other.
pub(super) async fn settle(domain: &Domain, tx: &Tx<'_>, by: By<'_>, of: OccupantId) -> Result<()> {
    let waiting = Entity::find().filter(Column::OccupantId.eq(of)).filter(Column::State.eq(State::Requested));
    for was in waiting.order_by_asc(Column::Id).lock_exclusive().all(&tx.db).await? {
        let (state, action) = match was.kind {
            Kind::Erase => (State::Done, Action::PrivacyGranted),
            Kind::Export => (State::Refused, Action::PrivacyRefused),
        };
        let settled = PrivacyRequest { state, decided_at: Some(domain.clock.now()), ..was.clone() };
        let settled = row::save::<Entity>(domain, tx, &was, settled).await?;
        audit::note(domain, tx, by, Note::of(action).about(of).about(settled.id)).await?;
    }
    Ok(())
}

/// A request that the viewer sees, may decide, and that waits.
async fn open(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    id: PrivacyRequestId,
    expected_version: Option<i32>,
) -> Result<PrivacyRequest> {
    let was = row::lock::<Entity>(domain, viewer, tx, "input.id", id).await?;
    if !viewer.holds_in_group(&[Role::Admin]) {
        return Err(
            Refusal::forbidden("what people ask for their data is decided by an ADMIN of the group").into()
        );
    }
    row::expect_version::<Entity>(&was, expected_version)?;
    if was.state != State::Requested {
        let state = sea_orm::ActiveEnum::to_value(&was.state);
        return Err(Refusal::invalid("input.id", format!("it was decided already: it is {state}")).into());
    }
    Ok(was)
}

async fn decide(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    was: &PrivacyRequest,
    state: State,
    reason: Option<String>,
) -> Result<PrivacyRequest> {
    let decided = PrivacyRequest {
        state,
        reason,
        decided_by_id: viewer.staff_id(),
        decided_at: Some(domain.clock.now()),
        ..was.clone()
    };
    Ok(row::save::<Entity>(domain, tx, was, decided).await?)
}
