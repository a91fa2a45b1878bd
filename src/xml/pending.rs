//! Whether a token that spans chunks can be complete by now.
//!
//! Without it, a tag that arrives in a thousand chunks would be read a thousand times. The search for its end goes on where
//! it stopped; the token is read when an end was found, and when it has doubled, so that faults are not found late.

/// Below this a token is not read again for its length alone.
const SMALL: usize = 4 << 10;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// Not known, or the token is short.
    Any,
    /// A tag: the first `>` outside quotes; the quote that is open.
    Tag(Option<u8>),
    /// These bytes.
    Bytes(&'static [u8]),
}

/// The token that the last buffer ended in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    /// Absolute offset of the token; none is awaited if it is not that of the next token.
    token: usize,
    end: End,
    /// How far the token was searched.
    searched: usize,
    /// How long it was when it was read last.
    read: usize,
}

impl Default for Pending {
    fn default() -> Self {
        Self { token: usize::MAX, end: End::Any, searched: 0, read: 0 }
    }
}

impl Pending {
    /// Notes that the token `rest` at `offset` is not complete.
    pub(super) fn note(&mut self, offset: usize, rest: &[u8]) {
        if self.token != offset || self.end == End::Any {
            let (end, searched) = match rest {
                [b'<', b'!', b'-', b'-', ..] => (End::Bytes(b"-->"), 4),
                [b'<', b'?', ..] => (End::Bytes(b"?>"), 2),
                [b'<', b'!', ..] | [] | [_] => (End::Any, 0),
                [b'<', b'/', ..] => (End::Bytes(b">"), 2),
                [b'<', ..] => (End::Tag(None), 1),
                _ => (End::Any, 0),
            };
            *self = Self { token: offset, end, searched, read: 0 };
        }
        self.read = rest.len();
    }

    /// Whether it is in vain to read the token `rest` at `offset`.
    pub(super) fn is_waiting(&mut self, offset: usize, rest: &[u8]) -> bool {
        if self.token != offset || self.end == End::Any {
            return false;
        }
        !self.search(rest) && rest.len() < SMALL.max(self.read * 2)
    }

    /// Searches on; true if the token may be complete.
    fn search(&mut self, rest: &[u8]) -> bool {
        loop {
            let new = rest.get(self.searched..).unwrap_or_default();
            match self.end {
                End::Any => return true,
                End::Bytes(end) => {
                    let found = memchr::memmem::find(new, end);
                    self.searched = match found {
                        Some(at) => self.searched + at + end.len(),
                        None => self.searched.max((rest.len() + 1).saturating_sub(end.len())),
                    };
                    return found.is_some();
                }
                End::Tag(open) => {
                    let found = match open {
                        Some(quote) => memchr::memchr(quote, new),
                        None => memchr::memchr3(b'>', b'"', b'\'', new),
                    };
                    let Some(at) = found else {
                        self.searched = rest.len();
                        return false;
                    };
                    self.searched += at + 1;
                    match (open, new.get(at)) {
                        (None, Some(b'>')) => return true,
                        (None, quote) => self.end = End::Tag(quote.copied()),
                        (Some(_), _) => self.end = End::Tag(None),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_awaited_until_its_end_is_there() {
        for (token, size) in
            [("<a b='>' c=\">'\" >", 1), ("<!-- > - -> -- -->", 1), ("<?x > ? ?>", 1), ("</a  >", 1), ("<a b='>' c=\">'\" >", 3)]
        {
            let mut pending = Pending::default();
            let mut length = 2;
            pending.note(7, token.get(..length).expect("ascii").as_bytes());
            while length < token.len() {
                let waiting = pending.is_waiting(7, token.get(..length).expect("ascii").as_bytes());
                if length > 4 {
                    assert!(waiting, "{token} at {length}");
                }
                pending.note(7, token.get(..length).expect("ascii").as_bytes());
                length = token.len().min(length + size);
            }
            assert!(!pending.is_waiting(7, token.as_bytes()), "{token}");
        }
    }

    #[test]
    fn another_token_is_not_awaited() {
        let mut pending = Pending::default();
        pending.note(7, b"<a b");
        assert!(pending.is_waiting(7, b"<a bc"));
        assert!(!pending.is_waiting(8, b"<a bc"));
    }
}
