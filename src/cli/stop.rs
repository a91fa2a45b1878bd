//! Waiting until somebody stops the program.

use std::process::ExitCode;

use tokio::runtime::Runtime;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use super::UNUSABLE;

/// Ctrl-C and termination signals, caught from the moment this is made.
pub(crate) struct Stop {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Begins to catch signals, so that one that comes early is not lost. Failing, it tells why on stderr.
    pub(crate) fn prepare() -> Result<Self, ExitCode> {
        let caught = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let inside = runtime.enter();
            let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
            drop(inside);
            Ok(Self { runtime, interrupt, terminate })
        };
        caught().map_err(|error: std::io::Error| {
            eprintln!("cannot wait for signals: {error}");
            ExitCode::from(UNUSABLE)
        })
    }

    /// Returns when a signal comes, or has come.
    pub(crate) fn wait(mut self) -> ExitCode {
        self.runtime.block_on(async {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
        });
        ExitCode::SUCCESS
    }
}
