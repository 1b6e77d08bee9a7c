//! Pages of lists that are found by the key of a row beside them, so that a page costs the same wherever it is.

/// Which part of a list is asked for. `K` is the key of a row: its place in the list's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position<K> {
    /// The page with this number, from 1. The database reads all rows before it as well.
    Page(u64),
    /// The rows that follow the one with this key, whether that one still exists or not.
    After(K),
    /// The rows that precede the one with this key.
    Before(K),
}

/// Rows of a list, and the keys by which the rows beside them are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, K> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// The key of the first row, if there are rows before it.
    pub previous: Option<K>,
    /// The key of the last row, if there are rows after it.
    pub next: Option<K>,
}

impl<K> Position<K> {
    /// Whether the rows are read from the end of the list towards its beginning.
    pub(super) fn is_backwards(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// The key, where the position has one.
    pub fn key(&self) -> Option<&K> {
        match self {
            Self::Page(_) => None,
            Self::After(key) | Self::Before(key) => Some(key),
        }
    }

    /// The number of rows to skip: for a page by its number all before it.
    pub(super) fn offset(&self, per_page: u64) -> u64 {
        match self {
            Self::Page(number) => number.saturating_sub(1).saturating_mul(per_page),
            Self::After(_) | Self::Before(_) => 0,
        }
    }

    /// The page of `rows`, which were read in the direction of this position, one more than `per_page` if there are.
    pub(super) fn page<T>(&self, mut rows: Vec<T>, per_page: u64, key: impl Fn(&T) -> K) -> Page<T, K> {
        let per_page = usize::try_from(per_page).unwrap_or(usize::MAX);
        let are_more = rows.len() > per_page;
        rows.truncate(per_page);
        if self.is_backwards() {
            rows.reverse();
        }
        let (has_previous, has_next) = match self {
            Self::Page(number) => (*number > 1, are_more),
            Self::After(_) => (true, are_more),
            Self::Before(_) => (are_more, true),
        };
        let previous = rows.first().filter(|_| has_previous).map(&key);
        let next = rows.last().filter(|_| has_next).map(&key);
        Page { rows, previous, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_keys_beside_which_there_are_rows() {
        let page = |position: Position<i64>, rows: &[i64]| {
            let page = position.page(rows.to_vec(), 2, |row| *row);
            (page.rows, page.previous, page.next)
        };
        assert_eq!(page(Position::Page(1), &[1, 2, 3]), (vec![1, 2], None, Some(2)));
        assert_eq!(page(Position::Page(1), &[1, 2]), (vec![1, 2], None, None));
        assert_eq!(page(Position::Page(2), &[3]), (vec![3], Some(3), None));
        assert_eq!(page(Position::After(2), &[3, 4, 5]), (vec![3, 4], Some(3), Some(4)));
        assert_eq!(page(Position::After(4), &[5]), (vec![5], Some(5), None));
        assert_eq!(page(Position::After(5), &[]), (vec![], None, None));
        assert_eq!(page(Position::Before(5), &[4, 3, 2]), (vec![3, 4], Some(3), Some(4)));
        assert_eq!(page(Position::Before(3), &[2, 1]), (vec![1, 2], None, Some(2)));
    }
}
