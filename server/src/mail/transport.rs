//! Delivery of emails: to an SMTP server, or as `.eml` files to a folder when none is configured.

use std::{io, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use tokio::fs;
use tracing::warn;

use super::{Email, EmailError, relay::Relay};
use crate::{settings::Settings, util::random};

/// Limit of each SMTP command.
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the server is given to say which addresses it takes: emails wait meanwhile.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(2);

/// The port on which the connection starts with TLS.
const SMTPS_PORT: u16 = 465;

/// SMTP replies for a mailbox that doesn't exist or accepts no mail (RFC 5321, 4.2.3; RFC 7504, 4). Other permanent errors
/// concern the sender, the login or the whole server, and can be fixed by an administrator.
const MAILBOX_ERRORS: [u16; 4] = [550, 551, 553, 556];

/// Where emails are delivered.
pub(crate) struct Transport {
    sender: Mailbox,
    backend: Backend,
}

enum Backend {
    Smtp(Box<Smtp>),
    Folder(PathBuf),
}

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    relay: Relay,
}

/// Why an email was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// It can't be encoded.
    #[error(transparent)]
    Email(#[from] EmailError),
    /// The server rejects it or can't be reached.
    #[error("{0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The server doesn't respond.
    #[error("el servidor de correo no responde")]
    TimedOut,
    /// The file can't be written.
    #[error("no se pudo escribir el archivo: {0}")]
    File(#[from] io::Error),
}

impl TransportError {
    /// Whether retrying is pointless.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Email(_) => true,
            Self::Smtp(error) => error
                .status()
                .is_some_and(|code| MAILBOX_ERRORS.contains(&u16::from(code))),
            Self::TimedOut | Self::File(_) => false,
        }
    }
}

impl Transport {
    /// From the settings. Without `MAIL_SERVER`, a warning tells where emails are written.
    ///
    /// # Errors
    ///
    /// When `MAIL_SERVER` is not a valid host name for TLS.
    pub(crate) fn new(settings: &Settings) -> Result<Self, TransportError> {
        let mail = &settings.mail;
        let backend = if let Some(host) = &mail.mail_server {
            let tls = if mail.mail_use_tls {
                let parameters = TlsParameters::new(host.clone())?;
                if mail.mail_port == SMTPS_PORT {
                    Tls::Wrapper(parameters)
                } else {
                    Tls::Required(parameters)
                }
            } else {
                Tls::None
            };
            let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
                .port(mail.mail_port)
                .tls(tls.clone())
                .timeout(Some(SMTP_TIMEOUT));
            if let (Some(name), Some(password)) = (&mail.mail_username, &mail.mail_password) {
                smtp = smtp.credentials(Credentials::new(name.clone(), password.expose().to_owned()));
            }
            Backend::Smtp(Box::new(Smtp {
                transport: smtp.build(),
                relay: Relay {
                    host: host.clone(),
                    port: mail.mail_port,
                    tls,
                },
            }))
        } else {
            let folder = settings.database.data_dir.join("mail");
            warn!(
                "Sin MAIL_SERVER: los emails se guardan en '{}' en vez de enviarse.",
                folder.display()
            );
            Backend::Folder(folder)
        };
        Ok(Self {
            sender: mail.mail_default_sender.clone(),
            backend,
        })
    }

    /// Asks whether addresses with more than ASCII before the `@` can be delivered to.
    ///
    /// # Errors
    ///
    /// When the server doesn't respond.
    pub(crate) async fn takes_utf8(&self) -> Result<bool, TransportError> {
        match &self.backend {
            Backend::Smtp(smtp) => tokio::time::timeout(QUESTION_TIMEOUT, smtp.relay.takes_utf8())
                .await
                .map_err(|_| TransportError::TimedOut)?
                .map_err(TransportError::from),
            Backend::Folder(_) => Ok(true),
        }
    }

    /// Delivers one email.
    pub(crate) async fn send(&self, email: &Email<'_>) -> Result<(), TransportError> {
        let message = email.encode(&self.sender)?;
        match &self.backend {
            Backend::Smtp(smtp) => {
                tokio::time::timeout(SMTP_TIMEOUT * 2, smtp.transport.send(message))
                    .await
                    .map_err(|_| TransportError::TimedOut)??;
            }
            Backend::Folder(folder) => {
                fs::create_dir_all(folder).await?;
                let file = folder.join(format!("{}.eml", random::id()));
                // Renamed when complete, so that readers of the folder never see a partial file.
                let partial = file.with_extension("new");
                fs::write(&partial, message.formatted()).await?;
                fs::rename(&partial, &file).await?;
            }
        }
        Ok(())
    }
}
