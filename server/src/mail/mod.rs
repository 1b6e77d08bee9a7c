//! Emails: queued in the outbox table by the accounts, delivered by a worker that retries until the mail expires.

mod email;
mod relay;
mod transport;

use std::{
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tracing::{Instrument, debug, error, info, info_span, warn};

use crate::{
    domain::{self, MailPurpose},
    metrics::{MailResult, Metrics},
    store::{PendingEmail, Store, StoreError},
    tokens::{Keys, mail_token},
};

use email::{Email, EmailError, Link};
pub(crate) use transport::{Transport, TransportError};

/// How often the outbox is polled when the worker isn't woken.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// Emails claimed per query.
const BATCH_SIZE: u64 = 10;

/// The delay after the first failure. It doubles with each further failure, up to [`MAX_RETRY_DELAY`].
const MIN_RETRY_DELAY: Duration = Duration::from_secs(10);
const MAX_RETRY_DELAY: Duration = Duration::from_mins(30);

/// How long the worker waits when the database isn't available for what it has to write there.
const RECORD_RETRY_DELAY: Duration = Duration::from_secs(1);

/// How often expired rows are removed.
const CLEANUP_INTERVAL: Duration = Duration::from_mins(1);

/// How long the shutdown waits for the email that is being sent.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// What the accounts and the worker share.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Shared>);

#[derive(Default)]
struct Shared {
    woken: Notify,
    /// Whether the mail server takes addresses with more than ASCII before the `@`, once it has said so.
    takes_utf8: OnceLock<bool>,
}

impl Outbox {
    /// To be called after an email has been added to the outbox.
    pub(crate) fn wake(&self) {
        self.0.woken.notify_one();
    }

    /// Whether emails can be sent to an address: not if it has more than ASCII before the `@`, and the mail server has said
    /// that it takes only ASCII.
    pub(crate) fn can_send_to(&self, address: &domain::Email) -> bool {
        !(address.needs_smtp_utf8() && self.0.takes_utf8.get() == Some(&false))
    }
}

/// Sends the emails of the outbox.
pub(crate) struct Worker {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) transport: Transport,
    /// The base of the links in emails.
    pub(crate) public_url: String,
    pub(crate) outbox: Outbox,
    pub(crate) metrics: Metrics,
}

/// Handle of the running worker.
pub(crate) struct WorkerHandle {
    task: JoinHandle<()>,
    /// The worker stops when this is dropped.
    stop: watch::Sender<()>,
}

#[derive(Clone)]
struct StopSignal(watch::Receiver<()>);

impl StopSignal {
    fn is_set(&self) -> bool {
        self.0.has_changed().is_err()
    }

    async fn wait(&mut self) {
        let _dropped = self.0.changed().await;
    }
}

impl WorkerHandle {
    /// Stops the worker, and waits for the email that is being sent up to [`SHUTDOWN_TIMEOUT`].
    pub(crate) async fn shut_down(mut self) {
        drop(self.stop);
        if timeout(SHUTDOWN_TIMEOUT, &mut self.task).await.is_err() {
            // It is still in the outbox, so it is sent again after the next start.
            self.task.abort();
            warn!("Se corta el envío de un email que no acabó a tiempo.");
        }
    }
}

impl Worker {
    /// Spawns the worker.
    pub(crate) fn start(self) -> WorkerHandle {
        let (stop, signal) = watch::channel(());
        let task = tokio::spawn(self.run(StopSignal(signal)));
        WorkerHandle { task, stop }
    }

    async fn run(self, mut stop: StopSignal) {
        let mut last_cleanup = None::<Instant>;
        while !stop.is_set() {
            if let Err(cause) = self.send_due(&mut stop).await {
                error!("No se pudo leer la bandeja de salida: {cause}");
            }
            if last_cleanup.is_none_or(|at| at.elapsed() >= CLEANUP_INTERVAL) {
                last_cleanup = Some(Instant::now());
                self.remove_expired().await;
                tokio::select! {
                    () = self.ask_what_is_taken() => {}
                    () = stop.wait() => {}
                }
            }
            tokio::select! {
                _woken_or_elapsed = timeout(POLL_INTERVAL, self.outbox.0.woken.notified()) => {}
                () = stop.wait() => {}
            }
        }
    }

    /// Asks the mail server which addresses it takes, until it has answered once. Meanwhile all are accepted.
    async fn ask_what_is_taken(&self) {
        let known = &self.outbox.0.takes_utf8;
        if known.get().is_some() {
            return;
        }
        match self.transport.takes_utf8().await {
            Ok(takes_utf8) => {
                if !*known.get_or_init(|| takes_utf8) {
                    info!(
                        "El servidor de correo no admite SMTPUTF8: de las direcciones nuevas, solo vale ASCII antes de '@'."
                    );
                }
            }
            Err(cause) => debug!("No se pudo preguntar al servidor de correo qué admite: {cause}"),
        }
    }

    async fn send_due(&self, stop: &mut StopSignal) -> Result<(), StoreError> {
        loop {
            let mut emails = self.store.claim_mail(BATCH_SIZE).await?.into_iter();
            if emails.len() == 0 {
                return Ok(());
            }
            while let Some(email) = emails.next() {
                let span = info_span!("mail", request_id = %email.request_id);
                let recording = &mut stop.clone();
                let mut sending = pin!(
                    async {
                        let retry = self.send(&email).await;
                        self.record(&email, retry, recording).await
                    }
                    .instrument(span)
                );
                tokio::select! {
                    biased;
                    () = stop.wait() => {
                        // At once, so that another server sends the others however long this one takes.
                        let release = self.store.release_mail(emails.map(|email| email.id));
                        let (sent, released) = tokio::join!(sending, release);
                        return sent.and(released);
                    }
                    sent = &mut sending => sent?,
                }
                if stop.is_set() {
                    return self.store.release_mail(emails.map(|email| email.id)).await;
                }
            }
        }
    }

    /// Writes to the outbox what became of an email. Repeated while the database isn't available: an email that was sent
    /// would be claimed and sent again.
    async fn record(
        &self,
        email: &PendingEmail,
        retry: Option<Duration>,
        stop: &mut StopSignal,
    ) -> Result<(), StoreError> {
        loop {
            let recorded = match retry {
                Some(delay) => self.store.retry_mail(email.id, delay).await,
                None => self.store.remove_mail(email.id).await,
            };
            match recorded {
                Err(cause) if cause.is_unavailable() && !stop.is_set() => {
                    error!("No se pudo anotar el envío de un email, se repite: {cause}");
                    tokio::select! {
                        () = sleep(RECORD_RETRY_DELAY) => {}
                        () = stop.wait() => {}
                    }
                }
                recorded => return recorded,
            }
        }
    }

    /// Sends an email; returns when to try again, if it is to be tried again.
    async fn send(&self, pending: &PendingEmail) -> Option<Duration> {
        let purpose = pending.purpose;
        let token = mail_token::token(&self.keys, purpose, &pending.seed);
        let url = email::link(&self.public_url, purpose, &token);
        let email = Email {
            purpose,
            locale: pending.locale,
            username: &pending.username,
            recipient: &pending.recipient,
            link: url.as_deref().map(|url| Link {
                url,
                // Rounded, because the two timestamps are not taken at the same instant.
                hours: ((pending.expires_at - pending.created_at).num_minutes() + 30) / 60,
            }),
        };
        match self.transport.send(&email).await {
            Ok(()) => {
                self.metrics.mail(MailResult::Sent);
                let what = match purpose {
                    MailPurpose::Confirm => "Email de confirmación",
                    MailPurpose::Reset => "Email para cambiar la contraseña",
                    MailPurpose::ChangeEmail => "Email para cambiar la dirección",
                    MailPurpose::PasswordChanged => "Aviso del cambio de contraseña",
                    MailPurpose::EmailChanged => "Aviso del cambio de dirección",
                    MailPurpose::SecondFactorActivated => "Aviso de la activación del segundo factor",
                    MailPurpose::SecondFactorRemoved => "Aviso de la retirada del segundo factor",
                    MailPurpose::AccountDeleted => "Aviso del borrado de la cuenta",
                    MailPurpose::KeyCreated => "Aviso de la clave de API nueva",
                };
                info!("{what} enviado a '{}'.", pending.recipient);
                None
            }
            Err(cause) if cause.is_final() => {
                self.metrics.mail(MailResult::Failed);
                warn!(
                    "No se pudo enviar un email a '{}' y no se repite: {cause}",
                    pending.recipient
                );
                None
            }
            Err(cause) => {
                self.metrics.mail(MailResult::Failed);
                let delay = retry_delay(pending.attempts);
                warn!(
                    "No se pudo enviar un email a '{}' (intento {}), se repite en {} s: {cause}",
                    pending.recipient,
                    pending.attempts + 1,
                    delay.as_secs()
                );
                Some(delay)
            }
        }
    }

    async fn remove_expired(&self) {
        match self.store.remove_expired().await {
            Ok(expired) => {
                for email in expired {
                    self.metrics.mail(MailResult::Expired);
                    let cause = if email.seed.is_empty() {
                        "pasó su plazo"
                    } else {
                        "su enlace caducó"
                    };
                    error!(
                        "Email a '{}' abandonado tras {} intentos: {cause}.",
                        email.recipient, email.attempts
                    );
                }
            }
            Err(cause) => error!("No se pudo quitar lo caducado: {cause}"),
        }
    }
}

/// The delay after the given number of earlier failures.
fn retry_delay(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(16);
    MIN_RETRY_DELAY.saturating_mul(1 << doublings).min(MAX_RETRY_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_delays_double_up_to_the_maximum() {
        assert_eq!([0, 1, 2].map(|attempts| retry_delay(attempts).as_secs()), [10, 20, 40]);
        assert_eq!(retry_delay(100), MAX_RETRY_DELAY);
        assert_eq!(retry_delay(-1), MIN_RETRY_DELAY);
    }
}
