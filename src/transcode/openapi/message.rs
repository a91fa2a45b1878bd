//! Whole messages: the object at the root, its `$headers`, and the problems that declared faults become.

use std::sync::Arc;

use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::transcode::decode::problem_type;
use crate::transcode::openapi::components::Wish;
use crate::transcode::openapi::maker::Beside;
use crate::transcode::openapi::maker::Form;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::maker::Part;
use crate::transcode::openapi::maker::Root;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::remainder::Taken;
use crate::transcode::openapi::simple::typed;
use crate::transcode::openapi::value::either;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::FaultForm;
use crate::wsdl::contract::Message;
use crate::xml::name::QName;

impl Maker<'_> {
    /// The schema of a message; `label` names what has no name of its own.
    pub(super) fn message(&mut self, label: &str, message: &Message) -> Node {
        let root = self.root_of(label, message);
        let schema = self.schema;
        match &message.body {
            Body::Empty => Node::reference(self.component(Part::Empty(root), labelled(label))),
            Body::Element(id) | Body::Wrapper { element: id, .. } => {
                let declared = schema.element(*id);
                self.root(label, declared.ty, Some(declared), root)
            }
            Body::Elements(id) => self.root(label, TypeId::Complex(*id), None, root),
            Body::Content(ty) => self.root(label, *ty, None, root),
        }
    }

    pub(super) fn root_of(&mut self, label: &str, message: &Message) -> Root {
        if message.headers.is_empty() && message.attachments.is_empty() {
            return Root::Bare;
        }
        let headers: Vec<(Arc<str>, ElementId)> = message.headers.iter().map(|one| (one.key.clone(), one.element)).collect();
        let component = |maker: &mut Self| {
            let id = maker.component(Part::Headers(headers.clone()), labelled(&format!("{label}.headers")));
            (id, headers)
        };
        let headers = (!message.headers.is_empty()).then(|| component(self));
        self.with(Beside { headers, attachments: message.attachments.clone() })
    }

    fn root(&mut self, label: &str, ty: TypeId, declared: Option<&Element>, root: Root) -> Node {
        let unnamed = match declared {
            Some(declared) => Wish::element(self.schema, declared),
            None => labelled(label),
        };
        let block = declared.map_or_else(DerivationSet::default, |declared| declared.block);
        let nillable = declared.is_some_and(|one| one.nillable && !matches!(one.value, Some(ValueConstraint::Fixed(_))));
        let (is_abstract, derived) = match ty {
            TypeId::Simple(id) => (false, self.chosen_simple(id, block)),
            TypeId::Complex(id) => (self.schema.complex(id).is_abstract, self.derived(id, block.into())),
        };
        let mut alternatives = Vec::new();
        let own = (!is_abstract).then_some((ty, false));
        let all: Vec<(TypeId, bool)> = own.into_iter().chain(derived.into_iter().map(|ty| (ty, true))).collect();
        for (ty, tagged) in &all {
            let form = Form { ty: *ty, tagged: *tagged, root };
            let wish = self.root_wish(label, form, &unnamed);
            alternatives.push(if root == Root::Bare && self.is_object(*ty) {
                self.object_of(Form { root: Root::No, ..form }, wish)
            } else {
                Node::reference(self.component(Part::Object(form), wish))
            });
        }
        if nillable {
            for (ty, tagged) in all {
                let form = Form { ty, tagged, root };
                let wish = labelled(&format!("{label}.nil"));
                alternatives.push(Node::reference(self.component(Part::Nil(form), wish)));
            }
        }
        either(alternatives)
    }

    fn root_wish(&self, label: &str, form: Form, unnamed: &Wish) -> Wish {
        match self.codec.shapes.names.name(form.ty) {
            Some(name) if form.tagged => labelled(&format!("{label}.{name}")),
            Some(_) | None => unnamed.clone(),
        }
    }

    /// `$headers` without what stands elsewhere, and whether something must be left in it.
    pub(super) fn headers(&mut self, home: ComponentId, headers: &[(Arc<str>, ElementId)], taken: &Taken) -> (Object, bool) {
        let (mut properties, mut required) = (Object::default(), Vec::new());
        for (key, element) in headers {
            let mut value = match taken.get(key) {
                Some(all) if all.is_whole() => continue,
                Some(some) => {
                    let left = self.left_of(home, *element, some);
                    required.extend((left.needed && some.always()).then_some(key));
                    left.schema
                }
                None => self.element(home, *element),
            };
            if let Node::Object(value) = &mut value {
                self.annotate(value, *element, key);
            }
            properties.push(&**key, value);
        }
        let needed = !required.is_empty();
        let required = needed.then(|| Node::texts(required));
        let object = typed("object").with("properties", properties).with_some("required", required);
        (object.with("additionalProperties", Node::Bool(false)), needed)
    }

    /// The problem that a declared fault becomes.
    pub(super) fn fault(&mut self, fault: &FaultForm) -> Node {
        let name = self.fault_name(fault);
        let wish = labelled(&format!("{}.problem", name.local.as_str()));
        Node::reference(self.component(Part::Fault(fault.element, fault.part.clone(), fault.name.clone()), wish))
    }

    fn fault_name(&self, fault: &FaultForm) -> QName {
        match fault.part {
            Some(_) => QName::new(&self.codec.contract.target_namespace, &fault.name),
            None => self.schema.symbols.name(self.schema.element(fault.element).name).clone(),
        }
    }

    pub(super) fn fault_problem(&mut self, home: ComponentId, fault: &FaultForm) -> Object {
        let name = self.fault_name(fault);
        let declared = self.schema.element(fault.element);
        let key = match &fault.part {
            Some(part) => part.to_string(),
            None => name.local.as_str().to_owned(),
        };
        let mut detail = Object::default();
        let mut value = self.element(home, fault.element);
        if let (Node::Object(value), Some(text)) = (&mut value, declared.documentation.as_deref()) {
            value.describe(text.trim());
        }
        detail.push(&*key, value);
        let detail = typed("object").with("properties", detail).with("additionalProperties", Node::Bool(false));
        let kind = typed("string").with("enum", Node::texts([problem_type(&name)]));
        let status = typed("integer");
        let mut properties = problem_properties(kind, status);
        properties.push("fault", detail);
        typed("object").with("properties", properties).with("required", Node::texts(["type", "title", "status"]))
    }
}

/// A wish to be called as an operation's message.
pub(super) fn labelled(label: &str) -> Wish {
    Wish::Element { local: label.to_owned(), prefixed: label.to_owned() }
}

/// What problems have in common (RFC 9457 section 3.1), and what castile adds.
pub(super) fn problem_properties(kind: Object, status: Object) -> Object {
    let mut properties = Object::default();
    properties.push("type", kind);
    properties.push("title", typed("string"));
    properties.push("status", status);
    properties.push("detail", typed("string"));
    properties.push("code", typed("string").with("description", Node::word("Of a SOAP fault: its code.")));
    properties.push("subcodes", typed("array").with("items", typed("string")));
    properties.push("role", typed("string"));
    properties.push("request_id", typed("string"));
    properties
}
