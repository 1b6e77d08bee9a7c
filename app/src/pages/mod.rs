//! The pages, one file each.

pub mod account;
pub mod accounts;
pub mod confirm;
pub mod draw;
pub mod forgot;
pub mod login;
pub mod lost;
pub mod register;
pub mod reset;
pub mod status;
pub mod users;
