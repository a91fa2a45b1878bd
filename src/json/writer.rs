//! Writing JSON: strings escaped, everything else verbatim.

use crate::json::find;

/// Appends a string with its quotes. Escaped are quotes, backslashes and control characters only.
#[inline]
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape(out, text);
    out.push(b'"');
}

/// Appends the content of a string without quotes: a string may be written in pieces.
#[inline]
pub fn escape(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let stop = find::string_stop(bytes, at);
        out.extend_from_slice(bytes.get(at..stop).unwrap_or_default());
        let Some(byte) = bytes.get(stop) else { return };
        write_escape(out, *byte);
        at = stop + 1;
    }
}

#[cold]
fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&digits);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_read_back_by_another_parser() {
        let text: String = (0..0x3000).filter_map(char::from_u32).chain(['\u{2028}', '😀', '\u{10FFFF}']).collect();
        let mut out = Vec::new();
        write_string(&mut out, &text);
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
