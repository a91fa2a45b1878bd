//! XSLT through the library: what a sheet gives, what it may not do, and where it is stopped.

#![cfg(feature = "xslt")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod bounds;
mod command;
mod fence;
mod golden;
mod mutations;
mod output;
mod pool;
mod sheets;
mod threads;
mod xsltproc;
