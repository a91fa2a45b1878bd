//! Where log lines and traces go: to stderr, through a thread of its own.
//!
//! A slow reader of stderr must not hold up requests: lines are handed over, and dropped and counted where the thread does
//! not keep up. Nothing else in the gateway writes to stderr.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins to log: what `CASTILE_LOG` says (the filters of tracing), else `info`. A second call changes nothing.
/// Without a format, people get text on a terminal, everything else gets JSON.
pub fn begin(format: Option<Format>) {
    let format = format.unwrap_or_else(|| if io::stderr().is_terminal() { Format::Text } else { Format::Json });
    let filter = EnvFilter::try_from_env("CASTILE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(ToStderr);
    // Somebody else's subscriber, in a test, say, is left in place.
    let _ = match format {
        Format::Text => builder.with_ansi(io::stderr().is_terminal()).try_init(),
        Format::Json => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
}

/// Hands text over for stderr, without waiting.
pub(crate) fn write(text: Vec<u8>) {
    let writer = writer();
    if writer.lines.try_send(Entry::Text(text)).is_err() {
        writer.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits until what was handed over has been written, a second at most.
pub fn flush() {
    let (done, written) = mpsc::channel();
    if writer().lines.send(Entry::Flush(done)).is_ok() {
        let _ = written.recv_timeout(Duration::from_secs(1));
    }
}

struct Writer {
    lines: mpsc::SyncSender<Entry>,
    dropped: &'static AtomicU64,
}

enum Entry {
    Text(Vec<u8>),
    Flush(mpsc::Sender<()>),
}

const WAITING: usize = 8192;
static DROPPED: AtomicU64 = AtomicU64::new(0);

fn writer() -> &'static Writer {
    static WRITER: OnceLock<Writer> = OnceLock::new();
    WRITER.get_or_init(|| {
        let (lines, waiting) = mpsc::sync_channel(WAITING);
        // Without its thread every line counts as dropped; the gateway runs on.
        let _ = thread::Builder::new().name(String::from("log")).spawn(move || run(&waiting));
        Writer { lines, dropped: &DROPPED }
    })
}

fn run(waiting: &mpsc::Receiver<Entry>) {
    let mut buffer = Vec::new();
    while let Ok(first) = waiting.recv() {
        let mut flushed = None;
        for entry in std::iter::once(first).chain(waiting.try_iter().take(256)) {
            match entry {
                Entry::Text(text) => buffer.extend_from_slice(&text),
                Entry::Flush(done) => flushed = Some(done),
            }
        }
        let dropped = DROPPED.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            buffer.extend_from_slice(
                format!("{{\"level\":\"WARN\",\"message\":\"{dropped} log lines dropped: stderr is read too slowly\"}}\n").as_bytes(),
            );
        }
        // Nobody is left to tell that stderr cannot be written.
        let _ = io::stderr().lock().write_all(&buffer);
        buffer.clear();
        buffer.shrink_to(64 << 10);
        if let Some(done) = flushed {
            let _ = done.send(());
        }
    }
}

/// The writer that tracing's formatter gets: one line a write.
#[derive(Clone, Copy)]
struct ToStderr;

impl Write for ToStderr {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        write(line.to_vec());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for ToStderr {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}
