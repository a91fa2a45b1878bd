//! Layer `exchange`.
