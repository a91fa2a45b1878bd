//! The common object: one of a type with a plan, whose members are sorted into its slots and then written in one go.
//!
//! Before anything is written the members are known to be the plan's, each once, and those that are required to be there.
//! Whatever else there is to an object (`$type`, `$nil`, an unknown or repeated key, a count out of bounds) is left to the
//! content model, which says what is wrong; so is a value that its type does not take as it stands.

use crate::json::tape::Kind;
use crate::json::tape::Member;
use crate::json::tape::Value;
use crate::schema::form::TypeId;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::shape::Holds;
use crate::transcode::shape::Plan;
use crate::transcode::shape::PropertyId;
use crate::transcode::shape::Slot;
use crate::transcode::shape::ValueForm;
use crate::xml::char::is_char;
use crate::xml::writer;

/// The members of an object by the slots of its plan. They are the last ones of the encoder until they are written.
#[derive(Clone, Copy)]
pub(super) struct Sorted {
    first: usize,
    filled: u64,
}

/// Members that may stand beside those of a plan.
#[derive(Clone, Copy)]
pub(super) struct Beside {
    /// `$headers`, which is read elsewhere.
    pub(super) headers: bool,
    /// `$type`, which is known already.
    pub(super) tag: bool,
}

impl<'c, 'd> Encoder<'c, 'd> {
    /// The plan of a type, where plans can be followed.
    #[inline]
    pub(super) fn plan(&self, ty: TypeId) -> Option<&'c Plan> {
        match ty {
            TypeId::Complex(id) if self.scope.depth() == 0 => self.shapes.plan(id),
            TypeId::Complex(_) | TypeId::Simple(_) => None,
        }
    }

    /// Sorts the members of an object into the slots of a plan; none if the plan is not enough to judge them.
    pub(super) fn sort(&mut self, plan: &'c Plan, object: Value<'d>, mut beside: Beside) -> Option<Sorted> {
        let first = self.sorted.len();
        self.sorted.resize(first + plan.slots.len(), 0);
        let (mut seen, mut filled, mut expected) = (0_u64, 0_u64, 0_u32);
        for member in object.members() {
            let Some(at) = find(plan, &member, expected) else {
                if beside.takes(&member) {
                    continue;
                }
                return self.unsorted(first);
            };
            expected = at + 1;
            let (bit, slot) = (1_u64 << (at & 63), plan.slots.get(at as usize)?);
            if seen & bit != 0 {
                return self.unsorted(first);
            }
            seen |= bit;
            let value = member.value;
            match (value.kind(), slot.array) {
                (Kind::Null, _) if slot.null_is_absent => continue,
                (Kind::Array, Some((min, max))) => {
                    let count = value.len();
                    if count == 0 {
                        continue;
                    }
                    if count < min as usize || count > max as usize {
                        return self.unsorted(first);
                    }
                }
                (_, Some(_)) => return self.unsorted(first),
                (_, None) => {}
            }
            filled |= bit;
            if let Some(place) = self.sorted.get_mut(first + at as usize) {
                *place = value.index();
            }
        }
        if plan.admits(filled) { Some(Sorted { first, filled }) } else { self.unsorted(first) }
    }

    #[cold]
    fn unsorted(&mut self, first: usize) -> Option<Sorted> {
        self.sorted.truncate(first);
        None
    }

    /// Writes what follows `<name`: attributes, the start tag's end, content.
    pub(super) fn sorted_content(&mut self, plan: &'c Plan, ty: TypeId, object: Value<'d>, sorted: Sorted) {
        let mut left = sorted.filled;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            if at >= plan.attributes {
                break;
            }
            left &= left - 1;
            let Some((slot, value)) = self.sorted_slot(plan, object, sorted.first + at, at) else { continue };
            self.sorted_attribute(slot, ty, value);
        }
        self.end_start_tag();
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            let Some((slot, value)) = self.sorted_slot(plan, object, sorted.first + at, at) else { continue };
            if slot.array.is_some() {
                for item in value.items() {
                    self.sorted_value(slot, item);
                }
            } else {
                self.sorted_value(slot, value);
            }
        }
        self.sorted.truncate(sorted.first);
    }

    #[inline]
    fn sorted_slot(&self, plan: &'c Plan, object: Value<'d>, place: usize, at: usize) -> Option<(&'c Slot, Value<'d>)> {
        Some((plan.slots.get(at)?, object.beside(*self.sorted.get(place)?)))
    }

    fn sorted_attribute(&mut self, slot: &'c Slot, owner: TypeId, value: Value<'d>) {
        let at = match slot.holds {
            Holds::AttributeText(ty, form, at) => {
                if let Some(text) = self.plain_text(ty, form, value) {
                    self.mark(slot);
                    slot.open.write(&mut self.out);
                    if is_bare(text.as_bytes()) {
                        self.out.extend_from_slice(text.as_bytes());
                    } else {
                        writer::escape_attribute(&mut self.out, text);
                    }
                    self.out.push(b'"');
                    return;
                }
                at
            }
            Holds::Attribute(at) => at,
            Holds::Text(..) | Holds::Object(..) | Holds::Element(_) | Holds::Value(..) => return,
        };
        if let Some(one) = self.uses(owner).get(at) {
            self.declared_attribute(one, value);
        }
    }

    #[inline]
    fn mark(&mut self, slot: &Slot) {
        if let Some(namespace) = slot.namespace {
            self.scope.mark(namespace);
        }
    }

    #[inline]
    fn sorted_value(&mut self, slot: &'c Slot, value: Value<'d>) {
        match slot.holds {
            Holds::Text(ty, form, element) => match self.plain_text(ty, form, value) {
                Some(text) => self.text_element(slot, text),
                None => self.element(element, value),
            },
            Holds::Object(element, id) => {
                if value.kind() == Kind::Object
                    && let Some(plan) = self.plan(TypeId::Complex(id))
                    && let Some(sorted) = self.sort(plan, value, Beside::NOTHING)
                {
                    self.mark(slot);
                    slot.open.write(&mut self.out);
                    self.out.pop();
                    self.sorted_content(plan, TypeId::Complex(id), value, sorted);
                    self.scope.leave(0);
                    self.end(slot);
                } else {
                    self.element(element, value);
                }
            }
            Holds::Element(element) => self.element(element, value),
            Holds::Value(ty, form) => match self.plain_text(ty, form, value) {
                Some(text) => self.write_text(text),
                None => self.own_value(ty, value),
            },
            Holds::Attribute(_) | Holds::AttributeText(..) => {}
        }
    }

    /// The value behind a start tag, where more is to be asked or said.
    #[cold]
    fn own_value(&mut self, ty: SimpleTypeId, value: Value<'d>) {
        if matches!(value.kind(), Kind::Null | Kind::Object) {
            self.no_value(value);
        } else if let Some(text) = self.lexical(ty, value) {
            self.simple_text(ty, None, value, &text);
        }
    }

    fn text_element(&mut self, slot: &Slot, text: &str) {
        self.mark(slot);
        slot.open.write(&mut self.out);
        let start = self.out.len();
        self.write_text(text);
        if self.out.len() == start {
            self.empty();
        } else {
            slot.close.write(&mut self.out);
        }
    }

    #[inline]
    fn write_text(&mut self, text: &str) {
        if is_bare(text.as_bytes()) {
            self.out.extend_from_slice(text.as_bytes());
        } else {
            writer::escape_text(&mut self.out, text);
        }
    }

    /// The text of a value that its type takes as it stands; none if more is to be asked or said.
    fn plain_text(&self, ty: SimpleTypeId, form: ValueForm, value: Value<'d>) -> Option<&'d str> {
        let simple = &self.schema.simple;
        match form {
            ValueForm::AnyText => self.plain_string(value),
            ValueForm::Text | ValueForm::Base64 | ValueForm::VerbatimNumber => {
                self.plain_string(value).filter(|text| simple.is_plain(ty, text, &self.scope))
            }
            ValueForm::Integer => self.plain_number(ty, value, |byte| matches!(byte, b'.' | b'e' | b'E')),
            ValueForm::Decimal => self.plain_number(ty, value, |byte| matches!(byte, b'e' | b'E')),
            ValueForm::TextInteger | ValueForm::TextDecimal => match value.kind() {
                Kind::String => self.plain_string(value).filter(|text| simple.is_plain(ty, text, &self.scope)),
                Kind::Number => self.plain_number(ty, value, |byte| matches!(byte, b'.' | b'e' | b'E')),
                Kind::Null | Kind::Bool(_) | Kind::Array | Kind::Object => None,
            },
            ValueForm::Float => self.plain_number(ty, value, |_| false),
            ValueForm::Boolean { true_form, false_form } => {
                let text = if value.as_bool()? { true_form } else { false_form };
                simple.is_plain(ty, text, &self.scope).then_some(text)
            }
            ValueForm::QName | ValueForm::List(_) | ValueForm::Union => None,
        }
    }

    /// A number that is written so in XML too: without the bytes that only JSON has in numbers of the type.
    #[inline]
    fn plain_number(&self, ty: SimpleTypeId, value: Value<'d>, rewritten: impl Fn(u8) -> bool) -> Option<&'d str> {
        let text = value.as_number()?;
        let verbatim = !text.bytes().any(rewritten) && self.schema.simple.is_plain(ty, text, &self.scope);
        verbatim.then_some(text)
    }

    /// A string without escapes, of characters that XML can hold.
    #[inline]
    fn plain_string(&self, value: Value<'d>) -> Option<&'d str> {
        let text = value.plain_str()?;
        (text.is_ascii() || text.chars().all(is_char)).then_some(text)
    }

    /// The end of an element of a slot.
    #[inline]
    fn end(&mut self, slot: &Slot) {
        if self.is_empty_content() {
            self.empty();
        } else {
            slot.close.write(&mut self.out);
        }
    }
}

impl Beside {
    pub(super) const NOTHING: Self = Self { headers: false, tag: false };

    /// Whether a member is one of these, met for the first time.
    #[cold]
    fn takes(&mut self, member: &Member<'_>) -> bool {
        let wanted = match (self.headers, self.tag) {
            (true, _) if member.is("$headers") => &mut self.headers,
            (_, true) if member.is("$type") => &mut self.tag,
            _ => return false,
        };
        std::mem::take(wanted)
    }
}

/// The slot of a member, that behind the last one looked at first.
#[inline]
fn find(plan: &Plan, member: &Member<'_>, expected: u32) -> Option<u32> {
    let found: Option<PropertyId> = plan.keys.find_bytes_near(member.plain_bytes()?, expected);
    Some(found?.0)
}

/// Whether a text of JSON without escapes has only ASCII characters that need none in XML either, eight at a time.
#[inline]
fn is_bare(text: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // `<` and `>` differ in one bit, `&` and `"` in another.
    let special = |word: u64| {
        let angle = (word | (ONES * 0x02)) ^ (ONES * u64::from(b'>'));
        let other = (word & !(ONES * 0x04)) ^ (ONES * u64::from(b'"'));
        ((angle.wrapping_sub(ONES) & !angle) | (other.wrapping_sub(ONES) & !other) | word) & HIGHS != 0
    };
    let (words, rest) = text.as_chunks::<8>();
    let last = match text.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    !words.iter().any(|word| special(u64::from_le_bytes(*word))) && !special(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_text_is_found_on_every_byte_and_place() {
        for byte in b' '..=255 {
            for (length, place) in (1..20).flat_map(|length| (0..length).map(move |place| (length, place))) {
                let mut text = vec![b'x'; length];
                text[place] = byte;
                let special = matches!(byte, b'&' | b'<' | b'>' | b'"') || !byte.is_ascii();
                assert_eq!(is_bare(&text), !special, "{byte} at {place} of {length}");
            }
        }
        assert!(is_bare(b""));
    }
}
