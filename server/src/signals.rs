//! The signals that end the process.

use std::{future::pending, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Until SIGTERM or SIGINT arrives once more.
///
/// They are listened to from this call on, not from the first poll of what it returns: one that arrives in between
/// counts.
pub fn stop() -> impl Future<Output = ()> {
    let [terminate, interrupt] = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async {
        tokio::select! {
            () = arrived(terminate) => {}
            () = arrived(interrupt) => {}
        }
    }
}

async fn arrived(signal: io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        // Can't be listened to: then the system's own default, which ends the process, is still in place.
        Err(_) => pending().await,
    }
}
