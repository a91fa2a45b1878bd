//! Each rule of the choice, whole and in pieces.

use crate::xml::encoding::StreamDecoder;
use crate::xml::encoding::decode;

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// Text and encoding, or the error; in pieces of every size it must be the same.
fn told(bytes: &[u8], http_charset: Option<&str>) -> Result<(String, &'static str, bool), String> {
    let whole = decode(bytes, http_charset);
    for size in [1, 2, 3, 7, 1000] {
        let mut stream = StreamDecoder::new(http_charset);
        let mut out = Vec::new();
        let pushed = bytes.chunks(size).try_for_each(|piece| stream.push(piece, &mut out)).and_then(|()| stream.finish(&mut out));
        match &whole {
            Ok(decoded) => {
                assert_eq!((pushed, out.as_slice()), (Ok(()), &*decoded.text), "pieces of {size}");
                assert_eq!(stream.warning(), decoded.warning.as_deref());
            }
            Err(error) => assert_eq!(pushed.as_ref().err(), Some(error), "pieces of {size}"),
        }
    }
    whole
        .map(|decoded| (String::from_utf8_lossy(&decoded.text).into_owned(), decoded.encoding, decoded.warning.is_some()))
        .map_err(|error| error.message)
}

fn good(text: &str, encoding: &'static str, warned: bool) -> Result<(String, &'static str, bool), String> {
    Ok((text.to_owned(), encoding, warned))
}

const PLAIN: &str = "<a>Łódź 😀</a>";

#[test]
fn without_any_sign_it_is_utf_8() {
    assert_eq!(told(PLAIN.as_bytes(), None), good(PLAIN, "UTF-8", false));
    assert_eq!(told(b"", None), good("", "UTF-8", false));
    assert_eq!(told(b"<", None), good("<", "UTF-8", false));
}

#[test]
fn a_byte_order_mark_tells_and_goes() {
    let marked = [b"\xEF\xBB\xBF", PLAIN.as_bytes()].concat();
    assert_eq!(told(&marked, None), good(PLAIN, "UTF-8", false));
    for (big, mark, name) in [(true, [0xFE, 0xFF], "UTF-16BE"), (false, [0xFF, 0xFE], "UTF-16LE")] {
        for text in [PLAIN.to_owned(), format!("<?xml version='1.0' encoding='UTF-16'?>{PLAIN}")] {
            let marked = [&mark[..], &utf16(&text, big)].concat();
            assert_eq!(told(&marked, None), good(&text, name, false));
            assert_eq!(told(&marked, Some("utf-16")), good(&text, name, false));
            assert_eq!(told(&marked, Some("iso-8859-1")), good(&text, name, true));
        }
    }
}

#[test]
fn only_the_first_mark_goes() {
    let twice = [b"\xEF\xBB\xBF\xEF\xBB\xBF", PLAIN.as_bytes()].concat();
    assert_eq!(told(&twice, None), good(&format!("\u{FEFF}{PLAIN}"), "UTF-8", false));
}

#[test]
fn a_mark_that_contradicts_the_declaration_is_refused() {
    let text = "<?xml version='1.0' encoding='iso-8859-1'?><a/>";
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    assert!(told(&marked, None).unwrap_err().contains("byte order mark says UTF-8"));
    let marked = [&[0xFF, 0xFE], &utf16("<?xml version='1.0' encoding='utf-8'?><a/>", false)[..]].concat();
    assert!(told(&marked, None).unwrap_err().contains("byte order mark says UTF-16LE"));
    let marked = [&[0xFF, 0xFE], &utf16("<?xml version='1.0' encoding='utf-16be'?><a/>", false)[..]].concat();
    assert!(told(&marked, None).is_err());
}

#[test]
fn utf_16_without_a_mark_is_told_by_its_first_bytes() {
    assert_eq!(told(&utf16(PLAIN, false), None), good(PLAIN, "UTF-16LE", false));
    assert_eq!(told(&utf16(PLAIN, true), None), good(PLAIN, "UTF-16BE", false));
    assert_eq!(told(&utf16(PLAIN, true), Some("utf-16")), good(PLAIN, "UTF-16BE", false));
    assert_eq!(told(&utf16(PLAIN, false), Some("utf-16")), good(PLAIN, "UTF-16LE", false));
}

#[test]
fn the_charset_of_the_transport_wins_over_the_declaration_with_a_warning() {
    let text = "<?xml version='1.0' encoding='utf-16'?><a>ü</a>";
    assert_eq!(told(text.as_bytes(), Some("utf-8")), good(text, "UTF-8", true));
    assert_eq!(told(text.as_bytes(), Some("\"UTF-8\"")), good(text, "UTF-8", true));
    assert!(told(text.as_bytes(), None).unwrap_err().contains("8 bits"));
    assert_eq!(told(b"<a>\xFC</a>", Some("ISO-8859-1")), good("<a>ü</a>", "ISO-8859-1", false));
    assert!(told(b"<a/>", Some("utf-99")).unwrap_err().contains("utf-99"));
}

#[test]
fn a_declared_encoding_is_decoded_and_what_does_not_fit_is_refused() {
    let declared = |name: &str, rest: &[u8]| [format!("<?xml version=\"1.0\" encoding='{name}'?><a>").as_bytes(), rest, b"</a>"].concat();
    for (name, bytes, text) in [
        ("iso-8859-1", &b"\xFC\x85"[..], "ü\u{85}"),
        ("windows-1252", b"\xFC\x85", "ü…"),
        ("windows-1250", b"\xA3\xF3d\x9F", "Łódź"),
        ("iso-8859-2", b"\xA3\xF3d\xBC", "Łódź"),
        ("Shift_JIS", b"\x93\xFA", "日"),
        ("gb2312", b"\xC8\xD5", "日"),
        ("us-ascii", b"x", "x"),
    ] {
        let (decoded, _, warned) = told(&declared(name, bytes), None).unwrap();
        assert!(decoded.ends_with(&format!("<a>{text}</a>")) && !warned, "{name}: {decoded}");
    }
    assert!(told(&declared("us-ascii", b"\xFC"), None).unwrap_err().contains("US-ASCII"));
    assert!(told(&declared("Shift_JIS", b"\xFF"), None).unwrap_err().contains("Shift_JIS"));
    assert!(told(&declared("no-such", b"x"), None).unwrap_err().contains("no-such"));
    assert!(told(&declared("utf-7", b"x"), None).is_err());
}

#[test]
fn broken_utf_16_is_refused() {
    let mut odd = [&[0xFF, 0xFE], &utf16("<a/>", false)[..]].concat();
    odd.push(b' ');
    assert!(told(&odd, None).unwrap_err().contains("UTF-16LE"));
    let lone = [&[0xFE, 0xFF], &utf16("<a>", true)[..], &[0xD8, 0x00], &utf16("</a>", true)].concat();
    assert!(told(&lone, None).unwrap_err().contains("UTF-16BE"));
}

#[test]
fn utf_32_and_ebcdic_are_named() {
    assert!(told(b"<\0\0\0a\0\0\0", None).unwrap_err().contains("UTF-32"));
    assert!(told(b"\xFF\xFE\0\0<\0\0\0", None).unwrap_err().contains("UTF-32"));
    assert!(told(b"\x4C\x6F\xA7\x94\x93", None).unwrap_err().contains("EBCDIC"));
}
