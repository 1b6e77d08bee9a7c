//! The texts of the admins' user list. In a table of their own, so that they are loaded with that page.

use super::action::AdminAction;
use crate::i18n::TextTable;
use api::{Role, UserAction, UserSort};

/// The user list's texts in one language.
#[derive(Debug)]
pub struct UsersTexts {
    pub title: &'static str,

    // The counts.
    pub all: &'static str,
    pub admins: &'static str,
    pub unconfirmed: &'static str,
    pub disabled: &'static str,

    // Search and filters.
    pub search: &'static str,
    pub search_help: &'static str,
    pub role: &'static str,
    pub confirmation: &'static str,
    pub state: &'static str,
    pub any: &'static str,
    pub of_role: fn(Role) -> &'static str,
    pub is_confirmed: &'static str,
    pub is_unconfirmed: &'static str,
    pub is_enabled: &'static str,
    pub is_disabled: &'static str,
    pub clear: &'static str,
    pub csv: &'static str,

    // The list.
    pub column: fn(UserSort) -> &'static str,
    pub actions: &'static str,
    pub found: fn(u64) -> String,
    pub more: fn(u64) -> String,
    pub empty: &'static str,
    pub beyond: &'static str,
    pub never: &'static str,
    pub you: &'static str,

    // What is done to an account.
    pub actions_on: fn(&str) -> String,
    pub action: fn(AdminAction) -> &'static str,
    /// Asks before something is taken away, by the name.
    pub confirm: fn(AdminAction, &str) -> String,
    pub confirm_own: &'static str,
    pub done: fn(AdminAction, &str) -> String,
    pub keys: fn(u64) -> String,
    pub changes: fn(usize) -> String,
    pub change: fn(UserAction) -> &'static str,
    /// By whom: a name, or nothing for the command line.
    pub by: fn(&str) -> String,
}

impl TextTable for UsersTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

static ES: UsersTexts = UsersTexts {
    title: "Usuarios",

    all: "Cuentas",
    admins: "Administradores",
    unconfirmed: "Sin confirmar",
    disabled: "Desactivadas",

    search: "Buscar",
    search_help: "Nombre o correo",
    role: "Rol",
    confirmation: "Correo",
    state: "Estado",
    any: "Todos",
    of_role: |role| match role {
        Role::User => "Usuario",
        Role::Admin => "Administrador",
    },
    is_confirmed: "Confirmado",
    is_unconfirmed: "Sin confirmar",
    is_enabled: "Activa",
    is_disabled: "Desactivada",
    clear: "Quitar los filtros",
    csv: "Descargar CSV",

    column: |sort| match sort {
        UserSort::Id => "Número",
        UserSort::Username => "Nombre",
        UserSort::Email => "Correo",
        UserSort::Role => "Rol",
        UserSort::EmailConfirmed => "Confirmación",
        UserSort::Disabled => "Estado",
        UserSort::CreatedAt => "Alta",
        UserSort::LastLoginAt => "Última entrada",
        UserSort::Predictions => "Lecturas",
    },
    actions: "Acciones",
    found: |total| match total {
        1 => "1 cuenta".to_owned(),
        _ => format!("{total} cuentas"),
    },
    more: |total| format!("Más de {total} cuentas coinciden: escribe algo más para encontrar las demás."),
    empty: "Ninguna cuenta coincide.",
    beyond: "La lista no llega a esta página.",
    never: "Nunca",
    you: "tú",

    actions_on: |name| format!("Acciones para {name}"),
    action: |action| match action {
        AdminAction::Promote => "Hacer administrador",
        AdminAction::Demote => "Quitar la administración",
        AdminAction::Disable => "Desactivar",
        AdminAction::Enable => "Activar",
        AdminAction::Resend => "Reenviar la confirmación",
    },
    confirm: |action, name| match action {
        AdminAction::Demote => {
            format!("¿Quitar la administración a {name}? Ya no verá esta lista ni el estado del servicio.")
        }
        AdminAction::Disable => format!("¿Desactivar la cuenta de {name}? Sus sesiones se cierran y no podrá entrar."),
        AdminAction::Promote | AdminAction::Enable | AdminAction::Resend => String::new(),
    },
    confirm_own: "Eres tú: perderás el acceso a esta página.",
    done: |action, name| match action {
        AdminAction::Promote => format!("Hecho: {name} ya administra."),
        AdminAction::Demote => format!("Hecho: {name} ya no administra."),
        AdminAction::Disable => format!("Hecho: la cuenta de {name} está desactivada."),
        AdminAction::Enable => format!("Hecho: la cuenta de {name} está activa."),
        AdminAction::Resend => format!("El correo para {name} va de camino."),
    },
    keys: |count| match count {
        1 => "1 clave de API".to_owned(),
        _ => format!("{count} claves de API"),
    },
    changes: |count| match count {
        1 => "1 cambio".to_owned(),
        _ => format!("{count} cambios"),
    },
    change: |action| match action {
        UserAction::Created => "Creada",
        UserAction::Promoted => "Hecha administradora",
        UserAction::Demoted => "Sin administración",
        UserAction::Disabled => "Desactivada",
        UserAction::Enabled => "Activada",
        UserAction::ConfirmationResent => "Confirmación reenviada",
    },
    by: |name| match name {
        "" => "desde la línea de órdenes".to_owned(),
        _ => format!("por {name}"),
    },
};

static EN: UsersTexts = UsersTexts {
    title: "Users",

    all: "Accounts",
    admins: "Admins",
    unconfirmed: "Unconfirmed",
    disabled: "Disabled",

    search: "Search",
    search_help: "Name or email",
    role: "Role",
    confirmation: "Email",
    state: "Status",
    any: "All",
    of_role: |role| match role {
        Role::User => "User",
        Role::Admin => "Admin",
    },
    is_confirmed: "Confirmed",
    is_unconfirmed: "Unconfirmed",
    is_enabled: "Enabled",
    is_disabled: "Disabled",
    clear: "Clear the filters",
    csv: "Download CSV",

    column: |sort| match sort {
        UserSort::Id => "Number",
        UserSort::Username => "Name",
        UserSort::Email => "Email",
        UserSort::Role => "Role",
        UserSort::EmailConfirmed => "Confirmation",
        UserSort::Disabled => "Status",
        UserSort::CreatedAt => "Registered",
        UserSort::LastLoginAt => "Last sign-in",
        UserSort::Predictions => "Readings",
    },
    actions: "Actions",
    found: |total| match total {
        1 => "1 account".to_owned(),
        _ => format!("{total} accounts"),
    },
    more: |total| format!("More than {total} accounts match: type more to find the others."),
    empty: "No account matches.",
    beyond: "The list doesn’t reach this page.",
    never: "Never",
    you: "you",

    actions_on: |name| format!("Actions for {name}"),
    action: |action| match action {
        AdminAction::Promote => "Make admin",
        AdminAction::Demote => "Remove as admin",
        AdminAction::Disable => "Disable",
        AdminAction::Enable => "Enable",
        AdminAction::Resend => "Resend the confirmation",
    },
    confirm: |action, name| match action {
        AdminAction::Demote => {
            format!("Remove {name} as admin? They won’t see this list or the service’s state any more.")
        }
        AdminAction::Disable => format!("Disable {name}’s account? Their sessions end and they can’t sign in."),
        AdminAction::Promote | AdminAction::Enable | AdminAction::Resend => String::new(),
    },
    confirm_own: "This is you: you will lose access to this page.",
    done: |action, name| match action {
        AdminAction::Promote => format!("Done: {name} is an admin."),
        AdminAction::Demote => format!("Done: {name} is no longer an admin."),
        AdminAction::Disable => format!("Done: {name}’s account is disabled."),
        AdminAction::Enable => format!("Done: {name}’s account is enabled."),
        AdminAction::Resend => format!("The email to {name} is on its way."),
    },
    keys: |count| match count {
        1 => "1 API key".to_owned(),
        _ => format!("{count} API keys"),
    },
    changes: |count| match count {
        1 => "1 change".to_owned(),
        _ => format!("{count} changes"),
    },
    change: |action| match action {
        UserAction::Created => "Created",
        UserAction::Promoted => "Made admin",
        UserAction::Demoted => "Removed as admin",
        UserAction::Disabled => "Disabled",
        UserAction::Enabled => "Enabled",
        UserAction::ConfirmationResent => "Confirmation resent",
    },
    by: |name| match name {
        "" => "from the command line".to_owned(),
        _ => format!("by {name}"),
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<UsersTexts>();
    }
}
