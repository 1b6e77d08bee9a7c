//! Three servers on one database, behind a proxy: one is killed, all are restarted in turn, one ends a session, and all send
//! mail.

mod balancer;
mod load;
mod mail;
mod restarts;
mod sessions;

use std::net::{SocketAddr, TcpListener};

use rand::RngExt;
use reqwest::Method;

use crate::{
    cluster::Cluster,
    harness::{Installation, until_ready},
    support::{eventually, program::Program},
};
use balancer::Balancer;

const SERVERS: usize = 3;

/// The servers, which have one data folder and so the same keys.
struct Fleet {
    /// `None` while it doesn't run.
    servers: [Option<Program>; SERVERS],
    addresses: [SocketAddr; SERVERS],
    balancer: Balancer,
    /// Their database's URL.
    database: String,
    // Removed after the servers have ended.
    installation: Installation,
    _cluster: Cluster,
}

impl Fleet {
    /// Starts them together on an empty database, and waits until they are ready.
    async fn start(settings: &[(&'static str, &str)]) -> Self {
        let cluster = Cluster::start();
        let database = cluster.database().await;
        let own = [("DATABASE_URL", database.as_str()), ("TRUSTED_PROXIES", "127.0.0.1")];
        let installation = Installation::new(&[&own[..], settings].concat());
        let addresses: [SocketAddr; SERVERS] = [(); SERVERS].map(|()| ([127, 0, 0, 1], lasting_port()).into());
        let started = std::thread::scope(|scope| {
            let starting = [0, 1, 2].map(|number| {
                let (installation, addresses) = (&installation, &addresses);
                scope.spawn(move || launch(installation, addresses, number))
            });
            starting.map(|server| server.join().expect("it starts"))
        });
        let fleet = Self {
            balancer: Balancer::start(&addresses),
            servers: started.map(Some),
            installation,
            addresses,
            database,
            _cluster: cluster,
        };
        for number in 0..SERVERS {
            until_ready(fleet.server(number)).await;
        }
        let visitor = fleet.balancer.visitor();
        eventually("answer through the proxy", async || {
            let live = visitor.ask(Method::GET, "/health/live").send().await;
            live.is_ok_and(|live| live.status() == 200).then_some(())
        })
        .await;
        fleet
    }

    fn server(&self, number: usize) -> &Program {
        self.servers[number].as_ref().expect("it runs")
    }

    /// Takes a server, which then ends.
    fn take(&mut self, number: usize) -> Program {
        self.servers[number].take().expect("it runs")
    }

    /// Starts a server again, and waits until it is ready.
    async fn start_again(&mut self, number: usize) {
        let server = launch(&self.installation, &self.addresses, number);
        until_ready(&server).await;
        self.servers[number] = Some(server);
    }
}

fn launch(installation: &Installation, addresses: &[SocketAddr], number: usize) -> Program {
    let logs = installation.folder().join(format!("logs{number}"));
    installation.start_at(addresses[number].port(), &logs)
}

/// A port that a server can take again after a restart: outside the range from which the system gives one to connections.
fn lasting_port() -> u16 {
    loop {
        let port = rand::rng().random_range(20_000..32_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
