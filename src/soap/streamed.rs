//! A message checked as its pieces arrive, in bounded memory: well-formed to its end, one Body, no Header behind it.
//!
//! The same verdict as that of [`head::whole`](crate::soap::head::whole), late: what was pushed before a fault is gone by then.
//! Where the pieces come from and what becomes of the rest is not known here.

use std::sync::LazyLock;

use crate::soap::envelope::Tracker;
use crate::soap::head::HeadFault;
use crate::xml::event::Event;
use crate::xml::limits::Limits;
use crate::xml::name::Symbols;
use crate::xml::reader::ChunkReader;

/// No schema is asked here.
static NO_SYMBOLS: LazyLock<Symbols> = LazyLock::new(Symbols::default);

/// Larger pieces are taken in parts of this size, which bounds the reader's buffer.
const PART: usize = 16 << 10;

/// A message on its way past.
pub struct Streamed {
    reader: ChunkReader<'static>,
    tracker: Tracker,
    pushed: usize,
}

impl Streamed {
    /// Before the first byte.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self { reader: ChunkReader::new(&NO_SYMBOLS, limits), tracker: Tracker::new(), pushed: 0 }
    }

    /// Takes the next bytes of the message, in UTF-8.
    ///
    /// # Errors
    /// The message is no good; there is no sense in pushing more.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), HeadFault> {
        for part in piece.chunks(PART) {
            self.pushed += part.len();
            self.reader.push(part);
            self.read()?;
        }
        Ok(())
    }

    /// The message ends with what was pushed.
    ///
    /// # Errors
    /// It must not end there.
    pub fn finish(&mut self) -> Result<(), HeadFault> {
        self.reader.finish();
        self.read()?;
        self.tracker.finish(self.pushed).map_err(HeadFault::Envelope)
    }

    fn read(&mut self) -> Result<(), HeadFault> {
        loop {
            let event = self.reader.next().map_err(|error| HeadFault::Xml { error, version: self.tracker.version() })?;
            match event {
                None | Some(Event::Eof) => return Ok(()),
                Some(Event::Start(start)) => {
                    self.tracker.start(start.name(), start.offset()).map_err(HeadFault::Envelope)?;
                }
                Some(Event::End(_)) => {
                    self.tracker.end();
                }
                Some(Event::Text(text)) => {
                    if !text.whitespace_only {
                        self.tracker.text(text.offset()).map_err(HeadFault::Envelope)?;
                    }
                }
                Some(Event::Comment { .. } | Event::Instruction { .. }) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &[u8], size: usize) -> Result<(), HeadFault> {
        let mut streamed = Streamed::new(&Limits::default());
        for piece in text.chunks(size) {
            streamed.push(piece)?;
        }
        streamed.finish()
    }

    const OPEN: &str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>";

    #[test]
    fn the_verdict_is_that_of_the_whole_message_in_pieces_of_any_size() {
        for rest in [
            "<s:Header/><s:Body><a>x&amp;y</a></s:Body></s:Envelope>",
            "<s:Body><a></b></s:Body></s:Envelope>",
            "<s:Body><a/></s:Body><s:Body/></s:Envelope>",
            "<s:Body>text</s:Body></s:Envelope>",
            "<s:Body><a/></s:Body>",
            "<s:Body><a/></s:Body></s:Envelope><more/>",
            "<s:Body><a><![CDATA[ ]]></a></s:Body></s:Envelope><!DOCTYPE a>",
            "</s:Envelope>",
        ] {
            let text = format!("{OPEN}{rest}");
            let whole = crate::soap::head::whole(text.as_bytes(), &Symbols::default(), &Limits::default()).map(|_| ());
            for size in [1, 3, 7, 64, 1000] {
                assert_eq!(judge(text.as_bytes(), size), whole, "{rest} in pieces of {size}");
            }
        }
    }

    #[test]
    fn a_long_text_passes_where_runs_are_unlimited_and_is_not_kept() {
        let mut streamed = Streamed::new(&Limits { bytes: usize::MAX, run: usize::MAX, ..Limits::default() });
        streamed.push(format!("{OPEN}<s:Body><a>").as_bytes()).expect("fine");
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..20 {
            streamed.push(&piece).expect("fine");
        }
        streamed.push(b"</a></s:Body></s:Envelope>").expect("fine");
        assert_eq!(streamed.finish(), Ok(()));
    }
}
