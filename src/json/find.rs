//! Where the next byte of interest is, eight bytes at a time.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<8>().map(|chunk| u64::from_le_bytes(*chunk))
}

/// The high bit of the first byte that equals `byte`, which is ASCII, is set, and of no ASCII byte before it.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    (word ^ (ONES * u64::from(byte))).wrapping_sub(ONES)
}

/// The first quote, backslash or control character from `at` on, or the end.
#[inline]
pub(super) fn string_stop(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let mut i = at;
    let (words, last) = rest.as_chunks::<8>();
    for chunk in words {
        let w = u64::from_le_bytes(*chunk);
        let stops = (equal(w, b'"') | equal(w, b'\\') | w.wrapping_sub(ONES * 0x20)) & !w & HIGHS;
        if stops != 0 {
            return i + (stops.trailing_zeros() / 8) as usize;
        }
        i += 8;
    }
    i + last.iter().position(|b| *b == b'"' || *b == b'\\' || *b < 0x20).unwrap_or(last.len())
}

/// The first byte from `at` on that is no white space (RFC 8259, section 2), or the end.
#[inline]
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at).is_some_and(|b| *b > b' ') {
        return at;
    }
    let mut i = at;
    loop {
        match bytes.get(i) {
            Some(b'\n' | b'\r' | b'\t') => i += 1,
            Some(b' ') => {
                i += 1;
                while word(bytes, i) == Some(ONES * 0x20) {
                    i += 8;
                }
            }
            Some(_) | None => return i,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finders_agree_with_a_plain_loop_on_every_byte_and_place() {
        for special in 0..=255_u8 {
            for place in 0..24 {
                let mut bytes = vec![b'x'; 24];
                bytes[place] = special;
                let plain = bytes.iter().position(|b| *b < 0x20 || *b == b'"' || *b == b'\\').unwrap_or(bytes.len());
                assert_eq!(string_stop(&bytes, 0), plain, "{special} {place}");
                let mut spaces = vec![b' '; 24];
                spaces[place] = special;
                let plain = spaces.iter().position(|b| !b" \t\r\n".contains(b)).unwrap_or(spaces.len());
                assert_eq!(skip_space(&spaces, 0), plain, "{special} {place}");
            }
        }
    }
}
