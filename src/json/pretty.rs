//! JSON laid out for people. Digits and text are copied, never read as values.

/// JSON with two spaces a level; what is empty stays on one line.
#[must_use]
pub fn indent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut level = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut last = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            (in_string, escaped) = match c {
                '\\' if !escaped => (true, true),
                '"' if !escaped => (false, false),
                _ => (true, false),
            };
            last = c;
            continue;
        }
        match c {
            c if c.is_ascii_whitespace() => continue,
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if !matches!(chars.peek(), Some('}' | ']')) {
                    level += 1;
                    break_line(&mut out, level);
                }
            }
            '}' | ']' => {
                if !matches!(last, '{' | '[') {
                    level = level.saturating_sub(1);
                    break_line(&mut out, level);
                }
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, level);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
        last = c;
    }
    out
}

fn break_line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_its_digits_stand() {
        let pretty = indent(r#"{"a":[1.50,{"b":"x, \"{y}\": z"}],"c":{},"d":[]}"#);
        let want = "{\n  \"a\": [\n    1.50,\n    {\n      \"b\": \"x, \\\"{y}\\\": z\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}";
        assert_eq!(pretty, want);
    }
}
