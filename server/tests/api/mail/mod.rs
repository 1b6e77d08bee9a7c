//! Emails, received by a real SMTP server.

mod addresses;
mod content;
mod delivery;
mod limit;
