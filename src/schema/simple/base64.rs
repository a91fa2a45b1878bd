//! The octets of base64 (RFC 4648 section 4), both ways. The grammar is that of base64Binary, white space left out.

use crate::schema::simple::binary::base64_length;
use crate::schema::simple::binary::sextet;

/// The octets of a text; none if it is no base64. White space anywhere is passed over.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let bare: String;
    let text = if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        bare = text.split_ascii_whitespace().collect();
        &bare
    } else {
        text
    };
    let length = usize::try_from(base64_length(text)?).ok()?;
    let mut out = Vec::with_capacity(length + 3);
    for group in text.as_bytes().chunks(4) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 6 | u32::from(sextet(*byte).unwrap_or(0)));
        let [_, one, two, three] = bits.to_be_bytes();
        out.extend_from_slice(&[one, two, three]);
    }
    out.truncate(length);
    Some(out)
}

/// Appends the text of octets, with padding.
pub fn encode(octets: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.reserve(octets.len().div_ceil(3) * 4);
    for group in octets.chunks(3) {
        let octet = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
        let digit = |shift: u32| DIGITS[(bits >> shift & 63) as usize];
        let mut four = [digit(18), digit(12), digit(6), digit(0)];
        if let Some(padding) = four.get_mut(group.len() + 1..) {
            padding.fill(b'=');
        }
        out.extend_from_slice(&four);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_of_any_length_come_back() {
        for length in 0..70 {
            let octets: Vec<u8> = (0..length).map(|at| u8::try_from(at * 37 % 256).unwrap()).collect();
            let mut text = Vec::new();
            encode(&octets, &mut text);
            assert_eq!(decode(std::str::from_utf8(&text).unwrap()), Some(octets));
        }
    }

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        for (octets, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            let mut out = Vec::new();
            encode(octets.as_bytes(), &mut out);
            assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn line_breaks_are_passed_over_and_other_characters_refused() {
        assert_eq!(decode("Zm9v\r\nYmFy"), Some(b"foobar".to_vec()));
        assert_eq!(decode("Zm9-"), None);
        assert_eq!(decode("Zm9"), None);
    }
}
