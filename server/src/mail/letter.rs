//! What mails say, in the visitor's language, as text and as HTML.

use api::Locale;
use lettre::{
    Address, Message,
    address::Envelope,
    message::{Mailbox, MultiPart},
};

use crate::domain::MailPurpose;

/// One mail before it is encoded.
pub struct Letter<'a> {
    /// What for.
    pub purpose: MailPurpose,
    /// Its language.
    pub locale: Locale,
    /// The name it is addressed to.
    pub username: &'a str,
    /// The address it goes to.
    pub recipient: &'a str,
    /// What it is to be followed.
    pub link: &'a str,
    /// How long the link holds.
    pub hours: i64,
}

/// It can't be encoded.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The address is none.
    #[error("la dirección no vale: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// The message isn't whole.
    #[error("el mensaje no vale: {0}")]
    Message(#[from] lettre::error::Error),
}

struct Words {
    subject: &'static str,
    greeting: &'static str,
    request: &'static str,
    button: &'static str,
    holds: [&'static str; 2],
    unasked: &'static str,
}

const CONFIRM_ES: Words = Words {
    subject: "Por favor confirma tu email",
    greeting: "Hola",
    request: "Confirma que esta dirección es tuya para seguir usando Trazo:",
    button: "Confirmar mi email",
    holds: ["El enlace vale", "horas y una sola vez."],
    unasked: "Si no creaste una cuenta en Trazo, no hagas nada: sin confirmar no recibirás más mensajes.",
};

const CONFIRM_EN: Words = Words {
    subject: "Please confirm your email",
    greeting: "Hello",
    request: "Confirm that this address is yours to go on using Trazo:",
    button: "Confirm my email",
    holds: ["The link holds for", "hours and only once."],
    unasked: "If you didn't make an account at Trazo, do nothing: unconfirmed, you won't get any more mail.",
};

const RESET_ES: Words = Words {
    subject: "Cambia tu contraseña de Trazo",
    greeting: "Hola",
    request: "Elige una contraseña nueva para tu cuenta de Trazo:",
    button: "Cambiar mi contraseña",
    holds: ["El enlace vale", "horas y una sola vez."],
    unasked: "Si no lo pediste, no hagas nada: tu contraseña sigue siendo la misma.",
};

const RESET_EN: Words = Words {
    subject: "Change your Trazo password",
    greeting: "Hello",
    request: "Choose a new password for your Trazo account:",
    button: "Change my password",
    holds: ["The link holds for", "hours and only once."],
    unasked: "If you didn't ask for it, do nothing: your password stays as it is.",
};

impl Letter<'_> {
    /// As it is sent.
    ///
    /// # Errors
    ///
    /// [`LetterError`] when the address or the message is none.
    pub fn encode(&self, sender: &Mailbox) -> Result<Message, LetterError> {
        let words = self.words();
        // Without a display name: nothing a visitor has chosen stands in a header but the address, which is parsed.
        let address = self.recipient.parse::<Address>()?;
        // Given, not read out of the head again: lettre's reader knows no quoted names.
        let envelope = Envelope::new(Some(sender.email.clone()), vec![address.clone()])?;
        let recipient = Mailbox::new(None, address);
        let message = Message::builder()
            .envelope(envelope)
            // Servers that filter take a mail without one for spam.
            .message_id(None)
            .from(sender.clone())
            .to(recipient)
            .subject(words.subject)
            .date_now()
            .multipart(MultiPart::alternative_plain_html(self.text(words), self.html(words)))?;
        Ok(message)
    }

    fn words(&self) -> &'static Words {
        match (self.purpose, self.locale) {
            (MailPurpose::Confirm, Locale::En) => &CONFIRM_EN,
            (MailPurpose::Confirm, Locale::Es) => &CONFIRM_ES,
            (MailPurpose::Reset, Locale::En) => &RESET_EN,
            (MailPurpose::Reset, Locale::Es) => &RESET_ES,
        }
    }

    fn text(&self, words: &Words) -> String {
        let Self {
            username, link, hours, ..
        } = self;
        let [before, after] = words.holds;
        format!(
            "{} {username},\n\n{}\n\n{link}\n\n{before} {hours} {after}\n{}\n",
            words.greeting, words.request, words.unasked
        )
    }

    fn html(&self, words: &Words) -> String {
        let language = self.locale.tag();
        let username = escape(self.username);
        let link = escape(self.link);
        let hours = self.hours;
        let [before, after] = words.holds;
        let Words {
            subject,
            greeting,
            request,
            button,
            unasked,
            ..
        } = words;
        // A mail has no style sheet of its own: what it is to look like stands in it.
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

/// Where a token's page is.
pub(super) fn link(public_url: &str, purpose: MailPurpose, token: &str) -> String {
    let page = match purpose {
        MailPurpose::Confirm => "confirm",
        MailPurpose::Reset => "reset",
    };
    format!("{}/{page}/{token}", public_url.trim_end_matches('/'))
}

/// Text as HTML shows it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(recipient: &'static str) -> Letter<'static> {
        Letter {
            purpose: MailPurpose::Confirm,
            locale: Locale::Es,
            username: "<b>ana</b>",
            recipient,
            link: "http://localhost/confirm/abc",
            hours: 24,
        }
    }

    #[test]
    fn a_name_is_text_in_both_parts() {
        let letter = letter("ana@example.com");
        assert!(letter.html(letter.words()).contains("&lt;b&gt;ana&lt;/b&gt;"));
        assert!(letter.text(letter.words()).contains("Hola <b>ana</b>,"));
    }

    #[test]
    fn no_address_adds_a_header() {
        let sender: Mailbox = "noreply@example.com".parse().unwrap();
        for address in [
            "ana@example.com\r\nBcc: eve@example.com",
            "ana\n@example.com",
            "a@example.com, b@example.com",
        ] {
            assert!(letter(address).encode(&sender).is_err(), "{address}");
        }
        for address in ["a+b@example.com", "\"a b\"@example.com", "ñ@example.com"] {
            let message = letter(address).encode(&sender).unwrap();
            let head = String::from_utf8(message.formatted()).unwrap();
            let head = head.split("\r\n\r\n").next().unwrap().to_owned();
            assert_eq!(head.matches("\r\nTo:").count(), 1, "{head}");
            assert!(!head.contains("Bcc"), "{head}");
        }
    }
}
