//! Emails, received by a real SMTP server.

mod content;
mod delivery;
mod limit;
