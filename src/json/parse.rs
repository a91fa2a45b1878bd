//! From text to the nodes of a tape, in one pass without recursion (RFC 8259).

use crate::json::error::JsonError;
use crate::json::find;
use crate::json::limits::Limits;
use crate::json::tape::Kind;
use crate::json::tape::Node;

/// The nodes of a document, and its text.
pub(super) fn parse<'t>(bytes: &'t [u8], limits: &Limits) -> Result<(&'t str, Vec<Node>), JsonError> {
    if bytes.len() > limits.bytes.min(u32::MAX as usize) {
        let message = format!("the document is larger than the {} bytes that are allowed", limits.bytes);
        return Err(JsonError::new("limit-bytes", 0, message));
    }
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(JsonError::new("encoding", error.valid_up_to(), "bytes that are not UTF-8; JSON is sent in UTF-8")),
    };
    let mut parser = Parser { bytes, limits, nodes: Vec::with_capacity(bytes.len() / 9 + 8), outer: Vec::with_capacity(16) };
    // a byte order mark may be ignored (section 8.1)
    parser.document(if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }).map_err(|fault| *fault)?;
    Ok((text, parser.nodes))
}

/// What was read, or the fault: boxed, so that what is read stays in registers.
type Step<T> = Result<T, Box<JsonError>>;

struct Parser<'t> {
    bytes: &'t [u8],
    limits: &'t Limits,
    nodes: Vec<Node>,
    /// What is open round the innermost container.
    outer: Vec<Open>,
}

#[derive(Clone, Copy)]
struct Open {
    node: usize,
    holds: Holds,
    count: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The whole document: one value.
    Document,
    Items,
    Members,
}

/// The document round its value.
const DOCUMENT: Open = Open { node: 0, holds: Holds::Document, count: 0 };

impl Parser<'_> {
    fn document(&mut self, from: usize) -> Step<()> {
        let mut open = DOCUMENT;
        let mut at = self.skip_space(from);
        loop {
            at = match self.bytes.get(at) {
                Some(b'"') => self.string(at)?,
                Some(b'0'..=b'9' | b'-') => self.number(at)?,
                Some(b'{') => {
                    let node = self.enter(Kind::Object, at)?;
                    at = self.skip_space(at + 1);
                    if self.bytes.get(at) != Some(&b'}') {
                        self.outer.push(open);
                        open = Open { node, holds: Holds::Members, count: 1 };
                        at = self.key(at)?;
                        continue;
                    }
                    self.close(node, 0, at + 1)
                }
                Some(b'[') => {
                    let node = self.enter(Kind::Array, at)?;
                    at = self.skip_space(at + 1);
                    if self.bytes.get(at) != Some(&b']') {
                        self.outer.push(open);
                        open = Open { node, holds: Holds::Items, count: 1 };
                        continue;
                    }
                    self.close(node, 0, at + 1)
                }
                Some(b't') => self.word(at, "true", Kind::Bool(true))?,
                Some(b'f') => self.word(at, "false", Kind::Bool(false))?,
                Some(b'n') => self.word(at, "null", Kind::Null)?,
                Some(_) | None => return Err(self.no_value(at)),
            };
            match self.after_value(&mut open, at)? {
                Some(next) => at = next,
                None => return Ok(()),
            }
        }
    }

    /// What follows a value: where the next one begins, or the end of the document.
    #[inline]
    fn after_value(&mut self, open: &mut Open, from: usize) -> Step<Option<usize>> {
        let mut at = from;
        loop {
            at = self.skip_space(at);
            match (self.bytes.get(at), open.holds) {
                (Some(b','), Holds::Members) => {
                    open.count += 1;
                    if open.count as usize > self.limits.members {
                        return Err(self.too_many_members(at));
                    }
                    let next = self.skip_space(at + 1);
                    return self.key(next).map(Some);
                }
                (Some(b','), Holds::Items) => {
                    open.count += 1;
                    return Ok(Some(self.skip_space(at + 1)));
                }
                (Some(b'}'), Holds::Members) | (Some(b']'), Holds::Items) => {
                    at = self.close(open.node, open.count, at + 1);
                    *open = self.outer.pop().unwrap_or(DOCUMENT);
                }
                (None, Holds::Document) => return Ok(None),
                (Some(_), Holds::Document) => return Err(self.expected(at, "the end of the document")),
                (_, Holds::Members) => return Err(self.expected(at, "`,` or `}`")),
                (_, Holds::Items) => return Err(self.expected(at, "`,` or `]`")),
            }
        }
    }

    /// The node of a container that begins here.
    #[inline]
    fn enter(&mut self, kind: Kind, at: usize) -> Step<usize> {
        if self.outer.len() >= self.limits.depth {
            return Err(self.too_deep(at));
        }
        let node = self.nodes.len();
        self.push(kind, at, at, false);
        Ok(node)
    }

    /// The end of a container, behind its bracket.
    #[inline]
    fn close(&mut self, node: usize, count: u32, end: usize) -> usize {
        let next = narrow(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(node) {
            node.to = narrow(end);
            node.next = next;
            node.count = count;
        }
        end
    }

    /// A key, its colon and what space follows: where the value begins.
    #[inline(always)]
    fn key(&mut self, at: usize) -> Step<usize> {
        if self.bytes.get(at) != Some(&b'"') {
            return Err(self.expected(at, "a property name in double quotes"));
        }
        let mut at = self.string(at)?;
        if self.bytes.get(at) != Some(&b':') {
            at = self.skip_space(at);
            if self.bytes.get(at) != Some(&b':') {
                return Err(self.expected(at, "`:` behind the property name"));
            }
        }
        Ok(self.skip_space(at + 1))
    }

    /// A string that begins here: where it ends.
    #[inline(always)]
    fn string(&mut self, from: usize) -> Step<usize> {
        let stop = find::string_stop(self.bytes, from + 1);
        if self.bytes.get(stop) != Some(&b'"') || stop - from >= self.limits.string {
            return self.long_string(from, stop);
        }
        self.push(Kind::String, from, stop + 1, false);
        Ok(stop + 1)
    }

    /// A string with escapes or a fault.
    #[cold]
    fn long_string(&mut self, from: usize, stop: usize) -> Step<usize> {
        let mut i = stop;
        let mut escaped = false;
        loop {
            match self.bytes.get(i) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    i += self.escape(i)?;
                }
                Some(_) | None => return Err(self.bad_string(from, i)),
            }
            i = find::string_stop(self.bytes, i);
        }
        let end = i + 1;
        if end - from > self.limits.string {
            return Err(self.too_long(from));
        }
        self.push(Kind::String, from, end, escaped);
        Ok(end)
    }

    /// The length of the escape at `at`.
    #[cold]
    fn escape(&self, at: usize) -> Step<usize> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
            Some(b'u') => {
                let bad = || JsonError::boxed("syntax", at, "`\\u` is not followed by four hexadecimal digits");
                let lone = || JsonError::boxed("syntax", at, "half of a surrogate pair, which is no character");
                match self.hex(at + 2).ok_or_else(bad)? {
                    0xDC00..=0xDFFF => Err(lone()),
                    0xD800..=0xDBFF => {
                        if self.bytes.get(at + 6..at + 8) != Some(b"\\u") {
                            return Err(lone());
                        }
                        let second = self.hex(at + 8).ok_or_else(bad)?;
                        if matches!(second, 0xDC00..=0xDFFF) { Ok(12) } else { Err(lone()) }
                    }
                    _ => Ok(6),
                }
            }
            Some(_) | None => {
                let message = "`\\` in a string does not begin an escape; write `\\\\` for the character itself";
                Err(JsonError::boxed("syntax", at, message))
            }
        }
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        hex(digits)
    }

    #[inline]
    fn number(&mut self, from: usize) -> Step<usize> {
        let mut i = from + usize::from(self.bytes.get(from) == Some(&b'-'));
        i = match self.bytes.get(i) {
            Some(b'0') => i + 1,
            Some(b'1'..=b'9') => self.digits(i),
            Some(_) | None => return Err(self.bad_number(i, "a digit")),
        };
        if self.bytes.get(i) == Some(&b'.') {
            let end = self.digits(i + 1);
            if end == i + 1 {
                return Err(self.bad_number(end, "a digit behind the point"));
            }
            i = end;
        }
        if matches!(self.bytes.get(i), Some(b'e' | b'E')) {
            i += 1 + usize::from(matches!(self.bytes.get(i + 1), Some(b'+' | b'-')));
            let end = self.digits(i);
            if end == i {
                return Err(self.bad_number(end, "a digit in the exponent"));
            }
            i = end;
        }
        if matches!(self.bytes.get(i), Some(b'0'..=b'9')) {
            return Err(JsonError::boxed("syntax", from, "a number with leading zeros; JSON has none"));
        }
        if i - from > self.limits.string {
            return Err(self.too_long(from));
        }
        self.push(Kind::Number, from, i, false);
        Ok(i)
    }

    #[inline]
    fn digits(&self, at: usize) -> usize {
        let mut i = at;
        while self.bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    }

    fn word(&mut self, from: usize, word: &str, kind: Kind) -> Step<usize> {
        let to = from + word.len();
        if self.bytes.get(from..to) != Some(word.as_bytes()) {
            return Err(self.no_value(from));
        }
        self.push(kind, from, to, false);
        Ok(to)
    }

    #[inline]
    fn push(&mut self, kind: Kind, from: usize, to: usize, escaped: bool) {
        let next = narrow(self.nodes.len() + 1);
        self.nodes.push(Node { kind, escaped, from: narrow(from), to: narrow(to), next, count: 0 });
    }

    #[inline]
    fn skip_space(&self, at: usize) -> usize {
        find::skip_space(self.bytes, at)
    }
}

/// What is wrong, in words.
impl Parser<'_> {
    #[cold]
    fn expected(&self, at: usize, what: &str) -> Box<JsonError> {
        JsonError::boxed("syntax", at, format!("{} where {what} is expected", self.found(at)))
    }

    #[cold]
    fn no_value(&self, at: usize) -> Box<JsonError> {
        let before = self.bytes.get(..at).unwrap_or_default().trim_ascii_end().last();
        match (before, self.bytes.get(at)) {
            (Some(b','), Some(b']')) => JsonError::boxed("syntax", at, "a comma before `]`; the last item has none"),
            (None, None) => JsonError::boxed("syntax", at, "the document is empty where a value is expected"),
            (_, Some(b'\'')) => JsonError::boxed("syntax", at, "a single quote; strings stand in double quotes"),
            _ => self.expected(at, "a value"),
        }
    }

    #[cold]
    fn too_deep(&self, at: usize) -> Box<JsonError> {
        let message = format!("arrays and objects are nested deeper than the {} levels that are allowed", self.limits.depth);
        JsonError::boxed("limit-depth", at, message)
    }

    #[cold]
    fn bad_number(&self, at: usize, what: &str) -> Box<JsonError> {
        JsonError::boxed("syntax", at, format!("{} in a number where {what} is expected", self.found(at)))
    }

    #[cold]
    fn bad_string(&self, from: usize, at: usize) -> Box<JsonError> {
        match self.bytes.get(at) {
            Some(byte) => {
                let message =
                    format!("the control character U+{byte:04X} in a string; write it as an escape, such as `\\n` or `\\u{byte:04x}`");
                JsonError::boxed("syntax", at, message)
            }
            None => JsonError::boxed("syntax", from, "a string that is not closed"),
        }
    }

    #[cold]
    fn too_long(&self, from: usize) -> Box<JsonError> {
        let message = format!("a string or number is longer than the {} bytes that are allowed", self.limits.string);
        JsonError::boxed("limit-string", from, message)
    }

    #[cold]
    fn too_many_members(&self, at: usize) -> Box<JsonError> {
        let message = format!("an object has more than the {} members that are allowed", self.limits.members);
        JsonError::boxed("limit-members", at, message)
    }

    fn found(&self, at: usize) -> String {
        let rest = self.bytes.get(at..).unwrap_or_default();
        match rest.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()) {
            None => "the end of the document".to_owned(),
            Some(c) if c.is_control() => format!("U+{:04X}", u32::from(c)),
            Some(c) if c.is_alphabetic() => {
                let word: String = String::from_utf8_lossy(rest).chars().take_while(|c| c.is_alphanumeric()).take(16).collect();
                format!("`{word}`")
            }
            Some(c) => format!("`{c}`"),
        }
    }
}

/// The characters of a string's content whose escapes were checked.
#[cold]
pub(super) fn unescape(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let (c, length) = escaped(rest.as_bytes().get(at..).unwrap_or_default());
        out.push(c);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn escaped(escape: &[u8]) -> (char, usize) {
    let unit = |at: usize| escape.get(at..at + 4).and_then(hex).unwrap_or_default();
    match escape.get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{C}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => match unit(2) {
            high @ 0xD800..=0xDBFF => {
                let code = 0x10000 + ((high - 0xD800) << 10) + (unit(8) & 0x3FF);
                (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
            }
            code => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
        },
        Some(byte) => (char::from(*byte), 2),
        None => ('\\', 1),
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

/// Offsets and counts fit: the text is at most 4 GiB.
#[inline]
fn narrow(offset: usize) -> u32 {
    offset as u32
}

#[cfg(test)]
mod tests {
    use crate::json::limits::Limits;
    use crate::json::tape::Tape;

    fn fault(text: &[u8], limits: &Limits) -> String {
        match Tape::parse(text, limits) {
            Ok(tape) => panic!("accepted: {:?}", tape.root()),
            Err(error) => format!("{}: {}", error.offset, error.message),
        }
    }

    #[test]
    fn faults_of_form_say_where_and_what_was_expected() {
        let limits = Limits::default();
        for (text, expected) in [
            ("", "0: the document is empty where a value is expected"),
            ("{\"a\" 1}", "5: `1` where `:` behind the property name is expected"),
            ("{\"a\": 1 \"b\": 2}", "8: `\"` where `,` or `}` is expected"),
            ("[1, 2", "5: the end of the document where `,` or `]` is expected"),
            ("[1,]", "3: a comma before `]`; the last item has none"),
            ("{\"a\": 1,}", "8: `}` where a property name in double quotes is expected"),
            ("{'a': 1}", "1: `'` where a property name in double quotes is expected"),
            ("['a']", "1: a single quote; strings stand in double quotes"),
            ("[01]", "1: a number with leading zeros; JSON has none"),
            ("[1.]", "3: `]` in a number where a digit behind the point is expected"),
            ("[.5]", "1: `.` where a value is expected"),
            ("[+1]", "1: `+` where a value is expected"),
            ("[1e]", "3: `]` in a number where a digit in the exponent is expected"),
            ("[-]", "2: `]` in a number where a digit is expected"),
            ("nul", "0: `nul` where a value is expected"),
            ("NaN", "0: `NaN` where a value is expected"),
            ("1 2", "2: `2` where the end of the document is expected"),
            ("\"abc", "0: a string that is not closed"),
            ("\"a\nb\"", "2: the control character U+000A in a string; write it as an escape, such as `\\n` or `\\u000a`"),
            ("\"\\x\"", "1: `\\` in a string does not begin an escape; write `\\\\` for the character itself"),
            ("\"\\u12\"", "1: `\\u` is not followed by four hexadecimal digits"),
            ("\"\\ud800\"", "1: half of a surrogate pair, which is no character"),
            ("\"\\udc00\\ud800\"", "1: half of a surrogate pair, which is no character"),
            ("]", "0: `]` where a value is expected"),
            ("[}", "1: `}` where a value is expected"),
        ] {
            assert_eq!(fault(text.as_bytes(), &limits), expected, "{text}");
        }
        assert_eq!(fault(b"\"\xFF\"", &limits), "1: bytes that are not UTF-8; JSON is sent in UTF-8");
    }

    #[test]
    fn limits_are_enforced_at_the_limit() {
        let limits = Limits { bytes: 100, depth: 3, members: 2, string: 8 };
        for good in ["[[[]]]", "{\"a\":1,\"b\":2}", "\"123456\"", "12345678"] {
            assert!(Tape::parse(good.as_bytes(), &limits).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("[[[[]]]]", "limit-depth"),
            ("{\"a\":1,\"b\":2,\"c\":3}", "limit-members"),
            ("\"1234567\"", "limit-string"),
            ("123456789", "limit-string"),
            (&" ".repeat(101), "limit-bytes"),
        ] {
            assert_eq!(Tape::parse(bad.as_bytes(), &limits).err().map(|e| e.code), Some(code), "{bad}");
        }
        let deep = "[".repeat(1_000_000);
        assert_eq!(Tape::parse(deep.as_bytes(), &Limits::default()).err().map(|e| e.offset), Some(128));
    }

    #[test]
    fn values_are_read_back_as_written() {
        let text = r#" {"a": [1, 2.50e+3, {"b\u00e9\n": "x\ud83d\ude00\/"}], "c": null, "d": true, "a": {}} "#;
        let tape = Tape::parse(text.as_bytes(), &Limits::default()).unwrap();
        let root = tape.root();
        assert_eq!(root.len(), 4);
        let keys: Vec<_> = root.members().map(|m| m.key().into_owned()).collect();
        assert_eq!(keys, ["a", "c", "d", "a"]);
        let items: Vec<_> = root.member("a").unwrap().items().collect();
        assert_eq!(items[1].as_number(), Some("2.50e+3"));
        let inner = items[2].members().next().unwrap();
        assert!(inner.is("bé\n"));
        assert_eq!(inner.value.as_str().unwrap(), "x😀/");
        assert!(root.member("c").unwrap().is_null());
        assert_eq!(root.member("d").unwrap().as_bool(), Some(true));
        let duplicates = root.duplicates();
        assert_eq!(duplicates.len(), 1);
        assert_eq!(&text[duplicates[0].value.span()], "{}");
    }

    #[test]
    fn a_key_written_with_escapes_is_a_duplicate_of_the_plain_one() {
        for padding in [0, 20] {
            let mut text = String::from(r#"{"a": 1, "\u0061": 2"#);
            (0..padding).for_each(|i| text.push_str(&format!(", \"k{i}\": 0")));
            text.push('}');
            let tape = Tape::parse(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(tape.root().duplicates().len(), 1);
        }
    }
}
