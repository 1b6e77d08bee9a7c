//! Clients that send their headers or their body byte by byte, or don't read their response: they are cut, and others aren't
//! affected.

use std::{
    fs::File,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    harness::{Installation, Row, assert_no_internal_error, is_long, percentile, predict, short_or_long, shown},
    support::{program::Program, server::PASSWORD},
};

/// Larger than what the system's buffers hold.
const LARGE_FILE_BYTES: u64 = 256 << 20;

/// Clients that wait for each of their answers meanwhile.
const OTHERS: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slow {
    Headers,
    Body,
    Reading,
}

const KINDS: [Slow; 3] = [Slow::Headers, Slow::Body, Slow::Reading];

impl Slow {
    fn start(self) -> &'static str {
        match self {
            Self::Headers => "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            Self::Body => {
                "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"
            }
            Self::Reading => "GET /pkg/large.js HTTP/1.1\r\nHost: x\r\n\r\n",
        }
    }

    /// The setting that bounds it, and when it is cut by default, in seconds (docs/settings.md).
    fn bound(self) -> (&'static str, u64) {
        match self {
            Self::Headers => ("HEADER_TIMEOUT_SECONDS", 20),
            // Ten times the setting, because some of it arrives each second.
            Self::Body => ("REQUEST_TIMEOUT_SECONDS", 300),
            Self::Reading => ("RESPONSE_TIMEOUT_SECONDS", 30),
        }
    }

    async fn connect(self, address: SocketAddr) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        if self == Self::Reading {
            socket.set_recv_buffer_size(4096).unwrap();
        }
        let mut stream = socket.connect(address).await.unwrap();
        stream.write_all(self.start().as_bytes()).await.unwrap();
        stream
    }

    /// Sends a byte now and then until the server closes the connection; returns what it has sent.
    async fn until_cut(self, mut stream: TcpStream) -> Vec<u8> {
        let mut received = Vec::new();
        let mut buffer = [0; 1024];
        loop {
            tokio::select! {
                read = stream.read(&mut buffer), if self != Self::Reading => match read {
                    Ok(0) | Err(_) => return received,
                    Ok(length) => received.extend_from_slice(&buffer[..length]),
                },
                () = sleep(short_or_long(Duration::from_millis(50), Duration::from_secs(1))) => {
                    if stream.write_all(b"x").await.is_err() {
                        return received;
                    }
                }
            }
        }
    }
}

/// The times of other requests in the given time.
async fn others(program: &Arc<Program>, token: &str, first: u32, time: Duration) -> Vec<Duration> {
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..u32::try_from(OTHERS).unwrap() {
        let (program, token) = (Arc::clone(program), token.to_owned());
        clients.spawn(async move {
            let mut times = Vec::new();
            for number in 0.. {
                if start.elapsed() > time {
                    break;
                }
                let begun = Instant::now();
                let response = predict(&program, &token, first + client * 1_000_000 + number)
                    .await
                    .unwrap();
                assert_eq!(response.status(), 200);
                let page = program.ask(Method::GET, "/").send().await.unwrap();
                assert_eq!(page.status(), 200);
                times.push(begun.elapsed());
            }
            times
        });
    }
    clients.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_cut_and_others_are_not_affected() {
    let mut row = Row::new("1,000 slow clients");
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let bounds = KINDS.map(|kind| (kind.bound().0, "1"));
    let installation = Installation::new(if is_long() { &[] } else { &bounds });
    let large = File::create(installation.files().join("large.js")).unwrap();
    large.set_len(LARGE_FILE_BYTES).unwrap();
    let program = Arc::new(installation.ready(&[]).await);
    let token = program.sign_in("admin", PASSWORD).await;
    let time = short_or_long(Duration::from_millis(500), Duration::from_secs(15));
    let alone = others(&program, &token, 0, time).await;

    let count = short_or_long(60, 1_000);
    let mut slow = JoinSet::new();
    for kind in KINDS.into_iter().cycle().take(count) {
        let start = Instant::now();
        let stream = kind.connect(program.address()).await;
        slow.spawn(async move {
            let received = timeout(Duration::from_mins(6), kind.until_cut(stream)).await;
            (kind, received.expect("it is cut"), start.elapsed())
        });
    }
    let beside = others(&program, &token, 10_000_000, time).await;
    let cut = slow.join_all().await;
    for (kind, received, _) in &cut {
        let text = String::from_utf8_lossy(received);
        // The answer may be lost with the connection.
        let is_expected = match kind {
            Slow::Body => text.is_empty() || text.starts_with("HTTP/1.1 408"),
            Slow::Headers | Slow::Reading => text.is_empty(),
        };
        assert!(is_expected, "{text}");
    }
    row.figure(format!("{} clients cut", cut.len()));
    for (kind, name) in KINDS.into_iter().zip(["headers", "body", "reading"]) {
        let times = cut.iter().filter(|(other, ..)| *other == kind);
        let longest = times.map(|(.., time)| *time).max().unwrap();
        row.bounded(
            format!("{name} after {}", shown(longest)),
            longest <= Duration::from_secs(kind.bound().1 + 10),
        );
    }
    let (before, after) = (percentile(&alone, 99), percentile(&beside, 99));
    row.bounded(
        format!("p99 of others {}, without them {}", shown(after), shown(before)),
        after <= before * 2,
    );
    let program = Arc::into_inner(program).unwrap();
    assert_no_internal_error(&program.stop());
    row.finish();
}
