//! One element of the message after the other: its tag, xsi:type and xsi:nil, and what kind of content follows.
//!
//! As deep as the JSON reader let the document be. What an object holds is collected in `object`, laid out by the
//! content model in `record` and `entries`; simple values are in `value`, content without declaration in `open`.

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::schema::form::AttributeUse;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::DerivationSet;
use crate::schema::form::ElementId;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::encode::entries::Tracker;
use crate::transcode::encode::object::Extra;
use crate::transcode::encode::plain::Beside;
use crate::transcode::encode::report::Report;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::scope::Prefix;
use crate::transcode::encode::scope::Scope;
use crate::transcode::encode::types::concrete_types;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Property;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::Shapes;
use crate::transcode::shape::Tag;
use crate::transcode::shape::ValueForm;
use crate::wsdl::contract::Attachment;
use crate::xml::name::XSI_NS;
use crate::xml::writer;

/// Writes one message.
pub(super) struct Encoder<'c, 'd> {
    pub(super) schema: &'c Schema,
    pub(super) shapes: &'c Shapes,
    pub(super) out: Vec<u8>,
    /// Where the content of the element opened last begins.
    content: usize,
    pub(super) scope: Scope<'c>,
    pub(super) report: Report,
    /// Parts beside the envelope: properties of the root that are read elsewhere.
    pub(super) beside: &'c [Attachment],
    /// Values of the properties of all objects that are open, and for each property which of them.
    pub(super) values: Vec<Value<'d>>,
    pub(super) slots: Vec<u32>,
    /// For each slot of the plans that are being followed, the number of its value.
    pub(super) sorted: Vec<u32>,
    /// Attributes admitted by wildcards, of all objects that are open.
    pub(super) extras: Vec<Extra<'d>>,
    /// Content models that must be asked, of all elements that are open.
    pub(super) trackers: Vec<Tracker<'c, 'd>>,
    /// Numbers are taken as they stand.
    pub(super) exact: bool,
    pub(super) spare: Vec<crate::schema::automaton::ContentState>,
}

/// What a declaration says of an element's content.
#[derive(Clone, Copy)]
pub(super) struct Declared<'c> {
    pub(super) ty: TypeId,
    pub(super) nillable: bool,
    pub(super) value: Option<&'c ValueConstraint>,
    pub(super) block: DerivationSet,
    /// Must be an object, even for a simple value.
    pub(super) root: bool,
    /// There is no declaration: being nil says nothing of the content.
    pub(super) open: bool,
}

/// How an open tag is closed.
pub(super) enum Name {
    Ready(Tag),
    Made(Prefix, String),
}

impl<'c, 'd> Encoder<'c, 'd> {
    pub(super) fn new(schema: &'c Schema, shapes: &'c Shapes, capacity: usize) -> Self {
        Self {
            schema,
            shapes,
            out: Vec::with_capacity(capacity),
            content: usize::MAX,
            scope: Scope::new(&shapes.tags),
            report: Report::default(),
            beside: &[],
            values: Vec::new(),
            slots: Vec::new(),
            sorted: Vec::with_capacity(64),
            extras: Vec::new(),
            trackers: Vec::new(),
            exact: false,
            spare: Vec::new(),
        }
    }

    /// An element with its value.
    pub(super) fn element(&mut self, id: ElementId, value: Value<'d>) {
        let declared = self.schema.element(id);
        let depth = self.scope.depth();
        let name = self.open(id);
        match declared.ty {
            TypeId::Simple(ty) if !matches!(value.kind(), Kind::Object | Kind::Null) => {
                self.simple_content(ty, declared.value.as_ref(), value);
            }
            TypeId::Simple(_) | TypeId::Complex(_) => self.content(Self::declared(declared, false), value),
        }
        self.close(&name);
        self.scope.leave(depth);
    }

    /// The body's element: its value is an object.
    pub(super) fn root(&mut self, id: ElementId, value: Value<'d>) {
        let declared = self.schema.element(id);
        let depth = self.scope.depth();
        let name = self.open(id);
        self.content(Self::declared(declared, true), value);
        self.close(&name);
        self.scope.leave(depth);
    }

    fn declared(element: &'c crate::schema::form::Element, root: bool) -> Declared<'c> {
        Declared { ty: element.ty, nillable: element.nillable, value: element.value.as_ref(), block: element.block, root, open: false }
    }

    /// `<p:name` of a declaration.
    pub(super) fn open(&mut self, id: ElementId) -> Name {
        let tags = &self.shapes.tags;
        let tag = tags.tag(id);
        if self.scope.is_plain() {
            if let Some(namespace) = tag.namespace {
                self.scope.mark(namespace);
            }
            self.out.extend_from_slice(tags.open(tag));
            return Name::Ready(tag);
        }
        let name = self.schema.symbols.name(self.schema.element(id).name);
        self.open_name(name.ns.as_str(), name.local.as_str())
    }

    /// `<p:name` of any name.
    pub(super) fn open_name(&mut self, ns: &str, local: &str) -> Name {
        let mut declaration = Vec::new();
        let prefix = self.scope.prefix(ns, &mut declaration);
        self.out.push(b'<');
        self.scope.write(&prefix, &mut self.out);
        self.out.extend_from_slice(local.as_bytes());
        self.out.extend_from_slice(&declaration);
        Name::Made(prefix, local.to_owned())
    }

    /// The end tag; `/>` where nothing was written since the start tag's end.
    pub(super) fn close(&mut self, name: &Name) {
        if self.is_empty_content() {
            self.empty();
            return;
        }
        match name {
            Name::Ready(tag) => self.out.extend_from_slice(self.shapes.tags.close(*tag)),
            Name::Made(prefix, local) => {
                self.out.extend_from_slice(b"</");
                self.scope.write(prefix, &mut self.out);
                self.out.extend_from_slice(local.as_bytes());
                self.out.push(b'>');
            }
        }
    }

    /// Whether nothing was written since the start tag's end.
    #[inline]
    pub(super) fn is_empty_content(&self) -> bool {
        self.content == self.out.len()
    }

    /// Makes the start tag, which just ended, an empty element.
    pub(super) fn empty(&mut self) {
        self.out.pop();
        self.out.extend_from_slice(b"/>");
    }

    /// The end of a start tag.
    #[inline]
    pub(super) fn end_start_tag(&mut self) {
        self.out.push(b'>');
        self.content = self.out.len();
    }

    /// A start tag's end, a simple value.
    pub(super) fn simple_content(&mut self, ty: SimpleTypeId, fixed: Option<&ValueConstraint>, value: Value<'d>) {
        let text = self.lexical(ty, value);
        self.end_start_tag();
        if let Some(text) = text {
            self.simple_text(ty, fixed, value, &text);
        }
    }

    /// What a simple value became.
    pub(super) fn simple_text(&mut self, ty: SimpleTypeId, fixed: Option<&ValueConstraint>, value: Value<'d>, text: &str) {
        if let Some(ValueConstraint::Fixed(fixed)) = fixed
            && !self.equal(ty, text, fixed)
        {
            self.report.at(value, format!("expected the fixed value \"{fixed}\""));
        }
        match self.shapes.form(ty) {
            // Nothing in these needs to be escaped.
            ValueForm::Integer
            | ValueForm::Decimal
            | ValueForm::Float
            | ValueForm::TextInteger
            | ValueForm::TextDecimal
            | ValueForm::Boolean { .. } => {
                self.out.extend_from_slice(text.as_bytes());
            }
            ValueForm::VerbatimNumber
            | ValueForm::AnyText
            | ValueForm::Text
            | ValueForm::Base64
            | ValueForm::QName
            | ValueForm::List(_)
            | ValueForm::Union => writer::escape_text(&mut self.out, text),
        }
    }

    /// What follows `<name`: attributes, the start tag's end, content.
    pub(super) fn content(&mut self, declared: Declared<'c>, value: Value<'d>) {
        match value.kind() {
            Kind::Null if declared.root => self.report.at(value, "expected an object, found null"),
            Kind::Null => self.null(declared, value),
            Kind::Object => self.object_content(declared, value),
            Kind::Bool(_) | Kind::Number | Kind::String | Kind::Array => self.bare(declared, value),
        }
    }

    fn null(&mut self, declared: Declared<'c>, value: Value<'d>) {
        if !declared.nillable {
            self.report.at(value, "must not be null");
            return;
        }
        self.nil_attribute(declared, value);
        if let TypeId::Complex(id) = declared.ty {
            self.require_concrete(id, value);
            self.missing_attributes(id, value);
        }
        self.end_start_tag();
    }

    /// ` xsi:nil="true"`.
    pub(super) fn nil_attribute(&mut self, declared: Declared<'c>, value: Value<'d>) {
        if matches!(declared.value, Some(ValueConstraint::Fixed(_))) {
            self.report.at(value, "must not be null: its value is fixed");
        }
        self.xsi("nil", "true");
    }

    /// ` xsi:local="value"`.
    pub(super) fn xsi(&mut self, local: &str, value: &str) {
        let prefix = self.scope.prefix(XSI_NS, &mut self.out);
        self.out.push(b' ');
        self.scope.write(&prefix, &mut self.out);
        self.out.extend_from_slice(local.as_bytes());
        self.out.extend_from_slice(b"=\"");
        writer::escape_attribute(&mut self.out, value);
        self.out.push(b'"');
    }

    /// A value that is no object.
    fn bare(&mut self, declared: Declared<'c>, value: Value<'d>) {
        let content = self.shapes.content(declared.ty);
        if declared.root {
            self.report.at(value, format!("expected an object, found {}", kind_in_words(value)));
            return;
        }
        if let TypeId::Complex(id) = declared.ty
            && !self.require_concrete(id, value)
        {
            return;
        }
        match content {
            ContentShape::Plain(ty) => self.simple_content(ty, declared.value, value),
            ContentShape::Open => self.open_text(value),
            ContentShape::Value(_) => {
                let found = kind_in_words(value);
                self.report.at(value, format!("expected an object with \"$value\" and attributes, found {found}"));
            }
            ContentShape::Mixed => self.report.at(value, format!("expected an object with \"$mixed\", found {}", kind_in_words(value))),
            ContentShape::Array => self.array(declared.ty, value),
            ContentShape::Elements => self.report.at(value, format!("expected an object, found {}", kind_in_words(value))),
        }
    }

    /// An abstract type stands only for those derived from it.
    fn require_concrete(&mut self, id: ComplexTypeId, value: Value<'d>) -> bool {
        let is_abstract = self.schema.complex(id).is_abstract;
        if is_abstract {
            let (schema, shapes) = (self.schema, self.shapes);
            self.report.at_with(value, || format!("expected an object whose \"$type\" is one of {}", concrete_types(schema, shapes, id)));
        }
        !is_abstract
    }

    fn object_content(&mut self, declared: Declared<'c>, value: Value<'d>) {
        if self.planned_content(declared, value, false) {
            return;
        }
        // Nothing can be said of an object whose type is unknown.
        let Some(ty) = self.run_time_type(declared, value) else { return };
        if ty == declared.ty && !declared.root && self.is_bare_array(ty, value) {
            return;
        }
        if ty != declared.ty {
            self.type_attribute(ty, value);
        }
        let tagged = self.may_be_tagged(declared.ty);
        let declared = Declared { ty, ..declared };
        if tagged && self.planned_content(declared, value, true) {
            return;
        }
        match (self.shapes.content(ty), ty) {
            (ContentShape::Plain(simple) | ContentShape::Value(simple), _) => self.value_object(declared, simple, value),
            (ContentShape::Elements | ContentShape::Array | ContentShape::Mixed, TypeId::Complex(id)) => {
                self.complex_object(declared, id, value)
            }
            (ContentShape::Open, _) => self.open_object(declared, value),
            (ContentShape::Elements | ContentShape::Array | ContentShape::Mixed, TypeId::Simple(_)) => {}
        }
    }

    /// Says so if an object stands where the array itself should.
    fn is_bare_array(&mut self, ty: TypeId, object: Value<'d>) -> bool {
        let wrong = self.shapes.content(ty) == ContentShape::Array && object.member("$type").is_none() && object.member("$nil").is_none();
        if wrong {
            self.report.at(object, "expected the array itself, found an object");
        }
        wrong
    }

    /// The content of a type of one repeated element, out of the array of its values.
    fn array(&mut self, ty: TypeId, value: Value<'d>) {
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array, found {}", kind_in_words(value)));
            return;
        }
        self.end_start_tag();
        let TypeId::Complex(id) = ty else { return };
        let root = self.shapes.of(id).root();
        let [Property { kind: PropertyKind::Element(element), min, max, .. }] = root.properties.as_slice() else { return };
        self.count(value, *min, *max);
        for item in value.items() {
            self.element(*element, item);
        }
    }

    /// Writes what follows `<name` by the plan of its type, if that is enough. `tagged`: its `$type` is judged.
    fn planned_content(&mut self, declared: Declared<'c>, value: Value<'d>, tagged: bool) -> bool {
        let Some(plan) = self.plan(declared.ty) else { return false };
        if (plan.unwrapped && !declared.root) || (plan.is_value() && matches!(declared.value, Some(ValueConstraint::Fixed(_)))) {
            return false;
        }
        let Some(sorted) = self.sort(plan, value, Beside { headers: declared.root, tag: tagged }) else { return false };
        self.sorted_content(plan, declared.ty, value, sorted);
        true
    }

    /// The attribute uses of a type; none of a simple one.
    pub(super) fn uses(&self, ty: TypeId) -> &'c [AttributeUse] {
        match ty {
            TypeId::Simple(_) => &[],
            TypeId::Complex(id) => &self.schema.complex(id).attributes,
        }
    }
}
