//! What tests are written with: a gateway on a port of its own over a database of its own, and actors who speak to it.

mod actor;
mod app;
pub mod contents;
pub mod database;
mod form;
pub mod node;
pub mod picture;
mod ran;
pub mod relay;
pub mod stream;
pub mod world;
pub mod ws;

pub use actor::{Actor, Answer};
pub use app::App;
pub use form::Form;

/// Runs a test on SQLite and on PostgreSQL, each over a database of its own that holds the [`World`].
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$attribute])*
            async fn run($app: &$crate::support::App) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = $crate::support::App::on_sqlite().await;
                run(&app).await;
                app.stop().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(app) = $crate::support::App::on_postgres().await else { return };
                run(&app).await;
                app.stop().await;
            }
        }
    )*};
}
