//! Waiting until somebody stops the program.

use std::process::ExitCode;

use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use super::UNUSABLE;

/// Returns when Ctrl-C or a termination signal comes.
pub(crate) fn until_stopped() -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        eprintln!("cannot wait for signals: the system gives no event queue");
        return ExitCode::from(UNUSABLE);
    };
    runtime.block_on(async {
        match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
            (Ok(mut interrupt), Ok(mut terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                ExitCode::SUCCESS
            }
            (Err(error), _) | (_, Err(error)) => {
                eprintln!("cannot wait for signals: {error}");
                ExitCode::from(UNUSABLE)
            }
        }
    })
}
