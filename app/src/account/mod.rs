//! Registration, sign-in, email confirmation, password reset, and the account page.

mod code_input;
mod confirm;
mod confirmation;
mod done;
mod email_form;
mod forgot;
pub mod history;
mod history_entry;
mod login;
mod own;
mod page;
mod quota;
mod register;
mod resend_confirmation;
mod reset;
pub mod route;
pub mod texts;
