//! Lists of one-property objects, in document order: `$items` of single elements, `$mixed`, `$any`.
//!
//! Where an object's properties do not settle the order, each child is shown to the content model as it is written.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::schema::automaton::ContentState;
use crate::schema::automaton::Expected;
use crate::schema::automaton::Matched;
use crate::schema::automaton::Recovery;
use crate::schema::automaton::Step;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::ProcessContents;
use crate::schema::form::Term;
use crate::schema::form::Wildcard;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::object::Members;
use crate::transcode::encode::record::Place;
use crate::transcode::encode::report::cut;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Shape;
use crate::xml::char::is_ncname;
use crate::xml::name::ExpandedName;
use crate::xml::name::QName;
use crate::xml::name::Symbol;
use crate::xml::name::XMLNS_NS;
use crate::xml::writer;

/// Particles remembered that a fault of one element told to be missing.
const MISSED: usize = 64;

/// A content model that is asked about each child of an element.
pub(super) struct Tracker<'c, 'd> {
    model: &'c Model,
    state: ContentState,
    /// A child did not fit.
    failed: bool,
    /// A fault of this element's content was reported already.
    reported: bool,
    /// Particles that a fault of an entry told to be missing.
    missed: Vec<ParticleId>,
    /// All children with their values, in models where a step may have to be taken back.
    names: Vec<(Symbol, QName)>,
    /// Those of them whose place JSON states, by their number: there the whole decides whether it is theirs.
    claimed: Vec<(usize, Claim<'d>)>,
}

/// Where JSON has a child.
struct Claim<'d> {
    key: Cow<'d, str>,
    value: Value<'d>,
    /// The property that lists it; none for an element of a wildcard.
    at: Option<(RecordId, PropertyId)>,
}

impl<'c, 'd> Encoder<'c, 'd> {
    pub(super) fn track(&mut self, model: &'c Model) {
        let mut state = self.spare.pop().unwrap_or_default();
        model.reset(&mut state);
        let (missed, names, claimed) = (Vec::new(), Vec::new(), Vec::new());
        self.trackers.push(Tracker { model, state, failed: false, reported: false, missed, names, claimed });
    }

    /// The end of an element's content.
    pub(super) fn end_tracking(&mut self, place: &Place<'c, 'd>) {
        let Some(tracker) = self.trackers.pop() else { return };
        let ambiguous = tracker.model.is_ambiguous();
        if !tracker.reported {
            if ambiguous {
                let names: Vec<(Symbol, ExpandedName<'_>)> =
                    tracker.names.iter().map(|(symbol, name)| (*symbol, name.expanded())).collect();
                match tracker.model.assign(&names) {
                    Ok(assigned) => {
                        for (at, claim) in &tracker.claimed {
                            let Some(matched) = assigned.get(*at) else { continue };
                            match (claim.at, matched.element) {
                                (Some(_), _) => self.judge_spot(place, claim.at, *matched, &claim.key, claim.value),
                                (None, Some(id)) => self.is_property(id, claim.value),
                                (None, None) => {}
                            }
                        }
                    }
                    Err(at) => {
                        let text = match names.get(at) {
                            Some((_, name)) => format!("its content does not fit its type: unexpected {name}"),
                            None => "its content ends too early".to_owned(),
                        };
                        self.report.at(place.object, text);
                    }
                }
            } else if tracker.failed {
                self.report.at(place.object, "its properties do not fit together in the order of the schema");
            } else if !tracker.model.finish(&tracker.state) {
                let wanted = self.expected(place.shape, tracker.model, &tracker.state, None);
                self.report.at(place.object, format!("its content ends too early: expected {wanted}"));
            }
        }
        self.spare.push(tracker.state);
    }

    /// The object's own structure is at fault, and said to be.
    pub(super) fn mark_reported(&mut self, place: &Place<'c, 'd>) {
        if place.shape.asks_model
            && let Some(tracker) = self.trackers.last_mut()
        {
            tracker.reported = true;
        }
    }

    /// Shows the model a child that stands at a property of its own.
    pub(super) fn step(&mut self, place: &Place<'c, 'd>, symbol: Symbol) {
        let name = self.schema.symbols.name(symbol);
        self.take(place, symbol, name.expanded(), Listed::No);
    }

    /// Shows the model a child.
    fn take(&mut self, place: &Place<'c, 'd>, symbol: Symbol, name: ExpandedName<'_>, listed: Listed) -> Taken {
        let (listed, list) = match listed {
            Listed::No => (false, None),
            Listed::At(list) => (true, list),
        };
        let Some(tracker) = self.trackers.last_mut() else { return Taken::Nowhere(String::new()) };
        if tracker.model.is_ambiguous() {
            tracker.names.push((symbol, QName::new(name.ns, name.local)));
        }
        match tracker.model.step(&mut tracker.state, symbol, name) {
            Step::Matched(matched) => return Taken::At(matched),
            Step::Diverged => return Taken::Unsure,
            Step::Unexpected => {}
        }
        tracker.reported |= listed;
        tracker.failed |= !listed;
        let Some(mut tracker) = self.trackers.pop() else { return Taken::Nowhere(String::new()) };
        let wanted = self.expected(place.shape, tracker.model, &tracker.state, list);
        match tracker.model.recover(&mut tracker.state, symbol, name) {
            Recovery::Later { missing, .. } if listed => {
                tracker.missed.extend(missing);
                tracker.missed.truncate(MISSED);
            }
            Recovery::Misplaced { particle, .. } if listed => {
                if let Some(at) = tracker.missed.iter().position(|missed| *missed == particle) {
                    tracker.missed.swap_remove(at);
                    self.trackers.push(tracker);
                    return Taken::Late;
                }
            }
            Recovery::Later { .. } | Recovery::Misplaced { .. } | Recovery::Unknown => {}
        }
        self.trackers.push(tracker);
        Taken::Nowhere(wanted)
    }

    /// What may come next, in words; of the elements of a list only those, and all of them if none may come next.
    fn expected(&self, shape: &Shape, model: &Model, state: &ContentState, list: Option<(RecordId, PropertyId)>) -> String {
        let listed = |particle: ParticleId, id: Option<ElementId>| {
            list.is_none_or(|list| shape.spot(particle, id).is_some_and(|spot| (spot.record, spot.property) == list))
        };
        let mut words: Vec<String> = Vec::new();
        for one in model.expected(state) {
            match one {
                Expected::Element(particle, id) => words.extend(self.keys_of(shape, id, |id| listed(particle, Some(id)))),
                Expected::Wildcard(particle) if listed(particle, None) => words.push("an element that the wildcard admits".to_owned()),
                Expected::End if list.is_none() => words.push("the end".to_owned()),
                Expected::Wildcard(_) | Expected::End => {}
            }
        }
        if words.is_empty() {
            let particles = (0_u32..).map(ParticleId).zip(&model.particles);
            for (particle, of) in particles {
                if let Term::Element(id) = of.term {
                    words.extend(self.keys_of(shape, id, |id| listed(particle, Some(id))));
                }
            }
        }
        let mut seen = HashSet::new();
        words.retain(|word| seen.insert(word.clone()));
        words.truncate(12);
        words.join(", ")
    }

    /// The keys of an element and the members of its substitution group, in quotes.
    fn keys_of(&self, shape: &Shape, id: ElementId, wanted: impl Fn(ElementId) -> bool) -> Vec<String> {
        let head = self.schema.element(id);
        let all = std::iter::once(id).filter(|_| !head.is_abstract).chain(head.members.iter().copied());
        let key = |id: ElementId| {
            let name = self.schema.element(id).name;
            let key = shape.entry_key(name).map_or_else(|| self.schema.symbols.name(name).local.as_str(), |key| &**key);
            format!("\"{key}\"")
        };
        all.filter(|id| wanted(*id)).map(key).collect()
    }

    /// The entries of `$items`: one object an element.
    pub(super) fn each(&mut self, place: &Place<'c, 'd>, record: RecordId, property: PropertyId, value: Value<'d>) {
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array, found {}", kind_in_words(value)));
            self.mark_reported(place);
            return;
        }
        for item in value.items() {
            self.entry(place, Some((record, property)), item);
        }
    }

    /// The items of `$mixed`: texts and one-property objects.
    pub(super) fn mixed(&mut self, place: &Place<'c, 'd>, value: Value<'d>) {
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array of texts and elements, found {}", kind_in_words(value)));
            self.mark_reported(place);
            return;
        }
        for item in value.items() {
            match item.kind() {
                Kind::String => self.text(item),
                Kind::Null | Kind::Bool(_) | Kind::Number | Kind::Array | Kind::Object => self.entry(place, None, item),
            }
        }
    }

    /// Mixed content of a type without elements.
    pub(super) fn mixed_text(&mut self, members: &Members<'d>) {
        let Some(value) = self.slot(members.properties) else { return };
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array of texts, found {}", kind_in_words(value)));
            return;
        }
        for item in value.items() {
            match item.kind() {
                Kind::String => self.text(item),
                Kind::Null | Kind::Bool(_) | Kind::Number | Kind::Array | Kind::Object => {
                    self.report.at(item, format!("expected a text, found {}", kind_in_words(item)));
                }
            }
        }
    }

    /// A text of mixed content.
    pub(super) fn text(&mut self, item: Value<'d>) {
        if let Some(text) = self.characters(item) {
            writer::escape_text(&mut self.out, &text);
        }
    }

    /// The only member of an entry.
    pub(super) fn only_member(&mut self, item: Value<'d>) -> Option<(Cow<'d, str>, Value<'d>)> {
        let mut members = item.members();
        match (members.next(), members.next()) {
            (Some(member), None) => Some((member.key(), member.value)),
            _ => {
                let found = if item.kind() == Kind::Object { format!("{} properties", item.len()) } else { kind_in_words(item).to_owned() };
                self.report.at(item, format!("expected an object with exactly one property, found {found}"));
                None
            }
        }
    }

    /// An entry of `$items` (at this property) or `$mixed`. One with several properties is at fault, and each is judged.
    fn entry(&mut self, place: &Place<'c, 'd>, at: Option<(RecordId, PropertyId)>, item: Value<'d>) {
        if let Some((key, value)) = self.only_member(item) {
            return self.child(place, at, key, value);
        }
        self.mark_reported(place);
        for member in item.members() {
            self.child(place, at, member.key(), member.value);
        }
    }

    /// A child of an element at its place in a list.
    fn child(&mut self, place: &Place<'c, 'd>, at: Option<(RecordId, PropertyId)>, key: Cow<'d, str>, value: Value<'d>) {
        if let Some(id) = place.shape.entry_element(&key) {
            let symbol = self.schema.element(id).name;
            let name = self.schema.symbols.name(symbol).expanded();
            let element = match self.take(place, symbol, name, Listed::At(at)) {
                Taken::At(matched) => {
                    if self.is_ambiguous() {
                        self.claim(Claim { key, value, at });
                    } else {
                        self.judge_spot(place, at, matched, &key, value);
                    }
                    matched.element.unwrap_or(id)
                }
                Taken::Unsure | Taken::Late => id,
                Taken::Nowhere(wanted) => {
                    self.report.at(value, format!("unexpected here; expected {wanted}"));
                    id
                }
            };
            self.element(element, value);
            return;
        }
        let Some(name) = self.element_name(&key, value) else { return self.mark_reported(place) };
        let symbol = self.schema.symbols.find(name.ns.as_str(), name.local.as_str()).unwrap_or(Symbol::UNKNOWN);
        match self.take(place, symbol, name.expanded(), Listed::At(at)) {
            Taken::At(Matched { particle, element: None, .. }) => match &place.model.particle(particle).term {
                Term::Wildcard(wildcard) => self.open_element(&name, wildcard.process, value),
                Term::Element(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => {}
            },
            Taken::At(Matched { element: Some(id), .. }) => {
                let known = place.shape.entry_key(self.schema.element(id).name).map_or("", |key| &**key);
                self.report.at(value, format!("this element is called \"{known}\" here"));
            }
            Taken::Unsure | Taken::Late => self.open_element(&name, ProcessContents::Lax, value),
            Taken::Nowhere(wanted) => self.report.at(value, format!("unknown or unexpected element \"{}\"; expected {wanted}", cut(&key))),
        }
    }

    fn judge_spot(&mut self, place: &Place<'c, 'd>, at: Option<(RecordId, PropertyId)>, matched: Matched, key: &str, value: Value<'d>) {
        let Some((record, property)) = at else { return };
        let spot = place.shape.spot(matched.particle, matched.element);
        if let Some(spot) = spot.filter(|spot| spot.record != record || spot.property != property) {
            let right = place.shape.record(spot.record).properties.get(spot.property.0 as usize).map_or("", |one| &*one.key);
            self.report.at(value, format!("\"{}\" belongs to \"{right}\" at this place", cut(key)));
        }
    }

    /// `$any`: an element that a wildcard of its own admits, or an array of them.
    pub(super) fn wildcard(&mut self, place: &Place<'c, 'd>, id: ParticleId, array: bool, value: Value<'d>) {
        let Term::Wildcard(wildcard) = &place.model.particle(place.shape.bounds(id).leaf).term else { return };
        if !array {
            self.any_entry(place, wildcard, value);
            return;
        }
        if value.kind() != Kind::Array {
            self.report.at(value, format!("expected an array, found {}", kind_in_words(value)));
            return;
        }
        self.counted(place, id, value);
        for item in value.items() {
            self.any_entry(place, wildcard, item);
        }
    }

    fn any_entry(&mut self, place: &Place<'c, 'd>, wildcard: &Wildcard, item: Value<'d>) {
        let Some((key, value)) = self.only_member(item) else { return self.mark_reported(place) };
        let Some(name) = self.element_name(&key, value) else { return self.mark_reported(place) };
        if !wildcard.namespaces.admits(name.ns.as_str()) {
            self.report.at(value, "elements of this namespace cannot stand here");
            return;
        }
        if place.shape.asks_model {
            let symbol = self.schema.symbols.find(name.ns.as_str(), name.local.as_str()).unwrap_or(Symbol::UNKNOWN);
            let taken = self.take(place, symbol, name.expanded(), Listed::No);
            if self.is_ambiguous() {
                self.claim(Claim { key, value, at: None });
            } else if let Taken::At(Matched { element: Some(id), .. }) = taken {
                self.is_property(id, value);
            }
        }
        self.open_element(&name, wildcard.process, value);
    }

    fn is_ambiguous(&self) -> bool {
        self.trackers.last().is_some_and(|tracker| tracker.model.is_ambiguous())
    }

    /// The child shown last to the model stands there in JSON.
    fn claim(&mut self, claim: Claim<'d>) {
        if let Some(tracker) = self.trackers.last_mut() {
            tracker.claimed.push((tracker.names.len().saturating_sub(1), claim));
        }
    }

    fn is_property(&mut self, id: ElementId, value: Value<'d>) {
        let local = self.schema.symbols.name(self.schema.element(id).name).local.as_str().to_owned();
        self.report.at(value, format!("this element is the property \"{local}\" here"));
    }

    /// The name in a key `{uri}local`, or `local` in no namespace (`{}local` where `local` is the key of a declared element).
    pub(super) fn element_name(&mut self, key: &str, value: Value<'d>) -> Option<QName> {
        let (ns, local) = match key.strip_prefix('{') {
            Some(rest) => rest.split_once('}').unwrap_or(("", "")),
            None => ("", key),
        };
        if !is_ncname(local) || ns == XMLNS_NS {
            self.report.at(value, format!("unknown name \"{}\"; expected the name of an element as {{uri}}local", cut(key)));
            return None;
        }
        Some(QName::new(ns, local))
    }
}

/// How JSON has a child.
enum Listed {
    /// As a property of its own.
    No,
    /// As an entry of a list, whose faults are told at once: of this property, else of `$mixed`.
    At(Option<(RecordId, PropertyId)>),
}

/// Where the model put a child.
enum Taken {
    At(Matched),
    /// Decided at the end.
    Unsure,
    /// It was told to be missing before: one fault, not two.
    Late,
    /// It does not fit; what would.
    Nowhere(String),
}
