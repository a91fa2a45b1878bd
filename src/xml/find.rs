//! Where the next byte of interest is: sixteen bytes at a time.
//!
//! Most names, values and runs of text are shorter than a call of memchr pays for. How far to go comes out of a
//! bit mask, without a branch for each byte or word: a branch that depends on lengths is guessed wrong too often.

use wide::u8x16;

/// Bytes looked at in one step.
const LANES: usize = 16;
/// Bytes of text searched sixteen at a time before memchr takes over.
const NEAR: usize = 64;

#[inline(always)]
fn lanes(bytes: &[u8], at: usize) -> Option<u8x16> {
    Some(u8x16::new(*bytes.get(at..)?.first_chunk::<LANES>()?))
}

#[inline(always)]
fn words(bytes: &[u8], at: usize) -> Option<(u64, u64)> {
    let both = u128::from_le_bytes(*bytes.get(at..)?.first_chunk::<LANES>()?);
    Some((both as u64, (both >> 64) as u64))
}

#[inline(always)]
fn equal(lanes: u8x16, byte: u8) -> u8x16 {
    lanes.simd_eq(u8x16::splat(byte))
}

#[inline(always)]
fn at_most(lanes: u8x16, bound: u8) -> u8x16 {
    lanes.min(u8x16::splat(bound)).simd_eq(lanes)
}

#[inline(always)]
fn at_least(lanes: u8x16, bound: u8) -> u8x16 {
    lanes.max(u8x16::splat(bound)).simd_eq(lanes)
}

/// The first byte from `at` on for which `stops` (of sixteen bytes) or `stop` (of one) holds, or the end.
#[inline(always)]
fn search(bytes: &[u8], at: usize, stops: impl Fn(u8x16) -> u8x16, stop: impl Fn(u8) -> bool) -> usize {
    let mut i = at;
    while let Some(next) = lanes(bytes, i) {
        let found = stops(next).to_bitmask();
        if found != 0 {
            return i + found.trailing_zeros() as usize;
        }
        i += LANES;
    }
    search_tail(bytes, i, stop)
}

/// The same where fewer than sixteen bytes are left.
#[inline(always)]
fn search_tail(bytes: &[u8], at: usize, stop: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| stop(*byte)).unwrap_or(rest.len())
}

/// A name as it stands in a buffer: enough of it to compare names of up to 24 bytes as integers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NameKey {
    pub(super) length: usize,
    /// The first eight bytes, zeros behind a shorter name.
    pub(super) first: u64,
    /// The next eight.
    pub(super) second: u64,
    /// The last eight bytes of a name of more than sixteen; otherwise zero.
    pub(super) last: u64,
}

impl NameKey {
    /// Whether equal keys are equal names.
    #[inline]
    pub(super) fn is_whole(&self) -> bool {
        self.length <= 24
    }

    #[inline]
    pub(super) fn hash(&self) -> u64 {
        (self.first ^ self.second.rotate_left(29) ^ self.last.rotate_left(13)).wrapping_mul(0x517C_C1B7_2722_0A95)
    }
}

/// What of the first sixteen bytes belongs to a name of that length, as two words.
const KEPT: [(u64, u64); 16] = {
    let mut kept = [(0, 0); 16];
    let mut length = 1;
    while length < 16 {
        kept[length] = if length < 8 { ((1 << (8 * length)) - 1, 0) } else { (u64::MAX, (1 << (8 * (length - 8))) - 1) };
        length += 1;
    }
    kept
};

/// The name from `at` on: up to the first white space, control, `/`, `>`, `=` or the end.
#[inline(always)]
pub(super) fn name_at(bytes: &[u8], at: usize) -> NameKey {
    match near_name_at(bytes, at) {
        Some(key) => key,
        None => far_name_at(bytes, at),
    }
}

/// The same if the name is shorter than sixteen bytes and the end is not near.
#[inline(always)]
pub(super) fn near_name_at(bytes: &[u8], at: usize) -> Option<NameKey> {
    let (next, (first, second)) = (lanes(bytes, at)?, words(bytes, at)?);
    let stops = name_stops(next).to_bitmask();
    if stops == 0 {
        return None;
    }
    let length = stops.trailing_zeros() as usize & 15;
    let kept = KEPT[length];
    Some(NameKey { length, first: first & kept.0, second: second & kept.1, last: 0 })
}

/// The same for names of 16 bytes and more, or near the end.
#[inline(never)]
fn far_name_at(bytes: &[u8], at: usize) -> NameKey {
    if words(bytes, at).is_none() {
        return short_name_at(bytes, at);
    }
    let end = search(bytes, at + LANES, name_stops, ends_name);
    let (first, second) = words(bytes, at).unwrap_or_default();
    let last = if end > at + LANES { words(bytes, end - LANES).unwrap_or_default().1 } else { 0 };
    NameKey { length: end - at, first, second, last }
}

/// The same where fewer than sixteen bytes are left.
#[cold]
fn short_name_at(bytes: &[u8], at: usize) -> NameKey {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|byte| ends_name(*byte)).unwrap_or(rest.len());
    let both = rest.iter().take(length).rev().fold(0_u128, |both, byte| both << 8 | u128::from(*byte));
    NameKey { length, first: both as u64, second: (both >> 64) as u64, last: 0 }
}

#[inline]
fn ends_name(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'/' | b'>' | b'=')
}

#[inline(always)]
fn name_stops(lanes: u8x16) -> u8x16 {
    at_most(lanes, b' ') | equal(lanes, b'/') | equal(lanes, b'>') | equal(lanes, b'=')
}

/// Whether the `length` bytes at `at` are those at `other`; false too if they are more than 32, or near the end of the buffer.
#[inline(always)]
pub(super) fn is_same_near(bytes: &[u8], at: usize, other: usize, length: usize) -> bool {
    let (Some(a), Some(b)) = (lanes(bytes, at), lanes(bytes, other)) else { return false };
    let same = a.simd_eq(b).to_bitmask();
    if length <= LANES {
        return !same & !(u32::MAX << length) == 0;
    }
    if same != 0xFFFF || length > 2 * LANES {
        return false;
    }
    let (Some(a), Some(b)) = (lanes(bytes, at + length - LANES), lanes(bytes, other + length - LANES)) else { return false };
    a.simd_eq(b).to_bitmask() == 0xFFFF
}

/// The first byte from `at` on that is no white space (nor another control character), or the end.
#[inline]
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    search(bytes, at, |next| at_least(next, b' ' + 1), |byte| byte > b' ')
}

/// The first `<`, `&` or `]` from `at` on, and whether there is nothing but white space (or another control character) before; none if it is not near.
#[inline(always)]
pub(super) fn near_text_stop(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let mut i = at;
    let mut ink = 0;
    while i < at + NEAR {
        let next = lanes(bytes, i)?;
        let stops = (equal(next, b'<') | equal(next, b'&') | equal(next, b']')).to_bitmask();
        let dark = at_least(next, b' ' + 1).to_bitmask();
        if stops != 0 {
            let before = (stops - 1) & !stops;
            return Some((i + stops.trailing_zeros() as usize, ink | dark & before == 0));
        }
        ink |= dark;
        i += LANES;
    }
    None
}

/// The first `<`, `&` or `]` from `at` on, or the end.
#[inline(never)]
pub(super) fn text_stop(bytes: &[u8], at: usize) -> usize {
    memchr::memchr3(b'<', b'&', b']', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |found| at + found)
}

/// The first closing quote, `<`, `&` or control character from `at` on, or the end.
#[inline]
pub(super) fn value_stop(bytes: &[u8], at: usize, quote: u8) -> usize {
    search(
        bytes,
        at,
        |next| equal(next, quote) | equal(next, b'<') | equal(next, b'&') | at_most(next, 0x1F),
        |byte| byte == quote || matches!(byte, b'<' | b'&') || byte < 0x20,
    )
}

/// The first `&` or control character from `at` on, or the end.
#[inline]
pub(super) fn control_or_ampersand(bytes: &[u8], at: usize) -> usize {
    search(bytes, at, |next| equal(next, b'&') | at_most(next, 0x1F), |byte| byte == b'&' || byte < 0x20)
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
                let stop = plain(&|b| b"<&]".contains(&b));
                assert_eq!(text_stop(&bytes, 0), stop, "{special} {place}");
                let near = Some((stop, stop == 0));
                assert_eq!(near_text_stop(&bytes, 0), if stop < 48 { near } else { None }, "{special} {place}");
                assert_eq!(value_stop(&bytes, 0, b'"'), plain(&|b| b < 0x20 || b"\"<&".contains(&b)), "{special} {place}");
                assert_eq!(control_or_ampersand(&bytes, 0), plain(&|b| b < 0x20 || b == b'&'), "{special} {place}");
                let mut spaces = vec![b'\n'; 48];
                spaces[place] = special;
                let expected = spaces.iter().position(|b| *b > b' ').unwrap_or(spaces.len());
                assert_eq!(skip_space(&spaces, 0), expected, "{special} {place}");
                spaces.extend_from_slice(b"<and 15 bytes more");
                let stop = if b"<&]".contains(&special) { place } else { 48 };
                assert_eq!(near_text_stop(&spaces, 0), Some((stop, stop <= expected)), "{special} {place}");
            }
        }
    }

    #[test]
    fn the_key_of_a_name_does_not_depend_on_what_follows() {
        for length in 0..40 {
            let name: String = ('A'..='z').filter(char::is_ascii_alphabetic).take(length).collect();
            let alone = name_at(name.as_bytes(), 0);
            let followed = format!("{name}>and a long rest of the document");
            assert_eq!(alone, name_at(followed.as_bytes(), 0));
            assert_eq!(alone.length, length);
            for place in (0..length).filter(|place| *place < 16 || place + 8 >= length) {
                let mut other = followed.clone().into_bytes();
                other[place] = b'_';
                assert_ne!(name_at(&other, 0), alone, "{length} {place}");
            }
        }
    }

    #[test]
    fn names_are_the_same_if_all_their_bytes_are() {
        for length in 0..40 {
            let name = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst".get(..length).expect("ascii");
            let both = format!("<{name}>{name} and a long rest");
            assert_eq!(is_same_near(both.as_bytes(), 1, length + 2, length), length <= 32, "{both}");
            assert!(!is_same_near(both.as_bytes(), 1, length + 2, length + 1), "{both}");
            for place in 0..length {
                let mut other = both.clone().into_bytes();
                other[1 + place] = b'_';
                assert!(!is_same_near(&other, 1, length + 2, length), "{both} {place}");
            }
        }
    }
}
