//! The file that keeps the last hour over a restart.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use super::history::Saved;

/// The largest file that is read: far more than the memory that it is written from.
const MAX_FILE_BYTES: u64 = 16_000_000;

/// The prefix of the file's name.
const PREFIX: &str = "metrics-";

/// The file of a server in the data folder, which several servers may share.
pub(super) fn path(data_dir: &Path, host: &str, port: u16) -> PathBuf {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    let host: String = host
        .chars()
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect();
    data_dir.join(format!("{PREFIX}{host}-{port}.json"))
}

/// Removes the files that no server has written for so long, such as those of hosts that are gone.
pub(super) fn remove_old(data_dir: &Path, age: Duration) -> io::Result<()> {
    for entry in fs::read_dir(data_dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(PREFIX) && name.ends_with(".json");
        // A time in the future is no age.
        if is_ours && entry.metadata()?.modified()?.elapsed().is_ok_and(|passed| passed > age) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// What the file has; `None` if there is none.
pub(super) fn read(file: &Path) -> io::Result<Option<Saved>> {
    let file = match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut text = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut text)?;
    Ok(Some(serde_json::from_slice(&text)?))
}

/// Replaces the file at once: it is never seen half written.
pub(super) fn write(file: &Path, saved: &Saved) -> io::Result<()> {
    let fresh = file.with_extension(format!("{}.new", std::process::id()));
    let mut handle = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    handle.write_all(&serde_json::to_vec(saved)?)?;
    handle.sync_all()?;
    fs::rename(&fresh, file)
}
