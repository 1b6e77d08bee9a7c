//! Where mail goes: an SMTP server, or a folder of `.eml` files when none is set.

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

use super::{Letter, LetterError};
use crate::{settings::Settings, util::random};

/// How long a mail may take to be sent.
const PATIENCE: Duration = Duration::from_secs(30);

/// TLS from the first byte.
const SMTPS: u16 = 465;

/// What an SMTP server says of a mailbox that there isn't or that takes no mail (RFC 5321, 4.2.3; RFC 7504, 4). Other
/// permanent refusals are of the sender, the sign-in or the whole server: somebody may mend those.
const NO_MAILBOX: [u16; 4] = [550, 551, 553, 556];

/// The way out.
pub struct Transport {
    sender: Mailbox,
    way: Way,
}

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
}

/// A mail hasn't left.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// It can't be written.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// The server refuses it or can't be reached.
    #[error("{0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The server says nothing.
    #[error("el servidor de correo no responde")]
    TimedOut,
    /// The file can't be written.
    #[error("no se pudo escribir el archivo: {0}")]
    File(#[from] io::Error),
}

impl TransportError {
    /// Whether trying again would change nothing.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Letter(_) => true,
            Self::Smtp(error) => error.status().is_some_and(|code| NO_MAILBOX.contains(&u16::from(code))),
            Self::TimedOut | Self::File(_) => false,
        }
    }
}

impl Transport {
    /// As the settings say; without `MAIL_SERVER` the log says where mail is written.
    ///
    /// # Errors
    ///
    /// When `MAIL_SERVER` is no name that TLS can be spoken to.
    pub fn new(settings: &Settings) -> Result<Self, TransportError> {
        let mail = &settings.mail;
        let way = if let Some(host) = &mail.mail_server {
            let tls = if mail.mail_use_tls {
                let parameters = TlsParameters::new(host.clone())?;
                if mail.mail_port == SMTPS {
                    Tls::Wrapper(parameters)
                } else {
                    Tls::Required(parameters)
                }
            } else {
                Tls::None
            };
            let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
                .port(mail.mail_port)
                .tls(tls)
                .timeout(Some(PATIENCE));
            if let (Some(name), Some(password)) = (&mail.mail_username, &mail.mail_password) {
                smtp = smtp.credentials(Credentials::new(name.clone(), password.expose().to_owned()));
            }
            Way::Smtp(Box::new(smtp.build()))
        } else {
            let folder = settings.database.data_dir.join("mail");
            warn!(
                "Sin MAIL_SERVER: los emails se guardan en '{}' en vez de enviarse.",
                folder.display()
            );
            Way::Folder(folder)
        };
        Ok(Self {
            sender: mail.mail_default_sender.clone(),
            way,
        })
    }

    /// Send one mail.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when it hasn't left.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), TransportError> {
        let message = letter.encode(&self.sender)?;
        match &self.way {
            Way::Smtp(smtp) => {
                tokio::time::timeout(PATIENCE * 2, smtp.send(message))
                    .await
                    .map_err(|_| TransportError::TimedOut)??;
            }
            Way::Folder(folder) => {
                fs::create_dir_all(folder).await?;
                let file = folder.join(format!("{}.eml", random::id()));
                // Whole or not at all for whoever watches the folder.
                let fresh = file.with_extension("new");
                fs::write(&fresh, message.formatted()).await?;
                fs::rename(&fresh, &file).await?;
            }
        }
        Ok(())
    }
}
