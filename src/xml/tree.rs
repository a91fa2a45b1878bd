//! Trees of the operator's documents: attributes by their whole names.
//!
//! In the tree library a local name alone stands for an attribute of that name in any namespace, whichever is written first.
//! Vendors write attributes of their own with the local names of XML Schema and WSDL, so those are asked for here.

use roxmltree::Attribute;
use roxmltree::Node;

/// Attributes without namespace.
pub(crate) trait Plain<'a, 'i> {
    /// The value of the attribute of this local name and no namespace.
    fn plain(&self, name: &str) -> Option<&'a str>;

    /// The attribute of this local name and no namespace.
    fn plain_node(&self, name: &str) -> Option<Attribute<'a, 'i>>;
}

impl<'a, 'i> Plain<'a, 'i> for Node<'a, 'i> {
    fn plain(&self, name: &str) -> Option<&'a str> {
        self.plain_node(name).map(|attribute| attribute.value())
    }

    fn plain_node(&self, name: &str) -> Option<Attribute<'a, 'i>> {
        self.attributes().find(|attribute| attribute.name() == name && attribute.namespace().is_none())
    }
}
