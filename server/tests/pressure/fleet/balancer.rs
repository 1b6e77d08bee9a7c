//! `HAProxy` before the servers: it asks each whether it is ready, and sends a request again only where the connection could
//! not be made.

use std::{
    fmt::Write,
    fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;

use super::lasting_port;

/// Debian's package puts it where not every user's PATH leads.
const PROGRAM: &str = "/usr/sbin/haproxy";

/// The running proxy.
pub(super) struct Balancer {
    process: Child,
    port: u16,
    _folder: TempDir,
}

/// Asks the servers through the proxy, with connections of its own.
pub(super) struct Visitor {
    client: Client,
    port: u16,
}

impl Balancer {
    pub(super) fn start(servers: &[SocketAddr]) -> Self {
        let folder = TempDir::new().unwrap();
        let port = lasting_port();
        let mut config = format!(
            "defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout check 2s
    retries 3
    retry-on conn-failure
    option redispatch 1
frontend service
    bind 127.0.0.1:{port}
    default_backend servers
backend servers
    balance roundrobin
    option forwardfor
    option httpchk GET /health/ready
    http-check expect status 200
    default-server check inter 200ms fall 1 rise 1
"
        );
        for (number, address) in servers.iter().enumerate() {
            writeln!(config, "    server server{number} {address}").unwrap();
        }
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, config).unwrap();
        let program = if Path::new(PROGRAM).exists() {
            PROGRAM
        } else {
            "haproxy"
        };
        let process = Command::new(program)
            .args(["-db", "-f"])
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("HAProxy runs (scripts/setup.sh test)");
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    pub(super) fn visitor(&self) -> Visitor {
        Visitor {
            client: Client::builder().no_proxy().build().unwrap(),
            port: self.port,
        }
    }
}

impl Visitor {
    pub(super) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://127.0.0.1:{}{path}", self.port))
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _status = self.process.wait();
    }
}
