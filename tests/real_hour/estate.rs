//! The districts and lots of the hour as communities and buildings.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use concierge::auth::Whom;
use concierge::base::id::StaffId;
use concierge::base::{Clock, Id};
use concierge::storage::{post, staff};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use super::data::Hour;
use crate::support::world::{PASSWORD, START};
use crate::support::{Actor, App};

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
        let admin = app.actor("admin").await;
        let mut communities = BTreeMap::new();
        for (place, district) in hour.districts.iter().enumerate() {
            communities
                .insert(district.clone(), make_community(&admin, &format!("D{place:02}"), district).await);
        }
        let mut buildings = BTreeMap::new();
        for (lot, district) in &hour.lots {
            buildings.insert(lot.clone(), make_building(&admin, &communities[district], lot).await);
        }
        Self { communities, buildings }
    }
}

async fn make_community(admin: &Actor, code: &str, name: &str) -> String {
    let input = json!({ "code": code, "name": name, "timeZone": "America/New_York", "idempotencyKey": code });
    admin.act("communityCreate", input, "community { id }").await.done().text("/community/id")
}

async fn make_building(admin: &Actor, community: &str, name: &str) -> String {
    let input = json!({ "communityId": community, "name": name, "kind": "MIXED", "idempotencyKey": name });
    admin.act("buildingCreate", input, "building { id }").await.done().text("/building/id")
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
        erased_at: Set(None),
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
