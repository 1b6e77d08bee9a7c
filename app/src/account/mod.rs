//! The pages of one's own account: registration, sign-in, confirmation, password and the account itself.

pub mod confirm;
pub mod confirmation;
pub mod forgot;
pub mod history;
pub mod history_entry;
pub mod login;
pub mod page;
pub mod quota;
pub mod register;
pub mod resend_confirmation;
pub mod reset;
pub mod route;
pub mod texts;
