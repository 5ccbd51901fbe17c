//! Who handles a matter, by name and title: the little that a resident sees of staff.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use crate::base::id::{BuildingId, StaffId};
use crate::domain::{Domain, Result, post};
use crate::storage::post::{Column as PostColumn, Entity as Posts, Role};
use crate::storage::{among, charge, staff};

/// Name and title of somebody who handles a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The name.
    pub name: String,
    /// The job title.
    pub title: Option<String>,
}

/// Who handles it, for those who see what they handle: a name and a title, whatever else of them is not seen.
///
/// # Errors
/// When the database fails.
pub async fn handlers(domain: &Domain, ids: &[StaffId]) -> Result<HashMap<StaffId, Handler>> {
    let wanted = among(domain.db.backend(), staff::Column::Id, ids.iter().copied());
    let rows = staff::Entity::find().filter(wanted).all(domain.db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Handler { name: row.name, title: row.title })).collect())
}

/// The assistants of buildings, for those who see the building. A charge counts while its holder is an assistant.
///
/// # Errors
/// When the database fails.
pub async fn assistants_of_buildings(
    domain: &Domain,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, Vec<Handler>>> {
    let to_staff =
        charge::Entity::belongs_to(staff::Entity).from(charge::Column::StaffId).to(staff::Column::Id);
    let same =
        |ours: PostColumn, theirs: charge::Column| Expr::col((Posts, ours)).equals((charge::Entity, theirs));
    let assists = Query::select()
        .expr(Expr::value(1))
        .from(Posts)
        .and_where(same(PostColumn::StaffId, charge::Column::StaffId))
        .and_where(same(PostColumn::CommunityId, charge::Column::CommunityId))
        .and_where(PostColumn::Role.eq(Role::Assistant))
        .cond_where(post::held_on(domain.today()))
        .take();
    let rows = charge::Entity::find()
        .select_only()
        .column(charge::Column::BuildingId)
        .column(staff::Column::Name)
        .column(staff::Column::Title)
        .join(JoinType::InnerJoin, to_staff.into())
        .filter(among(domain.db.backend(), charge::Column::BuildingId, ids.iter().copied()))
        .filter(charge::Column::ClosedAt.is_null())
        .filter(Expr::exists(assists))
        .order_by_asc(charge::Column::CreatedAt)
        .order_by_asc(charge::Column::Id)
        .into_tuple::<(BuildingId, String, Option<String>)>()
        .all(domain.db.read())
        .await?;
    let mut found: HashMap<_, Vec<_>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for (building, name, title) in rows {
        found.entry(building).or_default().push(Handler { name, title });
    }
    Ok(found)
}
