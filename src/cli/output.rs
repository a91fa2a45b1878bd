//! Writing to the standard output.

use std::io::ErrorKind;
use std::io::Write;
use std::process::ExitCode;

use super::UNUSABLE;

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
