//! `GET /api/admin/corrected`: how many answers users have corrected.

use api::{CorrectedDay, CorrectedDays, Prediction};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use reqwest::Method;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use server::{store::entities::prediction, util::Clock};

use super::review::corrected;
use crate::support::{TestServer, pictures::numbered_png, server::file};

async fn days(server: &TestServer) -> Vec<CorrectedDay> {
    let answer = server.get_json("/api/admin/corrected").await;
    serde_json::from_value::<CorrectedDays>(answer).unwrap().days
}

/// Changes when a prediction was made, and by which model.
async fn backdate(server: &TestServer, id: i64, created_at: DateTime<Utc>, model: &str) {
    let row = prediction::ActiveModel {
        id: Set(id),
        created_at: Set(created_at),
        model: Set(model.to_owned()),
        ..Default::default()
    };
    row.update(&server.database().await).await.unwrap();
}

#[tokio::test]
async fn answers_are_counted_by_day_and_model() {
    let clock = Clock::mock();
    // Tomorrow's noon, so that no day ends meanwhile.
    let midnight = clock.now().date_naive().and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1);
    clock.advance(midnight + TimeDelta::hours(12) - clock.now());
    let server = TestServer::with_clock(clock, |_| ()).await;
    assert_eq!(days(&server).await, []);

    let token = server.user("ana").await;
    // The model reads a 3: one answer is corrected, one is confirmed, and of one nothing is said.
    corrected(&server, &token, "7-plain", "7").await;
    corrected(&server, &token, "3-round", "3").await;
    let answer = server.upload_by(&token, "a.png", numbered_png(1)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    // A line of digits can't be corrected.
    let number = server.by(&token, Method::POST, "/api/predict/number");
    let number = number.multipart(file("a.png", numbered_png(2))).send().await.unwrap();
    assert_eq!(number.status(), 200);
    // Of another model: today, at the beginning of the first day that is counted, and just before it.
    let old = corrected(&server, &token, "1-plain", "none").await;
    backdate(&server, old, midnight, "digits-old").await;
    let first = midnight - TimeDelta::days(13);
    for (number, created_at) in [(3, first), (4, first - TimeDelta::microseconds(1))] {
        let answer = server
            .upload_by(&token, "a.png", numbered_png(number))
            .send()
            .await
            .unwrap();
        let id = answer.json::<Prediction>().await.unwrap().id.unwrap();
        backdate(&server, id, created_at, "digits-old").await;
    }

    let day = |time: DateTime<Utc>, model: &str, answers, corrected| CorrectedDay {
        day: time.date_naive().to_string(),
        model: model.to_owned(),
        answers,
        corrected,
    };
    let expected = [
        day(midnight, classifier::model_version(), 3, 1),
        day(midnight, "digits-old", 1, 1),
        day(first, "digits-old", 1, 0),
    ];
    assert_eq!(days(&server).await, expected);
}
