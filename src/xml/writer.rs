//! Writing XML: escaping, and nothing that would have to know a schema.

/// Appends text content: `&`, `<` and `>` escaped, a carriage return as a reference.
pub fn escape_text(out: &mut Vec<u8>, text: &str) {
    escape(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#13;"),
        _ => None,
    });
}

/// Appends the value of an attribute in double quotes, the quotes left to the caller: tab, line feed and carriage return as
/// references, which a reader does not normalise.
pub fn escape_attribute(out: &mut Vec<u8>, value: &str) {
    escape(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        b'\r' => Some("&#13;"),
        _ => None,
    });
}

#[inline]
fn escape(out: &mut Vec<u8>, text: &str, replacement: impl Fn(u8) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    // All bytes at once, without a branch for each: nearly all texts need nothing.
    if !bytes.iter().fold(false, |found, byte| found | replacement(*byte).is_some()) {
        out.extend_from_slice(bytes);
        return;
    }
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if let Some(with) = replacement(*byte) {
            out.extend_from_slice(bytes.get(copied..at).unwrap_or_default());
            out.extend_from_slice(with.as_bytes());
            copied = at + 1;
        }
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
}
