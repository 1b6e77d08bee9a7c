//! Ten times the requests that the server can answer: those beyond are refused at once, and the others are answered as fast
//! as without them.

use std::{
    iter::once,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use image::{Luma, buffer::Pixels, imageops};
use reqwest::{Client, Method};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep},
};

use crate::{
    harness::{Installation, Row, assert_no_internal_error, is_long, percentile, short_or_long, shown, tally},
    support::{
        pictures::{Kind, drawn, png, zlib},
        program::Program,
        server::{PASSWORD, file},
    },
};

/// Requests that are sent at most at the same time; fewer than `MAX_CONNECTIONS`.
const MAX_OPEN: usize = 800;

/// Clients that wait for each answer, with which the server is busy and has hardly a queue.
const CLIENTS: usize = 8;

const TICK: Duration = Duration::from_millis(10);

/// A digit, large in pixels and small in bytes: the server has so much to do with it that a client beside it can send ten
/// times as many.
fn picture() -> Vec<u8> {
    let side = short_or_long(1_200, 3_000);
    let large = imageops::resize(&drawn("3-round"), side, side, imageops::FilterType::Nearest);
    // Each row starts with its filter type; 0 is none.
    let row = |pixels: Pixels<'_, Luma<u8>>| -> Vec<u8> { once(0).chain(pixels.map(|pixel| pixel.0[0])).collect() };
    let rows: Vec<_> = large.rows().map(row).collect();
    png(side, side, Kind::Grey8, &[], &zlib(rows.iter().map(Vec::as_slice)))
}

#[derive(Clone)]
struct Requests {
    client: Client,
    url: String,
    token: String,
    picture: Arc<Vec<u8>>,
    sent: Arc<AtomicUsize>,
}

impl Requests {
    /// Sends the picture with other bytes at its end, which aren't part of it, so that it isn't found in the cache.
    async fn send(&self) -> u16 {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let bytes = [self.picture.as_slice(), &number.to_be_bytes()].concat();
        let request = self.client.post(&self.url).bearer_auth(&self.token);
        let response = request.multipart(file("a.png", bytes)).send().await.unwrap();
        let status = response.status().as_u16();
        assert!([200, 429, 503].contains(&status), "{status}");
        assert_eq!(status != 200, response.headers().contains_key("retry-after"));
        response.bytes().await.unwrap();
        status
    }

    /// Answered predictions a second, from clients that wait for each answer.
    async fn best(&self, time: Duration) -> f64 {
        let start = Instant::now();
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let requests = self.clone();
            clients.spawn(async move {
                let mut answered = 0;
                while start.elapsed() < time {
                    answered += u32::from(requests.send().await == 200);
                }
                answered
            });
        }
        let answered: u32 = clients.join_all().await.into_iter().sum();
        f64::from(answered) / start.elapsed().as_secs_f64()
    }

    /// Sends `rate` requests a second, whatever is answered; returns the statuses with the times of the answers.
    async fn offer(&self, rate: f64, time: Duration) -> Vec<(u16, Duration)> {
        let start = Instant::now();
        let (mut open, mut statuses, mut due) = (JoinSet::new(), Vec::new(), 0.0);
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        while start.elapsed() < time {
            ticks.tick().await;
            due += rate * TICK.as_secs_f64();
            while due >= 1.0 {
                due -= 1.0;
                if open.len() < MAX_OPEN {
                    let requests = self.clone();
                    open.spawn(async move { (requests.send().await, start.elapsed()) });
                }
            }
            while let Some(answer) = open.try_join_next() {
                statuses.push(answer.unwrap());
            }
        }
        statuses.extend(open.join_all().await);
        statuses
    }
}

/// Asks `/health/live` until told to stop; returns the times of the answers.
async fn ask_live(program: Arc<Program>, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        let response = program.ask(Method::GET, "/health/live").send().await.unwrap();
        times.push(start.elapsed());
        assert_eq!(response.status(), 200);
        sleep(Duration::from_millis(20)).await;
    }
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn more_requests_than_can_be_answered_are_refused_and_the_others_answered() {
    let mut row = Row::new("Ten times the load");
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    // A short queue is soon full.
    let short = [("DECODE_QUEUE_LENGTH", "8"), ("DECODE_PERMITS", "1")];
    let settings: &[(&str, &str)] = if is_long() { &[] } else { &short };
    let installation = Installation::new(settings);
    let program = Arc::new(installation.ready(&[]).await);
    let requests = Requests {
        // Connections are given up before the server does.
        client: Client::builder()
            .no_proxy()
            .pool_idle_timeout(Duration::from_secs(5))
            .build()
            .unwrap(),
        url: program.url("/predict"),
        token: program.sign_in("admin", PASSWORD).await,
        picture: Arc::new(picture()),
        sent: Arc::default(),
    };
    let best = requests
        .best(short_or_long(Duration::from_secs(2), Duration::from_secs(30)))
        .await;
    let stop = Arc::<AtomicBool>::default();
    let live = tokio::spawn(ask_live(Arc::clone(&program), Arc::clone(&stop)));
    // More than the queue's length in any case.
    let rate = (10.0 * best).max(30.0);
    let time = short_or_long(Duration::from_secs(2), Duration::from_mins(10));
    let answers = requests.offer(rate, time).await;
    stop.store(true, Ordering::Relaxed);
    let live = live.await.unwrap();

    let refused = answers.iter().filter(|(status, _)| *status != 200).count();
    let answered = answers
        .iter()
        .filter(|(status, at)| *status == 200 && *at <= time)
        .count();
    assert!(refused > 0 && answered > 0, "it was too much, and not all was refused");
    let goodput = answered as f64 / time.as_secs_f64();
    let offered = answers.len() as f64 / time.as_secs_f64();
    row.bounded(
        format!("{:.1} times the best offered", offered / best),
        offered >= 9.0 * best,
    );
    row.figure(tally(answers.iter().map(|(status, _)| *status)));
    row.bounded(
        format!("goodput {:.0} % of the best ({best:.1}/s)", goodput / best * 100.0),
        goodput >= 0.95 * best,
    );
    let p99 = percentile(&live, 99);
    row.bounded(
        format!("p99 of /health/live {}", shown(p99)),
        p99 <= Duration::from_millis(100),
    );
    // It has recovered.
    assert_eq!(requests.send().await, 200);
    let program = Arc::into_inner(program).unwrap();
    assert_no_internal_error(&program.stop());
    row.finish();
}
