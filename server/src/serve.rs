//! Wiring of the server, the accept loop and the graceful shutdown.
//!
//! `axum::serve` has no timeout for headers, so the loop uses hyper directly. HTTP/1.1 only: browsers use HTTP/2 only
//! over TLS, and a proxy that terminates TLS uses HTTP/1.1 to its backend.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    path::Path,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, header::CONNECTION},
    response::Response,
};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use leptos::config::LeptosOptions;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::{Service, ServiceExt};
use tracing::{debug, error, info, warn};

use crate::{
    accounts::{Accounts, AdminError, bootstrap_admin},
    http::{
        layers::{burst_limit::BurstLimit, rate_limit::RouteLimits},
        metrics_gate::MetricsGate,
        readiness::Readiness,
        router::router,
        session_cookie::SessionCookie,
        state::{AppState, Instance, Parts},
    },
    limits::{LimitStorage, StorageError},
    mail::{self, Outbox, Transport, TransportError},
    metrics::Metrics,
    models::{Initial, InitialLive, Models},
    prediction::{LoadedModel, Model, Predictor},
    prometheus::Prometheus,
    retention::Retention,
    review::Rereader,
    scrapes::{Recorder, Scraper},
    settings::{ConnectionSettings, Settings, ShutdownSettings, is_mismatched},
    store::{ConnectError, KeyCheck, Store, StoreError},
    tokens::{KeyError, KeyKind, Keys},
    util::Clock,
};

/// Maximum size of the request line and headers, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Delay after a failed accept, most likely for lack of file descriptors, so that the loop doesn't spin.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Loads a model in place of the shipped one.
type LoadModel = Box<dyn FnOnce() -> Result<Model, String> + Send>;

/// A server that is bound to its address and ready to run.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: Router,
    mail: mail::Worker,
    retention: Retention,
    rereader: Rereader,
    models: Models,
    recorder: Recorder,
    flood: Option<BurstLimit>,
    limit_storage: LimitStorage,
    readiness: Readiness,
    metrics: Metrics,
    connections: ConnectionSettings,
    shutdown: ShutdownSettings,
}

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be bound.
    #[error("can't listen on {address} (HOST, PORT): {cause}")]
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// The error of the system.
        cause: io::Error,
    },
    /// The database can't be opened.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// A key can't be read or generated.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Other servers use this database with other keys.
    #[error(
        "{0}: not the key of the other servers of this database. Without the setting each server generates its own, in \
         DATA_DIR. Set it to the same on all of them; if their key is lost, run `server forget-keys` once"
    )]
    OtherKey(&'static str),
    /// The keys can't be compared with those of other servers.
    #[error("can't compare the keys with those of other servers: {0}")]
    Keys(StoreError),
    /// The first administrator can't be created.
    #[error("can't make the first admin: {0}")]
    Admin(#[from] AdminError),
    /// The mail transport can't be configured.
    #[error("can't speak to the mail server (MAIL_SERVER): {0}")]
    Mail(#[from] TransportError),
    /// The limits can't be counted where the settings say.
    #[error(transparent)]
    LimitStorage(#[from] StorageError),
    /// The inference thread can't be spawned.
    #[error("can't start the inference thread: {0}")]
    Thread(io::Error),
    /// The metrics can't be registered.
    #[error("can't measure: {0}")]
    Metrics(#[from] axum_prometheus::metrics_exporter_prometheus::BuildError),
    /// The client for Prometheus can't be configured.
    #[error("can't speak to Prometheus (PROMETHEUS_URL): {0}")]
    Prometheus(#[from] rustls::Error),
}

impl Server {
    /// Binds the address, opens the database, and starts to load the live model.
    pub async fn bind(settings: &Settings, site: LeptosOptions) -> Result<Self, StartError> {
        Self::bind_loading(settings, site, None, Clock::system()).await
    }

    /// As [`Server::bind`] with another model in place of the shipped one, for tests.
    pub async fn bind_with<L>(settings: &Settings, site: LeptosOptions, load: L) -> Result<Self, StartError>
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        Self::bind_with_clock(settings, site, load, Clock::system()).await
    }

    /// As [`Server::bind_with`], with a clock that tests can move.
    pub async fn bind_with_clock<L>(
        settings: &Settings,
        site: LeptosOptions,
        load: L,
        clock: Clock,
    ) -> Result<Self, StartError>
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        Self::bind_loading(settings, site, Some(Box::new(load)), clock).await
    }

    async fn bind_loading(
        settings: &Settings,
        site: LeptosOptions,
        load: Option<LoadModel>,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let metrics = Metrics::new(settings)?;
        let address = site.site_addr;
        let listen = |cause| StartError::Listen { address, cause };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        if !Path::new(&*site.site_root).join(&*site.site_pkg_dir).is_dir() {
            warn!(
                "La página no está construida: falta '{}'. La construye `make build`.",
                site.site_root
            );
        }
        let site_missing = is_mismatched(&site);
        if site_missing {
            error!(
                "Las páginas nombran archivos que no existen: '{}' no está ni junto al programa ni en '{}', o es de otra \
                 compilación.",
                site.hash_file, site.site_root
            );
        }
        let store = Store::connect(&settings.database).await?.with_clock(clock.clone());
        store.listen().await;
        let backend = settings.inference.inference_device;
        let (predictor, live) = if let Some(load) = load {
            let load = move || load().map(LoadedModel::in_place_of_shipped);
            (Predictor::start(settings, &metrics, load), InitialLive::default())
        } else {
            let (load, live) = Initial::read(&store, backend, &metrics).await.split(backend);
            (Predictor::start(settings, &metrics, load), live)
        };
        let predictor = predictor.map_err(StartError::Thread)?;
        let models = Models::new(store.clone(), predictor.clone(), metrics.clone(), backend, live).await;
        let keys = Keys::load(settings)?;
        check_keys(&keys, &store).await?;
        bootstrap_admin(&settings.accounts, &store).await?;
        let limit_storage = LimitStorage::open(&settings.limits, &keys).await?;
        let outbox = Outbox::default();
        let public_url = settings.mail.public_url.clone();
        let public_url = public_url.unwrap_or_else(|| format!("http://{address}"));
        let session_cookie = SessionCookie::new(public_url.starts_with("https://"), settings.mail.public_origin());
        let accounts = Accounts::new(
            settings,
            store.clone(),
            keys.clone(),
            outbox.clone(),
            clock.clone(),
            &limit_storage,
        );
        let mail = mail::Worker {
            store: store.clone(),
            keys,
            transport: Transport::new(settings)?,
            public_url,
            outbox,
            metrics: metrics.clone(),
        };
        let retention = Retention {
            store: store.clone(),
            days: settings.database.history_days,
            metrics: metrics.clone(),
        };
        let rereader = Rereader {
            store: store.clone(),
            predictor: predictor.clone(),
        };
        let readiness = Readiness::new(predictor.clone(), store.clone(), site_missing);
        let scraper = Scraper {
            metrics: metrics.clone(),
            predictor: predictor.clone(),
            store: store.clone(),
            limit_storage: limit_storage.clone(),
        };
        let host = rustix::system::uname();
        let host = host.nodename().to_string_lossy();
        let data_dir = &settings.database.data_dir;
        let port = site.site_addr.port();
        let recorder = Recorder::restore(scraper.clone(), clock.clone(), data_dir, &host, port).await;
        let prometheus = Prometheus::new(settings.metrics.prometheus_url.as_ref(), clock.clone())?;
        let instance = format!("{host}:{}", address.port());
        let state = AppState::from(Parts {
            site,
            predictor,
            models: models.clone(),
            accounts,
            store,
            session_cookie,
            limits: RouteLimits::new(&settings.limits, &limit_storage),
            readiness: readiness.clone(),
            metrics: metrics.clone(),
            metrics_gate: MetricsGate::new(&settings.metrics),
            scraper,
            recorder: recorder.clone(),
            prometheus,
            instance: Instance(instance.into()),
        });
        let flood = BurstLimit::new(settings.limits.ratelimit_enabled, &settings.limits.ratelimit_flood);
        Ok(Self {
            listener,
            address,
            app: router(state, settings, flood.as_ref()),
            mail,
            retention,
            rereader,
            models,
            recorder,
            flood,
            limit_storage,
            readiness,
            metrics,
            connections: settings.connections.clone(),
            shutdown: settings.shutdown.clone(),
        })
    }

    /// The bound address, with the actual port if port 0 was requested.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` completes; then reports not ready, finishes the requests in progress, and returns.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self {
            listener,
            address,
            app,
            mail,
            retention,
            rereader,
            models,
            recorder,
            flood,
            limit_storage,
            readiness,
            metrics,
            connections,
            shutdown,
        } = self;
        let mail = mail.start();
        let retention = retention.start();
        let rereader = rereader.start();
        let models = models.start();
        let recording = recorder.start();
        let flood = flood.map(|flood| flood.spawn_cleanup());
        let limit_storage = limit_storage.start();
        info!("Escuchando en http://{address}");
        let upkeep = tokio::spawn(metrics.run_upkeep());
        let graceful = GracefulShutdown::new();
        let connection_permits = Arc::new(Semaphore::new(connections.max_connections));
        let mut tasks = JoinSet::new();
        let mut stop = pin!(async {
            stop.await;
            info!("Terminando: se acaban las solicitudes en curso.");
            readiness.drain();
            sleep(shutdown.shutdown_delay_seconds).await;
        });
        loop {
            let (stream, peer, permit) = tokio::select! {
                accepted = accept(&listener, &connection_permits) => accepted,
                () = &mut stop => break,
            };
            let draining = readiness.draining();
            let service = app
                .clone()
                .map_request(move |request: Request<Incoming>| with_peer(request, peer))
                .map_response(move |response| closing_if(&draining, response));
            tasks.spawn(serve(stream, service, connections.clone(), graceful.watcher(), permit));
            while tasks.try_join_next().is_some() {}
        }
        drop(listener);
        let open = graceful.count();
        let finished = timeout(shutdown.shutdown_grace_seconds, graceful.shutdown());
        let (finished, ()) = tokio::join!(finished, mail.shut_down());
        if finished.is_err() {
            warn!(
                "Se cortan conexiones que no acabaron a tiempo: de {open}, {}.",
                tasks.len()
            );
        }
        upkeep.abort();
        retention.inspect(JoinHandle::abort);
        rereader.abort();
        models.abort();
        recording.abort();
        recorder.save().await;
        flood.inspect(JoinHandle::abort);
        limit_storage.inspect(JoinHandle::abort);
        info!("Terminado.");
    }
}

/// The next connection, once a permit is available.
async fn accept(listener: &TcpListener, permits: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(permits).acquire_owned().await else {
            std::future::pending().await
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) => {
                warn!("No se pudo aceptar una conexión: {error}");
                sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}

/// Converts the request for axum and adds the client's address.
fn with_peer(request: Request<Incoming>, peer: SocketAddr) -> Request<Body> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// Lets a proxy know that the connection ends with this response, while the server is shutting down: a request that it sent
/// into an idle connection as that is closed would be lost.
fn closing_if(draining: &AtomicBool, mut response: Response) -> Response {
    if draining.load(Ordering::Relaxed) {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Compares the keys with those of the other servers of the database.
async fn check_keys(keys: &Keys, store: &Store) -> Result<(), StartError> {
    for kind in KeyKind::ALL {
        let checked = store.check_keys(kind.name(), &keys.fingerprints(kind)).await;
        match checked.map_err(StartError::Keys)? {
            KeyCheck::Known => {}
            KeyCheck::Replaced => warn!(
                "{}: la clave es otra que la última vez; lo que se hizo con aquella ya no vale.",
                kind.settings()
            ),
            KeyCheck::Refused => return Err(StartError::OtherKey(kind.settings())),
        }
    }
    Ok(())
}

/// Serves one connection until it is closed or the server shuts down.
async fn serve<S>(
    stream: TcpStream,
    service: S,
    settings: ConnectionSettings,
    watcher: Watcher,
    _permit: OwnedSemaphorePermit,
) where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    if let Err(error) = stream.set_nodelay(true) {
        debug!("No se pudo quitar la espera de una conexión: {error}");
    }
    // hyper bounds only the time for headers: a client that doesn't read its response would hold the connection.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(settings.response_timeout_seconds));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout_seconds)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        debug!("Conexión terminada: {error}");
    }
}
