//! Simple types as JSON Schema: what JSON Schema can say of them exactly, and nothing else.
//!
//! Bounds and enumerated numbers are copied digit by digit. What is left out is judged by the codec alone; docs/openapi.md
//! lists it.

use crate::schema::pattern::Pattern;
use crate::schema::simple::Builtin;
use crate::schema::simple::SimpleType;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::Variety;
use crate::schema::simple::number_to_json;
use crate::transcode::openapi::lexical;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::shape::Shapes;
use crate::transcode::shape::ValueForm;

/// How deep unions and lists are looked into.
const NESTING: u32 = 16;
/// The greatest number that every JSON parser keeps, as text.
const SAFE: &str = "9007199254740991";
/// What is said of numbers that a float does not hold.
const EXACT: &str = "Every digit counts: read and write it with a JSON library that keeps them.";

/// What is said of numbers that are strings.
const AS_TEXT: &str = "A number as a string, with all its digits.";

/// How a simple type is referred to: by a component, or none where it is described at its place.
pub(super) type Refer<'r> = dyn FnMut(SimpleTypeId) -> Option<Node> + 'r;

/// Describes simple types.
#[derive(Clone, Copy)]
pub(super) struct Simple<'c> {
    pub(super) types: &'c SimpleTypes,
    pub(super) shapes: &'c Shapes,
}

impl Simple<'_> {
    /// The schema of a type, described in full; its items and members as `refer` has them.
    pub(super) fn schema(self, id: SimpleTypeId, refer: &mut Refer<'_>) -> Object {
        self.nested(id, refer, NESTING)
    }

    fn nested(self, id: SimpleTypeId, refer: &mut Refer<'_>, depth: u32) -> Object {
        let ty = self.types.get(id);
        match self.shapes.form(id) {
            ValueForm::Integer => self.number(id, ty, "integer"),
            ValueForm::Decimal => self.number(id, ty, "number"),
            ValueForm::TextInteger => self.text_number(id, ty, lexical::INTEGER),
            ValueForm::TextDecimal => self.text_number(id, ty, lexical::DECIMAL),
            ValueForm::Float => self.float(id, ty),
            ValueForm::Boolean { .. } => typed("boolean"),
            ValueForm::AnyText | ValueForm::Text => self.text(id, ty),
            ValueForm::VerbatimNumber => typed("string").with_some("pattern", anchored(ty)),
            ValueForm::Base64 => base64(ty),
            ValueForm::QName => typed("string").with("pattern", Node::word(lexical::EXPANDED_NAME)),
            ValueForm::List(item) => self.list(ty, item, refer, depth),
            ValueForm::Union => self.union(ty, refer, depth),
        }
    }

    /// The schema of a type with one possible value; none where equal values have several forms in JSON.
    pub(super) fn fixed(self, id: SimpleTypeId, text: &str) -> Option<Object> {
        let checked = self.types.check(id, text, &()).ok()?;
        let (word, value) = match self.shapes.form(id) {
            ValueForm::Integer => ("integer", number(&checked.text)?),
            ValueForm::Decimal => ("number", number(&checked.text)?),
            ValueForm::Boolean { .. } => return Some(only(matches!(&*checked.text, "true" | "1"))),
            ValueForm::AnyText | ValueForm::Text if is_text(self.types.get(id)) => ("string", Node::text(&*checked.text)),
            ValueForm::TextInteger => ("string", whole_text(&checked.text)?),
            ValueForm::AnyText
            | ValueForm::Text
            | ValueForm::TextDecimal
            | ValueForm::Float
            | ValueForm::VerbatimNumber
            | ValueForm::Base64
            | ValueForm::QName
            | ValueForm::List(_)
            | ValueForm::Union => return None,
        };
        Some(typed(word).with("enum", Node::List(vec![value])))
    }

    /// The values of an enumeration that the type's other facets admit.
    fn enumeration(self, id: SimpleTypeId, value: impl Fn(&str) -> Option<Node>) -> Option<Node> {
        let values = self.types.enumeration(id)?.iter().filter(|text| self.types.accepts(id, text, &()));
        let mut listed: Vec<Node> = Vec::new();
        for one in values.filter_map(|text| value(text)) {
            if !listed.contains(&one) {
                listed.push(one);
            }
        }
        (!listed.is_empty()).then_some(Node::List(listed))
    }

    fn number(self, id: SimpleTypeId, ty: &SimpleType, word: &'static str) -> Object {
        if let Some(values) = self.enumeration(id, number) {
            return typed(word).with("enum", values);
        }
        let format = match self.types.builtin(id) {
            Some(Builtin::Int | Builtin::Short | Builtin::Byte | Builtin::UnsignedShort | Builtin::UnsignedByte) => Some("int32"),
            Some(Builtin::Long | Builtin::UnsignedInt) => Some("int64"),
            _ => None,
        };
        let schema = typed(word).with_some("format", format.map(Node::word));
        let schema = bounds(ty, schema);
        if format == Some("int32") || is_safe(ty) { schema } else { schema.with("description", Node::word(EXACT)) }
    }

    /// A number as a string: of whole numbers each has one form.
    fn text_number(self, id: SimpleTypeId, ty: &SimpleType, (signed, unsigned): (&'static str, &'static str)) -> Object {
        if self.shapes.form(id) == ValueForm::TextInteger
            && let Some(values) = self.enumeration(id, whole_text)
        {
            return typed("string").with("enum", values);
        }
        let natural = ty.facets.min.as_ref().is_some_and(|bound| !bound.text.trim().starts_with('-'));
        let pattern = anchored(ty).unwrap_or(Node::word(if natural { unsigned } else { signed }));
        typed("string").with("pattern", pattern).with("description", Node::word(AS_TEXT))
    }

    fn float(self, id: SimpleTypeId, ty: &SimpleType) -> Object {
        let special = ["INF", "-INF", "NaN"].into_iter().filter(|text| self.types.accepts(id, text, &()));
        let special: Vec<Node> = special.map(Node::word).collect();
        let number = bounds(ty, typed("number"));
        if special.is_empty() {
            return number;
        }
        let special = typed("string").with("enum", Node::List(special));
        Object::default().with("anyOf", Node::List(vec![number.into(), special.into()]))
    }

    fn text(self, id: SimpleTypeId, ty: &SimpleType) -> Object {
        if is_text(ty)
            && let Some(values) = self.enumeration(id, |text| Some(Node::text(text)))
        {
            return typed("string").with("enum", values);
        }
        let Variety::Atomic(builtin) = ty.variety else { return typed("string") };
        let pattern = anchored(ty).or_else(|| lexical::pattern(builtin).map(Node::word));
        let schema = typed("string").with_some("pattern", pattern);
        let unit = |characters: u64| if builtin == Builtin::HexBinary { characters.saturating_mul(2) } else { characters };
        if is_text(ty) || builtin == Builtin::HexBinary { lengths(ty, schema, ("minLength", "maxLength"), unit) } else { schema }
    }

    fn list(self, ty: &SimpleType, item: SimpleTypeId, refer: &mut Refer<'_>, depth: u32) -> Object {
        let items = self.part(item, refer, depth);
        lengths(ty, typed("array").with("items", items), ("minItems", "maxItems"), |items| items)
    }

    fn union(self, ty: &SimpleType, refer: &mut Refer<'_>, depth: u32) -> Object {
        let Variety::Union(members) = &ty.variety else { return Object::default() };
        let mut schemas: Vec<Node> = Vec::new();
        for member in members {
            let one = self.part(*member, refer, depth);
            if !schemas.contains(&one) {
                schemas.push(one);
            }
        }
        match schemas.pop() {
            Some(Node::Object(only)) if schemas.is_empty() => only,
            Some(last) => {
                schemas.push(last);
                Object::default().with("anyOf", Node::List(schemas))
            }
            None => Object::default().with("not", Object::default()),
        }
    }

    fn part(self, id: SimpleTypeId, refer: &mut Refer<'_>, depth: u32) -> Node {
        match (refer(id), depth.checked_sub(1)) {
            (Some(reference), _) => reference,
            (None, Some(depth)) => self.nested(id, refer, depth).into(),
            (None, None) => Object::default().into(),
        }
    }
}

/// One of the two booleans. Not as an enumeration: generators of Java write one of strings then.
pub(super) fn only(value: bool) -> Object {
    typed("boolean").with("not", Object::default().with("const", Node::Bool(!value)))
}

/// `{"type": word}`.
pub(super) fn typed(word: &'static str) -> Object {
    Object::default().with("type", Node::word(word))
}

/// A text with one form for each value: equality in JSON is equality in the type.
fn is_text(ty: &SimpleType) -> bool {
    match ty.variety {
        Variety::Atomic(builtin) => matches!(builtin.primitive(), Builtin::String | Builtin::AnyUri | Builtin::AnySimpleType),
        Variety::List(_) | Variety::Union(_) => false,
    }
}

fn number(text: &str) -> Option<Node> {
    number_to_json(text).map(|number| Node::Verbatim(number.into()))
}

fn whole_text(text: &str) -> Option<Node> {
    number_to_json(text).map(|number| Node::text(if number == "-0" { "0" } else { &*number }))
}

fn bounds(ty: &SimpleType, mut schema: Object) -> Object {
    let ends = [(&ty.facets.min, "minimum", "exclusiveMinimum"), (&ty.facets.max, "maximum", "exclusiveMaximum")];
    for (bound, inclusive, exclusive) in ends {
        if let Some(bound) = bound
            && let Some(value) = number(&bound.text)
        {
            schema = schema.with(if bound.inclusive { inclusive } else { exclusive }, value);
        }
    }
    schema
}

/// Whether both bounds are whole numbers that a float holds.
fn is_safe(ty: &SimpleType) -> bool {
    let small = |text: &str| {
        let digits = text.trim_start_matches(['-', '+']).trim_start_matches('0');
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len(), digits) <= (SAFE.len(), SAFE)
    };
    let whole = ty.facets.fraction_digits == Some(0);
    whole && [&ty.facets.min, &ty.facets.max].into_iter().all(|bound| bound.as_ref().is_some_and(|bound| small(&bound.text)))
}

/// The length facets, in the unit that `scale` makes of them.
fn lengths(ty: &SimpleType, schema: Object, (least, most): (&'static str, &'static str), scale: impl Fn(u64) -> u64) -> Object {
    let facets = &ty.facets;
    let min = facets.length.or(facets.min_length).filter(|min| *min > 0);
    let max = facets.length.or(facets.max_length);
    schema.with_some(least, min.map(|n| Node::number(scale(n)))).with_some(most, max.map(|n| Node::number(scale(n))))
}

fn base64(ty: &SimpleType) -> Object {
    let pattern = anchored(ty).unwrap_or(Node::word("^[A-Za-z0-9+/]*={0,2}$"));
    let schema = typed("string").with("contentEncoding", Node::word("base64")).with("pattern", pattern);
    lengths(ty, schema, ("minLength", "maxLength"), |octets| octets.div_ceil(3).saturating_mul(4))
}

/// The patterns of a type as one, over the whole value; none if there is none or one cannot be said.
fn anchored(ty: &SimpleType) -> Option<Node> {
    let steps: Option<Vec<String>> = ty.facets.patterns.iter().map(|step| alternatives(step)).collect();
    let mut steps = steps?;
    let last = steps.pop()?;
    let earlier: String = steps.iter().map(|step| format!("(?=(?:{step})$)")).collect();
    Some(Node::text(format!("^{earlier}(?:{last})$")))
}

fn alternatives(step: &[Pattern]) -> Option<String> {
    let all: Option<Vec<String>> = step.iter().map(Pattern::ecma).collect();
    Some(all?.join("|"))
}
