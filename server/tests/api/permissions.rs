//! Who may read the files that the server writes.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use tempfile::TempDir;

use crate::support::{TestServer, program::Program};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_its_user_reads_the_data_folder() {
    let server = TestServer::start().await;
    assert_eq!(mode(&server.settings.database.data_dir), 0o700);
}

#[test]
fn only_its_user_and_group_read_the_log() {
    let folder = TempDir::new().unwrap();
    let logs = folder.path().join("logs");
    Program::start::<&str>(&logs, &[], &[]).stop();
    assert_eq!((mode(&logs), mode(&logs.join("app.log"))), (0o750, 0o640));
}
