//! Identity constraints as written (section 3.11.2).

use roxmltree::Node;

use crate::schema::identity;
use crate::schema::identity::Constraint;
use crate::schema::identity::Kind;
use crate::schema::identity::NameTest;
use crate::schema::identity::Path;
use crate::schema::simple::names::is_ncname;
use crate::schema::syntax::Reader;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::tree::Plain;

impl Reader<'_> {
    /// The constraints of an element declaration; a faulty one is left out with a warning.
    pub(crate) fn identity_constraints(&mut self, node: Node<'_, '_>) -> Vec<Constraint> {
        let mut found = Vec::new();
        for child in node.children().filter(Node::is_element) {
            if matches!(xsd_name(child), Some("key" | "keyref" | "unique")) {
                match self.constraint(child) {
                    Ok(constraint) => found.push(constraint),
                    Err(why) => self.warn("faulty-identity-constraint", child, format!("{why}; the constraint is ignored")),
                }
            }
        }
        found
    }

    fn constraint(&mut self, node: Node<'_, '_>) -> Result<Constraint, String> {
        let local = node.plain("name").map(str::trim).filter(|name| is_ncname(name)).ok_or("an identity constraint has no name")?;
        let target = self.target.clone();
        let name = self.symbols.intern(&target, local);
        let kind = match xsd_name(node) {
            Some("key") => Kind::Key,
            Some("keyref") => Kind::KeyRef(self.reference(node, "refer").ok_or("a keyref without refer")?.name),
            _ => Kind::Unique,
        };
        let mut selector = Vec::new();
        let mut fields = Vec::new();
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation") => {}
                Some("selector") => selector = self.paths(child, false)?,
                Some("field") => fields.push(self.paths(child, true)?),
                Some(_) | None => self.unknown_element(child),
            }
        }
        if selector.is_empty() || fields.is_empty() {
            return Err(format!("{} {local} needs a selector and at least one field", kind.word()));
        }
        Ok(Constraint { name, kind, selector, fields, place: self.place(node) })
    }

    /// The paths of a selector or field. A name without prefix is in no namespace, whatever the default one is (XPath 1.0).
    fn paths(&mut self, node: Node<'_, '_>, is_field: bool) -> Result<Vec<Path>, String> {
        let text = node.plain("xpath").ok_or("a selector or field has no xpath")?;
        identity::parse(text, is_field, &mut |name| {
            let (ns, local) = match name.split_once(':') {
                None => ("", name),
                Some((prefix, local)) => {
                    let ns =
                        node.lookup_namespace_uri(Some(prefix)).ok_or_else(|| format!("the prefix {prefix} of {name} is not bound"))?;
                    (ns, local)
                }
            };
            match local {
                "*" if name == "*" => Ok(NameTest::Any),
                "*" => Ok(NameTest::Namespace(ns.to_owned())),
                local if is_ncname(local) => Ok(NameTest::Name(self.symbols.intern(ns, local))),
                _ => Err(format!("{name:?} is no name test")),
            }
        })
    }
}
