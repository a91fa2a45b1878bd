//! The content of the root part of a multipart body as it arrives: what comes before the next delimiter (RFC 2046 section 5.1.1).

use memchr::memmem;

/// The root part on its way past; the parts behind it are nobody's XML.
#[derive(Debug)]
pub struct RootStream {
    /// Bytes before the root's content.
    before: usize,
    /// A line feed and the delimiter: a carriage return may stand before it.
    end: Vec<u8>,
    /// What may be the beginning of the end.
    held: Vec<u8>,
    ended: bool,
}

impl RootStream {
    /// The root whose content begins at an offset of the body and ends at this boundary.
    #[must_use]
    pub fn new(begin: usize, boundary: &str) -> Self {
        Self { before: begin, end: format!("\n--{boundary}").into_bytes(), held: Vec::new(), ended: false }
    }

    /// Its end has been seen.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// What of the next bytes of the body is certainly content of the root.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let skipped = self.before.min(piece.len());
        self.before -= skipped;
        let piece = piece.get(skipped..).unwrap_or_default();
        if self.ended || piece.is_empty() {
            return Vec::new();
        }
        let mut content = std::mem::take(&mut self.held);
        content.extend_from_slice(piece);
        if let Some(at) = self.find(&content, false) {
            self.end_at(&mut content, at);
            return content;
        }
        // The delimiter's line may be cut anywhere: white space follows the boundary, then the line's end.
        let from = content.len().saturating_sub(self.end.len() + MOST_PADDING);
        let cut = memchr::memchr2(b'\r', b'\n', content.get(from..).unwrap_or_default()).map_or(content.len(), |at| from + at);
        self.held = content.split_off(cut);
        content
    }

    /// The body ends with what was pushed: the rest of the content, if its end is there.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        let mut content = std::mem::take(&mut self.held);
        if !self.ended {
            let at = self.find(&content, true)?;
            self.end_at(&mut content, at);
        }
        Some(content)
    }

    fn end_at(&mut self, content: &mut Vec<u8>, at: usize) {
        self.ended = true;
        content.truncate(at);
        if content.last() == Some(&b'\r') {
            content.pop();
        }
    }

    /// Where the delimiter begins. A longer boundary that begins like this one is none.
    fn find(&self, content: &[u8], last: bool) -> Option<usize> {
        memmem::find_iter(content, &self.end).find(|at| {
            let rest = content.get(at + self.end.len()..).unwrap_or_default();
            let closing = rest.strip_prefix(b"--");
            let rest = closing.unwrap_or(rest);
            let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            match rest.get(blank..) {
                Some([b'\r', b'\n', ..] | [b'\n', ..]) => true,
                Some([]) => last && closing.is_some(),
                Some(_) | None => false,
            }
        })
    }
}

/// White space behind a boundary, its two hyphens and its line end included, that is waited for.
const MOST_PADDING: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn content(body: &[u8], begin: usize, size: usize) -> (Vec<u8>, bool) {
        let mut root = RootStream::new(begin, "b");
        let text = body.chunks(size).flat_map(|piece| root.push(piece)).collect();
        (text, root.is_ended())
    }

    #[test]
    fn the_content_ends_at_the_delimiter_wherever_the_pieces_are_cut() {
        let body = b"--b\r\n\r\n<a>\r\n--bc\r\n--b</a>\r\n--b \r\n\r\nother\r\n--b--\r\n";
        for size in 1..body.len() {
            assert_eq!(content(body, 7, size), (b"<a>\r\n--bc\r\n--b</a>".to_vec(), true), "pieces of {size}");
        }
    }

    #[test]
    fn the_last_delimiter_may_end_the_body() {
        let mut root = RootStream::new(0, "b");
        let mut text = root.push(b"<a/>\r\n--b--");
        text.append(&mut root.finish().expect("an end"));
        assert_eq!(text, b"<a/>");
    }

    #[test]
    fn a_body_without_delimiter_has_no_end() {
        let (text, ended) = content(b"<a>\r\n</a>", 0, 2);
        assert!(b"<a>\r\n</a>".starts_with(&text) && !ended);
        let mut root = RootStream::new(0, "b");
        root.push(b"<a>\r\n--b");
        assert_eq!(root.finish(), None);
    }
}
