//! The texts of the status dashboard. In a table of their own, so that they come with that page and not with the first
//! load.

use super::{alarms::Alarm, connection::Failure};
use crate::i18n::{Language, Locale, ProblemText, Say};

/// Every text of the page in one language.
#[derive(Debug)]
#[expect(missing_docs, reason = "a field's name and its text below say what it is")]
pub struct StatusTexts {
    // The head.
    pub title: &'static str,
    pub heading: &'static str,
    pub waiting: &'static str,
    pub live: &'static str,
    pub stale: &'static str,
    pub offline: &'static str,
    pub paused: &'static str,
    /// How old the figures are.
    pub age: fn(&str) -> String,
    pub pause: &'static str,
    pub interval: &'static str,
    pub span: &'static str,
    pub recent: &'static str,
    pub whole: &'static str,
    pub now: &'static str,
    pub time: &'static str,
    pub table: &'static str,
    pub no_data: &'static str,
    pub no_value: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,

    // Why nothing new comes.
    pub unreachable: [&'static str; 2],
    pub timed_out: [&'static str; 2],
    pub signed_out: [&'static str; 2],
    pub forbidden: [&'static str; 2],
    pub refused: [&'static str; 2],
    pub unreadable: [&'static str; 2],
    pub try_now: &'static str,
    pub sign_in: &'static str,

    // The three numbers and the charts.
    pub requests: &'static str,
    pub errors: &'static str,
    pub users: &'static str,
    pub since_start: &'static str,
    pub errors_note: &'static str,
    pub users_note: &'static str,
    /// By so much, in so long.
    pub change: fn(&str, &str) -> String,
    pub change_name: &'static str,
    pub rate: &'static str,
    pub error_rate: &'static str,
    pub latency: &'static str,

    // What is wrong.
    pub alarms: &'static str,
    pub all_well: &'static str,
    pub rules_checked: fn(usize) -> String,
    pub alarms_unknown: &'static str,
    pub pending: &'static str,
    pub critical: &'static str,
    pub warning: &'static str,
    pub held: fn(&str) -> String,
    pub alarm: fn(Alarm) -> &'static str,

    // The tables.
    pub endpoints: &'static str,
    pub route: &'static str,
    pub per_second: &'static str,
    pub sort_by: &'static str,
    pub no_requests: &'static str,
    pub digits: &'static str,
    pub stages: &'static str,
    pub stage: fn(&str) -> &'static str,
    pub mean: &'static str,
    pub throughput: &'static str,
    pub cached: &'static str,
    pub batches: &'static str,
    pub batch_mean: &'static str,
    pub queue: &'static str,

    // The server.
    pub server: &'static str,
    pub cpu: &'static str,
    pub memory: &'static str,
    pub pending_requests: &'static str,
    pub files: &'static str,
    pub threads: &'static str,
    pub database: &'static str,
    pub mails: &'static str,
    pub disk: &'static str,
    pub uptime: &'static str,
    pub restarts: &'static str,
    pub version: &'static str,
    pub model: &'static str,
    pub backend: &'static str,

    // The log.
    pub log: &'static str,
    pub log_failed: &'static str,
    pub log_empty: &'static str,
    pub error: &'static str,
}

impl StatusTexts {
    /// The texts in `locale`.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Es => &ES,
            Locale::En => &EN,
        }
    }

    /// Why no figures came, and what to do.
    pub fn trouble(&self, failure: Failure) -> ProblemText {
        let ([happened, remedy], status) = match failure {
            Failure::Offline => (self.unreachable, None),
            Failure::TimedOut => (self.timed_out, None),
            Failure::SignedOut => (self.signed_out, None),
            Failure::Forbidden => (self.forbidden, None),
            Failure::Refused(status) => (self.refused, Some(status)),
            Failure::Unreadable => (self.unreadable, None),
        };
        ProblemText {
            happened,
            remedy: status.map_or_else(|| remedy.to_owned(), |status| format!("{remedy} (HTTP {status})")),
        }
    }
}

/// A text that follows the language.
pub fn say(language: Language, pick: fn(&'static StatusTexts) -> &'static str) -> Say {
    Say::derive(move || pick(StatusTexts::of(language.locale())))
}

static ES: StatusTexts = StatusTexts {
    title: "Estado del servicio · Trazo",
    heading: "Estado",
    waiting: "Esperando datos",
    live: "En vivo",
    stale: "Con retraso",
    offline: "Sin conexión",
    paused: "En pausa",
    age: |age| format!("hace {age}"),
    pause: "Pausa",
    interval: "Cada",
    span: "Qué cuentan las tablas y las barras",
    recent: "Últimos 5 min",
    whole: "Desde el arranque",
    now: "ahora",
    time: "Hora",
    table: "Tabla",
    no_data: "Todavía no hay datos.",
    no_value: "sin dato",
    copy: "Copiar",
    copied: "Copiado",
    copy_failed: "No se pudo copiar",

    unreachable: [
        "El servidor no responde.",
        "Lo que ves es lo último que dijo. Lo sigo intentando; en cuanto vuelva, la página también.",
    ],
    timed_out: [
        "El servidor tarda demasiado en responder.",
        "Lo que ves es lo último que dijo. Lo sigo intentando.",
    ],
    signed_out: ["Tu sesión ha terminado.", "Inicia sesión otra vez para seguir mirando."],
    forbidden: [
        "Tu cuenta no puede ver las métricas.",
        "Pide a quien administra el servicio que te dé permiso.",
    ],
    refused: [
        "El servidor no da sus métricas.",
        "Lo sigo intentando; mira su registro si dura.",
    ],
    unreadable: [
        "La respuesta no son las métricas de este servicio.",
        "Puede que un proxy responda en su lugar. Lo sigo intentando.",
    ],
    try_now: "Probar ahora",
    sign_in: "Iniciar sesión",

    requests: "Solicitudes",
    errors: "Errores",
    users: "Usuarios registrados",
    since_start: "desde el arranque",
    errors_note: "respuestas 4xx y 5xx",
    users_note: "cuentas",
    change: |change, time| format!("{change} en {time}"),
    change_name: "Cambio",
    rate: "Solicitudes por segundo",
    error_rate: "Errores por segundo",
    latency: "Tiempo de respuesta",

    alarms: "Qué va mal ahora",
    all_well: "Todo en orden",
    rules_checked: |rules| format!("{rules} reglas comprobadas en cada lectura"),
    alarms_unknown: "Sin conexión no se sabe.",
    pending: "a la espera",
    critical: "grave",
    warning: "aviso",
    held: |time| format!("desde hace {time}"),
    alarm: |alarm| match alarm {
        Alarm::NoModelReady => "No hay modelo con el que leer",
        Alarm::HighErrorRatio => "Fallan demasiadas respuestas (5xx)",
        Alarm::SlowRequests => "Respuestas lentas (p99)",
        Alarm::QueueSaturated => "La cola de inferencia está casi llena",
        Alarm::FailedSignInBurst => "Ráfaga de inicios de sesión fallidos",
        Alarm::MailOutboxStuck => "El correo no sale",
        Alarm::LogLinesLost => "Se han perdido líneas del registro",
        Alarm::DiskAlmostFull => "Queda poco disco",
    },

    endpoints: "Rutas",
    route: "Ruta",
    per_second: "Por segundo",
    sort_by: "Ordenar por",
    no_requests: "Ninguna solicitud en este tiempo.",
    digits: "Dígitos leídos",
    stages: "En qué se va el tiempo de una lectura",
    stage: |stage| match stage {
        "decode" => "Descodificar",
        "preprocess" => "Encuadrar",
        "queue" => "Esperar",
        _ => "Leer",
    },
    mean: "Media",
    throughput: "Caché, lotes y cola",
    cached: "De la caché",
    batches: "Lotes por tamaño",
    batch_mean: "Lote medio",
    queue: "En cola",

    server: "El servidor",
    cpu: "CPU (de un núcleo)",
    memory: "Memoria",
    pending_requests: "En curso",
    files: "Ficheros abiertos",
    threads: "Hilos",
    database: "Conexiones a la base de datos",
    mails: "Correos por enviar",
    disk: "Disco libre",
    uptime: "En marcha",
    restarts: "Reinicios vistos",
    version: "Versión",
    model: "Modelo",
    backend: "Motor",

    log: "Últimos avisos y errores del registro",
    log_failed: "No se han podido leer. Lo sigo intentando.",
    log_empty: "Ninguno desde el arranque.",
    error: "error",
};

static EN: StatusTexts = StatusTexts {
    title: "Service status · Trazo",
    heading: "Status",
    waiting: "Waiting for data",
    live: "Live",
    stale: "Late",
    offline: "Offline",
    paused: "Paused",
    age: |age| format!("{age} ago"),
    pause: "Pause",
    interval: "Every",
    span: "What tables and bars count",
    recent: "Last 5 min",
    whole: "Since the start",
    now: "now",
    time: "Time",
    table: "Table",
    no_data: "No data yet.",
    no_value: "no value",
    copy: "Copy",
    copied: "Copied",
    copy_failed: "Could not copy",

    unreachable: [
        "The server does not answer.",
        "What you see is the last it said. I keep trying; once it is back, so is this page.",
    ],
    timed_out: [
        "The server takes too long to answer.",
        "What you see is the last it said. I keep trying.",
    ],
    signed_out: ["Your session has ended.", "Sign in again to go on watching."],
    forbidden: [
        "Your account may not see the metrics.",
        "Ask whoever runs the service to let you.",
    ],
    refused: [
        "The server does not give its metrics.",
        "I keep trying; look into its log if this lasts.",
    ],
    unreadable: [
        "What came back are not this service's metrics.",
        "A proxy may be answering in its place. I keep trying.",
    ],
    try_now: "Try now",
    sign_in: "Sign in",

    requests: "Requests",
    errors: "Errors",
    users: "Registered users",
    since_start: "since the start",
    errors_note: "4xx and 5xx answers",
    users_note: "accounts",
    change: |change, time| format!("{change} in {time}"),
    change_name: "Change",
    rate: "Requests per second",
    error_rate: "Errors per second",
    latency: "Response time",

    alarms: "What is wrong now",
    all_well: "All is well",
    rules_checked: |rules| format!("{rules} rules checked with every reading"),
    alarms_unknown: "Nobody knows while offline.",
    pending: "pending",
    critical: "critical",
    warning: "warning",
    held: |time| format!("for {time}"),
    alarm: |alarm| match alarm {
        Alarm::NoModelReady => "There is no model to read with",
        Alarm::HighErrorRatio => "Too many answers fail (5xx)",
        Alarm::SlowRequests => "Slow answers (p99)",
        Alarm::QueueSaturated => "The inference queue is nearly full",
        Alarm::FailedSignInBurst => "A burst of failed sign-ins",
        Alarm::MailOutboxStuck => "Mail does not go out",
        Alarm::LogLinesLost => "Log lines were lost",
        Alarm::DiskAlmostFull => "Little disk is left",
    },

    endpoints: "Endpoints",
    route: "Endpoint",
    per_second: "Per second",
    sort_by: "Sort by",
    no_requests: "No requests in this time.",
    digits: "Digits read",
    stages: "Where a reading's time goes",
    stage: |stage| match stage {
        "decode" => "Decode",
        "preprocess" => "Frame",
        "queue" => "Wait",
        _ => "Read",
    },
    mean: "Mean",
    throughput: "Cache, batches and queue",
    cached: "From the cache",
    batches: "Batches by size",
    batch_mean: "Mean batch",
    queue: "Queued",

    server: "The server",
    cpu: "CPU (of one core)",
    memory: "Memory",
    pending_requests: "Under way",
    files: "Open files",
    threads: "Threads",
    database: "Database connections",
    mails: "Mails to send",
    disk: "Disk free",
    uptime: "Up for",
    restarts: "Restarts seen",
    version: "Version",
    model: "Model",
    backend: "Backend",

    log: "Newest warnings and errors of the log",
    log_failed: "They could not be read. I keep trying.",
    log_empty: "None since the start.",
    error: "error",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_and_alarm_is_told_in_both_languages() {
        let failures = [
            Failure::Offline,
            Failure::TimedOut,
            Failure::SignedOut,
            Failure::Forbidden,
            Failure::Refused(500),
            Failure::Unreadable,
        ];
        for failure in failures {
            let [es, en] = Locale::ALL.map(|locale| StatusTexts::of(locale).trouble(failure));
            assert!(
                es != en && !es.happened.is_empty() && !es.remedy.is_empty(),
                "{failure:?}"
            );
        }
        for alarm in Alarm::ALL {
            let [es, en] = Locale::ALL.map(|locale| (StatusTexts::of(locale).alarm)(alarm));
            assert!(es != en && !es.is_empty(), "{alarm:?}");
        }
        assert!(ES.trouble(Failure::Refused(500)).remedy.contains("500"));
    }
}
