//! Login by the address of the account.

use super::{behind_a_proxy, login, login_from};
use crate::support::{
    TestServer,
    log::lines_of,
    server::{PASSWORD, refused},
};

#[tokio::test]
async fn the_address_is_taken_as_well_as_the_name() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    for given in ["ana", "ana@example.com", "ANA@Example.COM"] {
        let response = login(&server, given, PASSWORD).await;
        assert_eq!(response.status(), 200, "{given}");
        assert_eq!(
            lines_of(&response),
            ["INFO - Usuario 'ana' inició sesión exitosamente."]
        );
    }
    for given in ["ana@example.org", "@example.com", "ana@", "@", "an\0a@example.com"] {
        let response = login(&server, given, PASSWORD).await;
        refused(response, 401, "bad_credentials", "msg").await;
    }
    // Larger than any address, so that its domain isn't converted.
    let large = format!("ana@{}", "ñ.".repeat(50_000));
    refused(login(&server, &large, PASSWORD).await, 401, "bad_credentials", "msg").await;
}

#[tokio::test]
async fn the_name_and_the_address_are_throttled_together() {
    let server = behind_a_proxy().await;
    server.add_user("ana").await;
    for given in ["ana", "ana@example.com", "Ana@EXAMPLE.com", "ANA", "ana"] {
        let response = login_from(&server, "203.0.113.66", given, "wrong password").await;
        refused(response, 401, "bad_credentials", "msg").await;
    }
    for given in ["ana", "ana@example.com"] {
        let response = login_from(&server, "203.0.113.66", given, PASSWORD).await;
        refused(response, 429, "rate_limited", "msg").await;
    }
    // The owner signs in from another IP address.
    for given in ["ana", "ana@example.com"] {
        let response = login_from(&server, "198.51.100.7", given, PASSWORD).await;
        assert_eq!(response.status(), 200, "{given}");
    }
    // Unknown accounts are throttled in the same way, in all forms of one address.
    for given in [
        "x@españa.es",
        "X@xn--espaa-rta.es",
        "x@ESPAÑA.es",
        "x@españa。es",
        "x@españa.es",
    ] {
        let response = login_from(&server, "203.0.113.66", given, "wrong password").await;
        refused(response, 401, "bad_credentials", "msg").await;
    }
    let response = login_from(&server, "203.0.113.66", "x@xn--espaa-rta.es", "wrong password").await;
    refused(response, 429, "rate_limited", "msg").await;
}
