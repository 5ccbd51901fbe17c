//! What is counted of a selection, and how the counts of two add up.

/// Counts of a selection and all that is in it. Sums stay at the top when they overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Fields and fragments selected.
    pub(super) fields: u64,
    /// Fields at the selection's own level.
    pub(super) width: u64,
    pub(super) aliases: u64,
    pub(super) directives: u64,
    pub(super) inputs: u64,
    pub(super) unknown: u64,
    /// Fields answered, but for those of the page that this may be a selection of.
    pub(super) cost: u64,
    /// Fields answered for each item of that page.
    pub(super) per_item: u64,
    /// Fields within each other, at most.
    pub(super) depth: u64,
    /// Selections within each other, at most.
    pub(super) height: u64,
    /// Directives in one place, at most.
    pub(super) directives_at_once: u64,
    /// Arguments of one field or directive, at most.
    pub(super) arguments: u64,
}

impl Tally {
    /// Of both selections together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            width: self.width.saturating_add(other.width),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            inputs: self.inputs.saturating_add(other.inputs),
            unknown: self.unknown.saturating_add(other.unknown),
            cost: self.cost.saturating_add(other.cost),
            per_item: self.per_item.saturating_add(other.per_item),
            depth: self.depth.max(other.depth),
            height: self.height.max(other.height),
            directives_at_once: self.directives_at_once.max(other.directives_at_once),
            arguments: self.arguments.max(other.arguments),
        }
    }

    /// Of a selection as something that is itself selected: one level further down.
    pub(super) fn within(self) -> Self {
        Self { height: self.height + 1, ..self }
    }
}
