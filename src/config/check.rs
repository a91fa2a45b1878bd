//! The check of a configuration against the JSON Schema of its types: every fault, in the operator's words.

use std::borrow::Cow;
use std::collections::HashSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use crate::config::grammar::Grammar;
use crate::config::grammar::Rule;
use crate::config::spoilt::Spoilt;
use crate::config::tree::Tree;
use crate::config::tree::join;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest;

/// Keys that are planned and not built: where they stand (`*` is any name or index), and what they are called.
const LATER: [(&str, &[&str]); 10] = [
    ("", &["admin", "telemetry", "policy_sets"]),
    ("/listeners/*", &["tls", "trusted_proxies"]),
    ("/upstreams/*", &["balance", "health", "retry", "breaker", "pool"]),
    ("/upstreams/*/endpoints/*", &["weight"]),
    ("/upstreams/*/auth", &["username_token", "oauth2"]),
    ("/upstreams/*/tls", &["cert", "key"]),
    ("/services/*", &["xml", "http", "guard", "strict", "soap", "headers"]),
    ("/services/*/wsdl", &["sha256", "imports"]),
    ("/services/*/policies/*", &["use", "addresses", "authenticate", "authorize", "rate", "quota", "cors", "validate"]),
    ("/services/*/*/*", &["transform", "require", "deny", "extract", "set", "choose", "remove", "mask", "envelope"]),
];

/// Tells every fault of the file's form, and notes the values that are spoilt by them.
pub(super) fn check(tree: &Tree, grammar: &Grammar, spoilt: &mut Spoilt, faults: &mut Vec<Diagnostic>) {
    let validator = match jsonschema::validator_for(&grammar.schema) {
        Ok(validator) => validator,
        Err(error) => {
            faults.push(Diagnostic::error("unusable-schema", None, format!("the schema of the configuration is broken: {error}")));
            return;
        }
    };
    let told = tree.unresolved.iter().cloned().collect();
    tree.unresolved.iter().for_each(|pointer| spoilt.add(pointer));
    let mut teller = Teller { tree, grammar, faults, spoilt, told, missing: Vec::new() };
    teller.odd_numbers();
    for error in validator.iter_errors(&tree.value) {
        teller.tell(&error);
    }
    teller.missing_keys();
}

struct Teller<'t> {
    tree: &'t Tree,
    grammar: &'t Grammar,
    faults: &'t mut Vec<Diagnostic>,
    spoilt: &'t mut Spoilt,
    /// Values of which the fault has been told.
    told: HashSet<String>,
    /// Required keys that are not there: what they are missing in, and their names.
    missing: Vec<(String, String)>,
}

impl Teller<'_> {
    fn tell(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let kind = error.kind();
        if self.told.contains(pointer) {
            return;
        }
        if let (Kind::FalseSchema, Some(Value::Object(members))) = (kind, self.tree.value.pointer(pointer)) {
            return members.keys().for_each(|key| self.unknown_key(pointer, key));
        }
        if let Kind::AdditionalProperties { unexpected } = kind {
            for key in unexpected {
                self.unknown_key(pointer, key);
            }
            return;
        }
        if let Kind::Required { property } = kind {
            return self.missing.push((pointer.to_owned(), property.as_str().unwrap_or_default().to_owned()));
        }
        // A key too many that is unknown is told as that; one that is known is no worse for those beside it.
        if matches!(kind, Kind::MaxProperties { limit } if self.known_keys(pointer) <= *limit) {
            return;
        }
        if !matches!(kind, Kind::MaxProperties { .. } | Kind::MaxItems { .. }) {
            self.spoilt.add(pointer);
        }
        let found = self.found(error.instance(), pointer);
        let expected = self.expected(pointer, kind).unwrap_or_else(|| error.masked().to_string());
        let message = format!("found {found}, expected {expected}");
        self.faults.push(Diagnostic::error("bad-value", self.tree.places.value(pointer), message));
    }

    /// How many of the keys in a mapping are known there.
    fn known_keys(&self, pointer: &str) -> u64 {
        let rule = self.grammar.rule(pointer);
        let members = self.tree.value.pointer(pointer).and_then(Value::as_object);
        members.map_or(0, |members| members.keys().filter(|key| rule.property(key).is_some()).count() as u64)
    }

    /// Numbers that no key can hold: too large, or written as if they were no whole ones.
    fn odd_numbers(&mut self) {
        for (pointer, text) in &self.tree.odd_numbers {
            let rule = self.grammar.rule(pointer);
            if rule.kind() != Some("integer") || self.told.contains(pointer) {
                continue;
            }
            let digits = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
            let expected = if digits { range(rule) } else { String::from("a whole number") };
            let message = format!("found {text}, expected {expected}");
            self.faults.push(Diagnostic::error("bad-value", self.tree.places.value(pointer), message));
            self.spoilt.add(pointer);
            self.told.insert(pointer.clone());
        }
    }

    /// Keys that must be there; what was misspelt, or stands there in another form that is to come, is not missing.
    fn missing_keys(&mut self) {
        for (pointer, key) in std::mem::take(&mut self.missing) {
            let inner = join(&pointer, &key);
            let instead = key == "wsdl" && ["xml", "http"].iter().any(|other| self.tree.value.pointer(&join(&pointer, other)).is_some());
            if !self.spoilt.at(&inner) && !instead {
                let message = format!("'{key}' is missing: {}", describe(self.grammar.rule(&inner)));
                self.faults.push(Diagnostic::error("missing-key", self.tree.places.key(&pointer), message));
            }
            self.spoilt.add(inner);
        }
    }

    fn unknown_key(&mut self, pointer: &str, key: &str) {
        let inner = join(pointer, key);
        let place = self.tree.places.key(&inner);
        self.spoilt.add(inner);
        if LATER.iter().any(|(pattern, keys)| fits(pattern, pointer) && keys.contains(&key)) {
            self.faults.push(Diagnostic::error("not-supported-yet", place, format!("'{key}' is not supported yet")));
            return;
        }
        let known = self.grammar.rule(pointer).known();
        let help = match nearest(key, &known) {
            Some(near) => {
                let meant = join(pointer, near);
                if self.tree.value.pointer(&meant).is_none() {
                    self.spoilt.add(meant);
                }
                format!("did you mean '{near}'?")
            }
            None if known.is_empty() => String::from("there is none that could stand here in this version"),
            None => format!("expected one of {}", known.join(", ")),
        };
        self.faults.push(Diagnostic::error("unknown-key", place, format!("unknown key '{key}', {help}")));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the kinds of another crate; those of our schema are here")]
    fn expected(&self, pointer: &str, kind: &Kind) -> Option<String> {
        let rule = self.grammar.rule(pointer);
        Some(match kind {
            Kind::Type { .. } => match rule.kind() {
                Some("object") => format!("a mapping: {}", describe(rule)),
                Some("array") => format!("a list: {}", describe(rule)),
                Some("boolean") => String::from("true or false"),
                Some("integer") => String::from("a whole number"),
                Some(_) | None if is_private(pointer) => format!("text in quotes: {}", describe(rule)),
                Some(_) | None => example(rule),
            },
            Kind::Enum { options } => {
                let options: Vec<_> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                format!("one of {}", options.join(", "))
            }
            Kind::OneOfNotValid { .. } => {
                let options = rule.get("oneOf").and_then(Value::as_array).into_iter().flatten();
                let options: Vec<_> = options.filter_map(|option| option.get("const")?.as_str()).collect();
                format!("one of {}", options.join(", "))
            }
            Kind::Pattern { .. } | Kind::MinLength { .. } => example(rule),
            Kind::Minimum { .. } | Kind::Maximum { .. } => range(rule),
            Kind::MaxItems { limit: 1 } if pointer.ends_with("/endpoints") => String::from("one (several are not supported yet)"),
            Kind::MaxItems { limit } => format!("at most {limit}"),
            Kind::MinItems { limit } => format!("at least {limit}"),
            Kind::MinProperties { .. } if rule.get("maxProperties").is_none() => format!("at least one: {}", describe(rule)),
            Kind::MinProperties { .. } | Kind::MaxProperties { .. } => format!("exactly one of {}", rule.known().join(", ")),
            _ => return None,
        })
    }

    /// A value as it is told of.
    fn found(&self, value: &Value, pointer: &str) -> String {
        match value {
            Value::Null => String::from("nothing"),
            Value::String(_) if self.tree.places.is_secret(pointer) => String::from("the value that is referred to"),
            Value::Bool(_) if is_private(pointer) => String::from("true or false"),
            Value::Number(_) if is_private(pointer) => String::from("a number"),
            Value::String(text) if text.is_empty() => String::from("an empty text"),
            Value::String(_) if is_private(pointer) => String::from("text"),
            Value::String(text) if has_credentials(text) => String::from("a URL with a user name or password"),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => self.tree.odd_numbers.get(pointer).cloned().unwrap_or_else(|| value.to_string()),
            Value::String(text) => format!("'{}'", text.chars().take(60).collect::<String>()),
            Value::Array(items) if items.is_empty() => String::from("an empty list"),
            Value::Array(items) => format!("a list of {}", items.len()),
            Value::Object(members) if members.is_empty() => String::from("an empty mapping"),
            Value::Object(members) => format!("a mapping of {}", members.len()),
        }
    }
}

/// Which numbers are allowed.
fn range(rule: Rule<'_>) -> String {
    match rule.range() {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => String::from("a whole number"),
    }
}

/// Whether a text is a URL that holds a user name or password.
pub(super) fn has_credentials(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    authority.is_some_and(|authority| authority.contains('@'))
}

/// Whether what stands at a pointer may be, or hold, a secret.
fn is_private(pointer: &str) -> bool {
    let shared = shared(pointer);
    let mut steps = shared.split('/').skip(1);
    steps.next() == Some("upstreams") && matches!(steps.nth(1), Some("auth" | "headers"))
}

/// Whether a pointer has the form of a pattern.
fn fits(pattern: &str, pointer: &str) -> bool {
    let same = |(one, other): (&str, &str)| one == "*" || one == other;
    let pointer = shared(pointer);
    pattern.split('/').count() == pointer.split('/').count() && pattern.split('/').zip(pointer.split('/')).all(same)
}

/// The upstream of a service has what the shared ones have: a pointer into one as if it were among these.
fn shared(pointer: &str) -> Cow<'_, str> {
    let own = pointer
        .strip_prefix("/services/")
        .and_then(|rest| rest.split_once("/upstream"))
        .filter(|(name, rest)| !name.contains('/') && (rest.is_empty() || rest.starts_with('/')));
    own.map_or(Cow::Borrowed(pointer), |(name, rest)| Cow::Owned(format!("/upstreams/{name}{rest}")))
}

/// What a value looks like: an example if there is one, else its meaning.
fn example(rule: Rule<'_>) -> String {
    match rule.get("examples").and_then(|list| list.get(0)).and_then(Value::as_str) {
        Some(example) => format!("something like \"{example}\""),
        None => describe(rule),
    }
}

/// The meaning of a value.
fn describe(rule: Rule<'_>) -> String {
    let description = rule.get("description").and_then(Value::as_str).unwrap_or("text");
    let mut words = description.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    if let Some(first) = words.get_mut(..1)
        && !description.chars().nth(1).is_some_and(char::is_uppercase)
    {
        first.make_ascii_lowercase();
    }
    words
}
