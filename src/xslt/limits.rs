//! How much a sheet may use.

/// The bounds of one run. What they are for and what they cannot hold is in docs/transform.md.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Nested templates, loops and conditions.
    pub depth: usize,
    /// Local variables and parameters alive at once.
    pub variables: usize,
    /// Instructions, and separately steps of XPath expressions.
    pub operations: usize,
    /// Bytes of memory: the source document, variables and the result as trees.
    pub memory: usize,
    /// Bytes of the result as it is sent.
    pub output: usize,
    /// Bytes of the calling thread's stack that recursion leaves untouched.
    pub stack_reserve: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 3000, variables: 15_000, operations: 50_000_000, memory: 256 << 20, output: 64 << 20, stack_reserve: 256 << 10 }
    }
}
