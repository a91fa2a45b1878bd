//! Values of a request that stand outside its JSON, in a path or query: where they belong, and laying them into it.
//!
//! A [`Place`] is found once, when the plan is made; it must be a scalar of the operation's request. What is laid in is judged
//! like everything else when the JSON becomes XML. Knows shapes and JSON; nothing of URLs.

use crate::json::error::JsonError;
use crate::json::limits::Limits;
use crate::json::tape::Kind;
use crate::json::tape::Tape;
use crate::json::tape::Value;
use crate::json::writer::write_string;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::ElementId;
use crate::schema::form::TypeId;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::Codec;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::report::listed;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::ValueForm;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Message;

mod lift;

pub use crate::transcode::parameter::lift::lift;

/// A scalar in the JSON of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The names of properties from the root on.
    pub path: Vec<String>,
    /// The simple type of its values.
    pub ty: SimpleTypeId,
    /// How its values stand in JSON.
    pub form: ValueForm,
    /// Valid messages always have it, as far as it and the objects around it say.
    pub required: bool,
}

/// Why values cannot be laid into a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LayError {
    /// The document is no JSON.
    Json(JsonError),
    /// The JSON Pointer of a value that the document has itself.
    Taken(String),
    /// The JSON Pointer of something around a value that is no object, and what it is.
    NoObject(String, &'static str),
}

/// Where a path was left.
enum At {
    Message,
    Headers,
    Type(TypeId),
    Scalar(SimpleTypeId),
}

impl Codec {
    /// The scalar that a path of property names leads to.
    ///
    /// # Errors
    /// In words: which name is unknown, with those that are known, or why it is no scalar.
    pub fn place(&self, message: &Message, path: &[String]) -> Result<Place, String> {
        let mut at = At::Message;
        let mut required = true;
        for (depth, name) in path.iter().enumerate() {
            let (next, always) = self.step(message, &at, name).map_err(|known| self.unknown(path, depth, &known))??;
            required &= always;
            at = next;
        }
        let shown = path.join("/");
        let ty = match at {
            At::Scalar(ty) => ty,
            At::Type(ty) => match self.shapes.content(ty) {
                ContentShape::Plain(ty) => ty,
                ContentShape::Value(_) => return Err(format!("'{shown}' is an object: its value is '{shown}/$value'")),
                ContentShape::Elements => return Err(format!("'{shown}' is an object, expected a scalar in it")),
                ContentShape::Array => return Err(format!("'{shown}' is an array, expected a scalar")),
                ContentShape::Mixed | ContentShape::Open => return Err(format!("'{shown}' is open content, expected a scalar")),
            },
            At::Message | At::Headers => return Err(format!("'{shown}' is an object, expected a scalar in it")),
        };
        let form = self.shapes.form(ty);
        if let ValueForm::List(_) = form {
            return Err(format!("'{shown}' is a list, expected a scalar"));
        }
        Ok(Place { path: path.to_vec(), ty, form, required })
    }

    /// One name further: what is there and whether it always is. The outer error lists the names that are known.
    fn step(&self, message: &Message, at: &At, name: &str) -> Result<Result<(At, bool), String>, Vec<String>> {
        match at {
            At::Message if name == "$headers" => Ok(Ok((At::Headers, false))),
            At::Message => match &message.body {
                Body::Element(id) | Body::Wrapper { element: id, .. } => self.in_root(self.contract.schema.element(*id).ty, name),
                Body::Elements(id) => self.in_type(*id, name),
                Body::Content(ty) => self.in_root(*ty, name),
                Body::Empty => Err(Vec::new()),
            },
            At::Headers => match message.headers.iter().find(|header| &*header.key == name) {
                Some(header) => Ok(Ok((self.of_element(header.element), false))),
                None => Err(message.headers.iter().map(|header| header.key.to_string()).collect()),
            },
            At::Type(ty) if self.shapes.content(*ty) == ContentShape::Array => Ok(Err(String::from("what holds it is an array"))),
            At::Type(TypeId::Complex(id)) => self.in_type(*id, name),
            At::Type(TypeId::Simple(_)) | At::Scalar(_) => Err(Vec::new()),
        }
    }

    /// The root is always an object: that of a simple type has `$value`.
    fn in_root(&self, ty: TypeId, name: &str) -> Result<Result<(At, bool), String>, Vec<String>> {
        match (self.shapes.content(ty), ty) {
            (ContentShape::Plain(simple), _) if name == "$value" => Ok(Ok((At::Scalar(simple), true))),
            (ContentShape::Plain(_), _) => Err(vec![String::from("$value")]),
            (_, TypeId::Complex(id)) => self.in_type(id, name),
            (_, TypeId::Simple(_)) => Err(Vec::new()),
        }
    }

    fn in_type(&self, id: ComplexTypeId, name: &str) -> Result<Result<(At, bool), String>, Vec<String>> {
        let schema = &self.contract.schema;
        let shape = self.shapes.of(id);
        if let Some(number) = shape.attribute(name) {
            let Some(attribute) = schema.complex(id).attributes.get(number) else { return Err(Vec::new()) };
            return Ok(Ok((At::Scalar(schema.attribute(attribute.attribute).ty), attribute.required)));
        }
        if let (ContentShape::Value(simple), "$value") = (shape.content, name) {
            return Ok(Ok((At::Scalar(simple), true)));
        }
        let record = shape.root();
        let Some(property) = record.keys.find(name).map(|number| record.property(number)) else {
            let attributes = shape.attributes.iter().map(|attribute| attribute.key.to_string());
            let value = matches!(shape.content, ContentShape::Value(_)).then(|| String::from("$value"));
            return Err(value.into_iter().chain(record.properties.iter().map(|one| one.key.to_string())).chain(attributes).collect());
        };
        if property.array {
            return Ok(Err(format!("'{name}' is an array, expected a scalar")));
        }
        match property.kind {
            PropertyKind::Element(element) => Ok(Ok((self.of_element(element), property.required))),
            PropertyKind::Any | PropertyKind::Each | PropertyKind::Repetition(_) | PropertyKind::Mixed => {
                Ok(Err(format!("'{name}' is open or repeated content, expected a scalar")))
            }
        }
    }

    fn of_element(&self, id: ElementId) -> At {
        At::Type(self.contract.schema.element(id).ty)
    }

    fn unknown(&self, path: &[String], depth: usize, known: &[String]) -> String {
        let name = path.get(depth).map_or("", String::as_str);
        let inside = match path.get(..depth).unwrap_or_default() {
            [] => String::from("the request"),
            names => format!("'{}' of the request", names.join("/")),
        };
        format!("there is no '{name}' in {inside}; expected {}", listed(known.iter().map(String::as_str)))
    }
}

impl Place {
    /// Its JSON Pointer.
    #[must_use]
    pub fn pointer(&self) -> String {
        self.path.iter().fold(String::from("#"), |pointer, name| pointer + "/" + &name.replace('~', "~0").replace('/', "~1"))
    }

    /// A text of the kind that may stand there, to try a route with.
    #[must_use]
    pub fn sample(&self) -> &'static str {
        match self.form {
            ValueForm::Boolean { .. } => "true",
            ValueForm::Integer
            | ValueForm::Decimal
            | ValueForm::Float
            | ValueForm::VerbatimNumber
            | ValueForm::TextInteger
            | ValueForm::TextDecimal
            | ValueForm::AnyText
            | ValueForm::Text
            | ValueForm::Base64
            | ValueForm::QName
            | ValueForm::List(_)
            | ValueForm::Union => "1",
        }
    }

    /// A value as JSON.
    pub(super) fn json(&self, text: &str) -> String {
        let mut out = Vec::new();
        self.write(text, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// The text of a value as JSON: a number or boolean where the type is one and the text could be, else a string.
    fn write(&self, text: &str, out: &mut Vec<u8>) {
        let plain = match self.form {
            ValueForm::Integer | ValueForm::Decimal | ValueForm::Float => is_number(text),
            ValueForm::Boolean { .. } => matches!(text, "true" | "false"),
            ValueForm::VerbatimNumber
            | ValueForm::TextInteger
            | ValueForm::TextDecimal
            | ValueForm::AnyText
            | ValueForm::Text
            | ValueForm::Base64
            | ValueForm::QName
            | ValueForm::List(_)
            | ValueForm::Union => false,
        };
        if plain { out.extend_from_slice(text.as_bytes()) } else { write_string(out, text) }
    }
}

/// Whether a text is a number of JSON (RFC 8259 section 6).
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        None => rest.is_empty(),
    }
}

/// Lays values into a document at their places; an empty document counts as `{}`.
///
/// # Errors
/// If the document is no JSON, or has something where a value belongs.
pub fn lay(document: &[u8], values: &[(&Place, &str)], limits: &Limits) -> Result<Vec<u8>, LayError> {
    let document = if document.iter().all(u8::is_ascii_whitespace) { b"{}" } else { document };
    let tape = Tape::parse(document, limits).map_err(LayError::Json)?;
    let laid: Vec<Laid<'_>> = values.iter().map(|(place, text)| Laid { rest: &place.path, place, text }).collect();
    let mut out = Vec::with_capacity(document.len() + values.iter().map(|(_, text)| text.len() + 32).sum::<usize>());
    object(&tape, Some(tape.root()), &laid, &mut String::from("#"), &mut out)?;
    Ok(out)
}

/// A value on its way to its place.
#[derive(Clone, Copy)]
struct Laid<'v> {
    rest: &'v [String],
    place: &'v Place,
    text: &'v str,
}

/// Writes an object with the values in it; it is made where the document has none.
fn object(tape: &Tape<'_>, found: Option<Value<'_>>, laid: &[Laid<'_>], pointer: &mut String, out: &mut Vec<u8>) -> Result<(), LayError> {
    let mut names: Vec<&str> = laid.iter().filter_map(|one| one.rest.first()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let mut own: Vec<Option<Value<'_>>> = vec![None; names.len()];
    out.push(b'{');
    let mut first = true;
    if let Some(found) = found.filter(|found| found.kind() != Kind::Null) {
        if found.kind() != Kind::Object {
            return Err(LayError::NoObject(pointer.clone(), kind_in_words(found)));
        }
        for member in found.members() {
            let slot = names.binary_search(&&*member.key()).ok().and_then(|at| own.get_mut(at));
            // A property that comes twice stays twice: the reader refuses it.
            if let Some(slot @ None) = slot {
                *slot = Some(member.value);
                continue;
            }
            separate(&mut first, out);
            out.extend_from_slice(&tape.text().as_bytes()[member.key_span()]);
            out.push(b':');
            out.extend_from_slice(member.value.raw().as_bytes());
        }
    }
    for (name, own) in names.into_iter().zip(own) {
        let inner: Vec<Laid<'_>> = laid
            .iter()
            .filter(|one| one.rest.first().is_some_and(|first| first == name))
            .map(|one| Laid { rest: one.rest.get(1..).unwrap_or_default(), ..*one })
            .collect();
        separate(&mut first, out);
        write_string(out, name);
        out.push(b':');
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        match inner.iter().find(|one| one.rest.is_empty()) {
            Some(_) if own.is_some() => return Err(LayError::Taken(pointer.clone())),
            Some(value) => value.place.write(value.text, out),
            None => object(tape, own, &inner, pointer, out)?,
        }
        pointer.truncate(length);
    }
    out.push(b'}');
    Ok(())
}

fn separate(first: &mut bool, out: &mut Vec<u8>) {
    if !std::mem::replace(first, false) {
        out.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str, form: ValueForm) -> Place {
        Place { path: path.split('/').map(str::to_owned).collect(), ty: SimpleTypeId(0), form, required: true }
    }

    fn laid(document: &str, values: &[(&str, ValueForm, &str)]) -> Result<String, LayError> {
        let places: Vec<_> = values.iter().map(|(path, form, text)| (place(path, *form), *text)).collect();
        let values: Vec<_> = places.iter().map(|(place, text)| (place, *text)).collect();
        lay(document.as_bytes(), &values, &Limits::default()).map(|out| String::from_utf8(out).expect("text"))
    }

    #[test]
    fn values_are_laid_beside_what_the_document_has() {
        let found = laid(
            r#"{"a": {"x": 1.50}, "b": "é\n"}"#,
            &[("a/@lang", ValueForm::AnyText, "e\"n"), ("id", ValueForm::Integer, "12345678901234567890"), ("c/d/e", ValueForm::Text, "5")],
        );
        assert_eq!(found.as_deref(), Ok(r#"{"b":"é\n","a":{"x":1.50,"@lang":"e\"n"},"c":{"d":{"e":"5"}},"id":12345678901234567890}"#));
    }

    #[test]
    fn an_empty_document_is_an_empty_object() {
        assert_eq!(laid(" ", &[("id", ValueForm::Decimal, "1.0")]).as_deref(), Ok(r#"{"id":1.0}"#));
        assert_eq!(laid("{}", &[]).as_deref(), Ok("{}"));
    }

    #[test]
    fn what_is_no_number_is_a_string_for_the_reader_to_refuse() {
        for text in ["01", "1.", ".5", "1e", "", "--1", "1 ", "NaN", "+1", "0x1", "1,2"] {
            assert!(!is_number(text), "{text}");
        }
        for text in ["0", "-0", "10", "1.25", "1e3", "-1.5E-10", "0.0"] {
            assert!(is_number(text), "{text}");
        }
        assert_eq!(laid("", &[("id", ValueForm::Integer, "1,\"x\":2")]).as_deref(), Ok(r#"{"id":"1,\"x\":2"}"#));
    }

    #[test]
    fn a_value_that_the_document_has_too_is_refused() {
        assert_eq!(laid(r#"{"a": {"id": 1}}"#, &[("a/id", ValueForm::Integer, "1")]), Err(LayError::Taken("#/a/id".into())));
        assert_eq!(laid(r#"{"a": 5}"#, &[("a/id", ValueForm::Integer, "1")]), Err(LayError::NoObject("#/a".into(), "a number")));
        assert_eq!(laid("[]", &[("id", ValueForm::Integer, "1")]), Err(LayError::NoObject("#".into(), "an array")));
        assert!(matches!(laid("{", &[("id", ValueForm::Integer, "1")]), Err(LayError::Json(_))));
    }
}
