//! `GET /api/model`.

use api::ModelCard;

use crate::support::TestServer;

#[tokio::test]
async fn the_card_is_that_of_the_model_that_predicts() {
    let server = TestServer::start().await;
    let response = server.client.get(server.url("/api/model")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    let card: ModelCard = response.json().await.unwrap();
    assert_eq!(card.model, classifier::model_version());
    assert_eq!(card.test.digits, 10_000);
    assert!(card.kinds.len() > 10);
}
