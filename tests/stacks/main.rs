//! Castile between real SOAP stacks, over sockets: in front of their servers it is called with JSON, and their clients call
//! it as the SOAP address, with the WSDL that they fetch from it.
//!
//! Each stack is found by a variable that `./test` sets (`CASTILE_STACK_PYTHON` and its like); without it a test says that it
//! was left out. The programs and WSDLs beside this file run on those stacks; what is to come back lies in `expected/`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod expected;
mod node;
mod php;
mod programs;
mod spyne;
#[path = "../support/mod.rs"]
mod support;
