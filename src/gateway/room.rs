//! Room for the bodies that are held in memory at one time, over all cores.
//!
//! A request counts what it holds of its own body and of its reply until the reply has been sent. Small bodies do not count:
//! the number of connections bounds them, and most requests need not touch what the cores share.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// Up to here a body is small.
const SMALL: usize = 64 << 10;

/// A core's view of what all cores hold.
#[derive(Default)]
pub(crate) struct Room {
    held: Arc<AtomicUsize>,
}

/// What one request holds; given back when it is dropped.
pub(crate) struct Share {
    room: Rc<Room>,
    bytes: Cell<usize>,
}

impl Room {
    pub(crate) fn new(held: Arc<AtomicUsize>) -> Rc<Self> {
        Rc::new(Self { held })
    }
}

impl Share {
    pub(crate) fn of(room: &Rc<Room>) -> Self {
        Self { room: Rc::clone(room), bytes: Cell::new(0) }
    }

    /// Holds more of a body that has `length` bytes by now; false if all requests together would hold more than `most`.
    #[must_use]
    pub(crate) fn take(&self, more: usize, length: usize, most: usize) -> bool {
        if length <= SMALL {
            return true;
        }
        let before = self.room.held.fetch_add(more, Ordering::Relaxed);
        self.bytes.set(self.bytes.get() + more);
        before.saturating_add(more) <= most
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.bytes.get() > 0 {
            self.room.held.fetch_sub(self.bytes.get(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_requests_hold_together_is_bounded_and_given_back() {
        let room = Rc::new(Room::default());
        let (first, second) = (Share::of(&room), Share::of(&room));
        assert!(first.take(700_000, 700_000, 1_000_000));
        assert!(!second.take(400_000, 400_000, 1_000_000));
        drop(second);
        assert!(Share::of(&room).take(300_000, 300_000, 1_000_000));
        drop(first);
        assert_eq!(room.held.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn small_bodies_do_not_count() {
        let room = Rc::new(Room::default());
        assert!(Share::of(&room).take(SMALL, SMALL, 0));
    }
}
