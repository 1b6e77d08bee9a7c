//! Settings of emails.

use clap::Args;
use lettre::message::Mailbox;
use url::Url;

use super::Secret;

/// Emails.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Mail")]
pub struct MailSettings {
    /// Host of the SMTP server; without one, emails are written to DATA_DIR/mail/*.eml
    #[arg(long, env)]
    pub mail_server: Option<String>,
    /// Port of the SMTP server
    #[arg(long, env, default_value = "587")]
    pub mail_port: u16,
    /// Whether to require TLS: from the start on port 465, by STARTTLS on other ports
    #[arg(long, env, default_value = "true", action = clap::ArgAction::Set)]
    pub mail_use_tls: bool,
    /// User name at the SMTP server
    #[arg(long, env)]
    pub mail_username: Option<String>,
    /// Password at the SMTP server
    #[arg(long, env, hide_env_values = true)]
    pub mail_password: Option<Secret>,
    /// Sender of all emails
    #[arg(long, env, default_value = "noreply@tuapp.com")]
    pub mail_default_sender: Mailbox,
    /// Public URL of the site, the base of links in emails, whose pages may use the session cookie; https:// also makes
    /// cookies secure
    /// [default: http:// and the address that the server listens on]
    #[arg(long, env)]
    pub public_url: Option<String>,
}

impl MailSettings {
    /// The origin of `PUBLIC_URL`, written as browsers write it.
    pub(crate) fn public_origin(&self) -> Option<String> {
        let url = Url::parse(self.public_url.as_deref()?).ok()?;
        Some(url.origin().ascii_serialization())
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let url = self.public_url.as_deref().unwrap_or("http://localhost");
        let host = ["http://", "https://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme));
        match host {
            Some(host) if !host.contains(char::is_whitespace) && Url::parse(url).is_ok() => {}
            _ => return Err("PUBLIC_URL is not a URL that starts with http:// or https://".to_owned()),
        }
        if self.mail_username.is_some() != self.mail_password.is_some() {
            return Err("MAIL_USERNAME and MAIL_PASSWORD must be set together: one of them is missing".to_owned());
        }
        Ok(())
    }
}
