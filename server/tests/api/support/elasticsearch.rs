//! A receiver that speaks as much of Elasticsearch's bulk API as a log shipper needs. What it has stored survives its
//! restart.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// How it answers a bulk request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It stores the items.
    Store,
    /// It refuses each item with this status, as it does when its queue is full.
    RefuseItems(u16),
    /// It refuses the request with this status, as it does while it starts.
    RefuseAll(u16),
}

/// What it has, and what it does.
struct Content {
    answer: Answer,
    /// The documents as they were sent, by their IDs.
    documents: BTreeMap<String, String>,
    /// Requests that were refused, as a whole or their items.
    refused: usize,
}

type Shared = Arc<Mutex<Content>>;

/// The receiver, on a port that it keeps.
pub(crate) struct Elasticsearch {
    content: Shared,
    port: u16,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Elasticsearch {
    pub(crate) async fn start() -> Self {
        let content = Content {
            answer: Answer::Store,
            documents: BTreeMap::new(),
            refused: 0,
        };
        let mut receiver = Self {
            content: Arc::new(Mutex::new(content)),
            port: 0,
            running: None,
        };
        receiver.resume().await;
        receiver
    }

    /// Listens again.
    pub(crate) async fn resume(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.port = listener.local_addr().unwrap().port();
        let routes = Router::new()
            .route(
                "/_bulk",
                post(|State(content): State<Shared>, body: String| async move { bulk(&content, &body) }),
            )
            .route("/_cat/health", get(|| async { "green\n" }))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&self.content));
        let (stop, stopped) = oneshot::channel();
        let server = axum::serve(listener, routes).with_graceful_shutdown(async {
            let _sent_or_dropped = stopped.await;
        });
        self.running = Some((stop, tokio::spawn(async { server.await.unwrap() })));
    }

    /// Closes its connections and refuses further ones until [`Elasticsearch::resume`].
    pub(crate) async fn stop(&mut self) {
        let (stop, running) = self.running.take().expect("it runs");
        drop(stop);
        running.await.unwrap();
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn answer(&self, answer: Answer) {
        self.content.lock().unwrap().answer = answer;
    }

    pub(crate) fn refused(&self) -> usize {
        self.content.lock().unwrap().refused
    }

    /// The documents as they were sent, sorted.
    pub(crate) fn documents(&self) -> Vec<String> {
        let mut documents: Vec<_> = self.content.lock().unwrap().documents.values().cloned().collect();
        documents.sort_unstable();
        documents
    }
}

fn bulk(content: &Shared, body: &str) -> Response {
    let mut content = content.lock().unwrap();
    if let Answer::RefuseAll(status) = content.answer {
        content.refused += 1;
        let code = StatusCode::from_u16(status).unwrap();
        return (code, Json(json!({ "error": { "type": "refused" }, "status": status }))).into_response();
    }
    let lines: Vec<_> = body.split_terminator('\n').collect();
    let items: Vec<_> = lines.chunks(2).map(|pair| content.index(pair[0], pair[1])).collect();
    let errors = items.iter().any(|item| !item["index"]["error"].is_null());
    if errors {
        content.refused += 1;
    }
    Json(json!({ "took": 1, "errors": errors, "items": items })).into_response()
}

impl Content {
    /// Stores a document, and returns the result.
    fn index(&mut self, action: &str, document: &str) -> Value {
        let action: Value = serde_json::from_str(action).unwrap();
        let id = action["index"]["_id"].as_str().expect("an ID").to_owned();
        let result = |status: u16| json!({ "index": { "_id": id, "status": status } });
        let refusal = |status: u16| {
            let mut result = result(status);
            result["index"]["error"] = json!({ "type": "refused" });
            result
        };
        if let Answer::RefuseItems(status) = self.answer {
            return refusal(status);
        }
        if !serde_json::from_str::<Value>(document).is_ok_and(|document| document.is_object()) {
            return refusal(400);
        }
        let status = match self.documents.get(&id) {
            None => 201,
            Some(stored) => {
                assert_eq!(stored, document, "another line has the ID {id}");
                200
            }
        };
        let result = result(status);
        self.documents.insert(id, document.to_owned());
        result
    }
}
