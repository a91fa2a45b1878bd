//! The web pages: which services there are, what each operation takes and gives, and how to call it.
//!
//! Pure functions from contracts to HTML: no script, nothing from elsewhere, readable without either. Everything that
//! comes out of a WSDL is escaped. Serving them is the gateway's matter.

mod html;
mod index;
mod pretty;
mod service;

use crate::gateway::pages::Pages;

/// The makers of the pages, for the gateway.
pub const PAGES: Pages = Pages { index: index::page, service: service::page };
