//! What is secret stays out of the log, whatever is logged.

use serde_json::json;

use super::process::Home;
use crate::support::world::{PASSWORD, World};
use crate::support::ws::Ws;
use crate::support::{Actor, database};

const NEW: &str = "quite-another-password";
const MISTYPED: &str = "open-sesame-mistyped";
const PHONE: &str = "13987654321";

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_reaches_the_log() {
    let database = database::sqlite().await;
    let home = Home::new()
        .with("DATABASE_URL", &*database.url)
        .with("CONCIERGE_AUTH__SECRET", "a secret of tests that is long enough to be one")
        .with("CONCIERGE_LOG__FILTER", "trace");
    let gateway = home.serve();
    let (world, client) = (World::default(), reqwest::Client::new());
    let nobody = Actor::nobody(&gateway.url, &client);
    let tokens = "tokens { accessToken refreshToken }";
    let mut secrets: Vec<String> =
        [PASSWORD, NEW, MISTYPED, PHONE, "a secret of tests", "$argon2"].map(ToOwned::to_owned).into();

    // Wrong, right, refreshed, used again.
    let wrong = json!({ "login": "lin-yi", "password": MISTYPED });
    assert_eq!(nobody.act("sessionCreate", wrong, tokens).await.refusal(), "INVALID");
    let right = json!({ "login": "lin-yi", "password": PASSWORD });
    let opened = nobody.act("sessionCreate", right.clone(), tokens).await.done();
    let spent = json!({ "refreshToken": opened.text("/tokens/refreshToken") });
    let next = nobody.act("sessionRefresh", spent.clone(), tokens).await.done();
    assert_eq!(nobody.act("sessionRefresh", spent, tokens).await.refusal(), "INVALID");
    for answer in [&opened, &next] {
        secrets.push(answer.text("/tokens/accessToken"));
        secrets.push(answer.text("/tokens/refreshToken"));
    }
    // A forged token, and a document with a password in it that is no document.
    let mut forger = nobody.clone();
    forger.token = Some(format!("{}x", opened.text("/tokens/accessToken")));
    assert_eq!(forger.ask("{ viewer { login } }").await.error(), "UNAUTHENTICATED");
    let broken = format!("mutation {{ sessionCreate(input: {{ login: \"lin-yi\", password: \"{MISTYPED}\" ");
    nobody.ask(&broken).await;
    nobody.ask(&format!("{broken} }}) {{ nothing }} }}")).await;

    // Invited, and activated; a ticket with a telephone number, and a search for it.
    let desk = Actor::sign_in(&gateway.url, &client, "desk", PASSWORD).await;
    let invited = desk.act("accountInvite", json!({ "occupantId": world.lin_yi }), "code").await.done();
    let code = invited.text("/code");
    secrets.extend([code.clone(), code.replace('-', "")]);
    let claim = json!({ "code": code, "login": "lin-yi", "password": NEW });
    let claimed = nobody.act("accountActivate", claim, tokens).await.done();
    secrets.push(claimed.text("/tokens/accessToken"));
    let matter = json!({
        "kind": "COMPLAINT", "channel": "PHONE", "unitId": world.a101, "description": "楼上太吵",
        "contactName": "路人", "contactPhone": PHONE,
    });
    desk.act("ticketFile", matter, "ticket { contactPhone }").await.done();
    let search =
        "query($search: String!) { tickets(filter: { search: $search }) { nodes { contactPhone } } }";
    let found = desk.ask_with(search, json!({ "search": PHONE })).await;
    assert_eq!(found.at("/data/tickets/nodes/0/contactPhone"), PHONE);

    // The same over a socket.
    let mut socket = Ws::ready(&gateway.url, desk.token.as_deref()).await;
    secrets.extend(desk.token);
    let change =
        "mutation($input: AccountChangePasswordInput!) { accountChangePassword(input: $input) { done } }";
    let input = json!({ "input": { "presentPassword": PASSWORD, "newPassword": NEW } });
    socket.subscribe_with("1", change, input).await;
    assert_eq!(socket.data("1").await, json!({ "accountChangePassword": { "done": true } }));

    let (code, log) = gateway.terminate();
    assert_eq!(code, Some(0));
    assert!(log.contains("TRACE") && log.contains("/graphql"), "the log was on");
    let leaked: Vec<_> =
        log.lines().filter(|line| secrets.iter().any(|secret| line.contains(secret))).collect();
    assert!(
        leaked.is_empty(),
        "{} lines, such as: {}",
        leaked.len(),
        leaked[..leaked.len().min(5)].join("\n")
    );
}
