//! Content codings: gzip and deflate are undone within a limit, so that a bomb ends at it.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::DeflateDecoder;
use flate2::read::MultiGzDecoder;
use flate2::read::ZlibDecoder;
use http::HeaderMap;
use http::header;

/// Why a coded body cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CodingError {
    /// A coding that is not understood here.
    Unknown(String),
    /// More than the limit after decoding.
    TooLarge,
    /// Not what its coding promises.
    Broken(String),
}

/// Whether all of a body is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    Whole,
    /// Its beginning only: what can be decoded of it counts.
    Beginning,
}

/// The body without its content codings.
pub(crate) fn decode<'b>(bytes: &'b [u8], headers: &HeaderMap, limit: usize, extent: Extent) -> Result<Cow<'b, [u8]>, CodingError> {
    let mut body = Cow::Borrowed(bytes);
    for name in names(headers)?.iter().rev() {
        body = Cow::Owned(undo(&body, name, limit, extent)?);
    }
    Ok(body)
}

/// The codings of a body, in the order in which they were applied.
pub(crate) fn names(headers: &HeaderMap) -> Result<Vec<String>, CodingError> {
    let mut names = Vec::new();
    for value in headers.get_all(header::CONTENT_ENCODING) {
        let text = value.to_str().map_err(|_| CodingError::Unknown(String::from("(no text)")))?;
        names.extend(text.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty() && name != "identity"));
    }
    // Each coding may blow the body up again; more than two in a row is nobody's honest message.
    if names.len() > 2 {
        return Err(CodingError::Unknown(names.join(", ")));
    }
    Ok(names)
}

/// Whether a caller takes gzip (RFC 9110 section 12.5.3).
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::ACCEPT_ENCODING) {
        return false;
    }
    let mut codings =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.trim().bytes().all(|byte| matches!(byte, b'0' | b'.')));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// What was packed by gzip, if it is no larger than the limit.
pub(crate) fn unpacked(bytes: &[u8], limit: usize) -> Result<Vec<u8>, CodingError> {
    undo(bytes, "gzip", limit, Extent::Whole)
}

pub(crate) fn broken(error: std::io::Error) -> CodingError {
    CodingError::Broken(error.to_string())
}

fn undo(bytes: &[u8], name: &str, limit: usize, extent: Extent) -> Result<Vec<u8>, CodingError> {
    match name {
        "gzip" | "x-gzip" => take(MultiGzDecoder::new(bytes), limit, extent),
        // HTTP's deflate is zlib's format (RFC 9110 section 8.4.1.2); some send the bare one.
        "deflate" if looks_like_zlib(bytes) => take(ZlibDecoder::new(bytes), limit, extent),
        "deflate" => take(DeflateDecoder::new(bytes), limit, extent),
        other => Err(CodingError::Unknown(other.to_owned())),
    }
}

/// RFC 1950 section 2.2: method 8, and a check over the first two bytes.
pub(crate) fn looks_like_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, flags, ..] if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

fn take(reader: impl Read, limit: usize, extent: Extent) -> Result<Vec<u8>, CodingError> {
    let mut out = Vec::new();
    let outcome = reader.take(limit as u64 + 1).read_to_end(&mut out);
    match (outcome, extent) {
        (Ok(_), Extent::Whole) if out.len() > limit => Err(CodingError::TooLarge),
        (Ok(_) | Err(_), Extent::Beginning) => {
            out.truncate(limit);
            Ok(out)
        }
        (Ok(_), Extent::Whole) => Ok(out),
        (Err(error), Extent::Whole) => Err(broken(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use flate2::write::GzEncoder;
    use flate2::write::ZlibEncoder;
    use http::HeaderValue;
    use std::io::Write;

    fn coded(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(name))])
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn gzip_and_both_forms_of_deflate_are_undone() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"<a/>").expect("memory");
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(b"<a/>").expect("memory");
        for (name, bytes) in [
            ("GZIP", gzip(b"<a/>")),
            ("deflate", zlib.finish().expect("memory")),
            ("deflate", bare.finish().expect("memory")),
            ("identity", b"<a/>".to_vec()),
        ] {
            assert_eq!(decode(&bytes, &coded(name), 100, Extent::Whole).as_deref(), Ok(&b"<a/>"[..]), "{name}");
        }
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let bomb = gzip(&vec![b' '; 1 << 20]);
        assert!(bomb.len() < 5000);
        assert_eq!(decode(&bomb, &coded("gzip"), 1000, Extent::Whole), Err(CodingError::TooLarge));
    }

    #[test]
    fn broken_and_unknown_codings_are_told() {
        let mut bytes = gzip(b"<a>some text</a>");
        bytes.truncate(bytes.len() - 10);
        assert!(matches!(decode(&bytes, &coded("gzip"), 100, Extent::Whole), Err(CodingError::Broken(_))));
        assert_eq!(decode(b"x", &coded("br"), 100, Extent::Whole), Err(CodingError::Unknown("br".into())));
        assert_eq!(decode(b"x", &coded("gzip, gzip, gzip"), 100, Extent::Whole), Err(CodingError::Unknown("gzip, gzip, gzip".into())));
    }

    #[test]
    fn of_a_beginning_what_can_be_decoded_counts() {
        let text: Vec<u8> = (0..20_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let bytes = gzip(&text);
        let part = decode(&bytes[..bytes.len() / 2], &coded("gzip"), text.len(), Extent::Beginning).expect("a beginning").into_owned();
        assert!(part.len() > 1000 && text.starts_with(&part));
    }
}
