//! The signals that stop the process.

use std::{future::pending, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Completes when SIGTERM or SIGINT arrives.
///
/// The handlers are registered by this call, not by the first poll of the future, so that no signal in between is lost.
pub fn stop() -> impl Future<Output = ()> {
    let [terminate, interrupt] = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async {
        tokio::select! {
            () = received(terminate) => {}
            () = received(interrupt) => {}
        }
    }
}

async fn received(signal: io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        // Without a handler, the default action of the system still ends the process.
        Err(_) => pending().await,
    }
}
