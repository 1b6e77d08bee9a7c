//! Entry point: loads the settings, starts the log, and serves until a signal.

use std::process::ExitCode;

use leptos::config::LeptosOptions;
use server::{Server, commands, settings::Settings, signals, telemetry};
use tracing::{error, warn};

/// A request makes hundreds of small allocations. jemalloc takes less time for them than glibc's allocator, and gives
/// memory back.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let (settings, site) = Settings::load();
    // Waits when dropped until all lines are written.
    let _log_guard = telemetry::init(&settings.log);
    settings.secrets().for_each(telemetry::redact);
    for url in [&settings.database.url(), &settings.limits.ratelimit_storage_url]
        .into_iter()
        .chain(&settings.metrics.prometheus_url)
    {
        telemetry::redact_url_password(url.expose());
    }
    match run(&settings, site) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            error!("{cause}");
            ExitCode::FAILURE
        }
    }
}

fn run(settings: &Settings, site: LeptosOptions) -> Result<(), Box<dyn std::error::Error>> {
    // The usual soft limit, 1,024, is less than MAX_CONNECTIONS and the files of the server itself.
    if let Err(cause) = rlimit::increase_nofile_limit(u64::MAX) {
        warn!("No se pudo subir el límite de archivos abiertos: {cause}");
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            if let Some(command) = &settings.command {
                return commands::run(command, settings).await;
            }
            let server = Server::bind(settings, site).await?;
            let (stop, first) = (signals::stop(), signals::stop());
            tokio::select! {
                () = server.run(stop) => Ok(()),
                () = async { first.await; signals::stop().await } => Err("second signal: ended at once".into()),
            }
        })
}
