//! The closed sets of staff.

use async_graphql::Enum;

use crate::domain;

/// A role, held at a community by a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(in crate::graphql) enum Role {
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
