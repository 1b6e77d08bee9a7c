//! How mail leaves, and what its links point to.

use clap::Args;
use lettre::message::Mailbox;

use super::Secret;

/// Mail.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Mail")]
pub struct MailSettings {
    /// Host of the SMTP server; without one, mail is written to DATA_DIR/mail/*.eml
    #[arg(long, env)]
    pub mail_server: Option<String>,
    /// Its port
    #[arg(long, env, default_value = "587")]
    pub mail_port: u16,
    /// Whether it is asked to speak TLS (STARTTLS; TLS from the start on port 465), and refused if it doesn't
    #[arg(long, env, default_value = "true", action = clap::ArgAction::Set)]
    pub mail_use_tls: bool,
    /// Name to sign in with at the SMTP server
    #[arg(long, env)]
    pub mail_username: Option<String>,
    /// Password to sign in with at the SMTP server
    #[arg(long, env, hide_env_values = true)]
    pub mail_password: Option<Secret>,
    /// Sender of every mail
    #[arg(long, env, default_value = "noreply@tuapp.com")]
    pub mail_default_sender: Mailbox,
    /// Address of this site as its visitors see it, where links in mails point to; https:// says that it is behind TLS
    /// [default: http:// and the address it listens on]
    #[arg(long, env)]
    pub public_url: Option<String>,
}

impl MailSettings {
    pub(super) fn check(&self) -> Result<(), String> {
        let url = self.public_url.as_deref().unwrap_or("http://localhost");
        let host = ["http://", "https://"].iter().find_map(|scheme| url.strip_prefix(scheme));
        match host {
            Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => {}
            _ => return Err("PUBLIC_URL is no address that begins with http:// or https://".to_owned()),
        }
        if self.mail_username.is_some() != self.mail_password.is_some() {
            return Err("MAIL_USERNAME and MAIL_PASSWORD go together: one of them is missing".to_owned());
        }
        Ok(())
    }
}
