//! The rendered pages and the files of the site.

mod account;
mod files;
mod notices;
