//! How clients are identified.

use super::{
    limit_refused, limited_in, register_with, standing,
    storage::{Storage, in_each_storage},
};

/// Headers that a client can forge to appear as another client.
const FORGED: [(&str, &str); 7] = [
    ("x-forwarded-for", "203.0.113.9"),
    ("x-forwarded-for", "127.0.0.1, 203.0.113.9"),
    ("x-real-ip", "203.0.113.9"),
    ("forwarded", "for=203.0.113.9;proto=https"),
    ("cf-connecting-ip", "203.0.113.9"),
    ("true-client-ip", "203.0.113.9"),
    ("x-client-ip", "203.0.113.9"),
];

in_each_storage!(
    forged_headers_do_not_avoid_the_limit,
    a_trusted_proxy_supplies_the_client_address,
);

async fn forged_headers_do_not_avoid_the_limit(storage: &Storage) {
    for trusted in [None, Some("10.0.0.0/8")] {
        let server = limited_in(storage, |settings| {
            settings.limits.ratelimit_register = "7 per hour".parse().unwrap();
            settings.limits.trusted_proxies = trusted.map(|proxies| proxies.parse().unwrap()).into_iter().collect();
        })
        .await;
        for (used, header) in (1..).zip(FORGED) {
            assert_eq!(standing(&register_with(&server, &[header]).await), (7, 7 - used));
        }
        for header in FORGED {
            limit_refused(register_with(&server, &[header]).await, "/api/register", 7).await;
        }
        limit_refused(register_with(&server, &FORGED).await, "/api/register", 7).await;
    }
}

async fn a_trusted_proxy_supplies_the_client_address(storage: &Storage) {
    let server = limited_in(storage, |settings| {
        settings.limits.ratelimit_register = "2 per hour".parse().unwrap();
        settings.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let from = async |address: &str| register_with(&server, &[("x-forwarded-for", address)]).await;
    for address in ["203.0.113.9", "203.0.113.10", "2001:db8:1:2::1"] {
        assert_eq!(standing(&from(address).await), (2, 1), "{address}");
        assert_eq!(from(address).await.status(), 400);
        limit_refused(from(address).await, "/api/register", 2).await;
    }
    // Entries written by the client are further left; an IPv6 client is identified by its /64 network.
    for address in [
        "198.51.100.1, 203.0.113.9",
        "198.51.100.1, 203.0.113.9, 127.0.0.2",
        "2001:db8:1:2:ffff::1",
        "[2001:db8:1:2::7]",
        "[2001:db8:1:2::8]:4711",
    ] {
        limit_refused(from(address).await, "/api/register", 2).await;
    }
    // Only X-Forwarded-For is trusted: the proxy passes other headers on unchanged.
    for (left, header) in [(1, "x-real-ip"), (0, "forwarded")] {
        let response = register_with(&server, &[(header, "198.51.100.77")]).await;
        assert_eq!(standing(&response), (2, left), "the proxy's own");
    }
}
