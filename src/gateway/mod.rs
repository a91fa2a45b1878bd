//! Layer `gateway`.

pub mod documents;
pub mod pages;
