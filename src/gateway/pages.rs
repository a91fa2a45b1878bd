//! The web pages that the gateway hands out, as functions given from above.
//!
//! What is on the pages is `console`'s matter, a layer above this one; the command line puts the two together.
//! The gateway knows only when a page is asked for and which headers go with it.

use std::sync::Arc;

use crate::transcode::Codec;
use crate::wsdl::contract::Service;

/// The makers of the pages. `base` is scheme and host as the caller sees them, without a final slash.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    /// `/`: the services of all contracts.
    pub index: fn(base: &str, codecs: &[Arc<Codec>]) -> String,
    /// `/{Service}`: one service with its operations.
    pub service: fn(base: &str, codec: &Codec, service: &Service) -> String,
}

/// Headers of every page: no script, no foreign resource, no frame.
pub const PAGE_HEADERS: [(&str, &str); 4] = [
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];
