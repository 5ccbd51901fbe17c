use sea_orm::ConnectionTrait;

use super::awaited;

use crate::on_both;

on_both! {
    async fn the_database_itself_keeps_the_trail(app) {
        app.actor("desk").await.ask("{ occupants { nodes { phone } } }").await;
        awaited(app, &["PERSONAL_DATA_READ"], "id", 1).await;
        let outside = app.outside().await;
        for sql in [
            "UPDATE audit SET action = 'SIGNED_OUT'",
            "DELETE FROM audit",
            "DELETE FROM audit WHERE action = 'PERSONAL_DATA_READ'",
            "UPDATE audit_subject SET kind = 'x'",
            "DELETE FROM audit_subject",
        ] {
            let refused = outside.execute_unprepared(sql).await.unwrap_err().to_string();
            assert!(refused.contains("the audit trail is "), "{sql}: {refused}");
        }
        if app.is_postgres() {
            let refused = outside.execute_unprepared("TRUNCATE audit CASCADE").await.unwrap_err().to_string();
            assert!(refused.contains("the audit trail is never changed"), "{refused}");
        }
        outside.close().await.unwrap();
    }
}
