//! Lists of a noun: `Sort`, `SortBy`, `list` and `count`, the same in every noun.

/// The order of a noun's lists, and the lists. The noun says by which columns they are sorted, and what a `Filter`
/// leaves of what a viewer sees: `fn visible(&Domain, &Viewer, &Filter) -> Select<Entity>`. What that needs to know first
/// it is given last: `@with known;` asks for it by `async fn known(&Domain, &Filter) -> Result<T>`.
macro_rules! listed {
    ($(@with $known:ident;)? $($(#[$doc:meta])* $by:ident => $column:ident),+ $(,)?) => {
        /// The order of the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Sort {
            /// By what.
            pub by: SortBy,
            /// Greatest first.
            pub descending: bool,
        }

        /// By what the list is sorted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum SortBy {
            $($(#[$doc])* $by,)+
        }

        impl Sort {
            /// The order as storage knows it.
            #[must_use]
            pub fn order(self) -> crate::storage::Order<Entity> {
                let column = match self.by {
                    $(SortBy::$by => Column::$column,)+
                };
                crate::storage::Order { column, id: Column::Id, descending: self.descending }
            }
        }

        /// A page of those that the viewer sees.
        ///
        /// # Errors
        /// When the page is asked for wrongly or the database fails.
        pub async fn list(
            domain: &crate::domain::Domain,
            viewer: &crate::domain::Viewer,
            filter: &Filter,
            sort: Sort,
            window: &crate::base::Page,
        ) -> crate::domain::Result<crate::storage::Rows<<Entity as sea_orm::EntityTrait>::Model>> {
            let visible = visible(domain, viewer, filter $(, &$known(domain, filter).await?)?);
            Ok(crate::storage::page(domain.db.read(), visible, sort.order(), window).await?)
        }

        /// How many of them there are.
        ///
        /// # Errors
        /// When the database fails.
        pub async fn count(
            domain: &crate::domain::Domain,
            viewer: &crate::domain::Viewer,
            filter: &Filter,
        ) -> crate::domain::Result<u64> {
            let visible = visible(domain, viewer, filter $(, &$known(domain, filter).await?)?);
            Ok(sea_orm::PaginatorTrait::count(visible, domain.db.read()).await?)
        }
    };
}

pub(super) use listed;
