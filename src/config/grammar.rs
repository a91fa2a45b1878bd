//! The grammar of `castile.yaml`: the JSON Schema of its types, and what it says of the value at a pointer.

use schemars::generate::SchemaSettings;
use serde_json::Map;
use serde_json::Value;

use crate::config::file::File;

/// The JSON Schema of the types.
pub(super) struct Grammar {
    pub(super) schema: Value,
}

/// What the grammar says of a value. What stands beside a reference goes before what is referred to.
#[derive(Clone, Copy, Default)]
pub(super) struct Rule<'g> {
    own: Option<&'g Value>,
    target: Option<&'g Value>,
}

impl Grammar {
    pub(super) fn new() -> Self {
        let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>().to_value();
        tidy(&mut schema);
        Self { schema }
    }

    /// The rule of the value at a pointer.
    pub(super) fn rule(&self, pointer: &str) -> Rule<'_> {
        let mut at = self.resolve(&self.schema);
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let Some(inner) = at.property(&step).or_else(|| at.get("additionalProperties")).or_else(|| at.get("items")) else {
                return Rule::default();
            };
            at = self.resolve(inner);
        }
        at
    }

    fn resolve<'g>(&'g self, schema: &'g Value) -> Rule<'g> {
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        Rule { own: Some(schema), target: reference.and_then(|reference| self.schema.pointer(reference)) }
    }

    /// The emptiest value that fits the types, to stand for one that does not.
    pub(super) fn blank(&self, pointer: &str) -> Value {
        let rule = self.rule(pointer);
        match rule.kind() {
            Some("object") => {
                let required: Vec<&str> = rule.required().collect();
                Value::Object(required.into_iter().map(|key| (key.to_owned(), self.blank(&super::join(pointer, key)))).collect())
            }
            Some("array") => Value::Array(Vec::new()),
            Some("integer") => rule.get("minimum").cloned().unwrap_or_else(|| Value::from(0)),
            Some("boolean") => Value::Bool(false),
            Some(_) | None => Value::String(String::new()),
        }
    }
}

impl<'g> Rule<'g> {
    /// A word of the schema.
    pub(super) fn get(self, word: &str) -> Option<&'g Value> {
        self.own.and_then(|own| own.get(word)).or_else(|| self.target.and_then(|target| target.get(word)))
    }

    pub(super) fn kind(self) -> Option<&'g str> {
        self.get("type").and_then(Value::as_str)
    }

    fn properties(self) -> Option<&'g Map<String, Value>> {
        self.get("properties").and_then(Value::as_object)
    }

    pub(super) fn property(self, key: &str) -> Option<&'g Value> {
        self.properties().and_then(|properties| properties.get(key))
    }

    /// The keys that may stand in it.
    pub(super) fn known(self) -> Vec<&'g str> {
        self.properties().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
    }

    /// The keys that must stand in it.
    pub(super) fn required(self) -> impl Iterator<Item = &'g str> {
        self.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether it is a map of names that the operator chooses.
    pub(super) fn is_map(self) -> bool {
        self.get("additionalProperties").is_some_and(Value::is_object)
    }

    /// The least and the greatest number.
    pub(super) fn range(self) -> (Option<&'g Value>, Option<&'g Value>) {
        (self.get("minimum"), self.get("maximum"))
    }
}

/// A key that is not there is no `null`; a number has the bounds of its type, and counts what nothing works without.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|key, value| !(key == "default" && value.is_null()));
            if members.get("format").is_some_and(|format| format == "uint32") {
                members.entry("maximum").or_insert_with(|| Value::from(u32::MAX));
                if members.get("minimum").is_some_and(|least| least == 0) {
                    members.insert(String::from("minimum"), Value::from(1));
                }
            }
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
