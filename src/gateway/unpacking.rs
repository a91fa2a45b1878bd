//! Content codings undone as the pieces of a body arrive; see [`coding`](crate::gateway::coding) for whole bodies.

use std::io::Write;

use flate2::write::DeflateDecoder;
use flate2::write::MultiGzDecoder;
use flate2::write::ZlibDecoder;
use http::HeaderMap;

use crate::gateway::coding::CodingError;
use crate::gateway::coding::broken;
use crate::gateway::coding::looks_like_zlib;
use crate::gateway::coding::names;

/// Undoes the codings of a body as its pieces arrive.
pub(crate) struct Unpacking {
    /// In the order in which they are undone.
    steps: Vec<Unpack>,
}

/// One coding, its output in the decoder's own buffer.
enum Unpack {
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Zlib(Box<ZlibDecoder<Vec<u8>>>),
    Bare(Box<DeflateDecoder<Vec<u8>>>),
    /// What kind of deflate it is, its first bytes will tell.
    Deflate(Vec<u8>),
}

/// Each coding is undone in parts of this size: what comes out may be a thousand times as long.
const PART: usize = 1 << 10;

impl Unpacking {
    /// Before the first byte of a body with these headers.
    pub(crate) fn new(headers: &HeaderMap) -> Result<Self, CodingError> {
        let step = |name: &String| match name.as_str() {
            "gzip" | "x-gzip" => Ok(Unpack::Gzip(Box::new(MultiGzDecoder::new(Vec::new())))),
            "deflate" => Ok(Unpack::Deflate(Vec::new())),
            other => Err(CodingError::Unknown(other.to_owned())),
        };
        Ok(Self { steps: names(headers)?.iter().rev().map(step).collect::<Result<_, _>>()? })
    }

    /// Undoes a piece and hands what comes out to `take`, part by part.
    pub(crate) fn push<E: From<CodingError>>(&mut self, piece: &[u8], mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        through(&mut self.steps, piece, &mut take)
    }

    /// The body ends with what was pushed; `take` gets what was held back.
    pub(crate) fn finish<E: From<CodingError>>(&mut self, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut steps = self.steps.as_mut_slice();
        while let Some((step, others)) = steps.split_first_mut() {
            let held_back = step.finish()?;
            through(others, &held_back, &mut take)?;
            steps = others;
        }
        Ok(())
    }
}

/// Takes a piece through the steps, each fed in parts, so that what is held at one time stays small however the codings are nested.
fn through<E: From<CodingError>>(steps: &mut [Unpack], piece: &[u8], take: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
    let Some((step, others)) = steps.split_first_mut() else { return take(piece) };
    for part in piece.chunks(PART) {
        through(others, &step.push(part)?, take)?;
    }
    Ok(())
}

impl Unpack {
    fn push(&mut self, piece: &[u8]) -> Result<Vec<u8>, CodingError> {
        if let Self::Deflate(held) = self {
            held.extend_from_slice(piece);
            if held.len() < 2 {
                return Ok(Vec::new());
            }
            let begun = std::mem::take(held);
            *self = if looks_like_zlib(&begun) {
                Self::Zlib(Box::new(ZlibDecoder::new(Vec::new())))
            } else {
                Self::Bare(Box::new(DeflateDecoder::new(Vec::new())))
            };
            return self.push(&begun);
        }
        let outcome = match self {
            Self::Gzip(writer) => writer.write_all(piece).map(|()| std::mem::take(writer.get_mut())),
            Self::Zlib(writer) => writer.write_all(piece).map(|()| std::mem::take(writer.get_mut())),
            Self::Bare(writer) => writer.write_all(piece).map(|()| std::mem::take(writer.get_mut())),
            Self::Deflate(_) => Ok(Vec::new()),
        };
        outcome.map_err(broken)
    }

    fn finish(&mut self) -> Result<Vec<u8>, CodingError> {
        let outcome = match self {
            Self::Gzip(writer) => writer.try_finish().map(|()| std::mem::take(writer.get_mut())),
            Self::Zlib(writer) => writer.try_finish().map(|()| std::mem::take(writer.get_mut())),
            Self::Bare(writer) => writer.try_finish().map(|()| std::mem::take(writer.get_mut())),
            Self::Deflate(_) => Err(std::io::ErrorKind::UnexpectedEof.into()),
        };
        outcome.map_err(broken)
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
    use http::header;

    fn coded(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(name))])
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn pieces_of_any_size_come_out_as_the_whole_does() {
        let text: Vec<u8> = (0..5_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&text).expect("memory");
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(&text).expect("memory");
        let twice = gzip(&gzip(&text));
        for (name, bytes) in [
            ("gzip", gzip(&text)),
            ("deflate", zlib.finish().expect("memory")),
            ("deflate", bare.finish().expect("memory")),
            ("gzip, gzip", twice),
            ("identity", text.clone()),
        ] {
            for size in [1, 5, 4096] {
                let (mut unpacking, mut out) = (Unpacking::new(&coded(name)).expect("known"), Vec::new());
                let mut take = |part: &[u8]| -> Result<(), CodingError> {
                    out.extend_from_slice(part);
                    Ok(())
                };
                for piece in bytes.chunks(size) {
                    unpacking.push(piece, &mut take).expect("sound");
                }
                unpacking.finish(&mut take).expect("complete");
                assert!(out == text, "{name} in pieces of {size}");
            }
        }
    }

    #[test]
    fn a_coded_stream_that_is_cut_is_broken() {
        let bytes = gzip(b"some text that is long enough to be cut");
        let mut unpacking = Unpacking::new(&coded("gzip")).expect("known");
        let ignore = |_: &[u8]| -> Result<(), CodingError> { Ok(()) };
        unpacking.push(&bytes[..bytes.len() - 6], ignore).expect("so far sound");
        assert!(matches!(unpacking.finish(ignore), Err(CodingError::Broken(_))));
    }

    #[test]
    fn a_bomb_in_a_bomb_comes_out_in_parts_that_fit() {
        let bomb = gzip(&gzip(&vec![0_u8; 256 << 20]));
        assert!(bomb.len() < 4096, "{}", bomb.len());
        let mut unpacking = Unpacking::new(&coded("gzip, gzip")).expect("known");
        let (mut largest, mut all) = (0, 0);
        let mut take = |part: &[u8]| -> Result<(), CodingError> {
            largest = largest.max(part.len());
            all += part.len();
            if all > 64 << 20 { Err(CodingError::TooLarge) } else { Ok(()) }
        };
        assert_eq!(unpacking.push(&bomb, &mut take), Err(CodingError::TooLarge));
        assert!(largest < 2 << 20, "{largest}");
    }
}
