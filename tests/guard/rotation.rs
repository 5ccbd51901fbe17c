//! Another secret signs; what the former one has signed lives to its end.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use concierge::config::{Config, Secret};
use serde_json::{Value, json};

use crate::attachment::link;
use crate::support::picture::PDF;
use crate::support::{Answer, App, world::PASSWORD};

const NEXT: &str = "the next secret of tests, which is long enough too";

fn rotate(config: &mut Config) {
    let former = config.auth.secret.replace(Secret::new(NEXT));
    config.auth.former_secrets = Vec::from_iter(former);
}

async fn refreshed(app: &App, token: &str) -> Answer {
    let fields = "tokens { accessToken refreshToken }";
    app.nobody().act("sessionRefresh", json!({ "refreshToken": token }), fields).await
}

/// Which key signed it.
fn kid(token: &str) -> Value {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].clone()
}

async fn login(app: &App, token: &str) -> Answer {
    let mut actor = app.nobody();
    actor.token = Some(token.to_owned());
    actor.ask("{ viewer { login } }").await
}

async fn fetch(app: &App, link: &str) -> u16 {
    app.nobody().fetch(link).await.0
}

async fn check(app: App) {
    let input = json!({ "login": "lin-yi", "password": PASSWORD });
    let fields = "tokens { accessToken refreshToken }";
    let signed_in = app.nobody().act("sessionCreate", input, fields).await.done();
    let (access, refresh) = (signed_in.text("/tokens/accessToken"), signed_in.text("/tokens/refreshToken"));
    let desk = app.actor("desk").await;
    let invited = json!({ "occupantId": app.world.lin_er });
    let code = desk.act("accountInvite", invited, "code").await.done().text("/code");

    let resident = app.actor("lin-yi").await;
    let photo = resident.upload("a.pdf", PDF).await;
    let photo = link(&resident, &photo, "url").await;

    let app = Box::pin(app.restart_with(rotate)).await;
    assert_eq!(fetch(&app, &photo).await, 200);
    assert_eq!(login(&app, &access).await.text("/data/viewer/login"), "lin-yi");
    let next = refreshed(&app, &refresh).await.done();
    assert_ne!(kid(&next.text("/tokens/accessToken")), kid(&access));
    assert_eq!(login(&app, &next.text("/tokens/accessToken")).await.text("/data/viewer/login"), "lin-yi");
    let input = json!({ "code": code, "login": "lin-er", "password": "a password of mine" });
    app.nobody().act("accountActivate", input, "").await.done();

    // When all that it signed has ended, the former secret goes, and nothing that still lives goes with it.
    let app = Box::pin(app.restart_with(|config| config.auth.former_secrets.clear())).await;
    assert_eq!(login(&app, &access).await.error(), "UNAUTHENTICATED");
    assert_eq!(refreshed(&app, &refresh).await.refusal(), "INVALID");
    assert_eq!(fetch(&app, &photo).await, 404);
    refreshed(&app, &next.text("/tokens/refreshToken")).await.done();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_rotated_and_nobody_signs_in_anew() {
    Box::pin(check(App::on_sqlite().await)).await;
    if let Some(app) = App::on_postgres().await {
        Box::pin(check(app)).await;
    }
}
