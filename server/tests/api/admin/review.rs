//! `/api/admin/review…`: the review of corrections.

use api::{Label, Prediction, ReviewEntry, ReviewQueue, ReviewState, Reviewed};
use image::ImageFormat;
use reqwest::{Method, Response};
use sea_orm::{EntityTrait, QueryOrder, sea_query::Expr};
use serde_json::{Value, json};
use server::store::entities::{column, correction, correction_decision};

use crate::support::{
    TestServer,
    log::lines_of,
    metrics::scrape,
    models,
    pictures::{drawn, encoded, numbered_png},
    server::refused,
};

/// Makes a prediction of a drawing and corrects it; returns its number. The model reads a 3.
pub(crate) async fn corrected(server: &TestServer, token: &str, drawing: &str, label: &str) -> i64 {
    let picture = encoded(drawn(drawing), ImageFormat::Png);
    let answer = server.upload_by(token, "a.png", picture).send().await.unwrap();
    let id = answer.json::<Prediction>().await.unwrap().id.unwrap();
    say(server, token, id, label).await;
    id
}

async fn say(server: &TestServer, token: &str, id: i64, label: &str) {
    let body = match label.parse::<u8>() {
        Ok(digit) => json!({ "digito": digit }),
        Err(_) => json!({ "no_es_un_digito": true }),
    };
    let request = server.by(token, Method::POST, &format!("/api/predictions/{id}/correction"));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 200);
}

async fn queue(server: &TestServer, query: &str) -> ReviewQueue {
    let body = server.get_json(&format!("/api/admin/review?{query}")).await;
    serde_json::from_value(body).unwrap()
}

fn ids(queue: &ReviewQueue) -> Vec<i64> {
    queue.entries.iter().map(|entry| entry.id).collect()
}

async fn post(server: &TestServer, path: &str, body: &Value) -> Response {
    let request = server.by(&server.token, Method::POST, path);
    request.json(body).send().await.unwrap()
}

/// Decides as the administrator, and returns how many have changed.
pub(crate) async fn decide(server: &TestServer, body: &Value) -> u64 {
    let response = post(server, "/api/admin/review", body).await;
    assert_eq!(response.status(), 200, "{body}");
    response.json::<Reviewed>().await.unwrap().changed
}

fn counts(queue: &ReviewQueue) -> [u64; 4] {
    let counts = queue.counts;
    [counts.waiting, counts.agreed, counts.dropped, counts.plain]
}

#[tokio::test]
async fn a_correction_is_shown_with_what_was_read_said_and_is_read_today() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    assert_eq!(queue(&server, "").await.entries, []);
    let id = corrected(&server, &token, "7-plain", "7").await;
    let found = queue(&server, "").await;
    let [entry] = found.entries.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((entry.id, entry.group, entry.username.as_str()), (id, id, "ana"));
    assert_eq!(
        (entry.read, entry.said, entry.today),
        (3, Label::Seven, Some(Label::Three))
    );
    assert!(entry.confidence > Some(0.9) && entry.probability > 0.9);
    assert_eq!(
        (entry.state, entry.label, &entry.decided_by),
        (ReviewState::Waiting, None, &None)
    );
    assert!(entry.image.starts_with("data:image/png;base64,"));
    assert!(!found.more);
    assert_eq!(counts(&found), [1, 0, 0, 0]);
    // Of what is taken back nothing is left.
    let path = format!("/api/predictions/{id}/correction");
    assert_eq!(
        server.by(&token, Method::DELETE, &path).send().await.unwrap().status(),
        200
    );
    let found = queue(&server, "").await;
    assert_eq!((found.entries.len(), counts(&found)), (0, [0, 0, 0, 0]));
    assert_eq!(found.people, []);
}

#[tokio::test]
async fn the_queue_is_sorted_filtered_and_paged() {
    let server = TestServer::start().await;
    let (ana, eva) = (server.user("ana").await, server.user("eva").await);
    let seven = corrected(&server, &ana, "7-plain", "7").await;
    let three = corrected(&server, &eva, "3-round", "3").await;
    let none = corrected(&server, &ana, "0-round", "none").await;
    let one = corrected(&server, &eva, "1-plain", "1").await;
    // The model says 3: it contradicts least where that is said, and most where it is said that there is no digit.
    assert_eq!(ids(&queue(&server, "").await), [none, one, seven, three]);
    assert_eq!(ids(&queue(&server, "sort=newest").await), [one, none, three, seven]);
    for (query, expected) in [
        ("user=ana", vec![none, seven]),
        ("user=EVA&sort=newest", vec![one, three]),
        ("user=nobody", vec![]),
        ("label=7", vec![seven]),
        ("label=none&user=ana", vec![none]),
        ("label=none&user=eva", vec![]),
        ("state=agreed", vec![]),
    ] {
        assert_eq!(ids(&queue(&server, query).await), expected, "{query}");
    }
    let mut paged = Vec::new();
    for page in 1..=4 {
        let found = queue(&server, &format!("sort=newest&per_page=1&page={page}")).await;
        assert_eq!(found.more, page < 4);
        paged.extend(ids(&found));
    }
    assert_eq!(paged, [one, none, three, seven]);
    let beyond = queue(&server, "page=4294967295&per_page=100").await;
    assert!(beyond.entries.is_empty() && !beyond.more);
    for query in [
        "state=new",
        "label=10",
        "label=seven",
        "sort=id",
        "page=0",
        "per_page=0",
        "per_page=101",
    ] {
        let path = format!("/api/admin/review?{query}");
        let response = server.by(&server.token, Method::GET, &path).send().await.unwrap();
        refused(response, 400, "request_invalid", "msg").await;
    }
}

#[tokio::test]
async fn what_the_model_doubts_most_comes_first() {
    let settings = crate::support::settings();
    // As sure of a 3 as there is ink.
    let model = |inputs: &[classifier::ModelInput]| {
        let read = |input: &classifier::ModelInput| {
            let ink: f32 = input.0.iter().sum();
            let mut logits = [0.0; classifier::CLASSES];
            logits[3] = ink / 40.0;
            classifier::Prediction::from_logits(logits)
        };
        inputs.iter().map(read).collect()
    };
    let server = TestServer::start_with(&settings, move || Ok(Box::new(model))).await;
    let token = server.user("ana").await;
    for (drawing, label) in [("0-round", "0"), ("1-plain", "3"), ("8-two-circles", "8")] {
        corrected(&server, &token, drawing, label).await;
    }
    let confidences = async |query| {
        let found = queue(&server, query).await;
        found
            .entries
            .iter()
            .map(|entry| entry.confidence.unwrap())
            .collect::<Vec<_>>()
    };
    let by_doubt = confidences("sort=doubt").await;
    assert!(by_doubt.is_sorted() && by_doubt[0] < by_doubt[2], "{by_doubt:?}");
    let by_disagreement = queue(&server, "").await;
    assert_eq!(
        by_disagreement.entries[2].said,
        Label::Three,
        "what it says itself is last"
    );
}

#[tokio::test]
async fn decisions_change_the_state_and_can_be_undone() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let [one, two, three] = [
        corrected(&server, &token, "1-plain", "1").await,
        corrected(&server, &token, "2-plain", "2").await,
        corrected(&server, &token, "3-round", "3").await,
    ];
    let entry = async |id: i64| -> ReviewEntry {
        for state in ["waiting", "agreed", "dropped"] {
            let found = queue(&server, &format!("state={state}")).await;
            if let Some(entry) = found.entries.into_iter().find(|entry| entry.id == id) {
                return entry;
            }
        }
        panic!("{id} has no state")
    };
    for (body, id, state, label) in [
        (
            json!({ "ids": [one], "action": "agree" }),
            one,
            ReviewState::Agreed,
            Some(Label::One),
        ),
        (
            json!({ "ids": [two], "action": "agree", "label": "7" }),
            two,
            ReviewState::Agreed,
            Some(Label::Seven),
        ),
        (
            json!({ "ids": [two], "action": "agree", "label": "none" }),
            two,
            ReviewState::Agreed,
            Some(Label::NoDigit),
        ),
        (
            json!({ "ids": [three], "action": "drop" }),
            three,
            ReviewState::Dropped,
            None,
        ),
        (
            json!({ "ids": [one], "action": "reopen" }),
            one,
            ReviewState::Waiting,
            None,
        ),
    ] {
        let response = post(&server, "/api/admin/review", &body).await;
        assert_eq!(lines_of(&response).len(), 1);
        assert!(lines_of(&response)[0].starts_with("INFO - Administrador 'admin' revisó 1 correcciones: "));
        assert_eq!(response.json::<Reviewed>().await.unwrap().changed, 1, "{body}");
        let entry = entry(id).await;
        assert_eq!((entry.state, entry.label), (state, label), "{body}");
        assert_eq!(entry.decided_by.as_deref(), Some("admin"));
        assert_eq!(decide(&server, &body).await, 0, "it is so already");
    }
    let found = queue(&server, "").await;
    assert_eq!((counts(&found), ids(&found)), ([1, 1, 1, 0], vec![one]));
    let all = json!({ "ids": [one, two, three, 999_999], "action": "drop" });
    assert_eq!(decide(&server, &all).await, 2);
    assert_eq!(counts(&queue(&server, "").await), [0, 0, 3, 0]);
    // Another correction of the same prediction waits again; the same one doesn't.
    say(&server, &token, two, "2").await;
    assert_eq!(entry(two).await.state, ReviewState::Dropped);
    say(&server, &token, two, "5").await;
    let said_again = entry(two).await;
    assert_eq!((said_again.state, said_again.said), (ReviewState::Waiting, Label::Five));
    assert_eq!((said_again.decided_at, said_again.decided_by), (None, None));

    let rows = correction_decision::Entity::find()
        .order_by_asc(correction_decision::Column::Id)
        .all(&server.database().await)
        .await
        .unwrap();
    let of_two: Vec<_> = rows
        .iter()
        .filter(|row| row.prediction_id == two)
        .map(|row| (row.actor.as_str(), row.state, row.label))
        .collect();
    let (agreed, dropped) = (column::ReviewState::Agreed, column::ReviewState::Dropped);
    assert_eq!(
        of_two,
        [
            ("admin", agreed, Some(7)),
            ("admin", agreed, Some(10)),
            ("admin", dropped, None)
        ]
    );
    assert_eq!(rows.len(), 7);
}

#[tokio::test]
async fn only_a_decision_is_accepted() {
    let server = TestServer::start().await;
    let many: Vec<i64> = (0..101).collect();
    for body in [
        json!({}),
        json!({ "ids": [1] }),
        json!({ "ids": [], "action": "agree" }),
        json!({ "ids": many, "action": "agree" }),
        json!({ "ids": [1], "action": "delete" }),
        json!({ "ids": ["1"], "action": "agree" }),
        json!({ "ids": [1], "action": "agree", "label": "10" }),
        json!({ "ids": [1], "action": "agree", "label": 7 }),
        json!({ "ids": [1], "action": "drop", "label": "7" }),
        json!({ "ids": [1], "action": "reopen", "label": "7" }),
    ] {
        let response = post(&server, "/api/admin/review", &body).await;
        refused(response, 400, "request_invalid", "msg").await;
    }
    for id in ["999", "x", "0"] {
        let response = post(&server, &format!("/api/admin/review/people/{id}/drop"), &json!({})).await;
        refused(response, 404, "not_found", "msg").await;
    }
}

#[tokio::test]
async fn near_duplicates_of_which_the_same_is_said_are_one_group() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let mut same = Vec::new();
    for number in 0..3 {
        // The same drawing in other files.
        let answer = server
            .upload_by(&token, "a.png", numbered_png(number))
            .send()
            .await
            .unwrap();
        same.push(answer.json::<Prediction>().await.unwrap().id.unwrap());
        say(&server, &token, same[same.len() - 1], "8").await;
        corrected(
            &server,
            &token,
            ["0-round", "4-closed", "7-plain"][number as usize],
            "8",
        )
        .await;
    }
    let other = corrected(&server, &token, "3-round", "5").await;
    let found = queue(&server, "sort=newest&label=8").await;
    let groups: Vec<_> = found.entries.iter().map(|entry| entry.group).collect();
    let leader = same[2];
    let of_leader: Vec<_> = found
        .entries
        .iter()
        .filter(|entry| entry.group == leader)
        .map(|entry| entry.id)
        .collect();
    same.reverse();
    assert_eq!(of_leader, same);
    let first = groups.iter().position(|group| *group == leader).unwrap();
    assert!(
        groups[first..first + 3].iter().all(|group| *group == leader),
        "{groups:?}"
    );
    assert_eq!(found.entries.len(), 6);
    let found = queue(&server, "label=5").await;
    assert_eq!((found.entries[0].id, found.entries[0].group), (other, other));
}

#[tokio::test]
async fn what_is_plain_is_agreed_to_at_once() {
    let server = TestServer::start().await;
    let (ana, eva) = (server.user("ana").await, server.user("eva").await);
    let [first, second, contradicted] = [
        corrected(&server, &ana, "3-round", "3").await,
        corrected(&server, &eva, "3-flat-top", "3").await,
        corrected(&server, &ana, "7-plain", "7").await,
    ];
    // Nothing is plain before it is read.
    let plain = async |body: Value| {
        let response = post(&server, "/api/admin/review/plain", &body).await;
        assert_eq!(response.status(), 200);
        response.json::<Reviewed>().await.unwrap().changed
    };
    assert_eq!(plain(json!({})).await, 0);
    assert_eq!(counts(&queue(&server, "").await), [3, 0, 0, 2]);
    for (query, expected) in [("user=eva&state=dropped", 1), ("label=7", 0), ("user=nobody", 0)] {
        assert_eq!(counts(&queue(&server, query).await), [3, 0, 0, expected], "{query}");
    }
    assert_eq!(plain(json!({ "label": "7" })).await, 0);
    assert_eq!(plain(json!({ "user": "nobody" })).await, 0);
    assert_eq!(plain(json!({ "user": "eva" })).await, 1);
    assert_eq!(ids(&queue(&server, "state=agreed").await), [second]);
    assert_eq!(plain(json!({})).await, 1);
    assert_eq!(ids(&queue(&server, "").await), [contradicted]);
    assert_eq!(ids(&queue(&server, "state=agreed&sort=newest").await), [second, first]);
    // What another model has read counts for nothing today.
    correction::Entity::update_many()
        .col_expr(correction::Column::State, Expr::value(column::ReviewState::Waiting))
        .col_expr(correction::Column::Model, Expr::value("digits-of-yesterday"))
        .exec(&server.database().await)
        .await
        .unwrap();
    assert_eq!(plain(json!({})).await, 0);
    assert_eq!(counts(&queue(&server, "").await), [3, 0, 0, 2], "it was read again");
}

#[tokio::test]
async fn a_flood_of_one_person_is_seen_and_dropped_at_once() {
    let server = TestServer::start().await;
    let (ana, eva) = (server.user("ana").await, server.user("eva").await);
    let kept = corrected(&server, &ana, "7-plain", "7").await;
    for _ in 0..4 {
        corrected(&server, &eva, "3-round", "9").await;
    }
    let found = queue(&server, "").await;
    let people: Vec<_> = found
        .people
        .iter()
        .map(|person| (person.username.as_str(), person.waiting, person.agreed, person.dropped))
        .collect();
    assert_eq!(people, [("eva", 4, 0, 0), ("ana", 1, 0, 0)]);
    decide(&server, &json!({ "ids": [found.entries[0].id], "action": "drop" })).await;
    let path = format!("/api/admin/review/people/{}/drop", found.people[0].id);
    let response = post(&server, &path, &json!({})).await;
    assert_eq!(
        lines_of(&response),
        ["INFO - Administrador 'admin' descartó 3 correcciones de 'eva'."]
    );
    assert_eq!(response.json::<Reviewed>().await.unwrap().changed, 3);
    let found = queue(&server, "").await;
    assert_eq!((ids(&found), counts(&found)), (vec![kept], [1, 0, 4, 0]));
    let eva = found.people.iter().find(|person| person.username == "eva").unwrap();
    assert_eq!((eva.waiting, eva.dropped), (0, 4));
}

#[tokio::test]
async fn metrics_tell_what_waits_and_what_was_decided() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let id = corrected(&server, &token, "1-plain", "1").await;
    corrected(&server, &token, "2-plain", "2").await;
    assert_eq!(scrape(&server).await.get("corrections_waiting", &[]), Some(2.0));
    for action in ["agree", "reopen", "drop", "drop"] {
        decide(&server, &json!({ "ids": [id], "action": action })).await;
    }
    let scraped = scrape(&server).await;
    assert_eq!(scraped.get("corrections_waiting", &[]), Some(1.0));
    for decision in ["agreed", "dropped", "reopened"] {
        let labels = [("decision", decision)];
        assert_eq!(
            scraped.get("corrections_reviewed_total", &labels),
            Some(1.0),
            "{decision}"
        );
    }
    // Reading again for the review is no prediction.
    queue(&server, "").await;
    let predicted = scrape(&server).await.get("predictions_total", &[]);
    assert_eq!(predicted, Some(2.0));
}

#[tokio::test]
async fn the_queue_is_shown_also_when_the_model_fails() {
    let settings = crate::support::settings();
    let folder = tempfile::TempDir::new().unwrap();
    let settings = crate::support::database::own(&settings, &folder).await;
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let token = server.user("ana").await;
    let id = corrected(&server, &token, "1-plain", "1").await;
    server.stop().await.unwrap();
    let server = TestServer::start_with(&settings, || Ok(models::panicking())).await;
    let found = queue(&server, "").await;
    assert_eq!((ids(&found), found.entries[0].today), (vec![id], None));
    assert_eq!(decide(&server, &json!({ "ids": [id], "action": "agree" })).await, 1);
}

#[tokio::test]
async fn the_name_of_a_deleted_admin_is_removed() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let id = corrected(&server, &token, "1-plain", "1").await;
    server.add_admin("eva").await;
    let eva = server.sign_in("eva").await;
    let request = server.by(&eva, Method::POST, "/api/admin/review");
    let request = request.json(&json!({ "ids": [id], "action": "agree" }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let request = server.by(&eva, Method::POST, "/api/me/delete");
    let request = request.json(&json!({ "password": crate::support::server::PASSWORD }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let found = queue(&server, "state=agreed").await;
    assert_eq!(found.entries[0].decided_by.as_deref(), Some("-"));
}
