//! The rendered pages and the files of the site.

mod accounts;
mod files;
