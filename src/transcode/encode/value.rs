//! Simple values: a JSON value becomes the text of a simple type, and is judged by it.
//!
//! Digits are kept; no number passes through a float. A string is never taken for a number, nor a number for a string.

use std::borrow::Cow;

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::schema::simple::JsonForm;
use crate::schema::simple::Prefixes;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::Variety;
use crate::schema::simple::number_from_json;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::report::cut;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::scope::Scope;
use crate::transcode::shape::ValueForm;
use crate::xml::char::is_char;
use crate::xml::char::is_ncname;

impl Prefixes for Scope<'_> {
    fn resolve(&self, prefix: &str) -> Option<&str> {
        Scope::resolve(self, prefix)
    }
}

impl<'d> Encoder<'_, 'd> {
    /// The text of a value in a simple type, or its faults. A prefix that the text needs may be declared on the open tag.
    pub(super) fn lexical(&mut self, ty: SimpleTypeId, value: Value<'d>) -> Option<Cow<'d, str>> {
        let schema = self.schema;
        let form = self.shapes.form(ty);
        let text = self.in_form(form, ty, value)?;
        if form == ValueForm::AnyText {
            return Some(text);
        }
        if schema.simple.is_plain(ty, &text, &self.scope) {
            return Some(text);
        }
        match schema.simple.check(ty, &text, &self.scope) {
            Ok(checked) => Some(match checked.text {
                Cow::Borrowed(same) if same.len() == text.len() => text,
                Cow::Borrowed(changed) => Cow::Owned(changed.to_owned()),
                Cow::Owned(changed) => Cow::Owned(changed),
            }),
            Err(fault) => {
                self.report.at(value, fault.to_string());
                None
            }
        }
    }

    /// The text of a JSON value by the form that its type has in JSON.
    fn in_form(&mut self, form: ValueForm, ty: SimpleTypeId, value: Value<'d>) -> Option<Cow<'d, str>> {
        match form {
            ValueForm::AnyText | ValueForm::Text | ValueForm::Base64 | ValueForm::VerbatimNumber => self.string(value),
            ValueForm::Integer => self.number(JsonForm::Integer, "a number", value),
            ValueForm::Decimal => self.number(JsonForm::Decimal, "a number", value),
            ValueForm::TextInteger => self.text_or_number(JsonForm::Integer, value),
            ValueForm::TextDecimal => self.text_or_number(JsonForm::Decimal, value),
            ValueForm::Float => match value.as_str() {
                Some(text) if matches!(&*text, "INF" | "-INF" | "NaN") => Some(text),
                Some(_) | None => self.number(JsonForm::Float, "a number, or \"INF\", \"-INF\" or \"NaN\"", value),
            },
            ValueForm::Boolean { true_form, false_form } => match value.as_bool() {
                Some(true) => Some(Cow::Borrowed(true_form)),
                Some(false) => Some(Cow::Borrowed(false_form)),
                None => self.wrong_kind(value, "true or false"),
            },
            ValueForm::QName => self.qualified(value),
            ValueForm::List(item) => self.list(item, value),
            ValueForm::Union => self.union(ty, value),
        }
    }

    #[cold]
    fn wrong_kind(&mut self, value: Value<'d>, wanted: &str) -> Option<Cow<'d, str>> {
        let found = match value.kind() {
            Kind::String | Kind::Number | Kind::Bool(_) => format!("{} {}", kind_in_words(value), cut(value.raw())),
            Kind::Null | Kind::Array | Kind::Object => kind_in_words(value).to_owned(),
        };
        self.report.at(value, format!("expected {wanted}, found {found}"));
        None
    }

    fn string(&mut self, value: Value<'d>) -> Option<Cow<'d, str>> {
        if value.kind() == Kind::String { self.characters(value) } else { self.wrong_kind(value, "a string") }
    }

    /// A string without characters that XML cannot hold (XML 1.0, production 2).
    pub(super) fn characters(&mut self, value: Value<'d>) -> Option<Cow<'d, str>> {
        let text = value.as_str()?;
        // Without escapes only U+FFFE and U+FFFF can be there.
        let suspicious = match &text {
            Cow::Borrowed(plain) => !plain.is_ascii(),
            Cow::Owned(_) => true,
        };
        if suspicious && let Some(wrong) = text.chars().find(|c| !is_char(*c)) {
            self.report.at(value, format!("U+{:04X} is no character of XML", u32::from(wrong)));
            return None;
        }
        Some(text)
    }

    fn number(&mut self, form: JsonForm<'_>, wanted: &str, value: Value<'d>) -> Option<Cow<'d, str>> {
        let Some(number) = value.as_number() else { return self.wrong_kind(value, wanted) };
        if self.exact || is_written_so(form, number.as_bytes()) {
            return Some(Cow::Borrowed(number));
        }
        match number_from_json(form, number) {
            Ok(text) => Some(text),
            Err(fault) => {
                self.report.at(value, fault.to_string());
                None
            }
        }
    }

    /// A number as a string, which the type judges as it stands; or as a number.
    fn text_or_number(&mut self, form: JsonForm<'_>, value: Value<'d>) -> Option<Cow<'d, str>> {
        match value.kind() {
            Kind::String => self.characters(value),
            Kind::Number | Kind::Null | Kind::Bool(_) | Kind::Array | Kind::Object => self.number(form, "a number as a string", value),
        }
    }

    /// `{uri}local` with the prefix that the namespace has here.
    fn qualified(&mut self, value: Value<'d>) -> Option<Cow<'d, str>> {
        let text = self.string(value)?;
        let (ns, local) = match text.strip_prefix('{') {
            Some(rest) => rest.split_once('}').unwrap_or(("", "")),
            None => ("", &*text),
        };
        if !is_ncname(local) || (ns.is_empty() && text.starts_with('{')) {
            self.report.at(value, "expected a name as {uri}local");
            return None;
        }
        let prefix = self.scope.prefix(ns, &mut self.out);
        let mut name = Vec::new();
        self.scope.write(&prefix, &mut name);
        name.extend_from_slice(local.as_bytes());
        Some(Cow::Owned(String::from_utf8_lossy(&name).into_owned()))
    }

    fn list(&mut self, item: SimpleTypeId, value: Value<'d>) -> Option<Cow<'d, str>> {
        if value.kind() != Kind::Array {
            return self.wrong_kind(value, "an array");
        }
        let mut text = String::new();
        let mut good = true;
        for one in value.items() {
            let Some(word) = self.lexical(item, one) else {
                good = false;
                continue;
            };
            if word.is_empty() || word.contains([' ', '\t', '\n', '\r']) {
                self.report.at(one, "an item of a list cannot be empty or hold white space");
                good = false;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&word);
        }
        good.then_some(Cow::Owned(text))
    }

    /// By the first member type that accepts: of a number first as it stands, so that `1.0` does not become an integer where
    /// another member keeps it.
    fn union(&mut self, ty: SimpleTypeId, value: Value<'d>) -> Option<Cow<'d, str>> {
        let schema = self.schema;
        let Variety::Union(members) = &schema.simple.get(ty).variety else { return None };
        let outer = self.exact;
        let passes: &[bool] = if outer || value.kind() != Kind::Number { &[outer] } else { &[true, false] };
        for exact in passes {
            self.exact = *exact;
            let found = members.iter().find_map(|member| self.attempt(*member, value));
            self.exact = outer;
            if found.is_some() {
                return found;
            }
        }
        let name = self.schema.simple.get(ty).name.map(|name| self.schema.symbols.name(name).to_string());
        let union = name.map_or_else(|| "the union".to_owned(), |name| format!("the union {name}"));
        self.report.at(value, format!("no member type of {union} accepts {}", cut(value.raw())));
        None
    }

    /// The text of a value in a type, or nothing at all.
    fn attempt(&mut self, ty: SimpleTypeId, value: Value<'d>) -> Option<Cow<'d, str>> {
        let (faults, written, depth) = (self.report.mark(), self.out.len(), self.scope.depth());
        let text = self.lexical(ty, value);
        if text.is_none() {
            self.report.take_back(faults);
            self.out.truncate(written);
            self.scope.leave(depth);
        }
        text
    }
}

/// A number that stands in XML as it stands in JSON, as nearly all do.
#[inline]
fn is_written_so(form: JsonForm<'_>, number: &[u8]) -> bool {
    match form {
        JsonForm::Integer => number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-'),
        JsonForm::Decimal => number.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.')),
        JsonForm::Float => true,
        JsonForm::VerbatimNumber
        | JsonForm::Boolean { .. }
        | JsonForm::Text
        | JsonForm::Base64
        | JsonForm::QName
        | JsonForm::List(_)
        | JsonForm::Union(_) => false,
    }
}
