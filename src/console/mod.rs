//! Layer `console`.
