//! Values that stand where the content model does not take them, in messages that are reported, not refused.
//!
//! Such a value is written like any other, then taken out of the buffer and put where it belongs when its object ends:
//! to its own property where that has room, else to `$any`.

use crate::json::limits::Limits;
use crate::json::tape::Tape;
use crate::json::writer::write_string;
use crate::schema::automaton::Matched;
use crate::schema::form::ParticleId;
use crate::schema::walk::Opened;
use crate::schema::walk::SeenAttribute;
use crate::transcode::decode::value;
use crate::transcode::decode::writer::Writer;
use crate::transcode::shape::RecordId;
use crate::transcode::shape::Shape;
use crate::transcode::shape::Spot;

/// The key of what no property takes.
const ANY: &str = "$any";

/// A value that was taken out.
pub(super) struct Extra {
    /// How many elements are open when its object ends.
    depth: usize,
    place: Place,
    value: Vec<u8>,
}

impl Extra {
    /// Whether it belongs to the innermost of so many open elements.
    pub(super) fn is_of(&self, depth: usize) -> bool {
        self.depth == depth
    }
}

/// Where a value goes that will be taken out at its end.
pub(super) struct Pending {
    /// Where it begins in the buffer.
    start: usize,
    place: Place,
    /// What follows the value to end what was begun round it.
    tail: Vec<u8>,
}

struct Place {
    /// The property of the type's own object.
    key: String,
    array: bool,
    /// `{uri}local` as JSON text, for `$any`.
    name: Vec<u8>,
}

impl<'c> Writer<'c> {
    /// Begins the value of an element that the model knows, but not here.
    #[cold]
    pub(super) fn misplaced(&mut self, shape: &'c Shape, particle: ParticleId, element: &Opened<'_>) -> (bool, Option<Box<Pending>>) {
        let Some(spot) = shape.spot(particle, element.declaration) else { return self.unexpected(element) };
        self.aside(shape, spot, true, element)
    }

    /// Begins the value of an element that belongs to an array passed before.
    #[cold]
    pub(super) fn late(&mut self, shape: &'c Shape, matched: Matched, element: &Opened<'_>) -> (bool, Option<Box<Pending>>) {
        let Some(spot) = shape.spot(matched.particle, matched.element) else { return self.unexpected(element) };
        let declared = matched.element.is_some();
        self.aside(shape, Spot { entry: spot.entry || !declared, ..spot }, declared, element)
    }

    fn aside(&mut self, shape: &'c Shape, spot: Spot, declared: bool, element: &Opened<'_>) -> (bool, Option<Box<Pending>>) {
        let start = self.out.len();
        let mut path = vec![(spot.record, spot.property)];
        let mut at = spot.record;
        while at != RecordId::ROOT {
            let Some(parent) = shape.record(at).parent else { break };
            path.push((parent.record, parent.property));
            at = parent.record;
        }
        let mut tail = Vec::new();
        let Some((_, outermost)) = path.pop() else { return self.unexpected(element) };
        let first = shape.root().property(outermost);
        for (record, property) in path.into_iter().rev() {
            let of = shape.record(record).property(property);
            self.out.push(b'{');
            self.key(&of.key);
            tail.insert(0, b'}');
            if of.array {
                self.out.push(b'[');
                tail.insert(0, b']');
            }
        }
        if spot.entry {
            self.begin_entry(shape, element, declared);
        }
        let place = Place { key: first.key.to_string(), array: first.array, name: name_of(element) };
        (spot.entry, Some(Box::new(Pending { start, place, tail })))
    }

    /// Begins the value of an element that the model does not know.
    #[cold]
    pub(super) fn unexpected(&mut self, element: &Opened<'_>) -> (bool, Option<Box<Pending>>) {
        let start = self.out.len();
        let place = Place { key: ANY.to_owned(), array: true, name: name_of(element) };
        self.out.push(b'{');
        self.expanded_key("", element.name());
        (true, Some(Box::new(Pending { start, place, tail: Vec::new() })))
    }

    /// Text where only elements may stand, or nothing.
    #[cold]
    pub(super) fn unexpected_text(&mut self, text: &str) {
        let mut value = Vec::new();
        write_string(&mut value, text);
        let place = Place { key: ANY.to_owned(), array: true, name: Vec::new() };
        self.extras.push(Extra { depth: self.frames.len(), place, value });
    }

    /// Takes a value out of the buffer that just ended.
    #[cold]
    pub(super) fn take_out(&mut self, pending: Pending) {
        let mut value = self.out.split_off(pending.start);
        value.extend_from_slice(&pending.tail);
        self.extras.push(Extra { depth: self.frames.len(), place: pending.place, value });
    }

    /// Puts the values taken out of the object that begins at `start` into it; its last bracket is not written yet.
    /// What is no `object` is an array that stands for the only property: with other extras it becomes one.
    #[cold]
    pub(super) fn merge_extras(&mut self, start: usize, object: bool) {
        let depth = self.frames.len();
        let from = self.extras.partition_point(|extra| extra.depth < depth);
        let extras = self.extras.split_off(from);
        if extras.is_empty() {
            return;
        }
        if !object {
            return self.merge_into_array(start, extras);
        }
        let mut object = self.out.split_off(start);
        object.push(b'}');
        if let Some(merged) = merge(&object, extras) {
            object = merged;
        }
        object.pop();
        self.out.extend_from_slice(&object);
    }
}

impl Writer<'_> {
    /// The array that begins at `start` gets more items, or is put into the object that it stands for.
    fn merge_into_array(&mut self, start: usize, extras: Vec<Extra>) {
        let shape = self.frames.last().and_then(|frame| frame.shape);
        let Some(property) = shape.and_then(|shape| shape.root().properties.first()) else { return };
        let items_only = extras.iter().all(|extra| extra.place.array && extra.place.key == *property.key);
        let array = self.out.split_off(start);
        let mut object = vec![b'{'];
        write_string(&mut object, &property.key);
        object.push(b':');
        let lead = object.len();
        object.extend_from_slice(&array);
        object.push(b'}');
        let merged = merge(&object, extras).unwrap_or(object);
        let wanted = if items_only { merged.get(lead..merged.len().saturating_sub(1)) } else { Some(merged.as_slice()) };
        self.out.extend_from_slice(wanted.unwrap_or_default());
    }

    /// An attribute, which no type has that is an array: it stands beside the array in the object that this becomes.
    #[cold]
    pub(super) fn attribute_of_array(&mut self, attribute: &SeenAttribute<'_>) {
        let key = if attribute.name.ns.is_empty() {
            format!("@{}", attribute.name.local)
        } else {
            format!("@{{{}}}{}", attribute.name.ns, attribute.name.local)
        };
        let mut text = Vec::new();
        value::write(&mut text, self.types(), &attribute.value);
        self.extras.push(Extra { depth: self.frames.len(), place: Place { key, array: false, name: Vec::new() }, value: text });
    }
}

/// The object of a root with elements that stood beside it in the Body, or in its stead; each is a one-property object.
#[cold]
pub(super) fn with_any(object: Vec<u8>, elements: Vec<Vec<u8>>) -> Vec<u8> {
    let place = || Place { key: ANY.to_owned(), array: true, name: Vec::new() };
    let extras = elements.into_iter().map(|value| Extra { depth: 0, place: place(), value }).collect();
    merge(&object, extras).unwrap_or(object)
}

fn name_of(element: &Opened<'_>) -> Vec<u8> {
    let mut name = vec![b'"'];
    value::expanded(&mut name, element.name());
    name.push(b'"');
    name
}

/// The object with the extras in it; none if it cannot be read, which it always can.
fn merge(object: &[u8], extras: Vec<Extra>) -> Option<Vec<u8>> {
    let limits = Limits { bytes: usize::MAX, depth: usize::MAX, members: usize::MAX, string: usize::MAX };
    let tape = Tape::parse(object, &limits).ok()?;
    let members: Vec<(String, &[u8])> =
        tape.root().members().filter_map(|one| Some((one.key().into_owned(), object.get(one.value.span())?))).collect();
    let mut joined: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
    let mut any: Vec<Vec<u8>> = Vec::new();
    let mut single: Vec<(String, Vec<u8>)> = Vec::new();
    for extra in extras {
        let Place { key, array, name } = extra.place;
        let there = members.iter().any(|(one, _)| *one == key) || single.iter().any(|(one, _)| *one == key);
        if array && key != ANY {
            match joined.iter_mut().find(|(one, _)| *one == key) {
                Some((_, list)) => list.push(extra.value),
                None => joined.push((key, vec![extra.value])),
            }
        } else if key == ANY && array {
            any.push(extra.value);
        } else if there {
            let mut entry = vec![b'{'];
            entry.extend_from_slice(&name);
            entry.push(b':');
            entry.extend_from_slice(&extra.value);
            entry.push(b'}');
            any.push(entry);
        } else {
            single.push((key, extra.value));
        }
    }
    if !any.is_empty() {
        joined.push((any_key(&members), any));
    }
    Some(write(&members, single, joined))
}

/// `$any`, or a name of its kind that is free where the type's own `$any` holds a single element.
fn any_key(members: &[(String, &[u8])]) -> String {
    let fits = |key: &str| members.iter().find(|(one, _)| one == key).is_none_or(|(_, value)| value.starts_with(b"["));
    if fits(ANY) {
        return ANY.to_owned();
    }
    (2_u32..).map(|number| format!("{ANY}${number}")).find(|key| fits(key)).unwrap_or_default()
}

fn write(members: &[(String, &[u8])], single: Vec<(String, Vec<u8>)>, joined: Vec<(String, Vec<Vec<u8>>)>) -> Vec<u8> {
    let mut out = vec![b'{'];
    let mut joined = joined;
    let separate = |out: &mut Vec<u8>| {
        if !matches!(out.last(), Some(b'{' | b'[')) {
            out.push(b',');
        }
    };
    for (key, value) in members {
        separate(&mut out);
        write_string(&mut out, key);
        out.push(b':');
        let more = joined.iter().position(|(one, _)| one == key).filter(|_| value.ends_with(b"]"));
        match more {
            Some(at) => {
                out.extend_from_slice(value.get(..value.len() - 1).unwrap_or_default());
                for item in joined.swap_remove(at).1 {
                    separate(&mut out);
                    out.extend_from_slice(&item);
                }
                out.push(b']');
            }
            None => out.extend_from_slice(value),
        }
    }
    for (key, value) in single {
        separate(&mut out);
        write_string(&mut out, &key);
        out.push(b':');
        out.extend_from_slice(&value);
    }
    for (key, items) in joined {
        separate(&mut out);
        write_string(&mut out, &key);
        out.extend_from_slice(b":[");
        for item in items {
            separate(&mut out);
            out.extend_from_slice(&item);
        }
        out.push(b']');
    }
    out.push(b'}');
    out
}
