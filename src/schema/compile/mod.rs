//! From the components of a set to the runtime form.
//!
//! Names are resolved, groups expanded, inheritance worked out, automata built. Circular definitions and unknown
//! references become faults of the component that has them, never a loop; what has a fault keeps the best form there is.
//! Derivation chains and nested groups are followed without recursion or under a limit.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::schema::components::Registry;
use crate::schema::form::Attribute;
use crate::schema::form::AttributeId;
use crate::schema::form::ComplexType;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::form::XsiNames;
use crate::schema::load::SyntheticElement;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::syntax::AttributeDecl;
use crate::schema::syntax::ComplexDecl;
use crate::schema::syntax::Ref;
use crate::schema::syntax::SimpleDecl;
use crate::schema::syntax::Top;
use crate::schema::syntax::TypeDecl;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;

mod attributes;
mod builtin;
mod complex;
mod content;
mod elements;
mod identity;
mod models;
mod prefixes;
mod relations;
mod simple;
mod synthetic;
mod tree;
mod wildcards;

use attributes::AttributeSet;
use tree::GroupState;
use tree::Tree;

/// Compiles the components of a set.
pub(crate) fn compile(
    registry: Registry,
    symbols: Symbols,
    bindings: Vec<(Arc<str>, Arc<str>)>,
    diagnostics: Vec<Diagnostic>,
    synthetic: &[SyntheticElement],
) -> (Schema, Vec<ElementId>, Vec<Diagnostic>) {
    let mut compiler = Compiler::new(&registry, symbols, diagnostics);
    compiler.install_builtins();
    compiler.declare_types();
    compiler.declare_attributes();
    compiler.declare_elements();
    let synthetic = compiler.declare_synthetic(synthetic);
    compiler.read_drafts();
    compiler.define_simple_types();
    compiler.resolve_complex_types();
    // Attributes that types declare themselves bring further simple types.
    compiler.define_simple_types();
    compiler.resolve_element_types();
    compiler.relate_elements();
    compiler.relate_types();
    compiler.normalise_values();
    compiler.build_models();
    let prefixes = prefixes::assign(&compiler.symbols, bindings);
    let (schema, diagnostics) = compiler.finish(prefixes);
    (schema, synthetic, diagnostics)
}

/// The state of a compilation; it borrows the components as written.
struct Compiler<'r> {
    registry: &'r Registry,
    symbols: Symbols,
    diagnostics: Vec<Diagnostic>,
    simple: SimpleTypes,
    simple_faults: HashMap<SimpleTypeId, Vec<Fault>>,
    elements: Vec<Element>,
    attributes: Vec<Attribute>,
    complex: Vec<ComplexType>,
    global_elements: HashMap<Symbol, ElementId>,
    global_attributes: HashMap<Symbol, AttributeId>,
    /// Named types, redefined originals included.
    types: HashMap<Symbol, TypeId>,
    /// What the complex types are made of; by their numbers.
    drafts: Vec<Draft<'r>>,
    /// Simple types that have a number but no definition yet.
    undefined: Vec<(SimpleTypeId, &'r SimpleDecl)>,
    local_attributes: HashMap<*const AttributeDecl, AttributeId>,
    attribute_groups: HashMap<Symbol, Option<Rc<AttributeSet>>>,
    groups: HashMap<Symbol, GroupState>,
    /// Elements with the head of their substitution group.
    heads: Vec<(ElementId, Ref)>,
    /// Elements whose type is that of the head of their substitution group.
    untyped: Vec<ElementId>,
    /// Names of the parts in synthetic declarations.
    part_names: HashMap<ComplexTypeId, Vec<Arc<str>>>,
}

/// What a complex type is made of.
struct Draft<'r> {
    /// None for xs:anyType and synthetic types.
    decl: Option<&'r ComplexDecl>,
    /// The type's own group, then its whole content.
    tree: Option<Rc<Tree>>,
    stage: Stage,
}

/// How far a complex type has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Read,
    Underway,
    Resolved,
}

impl<'r> Compiler<'r> {
    fn new(registry: &'r Registry, symbols: Symbols, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            registry,
            symbols,
            diagnostics,
            simple: SimpleTypes::new(),
            simple_faults: HashMap::new(),
            elements: Vec::new(),
            attributes: Vec::new(),
            complex: Vec::new(),
            global_elements: HashMap::new(),
            global_attributes: HashMap::new(),
            types: HashMap::new(),
            drafts: Vec::new(),
            undefined: Vec::new(),
            local_attributes: HashMap::new(),
            attribute_groups: HashMap::new(),
            groups: HashMap::new(),
            heads: Vec::new(),
            untyped: Vec::new(),
            part_names: HashMap::new(),
        }
    }

    /// Gives every named type its number.
    fn declare_types(&mut self) {
        for top in &self.registry.types.list {
            if self.types.contains_key(&top.name) {
                // XML Schema's own, in a schema of schemas
                continue;
            }
            let public = self.public_name(top.name);
            let rival = rivalry(top);
            let id = match &*top.decl {
                TypeDecl::Simple(decl) => {
                    let id = self.declare_simple(decl, public);
                    rival.into_iter().for_each(|fault| self.add_simple_fault(id, fault));
                    TypeId::Simple(id)
                }
                TypeDecl::Complex(decl) => {
                    let id = self.declare_complex(decl, public, None);
                    self.complex[id.0 as usize].broken.extend(rival);
                    TypeId::Complex(id)
                }
            };
            self.types.insert(top.name, id);
        }
    }

    /// The name of a component; none for one that was redefined.
    fn public_name(&self, name: Symbol) -> Option<Symbol> {
        (!self.symbols.name(name).local.as_str().contains(' ')).then_some(name)
    }

    /// The type that a reference names.
    fn find_type(&self, reference: Ref) -> Result<TypeId, Fault> {
        self.types.get(&reference.name).copied().ok_or_else(|| self.unknown("unknown-type", "type", reference))
    }

    fn unknown(&self, code: &'static str, kind: &str, reference: Ref) -> Fault {
        fault(code, reference.place, format!("unknown {kind} {}", self.symbols.name(reference.name)))
    }

    fn finish(mut self, prefixes: Vec<(Arc<str>, Arc<str>)>) -> (Schema, Vec<Diagnostic>) {
        let has_identity = self.link_constraints();
        if !self.registry.imports_xml {
            let mut declared = std::mem::take(&mut self.global_attributes);
            declared.retain(|name, _| !self.is_builtin_attribute(*name));
            self.global_attributes = declared;
        }
        let symbols = self.symbols;
        let hidden = |name: &Symbol| symbols.name(*name).local.as_str().contains(' ');
        let global_types = self.types.into_iter().filter(|(name, _)| !hidden(name)).collect();
        let schema = Schema {
            xsi: XsiNames::of(&symbols),
            symbols,
            simple: self.simple,
            simple_faults: self.simple_faults,
            elements: self.elements,
            attributes: self.attributes,
            complex: self.complex,
            global_elements: self.global_elements,
            global_attributes: self.global_attributes,
            global_types,
            prefixes,
            part_names: self.part_names,
            has_identity,
        };
        (schema, self.diagnostics)
    }
}

/// A fault at a place.
fn fault(code: &'static str, place: impl Into<Option<Place>>, message: impl Into<Arc<str>>) -> Fault {
    Fault { code, message: message.into(), at: place.into() }
}

/// That a component is declared twice, differently.
fn rivalry<T>(top: &Top<T>) -> Option<Fault> {
    top.rival.as_ref().map(|words| fault("duplicate-component", top.place, Arc::clone(words)))
}

/// Adds those faults that are not there yet.
fn add_faults(list: &mut Vec<Fault>, more: &[Fault]) {
    for fault in more {
        if !list.contains(fault) {
            list.push(fault.clone());
        }
    }
}

/// An index as the number of a component.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The number that the next component of a list gets.
fn next_complex(list: &[ComplexType]) -> ComplexTypeId {
    ComplexTypeId(number(list.len()))
}
