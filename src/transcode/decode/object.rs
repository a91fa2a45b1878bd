//! Properties of objects: where a child's value goes, which arrays and entries of `$items` that opens and closes, and
//! the `[]` of arrays that are absent.

use crate::schema::automaton::Matched;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::walk::Opened;
use crate::transcode::decode::writer::Writer;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::Record;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Shape;

/// No property is open.
const NONE: u32 = u32::MAX;

/// An open object: an element's own or an entry of `$items`.
pub(super) struct Level<'c> {
    record: &'c Record,
    id: RecordId,
    /// The property written last.
    current: u32,
    /// Its array is open.
    array: bool,
    /// The properties before this one were written or given their `[]`.
    next: u32,
}

impl<'c> Level<'c> {
    /// The type's own object.
    pub(super) fn new(record: &'c Record) -> Self {
        Self { record, id: RecordId::ROOT, current: NONE, array: false, next: 0 }
    }

    /// That of a type whose only property is the value itself; its bracket is written.
    pub(super) fn array(record: &'c Record) -> Self {
        Self { record, id: RecordId::ROOT, current: 0, array: true, next: 1 }
    }
}

impl<'c> Writer<'c> {
    /// Goes to where the model took a child. True: its value stands in a one-property object of its own.
    #[inline]
    pub(super) fn place(&mut self, shape: &'c Shape, model: &'c Model, matched: Matched, element: &Opened<'_>) -> bool {
        let Some(spot) = shape.spot(matched.particle, matched.element) else { return false };
        let base = self.frames.last().map_or(0, |frame| frame.levels);
        let inner = self.levels.len() > base + 1;
        if inner || spot.record != RecordId::ROOT {
            self.seek(shape, model, base, spot.record, matched.again);
        }
        self.go_to(spot.property);
        let entry = spot.entry || matched.element.is_none();
        if entry {
            self.begin_entry(shape, element, matched.element.is_some());
        }
        entry
    }

    /// Whether a child is an item of an array that was passed already: among the members of an xs:all, in any order.
    #[inline]
    pub(super) fn comes_late(&self, shape: &Shape, matched: Matched) -> bool {
        let Some(level) = self.levels.last().filter(|_| shape.has_free_arrays) else { return false };
        let Some(spot) = shape.spot(matched.particle, matched.element) else { return false };
        let at = spot.property.0;
        spot.record == level.id && at != level.current && at < level.next && level.record.property(spot.property).array
    }

    /// `{"key":` of a one-property object.
    pub(super) fn begin_entry(&mut self, shape: &Shape, element: &Opened<'_>, declared: bool) {
        self.out.push(b'{');
        let symbol = element.declaration.filter(|_| declared).map(|id| self.schema.element(id).name);
        match symbol.and_then(|symbol| shape.entry_key(symbol)) {
            Some(key) => self.key(key),
            // A name without namespace must not be taken for that of a declared element.
            None if element.name().ns.is_empty() && shape.entry_element(element.name().local).is_some() => {
                self.expanded_key("{}", element.name())
            }
            None => self.expanded_key("", element.name()),
        }
    }

    /// Goes to a property of the innermost open object.
    #[inline]
    fn go_to(&mut self, property: PropertyId) {
        let Some(level) = self.levels.last_mut() else { return };
        if level.current == property.0 {
            self.comma();
            return;
        }
        if level.array {
            self.out.push(b']');
        }
        let (record, next) = (level.record, level.next);
        level.current = property.0;
        level.next = next.max(property.0 + 1);
        let Some(of) = record.properties.get(property.0 as usize) else { return };
        level.array = of.array;
        if next < property.0 {
            self.fill(record, next, property.0);
        }
        self.lead(of);
    }

    /// Writes the absent arrays among some properties.
    fn fill(&mut self, record: &Record, from: u32, to: u32) {
        for property in record.properties.get(from as usize..to as usize).unwrap_or_default() {
            if property.empty_when_absent {
                self.comma();
                self.key(&property.key);
                self.out.extend_from_slice(b"[]");
            }
        }
    }

    /// Ends the innermost open object but for its bracket.
    #[inline]
    fn close_level(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        if level.array {
            self.out.push(b']');
        }
        let all = u32::try_from(level.record.properties.len()).unwrap_or(u32::MAX);
        if level.next < all {
            self.fill(level.record, level.next, all);
        }
    }

    /// Ends all open objects of the innermost element but for the last bracket.
    #[inline]
    pub(super) fn close_levels(&mut self, base: usize) {
        while self.levels.len() > base + 1 {
            self.close_level();
            self.out.push(b'}');
        }
        if self.levels.len() > base {
            self.close_level();
        }
    }

    /// Opens and closes entries of `$items` until the innermost open object is the wanted one, begun anew where the child
    /// begins a repetition.
    fn seek(&mut self, shape: &'c Shape, model: &Model, base: usize, wanted: RecordId, again: Option<ParticleId>) {
        let mut chain = Vec::new();
        let mut at = wanted;
        while at != RecordId::ROOT {
            let Some(parent) = shape.record(at).parent else { break };
            chain.push((at, parent));
            at = parent.record;
        }
        chain.reverse();
        let mut kept = 0;
        for (level, (id, parent)) in self.levels.iter().skip(base + 1).zip(&chain) {
            if level.id != *id || again.is_some_and(|again| is_within(model, parent.group, again)) {
                break;
            }
            kept += 1;
        }
        while self.levels.len() > base + 1 + kept {
            self.close_level();
            self.out.push(b'}');
        }
        for (id, parent) in chain.into_iter().skip(kept) {
            self.go_to(parent.property);
            self.out.push(b'{');
            self.levels.push(Level { id, ..Level::new(shape.record(id)) });
        }
    }
}

/// Whether a group is another one or stands within it.
fn is_within(model: &Model, group: ParticleId, outer: ParticleId) -> bool {
    let mut at = Some(group);
    while let Some(id) = at {
        if id == outer {
            return true;
        }
        at = model.particle(id).parent;
    }
    false
}
