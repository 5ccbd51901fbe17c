//! A node of the category tree: place × category × problem.

mod object;

pub(super) use object::Category;
