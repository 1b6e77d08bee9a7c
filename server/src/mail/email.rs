//! The emails that the server sends: their texts in the user's language, as plain text and as HTML.
//!
//! The HTML part is one page with three escaped values, so `format!` is simpler than a template engine.

mod copy;

use api::Locale;
use lettre::{
    Address, Message,
    address::Envelope,
    message::{Mailbox, MultiPart},
};

use crate::domain::MailPurpose;
use copy::EmailCopy;

/// An email before it is encoded.
pub(crate) struct Email<'a> {
    pub(crate) purpose: MailPurpose,
    pub(crate) locale: Locale,
    pub(crate) username: &'a str,
    /// The recipient's address.
    pub(crate) recipient: &'a str,
    /// The link; `None` for a notice, which has none.
    pub(crate) link: Option<Link<'a>>,
}

/// A link in an email.
#[derive(Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) url: &'a str,
    /// Hours for which it is valid.
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

impl Email<'_> {
    /// Builds the MIME message.
    pub(crate) fn encode(&self, sender: &Mailbox) -> Result<Message, EmailError> {
        let copy = copy::of(self.purpose, self.locale);
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

    fn text(&self, copy: &EmailCopy) -> String {
        let greeting = copy::greeting(self.locale);
        let Self { username, .. } = self;
        let EmailCopy { message, unasked, .. } = copy;
        let start = format!("{greeting} {username},\n\n{message}\n\n");
        let Some(Link { url, hours }) = self.link else {
            return format!("{start}{unasked}\n");
        };
        let [before, after] = copy::validity(self.locale);
        format!("{start}{url}\n\n{before} {hours} {after}\n{unasked}\n")
    }

    fn html(&self, copy: &EmailCopy) -> String {
        let language = self.locale.tag();
        let greeting = copy::greeting(self.locale);
        let username = escape(self.username);
        let EmailCopy {
            subject,
            message,
            button,
            unasked,
        } = copy;
        // Mail clients ignore style sheets, so the styles are inline.
        let rest = match (self.link, button) {
            (Some(Link { url, hours }), Some(button)) => {
                let [before, after] = copy::validity(self.locale);
                let link = escape(url);
                format!(
                    r#"<p><a href="{link}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d4ed8;color:#fff;text-decoration:none">{button}</a></p>
<p style="word-break:break-all"><a href="{link}">{link}</a></p>
<p>{before} {hours} {after} {unasked}</p>"#
                )
            }
            _ => format!("<p>{unasked}</p>"),
        };
        format!(
            r#"<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:32em;margin:0 auto">
<p>{greeting} {username},</p>
<p>{message}</p>
{rest}
</div>
</body>
</html>
"#
        )
    }
}

/// The URL of the page for a token; `None` for a notice.
pub(super) fn link(public_url: &str, purpose: MailPurpose, token: &str) -> Option<String> {
    let page = match purpose {
        MailPurpose::Confirm | MailPurpose::ChangeEmail => "confirm",
        MailPurpose::Reset => "reset",
        MailPurpose::PasswordChanged
        | MailPurpose::EmailChanged
        | MailPurpose::SecondFactorActivated
        | MailPurpose::SecondFactorRemoved
        | MailPurpose::AccountDeleted
        | MailPurpose::KeyCreated => return None,
    };
    Some(format!("{}/{page}/{token}", public_url.trim_end_matches('/')))
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
            link: Some(Link {
                url: "http://localhost/confirm/abc",
                hours: 24,
            }),
        }
    }

    #[test]
    fn the_username_is_escaped_in_the_html_part() {
        let copy = copy::of(MailPurpose::Confirm, Locale::Es);
        let email = email("ana@example.com");
        assert!(email.html(copy).contains("&lt;b&gt;ana&lt;/b&gt;"));
        assert!(email.text(copy).contains("Hola <b>ana</b>,"));
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
