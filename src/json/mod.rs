//! Layer `json`.
