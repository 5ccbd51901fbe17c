//! concierge: one GraphQL gateway for a property company's customer service.
