//! The text that `/metrics` answers, line by line: Prometheus' format 0.0.4, and what `OpenMetrics` adds to it.

use std::collections::BTreeMap;

use super::Labels;

/// Samples taken from one text at most, so that no answer can fill the page's memory.
pub const MOST_SAMPLES: usize = 20_000;

/// What a metric's TYPE line says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until its process starts anew.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Cumulative buckets, a sum and a count.
    Histogram,
    /// Quantiles, a sum and a count.
    Summary,
    /// Says nothing of itself, or something newer than this.
    Untyped,
}

/// One line: a series and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The metric's name, suffix included.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Its value; may be NaN or infinite.
    pub value: f64,
}

/// One whole text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scrape {
    /// Its samples, in their order.
    pub samples: Vec<Sample>,
    /// Lines that could not be read, or were beyond [`MOST_SAMPLES`].
    pub skipped: usize,
    kinds: BTreeMap<String, Kind>,
}

impl Scrape {
    /// Read a text. A line that makes no sense is skipped, and the rest holds.
    pub fn parse(text: &str) -> Self {
        let mut scrape = Self::default();
        for line in text.lines() {
            let line = line.trim_matches(is_blank);
            if let Some(comment) = line.strip_prefix('#') {
                scrape.take_comment(comment);
            } else if !line.is_empty() {
                let room = scrape.samples.len() < MOST_SAMPLES;
                match sample(line).filter(|_| room) {
                    Some(sample) => scrape.samples.push(sample),
                    None => scrape.skipped += 1,
                }
            }
        }
        scrape
    }

    /// What the metric of that sample name is: of `x_bucket` that is what `x` is.
    pub fn kind(&self, name: &str) -> Kind {
        let suffixes = ["_bucket", "_sum", "_count", "_total", "_created", "_info"];
        let bases = suffixes.iter().filter_map(|suffix| name.strip_suffix(suffix));
        std::iter::once(name)
            .chain(bases)
            .find_map(|name| self.kinds.get(name).copied())
            .unwrap_or(Kind::Untyped)
    }

    /// TYPE is kept; HELP, UNIT, EOF and whatever else are for others.
    fn take_comment(&mut self, comment: &str) {
        let mut words = comment.split(is_blank).filter(|word| !word.is_empty());
        if words.next() == Some("TYPE")
            && let (Some(name), Some(kind)) = (words.next(), words.next())
        {
            let kind = match kind {
                "counter" => Kind::Counter,
                "gauge" => Kind::Gauge,
                "histogram" => Kind::Histogram,
                "summary" => Kind::Summary,
                _ => Kind::Untyped,
            };
            self.kinds.insert(name.to_owned(), kind);
        }
    }
}

fn is_blank(character: char) -> bool {
    character == ' ' || character == '\t'
}

fn skip_blank(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

/// `name{label="value",…} value [timestamp] [# exemplar]`.
fn sample(line: &str) -> Option<Sample> {
    let (name, rest) = identifier(line, true)?;
    let (labels, rest) = match skip_blank(rest).strip_prefix('{') {
        Some(inside) => labels(inside)?,
        None => (Labels::default(), rest.strip_prefix(is_blank)?),
    };
    // An exemplar follows a lone `#`; the labels, where one may stand in a value, are behind us.
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    let mut words = rest.split(is_blank).filter(|word| !word.is_empty());
    let value = words.next()?.parse().ok()?;
    // The time is the scraper's business, yet it has to be one.
    let has_fair_time = words.next().is_none_or(|time| time.parse::<f64>().is_ok());
    (has_fair_time && words.next().is_none()).then(|| Sample {
        name: name.to_owned(),
        labels,
        value,
    })
}

/// A name at the beginning of `text`, and what follows it. Colons are for metrics only.
fn identifier(text: &str, is_metric: bool) -> Option<(&str, &str)> {
    let is_part =
        |character: char| character.is_ascii_alphanumeric() || character == '_' || (is_metric && character == ':');
    let end = text.find(|character| !is_part(character)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts_well = !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit());
    starts_well.then_some((name, rest))
}

/// What stands between the braces, and what follows them.
fn labels(mut rest: &str) -> Option<(Labels, &str)> {
    let mut pairs = Vec::new();
    loop {
        rest = skip_blank(rest);
        if let Some(rest) = rest.strip_prefix('}') {
            return Some((Labels::new(pairs), rest));
        }
        let (name, after) = identifier(rest, false)?;
        let after = skip_blank(skip_blank(after).strip_prefix('=')?);
        let (value, after) = quoted(after.strip_prefix('"')?)?;
        pairs.push((name.to_owned(), value));
        let after = skip_blank(after);
        rest = match after.strip_prefix(',') {
            Some(after) => after,
            None if after.starts_with('}') => after,
            None => return None,
        };
    }
}

/// A value up to its closing quote, its escapes undone, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, text.get(index + 1..)?)),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                escaped @ ('\\' | '"') => value.push(escaped),
                // No escape: Prometheus keeps both characters.
                other => value.extend(['\\', other]),
            },
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(String, f64)> {
        let scrape = Scrape::parse(line);
        let sample = scrape.samples.first()?;
        Some((format!("{}{}", sample.name, sample.labels), sample.value))
    }

    fn reads(line: &str, series: &str, value: f64) {
        let (found, number) = read(line).unwrap_or_else(|| panic!("not read: {line}"));
        assert_eq!(found, series, "{line}");
        assert!(
            number.total_cmp(&value).is_eq() || (number.is_nan() && value.is_nan()),
            "{line}: {number}"
        );
    }

    #[test]
    fn reads_every_form_of_a_line() {
        reads("up 1", "up{}", 1.0);
        reads("  up\t 1 \t", "up{}", 1.0);
        reads("a:b_c{} 2.5e3", "a:b_c{}", 2500.0);
        reads("x{ b = \"2\" , a=\"1\", } -4 1700000000000", r#"x{a="1",b="2"}"#, -4.0);
        reads("x {a=\"1\"} 3 -1", r#"x{a="1"}"#, 3.0);
        reads("x{a=\"1\"}3", r#"x{a="1"}"#, 3.0);
        reads("x NaN", "x{}", f64::NAN);
        reads("x +Inf", "x{}", f64::INFINITY);
        reads("x -Inf", "x{}", f64::NEG_INFINITY);
        reads(
            "x_total 5 1700000000.25 # {trace_id=\"a b\"} 0.67 1700000000.1",
            "x_total{}",
            5.0,
        );
        reads("x_bucket{le=\"1\"} 5 # {} 0.67", r#"x_bucket{le="1"}"#, 5.0);
    }

    #[test]
    fn undoes_the_escapes_and_nothing_else() {
        let sample = &Scrape::parse(r#"x{a="\\n \" \n \d } , # = ñ"} 1"#).samples[0];
        assert_eq!(sample.labels.get("a"), "\\n \" \n \\d } , # = ñ");
        assert_eq!(sample.labels.get("b"), "");
    }

    #[test]
    fn skips_what_makes_no_sense_and_keeps_the_rest() {
        let bad = [
            "x",
            "x ",
            "{a=\"1\"} 1",
            "1x 1",
            "x{a=1} 1",
            "x{a=\"1} 1",
            "x{a=\"1\" 1",
            "x{a=\"1\" b=\"2\"} 1",
            "x one",
            "x{a:b=\"1\"} 1",
            "x 1 noon",
            "x 1 2 3",
            "x{,} 1",
            "<!DOCTYPE html>",
            "x{a=\"\\",
            "x-y 1",
            "x # 1",
        ];
        for line in bad {
            let scrape = Scrape::parse(&format!("{line}\ny 2\n"));
            assert_eq!((scrape.samples.len(), scrape.skipped), (1, 1), "{line}");
        }
    }

    #[test]
    fn knows_what_each_metric_is() {
        let scrape = Scrape::parse(
            "# HELP a TYPE of help\n# TYPE a counter\n#TYPE b gauge\n# TYPE c histogram\n# TYPE d summary\n\
             # TYPE e info\n# TYPE\n# EOF\n",
        );
        let kinds = ["a", "a_total", "b", "c_bucket", "c_sum", "d_count", "e", "f"].map(|name| scrape.kind(name));
        assert_eq!(
            kinds,
            [
                Kind::Counter,
                Kind::Counter,
                Kind::Gauge,
                Kind::Histogram,
                Kind::Histogram,
                Kind::Summary,
                Kind::Untyped,
                Kind::Untyped
            ]
        );
    }

    #[test]
    fn takes_no_more_than_it_can_hold() {
        let scrape = Scrape::parse(&"x 1\n".repeat(MOST_SAMPLES + 7));
        assert_eq!((scrape.samples.len(), scrape.skipped), (MOST_SAMPLES, 7));
    }
}
