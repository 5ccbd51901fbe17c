//! A role that a member of staff holds at a community, from a day to a day.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// A role, held at a community by a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// 前台.
    FrontDesk,
    /// 工程、保安、保洁人员.
    Worker,
    /// 物业助理.
    Assistant,
    /// 物业主管.
    Supervisor,
    /// 客户服务中心主管.
    CenterSupervisor,
    /// 客户服务部经理.
    ServiceManager,
    /// 楼盘负责人、管理处主任.
    ProjectHead,
    /// 集团客户服务中心.
    GroupService,
    /// 全面质量管理办公室.
    QualityOffice,
    /// 公司分管领导、总经理.
    Executive,
    /// 人事培训部.
    Personnel,
    /// Sets the system up.
    Admin,
}

/// A role that a member of staff holds at a community, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostId,
    /// Who holds it.
    pub staff_id: StaffId,
    /// The role.
    pub role: Role,
    /// Where; none: in every community of the group.
    pub community_id: Option<CommunityId>,
    /// The team a WORKER belongs to.
    pub team_id: Option<TeamId>,
    /// The first day.
    pub from_on: Date,
    /// The last day; none: until further notice.
    pub to_on: Option<Date>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The posts that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.staff;
        let mut any = Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::CommunityId,
            sight.communities.iter().copied(),
        ));
        if let Some(own) = sight.own {
            any = any.add(Column::StaffId.eq(own));
        }
        Self::find().filter(any)
    }
}
