//! A thread that writes lines to the console and to `app.log`, in batches.
//!
//! Lines go through a bounded queue. Logging blocks while it is full, so under load lines are delayed but not lost. When
//! the file can't be written, the service continues: the lines are still on the console, with an error, and the file
//! gets a line with the number of missing lines as soon as it can be written again.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tracing::Level;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::fmt::MakeWriter;

use super::{
    format, recent,
    record::Record,
    rotation::{LostLines, RotatingFile, count_lines},
};
use crate::settings::{LogFormat, LogSettings};

/// Capacity of the queue. Small enough to be written within the second that tracing-appender waits at shutdown.
const QUEUE_LINES: usize = 8_192;

/// Size of a batch in bytes; smaller when the queue is empty.
const BATCH_BYTES: usize = 64 * 1024;

/// How long the shutdown waits for a console that blocks.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Lines that could not be written to the log file since the process started.
pub fn lines_dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// The sending side of the queue.
#[derive(Clone)]
pub(super) struct Queue {
    lines: NonBlocking,
    waiting: Arc<AtomicU64>,
}

/// Waits when dropped until all lines are written.
#[must_use = "the log ends when this is dropped"]
pub struct LogGuard {
    waiting: Arc<AtomicU64>,
    _worker: WorkerGuard,
}

/// Starts the thread that writes to `console` and to the file of the settings.
pub(super) fn start(settings: &LogSettings, console: impl Write + Send + 'static) -> (Queue, LogGuard) {
    let waiting = Arc::<AtomicU64>::default();
    let sink = Sink {
        console,
        file: RotatingFile::new(
            settings.log_dir.join("app.log"),
            settings.log_max_bytes,
            settings.log_backups,
        ),
        format: settings.log_format,
        batch: Vec::with_capacity(2 * BATCH_BYTES),
        lines: 0,
        lost: None,
        waiting: Arc::clone(&waiting),
    };
    let (lines, worker) = NonBlockingBuilder::default()
        .lossy(false)
        .buffered_lines_limit(QUEUE_LINES)
        .thread_name("log")
        .finish(sink);
    let guard = LogGuard {
        waiting: Arc::clone(&waiting),
        _worker: worker,
    };
    (Queue { lines, waiting }, guard)
}

impl Write for Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        self.lines.write(line).inspect_err(|_| {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let start = Instant::now();
        while self.waiting.load(Ordering::Acquire) > 0 && start.elapsed() < SHUTDOWN_TIMEOUT {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// The writer of the thread. It never returns an error, because tracing-appender would ignore it.
struct Sink<C> {
    console: C,
    file: RotatingFile,
    format: LogFormat,
    batch: Vec<u8>,
    /// Lines in the batch.
    lines: u64,
    /// Lines missing from the file, while it can't be written.
    lost: Option<u64>,
    waiting: Arc<AtomicU64>,
}

impl<C: Write> Write for Sink<C> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.batch.extend_from_slice(line);
        self.lines += 1;
        if self.batch.len() >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.write_console(&batch);
        self.write_file(&batch);
        self.waiting.fetch_sub(self.lines, Ordering::AcqRel);
        self.lines = 0;
        self.batch = batch;
        self.batch.clear();
        Ok(())
    }
}

impl<C: Write> Sink<C> {
    /// A closed console is ignored.
    fn write_console(&mut self, bytes: &[u8]) {
        let _closed = self.console.write_all(bytes).and_then(|()| self.console.flush());
    }

    fn write_file(&mut self, batch: &[u8]) {
        if batch.is_empty() {
            return;
        }
        if let Some(lost) = self.lost {
            let message = format!("El registro vuelve a escribirse; faltan {lost} líneas.");
            let line = self.internal_line(Level::WARN, message);
            if self.file.append(line.as_bytes()).is_err() {
                self.count_lost(count_lines(batch));
                return;
            }
            self.lost = None;
            self.write_console(line.as_bytes());
        }
        if let Err(LostLines { lines, cause }) = self.file.append(batch) {
            self.count_lost(lines);
            let line = self.internal_line(Level::ERROR, format!("No se puede escribir el registro: {cause}"));
            self.write_console(line.as_bytes());
        }
    }

    fn count_lost(&mut self, lines: u64) {
        *self.lost.get_or_insert_default() += lines;
        DROPPED.fetch_add(lines, Ordering::Relaxed);
    }

    /// A line about the log itself. Through tracing it would wait for the queue that this thread drains.
    fn internal_line(&self, level: Level, message: String) -> String {
        let record = Record::internal(level, message);
        recent::push(&record);
        format::write(&record, self.format)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink, path::Path, sync::Mutex};

    use tempfile::TempDir;
    use tracing::info;

    use super::{super::subscriber, *};
    use crate::settings::Settings;

    const THREADS: usize = 8;
    const LINES: usize = 4_000;

    /// A console whose text can be read.
    #[derive(Clone, Default)]
    struct Console(Arc<Mutex<Vec<u8>>>);

    impl Console {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Console {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn settings(folder: &Path, max_bytes: u64, backups: u32) -> LogSettings {
        LogSettings {
            log_dir: folder.to_owned(),
            log_max_bytes: max_bytes,
            log_backups: backups,
            ..Settings::defaults().log
        }
    }

    /// Log from many threads at once, as fast as they can.
    fn load(queue: &Queue, settings: &LogSettings, mut meanwhile: impl FnMut()) {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|number| {
                    let subscriber = subscriber(settings, queue.clone());
                    scope.spawn(move || {
                        tracing::subscriber::with_default(subscriber, || {
                            for line in 0..LINES {
                                info!("{number} {line} {}", "x".repeat(line % 200));
                            }
                        });
                    })
                })
                .collect();
            while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
                meanwhile();
            }
        });
    }

    /// The contents of the files from the oldest to the newest, after a check of their sizes.
    fn files(folder: &Path, settings: &LogSettings) -> Vec<String> {
        let name = |number: u32| match number {
            0 => "app.log".to_owned(),
            number => format!("app.log.{number}"),
        };
        let found = fs::read_dir(folder).unwrap().count();
        let texts = (0..=settings.log_backups)
            .rev()
            .filter_map(|number| fs::read_to_string(folder.join(name(number))).ok());
        let texts: Vec<_> = texts.collect();
        assert_eq!(texts.len(), found, "there are no other files");
        for text in &texts {
            assert!(text.len() < usize::try_from(settings.log_max_bytes).unwrap());
            assert!(text.ends_with('\n'), "no line is partial");
        }
        texts
    }

    /// Thread and number of each line of [`load`]; panics at any other line.
    fn written(texts: &[String]) -> Vec<(usize, usize)> {
        let lines = texts.iter().flat_map(|text| text.lines());
        lines
            .map(|line| {
                let message = line.splitn(4, " - ").nth(3).unwrap();
                let mut parts = message.split(' ');
                let mut number = || parts.next().unwrap().parse().unwrap();
                let (thread, line): (usize, usize) = (number(), number());
                assert_eq!(parts.next().unwrap().len(), line % 200, "whole");
                (thread, line)
            })
            .collect()
    }

    #[test]
    fn every_line_of_every_thread_is_in_exactly_one_file_in_order() {
        let folder = TempDir::new().unwrap();
        let settings = settings(folder.path(), 100_000, 1_000);
        let (queue, guard) = start(&settings, io::sink());
        load(&queue, &settings, thread::yield_now);
        drop(guard);
        let written = written(&files(folder.path(), &settings));
        assert_eq!(written.len(), THREADS * LINES);
        for thread in 0..THREADS {
            let lines = written.iter().filter(|(other, _)| *other == thread);
            assert!(lines.map(|(_, line)| *line).eq(0..LINES), "of thread {thread}");
        }
    }

    #[test]
    fn the_disk_usage_is_limited_and_the_newest_lines_are_kept() {
        let folder = TempDir::new().unwrap();
        let settings = settings(folder.path(), 20_000, 5);
        let (queue, guard) = start(&settings, io::sink());
        load(&queue, &settings, || {
            let sizes = fs::read_dir(folder.path()).unwrap().flatten();
            // A file that is renamed between the two calls is skipped.
            let sizes: Vec<_> = sizes.filter_map(|entry| Some(entry.metadata().ok()?.len())).collect();
            assert!(sizes.iter().sum::<u64>() <= 6 * 20_000 && sizes.len() <= 7, "{sizes:?}");
        });
        drop(guard);
        let texts = files(folder.path(), &settings);
        assert_eq!(texts.len(), 6);
        let written = written(&texts);
        for thread in 0..THREADS {
            let mut lines = written
                .iter()
                .filter(|(other, _)| *other == thread)
                .map(|(_, line)| *line);
            if let Some(first) = lines.next() {
                assert!(lines.eq(first + 1..LINES), "of thread {thread}, to the last");
            }
        }
    }

    #[test]
    fn a_full_disk_is_reported_and_counted_and_writing_resumes() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("app.log");
        symlink("/dev/full", &path).unwrap();
        let console = Console::default();
        let settings = settings(folder.path(), 100_000, 2);
        let (queue, guard) = start(&settings, console.clone());
        let before = lines_dropped();
        let log = |text: &str| {
            tracing::subscriber::with_default(subscriber(&settings, queue.clone()), || info!("{text}"));
            while queue.waiting.load(Ordering::Acquire) > 0 {
                thread::yield_now();
            }
        };
        log("one");
        log("two");
        assert_eq!(lines_dropped() - before, 2);
        let said = console.text();
        assert!(
            said.contains(" - INFO - one\n") && said.contains(" - INFO - two\n"),
            "{said}"
        );
        assert_eq!(
            said.matches("ERROR - No se puede escribir el registro: No space left")
                .count(),
            1,
            "{said}"
        );
        fs::remove_file(&path).unwrap();
        log("three");
        drop(guard);
        let file = fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = file.lines().map(|line| line.splitn(4, " - ").nth(3).unwrap()).collect();
        assert_eq!(lines, ["El registro vuelve a escribirse; faltan 2 líneas.", "three"]);
        assert_eq!(lines_dropped() - before, 2);
        assert!(console.text().contains("faltan 2 líneas"));
    }
}
