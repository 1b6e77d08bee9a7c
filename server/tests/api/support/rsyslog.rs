//! A real rsyslogd with the configuration of `deploy/rsyslog/`.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Output},
};

use tempfile::TempDir;

use super::prometheus::deploy;

/// Where distributions install it. It isn't in the path of every user.
const PROGRAM: &str = "/usr/sbin/rsyslogd";

/// The file with the refused requests.
const REFUSED: &str = "refused.json";

/// A running rsyslogd; killed when dropped.
pub(crate) struct Rsyslog {
    /// Its program, its configuration and the refused requests.
    folder: TempDir,
    /// Its work directory.
    run: TempDir,
    /// `None` while it is stopped.
    child: Option<Child>,
    receiver: String,
}

impl Rsyslog {
    /// Starts it for the log in the folder `logs` and the receiver at this URL.
    pub(crate) fn start(logs: &Path, receiver: &str) -> Self {
        let (folder, run) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let configuration = fs::read_to_string(deploy("rsyslog/trazo.conf")).unwrap();
        let replaced = [
            ("/var/log/trazo", logs.to_str().unwrap()),
            ("/var/lib/trazo-rsyslog", folder.path().to_str().unwrap()),
            ("/run/trazo-rsyslog", run.path().to_str().unwrap()),
            ("http://127.0.0.1:9200", receiver),
            ("action.resumeInterval=\"10\"", "action.resumeInterval=\"1\""),
        ];
        let configuration = replaced.iter().fold(configuration, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        fs::write(folder.path().join("trazo.conf"), configuration).unwrap();
        // A copy, because AppArmor keeps the installed program from reading the folders of a test.
        fs::copy(PROGRAM, folder.path().join("rsyslogd")).expect("installed by `scripts/setup.sh test`");
        let mut rsyslog = Self {
            folder,
            run,
            child: None,
            receiver: receiver.to_owned(),
        };
        rsyslog.resume();
        rsyslog
    }

    /// Starts it again, with an empty work directory, as its unit does (docs/logs.md).
    pub(crate) fn resume(&mut self) {
        assert!(self.child.is_none());
        for entry in fs::read_dir(self.run.path()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let file = |name| self.folder.path().join(name);
        let output = File::options().create(true).append(true).open(file("output")).unwrap();
        let child = Command::new(file("rsyslogd"))
            .args(["-n", "-iNONE", "-f"])
            .arg(file("trazo.conf"))
            .env("NO_PROXY", "*")
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// Stops it as the system does, and waits until it has ended.
    pub(crate) fn stop(&mut self) {
        let mut child = self.child.take().expect("it runs");
        signal(&child, "-TERM");
        assert!(child.wait().unwrap().success(), "{}", self.output());
    }

    /// Ends it without a chance to save anything.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// What it has written about itself.
    pub(crate) fn output(&self) -> String {
        fs::read_to_string(self.folder.path().join("output")).unwrap()
    }

    /// Whether it has written down a refused request that was not sent again yet.
    pub(crate) fn has_refused(&self) -> bool {
        let waiting = [REFUSED.to_owned(), format!("{REFUSED}.sending")];
        waiting.iter().any(|name| self.folder.path().join(name).exists())
    }

    /// Lines that the receiver doesn't accept.
    pub(crate) fn rejected(&self) -> String {
        fs::read_to_string(self.folder.path().join(format!("{REFUSED}.rejected"))).unwrap_or_default()
    }

    /// Runs the program that sends refused requests again. `None` while rsyslogd still has the file of the previous run
    /// open, which it closes long before the next one would be due.
    pub(crate) fn resend(&self) -> Option<Output> {
        let id = self.child.as_ref().expect("it runs").id().to_string();
        let refused = self.folder.path().join(REFUSED);
        let sending = refused.with_extension("json.sending");
        let open = fs::read_dir(format!("/proc/{id}/fd")).unwrap();
        let mut open = open.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
        if open.any(|file| file == sending) {
            return None;
        }
        let mut resend = Command::new("python3");
        resend
            .arg(deploy("rsyslog/resend.py"))
            .arg(refused)
            .args([&self.receiver, "kill", "-HUP", &id])
            .env("no_proxy", "*");
        Some(resend.output().unwrap())
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ended = child.kill();
            let _status = child.wait();
        }
    }
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}
