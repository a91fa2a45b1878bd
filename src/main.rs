//! The `castile` binary.
fn main() {}
