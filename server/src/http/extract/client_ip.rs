//! The IP address of the client, behind trusted proxies too.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use tracing::warn;

pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that rate limits are keyed by; an extension of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientIp {
    /// The address. For IPv6 only the first 64 bits are kept: one host controls all addresses of such a network.
    pub ip: IpAddr,
    /// Whether the connection comes from a trusted proxy.
    pub is_proxied: bool,
}

/// The networks of the trusted proxies.
#[derive(Debug, Clone)]
pub(crate) struct TrustedProxies {
    networks: Arc<[IpNet]>,
    /// Whether another peer has sent `X-Forwarded-For`.
    is_reported: Arc<AtomicBool>,
}

impl TrustedProxies {
    /// Those of the settings.
    pub(crate) fn new(networks: &[IpNet]) -> Self {
        Self {
            networks: networks.into(),
            is_reported: Arc::default(),
        }
    }

    fn contains(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&ip))
    }

    /// Warns of the first peer that forwards requests as a proxy does and isn't trusted. Once, because any client can send
    /// the header.
    fn report(&self, peer: IpAddr, headers: &HeaderMap) {
        let is_forwarded = headers.contains_key(FORWARDED_FOR) && !self.contains(peer);
        if is_forwarded && !self.is_reported.swap(true, Ordering::Relaxed) {
            warn!(
                "La cabecera X-Forwarded-For de {peer} no se tiene en cuenta. Si {peer} es tu proxy, ponlo en \
                 TRUSTED_PROXIES; sin eso, todos los visitantes comparten sus límites."
            );
        }
    }

    /// The peer, or what trusted proxies report. `X-Forwarded-For` is read from the right, where each proxy appends its
    /// peer: the first address that is not a trusted proxy is the client. Entries further left come from the client
    /// and are ignored.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientIp {
        let is_proxied = self.contains(peer);
        let mut ip = peer;
        if is_proxied {
            let hops: Vec<_> = headers
                .get_all(FORWARDED_FOR)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .collect();
            for hop in hops.into_iter().rev() {
                let Some(address) = address(hop) else { break };
                ip = address;
                if !self.contains(ip) {
                    break;
                }
            }
        }
        ClientIp {
            ip: network(ip),
            is_proxied,
        }
    }
}

/// Parses an address with or without a port. One of IPv6 may be in brackets without a port too.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    bare.unwrap_or(hop)
        .parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|ip| ip.to_canonical())
}

fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        ip @ IpAddr::V4(_) => ip,
    }
}

/// The layer that stores the [`ClientIp`] in the extensions of the request.
pub(crate) async fn resolve_client_ip(
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(peer)| {
            peer.ip().to_canonical()
        });
    proxies.report(peer, request.headers());
    let client = proxies.client(peer, request.headers());
    request.extensions_mut().insert(client);
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        // Set by `resolve_client_ip`, which wraps every route.
        Ok(parts.extensions.get().copied().unwrap_or(Self {
            ip: Ipv6Addr::UNSPECIFIED.into(),
            is_proxied: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let networks: Vec<IpNet> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let proxies = TrustedProxies::new(&networks);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).ip.to_string()
    }

    #[test]
    fn without_trusted_proxies_the_peer_is_the_client() {
        assert_eq!(client(&[], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
    }

    #[test]
    fn of_a_trusted_proxy_the_rightmost_stranger_is_the_client() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(client(&proxies, "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client(&proxies, "10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            client(&proxies, "10.0.0.1", &["6.6.6.6", "198.51.100.1:4711"]),
            "198.51.100.1"
        );
        assert_eq!(client(&proxies, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(&proxies, "10.0.0.1", &["6.6.6.6, nonsense"]), "10.0.0.1");
    }

    #[test]
    fn an_ipv6_address_may_be_in_brackets() {
        for hop in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"] {
            assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &[hop]), "2001:db8::");
        }
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &["[2001:db8::1"]), "10.0.0.1");
    }

    #[test]
    fn a_host_is_its_ipv6_network() {
        assert_eq!(client(&[], "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(client(&[], "::ffff:203.0.113.7", &[]), "203.0.113.7");
    }
}
