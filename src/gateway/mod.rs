//! Layer `gateway`.
