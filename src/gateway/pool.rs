//! The idle connections of one core to its upstreams.
//!
//! A connection comes back only after the reply's body has ended; one that was closed meanwhile, or idle for too long,
//! is dropped. Nothing here is shared between cores.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use rustls::ClientConfig;

use crate::exchange::stage::Endpoint;
use crate::gateway::connect::Sender;
use crate::gateway::connect::connect;

/// The pool of one core.
pub(crate) struct Pool {
    idle: RefCell<BTreeMap<Arc<str>, Vec<Idle>>>,
    tls: Arc<ClientConfig>,
}

struct Idle {
    sender: Sender,
    since: Instant,
}

/// A connection on loan. Dropped, it is closed; given back, it serves the next call.
pub(crate) struct Lease {
    pub(crate) sender: Sender,
    /// It has carried a call before: the upstream may have closed it in the meantime.
    pub(crate) used: bool,
    origin: Arc<str>,
    pool: Rc<Pool>,
}

impl Pool {
    pub(crate) fn new(tls: Arc<ClientConfig>) -> Rc<Self> {
        Rc::new(Self { idle: RefCell::default(), tls })
    }

    /// An idle connection to the endpoint's origin, if a good one is left.
    pub(crate) async fn idle(self: &Rc<Self>, endpoint: &Endpoint, longest: Duration, now: Instant) -> Option<Lease> {
        loop {
            let idle = self.idle.borrow_mut().get_mut(&endpoint.origin)?.pop()?;
            let mut sender = idle.sender;
            if sender.is_closed() || now.saturating_duration_since(idle.since) > longest {
                continue;
            }
            // The last reply's end may not have been noticed by the connection's own task yet.
            if !sender.is_ready() && sender.ready().await.is_err() {
                continue;
            }
            return Some(Lease { sender, used: true, origin: Arc::clone(&endpoint.origin), pool: Rc::clone(self) });
        }
    }

    /// A new connection; `tls`: whom to trust, where that is not this pool's own choice.
    pub(crate) async fn fresh(self: &Rc<Self>, endpoint: &Endpoint, limit: Duration, tls: Option<&Arc<ClientConfig>>) -> io::Result<Lease> {
        let sender = connect(endpoint, tls.unwrap_or(&self.tls), limit).await?;
        Ok(Lease { sender, used: false, origin: Arc::clone(&endpoint.origin), pool: Rc::clone(self) })
    }

    /// Drops what has been idle for too long.
    pub(crate) fn sweep(&self, longest: Duration) {
        self.idle.borrow_mut().retain(|_, idle| {
            idle.retain(|one| !one.sender.is_closed() && one.since.elapsed() <= longest);
            !idle.is_empty()
        });
    }
}

impl Lease {
    /// Puts the connection back; beyond `most` idle ones it is closed.
    pub(crate) fn give_back(self, most: usize) {
        if self.sender.is_closed() {
            return;
        }
        let mut idle = self.pool.idle.borrow_mut();
        if !idle.contains_key(&self.origin) {
            idle.insert(Arc::clone(&self.origin), Vec::new());
        }
        if let Some(list) = idle.get_mut(&self.origin)
            && list.len() < most
        {
            list.push(Idle { sender: self.sender, since: Instant::now() });
        }
    }
}
