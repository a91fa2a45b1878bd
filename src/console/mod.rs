//! The web pages: which services there are, what each operation takes and gives, and how to call it.
//!
//! Pure functions from contracts to HTML: nothing from elsewhere, and no script but on the try-it page, which is a viewer of
//! the OpenAPI document. Everything that comes out of a WSDL is escaped. Serving them is the gateway's matter.

mod html;
mod index;
mod pretty;
mod service;
mod try_it;

use crate::gateway::pages::Pages;

/// The makers of the pages, for the gateway.
pub const PAGES: Pages = Pages { index: index::page, service: service::page, try_it: try_it::page, assets: &try_it::ASSETS };
