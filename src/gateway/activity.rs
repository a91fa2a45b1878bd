//! What the connections of a core are doing, looked at now and then: idle ones, slow ones and those of a gateway that stops
//! are ended.
//!
//! A request pays for it with a few flags. They are set where bytes move and requests begin and end; the clock is read only
//! when somebody looks, one timer a core.

use std::cell::Cell;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::task::Waker;
use std::time::Instant;

use crate::gateway::settings::Times;

/// The connections of a core.
#[derive(Default)]
pub(crate) struct Watch {
    connections: RefCell<HashMap<u64, Rc<Activity>>>,
    next: Cell<u64>,
    stopping: Cell<bool>,
}

/// A connection's place among the watched ones, for as long as it lives.
pub(crate) struct Watched {
    watch: Rc<Watch>,
    number: u64,
    pub(crate) activity: Rc<Activity>,
}

/// What a connection was last seen doing.
pub(crate) struct Activity {
    http2: bool,
    in_flight: Cell<usize>,
    settled: Cell<bool>,
    head: Cell<Head>,
    /// Bytes came or went, or a request ended, since the last look.
    moved: Cell<bool>,
    /// A request began or ended since the last look.
    asked: Cell<bool>,
    still_since: Cell<Instant>,
    quiet_since: Cell<Instant>,
    order: Cell<Order>,
    waker: RefCell<Option<Waker>>,
}

/// The head of a request that is arriving.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    None,
    Begun,
    /// When somebody first looked at it.
    Since(Instant),
}

/// What a connection is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    GoOn,
    /// No more requests; those under way are finished.
    Finish,
    Close,
}

/// A request under way.
pub(crate) struct InFlight {
    activity: Rc<Activity>,
}

impl Watch {
    /// Watches a connection from now on.
    pub(crate) fn begin(self: &Rc<Self>, http2: bool) -> Watched {
        let activity = Rc::new(Activity::new(http2));
        if self.stopping.get() {
            activity.order.set(Order::Finish);
        }
        let number = self.next.get();
        self.next.set(number + 1);
        self.connections.borrow_mut().insert(number, Rc::clone(&activity));
        Watched { watch: Rc::clone(self), number, activity }
    }

    /// Ends what is idle or slow for too long.
    pub(crate) fn look(&self, times: &Times) {
        let now = Instant::now();
        for activity in self.connections.borrow().values() {
            activity.look(now, times);
        }
    }

    /// Lets every connection finish what is under way and end.
    pub(crate) fn finish(&self) {
        self.stopping.set(true);
        for activity in self.connections.borrow().values() {
            activity.order(Order::Finish);
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watch.connections.borrow_mut().remove(&self.number);
    }
}

impl Activity {
    fn new(http2: bool) -> Self {
        let now = Instant::now();
        Self {
            http2,
            in_flight: Cell::new(0),
            settled: Cell::new(true),
            head: Cell::new(Head::None),
            moved: Cell::new(false),
            asked: Cell::new(false),
            still_since: Cell::new(now),
            quiet_since: Cell::new(now),
            order: Cell::new(Order::GoOn),
            waker: RefCell::new(None),
        }
    }

    /// Bytes came: outside a request, they begin one.
    pub(crate) fn came(&self) {
        self.moved.set(true);
        if self.in_flight.get() == 0 && self.head.get() == Head::None {
            self.head.set(Head::Begun);
        }
    }

    /// All that was to be written has gone.
    pub(crate) fn flushed(&self) {
        if self.in_flight.get() == 0 {
            self.settled.set(true);
        }
    }

    /// No request is under way, and nothing of a reply is still to go.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled.get()
    }

    /// Bytes went.
    pub(crate) fn went(&self) {
        self.moved.set(true);
    }

    /// Drives a connection until it ends or is to end; `finish` makes it end after what is under way.
    pub(crate) async fn drive<C: Future>(&self, mut connection: Pin<&mut C>, finish: impl Fn(Pin<&mut C>)) {
        let mut finishing = false;
        poll_fn(|cx| {
            if !self.waker.borrow().as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                *self.waker.borrow_mut() = Some(cx.waker().clone());
            }
            match self.order.get() {
                Order::Finish if !finishing => {
                    finishing = true;
                    finish(connection.as_mut());
                }
                Order::GoOn | Order::Finish => {}
                Order::Close => return Poll::Ready(()),
            }
            connection.as_mut().poll(cx).map(drop)
        })
        .await;
    }

    fn order(&self, order: Order) {
        if self.order.replace(order) != order
            && let Some(waker) = &*self.waker.borrow()
        {
            waker.wake_by_ref();
        }
    }

    fn look(&self, now: Instant, times: &Times) {
        if self.moved.replace(false) {
            self.still_since.set(now);
        }
        if self.asked.replace(false) || self.in_flight.get() > 0 {
            self.quiet_since.set(now);
        }
        let still = now.saturating_duration_since(self.still_since.get());
        let quiet = now.saturating_duration_since(self.quiet_since.get());
        let overdue = match self.head.get() {
            // Longer than any call takes: the caller does not read its reply.
            _ if self.in_flight.get() > 0 => still >= times.body + times.total,
            Head::Begun if !self.http2 => {
                self.head.set(Head::Since(now));
                false
            }
            Head::Since(since) if !self.http2 => now.saturating_duration_since(since) >= times.header,
            // Frames that lead to no request keep an HTTP/2 connection only for so long.
            Head::Begun | Head::Since(_) => quiet >= times.idle + times.header,
            Head::None => still >= times.idle,
        };
        if overdue {
            self.order(Order::Close);
        } else if self.http2 && quiet >= times.idle && self.order.get() == Order::GoOn {
            self.order(Order::Finish);
        }
    }
}

impl InFlight {
    pub(crate) fn begin(activity: &Rc<Activity>) -> Self {
        activity.in_flight.set(activity.in_flight.get() + 1);
        activity.settled.set(false);
        activity.head.set(Head::None);
        activity.asked.set(true);
        Self { activity: Rc::clone(activity) }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.activity.in_flight.set(self.activity.in_flight.get().saturating_sub(1));
        self.activity.moved.set(true);
        self.activity.asked.set(true);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn times() -> Times {
        Times { header: Duration::from_secs(5), idle: Duration::from_secs(75), ..Times::default() }
    }

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_head_that_does_not_end_is_overdue_after_its_time() {
        let (activity, start) = (Activity::new(false), Instant::now());
        activity.came();
        activity.look(after(start, 5), &times());
        assert!(activity.order.get() == Order::GoOn);
        activity.came();
        activity.look(after(start, 10), &times());
        assert!(activity.order.get() == Order::Close);
    }

    #[test]
    fn a_new_head_has_its_own_time() {
        let (activity, start) = (Rc::new(Activity::new(false)), Instant::now());
        activity.came();
        activity.look(after(start, 5), &times());
        drop(InFlight::begin(&activity));
        activity.came();
        activity.look(after(start, 10), &times());
        assert!(activity.order.get() == Order::GoOn);
    }

    #[test]
    fn an_idle_connection_is_closed_and_one_with_requests_is_kept() {
        let (idle, used, start) = (Activity::new(false), Rc::new(Activity::new(false)), Instant::now());
        for look in 1..=16 {
            drop(InFlight::begin(&used));
            idle.look(after(start, look * 5), &times());
            used.look(after(start, look * 5), &times());
        }
        assert!(idle.order.get() == Order::Close && used.order.get() == Order::GoOn);
    }

    #[test]
    fn an_http2_connection_whose_frames_lead_to_no_request_is_finished_then_closed() {
        let (activity, start) = (Activity::new(true), Instant::now());
        let mut orders = Vec::new();
        for look in 1..=17 {
            activity.came();
            activity.look(after(start, look * 5), &times());
            orders.push(activity.order.get());
        }
        assert!(orders[13] == Order::GoOn && orders[14] == Order::Finish && orders[15] == Order::Close);
    }
}
