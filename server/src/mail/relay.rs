//! What the SMTP server says that it can do.

use lettre::transport::smtp::{
    Error,
    client::{AsyncSmtpConnection, Tls},
    extension::{ClientId, Extension},
};

/// How the SMTP server is reached.
pub(super) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
}

impl Relay {
    /// Whether it takes addresses with more than ASCII before the `@` (SMTPUTF8, RFC 6531). The caller bounds the time.
    pub(super) async fn takes_utf8(&self) -> Result<bool, Error> {
        let (wrapper, upgrade) = match &self.tls {
            Tls::Wrapper(parameters) => (Some(parameters.clone()), None),
            Tls::Required(parameters) => (None, Some(parameters.clone())),
            Tls::Opportunistic(_) | Tls::None => (None, None),
        };
        let server = (self.host.as_str(), self.port);
        let hello = ClientId::default();
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, None, &hello, wrapper, None).await?;
        if let Some(parameters) = upgrade {
            connection.starttls(parameters, &hello).await?;
        }
        let takes_utf8 = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        // Says QUIT first.
        connection.abort().await;
        Ok(takes_utf8)
    }
}
