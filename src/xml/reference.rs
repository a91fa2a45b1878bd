//! References, line ends, and the normalisation of text and attribute values. All off the hot path.

use crate::xml::char::is_char;
use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::find;

/// A reference longer than this is refused: the longest sensible one, `&#x10FFFF;`, has ten characters.
pub(super) const LONGEST_REFERENCE: usize = 64;

/// Where a run is to be normalised by the rules of text or of attribute values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// Line ends only (XML 1.0, section 2.11).
    Text,
    /// Line ends, then tab and line feed to space (section 3.3.3).
    Attribute,
    /// Line ends only and no references.
    CharacterData,
}

/// Appends `raw` to `out`, normalised, references resolved. `offset` is where `raw` stands.
#[cold]
#[inline(never)]
pub(super) fn normalise(raw: &str, rules: Rules, offset: usize, out: &mut String) -> Result<(), Fault> {
    let bytes = raw.as_bytes();
    let mut copied = 0;
    let mut i = 0;
    let copy = |out: &mut String, from: usize, to: usize| out.push_str(raw.get(from..to).unwrap_or_default());
    loop {
        i = find::control_or_ampersand(bytes, i);
        match bytes.get(i).copied().unwrap_or_default() {
            _ if i >= bytes.len() => break,
            b'\r' => {
                copy(out, copied, i);
                out.push(if rules == Rules::Attribute { ' ' } else { '\n' });
                i += if bytes.get(i + 1) == Some(&b'\n') { 2 } else { 1 };
                copied = i;
            }
            b'\n' | b'\t' if rules == Rules::Attribute => {
                copy(out, copied, i);
                out.push(' ');
                i += 1;
                copied = i;
            }
            b'&' if rules != Rules::CharacterData => {
                copy(out, copied, i);
                let (c, length) = resolve(raw.get(i..).unwrap_or_default(), offset + i)?;
                out.push(c);
                i += length;
                copied = i;
            }
            _ => i += 1,
        }
    }
    copy(out, copied, bytes.len());
    Ok(())
}

/// The character of the reference at the beginning of `text`, and the length of the reference.
fn resolve(text: &str, offset: usize) -> Result<(char, usize), Fault> {
    if let Some(predefined) = predefined(text.as_bytes()) {
        return Ok(predefined);
    }
    let head = text.as_bytes().get(..text.len().min(LONGEST_REFERENCE)).unwrap_or_default();
    let Some(end) = memchr::memchr(b';', head) else {
        return Err(unfinished(text, offset));
    };
    let name = text.get(1..end).unwrap_or_default();
    let c = match name.strip_prefix('#') {
        Some(number) => numbered(number, offset)?,
        None => return Err(undefined(name, offset)),
    };
    Ok((c, end + 1))
}

/// The entities that every document may refer to (XML 1.0, section 4.6).
#[inline]
fn predefined(text: &[u8]) -> Option<(char, usize)> {
    match text {
        [_, b'a', b'm', b'p', b';', ..] => Some(('&', 5)),
        [_, b'l', b't', b';', ..] => Some(('<', 4)),
        [_, b'g', b't', b';', ..] => Some(('>', 4)),
        [_, b'q', b'u', b'o', b't', b';', ..] => Some(('"', 6)),
        [_, b'a', b'p', b'o', b's', b';', ..] => Some(('\'', 6)),
        _ => None,
    }
}

fn numbered(number: &str, offset: usize) -> Result<char, Fault> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.bytes().all(|b| char::from(b).is_digit(radix)) {
        return Err(fault("bad-reference", offset, format!("`&#{number};` is no character reference; write `&#233;` or `&#xE9;`")));
    }
    let significant = digits.trim_start_matches('0');
    let code = if significant.is_empty() { 0 } else { u32::from_str_radix(significant, radix).unwrap_or(u32::MAX) };
    char::from_u32(code).filter(|c| is_char(*c)).ok_or_else(|| {
        fault("forbidden-character", offset, format!("the reference `&#{number};` names a character that XML 1.0 does not allow"))
    })
}

fn unfinished(text: &str, offset: usize) -> Fault {
    let name: String = text.chars().skip(1).take_while(|c| c.is_alphanumeric() || "#_.-".contains(*c)).take(16).collect();
    if name.is_empty() {
        fault("bad-reference", offset, "`&` does not begin a reference; write `&amp;` for the character itself")
    } else {
        fault("bad-reference", offset, format!("the reference `&{name}` has no `;` in reach; write `&amp;` for the character `&` itself"))
    }
}

fn undefined(name: &str, offset: usize) -> Fault {
    let plain = crate::xml::char::is_ncname(name);
    if plain {
        let message = format!(
            "the entity `&{name};` is not defined; only lt, gt, amp, quot and apos are, others need a document type declaration, which is not accepted"
        );
        fault("undefined-entity", offset, message)
    } else {
        fault("bad-reference", offset, "`&` does not begin a reference; write `&amp;` for the character itself")
    }
}
