//! A value of a simple type as JSON: numbers with their digits, booleans, strings, arrays for lists.
//!
//! How a type stands in JSON depends on the type alone; a value that the type does not accept is a string.

use std::borrow::Cow;

use crate::json::writer::escape;
use crate::json::writer::write_string;
use crate::schema::simple::JsonForm;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::number_to_json;
use crate::schema::walk::Value;
use crate::xml::event::Scope;
use crate::xml::name::ExpandedName;

/// Writes a value.
#[inline]
pub(super) fn write(out: &mut Vec<u8>, types: &SimpleTypes, value: &Value<'_>) {
    match value.ty {
        Some(ty) if value.valid => typed(out, types, ty, value.member.unwrap_or(ty), value.text, value.scope),
        Some(_) | None => write_string(out, value.text),
    }
}

#[inline]
fn typed(out: &mut Vec<u8>, types: &SimpleTypes, ty: SimpleTypeId, member: SimpleTypeId, text: &str, scope: Scope<'_>) {
    match types.json_form(ty) {
        JsonForm::Text | JsonForm::VerbatimNumber => write_string(out, text),
        JsonForm::Integer | JsonForm::Decimal | JsonForm::Float => number(out, text),
        JsonForm::Boolean { .. } => out.extend_from_slice(if matches!(text, "true" | "1") { b"true" } else { b"false" }),
        JsonForm::Base64 => write_string(out, &bare(text)),
        JsonForm::QName => qname(out, text, scope),
        JsonForm::List(item) => list(out, types, item, text, scope),
        JsonForm::Union(_) if member != ty => typed(out, types, member, member, text, scope),
        JsonForm::Union(_) => write_string(out, text),
    }
}

/// A number: verbatim where it is one in JSON, with JSON's grammar restored where not; the special ones as strings.
#[inline]
fn number(out: &mut Vec<u8>, text: &str) {
    if is_plain_integer(text.as_bytes()) {
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

/// Digits without a leading zero.
fn is_plain_integer(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'1'..=b'9')) && text.iter().all(u8::is_ascii_digit)
}

#[cold]
fn list(out: &mut Vec<u8>, types: &SimpleTypes, item: SimpleTypeId, text: &str, scope: Scope<'_>) {
    out.push(b'[');
    let items = text.split([' ', '\t', '\n', '\r']).filter(|item| !item.is_empty());
    for (at, one) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match types.check(item, one, &scope) {
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
