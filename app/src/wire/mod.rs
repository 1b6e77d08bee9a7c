//! Requests and answers as they travel, shared by the server and the page. No secrets, no storage derives.

mod account;
mod error;
mod health;
mod history;
mod log;
mod predict;
mod users;

pub use account::{AccessToken, Account, Address, Credentials, Me, Message, PasswordReset, Quota, Registration, Role};
pub use error::{ErrorBody, ErrorCode, PredictErrorBody};
pub use health::{Health, HealthStatus};
pub use history::{Correction, History, PastPrediction};
pub use log::{LogEntries, LogEntry};
pub use predict::{Notice, Prediction};
pub use users::{Order, User, UserAction, UserChange, UserCounts, UserPatch, UserSort, Users};
