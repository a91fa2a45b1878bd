//! hexBinary and base64Binary (XML Schema Part 2, sections 3.2.15 and 3.2.16): grammar, length in octets,
//! and comparison of the octets.

/// The octets that a hexBinary text stands for.
pub(crate) fn hex_length(text: &str) -> Option<u64> {
    let good = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then_some(text.len() as u64 / 2)
}

/// The octets that a base64Binary text stands for. Single spaces may stand between any two characters; the bits that
/// the padding leaves over must be zero.
pub(crate) fn base64_length(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    // long texts without white space: all but the last group in one plain pass
    let body = bytes.len().saturating_sub(4) / 4 * 4;
    if bytes[..body].chunks(64).all(are_digits) {
        let tail = text.get(body..)?;
        return if tail.starts_with(' ') && body > 0 {
            slow_base64_length(text)
        } else {
            Some(body as u64 / 4 * 3 + slow_base64_length(tail)?)
        };
    }
    slow_base64_length(text)
}

/// Characters of base64, padding aside; without a branch a byte.
fn are_digits(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |good, byte| good & (byte.is_ascii_alphanumeric() | (*byte == b'+') | (*byte == b'/')))
}

fn slow_base64_length(text: &str) -> Option<u64> {
    let (mut digits, mut padding, mut last, mut spaced) = (0u64, 0u64, 0u8, true);
    for byte in text.bytes() {
        if byte == b' ' {
            if spaced {
                return None;
            }
            spaced = true;
            continue;
        }
        spaced = false;
        if byte == b'=' {
            padding += 1;
        } else {
            if padding > 0 {
                return None;
            }
            last = sextet(byte)?;
            digits += 1;
        }
    }
    if spaced && !text.is_empty() {
        return None;
    }
    let left_over_is_zero = match padding {
        0 => true,
        1 => last & 0b11 == 0,
        2 => last & 0b1111 == 0,
        _ => false,
    };
    let enough = padding == 0 || digits % 4 == 4 - padding;
    ((digits + padding).is_multiple_of(4) && left_over_is_zero && enough).then_some(digits * 6 / 8)
}

pub(super) fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_has_two_digits_an_octet() {
        assert_eq!(hex_length(""), Some(0));
        assert_eq!(hex_length("0fB7"), Some(2));
        for bad in ["0", "0g", "0f b7", "0x0f"] {
            assert_eq!(hex_length(bad), None, "{bad}");
        }
    }

    #[test]
    fn base64_follows_the_grammar() {
        for (good, length) in [
            ("", 0),
            ("AAAA", 3),
            ("AAA=", 2),
            ("AA==", 1),
            ("A A A A", 3),
            ("AA = =", 1),
            ("AQ==", 1),
            ("AAAAAQI=", 5),
            ("AAAA AAAA", 6),
            ("AAAAAAAA AAAA", 9),
            ("AAAAAAAAAA ==", 7),
            ("AAAAAAAAAAAA", 9),
        ] {
            assert_eq!(base64_length(good), Some(length), "{good}");
        }
        for bad in [
            "A",
            "AA",
            "AAA",
            "AAA=AAAA",
            "AB==",
            "AAB=",
            "====",
            "A===",
            "AA  ==",
            "AA-_",
            " AAAA",
            "AAAA ",
            "AAAA=",
            "AAAA====",
            "AAAAAAAA====",
            "AAAAAAAA ",
            "AAAAAAAAA",
            "AAAA  AAAA",
            "AAAAAAAAAB==",
            "AAAA=AAA",
        ] {
            assert_eq!(base64_length(bad), None, "{bad}");
        }
    }
}
