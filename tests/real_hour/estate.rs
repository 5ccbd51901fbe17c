//! The districts and lots of the hour as communities and buildings.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use concierge::auth::Whom;
use concierge::base::id::{BuildingId, CommunityId, StaffId};
use concierge::base::{Clock, Id};
use concierge::storage::{building, community, post, staff};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseConnection};
use serde_json::json;

use super::data::Hour;
use crate::support::App;
use crate::support::world::{PASSWORD, START};

/// Signs in as the front desk of one of the communities.
pub const DESK: &str = "hour-desk";

pub struct Estate {
    /// Ids by district.
    pub communities: BTreeMap<String, String>,
    /// Ids by lot.
    pub buildings: BTreeMap<String, String>,
}

impl Estate {
    pub async fn build(app: &App, hour: &Hour) -> Self {
        let db = app.outside().await;
        let mut communities = BTreeMap::new();
        for (place, district) in hour.districts.iter().enumerate() {
            communities
                .insert(district.clone(), make_community(&db, &format!("D{place:02}"), district).await);
        }
        let mut buildings = BTreeMap::new();
        for (lot, district) in &hour.lots {
            buildings.insert(lot.clone(), make_building(&db, &communities[district], lot).await);
        }
        Self { communities, buildings }
    }
}

async fn make_community(db: &DatabaseConnection, code: &str, name: &str) -> String {
    let id: CommunityId = Clock::system().id();
    let row = community::ActiveModel {
        id: Set(id),
        code: Set(code.into()),
        name: Set(name.into()),
        time_zone: Set("America/New_York".into()),
        service_hours: Set(json!({ "week": [[], [], [], [], [], [], []], "holidays": [] })),
        clock_targets: Set(json!({})),
        created_at: Set(START),
        updated_at: Set(START),
        closed_at: Set(None),
        version: Set(1),
    };
    row.insert(db).await.unwrap();
    id.to_string()
}

async fn make_building(db: &DatabaseConnection, community: &str, name: &str) -> String {
    let id: BuildingId = Clock::system().id();
    let row = building::ActiveModel {
        id: Set(id),
        community_id: Set(Id::parse(community).unwrap()),
        name: Set(name.into()),
        kind: Set(building::Kind::Mixed),
        address: Set(None),
        created_at: Set(START),
        updated_at: Set(START),
        closed_at: Set(None),
        version: Set(1),
    };
    row.insert(db).await.unwrap();
    id.to_string()
}

/// Puts somebody at the front desk of a community.
pub async fn give_desk(app: &App, community: &str) {
    let db = app.outside().await;
    let id: StaffId = Clock::system().id();
    let row = staff::ActiveModel {
        id: Set(id),
        name: Set("前台小周".into()),
        phone: Set(None),
        title: Set(None),
        manager_id: Set(None),
        deputy_id: Set(None),
        away_from: Set(None),
        away_until: Set(None),
        created_at: Set(START),
        updated_at: Set(START),
        closed_at: Set(None),
        version: Set(1),
    };
    row.insert(&db).await.unwrap();
    let row = post::ActiveModel {
        id: Set(Clock::system().id()),
        staff_id: Set(id),
        role: Set(post::Role::FrontDesk),
        community_id: Set(Some(Id::parse(community).unwrap())),
        team_id: Set(None),
        from_on: Set(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()),
        to_on: Set(None),
        created_at: Set(START),
        updated_at: Set(START),
    };
    row.insert(&db).await.unwrap();
    app.running.auth.grant_login(Whom::Staff(id), DESK, PASSWORD).await.unwrap();
}
