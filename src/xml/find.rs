//! Where the next byte of interest is: eight bytes at a time first, memchr for the long rest.
//!
//! Most names, values and runs of text are shorter than a call of memchr pays for.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;
/// Bytes searched eight at a time before memchr takes over.
const NEAR: usize = 32;

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<8>().map(|chunk| u64::from_le_bytes(*chunk))
}

/// The high bit of the first byte of `word` that equals `byte` is set, and of none before it.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    let x = word ^ (ONES * u64::from(byte));
    x.wrapping_sub(ONES) & !x & HIGHS
}

/// The same for the first byte below `bound` (at most 128).
#[inline]
fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGHS
}

#[inline]
fn first(mask: u64) -> usize {
    (mask.trailing_zeros() / 8) as usize
}

/// The end of a name from `at` on: the first white space, control, `/`, `>`, `=` or the end; and a hash of the name.
#[inline]
pub(super) fn name_end(bytes: &[u8], at: usize) -> (usize, u64) {
    let mut hash = 0_u64;
    let mut i = at;
    while let Some(w) = word(bytes, i) {
        let stops = below(w, 0x21) | equal(w, b'/') | equal(w, b'>') | equal(w, b'=');
        if stops != 0 {
            let length = first(stops);
            let kept = if length == 0 { 0 } else { w & (u64::MAX >> (64 - 8 * length)) };
            return (i + length, mix(hash, kept));
        }
        hash = mix(hash, w);
        i += 8;
    }
    let mut kept = 0_u64;
    let mut shift = 0;
    while let Some(&byte) = bytes.get(i) {
        if byte <= b' ' || matches!(byte, b'/' | b'>' | b'=') {
            break;
        }
        kept |= u64::from(byte) << shift;
        shift += 8;
        i += 1;
    }
    (i, mix(hash, kept))
}

#[inline]
fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95)
}

/// The first byte from `at` on that is no white space (nor another control character), or the end.
#[inline]
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let mut i = at;
    while let Some(w) = word(bytes, i) {
        let above = (((w & !HIGHS) + ONES * (0x7F - 0x20)) | w) & HIGHS;
        if above != 0 {
            return i + first(above);
        }
        i += 8;
    }
    while bytes.get(i).is_some_and(|byte| *byte <= b' ') {
        i += 1;
    }
    i
}

/// The first `<`, `&` or `]` from `at` on, or the end.
#[inline]
pub(super) fn text_stop(bytes: &[u8], at: usize) -> usize {
    let mut i = at;
    while i < at + NEAR {
        let Some(w) = word(bytes, i) else { break };
        let stops = equal(w, b'<') | equal(w, b'&') | equal(w, b']');
        if stops != 0 {
            return i + first(stops);
        }
        i += 8;
    }
    memchr::memchr3(b'<', b'&', b']', bytes.get(i..).unwrap_or_default()).map_or(bytes.len(), |found| i + found)
}

/// The first closing quote, `<`, `&` or control character from `at` on, or the end.
#[inline]
pub(super) fn value_stop(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut i = at;
    while let Some(w) = word(bytes, i) {
        let stops = equal(w, quote) | equal(w, b'<') | equal(w, b'&') | below(w, 0x20);
        if stops != 0 {
            return i + first(stops);
        }
        i += 8;
    }
    while bytes.get(i).is_some_and(|b| *b != quote && *b != b'<' && *b != b'&' && *b >= 0x20) {
        i += 1;
    }
    i
}

/// What one pass over a window tells.
pub(super) struct Survey {
    pub(super) forbidden: bool,
    pub(super) ascii: bool,
    pub(super) carriage_return: bool,
}

/// One pass that the compiler vectorises: control characters that XML forbids, carriage returns, non-ASCII.
pub(super) fn survey(bytes: &[u8]) -> Survey {
    let mut forbidden = 0_u8;
    let mut union = 0_u8;
    let mut returns = 0_u8;
    for &byte in bytes {
        let control = u8::from(byte < 0x20);
        let allowed = u8::from(byte == b'\t') | u8::from(byte == b'\n') | u8::from(byte == b'\r');
        forbidden |= control & (allowed ^ 1);
        returns |= u8::from(byte == b'\r');
        union |= byte;
    }
    Survey { forbidden: forbidden != 0, ascii: union < 0x80, carriage_return: returns != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finder_agrees_with_a_plain_loop_on_every_byte_and_place() {
        for special in 0..=255_u8 {
            for place in 0..48 {
                let mut bytes = vec![b'x'; 48];
                bytes[place] = special;
                bytes.push(b'\xFF');
                let plain = |stop: &dyn Fn(u8) -> bool| bytes.iter().position(|b| stop(*b)).unwrap_or(bytes.len());
                assert_eq!(name_end(&bytes, 0).0, plain(&|b| b <= b' ' || b"/>=".contains(&b)), "{special} {place}");
                assert_eq!(text_stop(&bytes, 0), plain(&|b| b"<&]".contains(&b)), "{special} {place}");
                assert_eq!(value_stop(&bytes, 0, b'"'), plain(&|b| b < 0x20 || b"\"<&".contains(&b)), "{special} {place}");
                let mut spaces = vec![b'\n'; 48];
                spaces[place] = special;
                let expected = spaces.iter().position(|b| *b > b' ').unwrap_or(spaces.len());
                assert_eq!(skip_space(&spaces, 0), expected, "{special} {place}");
            }
        }
    }

    #[test]
    fn the_hash_of_a_name_does_not_depend_on_what_follows() {
        for length in 0..20 {
            let name = "abcdefghijklmnopqrst".get(..length).expect("ascii");
            let alone = name_end(name.as_bytes(), 0);
            let followed = name_end(format!("{name}>and a long rest of the document").as_bytes(), 0);
            assert_eq!(alone, followed);
            assert_eq!(alone.0, length);
        }
    }
}
