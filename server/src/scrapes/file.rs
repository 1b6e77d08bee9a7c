//! The file that keeps the last hour over a restart.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::history::Saved;

/// The largest file that is read: far more than the memory that it is written from.
const MAX_FILE_BYTES: u64 = 16_000_000;

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
