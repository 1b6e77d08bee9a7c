//! English.

use super::AccountTexts;
use crate::i18n::{Locale, delay};

pub(super) static EN: AccountTexts = AccountTexts {
    // The fields.
    username: "Username",
    username_help: "3 to 32 letters, digits, dots or dashes.",
    username_or_email: "Username or email",
    email: "Email address",
    email_help: "We’ll send a link there to confirm it.",
    password: "Password",
    new_password: "New password",
    password_help: "At least 8 characters. A phrase that only you know is best.",

    // Signing up.
    register_title: "Create an account",
    register_lead: "With an account, the server reads your drawings and keeps what it read.",
    register: "Create account",
    registering: "Creating the account…",
    registered_title: "Account created",
    registered: |email| {
        format!("We’ve sent an email to {email}. Open the link in it to confirm the address; it is valid for 24 hours.")
    },
    have_account: "Already have an account? Sign in",
    registered_by_form: "Account created. We’ve sent you an email: open the link in it to confirm the address. You can sign in now.",

    // Signing in.
    signing_in: "Signing in…",
    no_account: "No account yet? Create one",
    forgot_link: "I forgot my password",
    signed_in_title: "You are signed in",
    signed_in: |name| format!("You are signed in as {name}. To use another account, sign out in the menu first."),
    continue_link: "Continue",

    // Confirming the address.
    confirm_title: "Confirm your address",
    confirm_lead: "Press the button to confirm that the address is yours.",
    confirm: "Confirm my address",
    confirming: "Confirming…",
    confirmed_title: "Address confirmed",
    confirmed: "Thank you: your account is complete.",
    email_changed_title: "Address changed",
    email_changed: "The email address of your account has changed. Your other sessions have ended.",
    resend_title: "Ask for another email",
    resend_lead: "Enter your account’s email address and we’ll send you a new link.",
    resend: "Send another email",
    sending: "Sending…",
    resent: "If there is an unconfirmed account with that address, an email is on its way. Check your spam folder.",
    resent_to_you: "The email is on its way. Check your spam folder.",

    // A new password.
    forgot_title: "Forgotten password",
    forgot_lead: "Enter your account’s email address and we’ll send you a link to choose a new password.",
    forgot: "Send the link",
    forgot_sent: "If there is an account with that address, an email is on its way. Check your spam folder.",
    back_to_sign_in: "Back to sign-in",
    reset_title: "Choose a new password",
    reset: "Save the password",
    resetting: "Saving…",
    reset_done_title: "Password changed",
    reset_done: "All your sessions have ended, and your API keys are no longer valid. Sign in with the new password.",
    ask_again: "Ask for another link",

    // One's own page.
    account_title: "My account",
    since: "Since",
    is_confirmed: "Confirmed",
    is_not_confirmed: "Not confirmed",
    unconfirmed_help: "Open the link in the email we sent you. If you can’t find it, ask for another.",
    quota_title: "Readings by the server",
    quota: |left, limit| format!("{left} of {limit} left"),
    quota_lifted: "No limit",
    quota_next: |seconds| format!("The next one {}.", delay(Some(seconds), Locale::En)),
    quota_reset: |seconds| match seconds {
        0 => "You have all of them.".to_owned(),
        1..120 => format!("They are renewed {}.", delay(None, Locale::En)),
        _ => format!("They are renewed {}.", delay(Some(seconds), Locale::En)),
    },
    unconfirmed_left: |left| match left {
        0 => "Confirm your address to keep asking.".to_owned(),
        _ => format!("{left} left until you confirm your address."),
    },
    sessions_title: "Sessions",
    sessions: |count| match count {
        1 => "Only this one".to_owned(),
        _ => format!("{count} open, including this one"),
    },
    sign_out_everywhere: "Sign out everywhere",
    signing_out: "Signing out…",
    history_title: "What the server has read",
    history_total: |total| match total {
        1 => "1 reading".to_owned(),
        _ => format!("{total} readings"),
    },
    history_empty: "You haven’t asked it anything yet.",
    history_beyond: "Your history doesn’t reach this page.",
    picture: |numeral| format!("The drawing that was read as {numeral}"),
    read_as: |numeral, percent| format!("It read a {numeral}: {percent}"),
};
