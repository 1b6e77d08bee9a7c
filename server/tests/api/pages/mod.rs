//! The rendered pages and the files of the site.

pub(crate) mod account;
mod concurrent;
mod files;
mod notices;
