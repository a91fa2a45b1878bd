//! XSLT 1.0: libxslt behind a safe API.
//!
//! A [`Sheet`] is loaded through a [`Folder`] and compiled once; threads share it. It reads nothing but its own documents and those listed
//! in a [`Call`], writes nothing but its result, and uses no more than the [`Limits`] say. What is bounded and what is not is in
//! docs/transform.md.
//!
//! ```
//! use castile::xml::limits::Limits as XmlLimits;
//! use castile::xslt::{AVAILABLE, Call, Folder, Limits, Sheet};
//!
//! struct One(&'static str);
//!
//! impl Folder for One {
//!     fn read(&mut self, path: &str) -> Result<String, String> {
//!         if path == "hello.xsl" { Ok(self.0.to_owned()) } else { Err(String::from("no such file")) }
//!     }
//!     fn shown(&self, path: &str) -> String {
//!         path.to_owned()
//!     }
//! }
//!
//! # if !AVAILABLE { return Ok(()); }
//! let text = "<out xsl:version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:value-of select='//name'/></out>";
//! let sheet = Sheet::load("hello.xsl", &mut One(text))?;
//! let (limits, guard) = (Limits::default(), XmlLimits::default());
//! let call = Call { parameters: &[], documents: &[], limits: &limits, guard: &guard, stop: None };
//! let done = sheet.run(b"<p><name>Ana</name></p>", &call)?;
//! assert_eq!(done.bytes, b"<?xml version=\"1.0\"?>\n<out>Ana</out>\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This layer knows neither files nor SOAP. `ffi.rs` with `shim.c` and `memory.c` is the binding and the only unsafe code of the crate; without the
//! feature `xslt`, `absent.rs` stands in its place and every sheet is refused.

#![cfg_attr(not(feature = "xslt"), allow(dead_code, reason = "without the binding nothing runs; what surrounds it is still checked"))]

#[cfg(feature = "xslt")]
#[path = "ffi.rs"]
mod binding;
#[cfg(not(feature = "xslt"))]
#[path = "absent.rs"]
mod binding;
mod call;
mod expressions;
mod failure;
mod gather;
mod heard;
mod inspect;
mod limits;
mod media;
mod name;
mod parameters;
mod sheet;

pub use crate::xslt::failure::Failure;
pub use crate::xslt::failure::Reason;
pub use crate::xslt::failure::Refused;
pub use crate::xslt::gather::Folder;
pub use crate::xslt::limits::Limits;
pub use crate::xslt::sheet::Call;
pub use crate::xslt::sheet::Done;
pub use crate::xslt::sheet::Listed;
pub use crate::xslt::sheet::Sheet;

/// Whether this castile was built with XSLT.
pub const AVAILABLE: bool = cfg!(feature = "xslt");
