//! Writing to the standard output.

use std::io::ErrorKind;
use std::io::IsTerminal;
use std::io::Write;
use std::process::ExitCode;

use super::UNUSABLE;
use crate::diagnostic::paint::Paint;

/// Colours where a person watches who has not asked for none (no-color.org).
pub(crate) fn paint(stream: &impl IsTerminal) -> Paint {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    if stream.is_terminal() && !set("NO_COLOR") && !dumb { Paint::Coloured } else { Paint::Plain }
}

/// Writes to stdout as it stands and flushes. A closed pipe (`castile check … | head`) is no fault;
/// any other failure is told on stderr and gives an exit status.
pub(crate) fn print(bytes: &[u8]) -> Result<(), ExitCode> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            eprintln!("cannot write to the standard output: {error}");
            Err(ExitCode::from(UNUSABLE))
        }
    }
}
