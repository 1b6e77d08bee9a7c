//! What an answered prediction promises: its row is kept, however the process ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::Method;
use sea_orm::{Database, EntityTrait, PaginatorTrait};
use server::store::entities::prediction;
use tempfile::TempDir;

use crate::support::{
    TestServer, database, eventually, models,
    pictures::numbered_png,
    program::Program,
    server::{PASSWORD, file},
    settings,
};

/// Requests in progress at the same time.
const CLIENTS: usize = 8;

/// The number of answered predictions after which the process is killed. Others are being written at that moment.
const ANSWERED: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_killed_process_are_kept() {
    let folder = TempDir::new().unwrap();
    let settings = database::own(&settings(), &folder).await;
    let url = settings.database.url().expose().to_owned();
    // The server below needs the keys of the program, which are kept in the data folder.
    let data = settings.database.data_dir.to_str().unwrap();
    let program = Program::start(
        &folder.path().join("logs"),
        &[],
        &[("DATABASE_URL", url.as_str()), ("DATA_DIR", data)],
    );
    let token = program.sign_in("admin", PASSWORD).await;
    let (answered, sent) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (answered, sent) = (Arc::clone(&answered), Arc::clone(&sent));
            let request = program.ask(Method::POST, "/predict").bearer_auth(&token);
            tokio::spawn(async move {
                loop {
                    let number = sent.fetch_add(1, Ordering::SeqCst);
                    let picture = numbered_png(u32::try_from(number).unwrap());
                    let request = request.try_clone().unwrap().multipart(file("a.png", picture));
                    // Without an answer the process has ended.
                    let Ok(response) = request.send().await else { return };
                    if response.status() == 200 {
                        answered.fetch_add(1, Ordering::SeqCst);
                    } else {
                        // The model is still being loaded.
                        assert_eq!(response.status(), 503);
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                }
            })
        })
        .collect();
    eventually("answers", async || {
        (answered.load(Ordering::SeqCst) >= ANSWERED).then_some(())
    })
    .await;
    program.kill();
    for client in clients {
        client.await.unwrap();
    }
    let (answered, sent) = (answered.load(Ordering::SeqCst), sent.load(Ordering::SeqCst));
    let db = Database::connect(&url).await.unwrap();
    let rows = async || prediction::Entity::find().count(&db).await.unwrap();
    let kept = rows().await;
    assert!(
        (answered..=sent).contains(&kept),
        "{kept} kept of {answered} answered and {sent} sent"
    );
    // Another process on the same database finds them.
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    assert_eq!(server.get_json("/api/predictions").await["total"], rows().await);
}
