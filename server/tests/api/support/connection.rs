//! One connection that is kept: a request on it fails if the server has closed it.

use axum::body::{Body, to_bytes};
use hyper::{
    Request,
    client::conn::http1::{self, SendRequest},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::TestServer;

pub(crate) struct Connection(SendRequest<Body>);

impl Connection {
    pub(crate) async fn open(server: &TestServer) -> Self {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let (requests, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self(requests)
    }

    /// The status and the body of the answer to a file.
    pub(crate) async fn predict(&mut self, token: &str, name: &str, file: &[u8]) -> (u16, Value) {
        let head = format!("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let form = [head.as_bytes(), file, b"\r\n--B--\r\n"].concat();
        let request = Request::post("/api/predict")
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "multipart/form-data; boundary=B");
        self.0.ready().await.expect("the connection is open");
        let response = self
            .0
            .send_request(request.body(Body::from(form)).unwrap())
            .await
            .unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(Body::new(response.into_body()), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }
}
