//! The components of all documents of a set, by kind and name, each once.
//!
//! The same component twice: equal text counts once, different text is an error at both places and the first is used.
//! Redefinition (section 4.2.2) renames the original, so that the new definition can refer to it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::Sources;
use crate::schema::syntax::AttributeDecl;
use crate::schema::syntax::AttributeGroupDecl;
use crate::schema::syntax::AttributeItem;
use crate::schema::syntax::Components;
use crate::schema::syntax::ElementDecl;
use crate::schema::syntax::GroupDecl;
use crate::schema::syntax::ParticleDecl;
use crate::schema::syntax::SimpleBody;
use crate::schema::syntax::SimpleUse;
use crate::schema::syntax::TermDecl;
use crate::schema::syntax::Top;
use crate::schema::syntax::TypeDecl;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;

/// All components of a set.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) types: Table<TypeDecl>,
    pub(crate) elements: Table<ElementDecl>,
    pub(crate) attributes: Table<AttributeDecl>,
    pub(crate) groups: Table<GroupDecl>,
    pub(crate) attribute_groups: Table<AttributeGroupDecl>,
    /// Some schema imports the XML namespace: its attributes are declared for wildcards too.
    pub(crate) imports_xml: bool,
    /// What is added now gives way silently to what is there.
    secondary: bool,
}

/// The components of one kind.
pub(crate) struct Table<T> {
    /// In the order of the documents.
    pub(crate) list: Vec<Top<T>>,
    by_name: HashMap<Symbol, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { list: Vec::new(), by_name: HashMap::new() }
    }
}

impl<T> Table<T> {
    /// The component of a name.
    pub(crate) fn find(&self, name: Symbol) -> Option<&Top<T>> {
        self.list.get(*self.by_name.get(&name)?)
    }

    fn add(&mut self, top: Top<T>) -> Result<(), &mut Top<T>> {
        match self.by_name.entry(top.name) {
            std::collections::hash_map::Entry::Occupied(known) => Err(&mut self.list[*known.get()]),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(self.list.len());
                self.list.push(top);
                Ok(())
            }
        }
    }

    /// Gives a component another name, so that a new one can take its place.
    fn rename(&mut self, name: Symbol, other: Symbol) -> bool {
        let Some(at) = self.by_name.remove(&name) else {
            return false;
        };
        self.list[at].name = other;
        self.by_name.insert(other, at);
        true
    }
}

impl Registry {
    /// Whether what is added from now on gives way silently to what is there.
    pub(crate) fn set_secondary(&mut self, secondary: bool) {
        self.secondary = secondary;
    }

    /// Adds the components of a document.
    pub(crate) fn add(&mut self, components: Components, sources: &Sources, symbols: &Symbols, diagnostics: &mut Vec<Diagnostic>) {
        let mut adder = Adder { sources, symbols, diagnostics, secondary: self.secondary };
        adder.add(&mut self.types, components.types, "type");
        adder.add(&mut self.elements, components.elements, "element");
        adder.add(&mut self.attributes, components.attributes, "attribute");
        adder.add(&mut self.groups, components.groups, "group");
        adder.add(&mut self.attribute_groups, components.attribute_groups, "attribute group");
    }

    /// Puts redefined components in the place of the originals, to which their references to themselves now lead.
    pub(crate) fn redefine(&mut self, components: Components, symbols: &mut Symbols, diagnostics: &mut Vec<Diagnostic>) {
        let mut redefiner = Redefiner { symbols, diagnostics };
        for top in components.types {
            redefiner.redefine(&mut self.types, top, redirect_type);
        }
        for top in components.groups {
            redefiner.redefine(&mut self.groups, top, |decl, from, to| {
                if let Some(particle) = &mut decl.particle {
                    redirect_groups(particle, from, to);
                }
            });
        }
        for top in components.attribute_groups {
            redefiner.redefine(&mut self.attribute_groups, top, |decl, from, to| {
                for item in &mut decl.attributes.items {
                    if let AttributeItem::Group(reference) = item
                        && reference.name == from
                    {
                        reference.name = to;
                    }
                }
            });
        }
        for place in components.elements.iter().map(|top| top.place) {
            redefiner.not_redefinable(place);
        }
        for place in components.attributes.iter().map(|top| top.place) {
            redefiner.not_redefinable(place);
        }
    }
}

struct Adder<'a> {
    sources: &'a Sources,
    symbols: &'a Symbols,
    diagnostics: &'a mut Vec<Diagnostic>,
    secondary: bool,
}

impl Adder<'_> {
    fn add<T>(&mut self, table: &mut Table<T>, components: Vec<Top<T>>, kind: &str) {
        for top in components {
            let (place, end, name) = (top.place, top.end, top.name);
            if let Err(known) = table.add(top)
                && !self.secondary
                && !self.same_text((place, end), (known.place, known.end))
            {
                let name = self.symbols.name(name);
                let (first, second) = (self.sources.locate(known.place), self.sources.locate(place));
                let message = format!("{kind} {name} is declared differently at {second}; this one counts");
                known.rival.get_or_insert_with(|| message.as_str().into());
                self.diagnostics.push(Diagnostic::error("duplicate-component", known.place, message));
                let message = format!("{kind} {name} is declared differently at {first}; that one counts");
                self.diagnostics.push(Diagnostic::error("duplicate-component", place, message));
            }
        }
    }

    /// Whether two extents hold the same text, white space aside.
    fn same_text(&self, a: (Place, u32), b: (Place, u32)) -> bool {
        let text = |(place, end): (Place, u32)| {
            let text = self.sources.get(place.source).map_or("", |source| &*source.text);
            squeezed(text.get(place.offset as usize..end as usize).unwrap_or(""))
        };
        a == b || text(a).eq(text(b))
    }
}

/// The bytes of a piece of XML with its white space as one space, and none beside markup: `<a b = "1" />` is `<a b="1"/>`.
fn squeezed(text: &str) -> impl Iterator<Item = u8> {
    const MARKUP: &[u8] = b"<>/=\"'";
    let mut before = b'<';
    let mut words = text.split_ascii_whitespace();
    std::iter::from_fn(move || words.next()).flat_map(move |word| {
        let beside = |byte: Option<&u8>| byte.is_none_or(|byte| MARKUP.contains(byte));
        let apart = !MARKUP.contains(&before) && !beside(word.as_bytes().first());
        before = word.as_bytes().last().copied().unwrap_or(b'<');
        apart.then_some(b' ').into_iter().chain(word.bytes())
    })
}

struct Redefiner<'a> {
    symbols: &'a mut Symbols,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Redefiner<'_> {
    fn redefine<T>(&mut self, table: &mut Table<T>, mut top: Top<T>, redirect: fn(&mut T, Symbol, Symbol)) {
        let name = self.symbols.name(top.name).clone();
        // no name of a document holds a space: the original cannot be reached by one
        let local = format!("{} before redefinition {}", name.local.as_str(), table.list.len());
        let original = self.symbols.intern(name.ns.as_str(), &local);
        if table.rename(top.name, original) {
            if let Some(decl) = Arc::get_mut(&mut top.decl) {
                redirect(decl, top.name, original);
            }
        } else {
            let message = format!("{name} is redefined, but the document has no such component");
            self.diagnostics.push(Diagnostic::warning("nothing-to-redefine", top.place, message));
        }
        // the name is free now
        let _ = table.add(top);
    }

    fn not_redefinable(&mut self, place: Place) {
        let message = "only types and groups can be redefined; this is ignored";
        self.diagnostics.push(Diagnostic::warning("not-redefinable", place, message));
    }
}

fn redirect_type(decl: &mut TypeDecl, from: Symbol, to: Symbol) {
    let reference = match decl {
        TypeDecl::Complex(complex) => complex.base.as_mut(),
        TypeDecl::Simple(simple) => match &mut simple.body {
            SimpleBody::Restriction(restriction) => match &mut restriction.base {
                Some(SimpleUse::Named(reference)) => Some(reference),
                Some(SimpleUse::Inline(_)) | None => None,
            },
            SimpleBody::List(_) | SimpleBody::Union(_) => None,
        },
    };
    if let Some(reference) = reference
        && reference.name == from
    {
        reference.name = to;
    }
}

/// Redirects group references; as deep as components may nest, which the reader limits.
fn redirect_groups(particle: &mut ParticleDecl, from: Symbol, to: Symbol) {
    match &mut particle.term {
        TermDecl::GroupRef(reference) => {
            if reference.name == from {
                reference.name = to;
            }
        }
        TermDecl::Sequence(members) | TermDecl::Choice(members) | TermDecl::All(members) => {
            for member in members {
                redirect_groups(member, from, to);
            }
        }
        TermDecl::Element(_) | TermDecl::ElementRef(_) | TermDecl::Wildcard(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::squeezed;

    #[test]
    fn white_space_in_tags_and_between_them_makes_no_difference_but_between_words_it_does() {
        let same = |a: &str, b: &str| squeezed(a).eq(squeezed(b));
        assert!(same("<a b = '1'\n c='2' ><d /></a>", "<a b='1' c='2'>\n <d/>\n</a>"));
        assert!(!same("<a>b c</a>", "<a>bc</a>"));
        assert!(!same("<a b='1'/>", "<a b='2'/>"));
    }
}
