//! Bodies of requests of which some values stand elsewhere, in path or query: the message without them.
//!
//! An object on the way to such a value is made where a body lacks it, so it need be there only for what else it must hold.
//! Whether an optional query parameter is there no schema of a body can say: rules that hang on one are left out.

use std::collections::BTreeMap;

use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::TypeId;
use crate::transcode::openapi::components::Wish;
use crate::transcode::openapi::maker::Form;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::maker::Root;
use crate::transcode::openapi::message::labelled;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::value::either;
use crate::transcode::parameter::Place;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Message;

/// Values that stand elsewhere, by the names of the properties that lead to them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Taken {
    /// The value itself does; true if it always does.
    own: Option<bool>,
    inside: BTreeMap<String, Taken>,
}

/// What is left of a value, and whether a body must have it.
pub(super) struct Left {
    pub(super) schema: Node,
    pub(super) needed: bool,
}

impl Taken {
    /// These places; each with whether its value is always there.
    pub(super) fn of<'p>(places: impl Iterator<Item = (&'p Place, bool)>) -> Self {
        let mut all = Self::default();
        for (place, always) in places {
            let mut at = &mut all;
            for name in &place.path {
                at = at.inside.entry(name.clone()).or_default();
            }
            at.own = Some(always);
        }
        all
    }

    /// Nothing stands elsewhere.
    pub(super) fn is_nothing(&self) -> bool {
        self.inside.is_empty()
    }

    /// What of a property does.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.inside.get(name)
    }

    /// All of it does.
    pub(super) fn is_whole(&self) -> bool {
        self.own.is_some()
    }

    /// Something of it always does: then it is there, whatever the body has.
    pub(super) fn always(&self) -> bool {
        self.own == Some(true) || self.inside.values().any(Self::always)
    }
}

impl Maker<'_> {
    /// The body of a message without what stands elsewhere.
    pub(super) fn remainder(&mut self, label: &str, message: &Message, taken: &Taken) -> Left {
        let root = self.root_of(label, message);
        let home = self.begin(labelled(&format!("{label}.body")));
        let schema = self.schema;
        let (ty, declared) = match &message.body {
            Body::Empty => {
                let (object, needed) = self.empty(home, root, taken);
                return self.place(home, object, needed);
            }
            Body::Element(id) | Body::Wrapper { element: id, .. } => (schema.element(*id).ty, Some(schema.element(*id))),
            Body::Elements(id) => (TypeId::Complex(*id), None),
            Body::Content(ty) => (*ty, None),
        };
        let block = declared.map_or_else(DerivationSet::default, |declared| declared.block);
        self.of_types(home, (ty, block), root, taken)
    }

    /// What is left of an element's value that is an object.
    pub(super) fn left_of(&mut self, home: ComponentId, element: ElementId, taken: &Taken) -> Left {
        let declared: &Element = self.schema.element(element);
        let name = self.schema.symbols.name(declared.name).local.as_str().to_owned();
        let own = self.begin(Wish::Inside(home, name));
        self.of_types(own, (declared.ty, declared.block), Root::No, taken)
    }

    /// A type or one derived from it, as what is left of an object.
    fn of_types(&mut self, home: ComponentId, (ty, block): (TypeId, DerivationSet), root: Root, taken: &Taken) -> Left {
        let (is_abstract, derived) = match ty {
            TypeId::Simple(_) => (false, Vec::new()),
            TypeId::Complex(id) => (self.schema.complex(id).is_abstract, self.derived(id, block.into())),
        };
        let own = (!is_abstract).then_some((ty, false));
        let forms: Vec<(TypeId, bool)> = own.into_iter().chain(derived.into_iter().map(|ty| (ty, true))).collect();
        if let [(ty, tagged)] = *forms.as_slice() {
            let (object, needed) = self.object_without(home, Form { ty, tagged, root }, taken);
            return self.place(home, object, needed);
        }
        let (mut alternatives, mut needed) = (Vec::new(), true);
        for (ty, tagged) in forms {
            let name = self.codec.shapes.names.name(ty).map_or("own", |name| name).to_owned();
            let one = self.begin(Wish::Inside(home, name));
            let (object, needs) = self.object_without(one, Form { ty, tagged, root }, taken);
            needed &= needs;
            alternatives.push(self.place(one, object, needs).schema);
        }
        let Node::Object(all) = either(alternatives) else { return self.place(home, Object::default(), needed) };
        self.place(home, all, needed)
    }

    fn place(&mut self, home: ComponentId, object: Object, needed: bool) -> Left {
        self.describe_now(home, object);
        Left { schema: Node::reference(home), needed }
    }
}
