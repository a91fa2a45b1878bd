//! The visitor that writes JSON while a message is walked: one frame for each open element, bytes straight into a buffer.
//!
//! Whether a comma is due is read off the last byte written: a value never ends in an opening bracket. In enforced
//! messages nothing more is written after the first fault; in reported ones the JSON gives what is there.

use crate::json::writer::write_string;
use crate::schema::form::Content;
use crate::schema::form::Model;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::Variety;
use crate::schema::walk::AttributeKind;
use crate::schema::walk::Opened;
use crate::schema::walk::SeenAttribute;
use crate::schema::walk::Standing;
use crate::schema::walk::Typing;
use crate::schema::walk::Value;
use crate::schema::walk::Visitor;
use crate::schema::walk::fault::WalkFault;
use crate::transcode::decode::extras::Extra;
use crate::transcode::decode::extras::Pending;
use crate::transcode::decode::object::Level;
use crate::transcode::decode::value;
use crate::transcode::decode::value::Types;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Property;
use crate::transcode::shape::Shape;
use crate::transcode::shape::Shapes;
use crate::xml::event::Scope;
use crate::xml::name::ExpandedName;

/// Writes the JSON of the elements walked.
pub(super) struct Writer<'c> {
    pub(super) schema: &'c Schema,
    pub(super) shapes: &'c Shapes,
    pub(super) out: Vec<u8>,
    pub(super) frames: Vec<Frame<'c>>,
    /// Open objects of the open elements: the element's own, and open entries of `$items`.
    pub(super) levels: Vec<Level<'c>>,
    /// Prefixes that stand before a colon in open content, with the frame they stand in.
    pub(super) prefixes: Vec<(usize, String)>,
    /// Values that stand where the model does not take them, until their object ends.
    pub(super) extras: Vec<Extra>,
    pub(super) faults: Vec<WalkFault>,
    /// The element that begins without an open one is the root, always an object.
    as_root: bool,
    /// The root's object was begun, with a member in it.
    begun: bool,
    /// From so many faults on nothing is written.
    most_faults: usize,
    /// Elements open inside one that is not written.
    dropped: usize,
    /// A bare value of this type is open as the innermost element; it has no frame.
    leaf: Option<SimpleTypeId>,
}

/// What stands for an open element.
#[derive(Clone, Copy)]
pub(super) enum Kind<'c> {
    /// A value of a simple type; in an object `$value`.
    Scalar(SimpleTypeId),
    /// An object of properties.
    Object(&'c Model),
    /// An object with `$mixed`.
    Mixed,
    /// A string, or an object with `$mixed`.
    Open,
    /// `null`, or an object with `$nil`.
    Nil,
    /// An object without properties for elements.
    Empty,
}

/// An open element.
pub(super) struct Frame<'c> {
    pub(super) kind: Kind<'c>,
    /// Shape of its type, for the keys of its attributes.
    pub(super) shape: Option<&'c Shape>,
    /// Where its value begins in the buffer.
    pub(super) start: usize,
    /// Its `{` is written.
    pub(super) opened: bool,
    /// Its `"$mixed":[` is written.
    pub(super) mixed: bool,
    /// A string is begun.
    pub(super) text: bool,
    /// It is nil.
    pub(super) nil: bool,
    /// It stands in a one-property object of its own, which ends with it.
    pub(super) entry: bool,
    /// Where its levels begin.
    pub(super) levels: usize,
    /// It is taken out of the buffer at its end.
    pub(super) pending: Option<Box<Pending>>,
}

impl<'c> Writer<'c> {
    pub(super) fn new(schema: &'c Schema, shapes: &'c Shapes, most_faults: usize, size: usize) -> Self {
        Self {
            schema,
            shapes,
            out: Vec::with_capacity(size),
            frames: Vec::new(),
            levels: Vec::new(),
            prefixes: Vec::new(),
            extras: Vec::new(),
            faults: Vec::new(),
            as_root: false,
            begun: false,
            most_faults,
            dropped: 0,
            leaf: None,
        }
    }

    /// The next element is the root; its object may have been begun.
    pub(super) fn expect_root(&mut self, begun: bool) {
        self.as_root = true;
        self.begun = begun;
    }

    /// The next element is a value by itself.
    pub(super) fn expect_value(&mut self) {
        self.as_root = false;
        self.begun = false;
    }

    /// Forgets what was begun, from a place in the buffer on.
    pub(super) fn rewind(&mut self, to: usize) {
        self.out.truncate(to);
        self.frames.clear();
        self.levels.clear();
        self.prefixes.clear();
        self.extras.clear();
        self.dropped = 0;
        self.leaf = None;
    }

    pub(super) fn types(&self) -> Types<'c> {
        Types { simple: &self.schema.simple, shapes: self.shapes }
    }

    /// Nothing is written any more.
    #[inline]
    fn dead(&self) -> bool {
        self.faults.len() >= self.most_faults
    }

    /// The key of a property, after a comma if one is due, and the bracket of its array.
    #[inline]
    pub(super) fn lead(&mut self, property: &Property) {
        let lead = property.lead.as_bytes();
        let first = matches!(self.out.last(), Some(b'{' | b'['));
        self.out.extend_from_slice(if first { lead.get(1..).unwrap_or_default() } else { lead });
    }

    /// A comma, unless this is the first member or item.
    #[inline]
    pub(super) fn comma(&mut self) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    /// A key of the schema, which needs no escapes: XML names hold nothing that does.
    #[inline]
    pub(super) fn key(&mut self, key: &str) {
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// `"{uri}local":`, after a first part (`@` or nothing).
    pub(super) fn expanded_key(&mut self, first: &str, name: ExpandedName<'_>) {
        self.out.push(b'"');
        self.out.extend_from_slice(first.as_bytes());
        value::expanded(&mut self.out, name);
        self.out.extend_from_slice(b"\":");
    }

    /// A member of the innermost element's object follows; the object is begun if it was not.
    fn member(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.opened {
            self.comma();
            return;
        }
        frame.opened = true;
        self.out.push(b'{');
        if matches!(frame.kind, Kind::Nil) {
            self.out.extend_from_slice(b"\"$nil\":true,");
        }
    }

    /// The type of an element that is a bare value in an object, whatever its attributes: it needs no frame.
    #[inline]
    fn bare(&self, element: &Opened<'_>) -> Option<SimpleTypeId> {
        let Typing::Declared(TypeId::Simple(ty)) = element.typing else { return None };
        (!element.nil && element.unknown_type.is_none() && !self.frames.is_empty()).then_some(ty)
    }

    /// Gives the bare value that is open a frame, for what should not be in it.
    #[cold]
    fn frame_leaf(&mut self) {
        let Some(ty) = self.leaf.take() else { return };
        let (start, levels) = (self.out.len(), self.levels.len());
        let kind = Kind::Scalar(ty);
        let frame =
            Frame { kind, shape: None, start, opened: false, mixed: false, text: false, nil: false, entry: false, levels, pending: None };
        self.frames.push(frame);
        self.open_scalar();
    }

    /// The value that is open becomes an object, for what should not be in it.
    #[cold]
    fn open_scalar(&mut self) {
        if let Some(frame) = self.frames.last_mut().filter(|frame| !frame.opened) {
            frame.opened = true;
            self.out.push(b'{');
        }
    }

    /// Whether the nil element that ends holds something all the same; then its object is begun.
    fn open_nil(&mut self) -> bool {
        let holds = self.extras.last().is_some_and(|extra| extra.is_of(self.frames.len()));
        if holds {
            self.out.extend_from_slice(b"{\"$nil\":true");
        }
        holds
    }

    /// Writes where the element stands in its parent. False: it is not written.
    #[inline]
    fn stand(&mut self, element: &Opened<'_>) -> Option<(bool, Option<Box<Pending>>)> {
        let Some(parent) = self.frames.last() else { return Some((false, None)) };
        match parent.kind {
            Kind::Object(model) => {
                let shape = parent.shape?;
                match element.standing {
                    Standing::At(matched) if self.comes_late(shape, matched) => Some(self.late(shape, matched, element)),
                    Standing::At(matched) => Some((self.place(shape, model, matched, element), None)),
                    Standing::Misplaced(particle) => Some(self.misplaced(shape, particle, element)),
                    Standing::Root | Standing::Unexpected | Standing::Free => Some(self.unexpected(element)),
                }
            }
            Kind::Mixed | Kind::Open => {
                self.mixed_entry(element);
                Some((true, None))
            }
            Kind::Empty | Kind::Nil => Some(self.unexpected(element)),
            Kind::Scalar(_) => {
                self.open_scalar();
                Some(self.unexpected(element))
            }
        }
    }

    /// The value of an element begins.
    #[inline]
    fn begin(&mut self, element: &Opened<'_>, entry: bool, pending: Option<Box<Pending>>) {
        let root = self.frames.is_empty() && self.as_root;
        let start = self.out.len();
        let (ty, tag) = self.typing(element);
        let (shape, content) = match ty {
            Some(TypeId::Simple(id)) => (None, Some(ContentShape::Plain(id))),
            Some(TypeId::Complex(id)) => {
                let shape = self.shapes.of(id);
                (Some(shape), Some(shape.content))
            }
            None => (None, None),
        };
        let kind = match content {
            _ if element.nil && ty.is_some() => Kind::Nil,
            Some(ContentShape::Plain(id) | ContentShape::Value(id)) => Kind::Scalar(id),
            Some(ContentShape::Elements | ContentShape::Array) => self.model(ty).map_or(Kind::Empty, Kind::Object),
            Some(ContentShape::Mixed) => Kind::Mixed,
            Some(ContentShape::Open) | None => Kind::Open,
        };
        let named = element.unknown_type.is_some();
        let begun = root && self.begun;
        let object = matches!(content, Some(ContentShape::Elements | ContentShape::Mixed | ContentShape::Value(_)));
        let opened = begun || root || tag || named || (object && !matches!(kind, Kind::Nil));
        let levels = self.levels.len();
        if let (Kind::Object(_), Some(shape)) = (kind, shape) {
            self.levels.push(if opened { Level::new(shape.root()) } else { Level::array(shape.root()) });
        }
        let start = if begun { 0 } else { start };
        self.frames.push(Frame { kind, shape, start, opened, mixed: false, text: false, entry, nil: element.nil, levels, pending });
        if opened && !begun {
            self.out.push(b'{');
        } else if !opened && matches!(kind, Kind::Object(_)) {
            self.out.push(b'[');
        }
        if tag || named {
            self.type_tag(element);
        }
        if element.nil && (opened || matches!(kind, Kind::Open)) {
            self.member();
            self.out.extend_from_slice(b"\"$nil\":true");
        }
    }

    /// The type whose shape an element has, and whether `$type` names it.
    #[inline]
    fn typing(&self, element: &Opened<'_>) -> (Option<TypeId>, bool) {
        match element.typing {
            Typing::Declared(ty) => (Some(ty), false),
            Typing::Chosen(ty) => {
                let declared = element.declaration.map(|id| self.schema.element(id).ty);
                match declared {
                    Some(TypeId::Simple(id)) if !self.is_open(id) => (declared, false),
                    Some(_) | None => (Some(ty), true),
                }
            }
            Typing::Any | Typing::Skipped => (None, false),
        }
    }

    /// `$type` as the first member of the element's object.
    #[cold]
    fn type_tag(&mut self, element: &Opened<'_>) {
        if let Typing::Chosen(ty) = element.typing {
            let Some(name) = self.shapes.names.name(ty) else { return };
            self.comma();
            self.key("$type");
            write_string(&mut self.out, name);
        } else if let Some(name) = element.unknown_type {
            self.comma();
            self.key("$type");
            self.out.push(b'"');
            value::expanded(&mut self.out, name);
            self.out.push(b'"');
        }
    }

    /// Whether a type says so little of its values that xsi:type counts: xs:anySimpleType and unions.
    fn is_open(&self, id: SimpleTypeId) -> bool {
        id == SimpleTypeId::ANY || matches!(self.schema.simple.get(id).variety, Variety::Union(_))
    }

    fn model(&self, ty: Option<TypeId>) -> Option<&'c Model> {
        let Some(TypeId::Complex(id)) = ty else { return None };
        match &self.schema.complex(id).content {
            Content::Elements(model) => Some(model),
            Content::Empty | Content::Simple(_) => None,
        }
    }

    /// The innermost element's value ends.
    #[inline]
    fn finish(&mut self, scope: Scope<'_>) {
        let Some(frame) = self.frames.last() else { return };
        let (opened, start) = (frame.opened, frame.start);
        match frame.kind {
            Kind::Scalar(_) => {
                if opened {
                    self.merge_extras(start, true);
                    self.out.push(b'}');
                }
            }
            Kind::Object(_) | Kind::Empty => {
                self.close_levels(frame.levels);
                if !self.extras.is_empty() {
                    self.merge_extras(start, opened);
                }
                if opened {
                    self.out.push(b'}');
                }
            }
            Kind::Mixed | Kind::Open => self.end_mixed(scope),
            Kind::Nil => {
                let opened = opened || self.open_nil();
                if opened {
                    self.merge_extras(start, true);
                }
                self.out.extend_from_slice(if opened { b"}" } else { b"null" });
            }
        }
        let Some(frame) = self.frames.pop() else { return };
        if frame.entry {
            self.out.push(b'}');
        }
        if let Some(pending) = frame.pending {
            self.take_out(*pending);
        }
    }
}

impl Visitor for Writer<'_> {
    #[inline]
    fn open(&mut self, element: &Opened<'_>) {
        if self.dead() {
            return;
        }
        if self.dropped > 0 {
            self.dropped += 1;
            return;
        }
        if self.leaf.is_some() {
            self.frame_leaf();
        }
        match self.stand(element) {
            Some((entry, pending)) => {
                self.leaf = if entry || pending.is_some() { None } else { self.bare(element) };
                if self.leaf.is_none() {
                    self.begin(element, entry, pending);
                }
            }
            None => self.dropped = 1,
        }
    }

    fn attribute(&mut self, attribute: &SeenAttribute<'_>) {
        if self.dead() || self.dropped > 0 {
            return;
        }
        if attribute.kind == AttributeKind::Free {
            self.frame_leaf();
        } else if self.leaf.is_some() {
            return;
        }
        let Some(frame) = self.frames.last() else { return };
        if !frame.opened && matches!(frame.kind, Kind::Object(_)) {
            return self.attribute_of_array(attribute);
        }
        let shape = frame.shape;
        if shape.is_some_and(|shape| matches!(shape.content, ContentShape::Plain(_))) {
            return;
        }
        let key = match (attribute.kind, shape) {
            (AttributeKind::Use(at), Some(shape)) => shape.attributes.get(at).map(|one| &one.key),
            (AttributeKind::Use(_) | AttributeKind::Wild(_) | AttributeKind::Free, _) => None,
        };
        if shape.is_none() && matches!(frame.kind, Kind::Scalar(_)) && attribute.kind != AttributeKind::Free {
            return;
        }
        self.member();
        match key {
            Some(key) => self.key(key),
            None => self.expanded_key("@", attribute.name),
        }
        if matches!(self.frames.last().map(|frame| frame.kind), Some(Kind::Open)) && attribute.value.ty.is_none() {
            self.note_prefixes(attribute.value.text);
        }
        let types = self.types();
        value::write(&mut self.out, types, &attribute.value);
    }

    #[inline]
    fn value(&mut self, value: &Value<'_>) {
        if self.dead() || self.dropped > 0 {
            return;
        }
        if let Some(ty) = self.leaf {
            let types = self.types();
            value::write(&mut self.out, types, &Value { ty: Some(ty), ..*value });
            return;
        }
        let Some(frame) = self.frames.last() else { return };
        let Kind::Scalar(ty) = frame.kind else { return };
        if frame.opened {
            self.comma();
            self.key("$value");
        }
        let types = self.types();
        value::write(&mut self.out, types, &Value { ty: Some(ty), ..*value });
    }

    fn text(&mut self, text: &str) {
        if !self.dead() && self.dropped == 0 && self.leaf.is_none() {
            self.mixed_text(text);
        }
    }

    fn stray_text(&mut self, text: &str) {
        if !self.dead() && self.dropped == 0 && self.leaf.is_none() {
            self.unexpected_text(text);
        }
    }

    #[inline]
    fn close(&mut self, scope: Scope<'_>) {
        if self.dead() {
            return;
        }
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        if self.leaf.take().is_some() {
            return;
        }
        self.finish(scope);
    }

    fn fault(&mut self, fault: WalkFault) {
        self.faults.push(fault);
    }
}
