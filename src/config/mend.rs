//! Making a faulty configuration fit its types, so that all that is sound in it can be judged further.
//!
//! An optional key that is spoilt is taken out. What must be there, the items of lists (the others keep their numbers) and what has a
//! name of the operator's choice (which is judged by itself) are replaced by the emptiest value of their type.

use serde_json::Value;

use crate::config::grammar::Grammar;
use crate::config::spoilt::Spoilt;

/// Mends the value of a whole file.
pub(super) fn mend(value: &mut Value, grammar: &Grammar, spoilt: &Spoilt) {
    for pointer in spoilt.iter() {
        let Some((around, last)) = pointer.rsplit_once('/') else {
            *value = grammar.blank(pointer);
            return;
        };
        let rule = grammar.rule(around);
        match value.pointer_mut(around) {
            Some(Value::Object(members)) => {
                let key = last.replace("~1", "/").replace("~0", "~");
                let stays = if rule.property(&key).is_some() {
                    rule.required().any(|required| required == key)
                } else {
                    rule.is_map() && members.contains_key(&key)
                };
                if stays {
                    members.insert(key, grammar.blank(pointer));
                } else {
                    members.shift_remove(&key);
                }
            }
            Some(Value::Array(items)) => {
                if let Some(item) = last.parse::<usize>().ok().and_then(|at| items.get_mut(at)) {
                    *item = grammar.blank(pointer);
                }
            }
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
        }
    }
}
