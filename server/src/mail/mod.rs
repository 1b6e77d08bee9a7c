//! Mail: written into the outbox with what it is about, sent by a worker, retried until its token is over.

mod letter;
mod transport;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::{Instant, timeout},
};
use tracing::{Instrument, error, info, info_span, warn};

use crate::{
    domain::MailPurpose,
    metrics::{MailResult, Metrics},
    store::{PendingEmail, Store, StoreError},
    tokens::{Keys, mail_token},
};

pub use letter::{Letter, LetterError};
pub use transport::{Transport, TransportError};

/// How often the outbox is looked at when nobody says that there is something.
const LOOK: Duration = Duration::from_secs(5);

/// Mails taken at once.
const BATCH: u64 = 10;

/// The first pause after a failure; each next one is twice as long, up to [`LONGEST`].
const PAUSE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_mins(30);

/// How often what is over is removed.
const CLEANING: Duration = Duration::from_mins(1);

/// How long a stop waits for the mail that is being sent.
const LAST_MAIL: Duration = Duration::from_secs(5);

/// Tells the worker that there is mail.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Notify>);

impl Outbox {
    /// There is mail.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Sends what the outbox holds.
pub struct Worker {
    /// The database.
    pub store: Store,
    /// The keys of the tokens.
    pub keys: Keys,
    /// Where mail goes.
    pub transport: Transport,
    /// Where links in mails point to.
    pub public_url: String,
    /// Who wakes it.
    pub outbox: Outbox,
    /// Where it counts.
    pub metrics: Metrics,
}

/// A worker at work.
pub struct Working {
    task: JoinHandle<()>,
    /// Dropped, it ends the work.
    stop: watch::Sender<()>,
}

/// Whether the work is to end.
#[derive(Clone)]
struct Stop(watch::Receiver<()>);

impl Stop {
    fn is_asked(&self) -> bool {
        self.0.has_changed().is_err()
    }

    async fn asked(&mut self) {
        let _dropped = self.0.changed().await;
    }
}

impl Working {
    /// Send no further mail, and finish the one that is being sent, if it doesn't take too long.
    pub async fn finish(mut self) {
        drop(self.stop);
        if timeout(LAST_MAIL, &mut self.task).await.is_err() {
            // It is sent once more after the next start, rather than not at all.
            self.task.abort();
            warn!("Se corta el envío de un email que no acabó a tiempo.");
        }
    }
}

impl Worker {
    /// Work until the end is asked for, or the runtime ends.
    pub fn start(self) -> Working {
        let (stop, asked) = watch::channel(());
        let task = tokio::spawn(self.work(Stop(asked)));
        Working { task, stop }
    }

    async fn work(self, mut stop: Stop) {
        let mut cleaned = None::<Instant>;
        while !stop.is_asked() {
            if let Err(cause) = self.send_due(&stop).await {
                error!("No se pudo leer la bandeja de salida: {cause}");
            }
            if cleaned.is_none_or(|at| at.elapsed() >= CLEANING) {
                cleaned = Some(Instant::now());
                self.clean().await;
            }
            tokio::select! {
                _woken_or_time = timeout(LOOK, self.outbox.0.notified()) => {}
                () = stop.asked() => {}
            }
        }
    }

    async fn send_due(&self, stop: &Stop) -> Result<(), StoreError> {
        loop {
            let mut mails = self.store.claim_mail(BATCH).await?.into_iter();
            if mails.len() == 0 {
                return Ok(());
            }
            while let Some(mail) = mails.next() {
                let span = info_span!("mail", request_id = %mail.request_id);
                self.send(&mail).instrument(span).await?;
                if stop.is_asked() {
                    return self.store.release_mail(mails.map(|mail| mail.id)).await;
                }
            }
        }
    }

    async fn send(&self, mail: &PendingEmail) -> Result<(), StoreError> {
        let purpose = mail.purpose;
        let token = mail_token::token(&self.keys, purpose, &mail.seed);
        let letter = Letter {
            purpose,
            locale: mail.locale,
            username: &mail.username,
            recipient: &mail.recipient,
            link: &letter::link(&self.public_url, purpose, &token),
            // Rounded: one of the two times was taken a moment before the other.
            hours: ((mail.expires_at - mail.created_at).num_minutes() + 30) / 60,
        };
        match self.transport.send(&letter).await {
            Ok(()) => {
                self.metrics.mail(MailResult::Sent);
                match purpose {
                    MailPurpose::Confirm => info!("Email de confirmación enviado a '{}'.", mail.recipient),
                    MailPurpose::Reset => info!("Email para cambiar la contraseña enviado a '{}'.", mail.recipient),
                }
                self.store.remove_mail(mail.id).await
            }
            Err(cause) if cause.is_final() => {
                self.metrics.mail(MailResult::Failed);
                warn!(
                    "No se pudo enviar un email a '{}' y no se repite: {cause}",
                    mail.recipient
                );
                self.store.remove_mail(mail.id).await
            }
            Err(cause) => {
                self.metrics.mail(MailResult::Failed);
                let pause = pause(mail.attempts);
                warn!(
                    "No se pudo enviar un email a '{}' (intento {}), se repite en {} s: {cause}",
                    mail.recipient,
                    mail.attempts + 1,
                    pause.as_secs()
                );
                self.store.retry_mail(mail.id, pause).await
            }
        }
    }

    async fn clean(&self) {
        match self.store.remove_expired().await {
            Ok(given_up) => {
                for mail in given_up {
                    self.metrics.mail(MailResult::Expired);
                    error!(
                        "Email a '{}' abandonado tras {} intentos: su enlace caducó.",
                        mail.recipient, mail.attempts
                    );
                }
            }
            Err(cause) => error!("No se pudo quitar lo caducado: {cause}"),
        }
    }
}

/// The pause after so many failures before.
fn pause(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(16);
    PAUSE.saturating_mul(1 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound() {
        assert_eq!([0, 1, 2].map(|attempts| pause(attempts).as_secs()), [10, 20, 40]);
        assert_eq!(pause(100), LONGEST);
        assert_eq!(pause(-1), PAUSE);
    }
}
