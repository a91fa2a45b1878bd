//! A value of a simple type as JSON: numbers with their digits, booleans, strings, arrays for lists.
//!
//! How a type stands in JSON depends on the type alone; a value that the type does not accept is a string.

use std::borrow::Cow;

use crate::json::writer::escape;
use crate::json::writer::write_string;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::number_to_json;
use crate::schema::walk::Value;
use crate::transcode::shape::Shapes;
use crate::transcode::shape::ValueForm;
use crate::xml::event::Scope;
use crate::xml::name::ExpandedName;

/// Simple types, and how they stand in JSON.
#[derive(Clone, Copy)]
pub(super) struct Types<'t> {
    pub(super) simple: &'t SimpleTypes,
    pub(super) shapes: &'t Shapes,
}

/// Writes a value.
#[inline]
pub(super) fn write(out: &mut Vec<u8>, types: Types<'_>, value: &Value<'_>) {
    match value.ty {
        Some(ty) if value.valid => typed(out, types, ty, value.member.unwrap_or(ty), value.text, value.scope),
        Some(_) | None => write_string(out, value.text),
    }
}

#[inline]
fn typed(out: &mut Vec<u8>, types: Types<'_>, ty: SimpleTypeId, member: SimpleTypeId, text: &str, scope: Scope<'_>) {
    match types.shapes.form(ty) {
        ValueForm::AnyText | ValueForm::Text | ValueForm::VerbatimNumber => write_string(out, text),
        ValueForm::Integer | ValueForm::Decimal | ValueForm::Float => number(out, text),
        ValueForm::TextInteger | ValueForm::TextDecimal => text_number(out, text),
        ValueForm::Boolean { .. } => out.extend_from_slice(if matches!(text, "true" | "1") { b"true" } else { b"false" }),
        ValueForm::Base64 => write_string(out, &bare(text)),
        ValueForm::QName => qname(out, text, scope),
        ValueForm::List(item) => list(out, types, item, text, scope),
        ValueForm::Union if member != ty => typed(out, types, member, member, text, scope),
        ValueForm::Union => write_string(out, text),
    }
}

/// A number: verbatim where it is one in JSON, with JSON's grammar restored where not; the special ones as strings.
#[inline]
fn number(out: &mut Vec<u8>, text: &str) {
    if is_plain_number(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    match text {
        "INF" | "-INF" | "NaN" => write_string(out, text),
        _ => match number_to_json(text) {
            Some(number) => out.extend_from_slice(number.as_bytes()),
            None => write_string(out, text),
        },
    }
}

/// A number as a string, in JSON's grammar; one form for each whole number.
fn text_number(out: &mut Vec<u8>, text: &str) {
    let number = number_to_json(text);
    let number = number.as_deref().unwrap_or(text);
    write_string(out, if number == "-0" { "0" } else { number });
}

/// Digits without a leading zero, perhaps a point and digits: the same in JSON.
fn is_plain_number(text: &[u8]) -> bool {
    let digits = |from: usize| text.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = match text.first() {
        Some(b'1'..=b'9') => digits(0),
        Some(b'0') => 1,
        Some(_) | None => return false,
    };
    match text.get(whole) {
        None => true,
        Some(b'.') => whole + 1 < text.len() && whole + 1 + digits(whole + 1) == text.len(),
        Some(_) => false,
    }
}

#[cold]
fn list(out: &mut Vec<u8>, types: Types<'_>, item: SimpleTypeId, text: &str, scope: Scope<'_>) {
    out.push(b'[');
    let items = text.split([' ', '\t', '\n', '\r']).filter(|item| !item.is_empty());
    for (at, one) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match types.simple.check(item, one, &scope) {
            Ok(checked) => typed(out, types, item, checked.member, &checked.text, scope),
            Err(_) => write_string(out, one),
        }
    }
    out.push(b']');
}

/// `{uri}local`.
#[cold]
fn qname(out: &mut Vec<u8>, text: &str, scope: Scope<'_>) {
    let (prefix, local) = text.split_once(':').unwrap_or(("", text));
    match scope.resolve(prefix) {
        Some(ns) => {
            out.push(b'"');
            expanded(out, ExpandedName { ns, local });
            out.push(b'"');
        }
        None => write_string(out, text),
    }
}

/// `{uri}local`, or `local` without namespace, as the content of a string.
pub(super) fn expanded(out: &mut Vec<u8>, name: ExpandedName<'_>) {
    if !name.ns.is_empty() {
        out.push(b'{');
        escape(out, name.ns);
        out.push(b'}');
    }
    escape(out, name.local);
}

/// Without white space.
fn bare(text: &str) -> Cow<'_, str> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    if text.contains(is_space) { Cow::Owned(text.chars().filter(|c| !is_space(*c)).collect()) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use crate::schema::simple::number_to_json;
    use crate::transcode::decode::value::is_plain_number;

    #[test]
    fn plain_numbers_are_those_that_need_no_mending() {
        let pieces = ["", "-", "+", "0", "1", "9", "00", "10", ".", ".0", ".5", "e1", "INF", "NaN"];
        let mut plain = 0;
        for a in pieces {
            for b in pieces {
                for c in pieces {
                    let text = format!("{a}{b}{c}");
                    if is_plain_number(text.as_bytes()) {
                        plain += 1;
                        assert!(serde_json::from_str::<serde_json::Number>(&text).is_ok(), "{text}");
                        assert_eq!(number_to_json(&text).as_deref(), Some(&*text));
                    }
                }
            }
        }
        assert!(plain > 50, "{plain}");
        for mended in ["", ".", "5.", ".5", "00", "01.5", "+1", "1.5e3", "1.5.5", "INF"] {
            assert!(!is_plain_number(mended.as_bytes()), "{mended}");
        }
    }
}
