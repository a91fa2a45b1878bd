//! How much of everything a document may hold.

/// The limits that the guarded readers enforce while they read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the whole document, as UTF-8.
    pub bytes: usize,
    /// Nested elements.
    pub depth: usize,
    /// Attributes of one element, namespace declarations left out.
    pub attributes: usize,
    /// Namespace declarations in scope at one element.
    pub namespaces: usize,
    /// Bytes of one name.
    pub name: usize,
    /// Bytes of one tag, comment or processing instruction.
    pub text: usize,
    /// Bytes of one run of text between two tags.
    pub run: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10 << 20, depth: 128, attributes: 256, namespaces: 256, name: 1024, text: 10 << 20, run: 10 << 20 }
    }
}
