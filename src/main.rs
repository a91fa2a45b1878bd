//! The `castile` binary: the allocator and the way into [`castile::cli`], nothing else.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    castile::cli::main()
}
