//! The limits of the API hold for forms.

use serde_json::json;

use super::{answer, submit};
use crate::{
    limits::{limited, number, standing},
    support::{TestServer, log::lines_of, server::PASSWORD},
};

#[tokio::test]
async fn forms_and_programs_share_the_limits_of_the_routes() {
    let server = limited(|settings| {
        settings.limits.ratelimit_default = "3 per hour".parse().unwrap();
        settings.limits.ratelimit_register = "3 per hour".parse().unwrap();
    })
    .await;
    for (path, route) in [
        ("/register", "/api/register"),
        ("/login", "/api/login"),
        ("/forgot", "/api/password/forgot"),
        ("/reset/token", "/api/password/reset"),
        ("/confirm/token", "/api/confirm/{token}"),
    ] {
        // The administrator has logged in.
        let left = if path == "/login" { 2 } else { 3 };
        for used in 1..left {
            let response = submit(&server, path, "", &[]).await;
            assert_eq!(standing(&response), (3, left - used), "{path}");
            answer(response, 400).await;
        }
        let url = route.replace("{token}", "token");
        assert_eq!(standing(&server.post(&url, &json!({})).await), (3, 0), "{path}");
        let response = submit(&server, path, "", &[("username", "ana")]).await;
        assert_eq!(
            lines_of(&response),
            [format!("WARNING - Límite de solicitudes superado en '{route}'.")]
        );
        assert!(number(&response, "retry-after") > 0);
        answer(response, 429).await;
    }
}

#[tokio::test]
async fn a_limit_is_explained_below_a_complete_form() {
    let server = limited(|settings| settings.limits.ratelimit_default = "1 per hour".parse().unwrap()).await;
    let fields = [("username", "admin"), ("password", PASSWORD)];
    let html = answer(submit(&server, "/login", "", &fields).await, 429).await;
    assert!(html.contains("Lo has intentado demasiadas veces."), "{html}");
    assert!(html.contains("Inténtalo otra vez dentro de 60 minutos."), "{html}");
}

#[tokio::test]
async fn the_burst_limit_counts_a_form_once() {
    let server = limited(|settings| settings.limits.ratelimit_flood = "3 per hour".parse().unwrap()).await;
    // One request was the login of the administrator.
    for _ in 0..2 {
        answer(submit(&server, "/login", "", &[]).await, 400).await;
    }
    let response = submit(&server, "/login", "", &[]).await;
    assert_eq!(standing(&response), (3, 0));
    answer(response, 429).await;
    // Where no page can explain it, an error page does.
    let response = submit(&server, "/logout", "", &[]).await;
    assert_eq!(response.status(), 429);
    assert!(response.text().await.unwrap().contains("El servidor no pudo responder"));
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let server = TestServer::with(|settings| settings.upload.max_upload_bytes = 1000).await;
    let large = "x".repeat(2000);
    for path in ["/login", "/forgot", "/language"] {
        let response = submit(&server, path, "", &[("email", &large)]).await;
        assert_eq!(response.status(), 413, "{path}");
        assert!(response.text().await.unwrap().contains("El servidor no pudo responder"));
    }
}
