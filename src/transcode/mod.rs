//! Layer `transcode`.
