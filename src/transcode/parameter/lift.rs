//! Taking values out of a document, for path and query: the reverse of laying them in.

use crate::json::error::JsonError;
use crate::json::limits::Limits;
use crate::json::tape::Kind;
use crate::json::tape::Tape;
use crate::json::tape::Value;
use crate::transcode::parameter::Place;
use crate::transcode::parameter::separate;

/// The values at some places of a document as texts, none where there is no scalar, and the document without them. An object
/// of which nothing is left goes too: laying the values in makes it again.
///
/// # Errors
/// If the document is no JSON.
pub fn lift(document: &[u8], places: &[&Place], limits: &Limits) -> Result<(Vec<Option<String>>, Vec<u8>), JsonError> {
    let tape = Tape::parse(document, limits)?;
    let wanted: Vec<Wanted<'_>> = places.iter().enumerate().map(|(number, place)| Wanted { number, rest: &place.path }).collect();
    let mut lifter = Lifter { tape: &tape, texts: vec![None; places.len()], out: Vec::with_capacity(document.len()) };
    lifter.object(tape.root(), &wanted);
    Ok((lifter.texts, lifter.out))
}

/// A value that is looked for, by its number.
#[derive(Clone, Copy)]
struct Wanted<'p> {
    number: usize,
    rest: &'p [String],
}

struct Lifter<'t> {
    tape: &'t Tape<'t>,
    texts: Vec<Option<String>>,
    out: Vec<u8>,
}

impl Lifter<'_> {
    /// Writes what is left of an object, and says whether that is anything.
    fn object(&mut self, found: Value<'_>, wanted: &[Wanted<'_>]) -> bool {
        let mut first = true;
        self.out.push(b'{');
        for member in found.members() {
            let before = self.out.len();
            let key = member.key();
            let inside: Vec<Wanted<'_>> = wanted
                .iter()
                .filter_map(|one| one.rest.split_first().filter(|(name, _)| **name == *key).map(|(_, rest)| Wanted { rest, ..*one }))
                .collect();
            let value = member.value;
            if let Some(one) = inside.iter().find(|one| one.rest.is_empty())
                && let Some(text) = scalar(value)
            {
                if let Some(slot) = self.texts.get_mut(one.number) {
                    *slot = Some(text);
                }
                continue;
            }
            let mut still = first;
            separate(&mut still, &mut self.out);
            self.out.extend_from_slice(self.tape.text().as_bytes().get(member.key_span()).unwrap_or_default());
            self.out.push(b':');
            if inside.is_empty() || value.kind() != Kind::Object {
                self.out.extend_from_slice(value.raw().as_bytes());
            } else if !self.object(value, &inside) && !value.is_empty() {
                self.out.truncate(before);
                continue;
            }
            first = still;
        }
        self.out.push(b'}');
        !first
    }
}

fn scalar(value: Value<'_>) -> Option<String> {
    match value.kind() {
        Kind::String => value.as_str().map(std::borrow::Cow::into_owned),
        Kind::Number | Kind::Bool(_) => Some(value.raw().to_owned()),
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::simple::SimpleTypeId;
    use crate::transcode::shape::ValueForm;

    fn lifted(document: &str, places: &[&str]) -> (Vec<Option<String>>, String) {
        let place = |path: &&str| Place {
            path: path.split('/').map(str::to_owned).collect(),
            ty: SimpleTypeId(0),
            form: ValueForm::Text,
            required: true,
        };
        let places: Vec<Place> = places.iter().map(place).collect();
        let (texts, rest) = lift(document.as_bytes(), &places.iter().collect::<Vec<_>>(), &Limits::default()).expect("JSON");
        (texts, String::from_utf8(rest).expect("text"))
    }

    #[test]
    fn values_go_and_objects_of_which_nothing_is_left_go_too() {
        let document = r#"{"a":{"x":1.50,"@l":"é\"n"},"b":{"c":{"d":true}},"e":{},"f":[1]}"#;
        let (texts, rest) = lifted(document, &["a/@l", "b/c/d", "f", "e/g", "h"]);
        assert_eq!(texts, [Some("é\"n".to_owned()), Some("true".to_owned()), None, None, None]);
        assert_eq!(rest, r#"{"a":{"x":1.50},"e":{},"f":[1]}"#);
        assert_eq!(lifted(r#"{"b":{"c":{"d":1}}}"#, &["b/c/d"]).1, "{}");
        assert_eq!(lifted(r#"{"b":{"c":1},"x":2}"#, &["b/c"]).1, r#"{"x":2}"#);
    }
}
