//! castile: a gateway in front of old SOAP services.
//!
//! The modules are layers; each uses only itself and what stands before it in this list
//! (`tests/layers.rs` holds them to it):
//!
//! `diagnostic < xml < json < xpath < schema < instance < wsdl < soap < transcode < xslt < config < exchange < gateway < console < cli`
//!
//! Nothing below [`gateway`] does I/O, reads a clock or spawns a task.

pub mod cli;
pub mod config;
pub mod console;
pub mod diagnostic;
pub mod exchange;
pub mod gateway;
pub mod instance;
pub mod json;
pub mod schema;
pub mod soap;
pub mod transcode;
pub mod wsdl;
pub mod xml;
pub mod xpath;
pub mod xslt;
