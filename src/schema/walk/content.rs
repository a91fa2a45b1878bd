//! Elements in the walk: where a child stands, what it is judged by, and what its end shows.
//!
//! Recovery after a fault: a child that may stand later is taken there and what it passed over is told once; one that the
//! model knows but cannot take is judged by its declaration; one that it knows in another namespace only stands for that one;
//! one that it does not know is passed over unjudged.

use crate::schema::automaton::Matched;
use crate::schema::automaton::Recovery;
use crate::schema::automaton::Step;
use crate::schema::form;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::ProcessContents;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::SimpleTypeId;
use crate::schema::walk::Declared;
use crate::schema::walk::Standing;
use crate::schema::walk::Value;
use crate::schema::walk::Visitor;
use crate::schema::walk::Walker;
use crate::schema::walk::fault::Namer;
use crate::schema::walk::frame::Content;
use crate::xml::event::End;
use crate::xml::event::Start;
use crate::xml::event::Text;
use crate::xml::name::Symbol;

/// Particles remembered that a fault of one element told to be missing.
const MISSED: usize = 64;

/// The one name in a model with this local part, whatever its namespace: old services mistake elementFormDefault, or know one
/// namespace only.
fn namesake(schema: &form::Schema, model: &Model, local: &str) -> Option<Symbol> {
    let names = model.particles.iter().filter_map(|particle| match particle.term {
        Term::Element(element) => Some(schema.element(element).name),
        Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
    });
    let mut alike = names.filter(|name| schema.symbols.name(*name).expanded().local == local);
    let first = alike.next()?;
    alike.all(|name| name == first).then_some(first)
}

/// The text of simple content.
#[derive(Clone, Copy)]
struct Found {
    /// Where it begins in the walker's buffer.
    from: usize,
    /// Where it begins in the document.
    at: usize,
    /// There is none.
    empty: bool,
}

impl<'s> Walker<'s> {
    /// Where a child of the innermost open element stands, as nearly all do: at an element that its model takes without more ado.
    #[inline(always)]
    pub(super) fn place_plainly(&mut self, start: &Start<'_>) -> Option<Matched> {
        let frame = self.stack.top()?;
        let Content::Elements { model, .. } = frame.content else { return None };
        if frame.assigned.is_some() {
            return None;
        }
        let matched = model.step_plainly(&mut frame.state, start.symbol)?;
        frame.elements = true;
        frame.told = false;
        Some(matched)
    }

    /// Where a child of the innermost open element stands and what it is judged by.
    #[inline(never)]
    pub(super) fn place<V: Visitor>(&mut self, start: &Start<'_>, visitor: &mut V) -> (Standing, Declared) {
        let Some(frame) = self.stack.top() else { return (Standing::Free, Declared::Lax) };
        frame.elements = true;
        match frame.content {
            Content::Elements { model, .. } => {
                if frame.assigned.is_some() {
                    return self.next_assigned(start, model, visitor);
                }
                match model.step(&mut frame.state, start.symbol, start.name()) {
                    Step::Matched(matched) => {
                        frame.told = false;
                        self.matched(start, model, matched, visitor)
                    }
                    Step::Diverged if self.outline.is_none() => {
                        self.diverged = true;
                        (Standing::Free, Declared::Skip)
                    }
                    Step::Diverged | Step::Unexpected => self.unexpected(start, model, visitor),
                }
            }
            Content::Any => (Standing::Free, Declared::Lax),
            Content::Skip => (Standing::Free, Declared::Skip),
            Content::Simple(_) | Content::Mixed | Content::Empty | Content::Nil => {
                self.stray_element(start, visitor);
                (Standing::Unexpected, Declared::Skip)
            }
        }
    }

    /// A child that the model takes: what it is judged by.
    #[inline]
    fn matched<V: Visitor>(&mut self, start: &Start<'_>, model: &Model, matched: Matched, visitor: &mut V) -> (Standing, Declared) {
        let declared = match matched.element {
            Some(element) => Declared::Element(element),
            None => self.by_wildcard(start, model, matched.particle, visitor),
        };
        (Standing::At(matched), declared)
    }

    fn by_wildcard<V: Visitor>(&mut self, start: &Start<'_>, model: &Model, particle: ParticleId, visitor: &mut V) -> Declared {
        let Term::Wildcard(wildcard) = &model.particle(particle).term else { return Declared::Lax };
        match wildcard.process {
            ProcessContents::Skip => Declared::Skip,
            ProcessContents::Lax => Declared::Lax,
            ProcessContents::Strict => {
                let known = self.schema.global_elements.contains_key(&start.symbol) || self.names_known_type(start);
                if !known {
                    let found = start.raw_name();
                    let message = format!("found {found}, which no schema declares; expected a declared element");
                    self.tell(visitor, "undeclared-element", start.offset(), message, None);
                }
                Declared::Lax
            }
        }
    }

    #[cold]
    fn unexpected<V: Visitor>(&mut self, start: &Start<'_>, model: &'s Model, visitor: &mut V) -> (Standing, Declared) {
        let schema = self.schema;
        let Some(frame) = self.stack.top() else { return (Standing::Free, Declared::Skip) };
        let owner = frame.symbol;
        let namer = Namer::new(schema, start.scope());
        let found = start.raw_name();
        let expected = namer.expected(model, &model.expected(&frame.state), owner);
        let message = format!("found {found}, expected {expected}");
        let recovery = match model.recover(&mut frame.state, start.symbol, start.name()) {
            Recovery::Unknown => match namesake(schema, model, start.name().local) {
                Some(symbol) => match model.step(&mut frame.state, symbol, schema.symbols.name(symbol).expanded()) {
                    Step::Matched(matched) => Recovery::Later { matched, missing: Vec::new() },
                    Step::Diverged | Step::Unexpected => model.recover(&mut frame.state, symbol, start.name()),
                },
                None => Recovery::Unknown,
            },
            known @ (Recovery::Later { .. } | Recovery::Misplaced { .. }) => known,
        };
        let (standing, declared, told) = match recovery {
            Recovery::Later { matched, missing } => {
                frame.missed.extend(missing);
                frame.missed.truncate(MISSED);
                frame.told = false;
                let (standing, declared) = self.matched(start, model, matched, visitor);
                (standing, declared, true)
            }
            Recovery::Misplaced { particle, element } => {
                frame.told = true;
                let passed_over = frame.missed.iter().position(|missed| *missed == particle);
                if let Some(at) = passed_over {
                    frame.missed.swap_remove(at);
                }
                let declared = element.map_or(Declared::Lax, Declared::Element);
                (Standing::Misplaced(particle), declared, passed_over.is_none())
            }
            Recovery::Unknown => {
                frame.told = true;
                (Standing::Unexpected, Declared::Skip, true)
            }
        };
        if told {
            self.tell(visitor, "unexpected-element", start.offset(), message, None);
        }
        (standing, declared)
    }

    /// The next child of an element whose children were assigned as a whole.
    fn next_assigned<V: Visitor>(&mut self, start: &Start<'_>, model: &'s Model, visitor: &mut V) -> (Standing, Declared) {
        let matched = self.stack.top().and_then(|frame| frame.assigned.as_mut()).and_then(|(from, count)| {
            *count += 1;
            self.assigned.get(*from + *count - 1).copied()
        });
        match matched {
            Some(matched) => self.matched(start, model, matched, visitor),
            None => (Standing::Free, Declared::Skip),
        }
    }

    /// Opens an element's content; its attributes are done.
    #[inline(always)]
    pub(super) fn enter(&mut self, start: &Start<'_>, declaration: Option<ElementId>, content: Content<'s>) {
        self.stack.push(content, declaration, start.symbol, self.text.len());
        if declaration.is_some() && matches!(content, Content::Elements { mixed: true, .. } | Content::Mixed | Content::Any) {
            self.keep_mixed_text(declaration);
        }
        if let Content::Elements { model, .. } = content
            && self.outline.is_some()
            && model.is_ambiguous()
        {
            self.assign(start, model);
        }
    }

    /// In an ambiguous model, with the outline at hand: assigns the children as a whole. Where no assignment fits, the
    /// steps find the fault.
    #[cold]
    fn assign(&mut self, start: &Start<'_>, model: &'s Model) {
        let Some(outline) = &self.outline else { return };
        let Ok(assignment) = model.assign(&outline.children(start.offset(), &self.schema.symbols)) else { return };
        let from = self.assigned.len();
        self.assigned.extend(assignment);
        if let Some(frame) = self.stack.top() {
            frame.assigned = Some((from, 0));
        }
    }

    #[cold]
    fn keep_mixed_text(&mut self, declaration: Option<ElementId>) {
        let fixed = declaration.is_some_and(|id| matches!(self.schema.element(id).value, Some(ValueConstraint::Fixed(_))));
        if let Some(frame) = self.stack.top() {
            frame.keep_text = fixed;
        }
    }

    /// What the content of a type must be.
    #[inline(always)]
    pub(super) fn content_of(&self, ty: TypeId) -> Content<'s> {
        match ty {
            TypeId::Simple(id) => Content::Simple(id),
            TypeId::Complex(ComplexTypeId::ANY) => Content::Any,
            TypeId::Complex(id) => {
                let complex = self.schema.complex(id);
                match &complex.content {
                    form::Content::Simple(id) => Content::Simple(*id),
                    form::Content::Empty if complex.mixed => Content::Mixed,
                    form::Content::Empty => Content::Empty,
                    form::Content::Elements(model) => Content::Elements { model, mixed: complex.mixed },
                }
            }
        }
    }

    /// The innermost open element ends.
    #[inline]
    pub(super) fn close<V: Visitor>(&mut self, end: &End<'_>, visitor: &mut V) {
        let has_outline = self.outline.is_some();
        let Some(frame) = self.stack.pop() else { return };
        match frame.content {
            Content::Simple(ty) => {
                let found = Found {
                    from: frame.text_at,
                    at: if frame.characters { frame.value_at } else { end.place() },
                    empty: !frame.characters && !frame.elements,
                };
                let declaration = frame.declaration;
                self.close_simple(end, ty, declaration, found, visitor);
            }
            Content::Elements { model, mixed } => {
                if let Some((from, _)) = frame.assigned {
                    self.assigned.truncate(from);
                } else if !model.finish_chosen(&frame.state) {
                    if model.finish(&frame.state) && !has_outline {
                        self.diverged = true;
                    } else if !model.finish(&frame.state) && !frame.told {
                        self.ends_early(end, model, visitor);
                    }
                }
                if mixed {
                    self.close_mixed(end, visitor);
                }
            }
            Content::Mixed | Content::Any => self.close_mixed(end, visitor),
            Content::Empty | Content::Nil | Content::Skip => {}
        }
        if self.muted > self.stack.depth() {
            self.muted = 0;
        }
        visitor.close(end.scope());
    }

    /// Simple content ends: its value is judged, the default standing for nothing.
    #[inline]
    fn close_simple<V: Visitor>(&mut self, end: &End<'_>, ty: SimpleTypeId, declaration: Option<ElementId>, found: Found, visitor: &mut V) {
        let schema = self.schema;
        let constraint = declaration.and_then(|id| schema.element(id).value.as_ref());
        if constraint.is_none() {
            let text = self.text.get(found.from..).unwrap_or_default();
            if schema.simple.is_plain(ty, text, &end.scope()) {
                visitor.value(&Value { ty: Some(ty), member: Some(ty), text, valid: true, scope: end.scope() });
                self.text.truncate(found.from);
                return;
            }
        }
        let text = std::mem::take(&mut self.text);
        let raw = text.get(found.from..).unwrap_or_default();
        let raw = match constraint {
            Some(ValueConstraint::Default(value) | ValueConstraint::Fixed(value)) if found.empty => value,
            Some(_) | None => raw,
        };
        match schema.simple.check(ty, raw, &end.scope()) {
            Ok(checked) => {
                if let Some(ValueConstraint::Fixed(fixed)) = constraint
                    && !found.empty
                    && !schema.simple.equal(ty, (raw, &end.scope()), (fixed, &end.scope()))
                {
                    self.not_fixed(visitor, found.at, fixed, raw);
                }
                let (text, member) = (&*checked.text, Some(checked.member));
                visitor.value(&Value { ty: Some(ty), member, text, valid: true, scope: end.scope() });
            }
            Err(fault) => {
                self.bad_value(visitor, found.at, &fault);
                visitor.value(&Value { ty: Some(ty), member: None, text: raw, valid: false, scope: end.scope() });
            }
        }
        self.text = text;
        self.text.truncate(found.from);
    }

    /// Mixed content ends: a fixed value is compared, a default stands for nothing.
    fn close_mixed<V: Visitor>(&mut self, end: &End<'_>, visitor: &mut V) {
        let schema = self.schema;
        let Some(frame) = self.stack.last_popped() else { return };
        let (from, characters, elements) = (frame.text_at, frame.characters, frame.elements);
        let Some(constraint) = frame.declaration.and_then(|id| schema.element(id).value.as_ref()) else { return };
        match constraint {
            ValueConstraint::Default(value) | ValueConstraint::Fixed(value) if !characters && !elements => visitor.text(value),
            ValueConstraint::Default(_) => {}
            ValueConstraint::Fixed(value) => {
                let text = self.text.split_off(from);
                if elements || text != **value {
                    self.not_fixed(visitor, end.place(), value, &text);
                }
            }
        }
    }

    #[cold]
    fn ends_early<V: Visitor>(&mut self, end: &End<'_>, model: &Model, visitor: &mut V) {
        let namer = Namer::new(self.schema, end.scope());
        let Some(frame) = self.stack.last_popped() else { return };
        let expected: Vec<_> = model.expected(&frame.state);
        let owner = namer.symbol(frame.symbol);
        let list = namer.expected(model, &expected, Symbol::UNKNOWN);
        self.tell(visitor, "incomplete-content", end.place(), format!("{owner} ends too early, expected {list}"), None);
    }

    #[cold]
    pub(super) fn stray_text<V: Visitor>(&mut self, text: &Text<'_>, visitor: &mut V) {
        visitor.stray_text(text.value);
        let Some(frame) = self.stack.top() else { return };
        if std::mem::replace(&mut frame.characters, true) {
            return;
        }
        let (code, what) = match frame.content {
            Content::Nil => ("nil-not-empty", "found text in an element that is nil, expected nothing in it"),
            Content::Empty => ("text-in-empty-content", "found text, expected nothing: the type's content is empty"),
            Content::Elements { .. } | Content::Simple(_) | Content::Mixed | Content::Any | Content::Skip => {
                ("text-in-element-content", "found text, expected elements only")
            }
        };
        self.tell(visitor, code, text.offset(), what.to_owned(), None);
    }

    #[cold]
    fn stray_element<V: Visitor>(&mut self, start: &Start<'_>, visitor: &mut V) {
        let Some(frame) = self.stack.top() else { return };
        let (code, what) = match frame.content {
            Content::Nil => ("nil-not-empty", "nothing: the element that holds it is nil"),
            Content::Empty => ("element-in-empty-content", "nothing: the type's content is empty"),
            Content::Simple(_) | Content::Mixed | Content::Elements { .. } | Content::Any | Content::Skip => {
                ("element-in-simple-content", "text only")
            }
        };
        self.tell(visitor, code, start.offset(), format!("found {}, expected {what}", start.raw_name()), None);
    }
}
