//! How long to wait, in words.

use super::Locale;

/// "in 5 seconds", "dentro de 3 minutos": in the unit that fits, rounded up; "in a moment" if unknown.
pub fn delay(seconds: Option<u64>, locale: Locale) -> String {
    let (count, [es, en]) = match seconds {
        None => {
            return match locale {
                Locale::Es => "dentro de un momento",
                Locale::En => "in a moment",
            }
            .to_owned();
        }
        Some(0 | 1) => {
            return match locale {
                Locale::Es => "dentro de un segundo",
                Locale::En => "in a second",
            }
            .to_owned();
        }
        Some(seconds @ ..120) => (seconds, ["segundos", "seconds"]),
        Some(seconds @ ..7200) => (seconds.div_ceil(60), ["minutos", "minutes"]),
        Some(seconds) => (seconds.div_ceil(3600), ["horas", "hours"]),
    };
    match locale {
        Locale::Es => format!("dentro de {count} {es}"),
        Locale::En => format!("in {count} {en}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_follows_the_length() {
        let es = [None, Some(1), Some(90), Some(121), Some(86_400)].map(|seconds| delay(seconds, Locale::Es));
        assert_eq!(
            es,
            [
                "dentro de un momento",
                "dentro de un segundo",
                "dentro de 90 segundos",
                "dentro de 3 minutos",
                "dentro de 24 horas"
            ]
        );
        let en = [None, Some(0), Some(2), Some(7199), Some(7200)].map(|seconds| delay(seconds, Locale::En));
        assert_eq!(
            en,
            [
                "in a moment",
                "in a second",
                "in 2 seconds",
                "in 120 minutes",
                "in 2 hours"
            ]
        );
    }
}
