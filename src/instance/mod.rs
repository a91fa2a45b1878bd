//! Layer `instance`.
