//! Pages that are rendered at the same time on several threads.

use futures_util::{StreamExt, stream};

use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn pages_rendered_at_the_same_time_do_not_disturb_each_other() {
    let server = TestServer::start().await;
    let pages = [
        ("/", 200, "<title>Trazo"),
        ("/login", 200, "<title>Entrar"),
        ("/register", 200, "<title>Crear una cuenta"),
        ("/nothing", 404, "<title>"),
    ];
    let requests = stream::iter(pages.iter().cycle().take(400)).map(async |&(path, status, title)| {
        let response = server.get(path).await;
        assert_eq!(response.status(), status, "{path}");
        let html = response.text().await.unwrap();
        assert!(html.contains(title) && html.contains("</html>"), "{path}: {html}");
    });
    requests.buffer_unordered(24).collect::<Vec<()>>().await;
}
