//! The one walker over the runtime form: it judges a document against its schema, event by event.
//!
//! It is fed with the events of either reader and tells a [`Visitor`] what each element and value is. The validator and
//! the transcoder are visitors; there is no second engine. Open elements are frames on a stack whose memory is used
//! again, so that neither depth nor length costs more than the document itself. After a fault it goes on so that the
//! faults behind it are found, and only those. It knows nothing of SOAP or JSON.

mod attributes;
mod content;
mod derivation;
pub mod fault;
mod frame;
pub mod locate;
pub mod outline;
pub mod path;

use crate::schema::automaton::Matched;
use crate::schema::form::AttributeId;
use crate::schema::form::ElementId;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::identity::watch::Identity;
use crate::schema::identity::watch::Watch;
use crate::schema::simple::Prefixes;
use crate::schema::simple::SimpleTypeId;
use crate::schema::walk::fault::WalkFault;
use crate::schema::walk::frame::Content;
use crate::schema::walk::frame::Stack;
use crate::schema::walk::outline::Outline;
use crate::xml::event::End;
use crate::xml::event::Scope;
use crate::xml::event::Start;
use crate::xml::event::Text;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;

/// QNames in values are read by the prefixes in scope.
impl Prefixes for Scope<'_> {
    fn resolve(&self, prefix: &str) -> Option<&str> {
        Scope::resolve(self, prefix)
    }
}

/// Faults told of one document; those behind are counted only.
pub const MAX_FAULTS: usize = 1000;

/// What a walk is told to take an element for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Declared {
    /// This declaration.
    Element(ElementId),
    /// This type, without a declaration.
    Type(TypeId),
    /// Its global declaration if there is one, its xsi:type if it has one, else anything.
    Lax,
    /// Anything.
    Skip,
}

/// Where an element stands in its parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is the element that the walk began with.
    Root,
    /// Where the content model takes it.
    At(Matched),
    /// The model knows it, but not here or not again: a fault was told.
    Misplaced(ParticleId),
    /// The model does not know it: a fault was told, and what is inside is not judged.
    Unexpected,
    /// In content without a model.
    Free,
}

/// Which type an element is judged by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Typing {
    /// The declared one (xsi:type, if there, names the same).
    Declared(TypeId),
    /// One that xsi:type names, and which is not the declared one.
    Chosen(TypeId),
    /// Anything, by the ur-type.
    Any,
    /// It is not judged.
    Skipped,
}

/// An element that begins.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'a> {
    start: &'a Start<'a>,
    /// Its declaration, if there is one.
    pub declaration: Option<ElementId>,
    /// Where it stands.
    pub standing: Standing,
    /// Its type.
    pub typing: Typing,
    /// It is nil (xsi:nil).
    pub nil: bool,
    /// What its xsi:type names, where that is no type it is judged by: not known, or in content that is not judged.
    pub unknown_type: Option<ExpandedName<'a>>,
}

impl<'a> Opened<'a> {
    /// Its expanded name.
    #[must_use]
    pub fn name(&self) -> ExpandedName<'a> {
        self.start.name()
    }

    /// The symbol of its name.
    pub(crate) fn symbol(&self) -> Symbol {
        self.start.symbol
    }

    /// Prefixes in scope.
    #[must_use]
    pub fn scope(&self) -> Scope<'a> {
        self.start.scope()
    }

    /// Where its start tag begins.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.start.offset()
    }
}

/// What an attribute is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttributeKind {
    /// The attribute use of the type with this index.
    Use(usize),
    /// Admitted by the attribute wildcard, with its global declaration if that is followed.
    Wild(Option<AttributeId>),
    /// In content that is not judged, or not allowed where it stands (a fault was told).
    Free,
}

/// An attribute, with its value judged. The attributes that XML Schema itself defines (xsi:type …) are not told.
#[derive(Clone, Copy, Debug)]
pub struct SeenAttribute<'a> {
    /// Its expanded name.
    pub name: ExpandedName<'a>,
    /// What it is.
    pub kind: AttributeKind,
    /// Its value.
    pub value: Value<'a>,
}

/// A value of a simple type.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// Its declared type; none where there is none.
    pub ty: Option<SimpleTypeId>,
    /// The type that accepted it: of a union, the member; else the declared one.
    pub member: Option<SimpleTypeId>,
    /// White space normalised as the type says; as written if it is not valid.
    pub text: &'a str,
    /// Whether the type accepts it; if not, a fault was told.
    pub valid: bool,
    /// Prefixes in scope.
    pub scope: Scope<'a>,
}

/// Who wants to know what a walk finds.
pub trait Visitor {
    /// An element begins.
    fn open(&mut self, element: &Opened<'_>);
    /// An attribute of the element that began last.
    fn attribute(&mut self, attribute: &SeenAttribute<'_>);
    /// The content of an element of simple content, whole.
    fn value(&mut self, value: &Value<'_>);
    /// Text of mixed or free content; a run may come in several pieces.
    fn text(&mut self, text: &str);
    /// Text where none may stand, of which a fault was told.
    fn stray_text(&mut self, _text: &str) {}
    /// The innermost open element ends.
    fn close(&mut self, scope: Scope<'_>);
    /// Something is wrong.
    fn fault(&mut self, fault: WalkFault);
}

/// A walk through one element and all that is in it; many in turn with the same memory.
#[derive(Debug)]
pub struct Walker<'s> {
    schema: &'s Schema,
    stack: Stack<'s>,
    /// Text of the open elements of simple content.
    text: String,
    /// For ambiguous models: the children of every element.
    outline: Option<Outline>,
    /// Assignments of the open elements with ambiguous models.
    assigned: Vec<Matched>,
    diverged: bool,
    faults: usize,
    /// Watches identity constraints, where the schema has any.
    identity: Option<Box<Identity<'s>>>,
    /// Attributes of this namespace are none of the schema's business on the element that a walk begins with.
    passed: Option<&'static str>,
    /// How deep the open element is whose xsi:type was refused, 0 if there is none: what is in it is told to be no fault.
    muted: usize,
}

impl<'s> Walker<'s> {
    /// A walker for documents of a schema.
    #[must_use]
    pub fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            stack: Stack::default(),
            text: String::new(),
            outline: None,
            assigned: Vec::new(),
            diverged: false,
            faults: 0,
            identity: schema.has_identity.then(|| Box::new(Identity::new(schema))),
            passed: None,
            muted: 0,
        }
    }

    /// Gives the outline of the document, after a walk that [`Self::diverged`].
    pub fn set_outline(&mut self, outline: Outline) {
        self.outline = Some(outline);
        self.diverged = false;
        self.faults = 0;
        self.stack.clear();
        self.muted = 0;
        self.text.clear();
        self.assigned.clear();
        self.forget_identity();
    }

    /// Forgets the open elements.
    pub fn abandon(&mut self) {
        self.stack.clear();
        self.muted = 0;
        self.text.clear();
        self.assigned.clear();
        self.forget_identity();
    }

    /// Attributes of this namespace on the elements that walks begin with are passed over (those of a SOAP envelope on
    /// header blocks).
    pub fn pass_attributes_of(&mut self, namespace: Option<&'static str>) {
        self.passed = namespace;
    }

    /// The children of some element fit an ambiguous model otherwise than was assumed: nothing told so far holds, begin
    /// anew with an [`Outline`].
    #[must_use]
    pub fn diverged(&self) -> bool {
        self.diverged
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.stack.depth()
    }

    /// How many faults were found.
    #[must_use]
    pub fn faults(&self) -> usize {
        self.faults + self.identity.as_ref().map_or(0, |identity| identity.told())
    }

    /// Begins a walk with this element.
    pub fn begin<V: Visitor>(&mut self, start: &Start<'_>, declared: Declared, visitor: &mut V) {
        if self.identity.is_some() {
            return self.watched(visitor, |walker, watch| walker.open_apart(start, Standing::Root, declared, watch));
        }
        self.open_apart(start, Standing::Root, declared, visitor);
    }

    /// Begins a walk with the content of an element whose own name is not judged; of its attributes those that the type declares.
    pub fn begin_content<V: Visitor>(&mut self, start: &Start<'_>, ty: TypeId, visitor: &mut V) {
        if self.identity.is_some() {
            return self.watched(visitor, |walker, watch| walker.enter_content(start, ty, watch));
        }
        self.enter_content(start, ty, visitor);
    }

    fn enter_content<V: Visitor>(&mut self, start: &Start<'_>, ty: TypeId, visitor: &mut V) {
        visitor.open(&Opened {
            start,
            declaration: None,
            standing: Standing::Root,
            typing: Typing::Declared(ty),
            nil: false,
            unknown_type: None,
        });
        if let TypeId::Complex(id) = ty {
            self.declared_attributes(start, self.schema.complex(id), visitor);
        }
        self.enter(start, None, self.content_of(ty));
    }

    /// Takes a start tag inside the element that the walk began with.
    #[inline]
    pub fn start<V: Visitor>(&mut self, start: &Start<'_>, visitor: &mut V) {
        if self.identity.is_some() {
            return self.watched(visitor, |walker, watch| {
                let (standing, declared) = walker.place(start, watch);
                walker.open_apart(start, standing, declared, watch);
            });
        }
        if let Some(matched) = self.place_plainly(start)
            && let Some(element) = matched.element
        {
            return self.open(start, Standing::At(matched), Declared::Element(element), visitor);
        }
        let (standing, declared) = self.place(start, visitor);
        self.open_apart(start, standing, declared, visitor);
    }

    /// [`Self::open`] where it need not be in line.
    #[inline(never)]
    fn open_apart<V: Visitor>(&mut self, start: &Start<'_>, standing: Standing, declared: Declared, visitor: &mut V) {
        self.open(start, standing, declared, visitor);
    }

    /// Takes text.
    #[inline]
    pub fn text<V: Visitor>(&mut self, text: &Text<'_>, visitor: &mut V) {
        let Some(frame) = self.stack.top() else { return };
        match frame.content {
            Content::Simple(_) => {
                if !frame.characters {
                    frame.characters = true;
                    frame.value_at = text.offset();
                }
                self.text.push_str(text.value);
            }
            Content::Elements { mixed: false, .. } if text.whitespace_only => {}
            Content::Elements { mixed: true, .. } | Content::Mixed | Content::Any | Content::Skip => {
                frame.characters = true;
                if frame.keep_text {
                    self.text.push_str(text.value);
                }
                visitor.text(text.value);
            }
            Content::Elements { mixed: false, .. } | Content::Empty | Content::Nil => {
                self.stray_text(text, visitor);
            }
        }
    }

    /// Takes an end tag.
    #[inline]
    pub fn end<V: Visitor>(&mut self, end: &End<'_>, visitor: &mut V) {
        if self.identity.is_some() {
            return self.watched(visitor, |walker, watch| walker.close(end, watch));
        }
        self.close(end, visitor);
    }

    /// A step in a schema with identity constraints: what watches them stands between the walk and its visitor.
    #[cold]
    fn watched(&mut self, visitor: &mut dyn Visitor, step: impl FnOnce(&mut Self, &mut Watch<'_, 's>)) {
        let Some(mut identity) = self.identity.take() else { return };
        step(self, &mut Watch { identity: &mut identity, inner: visitor });
        self.identity = Some(identity);
    }

    fn forget_identity(&mut self) {
        if let Some(identity) = &mut self.identity {
            identity.reset();
        }
    }
}
