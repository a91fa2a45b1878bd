//! Layer `soap`.
