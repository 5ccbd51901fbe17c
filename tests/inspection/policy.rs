//! The table of roles, asked of the code that holds it.

use concierge::domain::Role::{self, *};
use concierge::domain::inspection::policy::{Act, Relation, may};

fn who(act: Act, in_charge: bool, own_team: bool) -> Vec<Role> {
    let all = [
        FrontDesk,
        Worker,
        Assistant,
        Supervisor,
        CenterSupervisor,
        ServiceManager,
        ProjectHead,
        GroupService,
        QualityOffice,
        Executive,
        Personnel,
        Admin,
    ];
    all.into_iter().filter(|role| may(&Relation { roles: vec![*role], in_charge, own_team }, act)).collect()
}

#[test]
fn each_act_has_its_roles() {
    let judges = [Supervisor, CenterSupervisor, ServiceManager, ProjectHead, GroupService];
    assert_eq!(who(Act::Plan, true, false), judges[..4]);
    assert_eq!(who(Act::Patrol, true, false), [Assistant, Supervisor]);
    assert_eq!(who(Act::Patrol, false, false), [Supervisor]);
    assert_eq!(who(Act::SpotCheck, true, true), judges);
    assert_eq!(who(Act::Rectify, false, false), judges);
    assert_eq!(who(Act::Rectify, true, false), [&[Assistant], &judges[..]].concat());
    assert_eq!(who(Act::Rectify, false, true).len(), 12, "whoever is of the team");
    assert!(!may(&Relation::default(), Act::Rectify));
}
