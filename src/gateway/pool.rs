//! The idle connections of one core to its upstreams.
//!
//! A connection comes back only after the reply's body has ended; one that was closed meanwhile, or idle for too long,
//! is dropped. Only what is far from its core when it ends (a [`FarLease`]) comes back through a lock.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use rustls::ClientConfig;

use crate::exchange::stage::Endpoint;
use crate::gateway::connect::Sender;
use crate::gateway::connect::connect;

/// The pool of one core.
pub(crate) struct Pool {
    idle: RefCell<BTreeMap<Arc<str>, Vec<Idle>>>,
    returned: Arc<Returned>,
    tls: Arc<ClientConfig>,
}

/// What ended far from its core, by its origin.
type Returned = Mutex<Vec<(Arc<str>, Idle)>>;

struct Idle {
    sender: Sender,
    since: Instant,
    tls: Option<Arc<ClientConfig>>,
}

/// A connection on loan. Dropped, it is closed; given back, it serves the next call.
pub(crate) struct Lease {
    pub(crate) sender: Sender,
    /// It has carried a call before: the upstream may have closed it in the meantime.
    pub(crate) used: bool,
    origin: Arc<str>,
    tls: Option<Arc<ClientConfig>>,
    pool: Rc<Pool>,
}

/// A lease that may leave its core.
pub(crate) struct FarLease {
    sender: Sender,
    origin: Arc<str>,
    tls: Option<Arc<ClientConfig>>,
    home: Arc<Returned>,
}

impl Pool {
    pub(crate) fn new(tls: Arc<ClientConfig>) -> Rc<Self> {
        Rc::new(Self { idle: RefCell::default(), returned: Arc::default(), tls })
    }

    /// An idle connection to the endpoint's origin, if a good one is left; `tls`: whom it must trust and who it must be, where
    /// that is not this pool's own choice.
    pub(crate) async fn idle(
        self: &Rc<Self>,
        endpoint: &Endpoint,
        longest: Duration,
        now: Instant,
        tls: Option<&Arc<ClientConfig>>,
    ) -> Option<Lease> {
        loop {
            let idle = match self.pop(&endpoint.origin, tls) {
                Some(idle) => idle,
                None if self.fetch_returned() => continue,
                None => return None,
            };
            let mut sender = idle.sender;
            if sender.is_closed() || now.saturating_duration_since(idle.since) > longest {
                continue;
            }
            // The last reply's end may not have been noticed by the connection's own task yet.
            if !sender.is_ready() && sender.ready().await.is_err() {
                continue;
            }
            return Some(Lease { sender, used: true, origin: Arc::clone(&endpoint.origin), tls: idle.tls, pool: Rc::clone(self) });
        }
    }

    /// A new connection; `tls`: whom to trust, where that is not this pool's own choice.
    pub(crate) async fn fresh(self: &Rc<Self>, endpoint: &Endpoint, limit: Duration, tls: Option<&Arc<ClientConfig>>) -> io::Result<Lease> {
        let sender = connect(endpoint, tls.unwrap_or(&self.tls), limit).await?;
        Ok(Lease { sender, used: false, origin: Arc::clone(&endpoint.origin), tls: tls.cloned(), pool: Rc::clone(self) })
    }

    /// Drops what has been idle for too long.
    pub(crate) fn sweep(&self, longest: Duration) {
        self.fetch_returned();
        self.idle.borrow_mut().retain(|_, idle| {
            idle.retain(|one| !one.sender.is_closed() && one.since.elapsed() <= longest);
            !idle.is_empty()
        });
    }

    fn pop(&self, origin: &Arc<str>, tls: Option<&Arc<ClientConfig>>) -> Option<Idle> {
        let mut idle = self.idle.borrow_mut();
        let list = idle.get_mut(origin)?;
        let same = |one: &Idle| match (&one.tls, tls) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (Some(_), None) | (None, Some(_)) => false,
        };
        let at = list.iter().rposition(same)?;
        Some(list.swap_remove(at))
    }

    /// Takes home what ended far from here; false if there was nothing.
    fn fetch_returned(&self) -> bool {
        let returned = std::mem::take(&mut *self.returned.lock().unwrap_or_else(PoisonError::into_inner));
        let any = !returned.is_empty();
        for (origin, idle) in returned {
            self.put(origin, idle, usize::MAX);
        }
        any
    }

    fn put(&self, origin: Arc<str>, one: Idle, most: usize) {
        let mut idle = self.idle.borrow_mut();
        if let Some(list) = idle.get_mut(&origin) {
            if list.len() < most {
                list.push(one);
            }
        } else {
            idle.insert(origin, vec![one]);
        }
    }
}

impl Lease {
    /// Puts the connection back; beyond `most` idle ones it is closed.
    pub(crate) fn give_back(self, most: usize) {
        let Self { sender, origin, tls, pool, .. } = self;
        if !sender.is_closed() {
            pool.put(origin, Idle { sender, since: Instant::now(), tls }, most);
        }
    }

    /// The same lease, for a reply whose end may be met on another thread.
    pub(crate) fn far(self) -> FarLease {
        let Self { sender, origin, tls, pool, .. } = self;
        FarLease { sender, origin, tls, home: Arc::clone(&pool.returned) }
    }
}

impl FarLease {
    /// Sends the connection home; beyond `most` that wait there it is closed.
    pub(crate) fn give_back(self, most: usize) {
        let Self { sender, origin, tls, home } = self;
        if sender.is_closed() {
            return;
        }
        let mut returned = home.lock().unwrap_or_else(PoisonError::into_inner);
        if returned.len() < most {
            returned.push((origin, Idle { sender, since: Instant::now(), tls }));
        }
    }
}
