//! Layer `gateway`.

pub mod documents;
