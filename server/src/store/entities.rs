//! The rows. `migration/` makes their tables.

/// Accounts.
pub mod user {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One account.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        /// Its number.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// The name as it was chosen.
        pub username: String,
        /// The name in lower case: unique.
        #[sea_orm(unique)]
        pub username_key: String,
        /// The address as it was given.
        pub email: String,
        /// The address in lower case: unique.
        #[sea_orm(unique)]
        pub email_key: String,
        /// argon2id, in PHC's notation.
        pub password_hash: String,
        /// `user` or `admin`.
        pub role: String,
        /// Whether the address was confirmed.
        pub email_confirmed: bool,
        /// Whether it is switched off.
        pub disabled: bool,
        /// The language mail is written in: `es` or `en`.
        pub language: String,
        /// Predictions it has had.
        pub predictions: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it last signed in.
        pub last_login_at: Option<DateTime<Utc>>,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The words users are found by.
pub mod user_word {
    use sea_orm::entity::prelude::*;

    /// One word of one user.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_words")]
    pub struct Model {
        /// In lower case.
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: String,
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many users there are.
pub mod user_count {
    use sea_orm::entity::prelude::*;

    /// How many of one kind.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_counts")]
    pub struct Model {
        /// `user` or `admin`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        /// Whether the address was confirmed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub email_confirmed: bool,
        /// Whether they are switched off.
        #[sea_orm(primary_key, auto_increment = false)]
        pub disabled: bool,
        /// So many.
        pub users: i64,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Sign-ins.
pub mod session {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One sign-in that holds.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        /// What a JWT names as `sid`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// Whose.
        pub user_id: i64,
        /// SHA-256 of the cookie's token.
        pub token_hash: Vec<u8>,
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// When it ends by itself.
        pub expires_at: DateTime<Utc>,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Tokens that mails carry.
pub mod mail_token {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One token that wasn't used yet.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_tokens")]
    pub struct Model {
        /// SHA-256 of the token.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        /// Whose.
        pub user_id: i64,
        /// `confirm` or `reset`.
        pub purpose: String,
        /// Until when it holds.
        pub expires_at: DateTime<Utc>,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Mail that waits.
pub mod outbox {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One mail that wasn't sent yet.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        /// Its number.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Whose.
        pub user_id: i64,
        /// `confirm` or `reset`.
        pub purpose: String,
        /// The address it goes to.
        pub recipient: String,
        /// The name it is addressed to.
        pub username: String,
        /// `es` or `en`.
        pub language: String,
        /// With `SECRET_KEY` this makes the token.
        pub seed: Vec<u8>,
        /// The request that caused it.
        pub request_id: String,
        /// When it was written.
        pub created_at: DateTime<Utc>,
        /// When it is given up: its token's end.
        pub expires_at: DateTime<Utc>,
        /// How often it was tried.
        pub attempts: i32,
        /// When it is tried next.
        pub next_attempt_at: DateTime<Utc>,
        /// Since when it is being sent.
        pub claimed_at: Option<DateTime<Utc>>,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was read for whom.
pub mod prediction {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One prediction.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "predictions")]
    pub struct Model {
        /// Its number.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Whose.
        pub user_id: i64,
        /// When.
        pub created_at: DateTime<Utc>,
        /// The digit that was read.
        pub digit: i16,
        /// Its probability.
        pub probability: f32,
        /// The model's version.
        pub model: String,
        /// 28x28 bytes, ink bright.
        pub picture: Vec<u8>,
        /// The digit it was, by the user's word.
        pub correction: Option<i16>,
        /// When they said so.
        pub corrected_at: Option<DateTime<Utc>>,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What admins have done.
pub mod audit {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    /// One thing done to one account.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        /// Its number.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// To whose account.
        pub user_id: i64,
        /// The admin's name; empty for the command line.
        pub actor: String,
        /// What: a [`api::UserAction`] by its word on the wire.
        pub action: String,
        /// When.
        pub created_at: DateTime<Utc>,
    }

    /// None that sea-orm needs to know.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
