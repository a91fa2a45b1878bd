//! How much of a message a policy or a step must see.
//!
//! Each states it per direction; the maximum over all of them decides whether a message can stream.

/// How much of a message must have been read before a decision.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Need {
    /// Method, path, headers, the peer: nothing of the body.
    #[default]
    Http,
    /// The envelope up to the body's first child, with its headers.
    Head,
    /// The whole message.
    Whole,
}

impl Need {
    /// The need of several taken together.
    pub fn of(needs: impl IntoIterator<Item = Self>) -> Self {
        needs.into_iter().max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_need_decides() {
        assert_eq!(Need::of([Need::Http, Need::Whole, Need::Head]), Need::Whole);
        assert_eq!(Need::of([]), Need::Http);
    }
}
