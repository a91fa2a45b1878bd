//! Patterns in the dialect of ECMA-262, for JSON Schema: the same language, or nothing.
//!
//! Classes are written as plain ranges, for dialects differ in `\d`, `\w` and the names of categories; the result means
//! the same with the flag `u`, and to the engines of Python, Java and Rust.

use std::fmt::Write;

use crate::schema::pattern::set::CharSet;
use crate::schema::pattern::syntax::Node;

/// A longer text helps no reader.
const LONGEST: usize = 4_096;
/// The greatest count that engines are known to take.
const MOST_COUNTED: u32 = 50_000;
/// The greatest character.
const LAST: u32 = 0x10_FFFF;

/// The pattern without anchors; none if it would be too long, counts too far, or asks for a character of an empty class.
pub(crate) fn ecma(node: &Node) -> Option<String> {
    let mut out = String::new();
    write(node, &mut out)?;
    Some(out)
}

fn write(node: &Node, out: &mut String) -> Option<()> {
    match node {
        Node::Set(set) => class(set, out)?,
        Node::Sequence(list) => {
            for one in list {
                atom_or_choice(one, out)?;
            }
        }
        Node::Choice(list) => {
            for (at, one) in list.iter().enumerate() {
                if at > 0 {
                    out.push('|');
                }
                write(one, out)?;
            }
        }
        Node::Repeat { node, min, max } => {
            repeated(node, out)?;
            count(*min, *max, out)?;
        }
    }
    (out.len() <= LONGEST).then_some(())
}

/// A member of a sequence: a choice needs parentheses there.
fn atom_or_choice(node: &Node, out: &mut String) -> Option<()> {
    match node {
        Node::Choice(_) => grouped(node, out),
        Node::Set(_) | Node::Sequence(_) | Node::Repeat { .. } => write(node, out),
    }
}

/// What a count follows: anything but a single class needs parentheses there.
fn repeated(node: &Node, out: &mut String) -> Option<()> {
    match node {
        Node::Set(_) => write(node, out),
        Node::Choice(_) | Node::Sequence(_) | Node::Repeat { .. } => grouped(node, out),
    }
}

fn grouped(node: &Node, out: &mut String) -> Option<()> {
    out.push_str("(?:");
    write(node, out)?;
    out.push(')');
    Some(())
}

fn count(min: u32, max: Option<u32>, out: &mut String) -> Option<()> {
    if max.unwrap_or(min) > MOST_COUNTED {
        return None;
    }
    let written = match (min, max) {
        (0, None) => out.write_char('*'),
        (1, None) => out.write_char('+'),
        (0, Some(1)) => out.write_char('?'),
        (min, None) => write!(out, "{{{min},}}"),
        (min, Some(max)) if min == max => write!(out, "{{{min}}}"),
        (min, Some(max)) => write!(out, "{{{min},{max}}}"),
    };
    written.ok()
}

fn class(set: &CharSet, out: &mut String) -> Option<()> {
    let ranges = set.ranges();
    if let [(start, end)] = ranges
        && start == end
    {
        return char::from_u32(*start).map(|c| single(c, out));
    }
    let reaches_end = ranges.last().is_some_and(|(_, end)| *end == LAST);
    let negated = set.negate();
    // `-[` reads like a subtraction of XML Schema.
    if out.ends_with('-') {
        out.pop();
        out.push_str("[-]");
    }
    let (mark, ranges) = if reaches_end && !negated.ranges().is_empty() { ("[^", negated.ranges()) } else { ("[", ranges) };
    out.push_str(mark);
    let before = out.len();
    for (start, end) in ranges {
        let (Some(start), Some(end)) = (bound(*start, 0xE000), bound(*end, 0xD7FF)) else { continue };
        if start > end {
            continue;
        }
        in_class(start, out);
        if start < end {
            if u32::from(end) > u32::from(start) + 1 {
                out.push('-');
            }
            in_class(end, out);
        }
    }
    if out.len() == before {
        return None;
    }
    out.push(']');
    Some(())
}

/// The character, or the nearest one beside the surrogates, which are no characters.
fn bound(point: u32, instead: u32) -> Option<char> {
    char::from_u32(point).or_else(|| char::from_u32(instead))
}

fn single(c: char, out: &mut String) {
    if r"^$\.*+?()[]{}|".contains(c) {
        out.push('\\');
    }
    plain(c, out);
}

fn in_class(c: char, out: &mut String) {
    if r"\]^-[".contains(c) {
        out.push('\\');
    }
    plain(c, out);
}

/// Letters of other scripts and marks by their numbers: as they stand they change the direction of a line, or cannot be seen.
fn plain(c: char, out: &mut String) {
    let point = u32::from(c);
    let visible = c == ' ' || c.is_ascii_graphic() || point > 0xFFFF;
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if visible => out.push(c),
        _ => {
            let _ = write!(out, "\\u{point:04X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::schema::pattern::Pattern;

    fn ecma(source: &str) -> Option<String> {
        Pattern::compile(source).unwrap().ecma()
    }

    #[test]
    fn patterns_keep_their_meaning_in_another_dialect() {
        let rows = [
            ("[A-Z]{2}-x[0-9]{2,4}", "[A-Z]{2}-x[0-9]{2,4}"),
            ("[A-Z]-[0-9]-", "[A-Z][-][0-9]-"),
            ("tram|bus", "tram|bus"),
            ("(a|bc)+d?", "(?:a|bc)+d?"),
            ("[a-z-[aeiou]]+", "[b-df-hj-np-tv-z]+"),
            (".*", "[^\\n\\r]*"),
            ("a.b\\.c$", "a[^\\n\\r]b\\.c\\$"),
            ("[\\-\\]x]{3,}", "[\\-\\]x]{3,}"),
            ("(ab){2}(c{2}){3}", "(?:ab){2}(?:c{2}){3}"),
            ("\\s", "[\\t\\n\\r ]"),
            ("é", "\\u00E9"),
            ("", ""),
        ];
        for (xsd, ecma_form) in rows {
            assert_eq!(ecma(xsd).as_deref(), Some(ecma_form), "{xsd}");
        }
    }

    #[test]
    fn digits_are_those_of_every_script() {
        let form = ecma("\\d").unwrap();
        assert!(form.starts_with("[0-9\\u0660-\\u0669"), "{form}");
    }

    #[test]
    fn what_cannot_be_said_is_left_out() {
        assert_eq!(ecma("a{0,60000}"), None);
        assert_eq!(ecma(&"[\\p{L}]x".repeat(20)), None);
    }
}
