//! The check of a configuration against the JSON Schema of its types: every fault, in the operator's words.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::config::file::File;
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

/// The JSON Schema of the types.
pub(super) fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>().to_value();
    tidy(&mut schema);
    schema
}

/// A key that is not there is no `null`.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|key, value| !(key == "default" && value.is_null()));
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Tells every fault, and gives the pointers of the values that are spoilt by them.
pub(super) fn check(tree: &Tree, faults: &mut Vec<Diagnostic>) -> Vec<String> {
    let schema = schema();
    let validator = match jsonschema::validator_for(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            faults.push(Diagnostic::error("unusable-schema", None, format!("the schema of the configuration is broken: {error}")));
            return Vec::new();
        }
    };
    let mut spoilt = tree.unresolved.clone();
    for error in validator.iter_errors(&tree.value) {
        Teller { tree, schema: &schema, faults, spoilt: &mut spoilt }.tell(&error);
    }
    spoilt
}

/// Takes the spoilt values out, so that what is left can be looked at further.
pub(super) fn prune(value: &mut Value, spoilt: &[String]) {
    for pointer in spoilt {
        // An item is not taken out of its list, for that would move the others: the list is.
        let mut at = pointer.as_str();
        while let Some((parent, last)) = at.rsplit_once('/') {
            if let Some(Value::Object(members)) = value.pointer_mut(parent) {
                members.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
                break;
            }
            at = parent;
        }
    }
    if let Value::Object(members) = value {
        members.entry("version").or_insert_with(|| Value::from(1));
    }
}

struct Teller<'t> {
    tree: &'t Tree,
    schema: &'t Value,
    faults: &'t mut Vec<Diagnostic>,
    spoilt: &'t mut Vec<String>,
}

impl Teller<'_> {
    fn tell(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let kind = error.kind();
        if self.tree.unresolved.iter().any(|told| told == pointer) {
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
            let key = property.as_str().unwrap_or_default();
            let message = format!("'{key}' is missing: {}", describe(&self.subschema(&join(pointer, key))));
            self.faults.push(Diagnostic::error("missing-key", self.tree.places.key(pointer), message));
            self.spoilt.push(pointer.to_owned());
            return;
        }
        self.spoilt.push(pointer.to_owned());
        let found = found(error.instance(), self.tree.places.is_secret(pointer));
        let expected = self.expected(pointer, kind).unwrap_or_else(|| error.masked().to_string());
        self.faults.push(Diagnostic::error("bad-value", self.tree.places.value(pointer), format!("found {found}, expected {expected}")));
    }

    fn unknown_key(&mut self, pointer: &str, key: &str) {
        let inner = join(pointer, key);
        let place = self.tree.places.key(&inner);
        self.spoilt.push(inner);
        if LATER.iter().any(|(pattern, keys)| fits(pattern, pointer) && keys.contains(&key)) {
            self.faults.push(Diagnostic::error("not-supported-yet", place, format!("'{key}' is not supported yet")));
            return;
        }
        let schema = self.subschema(pointer);
        let known: Vec<&str> =
            schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        let help = match nearest(key, &known) {
            Some(near) => format!("did you mean '{near}'?"),
            None if known.is_empty() => String::from("there is none that could stand here in this version"),
            None => format!("expected one of {}", known.join(", ")),
        };
        self.faults.push(Diagnostic::error("unknown-key", place, format!("unknown key '{key}', {help}")));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the kinds of another crate; those of our schema are here")]
    fn expected(&self, pointer: &str, kind: &Kind) -> Option<String> {
        let schema = self.subschema(pointer);
        let known = || {
            let keys = schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str());
            keys.collect::<Vec<_>>().join(", ")
        };
        Some(match kind {
            Kind::Type { .. } => match schema.get("type").and_then(Value::as_str) {
                Some("object") => format!("a mapping: {}", describe(&schema)),
                Some("array") => format!("a list: {}", describe(&schema)),
                Some("boolean") => String::from("true or false"),
                Some("integer") => String::from("a whole number"),
                Some(_) | None => example(&schema),
            },
            Kind::Enum { options } => {
                let options: Vec<_> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                format!("one of {}", options.join(", "))
            }
            Kind::OneOfNotValid { .. } => {
                let options = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
                let options: Vec<_> = options.filter_map(|option| option.get("const")?.as_str()).collect();
                format!("one of {}", options.join(", "))
            }
            Kind::Pattern { .. } | Kind::MinLength { .. } => example(&schema),
            Kind::Minimum { limit } => format!("at least {limit}"),
            Kind::Maximum { limit } => format!("at most {limit}"),
            Kind::MaxItems { limit: 1 } if pointer.ends_with("/endpoints") => String::from("one (several are not supported yet)"),
            Kind::MaxItems { limit } => format!("at most {limit}"),
            Kind::MinItems { limit } => format!("at least {limit}"),
            Kind::MinProperties { .. } if schema.get("maxProperties").is_none() => format!("at least one: {}", describe(&schema)),
            Kind::MinProperties { .. } | Kind::MaxProperties { .. } => format!("exactly one of {}", known()),
            _ => return None,
        })
    }

    /// The schema of the value at a pointer.
    fn subschema(&self, pointer: &str) -> Value {
        let mut at = self.resolve(self.schema);
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let inner = at.get("properties").and_then(|properties| properties.get(&step));
            let Some(inner) = inner.or_else(|| at.get("additionalProperties")).or_else(|| at.get("items")) else { return Value::Null };
            at = self.resolve(inner);
        }
        at
    }

    /// A schema with what it refers to; its own description goes first.
    fn resolve(&self, schema: &Value) -> Value {
        let mut own = schema.clone();
        let target = own.get("$ref").and_then(Value::as_str).and_then(|reference| self.schema.pointer(reference.strip_prefix('#')?));
        if let (Some(Value::Object(target)), Value::Object(own)) = (target, &mut own) {
            for (key, value) in target {
                own.entry(key).or_insert_with(|| value.clone());
            }
        }
        own
    }
}

/// Whether a pointer has the form of a pattern.
fn fits(pattern: &str, pointer: &str) -> bool {
    let same = |(one, other): (&str, &str)| one == "*" || one == other;
    // The upstream of a service has what the shared ones have.
    let shared = pointer
        .strip_prefix("/services/")
        .and_then(|rest| rest.split_once("/upstream"))
        .filter(|(name, rest)| !name.contains('/') && (rest.is_empty() || rest.starts_with('/')));
    let pointer = shared.map_or_else(|| pointer.to_owned(), |(name, rest)| format!("/upstreams/{name}{rest}"));
    pattern.split('/').count() == pointer.split('/').count() && pattern.split('/').zip(pointer.split('/')).all(same)
}

/// What a value looks like: an example if there is one, else its meaning.
fn example(schema: &Value) -> String {
    match schema.get("examples").and_then(|list| list.get(0)).and_then(Value::as_str) {
        Some(example) => format!("something like \"{example}\""),
        None => describe(schema),
    }
}

/// The meaning of a value.
fn describe(schema: &Value) -> String {
    let description = schema.get("description").and_then(Value::as_str).unwrap_or("text");
    let mut words = description.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    if let Some(first) = words.get_mut(..1)
        && !description.chars().nth(1).is_some_and(char::is_uppercase)
    {
        first.make_ascii_lowercase();
    }
    words
}

/// A value as it is told of.
fn found(value: &Value, secret: bool) -> String {
    match value {
        Value::Null => String::from("nothing"),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(_) if secret => String::from("the value that is referred to"),
        Value::String(text) => format!("'{}'", text.chars().take(60).collect::<String>()),
        Value::Array(items) if items.is_empty() => String::from("an empty list"),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(members) if members.is_empty() => String::from("an empty mapping"),
        Value::Object(members) => format!("a mapping of {}", members.len()),
    }
}
