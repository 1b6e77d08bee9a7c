//! What a page says when its code doesn't run, and what it asks of those who would change its HTML.

use crate::support::TestServer;

async fn page(server: &TestServer, path: &str, language: &str) -> String {
    let request = server.client.get(server.url(path)).header("accept-language", language);
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn without_javascript_only_the_drawing_page_speaks_of_drawing() {
    let server = TestServer::start().await;
    for (path, spanish, english) in [
        ("/", "Para dibujar", "Drawing here"),
        ("/?a=/login", "Para dibujar", "Drawing here"),
        ("/login", "Sin JavaScript", "Without JavaScript"),
        ("/login?next=/", "Sin JavaScript", "Without JavaScript"),
        ("/model", "Sin JavaScript", "Without JavaScript"),
        ("/nothing", "Sin JavaScript", "Without JavaScript"),
    ] {
        for (language, words) in [("es", spanish), ("en", english)] {
            let html = page(&server, path, language).await;
            let notice = html.split_once("<noscript>").unwrap().1;
            let notice = notice.split_once("</noscript>").unwrap().0;
            assert!(notice.contains(words), "{path}: {notice}");
            assert!(notice.contains("JavaScript"), "{path}: {notice}");
        }
    }
}

#[tokio::test]
async fn what_is_hydrated_is_in_an_element_of_its_own_and_what_is_live_is_not_translated() {
    let server = TestServer::start().await;
    for path in ["/", "/login", "/register", "/forgot", "/confirm/x", "/reset/x"] {
        for language in ["es", "en"] {
            let html = page(&server, path, language).await;
            assert!(html.contains("name=\"format-detection\""), "{path}");
            let (around, app) = html.split_once("id=\"app\"").unwrap();
            assert!(
                app.starts_with(&format!(" data-locale=\"{language}\"")),
                "{path}: {app}"
            );
            let (app, after) = app.split_once("</footer>").unwrap();
            assert!(!around.contains("<main") && app.contains("<main"), "{path}");
            assert!(
                !app.contains("class=\"load-failed\"") && after.contains("class=\"load-failed\""),
                "{path}"
            );
            // The header, and the drawing or the form.
            let untranslated = format!("translate=\"no\" lang=\"{language}\"");
            assert_eq!(app.matches(&untranslated).count(), 2, "{path}: {app}");
        }
    }
}
