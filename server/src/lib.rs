//! The server: HTTP, prediction, pages.
