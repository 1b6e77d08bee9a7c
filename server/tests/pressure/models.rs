//! The live model changes under load, and under `kill -9`.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use api::{LiveModel, Prediction};
use futures_util::future::join_all;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use tokio::time::sleep;

use crate::{
    harness::{Installation, Row, assert_no_internal_error, percentile, predict, short_or_long, shown},
    support::{
        models::{other_weights, version_of},
        program::Program,
        server::PASSWORD,
    },
};

const CLIENTS: u32 = 8;

/// Uploads two models; returns their versions and that of the shipped one.
async fn three_models(program: &Program, token: &str) -> [String; 3] {
    let [one, two] = [1, 2].map(other_weights);
    let versions = [&one, &two].map(|weights| version_of(weights));
    for weights in [one, two] {
        let form = Form::new().part("file", Part::bytes(weights).file_name("digits.bpk"));
        let request = program.ask(Method::POST, "/api/admin/models").bearer_auth(token);
        let response = request.multipart(form).send().await.unwrap();
        assert!(matches!(response.status().as_u16(), 200 | 201));
    }
    let [one, two] = versions;
    [one, two, classifier::model_version().to_owned()]
}

/// Whether the model is live; `None` if the process has ended.
async fn put_live(program: &Program, token: &str, version: &str) -> Option<bool> {
    let path = format!("/api/admin/models/{version}/live");
    let request = program.ask(Method::POST, &path).bearer_auth(token);
    let status = request.send().await.ok()?.status().as_u16();
    // The database may be busy with the history.
    assert!(matches!(status, 200 | 503), "{status}");
    Some(status == 200)
}

async fn live(program: &Program) -> String {
    let response = program.ask(Method::GET, "/api/models/live").send().await.unwrap();
    response.json::<LiveModel>().await.unwrap().version
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_while_models_change() {
    let requests = short_or_long(250, 1250);
    let mut row = Row::new("Models changed under load");
    let installation = Installation::new(&[]);
    let program = Arc::new(installation.ready(&[]).await);
    let token = program.sign_in("admin", PASSWORD).await;
    let versions = three_models(&program, &token).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let changes = {
        let (program, token, versions, is_over) = (
            Arc::clone(&program),
            token.clone(),
            versions.clone(),
            Arc::clone(&is_over),
        );
        tokio::spawn(async move {
            let mut changes = 0;
            for version in versions.iter().cycle() {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                changes += usize::from(put_live(&program, &token, version).await.unwrap());
            }
            changes
        })
    };
    let clients = (0..CLIENTS).map(|client| {
        let (program, token) = (Arc::clone(&program), token.clone());
        tokio::spawn(async move {
            let mut answers = Vec::new();
            for number in 0..requests {
                let begun = Instant::now();
                let response = predict(&program, &token, client * requests + number).await.unwrap();
                assert_eq!(response.status(), 200);
                let answer: Prediction = response.json().await.unwrap();
                assert_eq!(answer.digit, 3);
                answers.push((answer.model, begun.elapsed()));
            }
            answers
        })
    });
    let answers = join_all(clients).await.into_iter().flat_map(Result::unwrap);
    let answers: Vec<(String, Duration)> = answers.collect();
    is_over.store(true, Ordering::Relaxed);
    let changes = changes.await.unwrap();
    let mut by_model = BTreeMap::<&str, usize>::new();
    for (model, _) in &answers {
        assert!(versions.contains(model), "{model}");
        *by_model.entry(model).or_default() += 1;
    }
    assert!(changes > 1 && by_model.len() > 1, "{changes} changes, {by_model:?}");
    row.figure(format!("{} × 200 during {changes} changes", answers.len()));
    row.figure(format!("by {} models", by_model.len()));
    let times: Vec<_> = answers.iter().map(|(_, time)| *time).collect();
    row.figure(format!("p99 {}", shown(percentile(&times, 99))));
    let program = Arc::into_inner(program).unwrap();
    assert_no_internal_error(&program.stop());
    row.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_in_the_middle_of_a_change_one_of_the_models_answers() {
    let kills = short_or_long(4, 200);
    let mut row = Row::new("kill -9 while models change");
    let installation = Installation::new(&[]);
    let mut acknowledged: Option<String> = None;
    let mut in_flight: Option<String> = None;
    let mut changes = 0;
    for number in 0..=kills {
        let program = Arc::new(installation.ready(&[]).await);
        let token = program.sign_in("admin", PASSWORD).await;
        let versions = three_models(&program, &token).await;
        let live = live(&program).await;
        if acknowledged.is_some() {
            let expected = [&acknowledged, &in_flight].map(|version| version.as_deref());
            assert!(
                expected.contains(&Some(live.as_str())),
                "{live} is live, not one of {expected:?}"
            );
        }
        let answer = predict(&program, &token, u32::try_from(number).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.json::<Prediction>().await.unwrap().model, live);
        if number == kills {
            let program = Arc::into_inner(program).unwrap();
            assert_no_internal_error(&program.stop());
            break;
        }
        let changing = {
            let program = Arc::clone(&program);
            tokio::spawn(async move {
                let (mut done, mut last) = (0, None);
                for version in versions.into_iter().cycle() {
                    match put_live(&program, &token, &version).await {
                        Some(true) => (done, last) = (done + 1, Some(version)),
                        Some(false) => {}
                        None => return (done, last, version),
                    }
                }
                unreachable!("the versions are repeated")
            })
        };
        // At another moment of a change each time.
        let moment = u64::try_from(number * 37 % 100).unwrap();
        sleep(Duration::from_millis(200 + moment)).await;
        program.signal("-KILL");
        let (done, last, unanswered) = changing.await.unwrap();
        changes += done;
        acknowledged = Some(last.unwrap_or(live));
        in_flight = Some(unanswered);
    }
    row.figure(format!("{kills} kills during {changes} changes"));
    row.figure("started with the model that was live or about to be each time");
    row.finish();
}
