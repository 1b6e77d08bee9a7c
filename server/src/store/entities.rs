//! The rows; `migration/` creates their tables.

pub mod column;

pub mod user {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::Role;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub username: String,
        /// In lower case.
        #[sea_orm(unique)]
        pub username_key: String,
        pub email: String,
        /// In lower case.
        #[sea_orm(unique)]
        pub email_key: String,
        /// argon2id in PHC string format.
        pub password_hash: String,
        pub role: Role,
        pub email_confirmed: bool,
        pub disabled: bool,
        /// The tag of an [`api::Locale`].
        pub language: String,
        pub predictions: i64,
        pub created_at: DateTime<Utc>,
        pub last_login_at: Option<DateTime<Utc>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod user_word {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_words")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod user_count {
    use sea_orm::entity::prelude::*;

    use super::column::Role;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_counts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: Role,
        #[sea_orm(primary_key, auto_increment = false)]
        pub email_confirmed: bool,
        #[sea_orm(primary_key, auto_increment = false)]
        pub disabled: bool,
        pub users: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod session {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub user_id: i64,
        /// SHA-256 of the token.
        pub token_hash: Vec<u8>,
        pub created_at: DateTime<Utc>,
        pub expires_at: DateTime<Utc>,
        /// The browser and its system at the login, if they are known.
        pub client: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod api_key {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_keys")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub user_id: i64,
        pub name: String,
        /// The first characters of the key.
        pub hint: String,
        /// SHA-256 of the key.
        pub key_hash: Vec<u8>,
        /// Tags of [`api::KeyScope`], separated by spaces.
        pub scopes: String,
        pub created_at: DateTime<Utc>,
        pub expires_at: Option<DateTime<Utc>>,
        pub last_used_at: Option<DateTime<Utc>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod second_factor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        /// The secret is derived from this and `SECRET_KEY`.
        pub seed: Vec<u8>,
        /// Whether the login asks for it.
        pub active: bool,
        /// The step of the last code that was used, in units of 30 seconds since 1970.
        pub last_step: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod recovery_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        /// SHA-256 of the code.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod mail_token {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::Purpose;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_tokens")]
    pub struct Model {
        /// SHA-256 of the token.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub user_id: i64,
        pub purpose: Purpose,
        pub expires_at: DateTime<Utc>,
        /// The address that the account's is changed to, if that is the purpose.
        pub email: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod outbox {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::Purpose;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// `None` if the mail is about a deleted account.
        pub user_id: Option<i64>,
        pub purpose: Purpose,
        pub recipient: String,
        pub username: String,
        /// The tag of an [`api::Locale`].
        pub language: String,
        /// The token is derived from this and `SECRET_KEY`; empty for a mail without a link.
        pub seed: Vec<u8>,
        pub request_id: String,
        pub created_at: DateTime<Utc>,
        /// When the mail is given up, and its token expires.
        pub expires_at: DateTime<Utc>,
        pub attempts: i32,
        pub next_attempt_at: DateTime<Utc>,
        /// Since when a server is sending it.
        pub claimed_at: Option<DateTime<Utc>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod prediction {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "predictions")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub user_id: i64,
        pub created_at: DateTime<Utc>,
        pub digit: i16,
        pub probability: f32,
        pub model: String,
        /// 28x28 bytes, ink bright.
        pub picture: Vec<u8>,
        /// The number, if several digits were asked for.
        pub number: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod correction {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::ReviewState;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "corrections")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub prediction_id: i64,
        pub user_id: i64,
        /// What the user says: the place of an [`api::Label`], as all labels here.
        pub said: i16,
        pub created_at: DateTime<Utc>,
        pub state: ReviewState,
        /// What an admin agreed to.
        pub label: Option<i16>,
        pub decided_at: Option<DateTime<Utc>>,
        /// The model that has read the image again.
        pub model: Option<String>,
        pub reading: Option<i16>,
        pub confidence: Option<f32>,
        /// How improbable that model makes what the user says; 0 before.
        pub disagreement: f32,
        /// How improbable it makes its own reading; 0 before.
        pub doubt: f32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod correction_decision {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::ReviewState;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "correction_decisions")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub prediction_id: i64,
        /// The admin's name, or `-` for a deleted account.
        pub actor: String,
        /// The state since then.
        pub state: ReviewState,
        pub label: Option<i16>,
        pub created_at: DateTime<Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod model {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "models")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: String,
        /// The file as it was uploaded.
        pub weights: Vec<u8>,
        /// The model card, in JSON.
        pub card: Option<String>,
        /// The last evaluation, in JSON.
        pub evaluation: Option<String>,
        /// The admin's name, or `-` for a deleted account.
        pub uploaded_by: String,
        pub created_at: DateTime<Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod model_change {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::ModelAction;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_changes")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// `None` for the shipped model.
        pub version: Option<String>,
        pub action: ModelAction,
        /// The admin's name, or `-` for a deleted account.
        pub actor: String,
        pub created_at: DateTime<Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod audit {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use super::column::Action;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// `None` for a deleted account.
        pub user_id: Option<i64>,
        /// The admin's name; empty for the command line, `-` for a deleted account.
        pub actor: String,
        pub action: Action,
        pub created_at: DateTime<Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod key_fingerprint {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "key_fingerprints")]
    pub struct Model {
        /// What the keys are for.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// Separated by spaces.
        pub fingerprints: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
