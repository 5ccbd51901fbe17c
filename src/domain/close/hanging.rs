//! What hangs on a thing and keeps it open, as its refusal names it.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoSimpleExpr, Iterable, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::only;
use crate::domain::inspection::spot_check::is_open;
use crate::domain::row::{self, Closes, Seen};
use crate::domain::ticket::lifecycle;
use crate::domain::{Domain, Refusal, Result, Tx, Viewer};
use crate::storage::ticket::{Column as TicketColumn, Entity as Tickets, Status};
use crate::storage::{building, checkpoint, patrol, patrol_plan, spot_check, staff, work_order};

/// So many of what hangs on a thing are named.
const NAMED: usize = 3;

/// What hangs on a thing.
pub(super) struct Hanging<'a> {
    domain: &'a Domain,
    viewer: &'a Viewer,
    tx: &'a Tx<'a>,
    open: Vec<String>,
}

impl<'a> Hanging<'a> {
    /// Nothing yet.
    pub(super) fn on(domain: &'a Domain, viewer: &'a Viewer, tx: &'a Tx<'a>) -> Self {
        Self { domain, viewer, tx, open: Vec::new() }
    }

    /// Names the first few of what is found.
    pub(super) async fn name<E: EntityTrait>(
        &mut self,
        what: &str,
        select: Select<E>,
        name: E::Column,
    ) -> Result<()> {
        let names = names(self.tx, select, name).await?;
        if !names.is_empty() {
            self.open.push(format!("{what} {}", joined(names)));
        }
        Ok(())
    }

    /// Open tickets keep a thing open for those too who do not see them; but not those that must not exist for them.
    pub(super) async fn tickets(&mut self, of: Expr) -> Result<()> {
        let open = Status::iter().filter(|status| lifecycle::is_open(*status));
        let open = Condition::all().add(of).add(TicketColumn::Status.is_in(open));
        self.numbers("open tickets", open).await
    }

    pub(super) async fn orders(&mut self, of: Expr) -> Result<()> {
        let orders = work_order::Entity::find()
            .filter(of)
            .filter(work_order::Column::Status.is_in(work_order::Status::OPEN));
        let tickets = TicketColumn::Id.in_subquery(only(orders, work_order::Column::TicketId));
        self.numbers("work orders on tickets", Condition::all().add(tickets)).await
    }

    /// Open patrol plans, by their buildings.
    pub(super) async fn plans(&mut self, of: Expr) -> Result<()> {
        let (seen, all) = self.open_of::<patrol_plan::Entity>(of);
        let of = |plans| {
            building::Entity::find()
                .filter(building::Column::Id.in_subquery(only(plans, patrol_plan::Column::BuildingId)))
        };
        self.name_seen("patrol plans", "of ", of(seen), of(all), building::Column::Name).await
    }

    /// Open checkpoints, by their codes.
    pub(super) async fn checkpoints(&mut self, of: Expr) -> Result<()> {
        let (seen, all) = self.open_of::<checkpoint::Entity>(of);
        self.name_seen("checkpoints", "", seen, all, checkpoint::Column::Code).await
    }

    /// Patrols under way, by who walks them.
    pub(super) async fn patrols(&mut self, of: Expr) -> Result<()> {
        let (seen, all) = self.all_of::<patrol::Entity>(patrol::under_way().and(of));
        let by = |patrols| {
            staff::Entity::find()
                .filter(staff::Column::Id.in_subquery(only(patrols, patrol::Column::StaffId)))
        };
        self.name_seen("patrols under way", "of ", by(seen), by(all), staff::Column::Name).await
    }

    /// What spot checks ask to be put right and nobody has confirmed, by its day.
    pub(super) async fn rectifications(&mut self, of: Expr) -> Result<()> {
        let (seen, all) = self.all_of::<spot_check::Entity>(Condition::all().add(is_open()).add(of));
        self.name_seen("rectifications", "due ", seen, all, spot_check::Column::RectifyBy).await
    }

    async fn numbers(&mut self, what: &str, which: Condition) -> Result<()> {
        let (scope, backend) = (&self.viewer.scope, self.domain.db.backend());
        let seen = Tickets::visible_to(scope, backend).filter(which.clone());
        let all = Tickets::not_hidden_from(scope, backend).filter(which);
        self.name_seen(what, "", seen, all, TicketColumn::Number).await
    }

    /// The open rows that the viewer sees, and all.
    fn open_of<E: Closes>(&self, of: Expr) -> (Select<E>, Select<E>) {
        self.all_of(E::CLOSED_AT.is_null().and(of))
    }

    /// The rows that the viewer sees, and all.
    fn all_of<E: Seen>(&self, which: impl Into<Condition>) -> (Select<E>, Select<E>) {
        let which = which.into();
        let seen = E::seen(&self.viewer.scope, self.domain.db.backend()).filter(which.clone());
        (seen, E::find().filter(which))
    }

    /// Names the first few that the viewer sees. Where they see none, it says no more than that there are some.
    async fn name_seen<E: EntityTrait>(
        &mut self,
        what: &str,
        of: &str,
        seen: Select<E>,
        all: Select<E>,
        name: E::Column,
    ) -> Result<()> {
        let names = names(self.tx, seen, name).await?;
        if !names.is_empty() {
            self.open.push(format!("{what} {of}{}", joined(names)));
        } else if row::any(&self.tx.db, all).await? {
            self.open.push(format!("{what} that you do not see"));
        }
        Ok(())
    }

    /// Refuses to close what something hangs on.
    pub(super) fn check(self, name: &str) -> Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let message =
            format!("{name} cannot be closed while there is something open: {}", self.open.join("; "));
        Err(Refusal::invalid("input.id", message).into())
    }
}

/// The first few in their order, as text: a day is named like a word.
async fn names<E: EntityTrait>(tx: &Tx<'_>, select: Select<E>, name: E::Column) -> Result<Vec<String>> {
    let text = name.into_simple_expr().cast_as("text");
    let some = select.order_by_asc(name).select_only().expr(text).limit(NAMED as u64 + 1);
    Ok(some.into_tuple::<String>().all(&tx.db).await?)
}

fn joined(mut names: Vec<String>) -> String {
    let more = if names.len() > NAMED { " and more" } else { "" };
    names.truncate(NAMED);
    format!("{}{more}", names.join(", "))
}
