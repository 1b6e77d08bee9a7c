//! The signals that end the process.

use std::future::pending;

use tokio::signal::unix::{SignalKind, signal};

/// Until SIGTERM or SIGINT arrives once more. Each call counts from when it is made.
pub async fn stop() {
    tokio::select! {
        () = arrived(SignalKind::terminate()) => {}
        () = arrived(SignalKind::interrupt()) => {}
    }
}

async fn arrived(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        // Can't be listened to: then the system's own default, which ends the process, is still in place.
        Err(_) => pending().await,
    }
}
