//! What a page says when its code doesn't run, and what it asks of those who would change its HTML.

use crate::support::TestServer;

async fn page(server: &TestServer, path: &str, language: &str, cookie: &str) -> String {
    let request = server.client.get(server.url(path)).header("accept-language", language);
    let request = request.header("cookie", cookie);
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn without_javascript_a_page_says_what_of_it_does_not_work() {
    let server = TestServer::start().await;
    let account = server.browser("admin").await;
    for (path, cookie, spanish, english) in [
        ("/", "", "Para dibujar", "Drawing here"),
        ("/?a=/login", "", "Para dibujar", "Drawing here"),
        (
            "/account",
            account.cookie.as_str(),
            "parte de esta página",
            "part of this page",
        ),
        (
            "/admin/users",
            account.cookie.as_str(),
            "parte de esta página",
            "part of this page",
        ),
    ] {
        for (language, words) in [("es", spanish), ("en", english)] {
            let html = page(&server, path, language, cookie).await;
            let notice = html.split_once("<noscript>").unwrap().1;
            let notice = notice.split_once("</noscript>").unwrap().0;
            assert!(
                notice.contains(words) && notice.contains("JavaScript"),
                "{path}: {notice}"
            );
        }
    }
}

#[tokio::test]
async fn where_everything_works_without_javascript_there_is_no_notice() {
    let server = TestServer::start().await;
    for path in ["/login", "/login?next=/", "/register", "/forgot", "/model", "/nothing"] {
        let html = page(&server, path, "es", "").await;
        assert!(html.contains("<main") && !html.contains("<noscript"), "{path}: {html}");
    }
}

#[tokio::test]
async fn what_is_hydrated_is_in_an_element_of_its_own_and_what_is_live_is_not_translated() {
    let server = TestServer::start().await;
    for path in ["/", "/login", "/register", "/forgot", "/confirm/x", "/reset/x"] {
        for language in ["es", "en"] {
            let html = page(&server, path, language, "").await;
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
