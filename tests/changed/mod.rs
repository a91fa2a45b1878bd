//! Changes at random places of a JSON document.

use serde_json::Value;
use serde_json::json;

/// A small generator of numbers (xorshift).
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The same number gives the same row.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}

/// Changes one place of a document.
pub(crate) fn mutate(root: &mut Value, dice: &mut Dice) {
    let mut at = root;
    // Down to a random depth.
    loop {
        let length = at.as_object().map_or(0, serde_json::Map::len) + at.as_array().map_or(0, Vec::len);
        if length == 0 || dice.below(4) == 0 {
            break;
        }
        let chosen = dice.below(length);
        let down = match at {
            Value::Object(members) => members.values().nth(chosen).is_some_and(|value| value.is_object() || value.is_array()),
            Value::Array(items) => items.get(chosen).is_some_and(|value| value.is_object() || value.is_array()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        if !down {
            break;
        }
        at = match at {
            Value::Object(members) => members.values_mut().nth(chosen).unwrap(),
            Value::Array(items) => items.get_mut(chosen).unwrap(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => unreachable!("only containers are entered"),
        };
    }
    match at {
        Value::Object(members) => change_object(members, dice),
        Value::Array(items) => change_array(items, dice),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => *at = other(dice),
    }
}

fn change_object(members: &mut serde_json::Map<String, Value>, dice: &mut Dice) {
    let keys: Vec<String> = members.keys().cloned().collect();
    let Some(key) = keys.get(dice.below(keys.len())).cloned() else {
        members.insert("$nil".to_owned(), Value::Bool(true));
        return;
    };
    match dice.below(7) {
        0 => {
            members.shift_remove(&key);
        }
        1 => {
            members.insert(key, other(dice));
        }
        2 => {
            let value = members.shift_remove(&key).unwrap_or_default();
            members.insert(format!("{key}$2"), value);
        }
        // The value of one member under the name of another.
        3 => {
            let value = members.get(&key).cloned().unwrap_or_default();
            let name = keys[dice.below(keys.len())].clone();
            members.insert(name, value);
        }
        // Last becomes first.
        4 => {
            let value = members.shift_remove(&key).unwrap_or_default();
            members.insert(key, value);
        }
        5 => {
            members.insert("$nil".to_owned(), Value::Bool(true));
        }
        _ => {
            let value = members.get(&key).cloned().unwrap_or_default();
            members.insert(key, Value::Array(vec![value.clone(), value]));
        }
    }
}

fn change_array(items: &mut Vec<Value>, dice: &mut Dice) {
    let at = dice.below(items.len());
    match dice.below(5) {
        0 if !items.is_empty() => {
            items.remove(at);
        }
        1 => {
            let copy = items.get(at).cloned().unwrap_or_default();
            items.insert(at, copy);
        }
        2 => items.push(other(dice)),
        3 => items.reverse(),
        _ if !items.is_empty() => items.swap(0, at),
        _ => items.push(json!({})),
    }
}

fn other(dice: &mut Dice) -> Value {
    let all =
        [json!(null), json!([]), json!({}), json!(""), json!("x"), json!(5), json!(-1.5), json!(true), json!([1, "a"]), json!({"a": 1})];
    all[dice.below(all.len())].clone()
}
