//! Describes the components of one contract, one after the other, as they are asked for.
//!
//! What a component describes is its [`Part`]; the same part is the same component. Which parts an element's value has is
//! in `value`, what an object holds in `object`, whole messages in `message`.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::schema::form::ComplexTypeId;
use crate::schema::form::DerivationSet;
use crate::schema::form::ElementId;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::ProcessContents;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::simple::Builtin;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::Codec;
use crate::transcode::openapi::components::Components;
use crate::transcode::openapi::components::Wish;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::remainder::Taken;
use crate::transcode::openapi::simple::Simple;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::RecordId;
use crate::wsdl::contract::Attachment;
use crate::wsdl::contract::FaultForm;

/// What a component describes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Part {
    /// A named simple type.
    Simple(SimpleTypeId),
    /// Values of a type as objects.
    Object(Form),
    /// Values of a type that is the array of its only property.
    Array(ComplexTypeId),
    /// A nil element with an object.
    Nil(Form),
    /// Values of an element whose type others are derived from.
    Family(ComplexTypeId, Blocked),
    /// An entry of `$items` for a repeated sequence.
    Repetition(ComplexTypeId, RecordId),
    /// An entry of `$items` or `$mixed` for a single element.
    Entry(ComplexTypeId, RecordId, PropertyId),
    /// `$headers`.
    Headers(Vec<(Arc<str>, ElementId)>),
    /// A message with an empty Body.
    Empty(Root),
    /// The problem of a declared fault: its detail's element, its part, its name.
    Fault(ElementId, Option<Arc<str>>, Arc<str>),
    /// An element that a wildcard admits.
    Any(Admitted),
    /// xs:anyType.
    AnyType,
    /// xs:anySimpleType.
    AnySimpleType,
}

/// The form of an object for a type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Form {
    pub(super) ty: TypeId,
    /// `$type` names the type.
    pub(super) tagged: bool,
    pub(super) root: Root,
}

/// Whether an object is a whole message.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Root {
    /// It stands inside one.
    No,
    /// It is one, of a body alone.
    Bare,
    /// It is one with headers or attachments: the number of [`Beside`].
    With(u32),
}

/// What a wildcard admits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Admitted {
    pub(super) namespaces: NamespaceConstraint,
    pub(super) process: ProcessContents,
}

/// Header blocks: the key and declaration of each.
pub(super) type Headers = Vec<(Arc<str>, ElementId)>;

/// What stands in a message beside its body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Beside {
    /// `$headers`.
    pub(super) headers: Option<(ComponentId, Headers)>,
    /// Parts that travel beside the envelope.
    pub(super) attachments: Vec<Attachment>,
}

/// Derivations that may not stand for a type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Blocked {
    pub(super) extension: bool,
    pub(super) restriction: bool,
}

impl From<DerivationSet> for Blocked {
    fn from(set: DerivationSet) -> Self {
        Self { extension: set.extension, restriction: set.restriction }
    }
}

impl From<Blocked> for DerivationSet {
    fn from(blocked: Blocked) -> Self {
        Self { extension: blocked.extension, restriction: blocked.restriction, substitution: false }
    }
}

/// Makes the components of one contract.
pub(super) struct Maker<'c> {
    pub(super) codec: &'c Codec,
    pub(super) schema: &'c Schema,
    components: &'c mut Components,
    known: HashMap<Part, ComponentId>,
    queue: VecDeque<(ComponentId, Part)>,
    beside: Vec<Beside>,
}

impl<'c> Maker<'c> {
    /// Begins with a contract.
    pub(super) fn new(codec: &'c Codec, components: &'c mut Components) -> Self {
        Self { codec, schema: &codec.contract.schema, components, known: HashMap::new(), queue: VecDeque::new(), beside: Vec::new() }
    }

    /// The component of a part; `wish` says what it would be called if it is new.
    pub(super) fn component(&mut self, part: Part, wish: Wish) -> ComponentId {
        if let Some(id) = self.known.get(&part) {
            return *id;
        }
        let id = self.components.begin(wish);
        self.known.insert(part.clone(), id);
        self.queue.push_back((id, part));
        id
    }

    /// A component that the caller describes.
    pub(super) fn begin(&mut self, wish: Wish) -> ComponentId {
        self.components.begin(wish)
    }

    /// Describes a component that was begun.
    pub(super) fn describe_now(&mut self, id: ComponentId, object: Object) {
        self.components.describe(id, object);
    }

    /// A message with these things beside its body.
    pub(super) fn with(&mut self, beside: Beside) -> Root {
        let known = self.beside.iter().position(|one| *one == beside);
        let at = known.unwrap_or(self.beside.len());
        if known.is_none() {
            self.beside.push(beside);
        }
        u32::try_from(at).map_or(Root::Bare, Root::With)
    }

    /// What stands beside a body.
    pub(super) fn beside(&self, root: Root) -> Option<&Beside> {
        match root {
            Root::No | Root::Bare => None,
            Root::With(at) => self.beside.get(at as usize),
        }
    }

    /// Describes all that was asked for, and what that asks for.
    pub(super) fn finish(mut self) {
        while let Some((id, part)) = self.queue.pop_front() {
            let node = self.describe(id, part);
            self.components.describe(id, node);
        }
    }

    fn describe(&mut self, home: ComponentId, part: Part) -> Node {
        match part {
            Part::Simple(id) => self.inline(id).into(),
            Part::Object(form) => self.object(home, form).into(),
            Part::Array(id) => self.array(home, id),
            Part::Nil(form) => self.nil_object(home, form).into(),
            Part::Family(id, blocked) => self.family(home, id, blocked).into(),
            Part::Repetition(ty, record) => self.repetition(home, ty, record).into(),
            Part::Entry(ty, record, property) => self.entry(home, ty, record, property).into(),
            Part::Headers(headers) => self.headers(home, &headers, &Taken::default()).0.into(),
            Part::Empty(root) => self.empty(home, root, &Taken::default()).0.into(),
            Part::Fault(element, part, name) => self.fault_problem(home, &FaultForm { name, element, part }).into(),
            Part::Any(Admitted { namespaces, process }) => self.any(&namespaces, process).into(),
            Part::AnyType => self.any_type().into(),
            Part::AnySimpleType => self.any_simple_type().into(),
        }
    }

    /// A simple type where it is used: named ones by their component.
    pub(super) fn simple(&mut self, id: SimpleTypeId) -> Node {
        match self.refer(id) {
            Some(reference) => reference,
            None => self.inline(id).into(),
        }
    }

    fn inline(&mut self, id: SimpleTypeId) -> Object {
        let simple = Simple { types: &self.schema.simple, shapes: &self.codec.shapes };
        simple.schema(id, &mut |id| self.refer(id))
    }

    /// The schema of a value that is fixed.
    pub(super) fn fixed(&self, id: SimpleTypeId, text: &str) -> Option<Node> {
        Simple { types: &self.schema.simple, shapes: &self.codec.shapes }.fixed(id, text).map(Node::from)
    }

    fn refer(&mut self, id: SimpleTypeId) -> Option<Node> {
        match Builtin::from_id(id) {
            Some(Builtin::Float) => Some(self.own(Part::Simple(id), "xs.float")),
            Some(Builtin::Double) => Some(self.own(Part::Simple(id), "xs.double")),
            Some(_) => None,
            None => {
                let name = self.codec.shapes.names.name(TypeId::Simple(id))?.clone();
                Some(Node::reference(self.component(Part::Simple(id), Wish::Type(name))))
            }
        }
    }

    /// A reference to a part that is named by the document.
    pub(super) fn own(&mut self, part: Part, name: &'static str) -> Node {
        Node::reference(self.component(part, Wish::Own(name)))
    }
}
