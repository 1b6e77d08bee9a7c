//! The labels of one series.

use std::fmt;

/// Names and values, sorted by name, so that equal sets are equal however they were written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Labels(Vec<(String, String)>);

impl Labels {
    /// From pairs in any order; of a name that comes twice the last holds.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        let mut labels: Vec<(String, String)> = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            match labels.iter_mut().find(|(known, _)| *known == name) {
                Some((_, old)) => *old = value,
                None => labels.push((name, value)),
            }
        }
        labels.sort_unstable();
        Self(labels)
    }

    /// The value of a label; empty where there is none, as Prometheus has it.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
            write!(f, "{comma}{name}=\"{value}\"")?;
        }
        f.write_str("}")
    }
}
