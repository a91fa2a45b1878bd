//! How much of everything a JSON document may hold.

/// The limits that the reader enforces while it reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the whole document; never more than 4 GiB.
    pub bytes: usize,
    /// Nested arrays and objects.
    pub depth: usize,
    /// Members of one object.
    pub members: usize,
    /// Bytes of one string or number as written.
    pub string: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10 << 20, depth: 128, members: 10_000, string: 10 << 20 }
    }
}
