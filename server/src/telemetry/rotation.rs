//! A log file that rotates by size, named like those of Python's `RotatingFileHandler`: `app.log`, `app.log.1` (the
//! newest backup), `app.log.2` …
//!
//! Guarantees: each line is complete and in exactly one file, no file exceeds its limit, there are never more backups
//! than configured, and lines that can't be written are counted.
//!
//! logroller and tracing-rolling-file don't guarantee this: the first renames in another thread, so that there are
//! temporarily too many files; both exceed the limit by a line, leave a partial line when the disk is full, and don't
//! notice when the file is moved or removed.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt},
    path::PathBuf,
};

/// The log contains user names and addresses: only the service's user may write it, and only its group may read it.
const FILE_MODE: u32 = 0o640;
const FOLDER_MODE: u32 = 0o750;

/// `app.log` and its backups.
#[derive(Debug)]
pub(super) struct RotatingFile {
    path: PathBuf,
    /// Files stay below this size; Python's `maxBytes`.
    max_bytes: u64,
    backups: u32,
    open: Option<OpenFile>,
}

#[derive(Debug)]
struct OpenFile {
    file: File,
    size: u64,
}

/// Lines that could not be written.
#[derive(Debug)]
pub(super) struct LostLines {
    pub(super) lines: u64,
    pub(super) cause: io::Error,
}

impl RotatingFile {
    /// Removes the backups beyond `backups`, left by an earlier setting. The file is opened by the first write.
    pub(super) fn new(path: PathBuf, max_bytes: u64, backups: u32) -> Self {
        let rotating = Self {
            path,
            max_bytes,
            backups,
            open: None,
        };
        rotating.remove_surplus();
        rotating
    }

    /// Appends complete lines.
    ///
    /// # Errors
    ///
    /// [`LostLines`], with the last cause, when some of them could not be written.
    pub(super) fn append(&mut self, lines: &[u8]) -> Result<(), LostLines> {
        let mut too_long = 0;
        self.check_open_file();
        let mut rest = lines;
        while !rest.is_empty() {
            let first = rest
                .iter()
                .position(|&byte| byte == b'\n')
                .map_or(rest.len(), |at| at + 1);
            if first as u64 >= self.max_bytes {
                too_long += 1;
                rest = &rest[first..];
                continue;
            }
            match self.append_some(rest) {
                Ok(written) => rest = &rest[written..],
                Err(cause) => {
                    let lines = too_long + count_lines(rest);
                    return Err(LostLines { lines, cause });
                }
            }
        }
        if too_long > 0 {
            let cause = io::Error::new(io::ErrorKind::FileTooLarge, "a line is longer than LOG_MAX_BYTES");
            return Err(LostLines { lines: too_long, cause });
        }
        Ok(())
    }

    /// Closes the file if it has been moved or removed, and updates its size.
    fn check_open_file(&mut self) {
        let Some(open) = &mut self.open else { return };
        match (fs::metadata(&self.path), open.file.metadata()) {
            (Ok(named), Ok(opened)) if named.dev() == opened.dev() && named.ino() == opened.ino() => {
                open.size = opened.len();
            }
            _ => self.open = None,
        }
    }

    /// Appends as many complete lines as fit into the file, and returns their bytes; rotates and returns 0 if none fits.
    fn append_some(&mut self, lines: &[u8]) -> io::Result<usize> {
        let open = match self.open.take() {
            Some(open) => open,
            None => self.open_file()?,
        };
        let OpenFile { mut file, size } = open;
        let room = usize::try_from(self.max_bytes.saturating_sub(size + 1)).unwrap_or(usize::MAX);
        let fitting = whole_lines(&lines[..lines.len().min(room)]);
        if fitting == 0 {
            self.rotate()?;
            return Ok(0);
        }
        let (written, error) = write(&mut file, &lines[..fitting]);
        let whole = whole_lines(&lines[..written]);
        if whole < written {
            // Removes the partial line. Where that fails (a device), the next `open_file` ends the line.
            let _truncated = file.set_len(size + whole as u64);
        }
        match error {
            None => {
                let size = size + whole as u64;
                self.open = Some(OpenFile { file, size });
                Ok(whole)
            }
            Some(_) if whole > 0 => Ok(whole),
            Some(error) => Err(error),
        }
    }

    /// Renames the files. Only the backups up to the first gap are moved, so that repeating a rotation that failed halfway
    /// removes none.
    fn rotate(&self) -> io::Result<()> {
        if self.backups == 0 {
            return fs::remove_file(&self.path);
        }
        let gap = (1..self.backups)
            .find(|&number| !self.backup(number).exists())
            .unwrap_or(self.backups);
        for number in (1..gap).rev() {
            fs::rename(self.backup(number), self.backup(number + 1))?;
        }
        fs::rename(&self.path, self.backup(1))
    }

    fn open_file(&self) -> io::Result<OpenFile> {
        if let Some(folder) = self.path.parent() {
            DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
        }
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(FILE_MODE)
            .open(&self.path)?;
        let size = file.metadata()?.len();
        let mut open = OpenFile { file, size };
        open.end_line()?;
        Ok(open)
    }

    fn backup(&self, number: u32) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }

    fn remove_surplus(&self) {
        let (Some(folder), Some(name)) = (self.path.parent(), self.path.file_name().and_then(|name| name.to_str()))
        else {
            return;
        };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let number = entry
                .file_name()
                .to_str()
                .and_then(|entry| entry.strip_prefix(name)?.strip_prefix('.')?.parse::<u32>().ok());
            if number.is_some_and(|number| number > self.backups) {
                // If the folder isn't writable, the first line reports it.
                let _removed = fs::remove_file(entry.path());
            }
        }
    }
}

impl OpenFile {
    /// Adds the line break that a process killed while writing didn't write.
    fn end_line(&mut self) -> io::Result<()> {
        let mut last = [b'\n'];
        if self.size > 0 {
            self.file.read_exact_at(&mut last, self.size - 1)?;
        }
        if last != *b"\n" {
            self.file.write_all(b"\n")?;
            self.size += 1;
        }
        Ok(())
    }
}

/// Like [`Write::write_all`], but returns how many bytes were written before the error.
fn write(file: &mut File, bytes: &[u8]) -> (usize, Option<io::Error>) {
    let mut written = 0;
    while written < bytes.len() {
        match file.write(&bytes[written..]) {
            Ok(0) => return (written, Some(io::ErrorKind::WriteZero.into())),
            Ok(more) => written += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (written, Some(error)),
        }
    }
    (written, None)
}

/// The length of the complete lines at the start of `bytes`.
fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1)
}

/// Number of lines.
pub(super) fn count_lines(lines: &[u8]) -> u64 {
    lines.split_inclusive(|&byte| byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, path::Path};

    use tempfile::TempDir;

    use super::*;

    fn rotating(folder: &TempDir, max_bytes: u64, backups: u32) -> RotatingFile {
        RotatingFile::new(folder.path().join("app.log"), max_bytes, backups)
    }

    fn read(folder: &TempDir, name: &str) -> String {
        fs::read_to_string(folder.path().join(name)).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_named_and_limited_as_in_python() {
        let folder = TempDir::new().unwrap();
        let mut file = rotating(&folder, 10, 2);
        for line in ["1234\n", "abc\n", "ABCDEFG\n", "last\n", "z\n"] {
            file.append(line.as_bytes()).unwrap();
        }
        // Python: a file that would reach maxBytes is rotated first. "1234\nabc\n" has 9 bytes.
        assert_eq!(read(&folder, "app.log"), "last\nz\n");
        assert_eq!(read(&folder, "app.log.1"), "ABCDEFG\n");
        assert_eq!(read(&folder, "app.log.2"), "1234\nabc\n");
        file.append(b"new line\n").unwrap();
        assert_eq!(read(&folder, "app.log.2"), "ABCDEFG\n");
        assert_eq!(names(folder.path()), ["app.log", "app.log.1", "app.log.2"]);
    }

    #[test]
    fn a_batch_is_split_between_lines() {
        let folder = TempDir::new().unwrap();
        let mut file = rotating(&folder, 10, 9);
        file.append(b"one\ntwo\nthree\nfour\nfive\nsix\n").unwrap();
        let mut all = String::new();
        for name in names(folder.path()).iter().rev() {
            let text = read(&folder, name);
            assert!(text.len() < 10 && text.ends_with('\n'), "{name}: {text:?}");
            all += &text;
        }
        assert_eq!(all, "one\ntwo\nthree\nfour\nfive\nsix\n");
    }

    #[test]
    fn without_backups_the_file_starts_empty() {
        let folder = TempDir::new().unwrap();
        let mut file = rotating(&folder, 10, 0);
        file.append(b"1234567\nabc\n").unwrap();
        assert_eq!(read(&folder, "app.log"), "abc\n");
        assert_eq!(names(folder.path()), ["app.log"]);
    }

    #[test]
    fn a_restart_appends_to_the_file() {
        let folder = TempDir::new().unwrap();
        rotating(&folder, 20, 2).append(b"before\n").unwrap();
        rotating(&folder, 20, 2).append(b"after\n").unwrap();
        assert_eq!(read(&folder, "app.log"), "before\nafter\n");
        rotating(&folder, 20, 2).append(b"too much\n").unwrap();
        assert_eq!(read(&folder, "app.log.1"), "before\nafter\n");
    }

    #[test]
    fn a_partial_line_of_a_killed_process_is_ended() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("app.log"), "whole\nhal").unwrap();
        rotating(&folder, 100, 2).append(b"next\n").unwrap();
        assert_eq!(read(&folder, "app.log"), "whole\nhal\nnext\n");
    }

    #[test]
    fn with_fewer_backups_only_the_oldest_are_removed() {
        let folder = TempDir::new().unwrap();
        for name in [
            "app.log.1",
            "app.log.2",
            "app.log.3",
            "app.log.77",
            "app.log.old",
            "other.log.9",
        ] {
            fs::write(folder.path().join(name), "x\n").unwrap();
        }
        rotating(&folder, 100, 2).append(b"line\n").unwrap();
        let left = ["app.log", "app.log.1", "app.log.2", "app.log.old", "other.log.9"];
        assert_eq!(names(folder.path()), left);
    }

    #[test]
    fn a_file_that_was_moved_or_removed_is_created_again() {
        let folder = TempDir::new().unwrap();
        let mut file = rotating(&folder, 100, 2);
        file.append(b"one\n").unwrap();
        fs::rename(folder.path().join("app.log"), folder.path().join("moved")).unwrap();
        file.append(b"two\n").unwrap();
        assert_eq!(
            (read(&folder, "moved"), read(&folder, "app.log")),
            ("one\n".into(), "two\n".into())
        );
        fs::remove_dir_all(folder.path()).unwrap();
        file.append(b"three\n").unwrap();
        assert_eq!(read(&folder, "app.log"), "three\n");
    }

    #[test]
    fn repeating_an_interrupted_rotation_removes_no_backup() {
        let folder = TempDir::new().unwrap();
        for name in ["app.log.2", "app.log.3"] {
            fs::write(folder.path().join(name), format!("{name}\n")).unwrap();
        }
        // The state after an interrupted rotation: there is no backup 1.
        let mut file = rotating(&folder, 10, 3);
        file.append(b"1234567\nabc\n").unwrap();
        assert_eq!(read(&folder, "app.log.3"), "app.log.3\n");
        assert_eq!(read(&folder, "app.log.2"), "app.log.2\n");
        assert_eq!(read(&folder, "app.log.1"), "1234567\n");
    }

    #[test]
    fn a_failed_rotation_is_repeated() {
        let folder = TempDir::new().unwrap();
        // A file can't be renamed to an existing folder.
        fs::create_dir(folder.path().join("app.log.1")).unwrap();
        let mut file = rotating(&folder, 10, 1);
        file.append(b"1234567\n").unwrap();
        for _ in 0..3 {
            assert_eq!(file.append(b"abc\nd\n").unwrap_err().lines, 2);
        }
        fs::remove_dir(folder.path().join("app.log.1")).unwrap();
        file.append(b"abc\n").unwrap();
        assert_eq!(
            (read(&folder, "app.log.1"), read(&folder, "app.log")),
            ("1234567\n".into(), "abc\n".into())
        );
    }

    #[test]
    fn a_full_disk_loses_only_the_lines_written_meanwhile() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("app.log");
        symlink("/dev/full", &path).unwrap();
        let mut file = rotating(&folder, 100, 2);
        let lost = file.append(b"one\ntwo\n").unwrap_err();
        assert_eq!((lost.lines, lost.cause.kind()), (2, io::ErrorKind::StorageFull));
        assert_eq!(file.append(b"three\n").unwrap_err().lines, 1);
        fs::remove_file(&path).unwrap();
        file.append(b"four\n").unwrap();
        assert_eq!(read(&folder, "app.log"), "four\n");
    }

    #[test]
    fn creating_the_folder_is_retried() {
        let folder = TempDir::new().unwrap();
        let blocked = folder.path().join("logs");
        fs::write(&blocked, "a file where the folder should be").unwrap();
        let mut file = RotatingFile::new(blocked.join("app.log"), 100, 2);
        assert_eq!(file.append(b"one\n").unwrap_err().lines, 1);
        fs::remove_file(&blocked).unwrap();
        file.append(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(blocked.join("app.log")).unwrap(), "two\n");
    }

    #[test]
    fn only_a_line_longer_than_a_file_is_lost() {
        let folder = TempDir::new().unwrap();
        let mut file = rotating(&folder, 10, 2);
        let lost = file.append(b"one\n0123456789\ntwo\n").unwrap_err();
        assert_eq!(lost.lines, 1);
        assert_eq!(read(&folder, "app.log"), "one\ntwo\n");
    }
}
