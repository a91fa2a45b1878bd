//! The visitor round a visitor that watches identity constraints: everything passes, and what breaks a constraint is told.
//!
//! It follows the paths of the constraints of open elements, gathers the fields of the nodes selected, and judges tables when
//! their element ends. What an earlier fault explains is not told again.

use crate::schema::form;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::identity::Kind;
use crate::schema::identity::NameTest;
use crate::schema::identity::table::Field;
use crate::schema::identity::table::FieldValue;
use crate::schema::identity::table::Reference;
use crate::schema::identity::table::Scope;
use crate::schema::identity::table::Selected;
use crate::schema::walk::MAX_FAULTS;
use crate::schema::walk::Opened;
use crate::schema::walk::SeenAttribute;
use crate::schema::walk::Standing;
use crate::schema::walk::Typing;
use crate::schema::walk::Value;
use crate::schema::walk::Visitor;
use crate::schema::walk::fault::WalkFault;
use crate::xml::event;

/// Bytes that the tables of one document may hold.
const MEMORY: usize = 64 << 20;
/// What an entry of a table costs beside its key.
const ENTRY: usize = 64;

/// What is known of the constraints of the open elements.
#[derive(Debug)]
pub(crate) struct Identity<'s> {
    schema: &'s Schema,
    depth: usize,
    scopes: Vec<Scope<'s>>,
    selected: Vec<Selected<'s>>,
    /// Attributes of the element that began last which are fields.
    wants: Vec<Want<'s>>,
    typing: Typing,
    /// Faults of structure that went by, and those told here.
    seen: usize,
    told: usize,
    used: usize,
    /// The limit was reached: nothing is watched any more.
    exhausted: bool,
}

/// An attribute that is a field of a selected node.
#[derive(Debug)]
struct Want<'s> {
    selected: usize,
    field: usize,
    test: &'s NameTest,
}

/// Watches, and passes everything on.
pub(crate) struct Watch<'a, 's> {
    pub(crate) identity: &'a mut Identity<'s>,
    pub(crate) inner: &'a mut dyn Visitor,
}

impl Visitor for Watch<'_, '_> {
    fn open(&mut self, element: &Opened<'_>) {
        self.inner.open(element);
        self.identity.open(element, self.inner);
    }
    fn attribute(&mut self, attribute: &SeenAttribute<'_>) {
        self.inner.attribute(attribute);
        self.identity.attribute(attribute, self.inner);
    }
    fn value(&mut self, value: &Value<'_>) {
        self.inner.value(value);
        self.identity.value(value);
    }
    fn text(&mut self, text: &str) {
        self.inner.text(text);
    }
    fn stray_text(&mut self, text: &str) {
        self.inner.stray_text(text);
    }
    fn close(&mut self, scope: event::Scope<'_>) {
        self.inner.close(scope);
        self.identity.close(self.inner);
    }
    fn fault(&mut self, fault: WalkFault) {
        // A wrong value leaves no field without one.
        if !matches!(fault.code, "bad-value" | "not-fixed-value") {
            self.identity.seen += 1;
        }
        self.inner.fault(fault);
    }
}

impl<'s> Identity<'s> {
    pub(crate) fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            depth: 0,
            scopes: Vec::new(),
            selected: Vec::new(),
            wants: Vec::new(),
            typing: Typing::Skipped,
            seen: 0,
            told: 0,
            used: 0,
            exhausted: false,
        }
    }

    /// Forgets everything.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.schema);
    }

    /// Faults told.
    pub(crate) fn told(&self) -> usize {
        self.told
    }

    fn tell(&mut self, inner: &mut dyn Visitor, code: &'static str, offset: usize, message: String, value: Option<String>) {
        self.seen += 1;
        self.told += 1;
        if self.told <= MAX_FAULTS {
            inner.fault(WalkFault { code, offset, message, value });
        }
    }

    fn open(&mut self, element: &Opened<'_>, inner: &mut dyn Visitor) {
        self.settle();
        self.depth += 1;
        let schema = self.schema;
        let constraints = element.declaration.map_or(&[][..], |id| &schema.element(id).identity);
        if self.scopes.is_empty() && constraints.is_empty() || self.exhausted {
            return;
        }
        let judged = element.typing != Typing::Skipped && element.standing != Standing::Unexpected;
        let (symbol, ns) = (element.symbol(), element.name().ns);
        let mut hits: Vec<(usize, usize)> = Vec::new();
        for (at, scope) in self.scopes.iter_mut().enumerate() {
            for (number, table) in scope.tables.iter_mut().enumerate() {
                for path in &mut table.selector {
                    path.enter(symbol, ns, judged);
                }
                if table.selector.iter().any(super::progress::Progress::is_here) {
                    hits.push((at, number));
                }
            }
        }
        for selected in &mut self.selected {
            for path in selected.fields.iter_mut().flat_map(|field| &mut field.paths) {
                path.enter(symbol, ns, judged);
            }
        }
        if judged && !constraints.is_empty() {
            let scope = Scope::new(self.depth, constraints);
            let own = scope.tables.iter().enumerate().filter(|(_, table)| table.selector.iter().any(super::progress::Progress::is_here));
            hits.extend(own.map(|(number, _)| (self.scopes.len(), number)));
            self.scopes.push(scope);
        }
        for (at, number) in hits {
            let Some(table) = self.scopes.get(at).and_then(|scope| scope.tables.get(number)) else { continue };
            self.selected.push(Selected::new(table.constraint, (at, number), self.depth, element.offset(), self.seen));
        }
        self.typing = element.typing;
        self.find_fields(element, inner);
    }

    /// Fields that the element that begins is, or whose attribute is one.
    fn find_fields(&mut self, element: &Opened<'_>, inner: &mut dyn Visitor) {
        let depth = self.depth;
        let simple = self.has_simple_value(element.typing);
        let nillable = element.declaration.is_some_and(|id| self.schema.element(id).nillable);
        let mut faults: Vec<(&'static str, usize, String)> = Vec::new();
        for (at, selected) in self.selected.iter_mut().enumerate() {
            let constraint =
                self.scopes.get(selected.scope).and_then(|scope| scope.tables.get(selected.table)).map(|table| table.constraint);
            let Some(constraint) = constraint else { continue };
            let name = || format!("{} {}", constraint.kind.word(), self.schema.symbols.name(constraint.name).local.as_str());
            for (number, field) in selected.fields.iter_mut().enumerate() {
                let mut is_field = false;
                for path in field.paths.iter().filter(|path| path.is_here()) {
                    match &path.path.attribute {
                        None => is_field = true,
                        Some(test) if !self.wants.iter().any(|want| (want.selected, want.field, want.test) == (at, number, test)) => {
                            self.wants.push(Want { selected: at, field: number, test });
                        }
                        Some(_) => {}
                    }
                }
                if !is_field || selected.broken {
                    continue;
                }
                let fault = match () {
                    () if field.found => Some(("field-twice", format!("{}: a field has more than one value", name()))),
                    () if !simple => Some(("field-not-simple", format!("{}: a field must have simple content", name()))),
                    () if nillable && constraint.kind == Kind::Key => {
                        Some(("key-of-nillable", format!("{}: a field of a key must not be nillable", name())))
                    }
                    () => None,
                };
                field.found = true;
                field.waiting = Some(depth);
                if let Some((code, message)) = fault {
                    selected.broken = true;
                    faults.push((code, element.offset(), message));
                }
            }
        }
        for (code, offset, message) in faults {
            self.tell(inner, code, offset, message, None);
        }
    }

    fn has_simple_value(&self, typing: Typing) -> bool {
        match typing {
            Typing::Declared(TypeId::Complex(id)) | Typing::Chosen(TypeId::Complex(id)) => {
                matches!(self.schema.complex(id).content, form::Content::Simple(_))
            }
            Typing::Declared(TypeId::Simple(_)) | Typing::Chosen(TypeId::Simple(_)) | Typing::Skipped => true,
            Typing::Any => false,
        }
    }

    fn attribute(&mut self, attribute: &SeenAttribute<'_>, inner: &mut dyn Visitor) {
        if self.wants.is_empty() {
            return;
        }
        let symbol = self.schema.symbols.find(attribute.name.ns, attribute.name.local).unwrap_or(crate::xml::name::Symbol::UNKNOWN);
        let mut several: Option<String> = None;
        for want in self.wants.iter().filter(|want| want.test.takes(symbol, attribute.name.ns)) {
            let Some(selected) = self.selected.get_mut(want.selected) else { continue };
            let Some(field) = selected.fields.get_mut(want.field) else { continue };
            if field.found && !selected.broken {
                selected.broken = true;
                several =
                    Some(format!("found attribute {}, which is a second value of a field of an identity constraint", attribute.name.local));
            }
            field.found = true;
            selected.broken |= !set(self.schema, field, &attribute.value);
        }
        if let Some(message) = several {
            let offset = self.wants.iter().filter_map(|want| self.selected.get(want.selected)).map(|one| one.offset).next().unwrap_or(0);
            self.tell(inner, "field-twice", offset, message, None);
        }
    }

    /// All attributes of the element that began last were seen: defaults stand for those that are absent.
    fn settle(&mut self) {
        for want in std::mem::take(&mut self.wants) {
            let Some(field) = self.selected.get_mut(want.selected).and_then(|selected| selected.fields.get_mut(want.field)) else {
                continue;
            };
            let (NameTest::Name(name), false) = (want.test, field.found) else { continue };
            let (Typing::Declared(TypeId::Complex(id)) | Typing::Chosen(TypeId::Complex(id))) = self.typing else { continue };
            let Some(used) = self.schema.complex(id).attributes.iter().find(|used| used.name == *name) else { continue };
            if let Some(ValueConstraint::Default(text) | ValueConstraint::Fixed(text)) = &used.value {
                let key = self.schema.simple.identity_key(self.schema.attribute(used.attribute).ty, text, &());
                field.found = true;
                field.value = Some(FieldValue { key, shown: text.to_string() });
            }
        }
    }

    fn value(&mut self, value: &Value<'_>) {
        for selected in &mut self.selected {
            for field in selected.fields.iter_mut().filter(|field| field.waiting == Some(self.depth)) {
                field.waiting = None;
                selected.broken |= !set(self.schema, field, value);
            }
        }
    }

    fn close(&mut self, inner: &mut dyn Visitor) {
        self.settle();
        if !self.scopes.is_empty() {
            while let Some(selected) = self.selected.pop_if(|selected| selected.depth == self.depth) {
                self.gather(&selected, inner);
            }
            for field in self.selected.iter_mut().flat_map(|selected| &mut selected.fields) {
                if field.waiting == Some(self.depth) {
                    field.waiting = None;
                }
                field.paths.iter_mut().for_each(super::progress::Progress::leave);
            }
            for path in self.scopes.iter_mut().flat_map(|scope| &mut scope.tables).flat_map(|table| &mut table.selector) {
                path.leave();
            }
            if let Some(scope) = self.scopes.pop_if(|scope| scope.depth == self.depth) {
                self.judge(&scope, inner);
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// A selected node ends: its key sequence goes to the table.
    fn gather(&mut self, selected: &Selected<'s>, inner: &mut dyn Visitor) {
        let key = selected.key();
        let clean = self.seen == selected.faults;
        let Some(scope) = self.scopes.get_mut(selected.scope) else { return };
        let Some(table) = scope.tables.get_mut(selected.table) else { return };
        let constraint = table.constraint;
        let word = || format!("{} {}", constraint.kind.word(), self.schema.symbols.name(constraint.name).local.as_str());
        let Some(key) = key.filter(|_| !selected.broken) else {
            table.incomplete = true;
            if constraint.kind == Kind::Key && clean && !selected.broken {
                let at = selected.fields.iter().position(|field| field.value.is_none()).map_or(1, |at| at + 1);
                let message = format!("{}: field {at} has no value, expected one in each node that the key selects", word());
                self.tell(inner, "missing-key-field", selected.offset, message, None);
            }
            return;
        };
        let cost = key.len() + ENTRY;
        scope.used += cost;
        self.used += cost;
        let twice = match constraint.kind {
            Kind::KeyRef(_) => {
                table.references.push(Reference { key, offset: selected.offset, shown: selected.shown() });
                false
            }
            Kind::Unique | Kind::Key => table.entries.insert(key, selected.offset).is_some(),
        };
        if twice {
            let message = format!("{}: the same value stands before, expected each once", word());
            self.tell(inner, "duplicate-key", selected.offset, message, Some(selected.shown()));
        }
        if self.used > MEMORY {
            let message = format!("the values of identity constraints take more than {} MiB", MEMORY >> 20);
            self.tell(inner, "identity-limit", selected.offset, message, None);
            self.exhausted = true;
            self.scopes.clear();
            self.selected.clear();
        }
    }

    /// An element with constraints ends: references are looked up, keys handed on to keyrefs further out.
    fn judge(&mut self, scope: &Scope<'s>, inner: &mut dyn Visitor) {
        for table in &scope.tables {
            let Kind::KeyRef(key) = table.constraint.kind else { continue };
            if scope.misses_some(key) {
                continue;
            }
            for reference in table.references.iter().filter(|reference| !scope.holds(key, &reference.key)) {
                let symbols = &self.schema.symbols;
                let (own, key) = (symbols.name(table.constraint.name).local.as_str(), symbols.name(key).local.as_str());
                let message = format!("keyref {own}: no {key} has this value");
                self.tell(inner, "dangling-keyref", reference.offset, message, Some(reference.shown.clone()));
            }
        }
        self.used = self.used.saturating_sub(scope.used);
        for outer in &mut self.scopes {
            hand_on(scope, outer, &mut self.used);
        }
    }
}

/// Hands the key sequences of an inner element to a keyref of an outer one; one that several inner elements have counts for none.
fn hand_on(scope: &Scope<'_>, outer: &mut Scope<'_>, used: &mut usize) {
    for table in &scope.tables {
        let name = table.constraint.name;
        if !outer.refers_to(name) {
            continue;
        }
        if table.incomplete && !outer.incomplete.contains(&name) {
            outer.incomplete.push(name);
        }
        let entries = outer.inherited.entry(name).or_default();
        for key in table.entries.keys() {
            entries.entry(key.clone()).and_modify(|only| *only = false).or_insert(true);
            outer.used += key.len() + ENTRY;
            *used += key.len() + ENTRY;
        }
    }
}

/// Takes a value as a field's; false if it is not valid.
fn set(schema: &Schema, field: &mut Field<'_>, value: &Value<'_>) -> bool {
    if !value.valid {
        return false;
    }
    let key = match value.member.or(value.ty) {
        Some(ty) => schema.simple.identity_key(ty, value.text, &value.scope),
        None => format!("untyped {}", value.text),
    };
    field.value = Some(FieldValue { key, shown: value.text.chars().take(100).collect() });
    true
}
