//! What may stand for an element: values of its type, objects of types derived from it, `null`.
//!
//! A type that others are derived from has a component for all of them: with a discriminator only where `$type` is always
//! there, for generators of clients stumble over optional ones.

use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::Variety;
use crate::transcode::encode::may_stand_for;
use crate::transcode::openapi::components::Wish;
use crate::transcode::openapi::maker::Blocked;
use crate::transcode::openapi::maker::Form;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::maker::Part;
use crate::transcode::openapi::maker::Root;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::node::null;
use crate::transcode::openapi::simple::only;
use crate::transcode::openapi::simple::typed;
use crate::transcode::shape::ContentShape;

impl<'c> Maker<'c> {
    /// The schema of an element's value; what it names itself is inside `home`.
    pub(super) fn element(&mut self, home: ComponentId, id: ElementId) -> Node {
        let schema = self.schema;
        let declared = schema.element(id);
        let mut alternatives = self.values(home, declared);
        if declared.nillable && !matches!(declared.value, Some(ValueConstraint::Fixed(_))) {
            alternatives.extend(self.nil(home, declared));
        }
        either(alternatives)
    }

    fn values(&mut self, home: ComponentId, declared: &Element) -> Vec<Node> {
        match declared.ty {
            TypeId::ANY => vec![self.own(Part::AnyType, "xs.anyType")],
            TypeId::Simple(SimpleTypeId::ANY) => vec![self.own(Part::AnySimpleType, "xs.anySimpleType")],
            TypeId::Simple(id) => {
                let mut all = vec![self.plain(id, declared.value.as_ref())];
                for ty in self.chosen_simple(id, declared.block) {
                    all.push(self.object_of(Form { ty, tagged: true, root: Root::No }, Wish::Own("value")));
                }
                all
            }
            TypeId::Complex(id) => {
                if self.derived(id, declared.block.into()).is_empty() && !self.schema.complex(id).is_abstract {
                    let wish = self.child_wish(home, declared);
                    return vec![self.own_value(id, declared.value.as_ref(), wish)];
                }
                let wish = self.family_wish(home, id);
                vec![Node::reference(self.component(Part::Family(id, declared.block.into()), wish))]
            }
        }
    }

    /// A bare value of a simple type.
    pub(super) fn plain(&mut self, id: SimpleTypeId, value: Option<&ValueConstraint>) -> Node {
        match value {
            Some(ValueConstraint::Fixed(text)) => self.fixed(id, text).unwrap_or_else(|| self.simple(id)),
            Some(ValueConstraint::Default(_)) | None => self.simple(id),
        }
    }

    /// A value of a complex type itself; `wish` is for types without a name.
    fn own_value(&mut self, id: ComplexTypeId, value: Option<&ValueConstraint>, wish: Wish) -> Node {
        match self.codec.shapes.of(id).content {
            ContentShape::Plain(simple) => self.plain(simple, value),
            ContentShape::Open => self.own(Part::AnyType, "xs.anyType"),
            ContentShape::Array => {
                let named = self.codec.shapes.names.name(TypeId::Complex(id)).cloned();
                Node::reference(self.component(Part::Array(id), named.map_or(wish, Wish::Type)))
            }
            ContentShape::Value(_) | ContentShape::Elements | ContentShape::Mixed => {
                self.object_of(Form { ty: TypeId::Complex(id), tagged: false, root: Root::No }, wish)
            }
        }
    }

    /// A reference to the object of a type inside a message; `wish` is for types without a name.
    pub(super) fn object_of(&mut self, form: Form, wish: Wish) -> Node {
        let wish = match self.codec.shapes.names.name(form.ty) {
            Some(name) if form.tagged => Wish::Tagged(name.clone()),
            Some(name) => Wish::Type(name.clone()),
            None => wish,
        };
        Node::reference(self.component(Part::Object(form), wish))
    }

    /// What the type of an element would be called if it has no name of its own.
    pub(super) fn child_wish(&self, home: ComponentId, declared: &Element) -> Wish {
        if declared.global {
            return Wish::element(self.schema, declared);
        }
        Wish::Inside(home, self.schema.symbols.name(declared.name).local.as_str().to_owned())
    }

    fn family_wish(&self, home: ComponentId, id: ComplexTypeId) -> Wish {
        match self.codec.shapes.names.name(TypeId::Complex(id)) {
            Some(name) if self.schema.complex(id).is_abstract => Wish::Type(name.clone()),
            Some(name) => Wish::Type(format!("{name}.any").into()),
            None => Wish::Inside(home, "any".to_owned()),
        }
    }

    /// All that may stand for an element of a type that others are derived from.
    pub(super) fn family(&mut self, home: ComponentId, id: ComplexTypeId, blocked: Blocked) -> Object {
        let schema = self.schema;
        let ty = schema.complex(id);
        let derived = self.derived(id, blocked);
        let mut alternatives = Vec::new();
        if !ty.is_abstract {
            alternatives.push(self.own_value(id, None, Wish::Inside(home, "own".to_owned())));
        }
        let mut mapping = Object::default();
        for one in derived {
            let Some(name) = self.codec.shapes.names.name(one).cloned() else { continue };
            let component = self.component(Part::Object(Form { ty: one, tagged: true, root: Root::No }), Wish::Tagged(name.clone()));
            mapping.push(&*name, Node::Pointer(component));
            alternatives.push(Node::reference(component));
        }
        let described = |schema: Object| match &ty.documentation {
            Some(text) => schema.with("description", Node::text(text.trim())),
            None => schema,
        };
        if alternatives.is_empty() {
            return described(Object::default().with("not", Object::default()));
        }
        if !ty.is_abstract {
            return described(Object::default().with("anyOf", Node::List(alternatives)));
        }
        let discriminator = Object::default().with("propertyName", Node::word("$type")).with("mapping", mapping);
        described(Object::default().with("oneOf", Node::List(alternatives)).with("discriminator", discriminator))
    }

    /// The types that may stand for a complex one by `$type`, itself left out.
    pub(super) fn derived(&self, id: ComplexTypeId, blocked: Blocked) -> Vec<TypeId> {
        let usable = |one: &&ComplexTypeId| {
            let actual = TypeId::Complex(**one);
            !self.schema.complex(**one).is_abstract
                && self.codec.shapes.names.name(actual).is_some()
                && may_stand_for(self.schema, TypeId::Complex(id), actual, blocked.into())
        };
        self.schema.complex(id).derived.iter().filter(usable).map(|one| TypeId::Complex(*one)).collect()
    }

    /// The types that a union's value may name by `$type`: a union says too little of what its values are.
    pub(super) fn chosen_simple(&self, id: SimpleTypeId, block: DerivationSet) -> Vec<TypeId> {
        let types = &self.schema.simple;
        if !matches!(types.get(id).variety, Variety::Union(_)) {
            return Vec::new();
        }
        let own = TypeId::Simple(id);
        let usable =
            |one: &TypeId| *one != own && self.codec.shapes.names.name(*one).is_some() && may_stand_for(self.schema, own, *one, block);
        types.ids().map(TypeId::Simple).filter(usable).collect()
    }

    /// What may stand for a nil element.
    fn nil(&mut self, home: ComponentId, declared: &Element) -> Vec<Node> {
        let mut all = Vec::new();
        let TypeId::Complex(id) = declared.ty else {
            let TypeId::Simple(simple) = declared.ty else { return all };
            all.push(null().into());
            if simple == SimpleTypeId::ANY {
                all.push(Self::nil_of_some_type());
            }
            for ty in self.chosen_simple(simple, declared.block) {
                all.push(self.nil_of(home, Form { ty, tagged: true, root: Root::No }));
            }
            return all;
        };
        let ty = self.schema.complex(id);
        let content = self.codec.shapes.of(id).content;
        if !ty.is_abstract {
            let bare = ty.attributes.iter().all(|one| !one.required || matches!(one.value, Some(ValueConstraint::Fixed(_))));
            if bare {
                all.push(null().into());
            }
            let shows_attributes = !matches!(content, ContentShape::Plain(_));
            if shows_attributes && (!ty.attributes.is_empty() || ty.any_attribute.is_some()) {
                all.push(self.nil_of(home, Form { ty: declared.ty, tagged: false, root: Root::No }));
            }
        }
        if content != ContentShape::Open {
            for ty in self.derived(id, declared.block.into()) {
                all.push(self.nil_of(home, Form { ty, tagged: true, root: Root::No }));
            }
        }
        all
    }

    pub(super) fn nil_of(&mut self, home: ComponentId, form: Form) -> Node {
        let wish = match self.codec.shapes.names.name(form.ty) {
            Some(name) if form.root == Root::No => Wish::Type(format!("{name}{}", if form.tagged { ".typed.nil" } else { ".nil" }).into()),
            Some(name) if form.tagged => Wish::Inside(home, format!("{name}.nil")),
            Some(_) | None => Wish::Inside(home, "nil".to_owned()),
        };
        Node::reference(self.component(Part::Nil(form), wish))
    }

    /// A nil element of xs:anySimpleType that names its type.
    fn nil_of_some_type() -> Node {
        let mut properties = Object::default();
        properties.push("$type", typed("string"));
        properties.push("$nil", only(true));
        let schema = typed("object").with("properties", properties).with("required", Node::texts(["$type", "$nil"]));
        schema.with("additionalProperties", Node::Bool(false)).into()
    }

    /// Whether a type is described by an object even where it is not the root.
    pub(super) fn is_object(&self, ty: TypeId) -> bool {
        match ty {
            TypeId::Simple(_) => false,
            TypeId::Complex(id) => match self.codec.shapes.of(id).content {
                ContentShape::Plain(_) | ContentShape::Open | ContentShape::Array => false,
                ContentShape::Value(_) | ContentShape::Elements | ContentShape::Mixed => true,
            },
        }
    }

    /// Whether a type has elements of its own to be named inside.
    pub(super) fn model_of(&self, id: ComplexTypeId) -> Option<&'c Model> {
        let schema = self.schema;
        match &schema.complex(id).content {
            Content::Elements(model) => Some(model),
            Content::Empty | Content::Simple(_) => None,
        }
    }
}

/// One of these.
pub(super) fn either(mut alternatives: Vec<Node>) -> Node {
    let mut unique: Vec<Node> = Vec::new();
    for one in alternatives.drain(..) {
        if !unique.contains(&one) {
            unique.push(one);
        }
    }
    // A type beside null is said in one word.
    if let [Node::Object(only), last] = unique.as_slice()
        && *last == Node::from(null())
    {
        let mut only = only.clone();
        if only.admit_null() {
            return only.into();
        }
    }
    match unique.pop() {
        None => Object::default().with("not", Object::default()).into(),
        Some(only) if unique.is_empty() => only,
        Some(last) => {
            unique.push(last);
            Object::default().with("anyOf", Node::List(unique)).into()
        }
    }
}
