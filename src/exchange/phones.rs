//! Telephone numbers as an export shows them: whole to those who see them whole, as everywhere else.

use crate::base::Scope;
use crate::base::id::CommunityId;
use crate::domain::find::places_of_occupants;
use crate::domain::occupant::sees_phone;
use crate::domain::{Domain, Occupant, Result, masked};

/// Masks the numbers that `scope` does not see whole.
pub(super) async fn mask(
    domain: &Domain,
    scope: &Scope,
    people: impl Iterator<Item = &mut Occupant>,
) -> Result<()> {
    if scope.phones.everywhere {
        return Ok(());
    }
    let people = people.filter(|person| person.phone.is_some()).collect::<Vec<_>>();
    let ids = people.iter().map(|person| person.id).collect::<Vec<_>>();
    let places = places_of_occupants(domain, &ids).await?;
    for person in people {
        let places = places.get(&person.id).map(Vec::as_slice).unwrap_or_default();
        // Nobody who exports has work orders.
        if !sees_phone(&scope.phones, person.id, places, false) {
            person.phone = person.phone.as_deref().map(masked);
        }
    }
    Ok(())
}

/// Whether `scope` sees the numbers of a community's callers whole.
pub(super) fn sees_contacts(scope: &Scope, community: CommunityId) -> bool {
    scope.phones.everywhere || scope.phones.communities.contains(&community)
}
