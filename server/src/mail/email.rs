//! The emails that the server sends: their texts in the user's language, as plain text and as HTML.
//!
//! The HTML part is one page with three escaped values, so `format!` is simpler than a template engine.

use api::Locale;
use lettre::{
    Address, Message,
    address::Envelope,
    message::{Mailbox, MultiPart},
};

use crate::domain::MailPurpose;

/// An email before it is encoded.
pub(crate) struct Email<'a> {
    pub(crate) purpose: MailPurpose,
    pub(crate) locale: Locale,
    pub(crate) username: &'a str,
    /// The recipient's address.
    pub(crate) recipient: &'a str,
    pub(crate) link: &'a str,
    /// Hours for which the link is valid.
    pub(crate) hours: i64,
}

/// Why an email can't be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EmailError {
    /// Not a valid address.
    #[error("la dirección no vale: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// Not a valid message.
    #[error("el mensaje no vale: {0}")]
    Message(#[from] lettre::error::Error),
}

/// The texts of one purpose in one language.
struct EmailCopy {
    subject: &'static str,
    greeting: &'static str,
    request: &'static str,
    button: &'static str,
    validity: [&'static str; 2],
    unasked: &'static str,
}

const CONFIRM_ES: EmailCopy = EmailCopy {
    subject: "Por favor confirma tu email",
    greeting: "Hola",
    request: "Confirma que esta dirección es tuya para seguir usando Trazo:",
    button: "Confirmar mi correo",
    validity: ["El enlace vale", "horas y solo se puede usar una vez."],
    unasked: "Si no has creado una cuenta en Trazo, no hagas nada: sin confirmarla no recibirás más correos.",
};

const CONFIRM_EN: EmailCopy = EmailCopy {
    subject: "Please confirm your email",
    greeting: "Hello",
    request: "Confirm that this address is yours to continue using Trazo:",
    button: "Confirm my email",
    validity: ["The link is valid for", "hours and can be used only once."],
    unasked: "If you didn't create an account with Trazo, do nothing: unless you confirm it, you won't get any more emails.",
};

const RESET_ES: EmailCopy = EmailCopy {
    subject: "Cambia tu contraseña de Trazo",
    greeting: "Hola",
    request: "Elige una contraseña nueva para tu cuenta de Trazo:",
    button: "Cambiar mi contraseña",
    validity: ["El enlace vale", "horas y solo se puede usar una vez."],
    unasked: "Si no lo pediste, no hagas nada: tu contraseña sigue siendo la misma.",
};

const RESET_EN: EmailCopy = EmailCopy {
    subject: "Change your Trazo password",
    greeting: "Hello",
    request: "Choose a new password for your Trazo account:",
    button: "Change my password",
    validity: ["The link is valid for", "hours and can be used only once."],
    unasked: "If you didn't ask for it, do nothing: your password stays as it is.",
};

impl Email<'_> {
    /// Builds the MIME message.
    pub(crate) fn encode(&self, sender: &Mailbox) -> Result<Message, EmailError> {
        let copy = self.copy();
        // Without a display name: the parsed address is the only user input in the headers.
        let address = self.recipient.parse::<Address>()?;
        // Set explicitly, because lettre would derive it from the headers and can't parse quoted local parts.
        let envelope = Envelope::new(Some(sender.email.clone()), vec![address.clone()])?;
        let recipient = Mailbox::new(None, address);
        let message = Message::builder()
            .envelope(envelope)
            // Spam filters reject messages without an id.
            .message_id(None)
            .from(sender.clone())
            .to(recipient)
            .subject(copy.subject)
            .date_now()
            .multipart(MultiPart::alternative_plain_html(self.text(copy), self.html(copy)))?;
        Ok(message)
    }

    fn copy(&self) -> &'static EmailCopy {
        match (self.purpose, self.locale) {
            (MailPurpose::Confirm, Locale::Es) => &CONFIRM_ES,
            (MailPurpose::Confirm, Locale::En) => &CONFIRM_EN,
            (MailPurpose::Reset, Locale::Es) => &RESET_ES,
            (MailPurpose::Reset, Locale::En) => &RESET_EN,
        }
    }

    fn text(&self, copy: &EmailCopy) -> String {
        let Self {
            username, link, hours, ..
        } = self;
        let [before, after] = copy.validity;
        format!(
            "{} {username},\n\n{}\n\n{link}\n\n{before} {hours} {after}\n{}\n",
            copy.greeting, copy.request, copy.unasked
        )
    }

    fn html(&self, copy: &EmailCopy) -> String {
        let language = self.locale.tag();
        let username = escape(self.username);
        let link = escape(self.link);
        let hours = self.hours;
        let [before, after] = copy.validity;
        let EmailCopy {
            subject,
            greeting,
            request,
            button,
            unasked,
            ..
        } = copy;
        // Mail clients ignore style sheets, so the styles are inline.
        format!(
            r#"<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:32em;margin:0 auto">
<p>{greeting} {username},</p>
<p>{request}</p>
<p><a href="{link}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d4ed8;color:#fff;text-decoration:none">{button}</a></p>
<p style="word-break:break-all"><a href="{link}">{link}</a></p>
<p>{before} {hours} {after} {unasked}</p>
</div>
</body>
</html>
"#
        )
    }
}

/// The URL of the page for a token.
pub(super) fn link(public_url: &str, purpose: MailPurpose, token: &str) -> String {
    let page = match purpose {
        MailPurpose::Confirm => "confirm",
        MailPurpose::Reset => "reset",
    };
    format!("{}/{page}/{token}", public_url.trim_end_matches('/'))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(recipient: &'static str) -> Email<'static> {
        Email {
            purpose: MailPurpose::Confirm,
            locale: Locale::Es,
            username: "<b>ana</b>",
            recipient,
            link: "http://localhost/confirm/abc",
            hours: 24,
        }
    }

    #[test]
    fn the_username_is_escaped_in_the_html_part() {
        let email = email("ana@example.com");
        assert!(email.html(email.copy()).contains("&lt;b&gt;ana&lt;/b&gt;"));
        assert!(email.text(email.copy()).contains("Hola <b>ana</b>,"));
    }

    #[test]
    fn no_recipient_injects_a_header() {
        let sender: Mailbox = "noreply@example.com".parse().unwrap();
        for address in [
            "ana@example.com\r\nBcc: eve@example.com",
            "ana\n@example.com",
            "a@example.com, b@example.com",
        ] {
            assert!(email(address).encode(&sender).is_err(), "{address}");
        }
        for address in ["a+b@example.com", "\"a b\"@example.com", "ñ@example.com"] {
            let message = email(address).encode(&sender).unwrap();
            let head = String::from_utf8(message.formatted()).unwrap();
            let head = head.split("\r\n\r\n").next().unwrap().to_owned();
            assert_eq!(head.matches("\r\nTo:").count(), 1, "{head}");
            assert!(!head.contains("Bcc"), "{head}");
        }
    }
}
