//! A bar on standard error while many services are loaded: only for a person who watches, and only if it takes long.

use std::io::IsTerminal;
use std::io::Write;
use std::time::Duration;
use std::time::Instant;

/// Nothing is shown of what is done sooner.
const PATIENCE: Duration = Duration::from_millis(300);
/// Characters of the bar.
const WIDTH: usize = 24;
/// Characters of a name, so that a line stays a line.
const NAME: usize = 40;

/// A bar; gone when it is dropped.
pub(super) struct Progress {
    begun: Instant,
    seen: bool,
    shown: bool,
}

impl Progress {
    /// Of something that begins now.
    pub(super) fn new() -> Self {
        Self { begun: Instant::now(), seen: std::io::stderr().is_terminal(), shown: false }
    }

    /// So many are done, and the next one is called so.
    pub(super) fn step(&mut self, done: usize, of: usize, name: &str) {
        if self.seen && self.begun.elapsed() >= PATIENCE {
            self.shown = true;
            // A bar that cannot be shown is no reason to stop.
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", line(done, of, name));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(done: usize, of: usize, name: &str) -> String {
    let filled = WIDTH * done.min(of) / of.max(1);
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    format!("[{}{}] {done} of {of}: {name}", "#".repeat(filled), ".".repeat(WIDTH - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_grows_and_stays_one_line() {
        assert_eq!(line(0, 4, "orders"), "[........................] 0 of 4: orders");
        assert_eq!(line(3, 4, "a\nb"), "[##################......] 3 of 4: ab");
        assert_eq!(line(4, 4, &"x".repeat(100)).len(), WIDTH + 11 + NAME);
        assert_eq!(line(0, 0, ""), "[........................] 0 of 0: ");
    }
}
