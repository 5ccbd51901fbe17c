//! The audit trail: who did what to whose data, written once. The database itself refuses to change it; only what is
//! older than `audit_kept` says may be let go.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        run(manager, INDEXES).await?;
        run(manager, KEPT).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, GUARDS_OF_POSTGRES).await,
            _ => run(manager, GUARDS_OF_SQLITE).await,
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["audit_address", "audit_subject", "audit", "audit_kept"]).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                run(manager, &["DROP FUNCTION audit_guard, audit_subject_guard"]).await
            }
            _ => Ok(()),
        }
    }
}

fn tables() -> Vec<TableCreateStatement> {
    let mut subject =
        table("audit_subject", [one("audit_id"), text("kind"), one("subject_id"), int("position")], &[]);
    subject.primary_key(Index::create().col("audit_id").col("position")).foreign_key(
        ForeignKey::create()
            .from("audit_subject", "audit_id")
            .to("audit", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    let mut address = table("audit_address", [text("address"), at("at")], &[]);
    address.col(one("audit_id").primary_key()).foreign_key(
        ForeignKey::create()
            .from("audit_address", "audit_id")
            .to("audit", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    let mut kept = table("audit_kept", [at("kept_from")], &[]);
    kept.col(text("class").primary_key());
    vec![
        // No reference to the people: the trail outlives whatever becomes of their rows.
        table(
            "audit",
            [
                id(),
                at("at"),
                text("action"),
                maybe("account_id"),
                maybe("staff_id"),
                maybe("occupant_id"),
                maybe("community_id"),
                json("details"),
                text_null("request_id"),
            ],
            &[],
        ),
        subject,
        address,
        kept,
    ]
}

const INDEXES: &[&str] = &[
    "CREATE INDEX audit_by_at ON audit (at, id)",
    "CREATE INDEX audit_by_community ON audit (community_id, at, id)",
    "CREATE INDEX audit_by_account ON audit (account_id, at, id)",
    "CREATE INDEX audit_by_action ON audit (action, at, id)",
    "CREATE INDEX audit_subject_by_id ON audit_subject (subject_id, audit_id)",
    "CREATE INDEX audit_address_by_at ON audit_address (at)",
];

/// From when on each class is kept. Nothing has been let go yet.
const KEPT: &[&str] = &[
    "INSERT INTO audit_kept (class, kept_from) VALUES ('TRAIL', '1970-01-01T00:00:00+00:00')",
    "INSERT INTO audit_kept (class, kept_from) VALUES ('READINGS', '1970-01-01T00:00:00+00:00')",
];

/// A moment is a text here, of a form whose order is that of time.
const GUARDS_OF_SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN \
     SELECT RAISE(ABORT, 'the audit trail is never changed'); END",
    "CREATE TRIGGER audit_kept_whole BEFORE DELETE ON audit WHEN OLD.at >= (SELECT kept_from FROM audit_kept \
     WHERE class = CASE WHEN OLD.action IN ('PERSONAL_DATA_READ', 'ARCHIVE_READ') THEN 'READINGS' ELSE 'TRAIL' END) BEGIN \
     SELECT RAISE(ABORT, 'the audit trail is kept until its time is over'); END",
    "CREATE TRIGGER audit_subject_unchanged BEFORE UPDATE ON audit_subject BEGIN \
     SELECT RAISE(ABORT, 'the audit trail is never changed'); END",
    "CREATE TRIGGER audit_subject_kept BEFORE DELETE ON audit_subject \
     WHEN EXISTS (SELECT 1 FROM audit WHERE id = OLD.audit_id) BEGIN \
     SELECT RAISE(ABORT, 'the audit trail is kept until its time is over'); END",
];

const GUARDS_OF_POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF TG_OP = 'DELETE' THEN \
       IF OLD.at < (SELECT kept_from FROM audit_kept WHERE class = CASE WHEN OLD.action IN \
         ('PERSONAL_DATA_READ', 'ARCHIVE_READ') THEN 'READINGS' ELSE 'TRAIL' END) THEN RETURN OLD; END IF; \
       RAISE EXCEPTION 'the audit trail is kept until its time is over'; \
     END IF; \
     RAISE EXCEPTION 'the audit trail is never changed'; END $$",
    "CREATE FUNCTION audit_subject_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF TG_OP = 'DELETE' THEN \
       IF NOT EXISTS (SELECT 1 FROM audit WHERE id = OLD.audit_id) THEN RETURN OLD; END IF; \
       RAISE EXCEPTION 'the audit trail is kept until its time is over'; \
     END IF; \
     RAISE EXCEPTION 'the audit trail is never changed'; END $$",
    "CREATE TRIGGER audit_guarded BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()",
    "CREATE TRIGGER audit_subject_guarded BEFORE UPDATE OR DELETE ON audit_subject FOR EACH ROW \
     EXECUTE FUNCTION audit_subject_guard()",
    "CREATE TRIGGER audit_subject_whole BEFORE TRUNCATE ON audit_subject FOR EACH STATEMENT \
     EXECUTE FUNCTION audit_subject_guard()",
];
