//! JSON Pointers (RFC 6901) as places in error messages: built while walking, rendered as `#/a~1b/0`, not percent-encoded.

use std::fmt;

/// A place in a JSON document; the default is the whole document.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Pointer {
    text: String,
    /// Where each step begins in `text`.
    steps: Vec<u32>,
}

impl Pointer {
    /// Steps down to a member.
    pub fn push_key(&mut self, key: &str) {
        self.begin_step();
        if key.contains(['~', '/']) {
            self.text.push_str(&key.replace('~', "~0").replace('/', "~1"));
        } else {
            self.text.push_str(key);
        }
    }

    /// Steps down to an item.
    pub fn push_index(&mut self, index: usize) {
        self.begin_step();
        self.text.push_str(&index.to_string());
    }

    /// Steps back up; nothing at the root.
    pub fn pop(&mut self) {
        if let Some(start) = self.steps.pop() {
            self.text.truncate(start as usize);
        }
    }

    /// How many steps below the root.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.steps.len()
    }

    fn begin_step(&mut self) {
        self.steps.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.text.push('/');
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_and_steps_taken_back() {
        let mut pointer = Pointer::default();
        assert_eq!(pointer.to_string(), "#");
        pointer.push_key("a/b~c");
        pointer.push_index(10);
        pointer.push_key("{urn:x}y é");
        assert_eq!(pointer.to_string(), "#/a~1b~0c/10/{urn:x}y é");
        pointer.pop();
        pointer.pop();
        assert_eq!(pointer.to_string(), "#/a~1b~0c");
        pointer.pop();
        pointer.pop();
        assert_eq!(pointer.to_string(), "#");
    }
}
