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

#[inline]
fn two_words(bytes: &[u8], at: usize) -> Option<(u64, u64)> {
    let both = u128::from_le_bytes(*bytes.get(at..)?.first_chunk::<16>()?);
    Some((both as u64, (both >> 64) as u64))
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
fn first_of(mask: u64) -> usize {
    (mask.trailing_zeros() / 8) as usize
}

/// A name as it stands in a buffer: enough of it to compare names of up to 16 bytes as integers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NameKey {
    pub(super) length: usize,
    /// The first eight bytes; of a shorter name all of it, zeros behind.
    pub(super) first: u64,
    /// The last eight bytes; of a shorter name as `first`.
    pub(super) last: u64,
}

impl NameKey {
    /// Whether equal keys are equal names.
    #[inline]
    pub(super) fn is_whole(&self) -> bool {
        self.length <= 16
    }

    #[inline]
    pub(super) fn hash(&self) -> u64 {
        (self.first ^ self.last.rotate_left(29) ^ self.length as u64).wrapping_mul(0x517C_C1B7_2722_0A95)
    }
}

/// The name from `at` on: up to the first white space, control, `/`, `>`, `=` or the end.
#[inline(always)]
pub(super) fn name_at(bytes: &[u8], at: usize) -> NameKey {
    let Some((first, second)) = two_words(bytes, at) else { return slow_name_at(bytes, at) };
    let stops = name_stops(first);
    if stops != 0 {
        let length = first_of(stops);
        let kept = first & !(u64::MAX << (8 * length));
        return NameKey { length, first: kept, last: kept };
    }
    let stops = name_stops(second);
    if stops == 0 {
        return slow_name_at(bytes, at);
    }
    let tail = first_of(stops);
    // the last eight bytes: what of the second word belongs to the name, and above it what of the first is left
    let last = if tail == 0 { first } else { first >> (8 * tail) | second << (64 - 8 * tail) };
    NameKey { length: 8 + tail, first, last }
}

/// The same for names of 16 bytes and more, and near the end of the buffer.
#[inline(never)]
fn slow_name_at(bytes: &[u8], at: usize) -> NameKey {
    let Some(first) = word(bytes, at) else { return short_name_at(bytes, at) };
    let mut i = at;
    loop {
        let Some(w) = word(bytes, i) else {
            while bytes.get(i).is_some_and(|byte| !ends_name(*byte)) {
                i += 1;
            }
            break;
        };
        let stops = name_stops(w);
        if stops != 0 {
            i += first_of(stops);
            break;
        }
        i += 8;
    }
    if i - at < 8 {
        return short_name_at(bytes, at);
    }
    NameKey { length: i - at, first, last: word(bytes, i - 8).unwrap_or(0) }
}

/// The same where fewer than eight bytes are left.
#[cold]
fn short_name_at(bytes: &[u8], at: usize) -> NameKey {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|byte| ends_name(*byte)).unwrap_or(rest.len());
    let first = rest.iter().take(length).rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    NameKey { length, first, last: first }
}

#[inline]
fn ends_name(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'/' | b'>' | b'=')
}

#[inline]
fn name_stops(word: u64) -> u64 {
    below(word, 0x21) | equal(word, b'/') | equal(word, b'>') | equal(word, b'=')
}

/// Whether the name with this key stands at `at`; the middle of a long one is left to the caller.
#[inline]
pub(super) fn is_name_at(bytes: &[u8], at: usize, key: &NameKey) -> bool {
    if key.length >= 8 {
        return word(bytes, at) == Some(key.first) && word(bytes, at + key.length - 8) == Some(key.last);
    }
    match word(bytes, at) {
        Some(w) => w & !(u64::MAX << (8 * key.length)) == key.first,
        None => short_is_name_at(bytes, at, key),
    }
}

#[cold]
fn short_is_name_at(bytes: &[u8], at: usize, key: &NameKey) -> bool {
    let rest = bytes.get(at..at + key.length).unwrap_or_default();
    rest.len() == key.length && rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)) == key.first
}

/// The first byte from `at` on that is no white space (nor another control character), or the end.
#[inline]
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let mut i = at;
    while let Some((first, second)) = two_words(bytes, i) {
        let above = above_space(first);
        let later = above_space(second);
        if above | later != 0 {
            return i + if above != 0 { first_of(above) } else { 8 + first_of(later) };
        }
        i += 16;
    }
    while bytes.get(i).is_some_and(|byte| *byte <= b' ') {
        i += 1;
    }
    i
}

/// The high bits of all bytes that are above the space.
#[inline]
fn above_space(word: u64) -> u64 {
    (((word & !HIGHS) + ONES * (0x7F - 0x20)) | word) & HIGHS
}

/// The first `<`, `&` or `]` from `at` on, or the end.
#[inline]
pub(super) fn text_stop(bytes: &[u8], at: usize) -> usize {
    let mut i = at;
    while i < at + NEAR {
        let Some((first, second)) = two_words(bytes, i) else { break };
        let stops = text_stops(first);
        let later = text_stops(second);
        if stops | later != 0 {
            return i + if stops != 0 { first_of(stops) } else { 8 + first_of(later) };
        }
        i += 16;
    }
    memchr::memchr3(b'<', b'&', b']', bytes.get(i..).unwrap_or_default()).map_or(bytes.len(), |found| i + found)
}

#[inline]
fn text_stops(word: u64) -> u64 {
    equal(word, b'<') | equal(word, b'&') | equal(word, b']')
}

/// The first closing quote, `<`, `&` or control character from `at` on, or the end.
#[inline]
pub(super) fn value_stop(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut i = at;
    while let Some(w) = word(bytes, i) {
        let stops = equal(w, quote) | equal(w, b'<') | equal(w, b'&') | below(w, 0x20);
        if stops != 0 {
            return i + first_of(stops);
        }
        i += 8;
    }
    while bytes.get(i).is_some_and(|b| *b != quote && *b != b'<' && *b != b'&' && *b >= 0x20) {
        i += 1;
    }
    i
}

/// The first `&` or control character from `at` on, or the end.
#[inline]
pub(super) fn control_or_ampersand(bytes: &[u8], at: usize) -> usize {
    let mut i = at;
    while let Some(w) = word(bytes, i) {
        let stops = equal(w, b'&') | below(w, 0x20);
        if stops != 0 {
            return i + first_of(stops);
        }
        i += 8;
    }
    while bytes.get(i).is_some_and(|b| *b != b'&' && *b >= 0x20) {
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

/// What passes over a window tell; the compiler vectorises them.
pub(super) fn survey(bytes: &[u8]) -> Survey {
    // nearly all text has no control character but the line feed; shifted down by a space, controls are the largest bytes
    let mut largest = 0_u8;
    let mut union = 0_u8;
    for &byte in bytes {
        let shifted = byte.wrapping_sub(b' ');
        let other = if byte == b'\n' { 0 } else { shifted };
        largest = largest.max(other);
        union |= byte;
    }
    let mut survey = Survey { forbidden: false, ascii: union < 0x80, carriage_return: false };
    if largest >= 0_u8.wrapping_sub(b' ') {
        survey_controls(bytes, &mut survey);
    }
    survey
}

fn survey_controls(bytes: &[u8], survey: &mut Survey) {
    let mut forbidden = 0_u8;
    let mut returns = 0_u8;
    for &byte in bytes {
        let allowed = u8::from(byte == b'\t') | u8::from(byte == b'\n') | u8::from(byte == b'\r');
        forbidden |= u8::from(byte < 0x20) & (allowed ^ 1);
        returns |= u8::from(byte == b'\r');
    }
    survey.forbidden = forbidden != 0;
    survey.carriage_return = returns != 0;
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
                assert_eq!(name_at(&bytes, 0).length, plain(&|b| b <= b' ' || b"/>=".contains(&b)), "{special} {place}");
                assert_eq!(text_stop(&bytes, 0), plain(&|b| b"<&]".contains(&b)), "{special} {place}");
                assert_eq!(value_stop(&bytes, 0, b'"'), plain(&|b| b < 0x20 || b"\"<&".contains(&b)), "{special} {place}");
                assert_eq!(control_or_ampersand(&bytes, 0), plain(&|b| b < 0x20 || b == b'&'), "{special} {place}");
                let mut spaces = vec![b'\n'; 48];
                spaces[place] = special;
                let expected = spaces.iter().position(|b| *b > b' ').unwrap_or(spaces.len());
                assert_eq!(skip_space(&spaces, 0), expected, "{special} {place}");
            }
        }
    }

    #[test]
    fn the_key_of_a_name_does_not_depend_on_what_follows() {
        for length in 0..20 {
            let name = "abcdefghijklmnopqrst".get(..length).expect("ascii");
            let alone = name_at(name.as_bytes(), 0);
            let followed = format!("{name}>and a long rest of the document");
            assert_eq!(alone, name_at(followed.as_bytes(), 0));
            assert_eq!(alone.length, length);
            assert!(is_name_at(followed.as_bytes(), 0, &alone) && is_name_at(name.as_bytes(), 0, &alone));
            if (1..=16).contains(&length) {
                assert!(!is_name_at(followed.replacen('a', "b", 1).as_bytes(), 0, &alone));
                assert!(!is_name_at(name.get(..length - 1).expect("ascii").as_bytes(), 0, &alone));
            }
        }
    }
}
