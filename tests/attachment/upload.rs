//! `attachmentUpload`.

use serde_json::{Value, json};

use super::{FIELDS, link};
use crate::on_both;
use crate::support::contents::contents;
use crate::support::picture::{self, PDF, SECRET_PLACE, holds, is_red, jpeg, photo, png, png_head, webp};
use crate::support::{Actor, Answer, App};

async fn upload(actor: &Actor, name: &str, content: &[u8]) -> Answer {
    let input = json!({ "file": null });
    let fields = format!("attachment {{ {FIELDS} }}");
    actor.act_with("attachmentUpload", input, &[("file", name, content)], &fields).await
}

/// Why a file was not taken.
async fn refused(actor: &Actor, name: &str, content: &[u8]) -> String {
    let answer = upload(actor, name, content).await;
    assert_eq!(answer.at("/attachment"), &Value::Null);
    assert_eq!(answer.refusal(), "INVALID", "{}", answer.0);
    assert_eq!(answer.at("/userErrors/0/field"), &json!(["input", "file"]));
    answer.text("/userErrors/0/message")
}

on_both! {
    async fn a_photo_is_turned_upright_and_freed_of_where_it_was_taken(app) {
        let resident = app.actor("lin-yi").await;
        let given = photo(64, 40);
        assert!(holds(&given, SECRET_PLACE) && holds(&given, b"Exif"));
        let made = upload(&resident, "厨房 1.JPEG", &given).await.done();
        assert_eq!(made.at("/attachment/kind"), "PHOTO");
        assert_eq!(made.at("/attachment/status"), "PENDING");
        assert_eq!(made.at("/attachment/mediaType"), "image/jpeg");
        assert_eq!(made.at("/attachment/fileName"), "厨房 1.jpg");
        assert_eq!(made.at("/attachment/uploadedAt"), "2026-11-23T02:00:00.000000Z");
        // It was taken lying: what was 64 × 40 stands now.
        assert_eq!((made.at("/attachment/width"), made.at("/attachment/height")), (&json!(40), &json!(64)));
        let (status, _, kept) = resident.fetch(&made.text("/attachment/url")).await;
        assert_eq!(status, 200);
        assert_eq!(made.at("/attachment/bytes"), &json!(kept.len()));
        assert!(!holds(&kept, SECRET_PLACE) && !holds(&kept, b"Exif"));
        let shown = picture::read(&kept);
        assert_eq!(shown.dimensions(), (40, 64));
        // Turned clockwise, what was left is on top.
        assert!(is_red(&shown, 20, 10) && !is_red(&shown, 20, 54));
        let (_, _, small) = resident.fetch(&made.text("/attachment/thumbnailUrl")).await;
        assert!(!holds(&small, SECRET_PLACE));
    }

    async fn a_large_photo_is_made_smaller_and_gets_a_thumbnail(app) {
        let resident = app.actor("lin-yi").await;
        let made = upload(&resident, "large.jpg", &jpeg(3000, 1000)).await.done();
        assert_eq!((made.at("/attachment/width"), made.at("/attachment/height")), (&json!(2560), &json!(853)));
        let (_, _, kept) = resident.fetch(&made.text("/attachment/url")).await;
        assert_eq!(picture::read(&kept).dimensions(), (2560, 853));
        let (_, headers, small) = resident.fetch(&made.text("/attachment/thumbnailUrl")).await;
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(picture::read(&small).dimensions(), (320, 107));
        assert_eq!(app.blobs().len(), 2);
    }

    async fn what_it_is_is_told_by_its_content(app) {
        let resident = app.actor("lin-yi").await;
        for (name, content, kind, media_type, kept_as) in [
            ("a.png", png(30, 20), "PHOTO", "image/png", Some("a.png")),
            ("really a png.jpg", png(30, 20), "PHOTO", "image/png", Some("really a png.png")),
            ("a.webp", webp(30, 20), "PHOTO", "image/jpeg", Some("a.jpg")),
            ("contract.pdf", PDF.to_vec(), "DOCUMENT", "application/pdf", Some("contract.pdf")),
            ("..", jpeg(8, 8), "PHOTO", "image/jpeg", None),
        ] {
            let made = upload(&resident, name, &content).await.done();
            assert_eq!(made.at("/attachment/kind"), kind, "{name}");
            assert_eq!(made.at("/attachment/mediaType"), media_type, "{name}");
            assert_eq!(made.at("/attachment/fileName"), &json!(kept_as), "{name}");
            let (status, headers, kept) = resident.fetch(&made.text("/attachment/url")).await;
            assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, media_type));
            assert_eq!(made.at("/attachment/thumbnailUrl").is_null(), kind == "DOCUMENT");
            assert!(kind == "PHOTO" || kept == content, "{name}: a document stays as it is");
        }
    }

    async fn a_png_keeps_what_lets_through(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("a.png", &png(30, 20)).await;
        let (_, _, kept) = resident.fetch(&link(&resident, &id, "url").await).await;
        let shown = image::load_from_memory(&kept).unwrap().into_rgba8();
        assert_eq!((shown.get_pixel(5, 5).0[3], shown.get_pixel(25, 5).0[3]), (255, 0));
    }

    async fn what_is_no_picture_is_refused_in_words_and_leaves_nothing(app) {
        let resident = app.actor("lin-yi").await;
        let before = contents(app.database_url()).await;
        let taken = "photos are taken as JPEG, PNG or WebP, documents as PDF";
        let whole = jpeg(200, 200);
        let broken = "the picture is broken or not whole; send it again";
        for (name, content, message) in [
            ("photo.jpg", b"this is a text".to_vec(), format!("this is no picture and no PDF; {taken}")),
            ("empty.jpg", Vec::new(), format!("the file is empty; {taken}")),
            ("moving.gif", b"GIF89a\x01\0\x01\0".to_vec(), format!("this is a GIF; {taken}")),
            ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), format!("this is a HEIC picture; {taken}")),
            ("half.jpg", whole[..whole.len() / 2].to_vec(), broken.to_owned()),
            ("head.jpg", whole[..20].to_vec(), broken.to_owned()),
            ("half.png", png(200, 200)[..200].to_vec(), broken.to_owned()),
            ("half.pdf", PDF[..30].to_vec(), "the PDF is not whole; send it again".to_owned()),
            (
                "line.png",
                png_head(1, 100_000),
                "the picture has 1 × 100000 pixels; at most 32000000 in all and 16384 on a side are taken".to_owned(),
            ),
            (
                "bomb.png",
                png_head(16_000, 16_000),
                "the picture has 16000 × 16000 pixels; at most 32000000 in all and 16384 on a side are taken".to_owned(),
            ),
        ] {
            assert_eq!(refused(&resident, name, &content).await, message, "{name}");
        }
        assert_eq!(contents(app.database_url()).await, before);
        assert_eq!(app.blobs(), Vec::<String>::new());
    }

    async fn the_same_key_with_the_same_file_gives_the_same_attachment(app) {
        let (resident, other) = (app.actor("lin-yi").await, app.actor("wang-lin").await);
        let input = json!({ "idempotencyKey": "draft-1", "file": null });
        let send = async |actor: &Actor, content: &[u8]| {
            actor.act_with("attachmentUpload", input.clone(), &[("file", "a.jpg", content)], "attachment { id }").await
        };
        let first = send(&resident, &jpeg(10, 10)).await.done();
        assert_eq!(send(&resident, &jpeg(10, 10)).await.done(), first);
        let blobs = app.blobs();
        assert_eq!(blobs.len(), 2);
        assert_eq!(send(&resident, &jpeg(12, 10)).await.refusal(), "KEY_REUSED");
        assert_eq!(app.blobs(), blobs);
        assert_ne!(send(&other, &jpeg(10, 10)).await.done(), first);
    }

    async fn two_that_come_at_once_under_one_key_make_one(app) {
        let resident = app.actor("lin-yi").await;
        let input = json!({ "idempotencyKey": "draft-1", "file": null });
        let content = jpeg(10, 10);
        let files: [(&str, &str, &[u8]); 1] = [("file", "a.jpg", &content)];
        let send = || resident.act_with("attachmentUpload", input.clone(), &files, "attachment { id }");
        let (one, two, three) = tokio::join!(send(), send(), send());
        let one = one.done();
        assert_eq!((two.done(), three.done()), (one.clone(), one));
        assert_eq!(app.blobs().len(), 2);
    }

    async fn nobody_fills_the_store_with_what_hangs_on_nothing(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("a.pdf", PDF).await;
        let (uuid, account) = (id.strip_prefix("attachment:").unwrap(), "uploaded_by_id");
        for _ in 0..99 {
            let columns = "community_id, kind, status, media_type, bytes, place, created_at";
            let fresh = match app.is_postgres() {
                true => "gen_random_uuid()",
                false => "randomblob(16)",
            };
            let of = match app.is_postgres() {
                true => format!("id = '{uuid}'"),
                false => format!("hex(id) = upper(replace('{uuid}', '-', ''))"),
            };
            app.execute(&format!(
                "INSERT INTO attachment (id, {account}, {columns}) SELECT {fresh}, {account}, {columns} FROM attachment WHERE {of}"
            ))
            .await;
        }
        assert_eq!(
            refused(&resident, "a.pdf", PDF).await,
            "100 files of yours hang on nothing yet; attach some of them first"
        );
        app.actor("wang-lin").await.upload("a.pdf", PDF).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_most_pixels_are_a_setting() {
    let app = App::with(|config| config.files.pixels = 1_000).await;
    let resident = app.actor("lin-yi").await;
    assert_eq!(
        refused(&resident, "a.jpg", &jpeg(40, 26)).await,
        "the picture has 40 × 26 pixels; at most 1000 in all and 16384 on a side are taken"
    );
    resident.upload("a.jpg", &jpeg(40, 25)).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_fails_is_not_answered_as_done() {
    let app = App::with(|_| {}).await;
    let resident = app.actor("lin-yi").await;
    let before = contents(app.database_url()).await;
    // A file stands where the folder was.
    std::fs::remove_dir_all(app.config().files_folder()).unwrap();
    std::fs::write(app.config().files_folder(), "").unwrap();
    assert_eq!(upload(&resident, "a.jpg", &jpeg(10, 10)).await.error(), "UNAVAILABLE");
    let input = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "漏水", "files": [null] });
    let content = jpeg(10, 10);
    let filed =
        resident.act_with("ticketFile", input, &[("files.0", "a.jpg", &content)], "ticket { id }").await;
    assert_eq!(filed.error(), "UNAVAILABLE");
    let mut after = contents(app.database_url()).await;
    // A number that was drawn is not drawn again.
    after.insert("ticket_counter".to_owned(), before["ticket_counter"].clone());
    assert_eq!(after, before);
    app.stop().await;
}
